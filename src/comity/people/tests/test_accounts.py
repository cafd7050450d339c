"""What opens an account and its seats, what does not, how often it may be tried, and what is seen and ended."""

import re
from datetime import date, timedelta
from importlib import import_module
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.apps import apps
from django.contrib.auth import SESSION_KEY
from django.test import Client

from comity.conftest import AT, OPERATOR, Cast
from comity.mail.models import Letter
from comity.people.access import OPERATOR_SEAT
from comity.people.accounts import factors, limits
from comity.people.accounts.actions import attempts
from comity.people.accounts.actions.ways_in import spend_recovery_code, start_codes, tell_of_offer
from comity.people.accounts.edges import device_of, present
from comity.people.accounts.limits import KNOWN_COOKIE, Limit, TooManyAttempts, source_of
from comity.people.accounts.models import Attempt, BrowserSession
from comity.people.actions import make_operator, offer_seat, register_person, revoke_seat, set_password
from comity.people.models import Person, Role, Seat
from comity.people.queries import operator
from comity.people.tests.holder import WORDS, begin, code_of, link_to, recovery_code, secure, sign_in
from comity.plain.actors import SYSTEM
from comity.plain.levels import Realm
from comity.plain.refs import Ref
from comity.record.queries import entries_of
from comity.site import clock

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fiction's clock stands an hour after the cast was seated."""
    story = AT + timedelta(hours=1)
    monkeypatch.setattr(
        "comity.site.middleware.now", lambda realm: story if realm is Realm.FICTION else clock.now(realm)
    )


@pytest.fixture
def amina(cast: Cast) -> Person:
    """The holder of a seat, with a password."""
    person = Seat.objects.get(public_id=cast.amina.id).person
    return set_password(person, password=WORDS, by=SYSTEM, at=AT)


def fails(client: Client, email: str, times: int, **more: Any) -> Any:
    """Try wrong passwords, and give the last answer."""
    for _ in range(times):
        answer = client.post("/en/sign-in", {"email": email, "password": "not this one"}, **more)
    return answer


# What opens a seat


def test_the_passkey_comes_first_and_the_password_is_the_other_way(client: Client, amina: Person) -> None:
    page = client.get("/en/sign-in").content.decode()
    assert page.index('data-passkey="get"') < page.index('name="password"')
    client.post("/en/sign-in", {"email": amina.email, "password": WORDS})
    account = client.get("/en/account").content.decode()
    assert account.index("No passkey yet. It is the safest way") < account.index("/en/account/password")
    assert 'class="button solid" href="/en/account/passkey"' in account


def test_a_password_alone_opens_no_seat(client: Client, cast: Cast, amina: Person) -> None:
    answer = client.post("/fiction/en/sign-in", {"email": amina.email, "password": WORDS})
    assert answer.headers["Location"] == "/fiction/en/account"
    page = client.get("/en/account").content.decode()
    assert "A password alone opens nothing" in page
    assert client.get("/fiction/en/seats").headers["Location"] == "/fiction/en/account"
    assert client.post("/fiction/en/seats", {"seat": cast.amina.id}).status_code == 403
    assert client.get("/fiction/en/desk").status_code == 302


def test_once_there_is_a_second_factor_the_password_is_half_the_way(client: Client, amina: Person) -> None:
    secure(amina)
    client.post("/fiction/en/sign-in", {"email": amina.email, "password": WORDS})
    assert SESSION_KEY not in client.session
    assert client.get("/en/account").status_code == 302
    assert client.post("/fiction/en/sign-in/code", {"code": "12 34 56"}).status_code == 422
    assert Client().get("/fiction/en/sign-in/code").headers["Location"] == "/fiction/en/sign-in"


def test_a_code_counts_once(client: Client, cast: Cast, amina: Person) -> None:
    secret = factors.new_secret()
    start_codes(amina, secret=secret, code=code_of(secret), by=operator(amina), at=present())
    code = code_of(secret)
    for browser, status in ((client, 302), (Client(), 422)):
        browser.post("/fiction/en/sign-in", {"email": amina.email, "password": WORDS})
        assert browser.post("/fiction/en/sign-in/code", {"code": code}).status_code == status
    written = str([row.data for row in factors.factors_of(amina)])
    assert secret not in written


