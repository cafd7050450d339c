"""The JSON interface: one snapshot, two realms, refusals as problem+json."""

import json
import os
from pathlib import Path

import pytest
from django.test import Client

from comity.plain.levels import Realm
from comity.site.api import assemble

SNAPSHOT = Path(__file__).parent / "openapi.json"
pytestmark = pytest.mark.django_db


def test_the_description_is_the_committed_one(client: Client) -> None:
    """COMITY_SNAPSHOT=1 writes it anew; the difference is then read and committed."""
    described = client.get("/api/v1/openapi.json").json()
    if os.environ.get("COMITY_SNAPSHOT") == "1":
        SNAPSHOT.write_text(json.dumps(described, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    assert described == json.loads(SNAPSHOT.read_text(encoding="utf-8"))


def test_both_realms_offer_the_same_routes(client: Client) -> None:
    real, fiction = (client.get(f"{prefix}/api/v1/openapi.json").json()["paths"] for prefix in ("", "/fiction"))
    assert {path.removeprefix("/fiction") for path in fiction} == set(real)


def test_every_route_says_what_it_answers() -> None:
    described = assemble(Realm.REAL).get_openapi_schema(path_prefix="/api/v1/")
    unsaid = [
        f"{method} {path}"
        for path, methods in described["paths"].items()
        for method, route in methods.items()
        if not route.get("summary") and not route.get("description")
    ]
    assert unsaid == []


def test_a_question_that_cannot_be_read_is_a_problem(client: Client) -> None:
    answer = client.get("/api/v1/search", {"q": "x" * 300})
    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["type"] == "urn:comity:refusal:bad-input"


def test_the_head_of_every_answer_may_be_asked_for(client: Client) -> None:
    for address in ("/api/v1/kinds", "/fiction/api/v1/organisations"):
        assert client.head(address).status_code == 200


def test_what_does_not_exist_is_not_found_and_led_nowhere(client: Client) -> None:
    for address in ("/api/v1/nothing", "/fiction/api/v1/nothing", "/fiction/record/nothing"):
        assert client.get(address).status_code == 404, address


@pytest.mark.parametrize(
    "address",
    [
        "/en/search?q=%00",
        "/en/organisation/?kind=%00",
        "/en/organisation/a%00b",
        "/api/v1/search?q=%00",
        "/api/v1/organisations/%00",
        "/en/thread/organisation/%00",
    ],
)
def test_the_one_character_that_no_name_has_finds_nothing(client: Client, address: str) -> None:
    """PostgreSQL takes it in no query at all."""
    assert client.get(address).status_code == 404
