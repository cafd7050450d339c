"""The pages of the record, read and tried by somebody without an account."""

import re
from datetime import datetime

import pytest
from django.test import Client

from comity.conftest import AT, Cast
from comity.plain.actors import SYSTEM
from comity.plain.levels import Level, Realm
from comity.plain.refs import Ref
from comity.record import queries
from comity.record.actions import append, close_batch, erase, sequence
from comity.record.core.evidence import check_evidence
from comity.record.core.jcs import Json
from comity.record.models import Entry
from comity.record.tests.conftest import Publish
from comity.record.told import evidence_of
from comity.record.trial import ValueTooLong, falsify

RECORD = "/fiction/en/record/"


@pytest.fixture
def log(cast: Cast, at: datetime, publish_log: Publish) -> int:
    """The cast's own entries, sixty revisions of a text, a restricted batch; the index of the last revision."""
    text = Ref("text", "a" * 16)
    for number in range(60):
        facts: dict[str, Json] = {
            "words": f"We  reserve\non clause {number} <b>",
            "votes": number,
            "parties": ["x", "y"],
        }
        append("texts.revised", realm=Realm.FICTION, subject=text, by=cast.amina, at=at, facts=facts)
    sequence(Realm.FICTION)
    last = Entry.objects.filter(type="texts.revised").latest("index").index
    append("security.warning_given", realm=Realm.FICTION, subject=text, by=cast.amina, at=at, level=Level.ROOM)
    close_batch(Realm.FICTION, at)
    publish_log()
    assert last is not None
    return last


def shown(client: Client, path: str) -> str:
    answered = client.get(path)
    assert answered.status_code == 200
    return answered.content.decode()


def test_the_record_is_paged_and_filtered_by_type(client: Client, log: int) -> None:
    page = shown(client, RECORD)
    assert page.count("a text was revised</span>") == 50
    assert page.count('<tr class="again">') == 49
    older = re.search(r'rel="next" href="(\?before=\d+)"', page)
    assert older is not None
    assert "an organisation was listed" in shown(client, RECORD + older[1])
    filtered = shown(client, RECORD + "?type=registry.network_founded")
    assert filtered.count("<tr>") == 2
    assert "a text was revised</span>" not in filtered


def test_the_other_realm_knows_nothing_of_it(client: Client, log: int) -> None:
    assert "No entry stands here" in shown(client, "/en/record/")
    assert client.get(f"/en/entry/{log}").status_code == 404


def test_an_entry_shows_its_proof_its_values_and_what_its_seal_does_not_say(
    client: Client, log: int, cast: Cast
) -> None:
    page = shown(client, f"/fiction/en/entry/{log}")
    found = evidence_of(Realm.FICTION, log, at=AT)
    assert check_evidence(found) == []
    assert "It does not say that the entry is true, fair or freely decided." in page
    assert "No independent witness has signed this record" in page
    assert all(sibling.hex() in page for sibling in found.proof.path)
    assert "on clause 59 &lt;b&gt;" in page
    assert f"{len(found.proof.path)} fingerprints lead from this entry to the root" in page
    assert "python3 comity_verify.py http://testserver/fiction/record/" in page
    assert f"http://testserver/fiction/record/proof/{log}.tlog-proof" in page
    assert f"http://testserver/fiction/record/evidence/{log}.zip" in page
    assert cast.amina.id not in page


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_every_page_stands_in_every_language(client: Client, log: int, language: str) -> None:
    for path in ("record/", "record/falsify", f"entry/{log}", f"entry/{log + 3}"):
        shown(client, f"/fiction/{language}/{path}")


def test_a_restricted_entry_shows_its_seal_and_nothing_else(client: Client, log: int) -> None:
    restricted = Entry.objects.get(type="security.warning_given").index
    decoy = Entry.objects.filter(type="record.decoy")[0].index
    pages = [shown(client, f"/fiction/en/entry/{index}") for index in (restricted, decoy)]
    for page in pages:
        assert "a seal and nothing else" in page
        assert "warning" not in page
    assert client.get(f"/fiction/en/record/falsify?entry={restricted}").status_code == 404


def test_an_erased_value_says_which_entry_erased_it(client: Client, log: int, at: datetime) -> None:
    erase(Entry.objects.get(index=log), "words", legal_basis="GDPR art. 17", by=SYSTEM, at=at)
    sequence(Realm.FICTION)
    page = shown(client, f"/fiction/en/entry/{log}")
    assert "clause 59" not in page
    assert re.search(r"<b>erased</b>: <a href=\"/fiction/en/entry/\d+\">", page)


def test_an_entry_altered_in_the_table_says_so_itself(client: Client, log: int) -> None:
    row = Entry.objects.get(index=log)
    row.leaf = bytes(row.leaf).replace(b"revised", b"revized")
    row.save()
    page = shown(client, f"/fiction/en/entry/{log}")
    assert "This entry was altered" in page
    assert "has not been altered" not in page.split("not-said")[0]


def test_anybody_may_try_to_falsify_an_entry_and_is_told_no(client: Client, log: int) -> None:
    form = shown(client, f"/fiction/en/record/falsify?entry={log}&field=votes")
    assert 'value="59"' in form
    page = shown(client, f"/fiction/en/record/falsify?entry={log}&field=votes&value=60")
    answer = falsify(Realm.FICTION, log, "votes", "60", at=AT)
    assert f'No. Entry <bdi dir="ltr">{log}</bdi> was altered.' in page
    for fingerprint in (answer.fingerprint_written, answer.fingerprint_given, answer.seal_written, answer.seal_given):
        assert " ".join(fingerprint[start : start + 4] for start in range(0, 24, 4)) in page
    assert answer.fingerprint_written != answer.fingerprint_given
    assert f"no: entry {log}" in page
    assert queries.check(Realm.FICTION) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("votes", "59"),
        ("votes", " 59 "),
        ("parties", '["x", "y"]'),
        ("words", "We  reserve\r\non clause 59 <b>"),
    ],
)
def test_who_changes_nothing_is_told_yes(client: Client, log: int, field: str, value: str) -> None:
    answered = client.get(RECORD + "falsify", {"entry": str(log), "field": field, "value": value})
    assert "is what was written" in answered.content.decode()


@pytest.mark.parametrize(
    "value", ["", "60", "59.5", "fifty-nine", '"59"', "NaN", "1e999", "9" * 400, "[", "\u202e59", "🕊"]
)
def test_no_value_whatever_makes_the_verifier_lie_or_fall(log: int, value: str) -> None:
    answer = falsify(Realm.FICTION, log, "votes", value, at=AT)
    assert not answer.stands
    assert answer.seal_given != answer.seal_written
    assert len(answer.faults) == 2


def test_a_value_beyond_reason_and_a_field_that_is_not_there_are_refused(client: Client, log: int) -> None:
    with pytest.raises(ValueTooLong):
        falsify(Realm.FICTION, log, "votes", "9" * 10_001, at=AT)
    assert client.get(RECORD + f"falsify?entry={log}&field=nothing").status_code == 404
    assert client.get(RECORD + "falsify?entry=9999").status_code == 404
    assert client.get(RECORD + "falsify?entry=abc").status_code == 200


def test_an_empty_record_offers_nothing_to_falsify(client: Client, db: None) -> None:
    assert "The record is empty" in shown(client, "/en/record/falsify")
