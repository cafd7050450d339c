"""Keys with which seats sign: who issues, replaces, revokes; who is told; what the pages show and refuse."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from comity.conftest import OPERATOR, Cast
from comity.mail.models import Letter
from comity.people.access import SEATS_KEY
from comity.people.accounts.proofs import PROOF_KEY, Proof, written
from comity.people.actions import register_person, revoke_seat
from comity.people.keys.actions import KeyInForce, forget_key, issue_key, revoke_key, rotate_key
from comity.people.models import Role, Seat
from comity.people.queries import actor_of
from comity.people.tests.seats import grant_seat
from comity.plain.actors import ActorRef
from comity.plain.levels import Realm
from comity.plain.refs import Ref
from comity.plain.refusals import NotAllowed
from comity.record.queries import entries_of
from comity.record.signing.actions import KeyEnded, NewKey
from comity.record.signing.queries import KeyView, key_named, keys_held, keys_of
from comity.record.tests.passkeys import KeyFile

HOUSE = "https://comity.example.org"


def issued(cast: Cast, by: ActorRef, at: datetime) -> KeyView:
    return issue_key(cast.party, NewKey(KeyFile().key, "laptop"), by=by, at=at, house=HOUSE)


def officer_of(cast: Cast, at: datetime) -> ActorRef:
    person = register_person(name="Olga", email="olga@example.org", language="en", by=OPERATOR, at=at)
    start = date(2026, 1, 1)
    seat = grant_seat(
        person=person, organisation=cast.party, role=Role.OFFICER, title="", start=start, by=OPERATOR, at=at
    )
    return actor_of(seat)


def test_whoever_answers_for_a_party_issues_a_key_and_the_others_are_told(
    cast: Cast, at: datetime, check_record: Callable[[], None]
) -> None:
    officer = officer_of(cast, at)
    key = issued(cast, cast.amina, at)
    assert key.holder == str(cast.amina)
    assert list(Letter.objects.values_list("to", flat=True)) == ["olga@example.org"]
    letter = Letter.objects.get()
    assert f"/fiction/en/desk/organisation/{cast.party.public_id}/keys" in letter.body
    assert "Amina" not in letter.subject + letter.body
    new = rotate_key(cast.party, key, NewKey(KeyFile().key), by=cast.amina, at=at, house=HOUSE)
    assert revoke_key(cast.party, new, reason="Lost.", by=officer, at=at, house=HOUSE).revoked_because == "Lost."
    told = [entry.type for entry in entries_of(Ref("organisation", cast.party.public_id)) if "key" in entry.type]
    assert told == ["record.key_issued", "record.key_rotated", "record.key_revoked"]


@pytest.mark.parametrize("who", ["boris", "chen", "dana", "secretariat", "stranger"])
def test_nobody_else_issues_or_revokes(who: str, cast: Cast, at: datetime, check_record: Callable[[], None]) -> None:
    key = issued(cast, cast.amina, at)
    by = getattr(cast, who)
    with pytest.raises(NotAllowed):
        issued(cast, by, at)
    with pytest.raises(NotAllowed):
        revoke_key(cast.party, key, reason="Mine.", by=by, at=at, house=HOUSE)
    with pytest.raises(NotAllowed):
        rotate_key(cast.party, key, NewKey(KeyFile().key), by=by, at=at, house=HOUSE)
    with pytest.raises(NotAllowed):
        forget_key(cast.party, key, legal_basis="Mine.", by=by, at=at, house=HOUSE)


def test_an_operator_issues_no_key_but_ends_and_erases(
    cast: Cast, at: datetime, check_record: Callable[[], None]
) -> None:
    key = issued(cast, cast.amina, at)
    with pytest.raises(NotAllowed):
        issued(cast, OPERATOR, at)
    with pytest.raises(KeyInForce):
        forget_key(cast.party, key, legal_basis="GDPR Art. 17", by=OPERATOR, at=at, house=HOUSE)
    ended = revoke_key(cast.party, key, reason="A court asked.", by=OPERATOR, at=at + timedelta(hours=1), house=HOUSE)
    with pytest.raises(KeyEnded):
        revoke_key(cast.party, ended, reason="Again.", by=OPERATOR, at=at + timedelta(hours=1), house=HOUSE)
    forget_key(cast.party, ended, legal_basis="GDPR Art. 17", by=OPERATOR, at=at + timedelta(days=1), house=HOUSE)
    erased = key_named(key.public_id, Realm.FICTION)
    assert erased is not None
    assert erased.line == ""


def test_a_key_is_replaced_by_its_holder_alone(cast: Cast, at: datetime, check_record: Callable[[], None]) -> None:
    key, officer = issued(cast, cast.amina, at), officer_of(cast, at)
    with pytest.raises(NotAllowed, match="the seat that holds it"):
        rotate_key(cast.party, key, NewKey(KeyFile().key), by=officer, at=at, house=HOUSE)


def client_of(actor: ActorRef) -> Client:
    seat = Seat.objects.select_related("person").get(public_id=actor.id)
    client = Client()
    client.force_login(seat.person)
    session = client.session
    session.update({SEATS_KEY: {"fiction": actor.id}, PROOF_KEY: written(Proof.CODE, datetime.now().astimezone())})
    session.save()
    return client


def page_of(cast: Cast) -> str:
    return f"/fiction/en/desk/organisation/{cast.party.public_id}/keys"


def test_a_key_made_elsewhere_is_issued_replaced_and_revoked_on_its_page(
    cast: Cast, at: datetime, check_record: Callable[[], None]
) -> None:
    client, first, second = client_of(cast.amina), KeyFile(), KeyFile()
    refused = client.post(page_of(cast), {"label": "laptop", "line": "ssh-rsa AAAA"})
    assert refused.status_code == 422
    assert "not a public key that can sign here" in refused.content.decode()
    assert client.post(page_of(cast), {"label": "laptop", "line": f"{first.key} a@b\n"}).status_code == 302
    old = keys_of(cast.party.public_id, Realm.FICTION)[0]
    shown = client.get(page_of(cast)).content.decode()
    assert old.fingerprint in shown
    assert "In the place of" in shown
    sent = {"label": "new laptop", "line": str(second.key), "replaces": old.public_id}
    assert client.post(page_of(cast), sent).status_code == 302
    new, old = keys_of(cast.party.public_id, Realm.FICTION)
    assert old.ends is not None
    assert "Another key took its place." in client.get(page_of(cast)).content.decode()
    end = f"/fiction/en/desk/key/{new.public_id}/revoke"
    assert client.get(end).status_code == 200
    assert client.post(end, {"reason": ""}).status_code == 422
    assert client.post(end, {"reason": "The laptop was stolen."}).status_code == 302
    assert keys_held(cast.party.public_id, str(cast.amina), Realm.FICTION, datetime.now().astimezone()) == []
    assert "cannot be done as things stand" in client.get(end).content.decode()


def test_a_key_that_ended_is_erased_on_its_page(cast: Cast, at: datetime, check_record: Callable[[], None]) -> None:
    officer = officer_of(cast, at)
    key = issued(cast, cast.amina, at)
    client, forget = client_of(cast.amina), f"/fiction/en/desk/key/{key.public_id}/forget"
    assert "cannot be done as things stand" in client.get(forget).content.decode()
    assert client.post(forget, {"legal_basis": "GDPR Art. 17"}).status_code == 422
    assert forget not in client.get(page_of(cast)).content.decode()
    revoke_key(cast.party, key, reason="Lost at sea.", by=officer, at=at + timedelta(days=1), house=HOUSE)
    assert forget in client.get(page_of(cast)).content.decode()
    asked = client.get(forget).content.decode()
    assert "What goes for good" in asked
    assert "It has signed nothing." in asked
    assert client.post(forget, {"legal_basis": " "}).status_code == 422
    before = Letter.objects.filter(to="olga@example.org").count()
    assert client.post(forget, {"legal_basis": "GDPR Art. 17"}).status_code == 302
    assert Letter.objects.filter(to="olga@example.org").count() == before + 1
    shown = client.get(page_of(cast)).content.decode()
    assert "An erased key" in shown
    assert "Lost at sea." not in shown
    assert key.fingerprint not in shown
    assert "cannot be done as things stand" in client.get(forget).content.decode()


def test_a_passkey_that_no_browser_made_is_refused(cast: Cast, at: datetime, check_record: Callable[[], None]) -> None:
    client = client_of(cast.amina)
    asked = client.get(page_of(cast), headers={"Accept": "application/json"}).json()["publicKey"]
    assert asked["pubKeyCredParams"] == [{"type": "public-key", "alg": -7}]
    assert asked["authenticatorSelection"]["userVerification"] == "required"
    for credential in ("", "{}", '{"response": {"clientDataJSON": "AA", "attestationObject": "AA"}}', "[]"):
        refused = client.post(page_of(cast), {"label": "phone", "credential": credential})
        assert refused.status_code == 422
        assert "The passkey could not be taken up" in refused.content.decode()


def test_the_keys_of_an_organisation_are_shown_to_those_who_answer_for_it(
    cast: Cast, at: datetime, check_record: Callable[[], None]
) -> None:
    key = issued(cast, cast.amina, at)
    for who in (cast.boris, cast.chen, cast.dana):
        assert client_of(who).get(page_of(cast)).status_code == 403
        for act in ("revoke", "forget"):
            assert client_of(who).get(f"/fiction/en/desk/key/{key.public_id}/{act}").status_code == 404
    assert Client().get(page_of(cast)).status_code == 403


def test_among_the_real_a_key_asks_for_a_proof_first(db: None, at: datetime, check_record: Callable[[], None]) -> None:
    from comity.registry.actions import list_organisation
    from comity.registry.models import OrganisationKind

    party = list_organisation(
        realm=Realm.REAL, kind=OrganisationKind.PARTY, name="Example for a test", by=OPERATOR, at=at
    )
    person = register_person(name="Ida", email="ida@example.org", language="en", by=OPERATOR, at=at)
    seat = grant_seat(
        person=person, organisation=party, role=Role.OFFICER, title="", start=date(2026, 1, 1), by=OPERATOR, at=at
    )
    client = Client()
    client.force_login(person)
    session = client.session
    session.update({SEATS_KEY: {"real": seat.public_id}, PROOF_KEY: written(Proof.CODE, at)})
    session.save()
    answer = client.get(f"/en/desk/organisation/{party.public_id}/keys")
    assert answer.status_code == 302
    assert answer["Location"] == "/en/account/prove"


def test_a_seat_that_is_taken_back_takes_its_keys_with_it(
    cast: Cast, at: datetime, check_record: Callable[[], None]
) -> None:
    later, officer = at + timedelta(days=1), officer_of(cast, at)
    lost, kept = issued(cast, cast.amina, at), issued(cast, officer, at)
    revoke_seat(Seat.objects.get(public_id=cast.amina.id), by=officer, at=later)
    ended, other = (key_named(key.public_id, Realm.FICTION) for key in (lost, kept))
    assert ended is not None
    assert not ended.in_force(later)
    assert ended.in_force(later - timedelta(seconds=1))
    assert other is not None
    assert other.in_force(later)
    told = [entry.type for entry in entries_of(Ref("organisation", cast.party.public_id))]
    assert told.count("record.key_revoked") == 1
    assert "The seat that held it was taken back." in client_of(officer).get(page_of(cast)).content.decode()


def test_a_key_lasts_no_longer_than_the_days_of_its_seat(
    cast: Cast, at: datetime, check_record: Callable[[], None]
) -> None:
    officer = officer_of(cast, at)
    Seat.objects.filter(public_id=officer.id).update(end=at.date())
    type(cast.party).objects.filter(pk=cast.party.pk).update(time_zone="Asia/Tokyo")
    key = issued(cast, officer, at)
    over = datetime(at.year, at.month, at.day, 15, tzinfo=UTC)
    assert key.ends == over
    assert key.in_force(over - timedelta(seconds=1))
    new = rotate_key(cast.party, key, NewKey(KeyFile().key), by=officer, at=at + timedelta(hours=1), house=HOUSE)
    assert new.ends == over
    assert issued(cast, cast.amina, at).ends is None
