"""Passkeys, and the other way, in a real Chromium with an authenticator of its own; no page breaks its policy."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from comity.conftest import AT, OPERATOR
from comity.people.accounts.actions.ways_in import tell_of_offer
from comity.people.actions import offer_seat, register_person
from comity.people.models import Person, Role
from comity.people.tests.holder import WORDS, code_of, link_to
from comity.plain.levels import Realm
from comity.registry.actions import list_organisation
from comity.registry.models import OrganisationKind
from comity.site import clock
from comity.site.tests.browser import faults_of, wider_than_window

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ABLE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def ines(db: None) -> Person:
    """Somebody of the fiction who was invited to a seat and has not begun."""
    party = list_organisation(
        realm=Realm.FICTION, kind=OrganisationKind.PARTY, name="Test Shore Union", by=OPERATOR, at=AT
    )
    person = register_person(name="Ines", email="ines@example.org", language="en", by=OPERATOR, at=AT)
    now = clock.now(Realm.FICTION)
    seat = offer_seat(person=person, organisation=party, role=Role.HEAD, title="", start=AT.date(), by=OPERATOR, at=now)
    tell_of_offer(seat, house="http://localhost", by=OPERATOR, at=now)
    return person


def with_authenticator(page: Page) -> Any:
    """Give the page's browser an authenticator that its person unlocks at once."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": ABLE})
    return session


def fault_free(page: Page) -> None:
    assert faults_of(page) == [], page.url
    assert wider_than_window(page) == 0, page.url


def test_a_passkey_is_set_up_from_the_letter_and_opens_the_desk(
    live_server: Any, ines: Person, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context().new_page()
    broken: list[str] = []
    page.on("console", lambda said: broken.append(said.text) if said.type == "error" else None)
    with_authenticator(page)
    page.goto(live_server.url + link_to("ines@example.org", "welcome"))
    fault_free(page)
    page.get_by_role("button", name="Accept the seat and open my account").click()
    expect(page.get_by_text("A password alone opens nothing")).to_be_visible()
    fault_free(page)
    page.get_by_role("link", name="Set up a passkey").click()
    page.get_by_label("What you call it").fill("Ines's phone")
    fault_free(page)
    page.get_by_role("button", name="Make the passkey").click()
    page.wait_for_url("**/account/recovery-codes")
    fault_free(page)
    page.get_by_role("button", name="Write recovery codes").click()
    expect(page.get_by_role("heading", name="10 new codes")).to_be_visible()
    fault_free(page)

    page.goto(f"{live_server.url}/fiction/en/seats")
    page.get_by_role("button", name="Act for Test Shore Union").click()
    page.get_by_role("button", name="Leave the seat").first.click()
    page.goto(f"{live_server.url}/fiction/en/sign-in")
    fault_free(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/fiction/en/desk")
    expect(page.get_by_text("You act for Test Shore Union").first).to_be_visible()
    assert broken == []


def test_a_passkey_of_another_house_or_an_unverified_person_opens_nothing(
    live_server: Any, ines: Person, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context().new_page()
    with_authenticator(page)
    page.goto(f"{live_server.url}/en/sign-in")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.locator("[data-trouble]")).to_be_visible()
    answer = page.evaluate(
        """async () => {
            const form = document.querySelector("form[data-passkey]");
            form.elements.credential.value = '{"id": "AAAA"}';
            const sent = await fetch(form.action, {method: "POST", body: new FormData(form)});
            return [sent.status, await sent.text()];
        }"""
    )
    assert answer[0] == 422
    assert "The passkey could not be checked" in answer[1]


def test_password_and_code_work_without_javascript(
    live_server: Any, ines: Person, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context(java_script_enabled=False, viewport={"width": 360, "height": 740}).new_page()
    page.goto(live_server.url + link_to("ines@example.org", "welcome"))
    page.get_by_role("button", name="Accept the seat and open my account").click()
    page.get_by_role("link", name="Set up a passkey").click()
    expect(page.get_by_text("Passkeys need JavaScript")).to_be_visible()
    page.get_by_role("main").get_by_role("link", name="Choose a password").click()
    page.get_by_label("Password", exact=True).fill(WORDS)
    page.get_by_role("button", name="Set the password").click()
    page.wait_for_url("**/account/codes")
    secret = page.locator("main code").inner_text()
    page.get_by_label("Code", exact=True).fill(code_of(secret))
    page.get_by_role("button", name="Keep the code generator").click()
    page.get_by_role("button", name="Write recovery codes").click()
    codes = page.locator("main pre").inner_text().splitlines()
    assert len(codes) == 10

    page.context.clear_cookies()
    page.goto(f"{live_server.url}/fiction/en/sign-in")
    page.get_by_label("E-mail address").fill("ines@example.org")
    page.get_by_label("Password", exact=True).fill(WORDS)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_label("Code", exact=True).fill("000000")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_text("This code does not match")).to_be_visible()
    page.get_by_label("Code", exact=True).fill(codes[0])
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/fiction/en/desk")


def test_a_bare_loopback_address_leads_to_the_name_to_which_passkeys_belong(
    live_server: Any, ines: Person, page: Page
) -> None:
    page.goto(live_server.url.replace("localhost", "127.0.0.1") + "/en/sign-in")
    assert re.match(r"http://localhost:\d+/en/sign-in$", page.url)
