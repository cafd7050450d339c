"""A thing that was public and is closed again: from that moment the record gives no value of it, by any way out."""

import io
import json
import re
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from comity.plain.levels import Realm
from comity.plain.readable import is_recorded
from comity.plain.refs import Ref
from comity.record.actions import close_batch, sequence
from comity.record.copies import answer, read_copy
from comity.record.core.audit import audit
from comity.record.publishing import publish
from comity.record.queries import entry_of, given, leaves, sources_of
from comity.record.tests.copied import copied
from comity.record.tests.other import alone
from comity.site.clock import now
from comity.site.tests.leaks.world import World, build
from comity.texts.actions import draft
from comity.texts.models import Text
from comity.texts.tests.congress import Congress, convene, promise_clauses
from comity.visibility.actions import change_terms, lift_flag, raise_flag
from comity.visibility.core import Terms
from comity.visibility.queries import terms_of

ROOT = "/fiction/record/"
WORDS = "Declaration on Quiet Harbours"


@pytest.fixture
def congress(db: None) -> Congress:
    """A network whose first party drafts."""
    return convene(3, "Concord of the Quiet Shore")


@pytest.fixture
def text(congress: Congress) -> Text:
    """A public text with an entry of its own."""
    row = congress.draft(title=WORDS)
    publish(Realm.FICTION, at=now(Realm.FICTION))
    return row


def ways_out(client: Client, index: int) -> dict[str, bytes]:
    """What each address of the record answers about one entry."""
    addresses = [
        *(f"{ROOT}{name}" for name in ("disclosures.jsonl", "copy.zip")),
        *(f"{ROOT}{name}" for name in (f"disclosed/{index}.json", f"evidence/{index}.zip")),
        *(f"/fiction/en/{page}" for page in (f"entry/{index}", f"record/falsify?entry={index}", "record/", "")),
        *(f"/fiction/api/v1/record/{rest}" for rest in (f"entries/{index}", "entries")),
    ]
    return {address: body_of(client.get(address)) for address in addresses}


def body_of(answered: Any) -> bytes:
    body: bytes = answered.getvalue()
    if answered.headers["Content-Type"] == "application/zip":
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return b"".join(archive.read(name) for name in archive.namelist())
    return body


def numbered(text: Text) -> int:
    entry = entry_of(Ref("text", text.public_id))
    assert entry is not None
    assert entry.index is not None
    return entry.index


def close_by_flag(congress: Congress, text: Text) -> None:
    raise_flag(text, reason="a partner is in danger", by=congress.heads[0], at=now(Realm.FICTION))


def close_by_embargo(congress: Congress, text: Text) -> None:
    until = now(Realm.FICTION) + timedelta(days=30)
    terms = Terms(text_level(text), terms_of(text).attribution, until, "UTC")
    change_terms(text, terms, reason="not before the meeting", by=congress.heads[0], at=now(Realm.FICTION))


def text_level(text: Text) -> Any:
    return terms_of(text).level


@pytest.mark.parametrize("close", [close_by_flag, close_by_embargo])
def test_no_way_out_of_the_record_gives_a_value_of_what_was_closed(
    congress: Congress, text: Text, client: Client, close: Any
) -> None:
    index = numbered(text)
    assert WORDS.encode() in ways_out(client, index)[f"{ROOT}disclosures.jsonl"]
    told = json.loads(client.get(f"{ROOT}disclosed/{index}.json").content)["fields"]
    salts = [value["salt"].encode() for value in told.values()]
    close(congress, text)
    for address, body in ways_out(client, index).items():
        assert WORDS.encode() not in body, address
        assert congress.parties[0].name.encode() not in body or "entry" not in address, address
        assert not any(salt in body for salt in salts), address
    assert b"withheld" in ways_out(client, index)[f"/fiction/en/entry/{index}"]
    assert json.loads(client.get(f"/fiction/api/v1/record/entries/{index}").content)["facts"] == {}


def test_the_same_holds_for_whoever_may_read_the_thing_itself(congress: Congress, text: Text) -> None:
    """The record is one document for everybody; who may read the text reads it on its page."""
    close_by_flag(congress, text)
    entry = entry_of(Ref("text", text.public_id))
    assert entry is not None
    assert given(entry, now(Realm.FICTION)).fields == {}


