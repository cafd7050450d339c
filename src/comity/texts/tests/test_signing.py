"""Signatures of parties: under adopted texts and statements, ad referendum, withdrawn, under embargo, published."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from comity.plain.actors import ANONYMOUS
from comity.plain.levels import Level
from comity.plain.refs import Ref
from comity.plain.refusals import NotAllowed, Refusal
from comity.record.queries import EntryView, entries_of, facts_of
from comity.record.signing.actions import KeyUnknown, SignatureNotTrue
from comity.record.signing.queries import signed_files
from comity.record.tests.passkeys import KeyFile
from comity.texts import actions
from comity.texts.actions import SignatureGiven
from comity.texts.core.states import TextState
from comity.texts.jobs import periodic
from comity.texts.models import PartySignature, SignatureStands, Text
from comity.texts.queries import SignatureState, fingerprint, paper_of, signatures_on, text_state_on
from comity.texts.tests.congress import AT, VOTE, Congress, promise_clauses
from comity.texts.tests.signers import Signers, statement
from comity.visibility.actions import change_terms, raise_flag
from comity.visibility.queries import terms_of

OPEN = AT + timedelta(days=1)
SIGN = AT + timedelta(days=2)
MINUTE = AT + timedelta(days=10)
AFTER = VOTE + timedelta(days=1)


@pytest.fixture
def signers(congress: Congress) -> Signers:
    return Signers(congress)


def opened(congress: Congress) -> Text:
    """A statement before parties for signature."""
    text = statement(congress)
    actions.open_for_signature(text, by=congress.heads[0], at=OPEN)
    return text


def states(text: Text, at: datetime) -> list[str]:
    return [signed.state.value for signed in signatures_on(text, at)]


def seen_by_anybody(text: Text, at: datetime) -> bool:
    return Text.objects.visible_to(ANONYMOUS, at).filter(pk=text.pk).exists()


def about(text: Text) -> list[EntryView]:
    return entries_of(Ref("text", text.public_id))


def test_a_statement_stays_hidden_until_its_minute_and_is_then_recorded_with_its_signatories(
    congress: Congress, signers: Signers, check_record: Callable[[], None]
) -> None:
    text = opened(congress)
    assert text_state_on(text, SIGN) is TextState.OPEN_FOR_SIGNATURE
    for place in (0, 1):
        signers.sign(text, place, SIGN)
    actions.set_publication(text, minute=MINUTE, zone="Europe/Paris", by=congress.heads[0], at=SIGN)
    text.refresh_from_db()
    assert not seen_by_anybody(text, MINUTE - timedelta(seconds=1))
    assert seen_by_anybody(text, MINUTE)
    assert periodic(text.realm, MINUTE - timedelta(minutes=1)) == []
    assert about(text) == []
    assert periodic(text.realm, MINUTE) == ["fiction: 1 statements published"]
    assert periodic(text.realm, MINUTE) == []
    assert text_state_on(text, MINUTE) is TextState.PUBLISHED
    [entry] = about(text)
    told = facts_of(entry)["signatures"]
    assert isinstance(told, list)
    named = [row["organisation"] for row in told if isinstance(row, dict)]
    assert named == [party.public_id for party in congress.parties[:2]]


def test_whoever_signed_reads_it_during_the_embargo_and_nobody_else_but_its_originator(
    congress: Congress, signers: Signers, check_record: Callable[[], None]
) -> None:
    text = opened(congress)
    signers.sign(text, 1, SIGN)
    actions.set_publication(text, minute=MINUTE, by=congress.heads[0], at=SIGN)
    reads = [Text.objects.visible_to(head, SIGN).filter(pk=text.pk).exists() for head in congress.heads]
    assert reads == [True, True, False, False, False]
    text.refresh_from_db()
    raise_flag(text, reason="A threat.", by=congress.heads[0], at=SIGN)
    assert not Text.objects.visible_to(congress.heads[1], SIGN).filter(pk=text.pk).exists()


def test_a_withdrawn_signature_is_struck_with_its_day_and_never_erased(
    congress: Congress, signers: Signers, check_record: Callable[[], None]
) -> None:
    text = opened(congress)
    row = signers.sign(text, 1, SIGN)
    signers.sign(text, 2, SIGN)
    actions.set_publication(text, minute=None, by=congress.heads[0], at=SIGN)
    later = SIGN + timedelta(days=1)
    told = {"organisation": congress.parties[1], "by": congress.heads[1], "at": later}
    actions.withdraw_signature(text, reason="Our congress decided otherwise.", **told)  # type: ignore[arg-type]
    assert states(text, SIGN) == ["given", "given"]
    assert states(text, later) == ["withdrawn", "given"]
    assert [entry.type for entry in about(text)] == [
        "texts.publication_set",
        "texts.published",
        "texts.signature_withdrawn",
    ]
    with pytest.raises(actions.NotSignedByIt):
        actions.withdraw_signature(text, reason="Again.", **told)  # type: ignore[arg-type]
    for change in (row.delete, row.save, PartySignature.objects.all().delete):
        with pytest.raises(SignatureStands):
            change()
    again = later + timedelta(days=1)
    signers.sign(text, 1, again)
    assert states(text, again) == ["withdrawn", "given", "given"]


def test_a_signature_ad_referendum_binds_nobody_before_the_board_has_decided(
    congress: Congress, signers: Signers, check_record: Callable[[], None]
) -> None:
    text = opened(congress)
    for place in (1, 2):
        signers.sign(text, place, SIGN, ad_referendum=True, board_meets=date(2026, 4, 1))
    assert states(text, SIGN) == ["ad-referendum", "ad-referendum"]
    assert not any(signed.binds for signed in signatures_on(text, SIGN))
    later = SIGN + timedelta(days=5)
    for place, agrees in ((1, True), (2, False)):
        told = {"organisation": congress.parties[place], "by": congress.heads[place], "at": later}
        actions.answer_on_signature(text, agrees=agrees, **told)  # type: ignore[arg-type]
    assert states(text, later - timedelta(seconds=1)) == ["ad-referendum", "ad-referendum"]
    assert states(text, later) == ["given", "board-refused"]
    told = {"organisation": congress.parties[1], "by": congress.heads[1], "at": later}
    with pytest.raises(actions.BoardAlreadyAnswered):
        actions.answer_on_signature(text, agrees=False, **told)  # type: ignore[arg-type]


def test_an_adopted_text_is_signed_by_those_who_agreed_and_after_their_boards(
    congress: Congress, signers: Signers, check_record: Callable[[], None]
) -> None:
    text = congress.draft(*promise_clauses(2))
    with pytest.raises(actions.NotForSignature):
        signers.sign(text, 0, AT)
    adoption = congress.adopted(text, {2: "ad-referendum", 3: "against"})
    signers.sign(text, 0, AFTER)
    with pytest.raises(actions.NotBehindTheText):
        signers.sign(text, 3, AFTER)
    with pytest.raises(actions.BoardNotHeard):
        signers.sign(text, 2, AFTER)
    with pytest.raises(actions.NotAdReferendum):
        signers.sign(text, 1, AFTER, ad_referendum=True)
    board = {"organisation": congress.parties[2], "by": congress.heads[2]}
    actions.await_board(adoption, words="Our board decides.", at=AFTER, **board)  # type: ignore[arg-type]
    with pytest.raises(actions.BoardNotHeard):
        signers.sign(text, 2, AFTER)
    later = AFTER + timedelta(days=1)
    actions.answer_of_board(adoption, agrees=True, at=later, **board)  # type: ignore[arg-type]
    signers.sign(text, 2, later)
    assert states(text, later) == ["given", "given"]
    assert [signed.earlier_paper for signed in signatures_on(text, later)] == [True, False]
    assert [entry.type for entry in about(text)][-2:] == ["texts.signed", "texts.signed"]
    assert len(dict(signed_files(text.realm, later))) == 4


def test_the_paper_holds_everything_that_stands_beside_the_text(
    congress: Congress, signers: Signers, check_record: Callable[[], None]
) -> None:
    text = congress.draft(*promise_clauses(1))
    congress.adopted(text, {1: "ad-referendum", 2: "against"})
    said = {"organisation": congress.parties[2], "language": "ar", "by": congress.heads[2], "at": AFTER}
    actions.file_dissent(text, kind="minority-statement", words="لا نوافق.\nWe do not agree.", **said)  # type: ignore[arg-type]
    paper = paper_of(text, AFTER)
    assert paper is not None
    lines = paper.splitlines()
    assert lines[:2] == ["comity-text/1", "FICTION: nothing here describes a real organisation."]
    assert paper.endswith("\n")
    assert "\r" not in paper
    third = f"Third Tide Party ({congress.parties[2].public_id})"
    assert f"    Voted against: {third}" in lines
    assert any(
        line.startswith("    Agreed ad referendum, its board has not answered: Second Tide Party") for line in lines
    )
    assert lines[-3:] == [f"Minority statement: {third}", "    لا نوافق.", "    We do not agree."]
    assert "    To be kept by 2026-10-19" in lines


def test_words_filed_while_somebody_reads_are_not_signed_unseen(
    congress: Congress, signers: Signers, check_record: Callable[[], None]
) -> None:
    text = opened(congress)
    read = signers.given(text, 1, SIGN)
    said = {"organisation": congress.parties[2], "language": "en", "by": congress.heads[2]}
    actions.file_dissent(
        text, kind="reservation", block="c1", words="Not so for us.", at=SIGN + timedelta(minutes=1), **said  # type: ignore[arg-type]
    )  # fmt: skip
    told = {"organisation": congress.parties[1], "by": congress.heads[1], "at": SIGN + timedelta(minutes=2)}
    with pytest.raises(actions.PaperChanged):
        actions.sign(text, read, **told)  # type: ignore[arg-type]
    paper = paper_of(text, SIGN + timedelta(minutes=2)) or ""
    stale = SignatureGiven(read.armored, fingerprint(paper))
    with pytest.raises(SignatureNotTrue):
        actions.sign(text, stale, **told)  # type: ignore[arg-type]


def test_a_statement_taken_back_into_negotiation_keeps_what_was_signed_as_of_its_version(
    congress: Congress, signers: Signers, check_record: Callable[[], None]
) -> None:
    text = opened(congress)
    signers.sign(text, 1, SIGN)
    with pytest.raises(actions.TextClosed):
        actions.revise(text, blocks=promise_clauses(1), note="Later.", by=congress.heads[0], at=SIGN)
    actions.take_back(text, by=congress.secretariat, at=SIGN)
    later = SIGN + timedelta(days=1)
    assert text_state_on(text, SIGN) is TextState.DRAFT
    actions.revise(text, blocks=promise_clauses(1), note="Later.", by=congress.heads[0], at=later)
    actions.open_for_signature(text, by=congress.heads[0], at=later + timedelta(hours=1))
    again = later + timedelta(hours=2)
    assert states(text, again) == ["of-earlier-version"]
    signers.sign(text, 1, again)
    assert states(text, again) == ["of-earlier-version", "given"]
    actions.set_publication(text, minute=None, by=congress.heads[0], at=again)
    with pytest.raises(actions.TooLateToTakeBack):
        actions.take_back(text, by=congress.heads[0], at=again)


def _other_kind(congress: Congress) -> None:
    actions.open_for_signature(congress.draft(), by=congress.heads[0], at=OPEN)


def _closed_to_others(congress: Congress) -> None:
    actions.open_for_signature(statement(congress, level=Level.ORGANISATION), by=congress.heads[0], at=OPEN)


def _twice(congress: Congress) -> None:
    actions.open_for_signature(opened(congress), by=congress.heads[0], at=SIGN)


def _published_unsigned(congress: Congress) -> None:
    actions.set_publication(opened(congress), minute=None, by=congress.heads[0], at=SIGN)


def _published_unopened(congress: Congress) -> None:
    actions.set_publication(statement(congress), minute=None, by=congress.heads[0], at=SIGN)


def _taken_back_unopened(congress: Congress) -> None:
    actions.take_back(statement(congress), by=congress.heads[0], at=SIGN)


def _published_twice(congress: Congress) -> None:
    text = opened(congress)
    Signers(congress).sign(text, 1, SIGN)
    for _again in range(2):
        actions.set_publication(text, minute=None, by=congress.heads[0], at=SIGN)


def _published_yesterday(congress: Congress) -> None:
    text = opened(congress)
    Signers(congress).sign(text, 1, SIGN)
    actions.set_publication(text, minute=OPEN, by=congress.heads[0], at=SIGN)


def _signed_twice(congress: Congress) -> None:
    text, signers = opened(congress), Signers(congress)
    for _again in range(2):
        signers.sign(text, 1, SIGN)


def _key_of_nobody(congress: Congress) -> None:
    text = opened(congress)
    paper = paper_of(text, SIGN) or ""
    given = SignatureGiven(KeyFile().sign(paper.encode()).armored(), fingerprint(paper))
    actions.sign(text, given, organisation=congress.parties[1], by=congress.heads[1], at=SIGN)


def _not_ad_referendum(congress: Congress) -> None:
    text = opened(congress)
    Signers(congress).sign(text, 1, SIGN)
    told = {"organisation": congress.parties[1], "by": congress.heads[1], "at": SIGN}
    actions.answer_on_signature(text, agrees=True, **told)  # type: ignore[arg-type]


REFUSED: dict[str, tuple[Callable[[Congress], None], type[Refusal]]] = {
    "a declaration is not opened for signature": (_other_kind, actions.OnlyStatementsBySignature),
    "nor what other parties cannot read": (_closed_to_others, actions.NotReadBySignatories),
    "nor what is open already": (_twice, actions.TextClosed),
    "nothing is published that nobody signed": (_published_unsigned, actions.NobodySigned),
    "nor what is not open": (_published_unopened, actions.NotForSignature),
    "nor taken back": (_taken_back_unopened, actions.NotForSignature),
    "a minute is set once": (_published_twice, actions.PublicationSet),
    "and lies ahead": (_published_yesterday, actions.PublishedInThePast),
    "a party signs once": (_signed_twice, actions.SignedAlready),
    "with its own key": (_key_of_nobody, KeyUnknown),
    "a board answers what was subject to it": (_not_ad_referendum, actions.NotSignedByIt),
}


@pytest.mark.parametrize("rule", sorted(REFUSED))
def test_what_a_rule_refuses(rule: str, congress: Congress, check_record: Callable[[], None]) -> None:
    act, refused = REFUSED[rule]
    with pytest.raises(refused):
        act(congress)


def test_only_whoever_speaks_for_a_party_signs_for_it(
    congress: Congress, signers: Signers, check_record: Callable[[], None]
) -> None:
    text = opened(congress)
    given = signers.given(text, 1, SIGN)
    for by in (congress.delegates[1], congress.heads[2], congress.secretariat, congress.monitor, ANONYMOUS):
        with pytest.raises(NotAllowed):
            actions.sign(text, given, organisation=congress.parties[1], by=by, at=SIGN)
    told = {"organisation": congress.network, "by": congress.secretariat, "at": SIGN}
    with pytest.raises(NotAllowed, match="not by the network itself"):
        actions.sign(text, given, **told)  # type: ignore[arg-type]
    with pytest.raises(NotAllowed):
        actions.set_publication(text, minute=None, by=congress.heads[1], at=SIGN)


def test_a_statement_closed_again_before_its_minute_is_not_recorded_as_published(
    congress: Congress, signers: Signers, check_record: Callable[[], None]
) -> None:
    text = opened(congress)
    signers.sign(text, 1, SIGN)
    actions.set_publication(text, minute=MINUTE, by=congress.heads[0], at=SIGN)
    text.refresh_from_db()
    from dataclasses import replace

    later = replace(terms_of(text), embargo_until=MINUTE + timedelta(days=1))
    change_terms(text, later, reason="Not yet.", by=congress.heads[0], at=SIGN + timedelta(hours=1))
    assert periodic(text.realm, MINUTE) == []
    assert not seen_by_anybody(text, MINUTE)
    assert periodic(text.realm, MINUTE + timedelta(days=1)) != []
    assert SignatureState.GIVEN in {signed.state for signed in signatures_on(text, MINUTE)}
