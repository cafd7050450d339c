"""What seals say: one state of an entry on its page, in the list, on the page of its thing and in the interface."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from comity.conftest import Cast
from comity.plain.levels import Realm
from comity.plain.refs import Ref
from comity.record import published, queries
from comity.record.actions import append, sequence
from comity.record.core.tiles import tile_at
from comity.record.publishing.keys import key_of
from comity.record.tests.conftest import Publish
from comity.record.tests.witnesses import made, serving
from comity.registry.exports import address_of

RECORD = "/fiction/en/record/"
API = "/fiction/api/v1/record"
pytestmark = pytest.mark.usefixtures("check_record")


def ask(lines: list[str], controllers: str) -> None:
    """Write the operator's policy."""
    place = Path(settings.POLICIES) / "fiction"
    place.parent.mkdir(exist_ok=True, parents=True)
    place.write_text("".join(f"{line}\n" for line in lines))
    place.with_name("fiction.controllers").write_text(controllers)


@pytest.fixture
def witnesses(publish_log: Publish, tmp_path: Path) -> Iterator[list[str]]:
    """Two real witnesses that answer and one that does not; their lines of a policy."""
    log = key_of(Realm.FICTION, published.origin(Realm.FICTION), signed_before=False).verifier
    with ExitStack() as running:
        lines = []
        for name in ("union", "league"):
            key = made(tmp_path / name, log, name=f"witness.example.org/{name}")
            lines.append(f"witness {name} {key} {running.enter_context(serving(tmp_path / name)).address}")
        silent = made(tmp_path / "silent", log, name="witness.example.org/silent")
        yield [*lines, f"witness silent {silent}"]


def entry_of_party(cast: Cast) -> int:
    entry = queries.entry_of(Ref("organisation", cast.party.public_id))
    assert entry is not None
    assert entry.index is not None
    return entry.index


def said(client: Client, path: str) -> str:
    """The words of a page, without its tags."""
    answered = client.get(path)
    assert answered.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answered.content.decode()).split())


def pages(cast: Cast) -> list[str]:
    """The pages on which the seal of the party's last entry stands."""
    return [f"/fiction/en/entry/{entry_of_party(cast)}", RECORD, address_of(cast.party, "en")]


def test_before_it_is_published_every_seal_waits(cast: Cast, client: Client) -> None:
    sequence(Realm.FICTION)
    for page in pages(cast):
        assert "recorded, waiting for witnesses since 2 March 2026" in said(client, page).replace("\xa0", " ")
    assert "Only the proof" not in said(client, pages(cast)[0])
    told = client.get(f"{API}/entries").json()
    assert {(one["published"], one["witnesses"]) for one in told} == {(False, 0)}
    log = client.get(API).json()
    assert (log["size"], log["numbered"], log["waiting_since"]) == (0, len(told), "2026-03-02T10:00:00Z")


def test_a_log_of_which_nobody_is_asked_has_no_independent_witness(
    cast: Cast, client: Client, publish_log: Publish
) -> None:
    publish_log()
    for page in pages(cast):
        assert "no independent witness" in said(client, page).lower()
        assert "waiting for witnesses" not in said(client, page)
    log = client.get(API).json()
    assert (log["independent"], log["witnesses"], log["size"]) == (False, [], log["numbered"])


def test_rivals_that_signed_are_counted_named_and_told_apart(
    cast: Cast, client: Client, publish_log: Publish, witnesses: list[str]
) -> None:
    hands = "union Union of Two Shores\nleague The league that opposes it\nlog The secretariat\n"
    ask([*witnesses, "group q all union league", "quorum q"], hands)
    publish_log()
    entry, record, party = pages(cast)
    assert "seen by 2 of 3 witnesses" in said(client, party)
    page = said(client, entry)
    assert "It was seen by 2 of 3 witnesses. Since then it cannot be altered" in page
    assert "No independent witness" not in page
    assert "run by \u2068Union of Two Shores; The league that opposes it\u2069" in page
    assert re.search(r"nobody has said who runs it witness\.example\.org/silent not seen not this checkpoint", page)
    assert re.search(r"Union of Two Shores witness\.example\.org/union seen the root of \d+ ,", page)
    assert "all of these Union of Two Shores The league that opposes it" in page
    assert "2 of 3 have seen it" in said(client, record)
    assert said(client, record).count("proof of entry") == len(client.get(f"{API}/entries").json())
    log = client.get(API).json()
    assert [(one["name"], one["controller"]) for one in log["witnesses"]] == [
        ("witness.example.org/union", "Union of Two Shores"),
        ("witness.example.org/league", "The league that opposes it"),
    ]
    assert log["independent"]


@pytest.mark.parametrize(
    "case",
    [
        ("union The secretariat\nleague the  secretariat\nlog The Secretariat\n", "all who signed are run by"),
        ("union One hand\nleague One hand\n", "all who signed are run by \u2068One hand\u2069"),
        ("", "nobody has said who runs those that signed"),
    ],
    ids=["the operator's own", "one hand", "unknown"],
)
def test_witnesses_of_one_hand_are_no_independent_witness(
    cast: Cast, client: Client, publish_log: Publish, witnesses: list[str], case: tuple[str, str]
) -> None:
    hands, reason = case
    ask([*witnesses, "group q all union league", "quorum q"], hands)
    publish_log()
    entry, record, party = pages(cast)
    assert f"No independent witness: {reason}" in said(client, entry)
    assert "It holds: unchanged since then. No independent witness has signed" in said(client, entry)
    assert "no independent witness" in said(client, party)
    assert "2 of 3" not in said(client, record)
    assert client.get(API).json()["independent"] is False


def test_where_one_hand_runs_several_the_policy_tells_them_apart(
    cast: Cast, client: Client, publish_log: Publish, witnesses: list[str]
) -> None:
    ask([*witnesses, "group q all union league", "quorum q"], "union One hand\nleague One hand\n")
    publish_log()
    named = "all of these One hand (witness.example.org/union) One hand (witness.example.org/league)"
    assert named in said(client, pages(cast)[0])


def test_what_a_quorum_did_not_sign_waits_and_what_it_signed_stays_seen(
    cast: Cast, client: Client, publish_log: Publish, witnesses: list[str], at: datetime
) -> None:
    ask([*witnesses, "group q all union league", "quorum q"], "union One\nleague Another\n")
    publish_log()
    ask([*witnesses, "group q all union league silent", "quorum q"], "union One\nleague Another\n")
    append("texts.revised", realm=Realm.FICTION, subject=Ref("text", "a" * 16), by=cast.amina, at=at)
    sequence(Realm.FICTION)
    publish_log()
    later = queries.entry_of(Ref("text", "a" * 16))
    assert later is not None
    waiting = said(client, f"/fiction/en/entry/{later.index}").replace("\xa0", " ")
    assert "It is recorded, waiting for witnesses since 2 March 2026" in waiting
    assert "It was seen by 2 of 3 witnesses." in said(client, pages(cast)[0])
    assert "since 2 March 2026" in said(client, RECORD).replace("\xa0", " ")


def test_published_files_that_are_damaged_are_told_and_no_page_falls(
    cast: Cast, client: Client, publish_log: Publish
) -> None:
    publish_log()
    index = entry_of_party(cast)
    size = published.as_published(Realm.FICTION).published
    (published.folder(Realm.FICTION) / tile_at(0, 0, size).path).unlink()
    page = said(client, f"/fiction/en/entry/{index}")
    assert "The published files that would prove this entry cannot be read" in page
    assert said(client, RECORD)