def test_both_verifiers_accept_the_copy_and_name_what_is_withheld(
    congress: Congress, text: Text, tmp_path: Path
) -> None:
    index = numbered(text)
    close_by_flag(congress, text)
    close_batch(Realm.FICTION, now(Realm.FICTION))
    copied(Realm.FICTION, tmp_path, at=now(Realm.FICTION))
    assert not audit(read_copy(tmp_path))
    stands, lines = answer(tmp_path)
    assert stands
    theirs = alone(tmp_path).stdout.splitlines()
    assert [line for line in lines if "entry" in line] == [line for line in theirs if "entry" in line]
    assert lines == theirs
    assert any(re.match(r"\d+ values withheld, which cannot be checked:", line) for line in lines)
    assert any(line.startswith(f"  entry {index}: ") for line in lines)


def test_the_evidence_of_a_closed_entry_names_what_is_withheld_and_holds_no_word_of_the_text(
    congress: Congress, text: Text, client: Client
) -> None:
    index = numbered(text)
    with zipfile.ZipFile(io.BytesIO(client.get(f"{ROOT}evidence/{index}.zip").content)) as archive:
        assert f"fiction-entry-{index}/text.txt" in archive.namelist()
    close_by_flag(congress, text)
    with zipfile.ZipFile(io.BytesIO(client.get(f"{ROOT}evidence/{index}.zip").content)) as archive:
        told = json.loads(archive.read(f"fiction-entry-{index}/disclosed.json"))
        assert f"fiction-entry-{index}/text.txt" not in archive.namelist()
    assert (told["fields"], "title" in told["withheld"]) == ({}, True)


def test_a_file_kept_by_a_browser_is_not_good_any_more(congress: Congress, text: Text, client: Client) -> None:
    """Raising a flag changes no root, so the root cannot be what a cached file hangs on."""
    address = f"{ROOT}disclosures.jsonl"
    tag = client.get(address).headers["ETag"]
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
    close_by_flag(congress, text)
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 200


def test_the_values_are_given_again_once_the_flag_is_lifted(congress: Congress, text: Text, client: Client) -> None:
    close_by_flag(congress, text)
    text.refresh_from_db()
    lift_flag(text, reason="the danger has passed", by=congress.heads[0], at=now(Realm.FICTION))
    assert WORDS.encode() in client.get(f"{ROOT}disclosures.jsonl").getvalue()


def test_who_may_read_it_is_said_of_everything_that_stands_in_public(db: None) -> None:
    """A subject of which no room says it is withheld for ever: closed rather than open, and nobody would know why."""
    world: World = build()
    assert world.planted
    told = [json.loads(leaf) for realm in Realm for leaf in leaves(realm, 100_000)]
    named = {Ref.parse(leaf["subject"]).kind for leaf in told if "subject" in leaf}
    assert len(named) > 8
    assert {name for name in named - {"entry", "pseudonym"} if not is_recorded(name)} == set()


def test_nothing_public_is_withheld(congress: Congress, text: Text) -> None:
    """The clock of the world is as good as the story's."""
    entry = entry_of(Ref("text", text.public_id))
    assert entry is not None
    assert not given(entry, datetime(2030, 1, 1, tzinfo=UTC)).withheld


def test_a_new_public_entry_does_not_name_what_was_closed(congress: Congress, text: Text) -> None:
    """What arises from it goes on; that it does is known to those who may see both."""
    close_by_flag(congress, text)
    source = Ref("text", text.public_id)
    arisen = draft(
        topics=["water"],
        network=congress.network,
        title="A later declaration",
        language="en",
        kind="declaration",
        blocks=promise_clauses(1),
        originator=congress.parties[0],
        because=[source],
        by=congress.heads[0],
        at=now(Realm.FICTION),
    )
    entry = entry_of(Ref("text", arisen.public_id))
    assert entry is not None
    sequence(Realm.FICTION)
    assert text.public_id not in list(leaves(Realm.FICTION, 100_000))[numbered(arisen)].decode()
    assert source in sources_of(Ref("text", arisen.public_id))
