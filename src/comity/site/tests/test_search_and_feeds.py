"""Search and feeds: by any of its names, in one realm, and only what the reader may see."""

import xml.etree.ElementTree as ET
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client

from comity.conftest import Cast
from comity.plain.actors import ANONYMOUS, SYSTEM
from comity.plain.levels import Level, Realm
from comity.plain.place import Place
from comity.record.actions import sequence
from comity.registry.actions import Named, list_organisation
from comity.registry.models import OrganisationKind
from comity.site.search import Question, search, shown
from comity.texts import actions
from comity.texts.core.drafts import TranslationDraft
from comity.texts.tests.congress import AT, convene, promise_clauses

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def titles(words: str, realm: Realm = Realm.FICTION) -> list[str]:
    later = AT + timedelta(days=1)
    place = Place(realm, "en", ANONYMOUS, later, later.date())
    return [found.title for found in shown(search(Question(words), place), place)]


def test_every_word_must_be_borne_whatever_case_and_order(cast: Cast) -> None:
    assert titles("LEAGUE shore") == ["Test Shore League"]
    assert titles("league elsewhere") == []
    assert titles("   ") == []


def test_accents_are_folded(cast: Cast) -> None:
    list_organisation(realm=Realm.FICTION, kind=OrganisationKind.PARTY, name="Fôyer des Îles", by=SYSTEM, at=AT)
    assert titles("foyer iles") == ["Fôyer des Îles"]


def test_the_realms_share_no_result(cast: Cast) -> None:
    assert titles("shore", Realm.REAL) == []


def test_the_closed_is_not_found(client: Client) -> None:
    congress = convene(2)
    actions.draft(
        topics=["water"],
        network=congress.network, title="Draft for ourselves", language="en", kind="declaration",
        blocks=promise_clauses(1), originator=congress.parties[0], level=Level.ORGANISATION,
        by=congress.heads[0], at=AT,
    )  # fmt: skip
    congress.draft(title="Draft for all")
    assert titles("draft") == ["Draft for all"]
    answer = client.get("/fiction/api/v1/search", {"q": "draft"}).json()
    assert [found["title"] for found in answer["results"]] == ["Draft for all"]
    assert answer["fictional"] is True


def test_titles_are_found_in_the_languages_they_were_translated_to(cast: Cast) -> None:
    congress = convene(2)
    text = congress.draft(title="Draft for all")
    assert titles("borrador") == []
    parts = [TranslationDraft("title", "Borrador para todos")]
    actions.translate(text, language="es", parts=parts, by=congress.secretariat, at=AT)
    assert titles("borrador") == ["Draft for all"]


def test_the_interface_says_which_name_matched_and_fifty_a_page(cast: Cast, client: Client) -> None:
    for number in range(60):
        list_organisation(
            realm=Realm.FICTION, kind=OrganisationKind.PARTY, name=f"Gathering of Dunes {number}", by=SYSTEM, at=AT,
            names=[Named("Düne", "alias")],
        )  # fmt: skip
    answer = client.get("/fiction/api/v1/search", {"q": "dune", "kind": "organisation"}).json()
    assert len(answer["results"]) == 50
    assert set(answer["results"][0]) == {"kind", "id", "title", "matched", "country", "url"}
    assert answer["results"][0]["matched"] == "Düne"
    second = client.get("/fiction/api/v1/search", {"q": "dune", "page": "2"}).json()
    ids = {one["id"] for one in (*answer["results"], *second["results"])}
    assert len(ids) == 60
    assert client.get("/fiction/api/v1/search", {"q": "dune", "page": "9"}).json() == {"results": [], "fictional": True}
    assert client.get("/api/v1/search", {"q": "dune"}).json() == {"results": []}
    page = client.get("/fiction/en/search", {"q": "dune", "kind": "organisation"}).content.decode()
    assert "page=2" in page


def test_a_kind_that_is_none_is_named_with_those_there_are(client: Client) -> None:
    answer = client.get("/api/v1/search", {"q": "x", "kind": "zebra"})
    assert answer.status_code == 422
    assert "organisation" in answer.json()["detail"]