def test_the_operators_place_needs_both_halves_too(client: Client, db: None) -> None:
    person = register_person(name="Ola", email="ola@example.org", language="en", password=WORDS, by=SYSTEM, at=AT)
    make_operator(person, by=SYSTEM, at=AT)
    client.post("/en/sign-in", {"email": person.email, "password": WORDS})
    assert client.post("/en/seats", {"seat": OPERATOR_SEAT}).status_code == 403
    sign_in(client, person.email, "/en")
    assert client.post("/en/seats", {"seat": OPERATOR_SEAT}).status_code == 302


def test_nobody_opens_an_account_for_somebody_else(client: Client, cast: Cast) -> None:
    """No page registers; an invited address waits for whoever reads its mailbox, and the link is spent by use."""
    for address in ("/en/account/signup", "/en/signup", "/en/account/email"):
        assert client.get(address).status_code == 404
    seat = Seat.objects.get(public_id=cast.amina.id)
    assert client.post("/en/sign-in", {"email": seat.person.email, "password": WORDS}).status_code == 422
    for link in (f"welcome/{seat.public_id}/x", f"welcome/{seat.public_id}/abc-def", "welcome/q/x-y"):
        assert client.post(f"/fiction/en/{link}").status_code == 403
    for link in (f"begin/{seat.person.public_id}/x", f"begin/{seat.person.public_id}/abc-def"):
        assert client.post(f"/en/account/{link}").status_code == 403


def test_an_invitation_holds_three_days(cast: Cast, settings: Any) -> None:
    seat = Seat.objects.select_related("person", "organisation").get(public_id=cast.amina.id)
    tell_of_offer(seat, house="http://testserver", by=OPERATOR, at=present())
    link = link_to(seat.person.email, "welcome")
    assert Client().get(link).status_code == 200
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert Client().get(link).status_code == 403


def test_a_session_gets_a_new_key_when_somebody_signs_in(client: Client, amina: Person) -> None:
    client.get("/en/sign-in", {"next": "/en/seats"})
    before = client.session.session_key
    sign_in(client, amina.email)
    assert before is not None
    assert client.session.session_key != before
    assert not BrowserSession.objects.filter(session_key=before).exists()


def test_after_signing_in_nobody_is_led_elsewhere(client: Client, cast: Cast, amina: Person) -> None:
    client.get("/fiction/en/sign-in", {"next": "//elsewhere.example/"})
    assert sign_in(client, amina.email).headers["Location"] == "/fiction/en/desk"


# Seats that end


def test_a_seat_revoked_in_the_middle_of_a_session_acts_no_more(client: Client, cast: Cast, amina: Person) -> None:
    sign_in(client, amina.email)
    assert client.get("/fiction/en/desk").status_code == 200
    revoke_seat(Seat.objects.get(public_id=cast.amina.id), by=OPERATOR, at=AT)
    assert client.get("/fiction/en/desk").headers["Location"] == "/fiction/en/seats"
    answer = client.post(f"/fiction/en/desk/organisation/{cast.party.public_id}/reply", {"words": "x"})
    assert answer.status_code == 403
    assert "was revoked on 2" in answer.content.decode()
    assert "was revoked on" in client.get("/fiction/en/seats").content.decode()


def test_a_seat_that_has_ended_is_refused_with_a_sentence(client: Client, cast: Cast, amina: Person) -> None:
    sign_in(client, amina.email)
    Seat.objects.filter(public_id=cast.amina.id).update(end=date(2026, 2, 27))
    reply = Ref("organisation", cast.party.public_id)
    before = entries_of(reply)
    for address in (f"organisation/{cast.party.public_id}/reply", "link/aaaaaaaaaaaaaaaa/end"):
        answer = client.post(f"/fiction/en/desk/{address}", {"words": "x"})
        assert answer.status_code == 403
        told = answer.content.decode()
        assert "ended on 27" in told
        assert "An officer there can give you another" in told
    assert entries_of(reply) == before


# How often


