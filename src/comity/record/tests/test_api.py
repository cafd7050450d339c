from datetime import datetime

import pytest
from django.test import Client

from comity.conftest import Cast
from comity.plain.levels import Level, Realm
from comity.plain.refs import Ref
from comity.record import queries
from comity.record.actions import append, close_batch, sequence
from comity.record.models import Entry
from comity.record.tests.conftest import Publish

API = "/fiction/api/v1/record"


@pytest.fixture
def log(cast: Cast, at: datetime, publish_log: Publish) -> int:
    """The cast's entries, one about a text, one restricted; the index of that about the text."""
    text = Ref("text", "a" * 16)
    append("texts.drafted", realm=Realm.FICTION, subject=text, by=cast.amina, at=at, facts={"title": "On the shore"})
    sequence(Realm.FICTION)
    append("security.warning_given", realm=Realm.FICTION, subject=text, by=cast.amina, at=at, level=Level.ROOM)
    close_batch(Realm.FICTION, at)
    publish_log()
    entry = queries.entry_of(text)
    assert entry is not None
    assert entry.index is not None
    return entry.index


def test_the_checkpoint_is_that_of_the_files(client: Client, log: int) -> None:
    told = client.get(API).json()
    head = queries.checkpoint(Realm.FICTION)
    assert head is not None
    assert (told["fictional"], told["size"], told["root"]) == (True, head.size, head.root.hex())
    assert told["witnesses"] == []
    assert client.get("/api/v1/record").json()["size"] == 0


def test_entries_are_listed_without_actors_ids_and_without_restricted_ones(
    client: Client, log: int, cast: Cast
) -> None:
    told = client.get(f"{API}/entries").json()
    assert told[0]["type"] == "texts.drafted"
    assert told[0]["organisation"] == cast.party.public_id
    assert cast.amina.id not in str(told)
    assert "security.warning_given" not in str(told)
    assert client.get(f"{API}/entries?type=texts.drafted&limit=5").json() == told[:1]
    assert client.get(f"{API}/entries?before={log}").json() == told[1:]


def test_one_entry_tells_its_values_and_a_restricted_one_nothing(client: Client, log: int) -> None:
    told = client.get(f"{API}/entries/{log}").json()
    assert told["facts"] == {"title": "On the shore"}
    assert client.get(told["proof"]).status_code == 200
    assert client.get(told["address"]).status_code == 200
    restricted = Entry.objects.get(type="security.warning_given").index
    quiet = client.get(f"{API}/entries/{restricted}").json()
    assert (quiet["restricted"], quiet["entry"], quiet["facts"]) == (True, None, {})
    assert "warning" not in str(quiet)
    assert client.get(f"{API}/entries/999").status_code == 404
