"""The pages of accounts and seats, which no walk from the home reaches: accessible, mirrored, light, at 400 % zoom."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from comity.people.accounts import factors
from comity.people.accounts.actions import recovery
from comity.people.accounts.actions.ways_in import offer_browser, tell_of_offer
from comity.people.accounts.edges import present
from comity.people.accounts.proofs import PROOF_KEY, Proof, written
from comity.people.accounts.sessions import SessionStore
from comity.people.accounts.tokens import OPENINGS
from comity.people.actions import offer_seat, register_person
from comity.people.models import Person, Role
from comity.people.queries import actor_of, operator
from comity.people.tests.holder import WORDS, link_to, recovery_code, secure
from comity.people.tests.seats import grant_seat
from comity.plain.actors import SYSTEM
from comity.plain.levels import Realm
from comity.registry.actions import list_organisation
from comity.registry.models import Organisation, OrganisationKind
from comity.site.tests.browser import faults_of, wider_than_window
from comity.site.tests.walk import HEAVIEST, weight

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MODES = (
    pytest.param(("en", "light", 360), id="English, light, 360 px"),
    pytest.param(("ar", "dark", 320), id="Arabic, dark, 400 % zoom of 1280 px"),
)
OPEN = ("sign-in", "recovery")
OWN = ("account", "account/passkey", "account/password", "account/codes", "account/recovery-codes", "account/prove")
SEATS = (("Ines", Role.HEAD), ("Olle", Role.OFFICER), ("Noor", Role.HEAD))
SEATED = ("seats", "desk", "desk/recoveries", "desk/choices", "desk/organisation/{party}/seats")


@pytest.fixture
def party(db: None) -> Organisation:
    """A party made for a test."""
    return list_organisation(
        realm=Realm.REAL, kind=OrganisationKind.PARTY, name="Example for a test", by=SYSTEM, at=present()
    )


def member(name: str, role: Role, party: Organisation) -> Person:
    at = present()
    person = register_person(
        name=name, email=f"{name.lower()}@example.org", language="en", password=WORDS, by=SYSTEM, at=at
    )
    grant_seat(person=person, organisation=party, role=role, title="", start=at.date(), by=operator(person), at=at)
    return person


def faults(page: Page, path: str, language: str) -> list[str]:
    """What is wrong with a page: its answer, direction, width, weight, accessibility."""
    reply = page.goto(path)
    assert reply is not None
    found = [] if reply.status == 200 else [f"answered {reply.status}"]
    stated = page.evaluate("[document.documentElement.lang, document.documentElement.dir]")
    if stated != [language, "rtl" if language == "ar" else "ltr"]:
        found.append(f"lang and dir are {stated}")
    if over := wider_than_window(page):
        found.append(f"{over} px wider than its window")
    if (heavy := weight(page.url, page.content())) >= HEAVIEST:
        found.append(f"weighs {heavy}")
    return [f"{page.url}: {fault}" for fault in found + faults_of(page)]


def sign_in(page: Page, house: str, language: str, person: Person) -> list[str]:
    """By password and code, with the keyboard alone; what is wrong with the page that asks for the code."""
    secure(person)
    page.goto(f"{house}/{language}/sign-in")
    page.locator("[name=email]").focus()
    page.keyboard.type(person.email)
    page.keyboard.press("Tab")
    page.keyboard.type(WORDS)
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in/code")
    found = faults(page, page.url, language)
    page.locator("[name=code]").focus()
    page.keyboard.type(recovery_code(person))
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk")
    return found


def let_the_provider_vouch(page: Page, party: Organisation) -> None:
    """Leave the session standing on the word of an organisation's identity provider alone."""
    key = next(str(cookie["value"]) for cookie in page.context.cookies() if cookie["name"] == "sessionid")
    session = SessionStore(key)
    session[PROOF_KEY] = written(Proof.ORGANISATION, present(), party.public_id)
    session.save()


def letters_of(house: str, party: Organisation, ines: Person, olle: Person, new: Person) -> list[str]:
    """What the letters to a member, an officer and somebody invited lead to: welcome, stop, open, known, begin."""
    at = present()
    new.set_unusable_password()
    new.opened_at = None
    new.save()
    for person in (new, olle):
        offer = offer_seat(
            person=person, organisation=party, role=Role.DELEGATE, title="", start=at.date(), by=operator(olle), at=at
        )
        tell_of_offer(offer, house=house, by=SYSTEM, at=at)
    assert recovery.ask(ines, house=house, at=at) is not None
    confirmed = recovery.ask(new, house=house, at=at)
    assert confirmed is not None
    officer = actor_of(olle.seats.exclude(accepted_at=None).get())
    recovery.confirm(confirmed, organisation=party, house=house, by=officer, at=at)
    offer_browser(ines.email, house=house, at=at)
    stop, opened = link_to(ines.email, "recovery"), link_to(new.email, "recovery")
    assert stop.endswith("/stop")
    assert not opened.endswith("/stop")
    begin = f"/en/account/begin/{ines.public_id}/{OPENINGS.make_token(ines)}"
    return [link_to(new.email, "welcome"), stop, opened, link_to(ines.email, "sign-in/browser"), begin]


@pytest.mark.parametrize("mode", MODES)
def test_every_page_of_accounts_and_seats_is_accessible_light_and_fits(
    live_server: Any,
    party: Organisation,
    new_context: Callable[..., BrowserContext],
    mode: tuple[str, str, int],
) -> None:
    language, scheme, width = mode
    ines, olle, new = (member(name, role, party) for name, role in SEATS)
    house = str(live_server.url)
    secure(ines)
    letters = letters_of(house, party, ines, olle, new)
    page = new_context(locale=language, color_scheme=scheme, viewport={"width": width, "height": 740}).new_page()
    wrong = [
        fault
        for path in [*OPEN, *(link.partition("/en/")[2] for link in letters)]
        for fault in faults(page, f"{house}/{language}/{path}", language)
    ]
    wrong += sign_in(page, house, language, olle)
    remove = f"account/remove?way={factors.name_of(factors.factors_of(olle).get())}"
    for path in (*SEATED, *OWN, remove):
        wrong += faults(page, f"{house}/{language}/{path.format(party=party.public_id)}", language)
    let_the_provider_vouch(page, party)
    wrong += faults(page, f"{house}/{language}/account", language)
    assert page.locator("#ways").count() == 0, "the page of a vouched session shows no ways in"
    assert not wrong, "\n" + "\n".join(wrong)
