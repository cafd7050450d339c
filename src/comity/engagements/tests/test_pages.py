"""Engagement pages and interface, walked as a reader and as the seats that act."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from comity.conftest import Cast
from comity.engagements.actions import register_delegation, report
from comity.engagements.kinds import ENGAGEMENT
from comity.engagements.models import Capacity, Engagement
from comity.engagements.tests.factories import CONVENED, ENDS, talks
from comity.people.access import CAST_KEY
from comity.plain.actors import ActorRef
from comity.plain.levels import Level, Realm
from comity.plain.refs import Ref
from comity.record.actions import append

Sit = Callable[[ActorRef], Client]


@pytest.fixture
def sit(settings: Any) -> Sit:
    settings.DEMO = True

    def seated(actor: ActorRef) -> Client:
        client = Client()
        session = client.session
        session[CAST_KEY] = actor.id
        session.save()
        return client

    return seated


def page(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, answer.content[:2000]
    return answer.content.decode()


TERMS = {
    "kind": "visit",
    "title": "Visit by form",
    "language": "en",
    "capacity": "party",
    "on_behalf_of": "",
    "house_rule": "public",
    "topics": ["peace"],
    "place": "Testhaven",
    "country": "",
    "zone": "Europe/Paris",
    "starts": "2026-04-10T09:00",
    "ends": "2026-04-12T18:00",
    "level": "0",
    "attribution": "organisation",
    "for-good": "yes",
}


@pytest.mark.mission("S5", at="engagement")
def test_no_engagement_without_capacity_and_each_page_bears_its_disclaimer(cast: Cast, sit: Sit) -> None:
    client = sit(cast.amina)
    terms = {**TERMS, "network": cast.network.public_id}
    refused = client.post("/fiction/en/engagement/new", {**terms, "capacity": ""})
    assert refused.status_code == 422
    assert not Engagement.objects.exists()
    for capacity in Capacity.values:
        told = {**terms, "title": f"As {capacity}", "capacity": capacity, "on_behalf_of": "the Test Assembly"}
        assert client.post("/fiction/en/engagement/new", told).status_code == 302
    reader = Client()
    for row in Engagement.objects.all():
        shown = page(reader, ENGAGEMENT.address(row, "en"))
        assert str(row.get_capacity_display()) in shown
        told = reader.get(f"/fiction/api/v1/engagements/{row.public_id}").json()
        assert told["capacity"] == row.capacity
        assert told["disclaimer"].split(".")[0] in shown
    personal = Engagement.objects.get(capacity=Capacity.PERSONAL)
    assert "act as individual members" in page(reader, ENGAGEMENT.address(personal, "en"))
    assert "on behalf of the Test Assembly" in page(
        reader, ENGAGEMENT.address(Engagement.objects.get(capacity=Capacity.PARLIAMENT), "en")
    )


@pytest.mark.mission("S9", at="engagement", missing="invitation, programme, who paid, follow-ups")
def test_a_meeting_thirty_days_over_without_a_report_is_listed_as_overdue(cast: Cast, client: Client) -> None:
    row = talks(cast, kind="visit")
    append(
        "engagements.noted",
        realm=Realm.FICTION,
        subject=Ref("engagement", row.public_id),
        by=cast.amina,
        at=ENDS + timedelta(days=40),
    )
    address = ENGAGEMENT.address(row, "en")
    day = (ENDS + timedelta(days=30)).date()
    assert "overdue" not in page(client, f"/fiction/en/engagement/?on={day}")
    assert "overdue" in page(client, f"/fiction/en/engagement/?on={day + timedelta(days=1)}")
    assert "overdue" in page(client, address)


@pytest.mark.mission("S12", at="engagement", missing="posts within the forum, and consent of all to a looser rule")
def test_the_house_rule_is_fixed_before_the_opening_and_stands_at_the_top(cast: Cast, sit: Sit) -> None:
    row = talks(cast, kind="forum")
    shown = page(Client(), ENGAGEMENT.address(row, "en"))
    assert shown.index("House rule") < shown.index("delegation")
    assert "not who said it" in shown
    path = f"/fiction/en/engagement/{row.public_id}/do/register"
    form = page(sit(cast.chen), path)
    assert "Register and accept the house rule" in form
    assert sit(cast.chen).post(path, {"size": 2}).status_code == 302
    accepted = row.participations.get()
    assert accepted.accepted_rule == row.house_rule == "non-attributed"


def test_a_closed_report_stays_closed_at_every_exit(cast: Cast, sit: Sit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("comity.site.middleware.now", lambda realm: ENDS)
    row = talks(cast, house_rule="closed")
    register_delegation(row, organisation=cast.other_party, size=2, by=cast.chen, at=CONVENED)
    report(row, words="Said behind the door.", language="en", by=cast.chen, at=ENDS)
    address = ENGAGEMENT.address(row, "en")
    for client in (Client(), sit(cast.secretariat)):
        assert "Said behind the door." not in page(client, address)
        assert client.get(f"/fiction/api/v1/engagements/{row.public_id}").json()["report"] is None
    assert "Said behind the door." in page(sit(cast.chen), address)


def test_as_of_an_earlier_day_nothing_later_shows(cast: Cast, client: Client) -> None:
    row = talks(cast)
    register_delegation(row, organisation=cast.other_party, size=2, by=cast.chen, at=CONVENED + timedelta(days=3))
    report(row, words="What we said.", language="en", by=cast.chen, at=ENDS + timedelta(days=2))
    address = ENGAGEMENT.address(row, "en")
    early = page(client, f"{address}?on={CONVENED.date()}")
    assert cast.other_party.name not in early
    assert "What we said." not in early
    page(client, f"{address}?on={(CONVENED - timedelta(days=1)).date()}", 404)
    now = page(client, address)
    assert cast.other_party.name in now
    assert "What we said." in now


def test_hidden_ones_answer_404_and_wrong_slugs_redirect(cast: Cast, client: Client, sit: Sit) -> None:
    hidden = talks(cast, level=Level.BODY)
    page(client, ENGAGEMENT.address(hidden, "en"), 404)
    page(sit(cast.chen), ENGAGEMENT.address(hidden, "en"), 404)
    assert hidden.title in page(sit(cast.boris), ENGAGEMENT.address(hidden, "en"))
    shown = talks(cast, title="Shown")
    answer = client.get(f"/fiction/en/engagement/{shown.public_id}/wrong")
    assert (answer.status_code, answer["Location"]) == (301, ENGAGEMENT.address(shown, "en"))


def test_bad_forms_say_what_to_do(cast: Cast, sit: Sit) -> None:
    client, terms = sit(cast.amina), {**TERMS, "network": cast.network.public_id}
    for wrong in (
        {"zone": "Nowhere/Land"},
        {"ends": "2026-04-01T10:00"},
        {"starts": "2026-03-29T02:30"},
        {"place": " "},
    ):
        assert client.post("/fiction/en/engagement/new", {**terms, **wrong}).status_code == 422
    assert not Engagement.objects.exists()
    row = talks(cast)
    path = f"/fiction/en/engagement/{row.public_id}/do"
    assert client.post(f"{path}/register", {"size": 0}).status_code == 422
    assert client.post(f"{path}/report", {"words": "Too early.", "language": "en"}).status_code == 422
    assert Client().post(f"{path}/register", {"size": 3}).status_code == 403


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_pages_stand_in_every_language(cast: Cast, client: Client, language: str) -> None:
    row = talks(cast)
    for path in (f"/fiction/{language}/engagement/", ENGAGEMENT.address(row, language)):
        text = page(client, path)
        assert " style=" not in text
        assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text))


def test_what_the_form_offers_is_what_it_takes(cast: Cast, sit: Sit) -> None:
    client = sit(cast.amina)
    offered = re.findall(
        r'<option value="([^"]+)"', page(client, "/fiction/en/engagement/new").split('name="network"')[1]
    )
    assert offered[0] == cast.network.public_id
    assert client.post("/fiction/en/engagement/new", {**TERMS, "network": offered[0]}).status_code == 302
