"""Promises opened from an adopted text, and what parties and monitors file about them."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from comity.commitments import actions, queries
from comity.commitments.models import Commitment, Evidence, Postponement
from comity.plain.actors import ANONYMOUS, ActorRef
from comity.plain.duties import Duty
from comity.plain.refusals import BadInput, NotAllowed, Refusal
from comity.registry.core.refusals import TooLong
from comity.texts import actions as texts
from comity.texts.actions import WordsNeeded
from comity.texts.models import Adoption
from comity.texts.tests.congress import DUE, VOTE, Congress, convene, promise_clauses

OPENED = VOTE + timedelta(hours=1)
AFTER = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def congress(db: None) -> Congress:
    """Five parties."""
    return convene(5)


@pytest.fixture
def adoption(congress: Congress) -> Adoption:
    """A text with four promises, which all five agreed to, the fourth party ad referendum."""
    return congress.adopted(congress.draft(), {3: "ad-referendum"})


def promise(commitment: Commitment, at: datetime = AFTER) -> queries.Promise:
    row = queries.with_filings(Commitment.objects.all()).get(pk=commitment.pk)
    return queries.promise_on(row, at.date(), at)


def of_first(congress: Congress, adoption: Adoption) -> Commitment:
    opened = actions.open_commitments(adoption, by=congress.secretariat, at=OPENED)
    return next(row for row in opened if row.organisation == congress.parties[0])


def test_promises_open_for_the_parties_bound_and_once_only(
    congress: Congress, adoption: Adoption, check_record: Callable[[], None]
) -> None:
    text = adoption.text
    texts.file_dissent(
        text,
        organisation=congress.parties[1],
        kind="reservation",
        words="Not clause 2.",
        language="en",
        block="c1",
        by=congress.heads[1],
        at=OPENED,
    )
    opened = actions.open_commitments(adoption, by=congress.secretariat, at=OPENED)
    assert len(opened) == 4 * 4 - 1
    assert not any(row.organisation == congress.parties[3] for row in opened)
    assert actions.open_commitments(adoption, by=congress.secretariat, at=OPENED) == []
    texts.await_board(adoption, organisation=congress.parties[3], words="We ask.", by=congress.heads[3], at=OPENED)
    texts.answer_of_board(adoption, organisation=congress.parties[3], agrees=True, by=congress.heads[3], at=AFTER)
    later = actions.open_commitments(adoption, by=congress.heads[3], at=AFTER)
    assert {row.organisation for row in later} == {congress.parties[3]}
    assert len(later) == 4
    assert len(queries.promises(Commitment.objects.all(), OPENED.date(), OPENED)) == 15


def test_a_promise_addressed_to_some_binds_only_them(congress: Congress) -> None:
    named = (congress.parties[0].public_id, congress.parties[2].public_id)
    adoption = congress.adopted(congress.draft(*promise_clauses(1, named)))
    opened = actions.open_commitments(adoption, by=congress.secretariat, at=OPENED)
    assert {row.organisation for row in opened} == {congress.parties[0], congress.parties[2]}


def test_from_silence_to_an_answer_to_evidence(congress: Congress, adoption: Adoption) -> None:
    commitment = of_first(congress, adoption)
    assert promise(commitment, OPENED).state is Duty.NOT_DUE
    assert promise(commitment).state is Duty.SILENT
    actions.admit_missed(commitment, words="The law was late.", language="en", by=congress.heads[0], at=AFTER)
    assert promise(commitment).state is Duty.MISSED
    evidence = actions.file_evidence(
        commitment,
        title="Tables",
        url="https://example.org/t",
        kept_on=AFTER.date(),
        by=congress.delegates[0],
        at=AFTER,
    )
    assert promise(commitment).state is Duty.LATE
    assert promise(commitment, datetime(2026, 11, 19, tzinfo=UTC)).state is Duty.SILENT
    assert promise(commitment).verified == 0
    actions.verify_evidence(evidence, words="Read and compared.", by=congress.monitor, at=AFTER)
    assert promise(commitment).verified == 1
    with pytest.raises(actions.AlreadyVerified):
        actions.verify_evidence(evidence, by=congress.monitor, at=AFTER)
    with pytest.raises(actions.NotPastItsDay):
        actions.admit_missed(commitment, words="x", language="en", by=congress.heads[0], at=AFTER)


def test_no_party_moves_its_own_day(congress: Congress, adoption: Adoption) -> None:
    commitment = of_first(congress, adoption)
    day = commitment.due + timedelta(days=60)
    asked = actions.ask_postponement(commitment, due=day, reason="Elections", by=congress.heads[0], at=OPENED)
    assert promise(commitment).state is Duty.SILENT
    assert promise(commitment).asked == (asked,)
    with pytest.raises(NotAllowed):
        actions.agree_postponement(asked, agreed_by=congress.organ, by=congress.heads[0], at=OPENED)
    actions.agree_postponement(asked, agreed_by=congress.organ, by=congress.secretariat, at=OPENED)
    assert promise(commitment).state is Duty.NOT_DUE
    assert promise(commitment).moved
    with pytest.raises(actions.AlreadyAgreed):
        actions.agree_postponement(asked, agreed_by=congress.organ, by=congress.secretariat, at=OPENED)
    with pytest.raises(actions.NotALaterDay):
        actions.postpone(commitment, due=day, reason="x", agreed_by=congress.organ, by=congress.secretariat, at=OPENED)


def test_an_organ_of_another_network_agrees_to_nothing_here(congress: Congress, adoption: Adoption) -> None:
    commitment = of_first(congress, adoption)
    elsewhere = convene(1, "Concord of Elsewhere")
    with pytest.raises(BadInput):
        actions.postpone(
            commitment,
            due=commitment.due + timedelta(days=1),
            reason="x",
            agreed_by=elsewhere.organ,
            by=congress.secretariat,
            at=OPENED,
        )
    assert Postponement.objects.count() == 0


ACTS: dict[str, Callable[[Congress, Commitment, ActorRef], object]] = {
    "file": lambda c, row, by: actions.file_evidence(row, title="x", kept_on=VOTE.date(), by=by, at=AFTER),
    "admit": lambda c, row, by: actions.admit_missed(row, words="x", language="en", by=by, at=AFTER),
    "ask": lambda c, row, by: actions.ask_postponement(row, due=DUE + timedelta(days=90), reason="x", by=by, at=AFTER),
    "postpone": lambda c, row, by: actions.postpone(
        row, due=DUE + timedelta(days=90), reason="x", agreed_by=c.organ, by=by, at=AFTER
    ),
    "verify": lambda c, row, by: actions.verify_evidence(_filed(c, row), by=by, at=AFTER),
}
ALLOWED = {
    "file": {"head", "delegate"},
    "admit": {"head"},
    "ask": {"head"},
    "postpone": {"secretariat"},
    "verify": {"monitor"},
}


def _filed(congress: Congress, row: Commitment) -> Evidence:
    place = congress.parties.index(row.organisation)
    return actions.file_evidence(row, title="x", kept_on=VOTE.date(), by=congress.heads[place], at=AFTER)


@pytest.mark.parametrize("act", sorted(ACTS))
def test_each_act_is_open_to_its_actors_and_to_no_others(congress: Congress, adoption: Adoption, act: str) -> None:
    opened = actions.open_commitments(adoption, by=congress.secretariat, at=OPENED)
    elsewhere = convene(1, "Concord of Elsewhere")
    actors = {
        "head": congress.heads[0],
        "delegate": congress.delegates[0],
        "another party's head": congress.heads[1],
        "secretariat": congress.secretariat,
        "monitor": congress.monitor,
        "another network's monitor": elsewhere.monitor,
        "another network's secretariat": elsewhere.secretariat,
        "anonymous": ANONYMOUS,
    }
    mine = [row for row in opened if row.organisation == congress.parties[0]]
    done, reasons = set(), {True}
    for name, by in actors.items():
        try:
            ACTS[act](congress, mine[0], by)
        except NotAllowed as refusal:
            reasons.add(bool(refusal.parameters["reason"]))
        else:
            done.add(name)
            mine.pop(0)
    assert done == ALLOWED[act]
    assert reasons == {True}


@pytest.mark.parametrize(
    ("bad", "refusal"),
    [
        ({"kept_on": date(2027, 1, 1)}, actions.EvidenceFromTheFuture),
        ({"title": " "}, WordsNeeded),
        ({"title": "x" * 301}, TooLong),
        ({"url": "javascript:alert(1)"}, actions.AddressUnreadable),
        ({"url": "tables.html"}, actions.AddressUnreadable),
    ],
)
def test_bad_evidence_is_refused(
    congress: Congress, adoption: Adoption, bad: dict[str, object], refusal: type[Refusal]
) -> None:
    commitment = of_first(congress, adoption)
    filing: dict[str, object] = {"title": "Tables", "kept_on": VOTE.date(), "url": "", **bad}
    with pytest.raises(refusal):
        actions.file_evidence(commitment, **filing, by=congress.heads[0], at=AFTER)  # type: ignore[arg-type]
    assert commitment.evidence.count() == 0
