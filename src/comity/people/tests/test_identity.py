"""Signing in through an organisation's identity provider: a real one on a port, with real signatures."""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client

from comity.people.access import OPERATOR_SEAT
from comity.people.accounts.actions.ways_in import tell_of_offer
from comity.people.accounts.edges import present
from comity.people.accounts.models import Identity
from comity.people.actions import make_operator, offer_seat, register_person, revoke_seat
from comity.people.models import Person, Role, Seat
from comity.people.tests.conftest import OPERATOR
from comity.people.tests.holder import link_to, secure
from comity.people.tests.seats import grant_seat
from comity.plain.actors import SYSTEM
from comity.plain.levels import Realm
from comity.registry.actions import list_organisation
from comity.registry.models import Organisation, OrganisationKind

SECRET = "of-the-test"  # noqa: S105 - of a provider that lives as long as a test


@dataclass
class Issuer:
    """An identity provider in this process; what its tokens say can be bent."""

    key: rsa.RSAPrivateKey
    says: dict[str, Any] = field(default_factory=dict)
    signs_with: rsa.RSAPrivateKey | None = None
    asked: dict[str, str] = field(default_factory=dict)
    address: str = ""

    def configuration(self) -> dict[str, Any]:
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def keys(self) -> dict[str, Any]:
        told = jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return {"keys": [{**told, "kid": "first", "alg": "RS256", "use": "sig"}]}

    def token(self, sent: dict[str, list[str]]) -> dict[str, Any]:
        challenge = base64.urlsafe_b64encode(hashlib.sha256(sent["code_verifier"][0].encode()).digest()).rstrip(b"=")
        assert challenge.decode() == self.asked["code_challenge"]
        assert sent["client_secret"] == [SECRET]
        now = int(time.time())
        claims = {
            "iss": self.address,
            "aud": "comity",
            "sub": "ines-1",
            "email": "Ines@example.org",
            "email_verified": True,
            "nonce": self.asked["nonce"],
            "iat": now,
            "exp": now + 60,
        }
        signed = jwt.encode(claims | self.says, self.signs_with or self.key, "RS256", headers={"kid": "first"})
        return {"access_token": "unused", "token_type": "Bearer", "id_token": signed}


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def issuer(key: rsa.RSAPrivateKey) -> Iterator[Issuer]:
    issuer = Issuer(key)

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._tell(issuer.keys() if self.path == "/keys" else issuer.configuration())

        def do_POST(self) -> None:
            self._tell(issuer.token(parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())))

        def _tell(self, told: dict[str, Any]) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(told).encode())

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    issuer.address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield issuer
    server.shutdown()


def listed(name: str) -> Organisation:
    return list_organisation(
        realm=Realm.REAL, kind=OrganisationKind.PARTY, name=name, source=None, by=SYSTEM, at=present()
    )


def seat(person: Person, organisation: Organisation) -> Seat:
    now = present()
    return grant_seat(
        person=person, organisation=organisation, role=Role.OFFICER, title="", start=now.date(), by=OPERATOR, at=now
    )


@pytest.fixture
def ines(db: None) -> Person:
    return register_person(name="Ines", email="ines@example.org", language="en", by=SYSTEM, at=present())


@pytest.fixture
def party(ines: Person, issuer: Issuer, settings: Any) -> Organisation:
    """The example party of this test, whose provider stands in the instance's file, and which gave Ines a seat."""
    party = listed("Example for a test")
    settings.IDENTITY_PROVIDERS = [
        {
            "id": "example",
            "name": "Example for a test",
            "organisation": party.public_id,
            "issuer": issuer.address,
            "client_id": "comity",
            "client_secret": SECRET,
        }
    ]
    seat(ines, party)
    return party


def come_back(client: Client, issuer: Issuer) -> Any:
    """Go to the provider and come back with what it answers."""
    led = client.get("/fr/sign-in/organisation/example")
    assert led.status_code == 302, led.content.decode()
    asked = {name: values[0] for name, values in parse_qs(urlsplit(led.headers["Location"]).query).items()}
    issuer.asked = asked
    assert asked["redirect_uri"] == "http://testserver/en/sign-in/organisation/example/back"
    assert asked["code_challenge_method"] == "S256"
    return client.get("/en/sign-in/organisation/example/back", {"code": "once", "state": asked["state"]})


