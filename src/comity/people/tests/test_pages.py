"""Signing in, taking a seat and losing it, as somebody at a browser does."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client, override_settings
from django.urls import include, path

from comity.conftest import AT, OPERATOR, Cast
from comity.mail.models import Letter
from comity.people import access
from comity.people.access import CAST_KEY, actor_from_session
from comity.people.actions import make_operator, register_person, revoke_seat, set_password
from comity.people.models import Person, Role, Seat
from comity.people.queries import seat_of
from comity.people.tests.holder import WORDS, begin, link_to, sign_in
from comity.people.tests.seats import grant_seat
from comity.plain.actors import ANONYMOUS, SYSTEM, ActorKind, ActorRef
from comity.plain.levels import Realm
from comity.record.tests.copied import copied, words_of


def person_of(actor_id: str) -> Person:
    person = Seat.objects.get(public_id=actor_id).person
    return set_password(person, password=WORDS, by=SYSTEM, at=AT)


def actor(client: Client, realm: Realm = Realm.FICTION, days: int = 0) -> ActorRef:
    return actor_from_session(dict(client.session), realm, AT + timedelta(days=days))


def test_who_holds_one_seat_takes_it_by_signing_in(client: Client, cast: Cast) -> None:
    sign_in(client, person_of(cast.amina.id).email.upper())
    assert actor(client) == cast.amina
    assert actor(client, Realm.REAL) == ANONYMOUS
    assert cast.party.name in client.get("/fiction/en/desk").content.decode()


def test_a_wrong_password_says_what_to_do_and_seats_nobody(client: Client, cast: Cast) -> None:
    email = person_of(cast.amina.id).email
    answer = client.post("/fiction/en/sign-in", {"email": email, "password": "not it"})
    assert answer.status_code == 422
    assert "No open account" in answer.content.decode()
    assert SESSION_KEY not in client.session


def test_a_revoked_seat_is_left_at_once_and_a_changed_password_ends_sessions(client: Client, cast: Cast) -> None:
    person = person_of(cast.amina.id)
    sign_in(client, person.email)
    revoke_seat(Seat.objects.get(public_id=cast.amina.id), by=OPERATOR, at=AT)
    assert actor(client) == ANONYMOUS
    other = person_of(cast.chen.id)
    client.post("/fiction/en/sign-out")
    sign_in(client, other.email)
    assert actor(client) == cast.chen
    set_password(other, password=WORDS + " now", by=SYSTEM, at=AT)
    assert actor(client) == ANONYMOUS


def test_nobody_takes_a_seat_that_is_not_theirs(client: Client, cast: Cast) -> None:
    sign_in(client, person_of(cast.amina.id).email)
    assert client.post("/fiction/en/seats", {"seat": cast.chen.id}).status_code == 403
    assert client.post("/fiction/en/seats", {"seat": access.OPERATOR_SEAT}).status_code == 403
    assert actor(client) == cast.amina
    session = client.session
    session[access.SEATS_KEY] = {"fiction": cast.chen.id}
    session.save()
    assert actor(client) == ANONYMOUS


def test_an_operator_acts_without_a_seat(client: Client, cast: Cast) -> None:
    person = register_person(
        name="Ola", email="ola@example.org", language="en", password=WORDS, by=SYSTEM, at=AT, realm=Realm.FICTION
    )
    make_operator(person, by=SYSTEM, at=AT)
    sign_in(client, person.email)
    assert client.post("/fiction/en/seats", {"seat": access.OPERATOR_SEAT}).status_code == 302
    assert actor(client).kind is ActorKind.OPERATOR
    assert client.get("/fiction/en/desk").status_code == 200


def test_an_officer_grants_a_seat_and_the_invited_person_begins(client: Client, cast: Cast) -> None:
    officer = person_of(cast.stranger.id)
    sign_in(client, officer.email)
    page = f"/fiction/en/desk/organisation/{cast.stranger.organisation}/seats"
    given = {"name": "Eve", "email": "eve@example.org", "role": Role.DELEGATE, "start": "2026-03-01"}
    answer = client.post(page, given, follow=True)
    assert "/welcome/" not in answer.content.decode()
    eve = Client()
    link = link_to("eve@example.org", "welcome")
    begin(eve, "eve@example.org")
    assert eve.get(link).status_code == 403
    sign_in(eve, "eve@example.org")
    seat = seat_of(actor(eve, days=1), AT + timedelta(days=1))
    assert seat is not None
    assert seat.role == Role.DELEGATE
    assert client.post(f"/fiction/en/desk/seat/{seat.public_id}/revoke").status_code == 302
    assert actor(eve, days=1) == ANONYMOUS


def test_an_invitation_is_read_in_the_mailbox_and_nowhere_else(client: Client, cast: Cast) -> None:
    waiting = register_person(name="Eve", email="eve@example.org", language="en", by=OPERATOR, at=AT)
    grant_seat(person=waiting, organisation=cast.party, role=Role.HEAD, title="", start=AT.date(), by=OPERATOR, at=AT)
    sign_in(client, person_of(cast.stranger.id).email)
    page = f"/fiction/en/desk/organisation/{cast.stranger.organisation}/seats"
    given = {"name": "Eve", "email": "eve@example.org", "role": Role.DELEGATE, "start": "2026-03-01"}
    answer = client.post(page, given, follow=True)
    assert "An invitation is on its way to eve@example.org" in answer.content.decode()
    assert "/welcome/" not in answer.content.decode()
    seat = waiting.seats.get(organisation__public_id=cast.stranger.organisation)
    again = client.post(f"/fiction/en/desk/seat/{seat.public_id}/invite", follow=True)
    assert "/welcome/" not in again.content.decode()
    assert Letter.objects.filter(to="eve@example.org").count() == 2
    assert {letter.subject for letter in Letter.objects.all()} == {"Your account at Comity"}


def test_what_a_seat_reads_is_kept_in_no_shared_cache(client: Client, cast: Cast) -> None:
    assert "private" not in client.get("/fiction/en/engagement/").headers.get("Cache-Control", "")
    sign_in(client, person_of(cast.amina.id).email)
    for address in ("/fiction/en/engagement/", "/fiction/api/v1/engagements", "/fiction/en/nothing"):
        assert "private" in client.get(address).headers["Cache-Control"], address


def test_a_refusal_stands_at_its_field(client: Client, cast: Cast) -> None:
    sign_in(client, person_of(cast.stranger.id).email)
    page = f"/fiction/en/desk/organisation/{cast.stranger.organisation}/seats"
    given = {"name": "Eve", "email": "eve@example.org", "role": Role.MONITOR, "start": "2026-03-01"}
    answer = client.post(page, given)
    assert answer.status_code == 422
    assert "The network confers this office" in answer.content.decode()
    assert not Seat.objects.filter(role=Role.MONITOR, organisation__public_id=cast.stranger.organisation).exists()
    assert not Person.objects.filter(email="eve@example.org").exists()


@pytest.mark.parametrize("who", ["amina", "boris", "chen", "dana", "anonymous"])
def test_who_may_not_see_seats_learns_no_name(client: Client, cast: Cast, who: str) -> None:
    if who != "anonymous":
        sign_in(client, person_of(getattr(cast, who).id).email)
    answer = client.get(f"/fiction/en/desk/organisation/{cast.stranger.organisation}/seats")
    assert answer.status_code == 403
    assert "Stranger" not in answer.content.decode()


class WithCast:
    """The addresses of the house with those of a demonstration."""

    from comity.people.urls_demo import urlpatterns as demo
    from comity.site.urls import urlpatterns as house

    urlpatterns = [
        path("fiction/<lang:lang>/", include((demo, "pages"), namespace="demo"), {"realm": Realm.FICTION}),
        path("<lang:lang>/", include((demo, "pages"), namespace="real-demo"), {"realm": Realm.REAL}),
        *house,
    ]


def test_without_the_demonstration_there_is_no_cast_and_its_key_is_ignored(client: Client, cast: Cast) -> None:
    assert client.get("/fiction/en/cast").status_code == 404
    session = client.session
    for taken in (cast.amina.id, access.OPERATOR_SEAT):
        session[CAST_KEY] = taken
        session.save()
        assert actor(client) == ANONYMOUS
    with override_settings(ROOT_URLCONF=WithCast):
        assert client.post("/fiction/en/cast", {"seat": cast.amina.id}).status_code == 404


@override_settings(DEMO=True, ROOT_URLCONF=WithCast)
def test_in_the_demonstration_one_click_takes_any_seat_of_the_fiction(client: Client, cast: Cast) -> None:
    assert "Amina" in client.get("/fiction/en/cast").content.decode()
    assert client.get("/en/cast").status_code == 404
    assert client.post("/fiction/en/cast", {"seat": cast.amina.id}).status_code == 302
    assert actor(client) == cast.amina
    assert actor(client, Realm.REAL) == ANONYMOUS
    assert client.post("/fiction/en/cast", {"seat": "operator"}).status_code == 302
    assert actor(client) == access.OPERATOR_OF_THE_FICTION
    assert actor(client, Realm.REAL) == ANONYMOUS
    away = client.post("/fiction/en/cast", {"seat": cast.chen.id, "next": "https://elsewhere.example/"})
    assert away.headers["Location"] == "/fiction/en/desk"
    assert actor(client) == cast.chen
    assert client.post("/fiction/en/cast", {"seat": ""}).status_code == 302
    assert actor(client) == ANONYMOUS
    revoke_seat(Seat.objects.get(public_id=cast.amina.id), by=OPERATOR, at=AT)
    assert client.post("/fiction/en/cast", {"seat": cast.amina.id}).status_code == 403


def test_the_published_record_of_seats_names_nobody(
    cast: Cast, check_record: Callable[[], None], tmp_path: Path
) -> None:
    revoke_seat(Seat.objects.get(public_id=cast.amina.id), by=OPERATOR, at=AT)
    check_record()
    copied(Realm.FICTION, tmp_path, at=AT)
    published = words_of(tmp_path)
    assert "people.seat_granted" in published
    assert "people.seat_revoked" in published
    for person in Person.objects.all():
        assert person.name not in published
        assert person.email not in published
        assert person.public_id not in published
