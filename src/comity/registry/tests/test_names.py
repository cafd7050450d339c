"""Whoever has a name in the reader's language is called by it on that day; others keep their own, marked as such."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from comity.conftest import AT, OPERATOR
from comity.plain.actors import ANONYMOUS
from comity.plain.kinds import Called, called
from comity.plain.levels import Realm
from comity.plain.place import Place
from comity.registry.actions import Named, list_organisation
from comity.registry.models import Organisation, OrganisationKind

pytestmark = pytest.mark.django_db


def party(name: str, *names: Named) -> Organisation:
    return list_organisation(
        realm=Realm.FICTION, kind=OrganisationKind.PARTY, name=name, names=names, by=OPERATOR, at=AT
    )


def place(language: str, day: date | None = None) -> Place:
    return Place(Realm.FICTION, language, ANONYMOUS, AT, day or AT.date())


def test_the_name_of_the_readers_language_and_of_the_day() -> None:
    harbour = party(
        "Harbour Party",
        Named("Parti du quai", "official", "fr", valid_to="2019-12-31"),
        Named("Parti du port", "official", "fr", valid_from="2020-01-01"),
        Named("Ancien parti", "former", "es"),
    )
    assert called(harbour, place("fr")) == Called("Parti du port", "fr")
    assert called(harbour, place("fr", date(2015, 5, 1))) == Called("Parti du quai", "fr")
    assert called(harbour, place("es")) == Called("Harbour Party", "en")
    assert called(harbour, place("en")) == Called("Harbour Party", "en")


def test_names_are_asked_for_once_a_request() -> None:
    parties = [party(f"Party {n}", Named(f"Parti {n}", "official", "fr")) for n in range(5)]
    where = place("fr")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert [called(row, where).words for row in parties] == [f"Parti {n}" for n in range(5)]
    assert len(asked) == 1


def test_the_page_bears_the_name_and_tells_the_others(client: Client) -> None:
    harbour = party("Harbour Party", Named("Parti du port", "official", "fr"))
    body = client.get(f"/fiction/fr/organisation/{harbour.public_id}", follow=True).content.decode()
    assert '<span lang="fr" dir="ltr">Parti du port</span></h1>' in body
    assert "Harbour Party" in body