def test_the_word_of_an_organisation_opens_its_own_seats_and_nothing_of_the_account(
    client: Client, issuer: Issuer, party: Organisation, ines: Person
) -> None:
    assert come_back(client, issuer).headers["Location"] == "/fr/seats"
    own = ines.seats.get(organisation=party)
    assert client.post("/en/seats", {"seat": OPERATOR_SEAT}).status_code == 403
    assert client.post("/en/seats", {"seat": own.public_id}).status_code == 302
    assert client.get("/en/desk").status_code == 200
    page = client.get("/en/account").content.decode()
    assert "on the word of your organisation" in page
    assert "Where you are signed in" not in page
    assert client.get("/en/account/passkey").headers["Location"] == "/en/account/prove"
    assert Identity.objects.get().subject == "ines-1"
    assert "Example for a test" in Client().get("/en/sign-in").content.decode()


def test_it_opens_nothing_of_whoever_acts_for_others_too(
    client: Client, issuer: Issuer, party: Organisation, ines: Person
) -> None:
    assert come_back(client, issuer).status_code == 302
    own = ines.seats.get()
    client.post("/en/seats", {"seat": own.public_id})
    assert client.get("/en/desk").status_code == 200
    elsewhere = seat(ines, listed("Another example for a test"))
    assert client.get("/en/desk").status_code == 302
    for address, asked in (("seats", elsewhere), ("desk/take", elsewhere), ("seats", own)):
        client.post(f"/en/{address}", {"seat": asked.public_id})
        assert client.get("/en/desk").status_code == 302
    answer = come_back(Client(), issuer)
    assert answer.status_code == 403
    assert "opens accounts that act for it alone" in answer.content.decode()


def test_it_opens_no_account_of_an_operator(client: Client, issuer: Issuer, party: Organisation, ines: Person) -> None:
    make_operator(ines, by=SYSTEM, at=present())
    assert come_back(client, issuer).status_code == 403


def test_it_opens_no_account_that_was_not_invited(client: Client, issuer: Issuer, party: Organisation) -> None:
    issuer.says = {"sub": "eve-1", "email": "eve@example.org"}
    answer = come_back(client, issuer)
    assert answer.status_code == 403
    assert "has invited" in answer.content.decode()
    assert not Person.objects.filter(email="eve@example.org").exists()


@pytest.mark.parametrize("unverified", [False, "true", None])
def test_an_address_that_the_provider_has_not_verified_ties_to_nothing(
    client: Client, issuer: Issuer, party: Organisation, unverified: object
) -> None:
    issuer.says = {"email_verified": unverified}
    assert come_back(client, issuer).status_code == 403
    assert not Identity.objects.exists()


def test_an_address_that_passes_to_somebody_else_does_not_take_the_account_along(
    client: Client, issuer: Issuer, party: Organisation
) -> None:
    assert come_back(client, issuer).status_code == 302
    issuer.says = {"sub": "another-2"}
    answer = come_back(Client(), issuer)
    assert answer.status_code == 403
    assert "somebody else" in answer.content.decode()


def offer(person: Person, organisation: Organisation) -> Seat:
    now = present()
    return offer_seat(
        person=person, organisation=organisation, role=Role.HEAD, title="", start=now.date(), by=OPERATOR, at=now
    )


def test_what_others_offer_closes_no_provider_and_is_not_told_to_it(
    client: Client, issuer: Issuer, party: Organisation, ines: Person
) -> None:
    """An organisation's word neither reads what others offer nor accepts anything, not even its own offers."""
    unasked, renewed = offer(ines, listed("Another example for a test")), offer(ines, party)
    assert come_back(client, issuer).status_code == 302
    client.post("/en/seats", {"seat": ines.seats.exclude(accepted_at=None).get().public_id})
    desk = client.get("/en/desk")
    assert desk.status_code == 200
    assert "Another example" not in desk.content.decode() + client.get("/en/seats").content.decode()
    for seat in (unasked, renewed):
        for answer in ("accept", "decline"):
            assert client.post(f"/en/desk/seat/{seat.public_id}/answer", {"answer": answer}).status_code == 404


