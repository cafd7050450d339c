"""The page of a text and its other forms, walked as a reader, a party and a secretariat walk them."""

import hashlib
import io
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.test import Client

from comity.people.access import CAST_KEY
from comity.plain.actors import ActorRef
from comity.plain.levels import Level
from comity.texts import actions
from comity.texts.core.amendments import Operation
from comity.texts.core.clauses import ClauseKind, find_span
from comity.texts.core.drafts import CitationDraft, ClauseDraft, TranslationDraft
from comity.texts.exports import fonts
from comity.texts.forms import AmendmentForm
from comity.texts.models import Dissent, Text
from comity.texts.tests.congress import AT, DUE, VOTE, Congress, promise_clauses

RESERVATION = "We reserve on the dates, because the ice leaves the northern bays in April."
ASKED = "Our delegation agrees; article 22 gives our board the last word."
MINORITY = "We would have gone further, and say so here."
LATER = VOTE + timedelta(hours=1)


@pytest.fixture
def adopted(congress: Congress) -> Text:
    """An adopted text: one party reserves a phrase, one awaits its board, one abstains, one takes no part."""
    fact = ClauseDraft(
        "f1",
        ClauseKind.FACT,
        "9",
        "The level fell by 41 centimetres. For one shore there is no data.",
        citations=(
            CitationDraft("Gauge series", "verified", "by 41 centimetres", stated_on="2026-02-02"),
            CitationDraft("No figures", "no-data", "no data"),
        ),
    )
    text = congress.draft(*promise_clauses(2), fact)
    adoption = congress.adopted(text, {3: "ad-referendum", 4: "away"})
    block = adoption.version.blocks.get(uuid="c1")
    actions.file_dissent(
        text,
        organisation=congress.parties[1],
        kind="reservation",
        words=RESERVATION,
        language="en",
        block="c1",
        span=find_span(block.words, "from 1 March to 31 May"),
        by=congress.heads[1],
        at=LATER,
    )
    actions.file_dissent(
        text,
        organisation=congress.parties[2],
        kind="minority-statement",
        words=MINORITY,
        language="en",
        by=congress.heads[2],
        at=LATER,
    )
    actions.await_board(
        adoption,
        organisation=congress.parties[3],
        words=ASKED,
        clauses=["c2"],
        board_meets=date(2026, 11, 30),
        by=congress.heads[3],
        at=LATER,
    )
    return text


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    """The day after the vote."""
    monkeypatch.setattr("comity.site.middleware.now", lambda realm: LATER + timedelta(days=1))


@pytest.fixture
def seated(client: Client, settings: Any) -> Callable[[ActorRef], Client]:
    """A reader who takes a seat of the cast, as the demonstration lets everyone."""
    settings.DEMO = True

    def sit(actor: ActorRef) -> Client:
        session = client.session
        session[CAST_KEY] = actor.id
        session.save()
        return client

    return sit


def _page(client: Client, text: Text, language: str = "en", question: str = "") -> str:
    response = client.get(f"/fiction/{language}/text/{text.public_id}{question}", follow=True)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.usefixtures("now")
def test_the_page_shows_who_stands_behind_it_before_the_first_paragraph(client: Client, adopted: Text) -> None:
    html = _page(client, adopted)
    first_clause = html.index("clause-text")
    for word in ("Agreed", "Reserved on clause 2", "Ad referendum", "Voted against", "Not taking part"):
        assert 0 < html.index(word) < first_clause
    assert html.index(RESERVATION) > first_clause
    row = html[html.index('id="clause-c1"') : html.index('id="clause-c2"')]
    assert RESERVATION in row
    assert re.search(r'<span class="touched">from 1\xa0March to 31\xa0May</span><sup>', row)
    assert MINORITY in html
    assert '<span class="no-data">no data</span>' in html
    assert 'href="#source-1"' in html


