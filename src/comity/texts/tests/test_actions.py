"""A text from its draft to its adoption, with everything that parties said of it."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.people.models import Role
from comity.plain.actors import ANONYMOUS, ActorRef
from comity.plain.levels import Level
from comity.plain.refusals import NotAllowed, Refusal
from comity.plain.stances import Stance
from comity.texts import actions, queries
from comity.texts.core import amendments, clauses
from comity.texts.core.amendments import Operation
from comity.texts.core.clauses import ClauseKind, find_span
from comity.texts.core.drafts import CitationDraft, ClauseDraft, TranslationDraft
from comity.texts.core.marks import Mark, segments
from comity.texts.core.states import AmendmentState, TextState
from comity.texts.models import AdReferendum, Block, BoardAnswer, Dissent, DissentStands, Text
from comity.texts.queries import StandingKey
from comity.texts.tests.congress import AT, DUE, VOTE, Congress, convene, promise_clauses, seat
from comity.visibility.core import WiderThanItsWhole

LATER = VOTE + timedelta(days=1)
WORDS = "We reserve on the dates: our crews fish when the ice leaves."


def block_of(text: Text, uuid: str) -> Block:
    return queries.latest_version(text).blocks.get(uuid=uuid)


def change(text: Text, uuid: str, old: str, new: str) -> Operation:
    start, end = find_span(block_of(text, uuid).words, old) or (0, 0)
    return Operation(uuid, start, end, new)


def test_an_amendment_is_carried_through_a_later_version(congress: Congress, check_record: Callable[[], None]) -> None:
    text = congress.draft()
    mine = actions.propose_amendment(
        text,
        sponsor=congress.parties[1],
        operations=[change(text, "c1", "31 May", "30 April")],
        by=congress.heads[1],
        at=AT,
    )
    first = actions.propose_amendment(
        text,
        sponsor=congress.parties[2],
        operations=[change(text, "c1", "publish", "measure and publish")],
        by=congress.delegates[2],
        at=AT,
    )
    actions.merge_amendment(first, by=congress.secretariat, at=AT)
    version = actions.merge_amendment(mine, taken_as="as proposed", by=congress.secretariat, at=AT)
    assert version.number == 3
    assert block_of(text, "c1").words == (
        "Each party will measure and publish table 1 of the tides from 1 March to 30 April, every month."
    )
    assert queries.amendment_state_on(mine, AT) is AmendmentState.MERGED
    with pytest.raises(actions.AmendmentClosed):
        actions.withdraw_amendment(mine, by=congress.heads[1], at=AT)
    check_record()


def test_an_amendment_whose_words_changed_waits_for_its_sponsor(congress: Congress) -> None:
    text = congress.draft()
    touched = actions.propose_amendment(
        text,
        sponsor=congress.parties[1],
        operations=[change(text, "c1", "31 May", "30 April")],
        by=congress.heads[1],
        at=AT,
    )
    other = actions.propose_amendment(
        text, sponsor=congress.parties[2], operations=[change(text, "c1", "May", "June")], by=congress.heads[2], at=AT
    )
    with pytest.raises(amendments.OperationsConflict):
        actions.merge_amendments(text, amendments=[touched, other], by=congress.secretariat, at=AT)
    actions.merge_amendment(other, by=congress.secretariat, at=AT)
    with pytest.raises(actions.AmendmentNeedsAPerson):
        actions.merge_amendment(touched, by=congress.secretariat, at=AT)
    with pytest.raises(NotAllowed):
        actions.restate_amendment(touched, operations=[], by=congress.secretariat, at=AT)
    actions.restate_amendment(
        touched, operations=[change(text, "c1", "31 June", "30 April")], by=congress.heads[1], at=AT
    )
    actions.merge_amendment(touched, by=congress.secretariat, at=AT)
    assert "to 30 April," in block_of(text, "c1").words


def test_what_an_amendment_said_before_it_was_restated_is_read_back_from_the_record(congress: Congress) -> None:
    text = congress.draft()
    mine = actions.propose_amendment(
        text,
        sponsor=congress.parties[1],
        operations=[change(text, "c1", "31 May", "30 April")],
        by=congress.heads[1],
        at=AT,
    )
    with pytest.raises(actions.NothingToRestate):
        actions.restate_amendment(mine, operations=[Operation("c1", 0, 1, "All")], by=congress.heads[1], at=AT)
    actions.revise(text, blocks=promise_clauses(3), note="one less", by=congress.secretariat, at=VOTE)
    again = [change(text, "c1", "31 May", "15 April")]
    actions.restate_amendment(mine, operations=again, by=congress.heads[1], at=LATER)
    before, after = (queries.as_worded(text.amendments.get(), at) for at in (VOTE, LATER))
    assert [row.operations[0]["replacement"] for row in (before, after)] == ["30 April", "15 April"]
    assert [row.version.number for row in (before, after)] == [1, 2]


@given(st.integers(0, 60), st.integers(0, 60))
def test_marks_cut_a_clause_without_losing_a_letter(start: int, length: int) -> None:
    words = promise_clauses(1)[1].words
    cut = segments(words, [Mark(start, start + length, "a"), Mark(5, 9, "b"), Mark(0, 9, "1", spans=False)])
    assert "".join(part.space + part.words for part in cut) == words


def test_a_vote_waits_until_every_amendment_is_settled(congress: Congress) -> None:
    text = congress.draft()
    amendment = actions.propose_amendment(
        text,
        sponsor=congress.parties[1],
        operations=[change(text, "c1", "31 May", "30 April")],
        by=congress.heads[1],
        at=AT,
    )
    with pytest.raises(actions.AmendmentsOpen):
        congress.put(text)
    decision = actions.put_amendment_to_vote(
        amendment,
        organ=congress.organ,
        decision_type="amendment",
        zone="UTC",
        registered=dict.fromkeys(congress.parties, 4),
        by=congress.secretariat,
        at=VOTE,
    )
    congress.vote(decision, {0: "against", 2: "against"})
    assert queries.amendment_state_on(amendment, LATER) is AmendmentState.NOT_ADOPTED
    assert queries.amendment_state_on(amendment, AT) is AmendmentState.OPEN
    congress.put(text, VOTE + timedelta(hours=1))
    assert queries.text_state_on(text, LATER) is TextState.AT_THE_VOTE
    with pytest.raises(actions.TextClosed):
        actions.revise(text, blocks=promise_clauses(2), note="", by=congress.secretariat, at=LATER)
    with pytest.raises(actions.TextClosed):
        actions.propose_amendment(
            text,
            sponsor=congress.parties[1],
            operations=[change(text, "c1", "May", "June")],
            by=congress.heads[1],
            at=LATER,
        )


def test_adoption_only_follows_from_a_vote_on_exactly_this_version(congress: Congress) -> None:
    text = congress.draft()
    failed = congress.vote(congress.put(text), {0: "against", 1: "away"})
    with pytest.raises(actions.NotAdoptedByVote):
        actions.adopt(text, decision=failed, by=congress.secretariat, at=LATER)
    assert queries.text_state_on(text, LATER) is TextState.NOT_ADOPTED
    actions.revise(text, blocks=promise_clauses(2), note="shorter", by=congress.secretariat, at=LATER)
    again = LATER + timedelta(days=2)
    decision = congress.put(text, again)
    with pytest.raises(actions.NotAdoptedByVote):
        actions.adopt(text, decision=decision, by=congress.secretariat, at=again)
    with pytest.raises(actions.VoteOnAnotherVersion):
        actions.adopt(text, decision=failed, by=congress.secretariat, at=again)
    congress.vote(decision, at=again)
    adoption = actions.adopt(text, decision=decision, by=congress.secretariat, at=again + timedelta(hours=1))
    assert adoption.version.sha256 == decision.subject_digest
    with pytest.raises(actions.TextClosed):
        actions.adopt(text, decision=decision, by=congress.secretariat, at=again + timedelta(hours=2))


def test_who_stands_behind_names_five_rows_even_when_empty(congress: Congress) -> None:
    text = congress.draft()
    assert queries.standing_behind(text, LATER) == []
    congress.adopted(text)
    rows = queries.standing_behind(text, LATER)
    assert [row.key for row in rows] == [
        StandingKey.AGREED,
        StandingKey.RESERVED,
        StandingKey.AD_REFERENDUM,
        StandingKey.AGAINST,
        StandingKey.NOT_TAKING_PART,
    ]
    assert [len(row.parties) for row in rows] == [5, 0, 0, 0, 0]
    assert rows[0].votes == 20


@pytest.mark.mission("S19", at="text", missing="the private mandate of a delegation")
def test_the_adopted_text_lists_per_party_agreed_ad_referendum_reserved_or_not_taking_part(
    congress: Congress, check_record: Callable[[], None]
) -> None:
    text = congress.draft()
    adoption = congress.adopted(text, {3: "ad-referendum", 4: "away"})
    span = find_span(block_of(text, "c2").words, "from 1 March to 31 May")
    reservation = actions.file_dissent(
        text,
        organisation=congress.parties[1],
        kind="reservation",
        words=WORDS,
        language="en",
        block="c2",
        span=span,
        by=congress.heads[1],
        at=LATER,
    )
    actions.await_board(
        adoption,
        organisation=congress.parties[3],
        article="22",
        board_meets=date(2026, 11, 30),
        words="Our delegation agrees.",
        by=congress.heads[3],
        at=LATER,
    )
    rows = {row.key: row for row in queries.standing_behind(text, LATER)}
    assert {key: [p.organisation.name.split()[0] for p in row.parties] for key, row in rows.items()} == {
        StandingKey.AGREED: ["First", "Third"],
        StandingKey.RESERVED: ["Second"],
        StandingKey.AD_REFERENDUM: ["Fourth"],
        StandingKey.AGAINST: [],
        StandingKey.NOT_TAKING_PART: ["Fifth"],
    }
    assert rows[StandingKey.RESERVED].clauses == ("3",)
    assert rows[StandingKey.AD_REFERENDUM].stance is Stance.AD_REFERENDUM
    assert rows[StandingKey.NOT_TAKING_PART].votes == 4
    assert (reservation.letter, reservation.start, reservation.end) == ("a", *(span or ()))
    assert _bound(congress, adoption, "c2") == ["First", "Third"]
    assert _bound(congress, adoption, "c1") == ["First", "Second", "Third"]
    earlier = {row.key: len(row.parties) for row in queries.standing_behind(text, VOTE + timedelta(hours=2))}
    assert earlier[StandingKey.RESERVED] == 0


def _bound(congress: Congress, adoption: object, uuid: str, known_by: datetime = LATER) -> list[str]:
    from comity.texts.models import Adoption

    assert isinstance(adoption, Adoption)
    block = adoption.version.blocks.get(uuid=uuid)
    return [party.name.split()[0] for party in queries.bound_parties(adoption, block, known_by)]


def test_a_party_is_bound_only_from_the_day_its_board_agreed(congress: Congress) -> None:
    adoption = congress.adopted(congress.draft(), {3: "ad-referendum"})
    party, head = congress.parties[3], congress.heads[3]
    assert "Fourth" not in _bound(congress, adoption, "c1")
    with pytest.raises(actions.NotAdReferendum):
        actions.answer_of_board(adoption, organisation=party, agrees=True, by=head, at=LATER)
    with pytest.raises(actions.NotAdReferendum):
        actions.await_board(adoption, organisation=congress.parties[0], words="x", by=congress.heads[0], at=LATER)
    actions.await_board(adoption, organisation=party, words="We ask.", clauses=["c1", "c2"], by=head, at=LATER)
    assert "Fourth" in _bound(congress, adoption, "c3")
    board = datetime(2026, 11, 30, 12, tzinfo=UTC)
    actions.answer_of_board(adoption, organisation=party, agrees=True, words="The board agrees.", by=head, at=board)
    assert "Fourth" not in _bound(congress, adoption, "c1", board - timedelta(minutes=1))
    assert "Fourth" in _bound(congress, adoption, "c1", board)
    with pytest.raises(actions.BoardAlreadyAnswered):
        actions.answer_of_board(adoption, organisation=party, agrees=False, by=head, at=board)


def test_a_board_that_refuses_leaves_its_party_unbound(congress: Congress) -> None:
    text = congress.draft()
    adoption = congress.adopted(text, {3: "ad-referendum"})
    party, head = congress.parties[3], congress.heads[3]
    actions.await_board(adoption, organisation=party, words="We ask.", by=head, at=LATER)
    actions.answer_of_board(adoption, organisation=party, agrees=False, by=head, at=LATER)
    assert "Fourth" not in _bound(congress, adoption, "c1")
    rows = {row.key: [p.organisation for p in row.parties] for row in queries.standing_behind(text, LATER)}
    assert rows[StandingKey.BOARD_REFUSED] == [party]


def test_a_divided_delegation_binds_nobody(congress: Congress) -> None:
    from comity.decisions.actions import cast, close

    text = congress.draft()
    decision = congress.put(text)
    for place in range(4):
        cast(decision, organisation=congress.parties[place], in_favour=4, by=congress.heads[place], at=VOTE)
    cast(decision, organisation=congress.parties[4], in_favour=3, against=1, by=congress.heads[4], at=VOTE)
    close(decision, by=congress.secretariat, at=VOTE)
    adoption = actions.adopt(text, decision=decision, by=congress.secretariat, at=VOTE)
    rows = {row.key: [p.organisation for p in row.parties] for row in queries.standing_behind(text, LATER)}
    assert rows[StandingKey.DIVIDED] == [congress.parties[4]]
    assert "Fifth" not in _bound(congress, adoption, "c1")


def test_dissent_is_filed_by_the_party_itself_and_by_nobody_else(congress: Congress) -> None:
    text = congress.draft()
    filing = {"organisation": congress.parties[1], "kind": "minority-statement", "words": WORDS, "language": "en"}
    with pytest.raises(actions.DissentFollowsAVote):
        actions.file_dissent(text, **filing, by=congress.heads[1], at=AT)  # type: ignore[arg-type]
    congress.adopted(text)
    for other in (congress.secretariat, congress.monitor, congress.heads[0], congress.delegates[1], ANONYMOUS):
        with pytest.raises(NotAllowed):
            actions.file_dissent(text, **filing, by=other, at=LATER)  # type: ignore[arg-type]
    network = {**filing, "organisation": congress.network}
    with pytest.raises(NotAllowed):
        actions.file_dissent(text, **network, by=congress.secretariat, at=LATER)  # type: ignore[arg-type]
    assert actions.file_dissent(text, **filing, by=congress.heads[1], at=LATER).letter == ""  # type: ignore[arg-type]


def test_nobody_changes_or_detaches_dissent(congress: Congress) -> None:
    """No action does it: every door of the room is listed here, and the rows themselves refuse."""
    text = congress.draft()
    adoption = congress.adopted(text, {3: "ad-referendum"})
    said = actions.file_dissent(
        text,
        organisation=congress.parties[1],
        kind="explanation-of-vote",
        words=WORDS,
        language="en",
        by=congress.heads[1],
        at=LATER,
    )
    awaited = actions.await_board(
        adoption, organisation=congress.parties[3], words="We ask.", by=congress.heads[3], at=LATER
    )
    for row in (said, awaited):
        row.words = "softer"
        with pytest.raises(DissentStands):
            row.save()
        with pytest.raises(DissentStands):
            row.delete()
    for model in (Dissent, AdReferendum, BoardAnswer):
        with pytest.raises(DissentStands):
            model.objects.all().delete()
        with pytest.raises(DissentStands):
            model.objects.all().update(words="")
    doors = {name for name in actions.__all__ if name[0].islower()} - {"drafts_of"}
    assert doors == {
        "adopt",
        "answer_on_signature",
        "open_for_signature",
        "record_publication",
        "set_publication",
        "sign",
        "take_back",
        "withdraw_signature",
        "answer_of_board",
        "await_board",
        "draft",
        "file_dissent",
        "leave_aside",
        "merge_amendment",
        "merge_amendments",
        "propose_amendment",
        "put_amendment_to_vote",
        "put_to_vote",
        "restate_amendment",
        "revise",
        "translate",
        "withdraw_amendment",
    }
    said.refresh_from_db()
    assert said.words == WORDS


ACTS: dict[str, Callable[[Congress, Text, ActorRef], object]] = {
    "draft for a party": lambda c, t, by: actions.draft(
        topics=["water"],
        network=c.network,
        title="Another",
        language="en",
        kind="statement",
        blocks=promise_clauses(1),
        originator=c.parties[1],
        by=by,
        at=AT,
    ),
    "draft for the network": lambda c, t, by: actions.draft(
        topics=["water"],
        network=c.network,
        title="Another",
        language="en",
        kind="statement",
        blocks=promise_clauses(1),
        originator=c.network,
        by=by,
        at=AT,
    ),
    "revise": lambda c, t, by: actions.revise(t, blocks=promise_clauses(2), note="", by=by, at=AT),
    "amend": lambda c, t, by: actions.propose_amendment(
        t, sponsor=c.parties[1], operations=[Operation("c0", 0, 1, "All")], by=by, at=AT
    ),
    "put to vote": lambda c, t, by: actions.put_to_vote(
        t, organ=c.organ, decision_type="joint-declaration", zone="UTC", registered={}, by=by, at=AT
    ),
    "translate": lambda c, t, by: actions.translate(
        t, language="fr", parts=[TranslationDraft("title", "Titre")], by=by, at=AT
    ),
}
ALLOWED = {
    "draft for a party": {"head of the second", "delegate of the second"},
    "draft for the network": {"secretariat"},
    "revise": {"secretariat", "head of the first"},
    "amend": {"head of the second", "delegate of the second"},
    "put to vote": {"secretariat"},
    "translate": {"secretariat", "head of the first"},
}


@pytest.mark.parametrize("act", sorted(ACTS))
def test_each_act_is_open_to_its_actors_and_to_no_others(congress: Congress, act: str) -> None:
    elsewhere = convene(1, "Concord of Elsewhere")
    actors = {
        "head of the first": congress.heads[0],
        "head of the second": congress.heads[1],
        "delegate of the second": congress.delegates[1],
        "secretariat": congress.secretariat,
        "monitor": congress.monitor,
        "another network's secretariat": elsewhere.secretariat,
        "another network's delegate": elsewhere.heads[0],
        "this party's head for another network": seat(congress.parties[1], Role.HEAD, elsewhere.network),
        "anonymous": ANONYMOUS,
    }
    done, reasons = set(), {True}
    for name, by in actors.items():
        text = congress.draft(title=f"For {name}")
        try:
            ACTS[act](congress, text, by)
        except NotAllowed as refusal:
            reasons.add(bool(refusal.parameters["reason"]))
        else:
            done.add(name)
    assert done == ALLOWED[act]
    assert reasons == {True}


@pytest.mark.parametrize(
    ("bad", "refusal"),
    [
        ({"words": "   "}, actions.WordsNeeded),
        ({"words": "x" * 6_001}, Refusal),
        ({"words": "a\x00b"}, clauses.UnreadableSign),
        ({"kind": "curse"}, actions.WordsNeeded),
        ({"kind": "reservation", "block": ""}, actions.SpanOfDissentOutside),
        ({"block": "c9"}, amendments.NoSuchClause),
        ({"block": "c1", "span": (3, 99)}, actions.SpanOfDissentOutside),
        ({"block": "c1", "span": (3, 3)}, actions.SpanOfDissentOutside),
    ],
)
def test_bad_dissent_is_refused_whole(congress: Congress, bad: dict[str, object], refusal: type[Refusal]) -> None:
    text = congress.draft()
    congress.put(text)
    filing = {"kind": "minority-statement", "words": WORDS, "language": "en", **bad}
    with pytest.raises(refusal):
        actions.file_dissent(
            text,
            organisation=congress.parties[1],
            by=congress.heads[1],
            at=LATER,
            **filing,  # type: ignore[arg-type]
        )
    assert Dissent.objects.count() == 0


def test_words_are_kept_as_filed_however_they_look(congress: Congress) -> None:
    text = congress.draft()
    congress.put(text)
    said = actions.file_dissent(
        text,
        organisation=congress.parties[1],
        kind="minority-statement",
        words="<script>alert(1)</script>\r\n\r\nSecond  paragraph.",
        language="en",
        by=congress.heads[1],
        at=LATER,
    )
    assert said.words == "<script>alert(1)</script>\nSecond paragraph."


@pytest.mark.parametrize(
    ("operation", "refusal"),
    [
        (Operation("c1", 0, 999, "x"), amendments.SpanOutside),
        (Operation("c1", -1, 2, "x"), amendments.SpanOutside),
        (Operation("zz", 0, 1, "x"), amendments.NoSuchClause),
        (Operation("c1", 0, 1, "Each"), amendments.NothingChanged),
        (Operation("c1", 0, 1, "y" * 6_001), clauses.ClauseTooLong),
        (Operation("c1", 0, 1, "\u202eevil"), clauses.UnreadableSign),
    ],
)
def test_bad_amendments_are_refused(congress: Congress, operation: Operation, refusal: type[Refusal]) -> None:
    text = congress.draft()
    with pytest.raises(refusal):
        actions.propose_amendment(
            text, sponsor=congress.parties[1], operations=[operation], by=congress.heads[1], at=AT
        )
    assert text.amendments.count() == 0


def test_an_amendment_to_words_that_have_changed_is_refused_when_it_says_what_it_read(congress: Congress) -> None:
    text = congress.draft()
    read = queries.latest_version(text).sha256
    actions.revise(text, blocks=promise_clauses(3), note="one less", by=congress.secretariat, at=AT)
    with pytest.raises(actions.AmendmentNeedsAPerson):
        actions.propose_amendment(
            text,
            sponsor=congress.parties[1],
            operations=[Operation("c1", 0, 1, "Every")],
            against=read,
            by=congress.heads[1],
            at=AT,
        )


def test_sources_follow_the_words_they_support(congress: Congress) -> None:
    fact = ClauseDraft(
        "f1",
        ClauseKind.FACT,
        "1",
        "The level fell by 41 centimetres between 2009 and 2024, and nobody knows why.",
        citations=(CitationDraft("Gauge series", "verified", phrase="41 centimetres between 2009 and 2024"),),
    )
    text = congress.draft(fact)
    amendment = actions.propose_amendment(
        text,
        sponsor=congress.parties[1],
        operations=[change(text, "f1", "The level", "The mean level of the sea")],
        by=congress.heads[1],
        at=AT,
    )
    version = actions.merge_amendment(amendment, by=congress.secretariat, at=AT)
    block = version.blocks.get()
    citation = block.citations.get()
    assert clauses.span(block.words, citation.start, citation.end) == "41 centimetres between 2009 and 2024"


def test_a_text_for_its_party_only_is_seen_by_nobody_else(congress: Congress) -> None:
    text = actions.draft(
        topics=["water"],
        network=congress.network,
        title="Our own draft",
        language="en",
        kind="statement",
        blocks=promise_clauses(1),
        originator=congress.parties[0],
        level=Level.ORGANISATION,
        by=congress.heads[0],
        at=AT,
    )
    assert text in Text.objects.visible_to(congress.delegates[0], AT)
    for other in (congress.heads[1], congress.secretariat, ANONYMOUS):
        assert text not in Text.objects.visible_to(other, AT)


def test_a_translation_knows_what_it_translates(congress: Congress) -> None:
    text = congress.draft()
    actions.translate(
        text, language="ar", parts=[TranslationDraft("block:c1", "ينشر كل حزب")], by=congress.secretariat, at=AT
    )
    translation = queries.words_in(text, "ar", AT)["block:c1"]
    from comity.texts.queries.states import still_of

    assert still_of(translation, block_of(text, "c1").words)
    changed = [ClauseDraft("c1", ClauseKind.PROMISE, "2", "Each party will publish.", DUE)]
    actions.revise(text, blocks=changed, note="", by=congress.secretariat, at=AT)
    assert not still_of(translation, block_of(text, "c1").words)
    with pytest.raises(actions.TranslationOfNothing):
        actions.translate(
            text, language="ar", parts=[TranslationDraft("block:c9", "x")], by=congress.secretariat, at=AT
        )


def test_a_partys_words_are_translated_by_that_party_only(congress: Congress) -> None:
    text = congress.draft()
    congress.put(text)
    said = actions.file_dissent(
        text,
        organisation=congress.parties[1],
        kind="minority-statement",
        words=WORDS,
        language="en",
        by=congress.heads[1],
        at=LATER,
    )
    part = [TranslationDraft(f"dissent:{said.public_id}", "Nous réservons.")]
    with pytest.raises(NotAllowed):
        actions.translate(text, language="fr", parts=part, by=congress.secretariat, at=LATER)
    assert actions.translate(text, language="fr", parts=part, by=congress.heads[1], at=LATER)


def test_a_narrower_circle_votes_on_nothing_that_the_others_may_not_read(congress: Congress) -> None:
    narrow = actions.draft(
        topics=["water"],
        network=congress.network,
        title="Mandate",
        language="en",
        kind="declaration",
        blocks=promise_clauses(1),
        originator=congress.parties[0],
        level=Level.ORGANISATION,
        by=congress.heads[0],
        at=AT,
    )
    with pytest.raises(actions.NotReadByVoters):
        congress.put(narrow)


def test_the_vote_on_what_the_network_reads_is_told_to_the_network_alone(congress: Congress) -> None:
    inner = actions.draft(
        topics=["water"],
        network=congress.network,
        title="Inner rules",
        language="en",
        kind="declaration",
        blocks=promise_clauses(1),
        originator=congress.parties[0],
        level=Level.NETWORK,
        by=congress.heads[0],
        at=AT,
    )
    assert congress.put(inner).level == Level.NETWORK


def test_an_amendment_is_never_read_by_more_people_than_its_text(congress: Congress) -> None:
    text = congress.draft()
    type(text).objects.filter(pk=text.pk).update(level=Level.NETWORK)
    text.refresh_from_db()
    terms: dict[str, Any] = {
        "sponsor": congress.parties[1],
        "operations": [Operation("c0", 0, 1, "Most")],
        "by": congress.heads[1],
        "at": AT,
    }
    with pytest.raises(WiderThanItsWhole):
        actions.propose_amendment(text, level=Level.PUBLIC, **terms)
    assert actions.propose_amendment(text, level=Level.NETWORK, **terms).level == Level.NETWORK
