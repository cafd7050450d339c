"""The algebra of amendments: what must hold for any clause and any operations."""

from datetime import date
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.texts.core import amendments, clauses, readings
from comity.texts.core.amendments import Act, Fate, Operation
from comity.texts.core.clauses import Clause, ClauseKind

WORDS = st.sampled_from(
    ["shad", "may", "and", ",", ".", "(", ")", "31", "rëads", "تُنشر", "水", "a-b", "people’s", "“so”"]
)
SENTENCE = st.lists(WORDS, min_size=1, max_size=12).map(" ".join)
ANY_WORDS = st.text(alphabet="ab 1,.(-)’é\u0301水تُ", min_size=1, max_size=20).filter(lambda text: bool(text.strip()))


def clause(words: str, uuid: str = "c") -> Clause:
    return Clause(uuid, ClauseKind.OPINION, uuid, clauses.normal(words))


@st.composite
def operation(draw: st.DrawFn, words: str, uuid: str = "c") -> Operation:
    size = len(clauses.tokens(words))
    start = draw(st.integers(0, size))
    end = draw(st.integers(start, size))
    replacement = draw(st.one_of(st.just(""), SENTENCE)) if end > start else draw(SENTENCE)
    return Operation(uuid, start, end, clauses.normal(replacement) if replacement else "")


@st.composite
def clause_and_operations(draw: st.DrawFn, count: int) -> tuple[Clause, list[Operation]]:
    one = clause(draw(SENTENCE))
    return one, [draw(operation(one.words)) for _ in range(count)]


def bare(words: str) -> list[str]:
    return [token.text for token in clauses.tokens(words)]


def changes_something(one: Clause, op: Operation) -> bool:
    return bare(op.replacement) != bare(one.words)[op.start : op.end]


def leaves_words(one: Clause, ops: list[Operation]) -> bool:
    return not all(not op.replacement for op in ops) or sum(op.end - op.start for op in ops) < len(bare(one.words))


@given(ANY_WORDS)
def test_joining_the_tokens_gives_the_words_back(words: str) -> None:
    text = clauses.normal(words)
    assert clauses.joined(clauses.tokens(text)) == text


@given(st.lists(SENTENCE, min_size=1, max_size=4).map(lambda parts: [t for p in parts for t in clauses.tokens(p)]))
def test_tokens_joined_in_any_order_read_as_the_same_tokens(parts: list[clauses.Token]) -> None:
    assert bare(clauses.joined(parts)) == [token.text for token in parts]


@given(clause_and_operations(2))
def test_two_operations_conflict_exactly_when_they_touch_the_same_words(given_: tuple[Clause, list[Operation]]) -> None:
    _, (one, other) = given_
    mine, theirs = set(range(one.start, one.end)), set(range(other.start, other.end))
    inside = any(a.start == a.end and b.start < a.start < b.end for a, b in ((one, other), (other, one)))
    same_point = one.start == one.end == other.start == other.end
    expected = one.change != other.change and (bool(mine & theirs) or inside or same_point)
    assert amendments.conflict(one, other) is expected
    assert amendments.conflict(other, one) is expected


@given(clause_and_operations(3))
@settings(max_examples=200)
def test_applying_does_not_depend_on_order(given_: tuple[Clause, list[Operation]]) -> None:
    one, ops = given_
    ops = [op for op in ops if changes_something(one, op)]
    if amendments.conflicts(ops) or not leaves_words(one, ops):
        return
    results = {amendments.apply([one], order)[0].words for order in permutations(ops)}
    assert len(results) == 1


@given(clause_and_operations(2))
@settings(max_examples=300)
def test_rebasing_then_applying_equals_applying_both(given_: tuple[Clause, list[Operation]]) -> None:
    one, (first, second) = given_
    if not all(changes_something(one, op) for op in (first, second)) or not leaves_words(one, [first]):
        return
    between = amendments.apply([one], [first])
    moved = amendments.rebase(second, [first])
    if amendments.conflict(first, second):
        assert moved.fate is Fate.NEEDS_A_PERSON
    elif first.change == second.change:
        assert moved.fate is Fate.ALREADY_MADE
    elif leaves_words(one, [first, second]):
        assert moved.operation is not None
        together = amendments.apply([one], [first, second])
        assert bare(amendments.apply(between, [moved.operation])[0].words) == bare(together[0].words)


@given(SENTENCE, SENTENCE)
def test_the_changes_between_two_versions_lead_from_one_to_the_other(old: str, new: str) -> None:
    before, after = clause(old), clause(new)
    changes = amendments.changes_between([before], [after])
    assert bare(amendments.apply([before], changes)[0].words) == bare(after.words)


@given(SENTENCE, SENTENCE)
def test_a_comparison_holds_both_versions(old: str, new: str) -> None:
    pieces = readings.comparison(clauses.normal(old), clauses.normal(new))
    earlier = [word for piece in pieces if piece.run is not readings.Run.NEW for word in bare(piece.words)]
    later = [word for piece in pieces if piece.run is not readings.Run.GONE for word in bare(piece.words)]
    assert earlier == bare(old)
    assert later == bare(new)


