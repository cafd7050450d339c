"""The list of organisations: page after page, by name, kind and country, for one reader."""

import re

import pytest
from django.test import Client

from comity.conftest import OPERATOR, Cast
from comity.plain.actors import ANONYMOUS
from comity.plain.levels import Level, Realm
from comity.plain.place import Place
from comity.registry import lists
from comity.registry.actions import Named, list_organisation
from comity.registry.lists import Asked
from comity.registry.models import Organisation
from comity.registry.pages import page
from comity.registry.tests.factories import AT, lands, party

LIST = "/fiction/en/organisation/"


def place() -> Place:
    return Place(realm=Realm.FICTION, language="en", actor=ANONYMOUS, at=AT, as_of=AT.date())


def walked(asked: Asked) -> list[str]:
    """The names of all pages, one after the other."""
    names: list[str] = []
    after = asked.after
    while True:
        rows, following = lists.Organisations(place(), Asked(asked.q, asked.kind, asked.country, after)).page()
        assert len(rows) <= lists.PAGE
        names += [row.name for row in rows]
        if not following:
            return names
        assert following != after
        after = following


@pytest.fixture
def many(cast: Cast) -> list[Organisation]:
    lands("TES", "HAL", of=cast.network)
    return [party(f"Listed Party {n // 2:02}", country=("TES", "HAL", "")[n % 3]) for n in range(120)]


def test_every_organisation_stands_on_exactly_one_page(many: list[Organisation]) -> None:
    listed = Organisation.objects.exclude(kind="network").order_by("name", "pk")
    assert walked(Asked()) == [row.name for row in listed]
    assert sorted(walked(Asked(q="listed party"))) == sorted(row.name for row in many)
    assert len(walked(Asked(country="TES"))) == len(walked(Asked(q="listed", country="HAL", kind="party"))) == 40


def test_the_facets_add_up_to_the_list(many: list[Organisation]) -> None:
    for given in ({}, {"q": "listed"}, {"country": "TES"}, {"kind": "party", "country": "HAL"}, {"kind": "x"}):
        asked = Asked(**given)
        facets = lists.Organisations(place(), asked).facets()
        assert facets.count(asked) == len(walked(asked))
    facets = lists.Organisations(place(), Asked(country="TES")).facets()
    assert facets.countries(Asked(country="TES")) == {"TES": 40, "HAL": 40}
    assert facets.kinds(Asked(country="TES")) == {"party": 40}


def test_what_may_not_be_seen_is_in_no_page_and_no_count(many: list[Organisation]) -> None:
    before = lists.Organisations(place(), Asked()).facets()
    hidden = party("Listed Party 00 hidden", level=Level.ORGANISATION)
    assert hidden.name not in walked(Asked()) + walked(Asked(q="listed"))
    assert lists.Organisations(place(), Asked()).facets() == before
    assert lists.Organisations(place(), Asked(after=hidden.public_id)).page()[0][0].name != hidden.name


def test_a_name_is_found_as_search_finds_it(cast: Cast) -> None:
    row = list_organisation(
        realm=Realm.FICTION, kind="party", name="Ógra Party", names=[Named("حزب الأمل", "native")], by=OPERATOR, at=AT
    )
    party("Ogra of the real", realm=Realm.REAL)
    for words in ("ogra party", "الامل", "Ogra Prty"):
        assert walked(Asked(q=words))[:1] == [row.name], words
    assert walked(Asked(q="nothing bears this")) == []
    assert walked(Asked(q="?!")) == []


def test_the_list_is_paged_in_the_address(client: Client, many: list[Organisation]) -> None:
    first = client.get(f"{LIST}?q=listed").content.decode()
    assert first.count('<th scope="row">') == 50
    following = re.search(r'href="\?(q=listed&amp;after=\w{16})" rel="next"', first)
    assert following is not None
    second = client.get(f"{LIST}?{following[1].replace('&amp;', '&')}").content.decode()
    assert second.count('<th scope="row">') == 50
    assert 'href="?q=listed"' in second
    assert client.get(f"{LIST}?q=nothing+bears+this").status_code == 200
    assert client.get(f"{LIST}?after=no-such-row&kind=%00").status_code in {200, 404}


@pytest.mark.django_db
@pytest.mark.parametrize("order", [("-founded", "pk"), ("founded", "-name", "pk"), ("-pk",)])
def test_pages_of_any_order_make_up_the_whole(order: tuple[str, ...]) -> None:
    for number in range(7):
        party(f"Party {number % 3}{number}", founded=str(1990 + number % 2))
    rows, after = Organisation.objects.all(), ""
    seen: list[Organisation] = []
    while True:
        found, after = page(rows, order, after, 2)
        seen += found
        if not after:
            break
    assert seen == list(rows.order_by(*order))
    assert page(rows, order, "nothing-of-this", 2)[0] == seen[:2]
