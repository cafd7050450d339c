"""The public ledger, walked as a reader, a party and a monitor walk it."""

import csv
import io
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from comity.commitments import actions
from comity.commitments.models import Commitment
from comity.people.access import CAST_KEY
from comity.plain.actors import ActorRef
from comity.texts.models import Adoption
from comity.texts.tests.congress import DUE, VOTE, Congress, convene

OPENED = VOTE + timedelta(hours=1)
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def congress(db: None) -> Congress:
    """Ten parties."""
    return convene(10)


@pytest.fixture
def adoption(congress: Congress) -> Adoption:
    """A text with four promises to which all ten agreed, its promises opened."""
    adoption = congress.adopted(congress.draft())
    actions.open_commitments(adoption, by=congress.secretariat, at=OPENED)
    return adoption


@pytest.fixture
def seated(client: Client, settings: Any) -> Callable[[ActorRef], Client]:
    """A reader who takes a seat of the cast."""
    settings.DEMO = True

    def sit(actor: ActorRef) -> Client:
        session = client.session
        session[CAST_KEY] = actor.id
        session.save()
        return client

    return sit


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    """A day on which all four promises are past their day."""
    monkeypatch.setattr("comity.site.middleware.now", lambda realm: NOW)


def _of(congress: Congress, place: int) -> list[Commitment]:
    return list(Commitment.objects.filter(organisation=congress.parties[place]).order_by("due"))


@pytest.mark.mission("S18", at="commitment")
def test_four_commitments_by_ten_signatories_are_forty_rows_with_evidence_counted_and_silent_signatories_named(
    client: Client, congress: Congress, adoption: Adoption, check_record: Callable[[], None]
) -> None:
    assert Commitment.objects.filter(adoption=adoption).count() == 40
    for place in range(8):
        for row in _of(congress, place):
            evidence = actions.file_evidence(
                row, title="Tables", kept_on=DUE, by=congress.heads[place], at=datetime(2026, 10, 19, tzinfo=UTC)
            )
    actions.verify_evidence(evidence, by=congress.monitor, at=NOW)
    actions.admit_missed(_of(congress, 8)[0], words="Too late.", language="en", by=congress.heads[8], at=NOW)
    html = client.get("/fiction/en/commitment/").content.decode()
    assert html.count('class="cell"') == 40
    assert "40 promises" in html
    assert "32 pieces of evidence filed by the parties themselves, 1 of them verified by a monitor." in html
    silent = html[html.index('class="silent"') : html.index("</ul>", html.index('class="silent"'))]
    assert silent.count("Tenth Tide Party") == 4
    assert silent.count("Ninth Tide Party") == 3
    assert "First Tide Party" not in silent
    assert "due 19\xa0October\xa02026" in silent
    answer = client.get("/fiction/api/v1/commitments").json()
    assert answer["fictional"] is True
    assert len(answer["promises"]) == 40
    assert answer["evidence_count"] == 32
    assert [party["name"] for party in answer["silent"]] == ["Ninth Tide Party", "Tenth Tide Party"]
    rows = list(csv.DictReader(io.StringIO(client.get("/fiction/en/commitment/promises.csv").content.decode())))
    assert len(rows) == 40
    assert {row["state"] for row in rows} == {"kept", "missed", "silent"}
    check_record()