def test_choices_narrow_it_down(cast: Cast, client: Client) -> None:
    gone = list_organisation(
        realm=Realm.FICTION, kind=OrganisationKind.PARTY, name="Test Shore Past", dissolved="1999", by=SYSTEM, at=AT
    )

    def found(**asked: str) -> str:
        return client.get("/fiction/en/search", {"q": "test shore", **asked}).content.decode()

    assert gone.public_id in found()
    assert gone.public_id in found(dissolved="yes")
    assert gone.public_id not in found(dissolved="no")
    assert cast.party.public_id in found(network=cast.network.public_id)
    assert gone.public_id not in found(network=cast.network.public_id)
    assert cast.party.public_id not in found(kind="network")


@pytest.mark.parametrize(
    "words", ["x" * 10_000, "\u202e\u200b\u2066", "%%__", "'; --", "?!…", "\ud7ff", "ß" * 300, "/" * 200]
)
def test_whatever_is_typed_gets_a_plain_answer(client: Client, words: str) -> None:
    for address in ("/en/search", "/fiction/ar/search", "/en/search/suggest"):
        assert client.get(address, {"q": words, "page": "-1", "kind": words, "country": words}).status_code == 200
    page = client.get("/en/search", {"q": words}).content.decode()
    assert "\u202e" not in page
    if len(words) > 200:
        assert "the first 200 characters were searched" in page
    assert client.get("/api/v1/search", {"q": words}).status_code == (422 if len(words) > 200 else 200)


def test_while_somebody_types_only_what_she_may_see_is_suggested(cast: Cast, client: Client) -> None:
    hidden = list_organisation(
        realm=Realm.FICTION, kind=OrganisationKind.PARTY, name="Test Shore Underground", level=Level.ORGANISATION,
        by=SYSTEM, at=AT,
    )  # fmt: skip
    told = client.get("/fiction/en/search/suggest", {"q": "test sho"}).json()["suggestions"]
    assert {one["title"] for one in told} == {"Test Shore Union", "Test Shore League", "Concord of Test Shores"}
    assert all(hidden.public_id not in one["url"] for one in told)
    assert client.get("/fiction/en/search/suggest", {"q": "t"}).json() == {"suggestions": []}
    assert client.get("/en/search/suggest", {"q": "test sho"}).json() == {"suggestions": []}


def test_every_page_has_the_search_and_works_without_its_script(client: Client) -> None:
    page = client.get("/en/").content.decode()
    assert '<form class="find" action="/en/search" role="search"' in page
    assert 'suggest="/en/search/suggest"' in page
    script = (Path(__file__).parents[1] / "static" / "site" / "search-box.js").read_bytes()
    assert len(script) < 5_000


def test_the_page_says_how_many_and_where(cast: Cast, client: Client) -> None:
    page = client.get("/fiction/en/search", {"q": "<b>shore"}).content.decode()
    assert "<b>shore" not in page
    found = client.get("/fiction/en/search", {"q": "shore league"}).content.decode()
    assert f"/fiction/en/organisation/{cast.other_party.public_id}/test-shore-league" in found


def test_an_empty_feed_tells_no_time_and_stays_the_same(client: Client) -> None:
    first, second = client.get("/en/feed.atom"), client.get("/en/feed.atom")
    assert "<entry>" not in first.content.decode()
    assert "<updated>1970-01-01T00:00:00+00:00</updated>" in first.content.decode()
    assert (first.content, first.headers["ETag"]) == (second.content, second.headers["ETag"])


def test_the_feed_is_atom_marked_as_fiction_and_public(client: Client) -> None:
    congress = convene(2)
    congress.draft(title="Draft for all")
    actions.draft(
        topics=["water"],
        network=congress.network, title="Draft for ourselves", language="en", kind="declaration",
        blocks=promise_clauses(1), originator=congress.parties[0], level=Level.ORGANISATION,
        by=congress.heads[0], at=AT,
    )  # fmt: skip
    sequence(Realm.FICTION)
    reply = client.get("/fiction/en/feed.atom")
    assert reply.headers["Content-Type"].startswith("application/atom+xml")
    feed = ET.fromstring(reply.content)  # noqa: S314
    names = [entry.findtext(f"{ATOM}title") or "" for entry in feed.iter(f"{ATOM}entry")]
    assert any("Draft for all" in name for name in names)
    assert not any("Draft for ourselves" in name for name in names)
    for entry in feed.iter(f"{ATOM}entry"):
        assert "fictional" in {category.get("term") for category in entry.iter(f"{ATOM}category")}
    assert ET.fromstring(client.get("/en/feed.atom").content).find(f"{ATOM}entry") is None  # noqa: S314