@pytest.mark.usefixtures("now")
def test_an_earlier_day_shows_nothing_that_came_later(client: Client, adopted: Text) -> None:
    html = _page(client, adopted, question="?on=2026-04-17")
    assert RESERVATION not in html
    assert "Agreed" not in html
    assert "this is a draft" in html
    assert client.get(f"/fiction/en/text/{adopted.public_id}?on=2026-03-01", follow=True).status_code == 404


@pytest.mark.mission("S54", at="text")
@pytest.mark.usefixtures("now")
def test_every_export_of_an_adopted_text_contains_its_dissent_and_the_secretariat_cannot_detach_it(
    client: Client,
    adopted: Text,
    congress: Congress,
    seated: Callable[[ActorRef], Client],
    check_record: Callable[[], None],
) -> None:
    said = (RESERVATION, MINORITY, ASKED)
    answer = client.get(f"/fiction/api/v1/texts/{adopted.public_id}").json()
    assert answer["fictional"] is True
    assert {row["words"] for row in answer["dissent"]} == set(said)
    listed = client.get("/fiction/api/v1/texts").json()[0]
    assert [row["stance"] for row in listed["standing"] if row["parties"]] == [
        "agreed",
        "reserved",
        "ad-referendum",
        "not-taking-part",
    ]
    pdf = client.get(f"/fiction/en/text/{adopted.public_id}.pdf")
    assert pdf.headers["Content-Type"] == "application/pdf"
    with pikepdf.open(io.BytesIO(pdf.content)) as document:
        told = str(document.docinfo["/CreationDate"])
    assert told.startswith(f"D:{VOTE + timedelta(days=1):%Y%m%d}"), "the day it shows, not that of the machine"
    plain = " ".join(client.get(f"/fiction/en/text/{adopted.public_id}.txt").content.decode().replace("|", "").split())
    paper = _of_paper(pdf.content)
    for words in said:
        assert words in plain
        assert words in paper
    office = seated(congress.secretariat)
    assert "File what your party holds back" not in _page(office, adopted)
    dissent = Dissent.objects.filter(text=adopted).first()
    assert dissent is not None
    clause = {"clause-TOTAL_FORMS": "1", "clause-INITIAL_FORMS": "0", "clause-0-kind": "opinion", "clause-0-words": "x"}
    for act, status in (("dissent", 403), ("detach", 404), ("delete", 404), ("revise", 422)):
        tried = office.post(f"/fiction/en/text/act/{adopted.public_id}/{act}", {"note": "x", **clause})
        assert tried.status_code == status
    assert adopted.versions.count() == 1
    for method in ("delete", "put", "patch", "post"):
        for path in (f"texts/{adopted.public_id}", f"dissent/{dissent.public_id}"):
            assert getattr(office, method)(f"/fiction/api/v1/{path}").status_code in {302, 404, 405}
    assert RESERVATION in _page(client, adopted)
    check_record()