@pytest.mark.usefixtures("adoption")
def test_the_interface_goes_on_behind_the_last_promise_and_counts_them_all(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("comity.commitments.api.MOST", 15)
    seen: list[str] = []
    address = "/fiction/api/v1/commitments?state=silent"
    while address:
        answer = client.get(address)
        assert answer.json()["counts"] == {"silent": 40}
        seen += [one["id"] for one in answer.json()["promises"]]
        address = answer.headers.get("Link", "").removeprefix("<").partition(">")[0]
    assert len(seen) == len(set(seen)) == 40


@pytest.mark.usefixtures("adoption")
def test_an_earlier_day_knows_no_silence_and_no_evidence(client: Client, congress: Congress) -> None:
    row = _of(congress, 0)[0]
    actions.file_evidence(row, title="Tables of tides", kept_on=DUE, by=congress.heads[0], at=NOW)
    html = client.get("/fiction/en/commitment/?on=2026-10-18").content.decode()
    assert 'class="silent"' not in html
    assert "No evidence is filed yet." in html
    assert (
        "Tables of tides"
        not in client.get(f"/fiction/en/commitment/{row.public_id}?on=2026-10-18", follow=True).content.decode()
    )
    assert client.get("/fiction/en/commitment/?on=2026-04-01").content.decode().count('class="cell"') == 0


@pytest.mark.usefixtures("adoption")
def test_a_silent_party_answers_and_shows_and_a_monitor_verifies(
    congress: Congress, seated: Callable[[ActorRef], Client]
) -> None:
    row = _of(congress, 0)[0]
    stem = f"/fiction/en/commitment/act/{row.public_id}"
    client = seated(congress.heads[0])
    assert f"{stem}/answer" in client.get("/fiction/en/commitment/").content.decode()
    assert client.post(f"{stem}/answer", {"words": "The law came late.", "language": "en"}).status_code == 302
    refused = client.post(f"{stem}/evidence", {"title": "Tables", "url": "", "kept_on": "2030-01-01"})
    assert refused.status_code == 422
    assert "cannot have been kept on a day that has not come" in refused.content.decode()
    filed = {"title": "Tables", "url": "https://example.org/t", "kept_on": "2026-11-01"}
    assert client.post(f"{stem}/evidence", filed).status_code == 302
    assert client.get(f"{stem}/verify").status_code == 403
    monitor = seated(congress.monitor)
    desk = "/fiction/en/desk"
    assert "Judge what First Tide Party filed on clause" in monitor.get(desk).content.decode()
    opened = monitor.get(desk, {"do": f"commitment:{row.public_id}:verify"}).content.decode()
    assert 'href="https://example.org/t"' in opened
    (shown,) = re.findall(r'name="evidence" value="([^"]+)"', opened)
    found = {"evidence": shown, "words": "x" * 601}
    refused = monitor.post(f"{desk}?do=commitment%3A{row.public_id}%3Averify", found)
    assert refused.status_code == 422
    assert "x" * 601 in refused.content.decode(), "what was written stands there still"
    found["words"] = "Read and compared."
    done = monitor.post(f"{desk}?do=commitment%3A{row.public_id}%3Averify", found)
    assert done.headers["Location"] == f"{desk}?done=commitment%3A{row.public_id}%3Averify#first"
    assert monitor.post(f"{stem}/verify", found).status_code != 302, "evidence is verified once"
    html = monitor.get(f"/fiction/en/commitment/{row.public_id}", follow=True).content.decode()
    for told in ("The law came late.", "Kept late", "Verified", "Read and compared."):
        assert told in html
    evidence = row.evidence.get()
    lead = monitor.get(f"/fiction/en/evidence/{evidence.public_id}")
    assert lead.headers["Location"].endswith(f"#evidence-{evidence.public_id}")


@pytest.mark.usefixtures("adoption")
def test_a_later_day_is_asked_by_the_party_and_agreed_by_an_organ(
    congress: Congress, seated: Callable[[ActorRef], Client]
) -> None:
    row = _of(congress, 0)[0]
    stem = f"/fiction/en/commitment/act/{row.public_id}"
    asked = {"due": "2026-12-15", "reason": "A new government was sworn in."}
    assert seated(congress.heads[0]).post(f"{stem}/later", asked).status_code == 302
    office = seated(congress.secretariat)
    html = office.get(f"/fiction/en/commitment/{row.public_id}", follow=True).content.decode()
    assert "asked for; no organ has agreed" in html
    assert office.post(f"{stem}/agree", {"organ": congress.organ.public_id}).status_code == 302
    html = office.get("/fiction/en/commitment/").content.decode()
    assert "moved to 15\xa0December\xa02026" in html


def test_the_office_opens_promises_from_the_ledger(
    congress: Congress, seated: Callable[[ActorRef], Client], client: Client
) -> None:
    adoption = congress.adopted(congress.draft())
    path = f"/fiction/en/commitment/open/{adoption.text.public_id}"
    assert client.post(path).status_code == 403
    office = seated(congress.secretariat)
    assert path in office.get("/fiction/en/commitment/").content.decode()
    assert office.post(path).status_code == 302
    assert Commitment.objects.filter(adoption=adoption).count() == 40
    assert path not in office.get("/fiction/en/commitment/").content.decode()


def test_cells_of_the_table_are_no_formulas(client: Client, congress: Congress) -> None:
    adoption = congress.adopted(congress.draft(title="=HYPERLINK(1)"))
    actions.open_commitments(adoption, by=congress.secretariat, at=OPENED)
    told = client.get("/fiction/en/commitment/promises.csv").content.decode()
    assert "'=HYPERLINK(1)" in told
    assert ",=HYPERLINK" not in told
