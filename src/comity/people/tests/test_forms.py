"""What a form says back: a refusal at its field, with the rule and the remedy."""

import re

import pytest
from django.test import Client

from comity.conftest import AT
from comity.people.access import OPERATOR_SEAT
from comity.people.actions import make_operator, register_person
from comity.people.tests.holder import WORDS, sign_in
from comity.plain.actors import SYSTEM
from comity.registry.models import Organisation


@pytest.fixture
def operator(db: None, client: Client) -> Client:
    """The operator of the instance, signed in among the real and in the fiction."""
    person = register_person(name="Ola", email="ola@example.org", language="en", password=WORDS, by=SYSTEM, at=AT)
    make_operator(person, by=SYSTEM, at=AT)
    sign_in(client, person.email, "/en")
    for realm in ("/en", "/fiction/en"):
        assert client.post(f"{realm}/seats", {"seat": OPERATOR_SEAT}).status_code == 302
    return client


def errors(answer: object, field: str) -> str:
    """What stands at one field."""
    page = answer.content.decode()  # type: ignore[attr-defined]
    return " ".join(re.findall(rf'id="id_{field}_error">(.*?)</p>', page, re.S))


def test_a_fact_about_the_real_names_its_source_and_a_story_need_not(operator: Client) -> None:
    given = {"kind": "party", "name": "Example for a test", "name_language": "en"}
    answer = operator.post("/en/desk/organisations/list", given)
    assert answer.status_code == 422
    assert errors(answer, "source_title")
    assert not Organisation.objects.exists()
    assert operator.post("/fiction/en/desk/organisations/list", given).status_code == 302


def test_a_date_that_cannot_be_read_is_told_at_its_field(operator: Client) -> None:
    given = {"kind": "party", "name": "Shore Party", "name_language": "en", "founded": "1994-13"}
    answer = operator.post("/fiction/en/desk/organisations/list", given)
    assert "YYYY-MM-DD" in errors(answer, "founded")


def test_a_wing_named_like_a_person_is_refused_at_its_name(operator: Client) -> None:
    given = {"kind": "wing", "wing_kind": "youth", "name": "Mara Ellison", "name_language": "en"}
    answer = operator.post("/fiction/en/desk/organisations/list", given)
    assert "name of a person" in errors(answer, "name")


def test_a_name_that_several_bear_asks_for_the_id(operator: Client) -> None:
    for _ in range(2):
        given = {"kind": "party", "name": "People's Party", "name_language": "en"}
        assert operator.post("/fiction/en/desk/organisations/list", given).status_code == 302
    given = {"kind": "wing", "name": "Union of Youth", "name_language": "en", "parent": "PEOPLE'S PARTY"}
    told = errors(operator.post("/fiction/en/desk/organisations/list", given), "parent")
    assert all(row.public_id in told for row in Organisation.objects.filter(kind="party"))
    given["parent"] = "No such party"
    told = errors(operator.post("/fiction/en/desk/organisations/list", given), "parent")
    assert "No organisation here bears this name" in told


def test_an_unknown_zone_is_told_at_its_field(operator: Client) -> None:
    given = {"name": "Concord", "name_language": "en", "network_kind": "regional", "languages": "en"}
    answer = operator.post("/fiction/en/desk/networks/found", given | {"time_zone": "Moon/Sea"})
    assert "IANA" in errors(answer, "time_zone")