def test_the_letter_of_another_organisation_tells_that_the_provider_will_open_nothing_more(
    client: Client, issuer: Issuer, party: Organisation, ines: Person
) -> None:
    """It is told to who has no other way in, before she accepts; not to others, and not of her own organisation."""
    told = "whoever acts for two organisations signs in through neither"

    def letter(seat: Seat) -> str:
        tell_of_offer(seat, house="http://testserver", by=OPERATOR, at=present())
        return Client().get(link_to(ines.email, "welcome")).content.decode()

    assert come_back(client, issuer).status_code == 302
    assert told not in letter(offer(ines, party))
    elsewhere = offer(ines, listed("Another example for a test"))
    assert told in letter(elsewhere)
    secure(ines)
    assert told not in letter(elsewhere)


def test_a_provider_opens_a_seat_only_once_the_letter_has_accepted_it(
    client: Client, issuer: Issuer, party: Organisation, ines: Person
) -> None:
    """Whoever signs in through her organisation alone accepts by letter, at first and when her seat is renewed."""
    revoke_seat(ines.seats.get(), by=OPERATOR, at=present())
    for opened in (False, True):
        seat = offer(ines, party)
        refused = come_back(Client(), issuer)
        assert refused.status_code == 403
        assert "has accepted the seat" in refused.content.decode()
        tell_of_offer(seat, house="http://testserver", by=OPERATOR, at=present())
        led = Client().post(link_to(ines.email, "welcome"), {"answer": "accept"})
        assert led.headers["Location"] == ("/en/sign-in" if opened else "/en/account")
        assert come_back(client, issuer).status_code == 302
        revoke_seat(Seat.objects.get(pk=seat.pk), by=OPERATOR, at=present())
        ines.refresh_from_db()


def test_a_revoked_seat_is_opened_by_no_provider(
    client: Client, issuer: Issuer, party: Organisation, ines: Person
) -> None:
    revoke_seat(ines.seats.get(), by=OPERATOR, at=present())
    assert come_back(client, issuer).status_code == 403


@pytest.mark.parametrize(
    "bent",
    [
        {"nonce": "of another session"},
        {"aud": "another house"},
        {"iss": "http://elsewhere.example"},
        {"exp": 1_000_000},
    ],
    ids=lambda bent: next(iter(bent)),
)
def test_a_token_that_was_not_made_for_this_sign_in_is_not_believed(
    client: Client, issuer: Issuer, party: Organisation, bent: dict[str, Any]
) -> None:
    issuer.says = bent
    assert come_back(client, issuer).status_code == 502


def test_a_token_signed_by_another_key_is_not_believed(client: Client, issuer: Issuer, party: Organisation) -> None:
    issuer.signs_with = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    assert come_back(client, issuer).status_code == 502


def test_a_state_counts_once_and_only_in_its_own_browser(client: Client, issuer: Issuer, party: Organisation) -> None:
    assert come_back(client, issuer).status_code == 302
    again = {"code": "once", "state": issuer.asked["state"]}
    assert client.get("/en/sign-in/organisation/example/back", again).status_code == 502
    client.get("/en/sign-in/organisation/example")
    assert Client().get("/en/sign-in/organisation/example/back", again).status_code == 502
    assert client.get("/en/sign-in/organisation/unknown").status_code == 404


def test_a_provider_that_is_away_is_said_to_be(client: Client, issuer: Issuer, party: Organisation) -> None:
    from django.conf import settings

    settings.IDENTITY_PROVIDERS[0]["issuer"] = "http://127.0.0.1:9"
    answer = client.get("/en/sign-in/organisation/example")
    assert answer.status_code == 502
    assert "gave no answer that can be trusted" in answer.content.decode()