def _of_paper(pdf: bytes) -> str:
    """The words of a PDF. Without ``pdftotext`` they cannot be read back, and the test says so."""
    reader = shutil.which("pdftotext")
    if reader is None:
        pytest.skip("the words of a PDF are read back with pdftotext: apt-get install poppler-utils")
    told = subprocess.run([reader, "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    return re.sub(r"(?<=\w)-\s+(?=\w)", "-", " ".join(told.replace("|", " ").split()))


@pytest.mark.usefixtures("now")
def test_the_fingerprint_can_be_taken_again_from_the_json(client: Client, adopted: Text) -> None:
    answer = client.get(f"/fiction/api/v1/texts/{adopted.public_id}").json()
    canonical = json.dumps(answer["hashed"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert hashlib.sha256(canonical.encode()).hexdigest() == answer["sha256"]


@pytest.mark.usefixtures("now")
def test_script_in_words_stays_words(client: Client, congress: Congress) -> None:
    evil = "<script>alert(1)</script> and #set page(fill: red) $x$ “quoted”"
    text = congress.draft(ClauseDraft("c1", ClauseKind.OPINION, "1", evil), title="<b>Tides</b>")
    congress.put(text)
    actions.file_dissent(
        text,
        organisation=congress.parties[1],
        kind="minority-statement",
        words=evil,
        language="en",
        by=congress.heads[1],
        at=LATER,
    )
    html = _page(client, text)
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert client.get(f"/fiction/en/text/{text.public_id}.pdf").content.startswith(b"%PDF")


@pytest.mark.usefixtures("now")
def test_a_wrong_slug_and_a_missing_one_lead_to_the_right_address(client: Client, adopted: Text) -> None:
    right = f"/fiction/en/text/{adopted.public_id}/declaration-on-tides"
    for path in (f"/fiction/en/text/{adopted.public_id}", f"/fiction/en/text/{adopted.public_id}/wrong"):
        response = client.get(path + "?on=2026-04-18")
        assert (response.status_code, response.headers["Location"]) == (301, right + "?on=2026-04-18")
    assert client.get(f"/en/text/{adopted.public_id}").status_code == 404


@pytest.mark.usefixtures("now")
def test_what_a_party_keeps_to_itself_stands_at_no_address(client: Client, congress: Congress) -> None:
    text = actions.draft(
        topics=["water"],
        network=congress.network,
        title="Our own draft of tides",
        language="en",
        kind="statement",
        blocks=promise_clauses(1),
        originator=congress.parties[0],
        level=Level.ORGANISATION,
        by=congress.heads[0],
        at=AT,
    )
    stem = f"/fiction/en/text/{text.public_id}"
    paths = [stem, f"{stem}.pdf", f"{stem}.txt", f"/fiction/en/text/compare/{text.public_id}"]
    paths += [f"/fiction/en/text/languages/{text.public_id}", f"/fiction/api/v1/texts/{text.public_id}"]
    paths += [f"/fiction/en/text/act/{text.public_id}/amend"]
    assert {path: client.get(path, follow=True).status_code for path in paths} == dict.fromkeys(paths, 404)
    assert "Our own draft" not in client.get("/fiction/en/text/").content.decode()
    assert client.get("/fiction/api/v1/texts").json() == []


@pytest.mark.usefixtures("now")
def test_a_translation_is_shown_with_its_marks_and_a_stale_one_is_not(client: Client, congress: Congress) -> None:
    text = congress.draft()
    parts = [TranslationDraft("block:c1", "ينشر كل حزب الجدول"), TranslationDraft("title", "إعلان")]
    actions.translate(text, language="ar", parts=parts, by=congress.secretariat, at=AT)
    html = _page(client, text, "ar")
    assert "ينشر كل حزب الجدول" in html
    assert 'dir="rtl"' in html
    changed = [ClauseDraft("c1", ClauseKind.PROMISE, "2", "Each party will publish.", DUE)]
    actions.revise(text, blocks=changed, note="shorter", by=congress.secretariat, at=VOTE)
    assert "ينشر كل حزب الجدول" not in _page(client, text, "ar")


@pytest.mark.usefixtures("now")
def test_readings_lead_to_the_difference(client: Client, congress: Congress) -> None:
    text = congress.draft()
    start, end = find_span(promise_clauses(1)[1].words, "every month") or (0, 0)
    amendment = actions.propose_amendment(
        text,
        sponsor=congress.parties[1],
        operations=[Operation("c1", start, end, "every year")],
        by=congress.heads[1],
        at=AT,
    )
    actions.merge_amendment(amendment, taken_as="compromise of all", by=congress.secretariat, at=VOTE)
    html = _page(client, text)
    assert "every year" in html
    assert "compromise of all" in html
    compared = client.get(f"/fiction/en/text/compare/{text.public_id}?earlier=1&later=2").content.decode()
    assert re.search(r"<del>.*month.*</del> <ins>.*year.*</ins>", compared)
    assert client.get(f"/fiction/en/text/compare/{text.public_id}?earlier=9").status_code == 404
    page = client.get(f"/fiction/en/amendment/{amendment.public_id}", follow=True).content.decode()
    assert "Taken up into version 2: compromise of all." in page


@pytest.mark.usefixtures("now")
def test_a_delegate_drafts_amends_and_reserves_through_the_pages(
    congress: Congress, seated: Callable[[ActorRef], Client]
) -> None:
    client = seated(congress.heads[1])
    drafted = client.post(
        "/fiction/en/text/new",
        {
            "network": congress.network.public_id,
            "title": "Statement on storms",
            "topics": ["climate"],
            "kind": "statement",
            "language": "en",
            "level": "0",
            "for-good": "yes",
            "clause-TOTAL_FORMS": "2",
            "clause-INITIAL_FORMS": "0",
            "clause-0-kind": "promise",
            "clause-0-label": "1",
            "clause-0-words": "Each party will ring the bell when a storm comes.",
            "clause-0-due": "2026-12-01",
            "clause-1-kind": "opinion",
            "clause-1-words": "",
        },
    )
    assert drafted.status_code == 302
    text = Text.objects.get(title="Statement on storms")
    assert text.originator == congress.parties[1]
    block = text.versions.get().blocks.get()
    acts = f"/fiction/en/text/act/{text.public_id}"
    proposal = {
        "against": text.versions.get().sha256,
        "clause": block.uuid,
        "act": "replace",
        "old": "the bell",
        "new": "every bell",
        "reason": "Louder.",
        "level": "0",
    }
    refused = client.post(f"{acts}/amend", proposal | {"old": "no such words"})
    assert refused.status_code == 422
    assert "exactly once" in refused.content.decode()
    unreadable = AmendmentForm(proposal | {"old": "\0"}, blocks=[block], part_of=text)
    assert "old" in unreadable.errors
    assert "Propose it in public, for good" in client.post(f"{acts}/amend", proposal).content.decode()
    assert client.post(f"{acts}/amend", proposal | {"for-good": "yes"}).status_code == 302
    amendment = text.amendments.get()
    assert amendment.originator == congress.parties[1]
    office = seated(congress.secretariat)
    stem = f"/fiction/en/amendment/act/{amendment.public_id}"
    assert office.post(f"{stem}/take-up", {"taken_as": ""}).status_code == 302
    vote = {
        "organ": congress.organ.public_id,
        "decision_type": "joint-declaration",
        "registered": [party.public_id for party in congress.parties],
    }
    assert office.post(f"{acts}/vote", vote).status_code == 302
    client = seated(congress.heads[1])
    filed = client.post(
        f"{acts}/dissent",
        {
            "kind": "reservation",
            "clause": block.uuid,
            "phrase": "every bell",
            "words": "One bell is enough.",
            "effect": "",
            "language": "en",
            "for-good": "yes",
        },
    )
    assert filed.status_code == 302
    assert "#dissent-" in filed.headers["Location"]
    assert Dissent.objects.get(text=text).words == "One bell is enough."


@pytest.mark.usefixtures("now")
def test_acts_that_are_not_yours_are_refused_with_the_reason(
    adopted: Text, congress: Congress, client: Client, seated: Callable[[ActorRef], Client]
) -> None:
    path = f"/fiction/en/text/act/{adopted.public_id}/dissent"
    assert client.get(path).status_code == 403
    assert seated(congress.secretariat).get(path).status_code == 403
    assert seated(congress.delegates[1]).post(path, {}).status_code == 403
    assert seated(congress.heads[1]).get(path).status_code == 200


def test_letters_of_every_script_have_their_face(tmp_path: Path, settings: Any) -> None:
    settings.HOME = tmp_path
    assert fonts.prepared("Łódź").serif[-1] == fonts.BUILT_IN
    named = [{face.family for face in fonts._needed(text)} for text in ("a", "aш", "aшب")]
    assert named[0] < named[1] < named[2]
