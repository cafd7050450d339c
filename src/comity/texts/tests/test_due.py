"""What awaits a party's signature stands on the desk of whoever signs for it, until it has signed or decided."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from comity.people.desk import Due
from comity.people.models import Seat
from comity.plain.actors import ActorRef
from comity.plain.duties import Duty
from comity.plain.levels import Realm
from comity.plain.place import Place
from comity.texts import actions
from comity.texts.due import signatures
from comity.texts.models import Text
from comity.texts.tests.congress import AT, Congress
from comity.texts.tests.signers import Signers, statement

OPEN, SIGN, NOW = AT + timedelta(days=1), AT + timedelta(days=2), AT + timedelta(days=3)


@pytest.fixture
def text(congress: Congress) -> Text:
    text = statement(congress)
    actions.open_for_signature(text, by=congress.heads[0], at=OPEN)
    return text


def due(actor: ActorRef, at: datetime = NOW) -> list[Due]:
    seat = Seat.objects.select_related("person", "organisation", "network").get(public_id=actor.id)
    return list(signatures(seat, Place(Realm.FICTION, "en", actor, at, at.date())))


def test_a_statement_awaits_the_signature_of_each_party(congress: Congress, text: Text) -> None:
    for head in congress.heads[:2]:
        (found,) = due(head)
        assert (found.key, found.state) == (f"text:{text.public_id}:signature", Duty.NOT_DUE)
        assert found.address == f"/fiction/en/text/sign/{text.public_id}"
        assert found.open
    for other in (congress.delegates[0], congress.secretariat, congress.monitor):
        assert due(other) == []
    assert due(congress.heads[0], OPEN - timedelta(seconds=1)) == []


def test_who_has_signed_or_withdrawn_is_asked_no_more(
    congress: Congress, text: Text, check_record: Callable[[], None]
) -> None:
    Signers(congress).sign(text, 0, SIGN)
    assert due(congress.heads[0]) == []
    assert len(due(congress.heads[1])) == 1
    told = {"organisation": congress.parties[0], "reason": "We changed our minds.", "by": congress.heads[0]}
    actions.withdraw_signature(text, at=NOW, **told)  # type: ignore[arg-type]
    assert due(congress.heads[0], NOW + timedelta(days=1)) == []


def test_what_was_taken_back_awaits_nothing_until_it_is_opened_again(congress: Congress, text: Text) -> None:
    Signers(congress).sign(text, 0, SIGN)
    actions.take_back(text, by=congress.heads[0], at=NOW)
    assert due(congress.heads[1], NOW + timedelta(days=1)) == []


def test_the_board_of_who_signed_ad_referendum_is_awaited(
    congress: Congress, text: Text, check_record: Callable[[], None]
) -> None:
    meets = NOW.date() + timedelta(days=5)
    Signers(congress).sign(text, 0, SIGN, ad_referendum=True, board_meets=meets)
    (found,) = due(congress.heads[0])
    assert (found.until, found.state) == (meets, Duty.NOT_DUE)
    assert found.address == f"/fiction/en/text/act/{text.public_id}/board"
    (found,) = due(congress.heads[0], NOW + timedelta(days=9))
    assert found.state is Duty.SILENT
    told = {"organisation": congress.parties[0], "agrees": True, "by": congress.heads[0]}
    actions.answer_on_signature(text, at=NOW, **told)  # type: ignore[arg-type]
    (found,) = due(congress.heads[0], NOW + timedelta(days=1))
    assert found.state is Duty.KEPT


def test_a_published_statement_awaits_nobody(congress: Congress, text: Text, check_record: Callable[[], None]) -> None:
    Signers(congress).sign(text, 0, SIGN)
    minute = NOW + timedelta(days=2)
    actions.set_publication(text, minute=minute, by=congress.heads[0], at=NOW)
    assert due(congress.heads[1], NOW + timedelta(hours=1)) == []  # until then it is closed to whoever has not signed
    assert due(congress.heads[1], minute) == []