def test_guessing_from_elsewhere_does_not_keep_the_holder_out(client: Client, cast: Cast, amina: Person) -> None:
    sign_in(client, amina.email)
    client.post("/fiction/en/sign-out")
    far = Client(REMOTE_ADDR="203.0.113.9")
    assert fails(far, amina.email, limits.SIGN_IN_ACCOUNT.times).status_code == 422
    refused = fails(far, amina.email, 1)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 901
    assert "It can be tried again at" in refused.content.decode()
    third = Client(REMOTE_ADDR="198.51.100.7")
    assert fails(third, amina.email, 1).status_code == 429
    assert KNOWN_COOKIE in client.cookies
    sign_in(client, amina.email)
    assert SESSION_KEY in client.session


def test_a_letter_lets_the_holder_try_from_a_new_browser(cast: Cast, amina: Person) -> None:
    """Who has only password and code, and a browser that was never here, is kept out by no stranger."""
    far, fresh = Client(REMOTE_ADDR="203.0.113.9"), Client(REMOTE_ADDR="198.51.100.7")
    sign_in(Client(REMOTE_ADDR="192.0.2.1"), amina.email)
    assert fails(far, amina.email, limits.SIGN_IN_ACCOUNT.times + 3).status_code == 429
    told = fails(fresh, amina.email, 1)
    assert told.status_code == 429
    assert "a letter to its address has a link" in told.content.decode()
    assert Letter.objects.filter(to=amina.email, body__contains="/sign-in/browser/").count() == 1
    link = link_to(amina.email, "sign-in/browser")
    assert fresh.get(link).status_code == 200
    assert fails(fresh, amina.email, 1).status_code == 429
    assert fresh.post(link).headers["Location"] == "/en/sign-in"
    assert SESSION_KEY not in fresh.session
    sign_in(fresh, amina.email)
    assert SESSION_KEY in fresh.session


def test_the_link_of_that_letter_is_no_well_of_attempts(cast: Cast, amina: Person) -> None:
    sign_in(Client(), amina.email)
    fails(Client(REMOTE_ADDR="203.0.113.9"), amina.email, limits.SIGN_IN_ACCOUNT.times + 1)
    link = link_to(amina.email, "sign-in/browser")
    answers = []
    for _ in range(limits.SIGN_IN_ACCOUNT.times + 1):
        browser = Client()
        browser.post(link)
        answers.append(fails(browser, amina.email, 1).status_code)
    assert answers == [422] * limits.SIGN_IN_ACCOUNT.times + [429]
    set_password(amina, password=WORDS + "!", by=SYSTEM, at=AT)
    assert Client().post(link).status_code == 403
    assert Client().get(f"/en/sign-in/browser/{amina.public_id}/x-y").status_code == 403


def test_of_an_address_without_account_the_same_is_said_and_nothing_is_written(cast: Cast, amina: Person) -> None:
    sign_in(Client(), amina.email)
    before = Letter.objects.count()
    pages = []
    for nth, email in enumerate(("nobody@example.org", amina.email)):
        far = Client(REMOTE_ADDR=f"203.0.113.{nth}")
        answer = fails(far, email, limits.SIGN_IN_ACCOUNT.times + 1)
        pages.append((answer.status_code, answer.content.decode().partition("<main")[2]))
    assert pages[0] == pages[1]
    assert Letter.objects.count() == before + 1


def test_a_known_browser_has_an_end_too(client: Client, cast: Cast, amina: Person) -> None:
    sign_in(client, amina.email)
    client.post("/fiction/en/sign-out")
    assert fails(client, amina.email, limits.SIGN_IN_ACCOUNT.times + 1).status_code == 429
    client.cookies[KNOWN_COOKIE] = "forged"
    assert fails(client, amina.email, 1).status_code == 422


def test_a_passkey_is_counted_by_no_limit(client: Client, amina: Person) -> None:
    far = Client(REMOTE_ADDR="203.0.113.9")
    fails(far, amina.email, limits.SIGN_IN_ACCOUNT.times + 1)
    for _ in range(60):
        assert far.get("/en/sign-in/passkey").json()["publicKey"]["userVerification"] == "required"
    assert far.post("/en/sign-in/passkey", {"credential": "{}"}).status_code == 422