def test_same_change_by_two_sponsors_is_one_change() -> None:
    text = [clause("closed from 1 March to 31 May")]
    change = Operation("c", 4, 6, "30 April")
    assert amendments.apply(text, [change, change])[0].words == "closed from 1 March 30 April May"


def test_a_removed_clause_conflicts_with_every_change_in_it_but_not_with_what_is_added_after_it() -> None:
    text = [clause("one two", "a"), clause("three", "b")]
    remove = Operation("a", 0, 0, "", Act.REMOVE)
    added = Operation("a", 0, 0, "new words", Act.ADD, "n", "opinion", "9")
    assert amendments.conflict(remove, Operation("a", 0, 1, "uno"))
    assert [c.uuid for c in amendments.apply(text, [remove, added])] == ["n", "b"]
    assert amendments.rebase(Operation("a", 0, 1, "uno"), [remove]).fate is Fate.NEEDS_A_PERSON
    assert amendments.rebase(remove, [Operation("a", 0, 1, "uno")]).fate is Fate.NEEDS_A_PERSON


def test_refusals_name_what_and_where() -> None:
    text = [clause("one two", "a")]
    with pytest.raises(amendments.SpanOutside) as refusal:
        amendments.checked(text, [Operation("a", 1, 3, "x")])
    assert refusal.value.parameters == {"clause": "a", "start": 1, "end": 3, "tokens": 2}
    with pytest.raises(amendments.NoSuchClause):
        amendments.checked(text, [Operation("z", 0, 1, "x")])
    with pytest.raises(amendments.NothingChanged):
        amendments.checked(text, [Operation("a", 0, 1, "one")])
    with pytest.raises(amendments.OperationsConflict):
        amendments.checked(text, [Operation("a", 0, 2, "x"), Operation("a", 1, 2, "y")])
    with pytest.raises(clauses.EmptyClause):
        amendments.apply(text, [Operation("a", 0, 2, "")])
    with pytest.raises(clauses.UnreadableSign):
        clauses.normal("over\u202eridden")
    with pytest.raises(clauses.ClauseTooLong):
        clauses.normal("x" * 6_001)
    with pytest.raises(clauses.PromiseWithoutDay):
        clauses.checked([Clause("a", ClauseKind.PROMISE, "1", "we will")])
    with pytest.raises(clauses.ClauseNamedTwice):
        clauses.checked([clause("x", "a"), clause("y", "a")])


@pytest.mark.parametrize(
    "stored", ["nonsense", [3], [{"clause": 1}], [{"start": "0"}], [{"act": "burn"}], [{"act": "add"}]]
)
def test_unreadable_operations_are_refused(stored: object) -> None:
    with pytest.raises(amendments.UnreadableOperation):
        amendments.read_operations(stored)  # type: ignore[arg-type]


def test_operations_survive_being_stored() -> None:
    ops = (Operation("a", 1, 2, "x"), Operation("a", 0, 0, "words", Act.ADD, "n", "fact", "7"))
    assert amendments.read_operations([op.as_json() for op in ops]) == ops


def test_digest_changes_with_every_part_of_a_clause() -> None:
    one = Clause("a", ClauseKind.PROMISE, "1", "we will", date(2026, 1, 1), ("p",))
    variants = [
        one,
        Clause("b", one.kind, one.label, one.words, one.due, one.addressees),
        Clause("a", ClauseKind.RULE, one.label, one.words, one.due, one.addressees),
        Clause("a", one.kind, "2", one.words, one.due, one.addressees),
        Clause("a", one.kind, one.label, "we shall", one.due, one.addressees),
        Clause("a", one.kind, one.label, one.words, date(2026, 1, 2), one.addressees),
        Clause("a", one.kind, one.label, one.words, one.due, ()),
    ]
    assert len({clauses.digest([variant], title="T", language="en") for variant in variants}) == len(variants)


def test_readings_read_like_an_apparatus() -> None:
    old = clause("Each party will propose in its parliament, before 31 October, a closed season.")
    new = clause(
        "Each party will propose in its parliament and vote for, before 31 October, a closed season, and will support "
        "help for the crews who lose income by it."
    )
    first, second = readings.readings_between([old], [new])
    assert (first.lemma, first.words) == ("in its parliament and vote for", "in its parliament")
    assert (second.lemma, second.words) == ("and will support … by it", "")
    (proposed,) = readings.amendment_readings([clause("from 1 March to 31 May")], [Operation("c", 4, 6, "30 April")])
    assert (proposed.lemma, proposed.words) == ("31 May", "30 April")


def test_a_phrase_is_found_only_where_it_stands_once() -> None:
    words = "closed from 1 March to 31 May, 31 days"
    assert clauses.find_span(words, "31 May") == (5, 7)
    assert clauses.find_span(words, "31") is None
    assert clauses.find_span(words, "June") is None
