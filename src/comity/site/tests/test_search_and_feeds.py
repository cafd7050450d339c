"""Search and feeds: by any of its names, in one realm, and only what the reader may see."""

import xml.etree.ElementTree as ET
from datetime import timedelta

import pytest
from django.test import Client

from comity.conftest import Cast
from comity.plain.actors import ANONYMOUS, SYSTEM
from comity.plain.levels import Level, Realm
from comity.plain.place import Place
from comity.record.actions import sequence
from comity.registry.actions import list_organisation
from comity.registry.models import OrganisationKind
from comity.site.search import Question, search, shown
from comity.texts import actions
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
        network=congress.network, title="Draft for ourselves", language="en", kind="declaration",
        blocks=promise_clauses(1), originator=congress.parties[0], level=Level.ORGANISATION,
        by=congress.heads[0], at=AT,
    )  # fmt: skip
    congress.draft(title="Draft for all")
    assert titles("draft") == ["Draft for all"]
    answer = client.get("/fiction/api/v1/search", {"q": "draft"}).json()
    assert [found["title"] for found in answer["results"]] == ["Draft for all"]
    assert answer["fictional"] is True


def test_the_page_says_how_many_and_where(cast: Cast, client: Client) -> None:
    page = client.get("/fiction/en/search", {"q": "<b>shore"}).content.decode()
    assert "<b>shore" not in page
    found = client.get("/fiction/en/search", {"q": "shore league"}).content.decode()
    assert f"/fiction/en/organisation/{cast.other_party.public_id}/test-shore-league" in found


def test_the_feed_is_atom_marked_as_fiction_and_public(client: Client) -> None:
    congress = convene(2)
    congress.draft(title="Draft for all")
    actions.draft(
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