def test_one_place_tries_many_accounts_only_so_often(client: Client, db: None) -> None:
    last = [fails(client, f"nobody{n}@example.org", 1) for n in range(limits.SIGN_IN_SOURCE.times + 1)][-1]
    assert last.status_code == 429
    assert fails(Client(REMOTE_ADDR="198.51.100.7"), "nobody@example.org", 1).status_code == 422


def test_codes_are_counted(client: Client, amina: Person) -> None:
    secure(amina)
    client.post("/en/sign-in", {"email": amina.email, "password": WORDS})
    answers = [client.post("/en/sign-in/code", {"code": "000000"}) for _ in range(limits.CODE_ACCOUNT.times + 1)]
    assert [answer.status_code for answer in answers] == [422] * limits.CODE_ACCOUNT.times + [429]


def test_whoever_knows_the_password_guesses_few_codes_a_day(
    client: Client, amina: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    secure(amina)
    morning = present().replace(hour=1)
    tried = 0
    for quarter in range(8):
        at = morning + timedelta(minutes=16 * quarter)
        monkeypatch.setattr("comity.people.accounts.sign_in.present", lambda at=at: at)
        client.post("/en/sign-in", {"email": amina.email, "password": WORDS})
        for _ in range(limits.CODE_ACCOUNT.times):
            tried += client.post("/en/sign-in/code", {"code": "000000"}).status_code == 422
    assert tried == limits.CODE_DAY.times


def test_the_first_second_factor_ends_what_a_password_alone_had_opened(client: Client, amina: Person) -> None:
    other = Client()
    for browser in (client, other):
        browser.post("/en/sign-in", {"email": amina.email, "password": WORDS})
        assert browser.get("/en/account").status_code == 200
    client.get("/en/account/codes")
    client.post("/en/account/codes", {"code": code_of(client.session[factors.SECRET_KEY])})
    assert client.get("/en/account").status_code == 200
    assert other.get("/en/account").status_code == 302


def test_every_form_of_an_account_asks_for_its_own_token(amina: Person) -> None:
    strict = Client(enforce_csrf_checks=True)
    for page in ("sign-in", "sign-in/code", "sign-in/passkey", "sign-out", "account/password", "recovery", "seats"):
        assert strict.post(f"/en/{page}", {"email": amina.email, "password": WORDS}).status_code == 403, page


@pytest.mark.parametrize(
    "onward", ["//elsewhere.example/", "/\\elsewhere.example", "https://elsewhere.example/", "desk"]
)
def test_only_paths_of_this_house_are_kept(client: Client, db: None, onward: str) -> None:
    client.get("/en/sign-in", {"next": onward})
    assert "onward" not in client.session


def test_counts_hold_no_address_and_are_forgotten(client: Client, db: None) -> None:
    fails(client, "nobody@example.org", 2, REMOTE_ADDR="203.0.113.9")
    kept = str(list(Attempt.objects.values()))
    assert Attempt.objects.count() == 2
    assert "203.0.113" not in kept
    assert "nobody" not in kept
    attempts.forget(present() + timedelta(days=1))
    assert not Attempt.objects.exists()


def test_a_limit_lets_exactly_so_many_through(db: None) -> None:
    limit = Limit("of-a-test", 3, timedelta(minutes=1))
    for _ in range(3):
        attempts.count(limit, "a", at=AT)
    with pytest.raises(TooManyAttempts):
        attempts.count(limit, "a", at=AT)
    attempts.count(limit, "b", at=AT)
    attempts.count(limit, "a", at=AT + timedelta(minutes=1))


@pytest.mark.parametrize(
    ("near", "forwarded", "source"),
    [
        ("203.0.113.9", "1.2.3.4", "203.0.113.9"),
        ("127.0.0.1", "1.2.3.4", "1.2.3.4"),
        ("127.0.0.1", "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        ("127.0.0.1", "6.6.6.6, 1.2.3.4, 10.0.0.8", "1.2.3.4"),
        ("127.0.0.1", "not an address", "unknown"),
        ("2001:db8:1:2:3::9", "", "2001:db8:1:2::/64"),
        ("127.0.0.1", "", "127.0.0.1"),
    ],
)
def test_only_our_own_proxies_are_believed(rf: Any, settings: Any, near: str, forwarded: str, source: str) -> None:
    settings.TRUSTED_PROXIES = ["127.0.0.1", "10.0.0.0/8"]
    headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    assert source_of(rf.get("/", REMOTE_ADDR=near, **headers)) == source


# One's own account


def test_the_ways_in_change_only_shortly_after_a_proof(
    client: Client, amina: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(client, amina.email)
    assert client.get("/en/account/recovery-codes").status_code == 200
    later = present() + timedelta(minutes=16)
    monkeypatch.setattr("comity.people.accounts.edges.present", lambda: later)
    for page in ("passkey", "password", "codes", "recovery-codes", "remove"):
        assert client.get(f"/en/account/{page}").headers["Location"] == "/en/account/prove", page
    answer = client.post("/en/account/prove", {"code": recovery_code(amina)})
    assert answer.headers["Location"] == "/en/account/remove"
    assert client.get("/en/account/recovery-codes").status_code == 200


def test_recovery_codes_are_shown_once_kept_as_hashes_and_good_once(client: Client, amina: Person) -> None:
    sign_in(client, amina.email)
    answer = client.post("/en/account/recovery-codes")
    assert "no-store" in answer.headers["Cache-Control"]
    codes = re.findall(r"\d{4} \d{4} \d{4} \d{4}", answer.content.decode())
    assert len(set(codes)) == factors.CODES
    again = client.get("/en/account/recovery-codes").content.decode()
    assert "10 unused codes" in again
    assert "10 are unused" in client.get("/en/account").content.decode()
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    for code in codes:
        assert code not in again
        assert code.replace(" ", "") not in kept
    for status in (302, 422):
        browser = Client()
        browser.post("/fiction/en/sign-in", {"email": amina.email, "password": WORDS})
        assert browser.post("/fiction/en/sign-in/code", {"code": codes[0]}).status_code == status
    assert factors.unused_codes(amina) == factors.CODES - 1
    assert not spend_recovery_code(amina, codes[0].replace(" ", ""))
    client.post("/en/account/recovery-codes")
    assert not spend_recovery_code(amina, codes[1].replace(" ", ""))


def test_codes_from_before_are_hashed_and_still_open_the_account(amina: Person) -> None:
    row = RecoveryCodes.activate(amina)
    codes = row.generate_codes()
    row.validate_code(codes[0])
    lost = RecoveryCodes.activate(register_person(name="X", email="x@example.org", language="en", by=OPERATOR, at=AT))
    lost.instance.data["seed"] = "of another key"
    lost.instance.save()
    import_module("comity.people.migrations.0007_recovery_codes_as_hashes").hashed(apps, None)
    assert factors.unused_codes(amina) == factors.CODES - 1
    assert not spend_recovery_code(amina, codes[0])
    assert spend_recovery_code(amina, codes[1])
    assert not spend_recovery_code(amina, codes[1])
    assert "seed" not in str(list(Authenticator.objects.values_list("data", flat=True)))


def test_the_last_second_factor_stays(client: Client, amina: Person) -> None:
    sign_in(client, amina.email)
    way = factors.name_of(factors.factors_of(amina).get())
    assert "Remove the code generator" in client.get(f"/en/account/remove?way={way}").content.decode()
    answer = client.post("/en/account/remove", {"way": way})
    assert answer.status_code == 409
    assert "stays until another is set up" in answer.content.decode()
    assert client.get("/en/account/remove?way=of-somebody-else").status_code == 404


def test_a_person_sees_her_sessions_and_ends_them(client: Client, cast: Cast, amina: Person) -> None:
    sign_in(client, amina.email)
    lost = Client(headers={"User-Agent": FIREFOX})
    sign_in(lost, amina.email)
    page = client.get("/en/account").content.decode()
    assert "Firefox, Linux" in page
    assert "End all others" in page
    row = BrowserSession.objects.get(device="Firefox, Linux")
    stranger = Client()
    sign_in(
        stranger, set_password(Seat.objects.get(public_id=cast.chen.id).person, password=WORDS, by=SYSTEM, at=AT).email
    )
    stranger.post("/en/account/sessions", {"session": row.public_id})
    assert lost.get("/fiction/en/desk").status_code == 200
    client.post("/en/account/sessions", {"session": row.public_id})
    assert lost.get("/fiction/en/desk").headers["Location"] == "/fiction/en/seats"
    assert client.get("/fiction/en/desk").status_code == 200


def test_a_new_password_ends_the_other_sessions_and_a_letter_tells(client: Client, amina: Person) -> None:
    other = Client()
    for browser in (client, other):
        sign_in(browser, amina.email)
    before = Letter.objects.count()
    new = "another sentence that is mine"
    assert client.post("/en/account/password", {"password": new}).headers["Location"] == "/en/account"
    assert client.get("/en/account").status_code == 200
    assert other.get("/en/account").headers["Location"].startswith("/en/sign-in")
    assert Letter.objects.count() == before + 1
    assert "have changed" in Letter.objects.latest("id").body
    sign_in(other, amina.email, password=new)


@pytest.mark.parametrize(
    ("password", "told"),
    [
        ("short", "at least 12"),
        ("amina@example.org", "too similar"),
        ("passwordpassword", ""),
        ("x" * 513, "at most 512"),
    ],
)
def test_a_weak_password_is_refused_at_its_field(client: Client, amina: Person, password: str, told: str) -> None:
    sign_in(client, amina.email)
    answer = client.post("/en/account/password", {"password": password})
    if told:
        assert answer.status_code == 422
        assert told in answer.content.decode()


@pytest.mark.parametrize(
    "sent", ["", "null", "[]", "{}", '{"id": 7}', '{"response": {"userHandle": 3}}', "\u202e{", "x" * 9999]
)
def test_what_is_no_passkey_is_refused(client: Client, amina: Person, sent: str) -> None:
    client.get("/en/sign-in/passkey")
    answer = client.post("/en/sign-in/passkey", {"credential": sent})
    assert answer.status_code == 422
    assert "The passkey could not be checked" in answer.content.decode()
    sign_in(client, amina.email)
    assert client.post("/en/account/passkey", {"name": "x", "credential": sent}).status_code == 422


def test_the_cookies_are_kept_from_scripts_and_from_other_sites(client: Client, amina: Person) -> None:
    sign_in(client, amina.email)
    client.get("/en/sign-in")
    for name in ("sessionid", "csrftoken", KNOWN_COOKIE):
        assert client.cookies[name]["httponly"], name
        assert client.cookies[name]["samesite"] == "Lax", name


def test_a_browser_is_called_by_two_words() -> None:
    assert device_of(FIREFOX) == "Firefox, Linux"
    assert (
        device_of("Mozilla/5.0 (Windows NT 10.0) AppleWebKit Chrome/140.0 Safari/537.36 Edg/140.0") == "Edge, Windows"
    )
    assert device_of("<script>") == ""


def test_a_seat_given_to_an_open_account_is_told_by_letter(client: Client, cast: Cast, amina: Person) -> None:
    officer = Seat.objects.get(public_id=cast.stranger.id).person
    secure(amina)
    sign_in(client, set_password(officer, password=WORDS, by=SYSTEM, at=AT).email)
    page = f"/fiction/en/desk/organisation/{cast.stranger.organisation}/seats"
    given = {"name": "Amina", "email": amina.email, "role": Role.DELEGATE, "start": "2026-03-01"}
    assert client.post(page, given).status_code == 302
    letter = Letter.objects.filter(to=amina.email).latest("id")
    assert letter.subject == "Your account at Comity"
    assert "/seats" in letter.body
    assert "welcome" not in letter.body


def test_an_account_begins_with_its_letter(client: Client, cast: Cast) -> None:
    person = register_person(name="Eve", email="eve@example.org", language="fr", by=OPERATOR, at=AT)
    seat = offer_seat(
        person=person, organisation=cast.party, role=Role.DELEGATE, title="", start=AT.date(), by=OPERATOR, at=AT
    )
    tell_of_offer(seat, house="http://testserver", by=OPERATOR, at=present())
    assert link_to("eve@example.org", "welcome").startswith("/fiction/fr/")
    begin(client, "eve@example.org")
    person.refresh_from_db()
    assert person.opened_at is not None
