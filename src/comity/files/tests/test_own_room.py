"""A party's own room, tried by its seats, by the secretariat, by an operator and by everybody else."""

import pytest
from django.test import Client

from comity.conftest import AT, OPERATOR, Cast
from comity.files import actions
from comity.files.kinds import PAPER
from comity.files.models import Paper
from comity.people.tests.test_desk import seated
from comity.plain.actors import ANONYMOUS, ActorRef
from comity.plain.levels import Realm

ROOM = "/fiction/en/desk/room"


def paper(cast: Cast) -> Paper:
    return actions.write_paper(
        organisation=cast.party, kind="mandate", title="Red lines", words="Not clause 9.", language="en",
        by=cast.amina, at=AT,
    )  # fmt: skip


def test_the_party_reads_it_in_every_version_and_nobody_else_does(client: Client, cast: Cast) -> None:
    row = paper(cast)
    page = f"/fiction/en/paper/{row.public_id}"
    assert "Red lines" in seated(client, cast.boris).get(ROOM).content.decode()
    assert "could still read its database" in client.get(ROOM).content.decode()
    assert client.post(f"{page}/do/write", {"words": "Not clause 10.", "after": "1"}).status_code == 302
    assert "Not clause 10." in client.get(page).content.decode()
    assert "Not clause 9." in client.get(f"{page}?version=1").content.decode()
    for actor in (cast.chen, cast.secretariat, cast.dana, cast.stranger):
        other = seated(Client(), actor)
        assert "Red lines" not in other.get(ROOM).content.decode()
        assert "Red lines" not in other.get("/fiction/en/desk").content.decode()
        assert other.get(page).status_code == 404
    assert client.__class__().get(page).status_code == 404


@pytest.mark.parametrize("actor", [OPERATOR, ANONYMOUS])
def test_an_operator_sees_no_paper(cast: Cast, actor: ActorRef) -> None:
    paper(cast)
    assert PAPER.visible(actor, AT, Realm.FICTION).count() == 0
    assert PAPER.visible(cast.secretariat, AT, Realm.FICTION).count() == 0


def test_two_who_write_at_once_lose_nothing(cast: Cast) -> None:
    row = paper(cast)
    actions.write_version(row, words="Second.", after=1, by=cast.boris, at=AT)
    with pytest.raises(actions.WrittenMeanwhile):
        actions.write_version(row, words="Also second.", after=1, by=cast.amina, at=AT)
    actions.put_away(row, by=cast.amina, at=AT)
    with pytest.raises(actions.PaperPutAway):
        actions.write_version(row, words="Third.", after=2, by=cast.amina, at=AT)
