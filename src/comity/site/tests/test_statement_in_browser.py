"""Row S10 as people walk it: a joint statement from draft to struck name, signed with passkeys in a real Chromium."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from playwright.sync_api import BrowserContext, Page, expect

from comity.people.models import Seat
from comity.plain.actors import ActorRef
from comity.plain.levels import Realm
from comity.plain.refs import Ref
from comity.record.queries import entries_of
from comity.record.signing.queries import allowed_signers
from comity.record.tests.passkeys import KeyFile, ssh_keygen_verifies
from comity.site import middleware, periodic
from comity.site.tests.browser import faults_of, wider_than_window
from comity.site.tests.seated import sitting
from comity.site.tests.test_accounts_in_browser import with_authenticator
from comity.texts.actions import open_for_signature
from comity.texts.models import PartySignature, Text
from comity.texts.tests.congress import AT, Congress, convene
from comity.texts.tests.signers import statement

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

START = AT + timedelta(days=1)
MINUTE = AT + timedelta(days=20)


@pytest.fixture
def congress(db: None) -> Congress:
    with transaction.atomic():
        return convene(4)


class Clock:
    """The clock of both realms, moved by hand."""

    def __init__(self) -> None:
        self.hand = START

    def to(self, at: datetime) -> None:
        self.hand = at


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(middleware, "now", lambda realm: clock.hand)
    monkeypatch.setattr(periodic, "now", lambda realm: clock.hand)
    return clock


@pytest.fixture
def sit(live_server: Any, new_context: Callable[..., BrowserContext]) -> Callable[..., Page]:
    """The browser of whoever holds a seat, with an authenticator of its own; on a phone where asked."""

    def seated(actor: ActorRef | None, **options: Any) -> Page:
        context = new_context(**options)
        for name, cookie in sitting(actor).cookies.items() if actor else ():
            context.add_cookies([{"name": name, "value": cookie.value, "url": live_server.url}])
        page = context.new_page()
        page.on("console", lambda said: BROKEN.append(said.text) if said.type == "error" else None)
        if options.get("java_script_enabled", True):
            with_authenticator(page)
        return page

    BROKEN.clear()
    return seated


BROKEN: list[str] = []
"""What browsers complained of, breaches of the content policy among it."""


def good(page: Page) -> None:
    assert faults_of(page) == [], page.url
    assert wider_than_window(page) == 0, page.url


def confirm(page: Page, button: str) -> None:
    """Press the second button where the house asks before something is public for good."""
    again = page.get_by_role("button", name=button)
    if again.count():
        again.click()


def draft(page: Page, house: str, congress: Congress) -> str:
    """Begin a statement for the eyes of the network; return its address."""
    page.goto(f"{house}/fiction/en/text/new")
    page.locator("[name=title]").fill("Joint statement on the tides")
    page.get_by_label("Kind of text").select_option("statement")
    page.get_by_label("Language it is drafted in").select_option("en")
    page.locator("input[name=level][value='1']").check()
    page.locator("input[name=topics]").first.check()
    page.locator("[name=clause-0-label]").fill("1")
    page.locator("[name=clause-0-words]").fill("The tides are the common concern of all shores.")
    page.get_by_role("button", name="Begin this text").click()
    page.wait_for_url("**/text/*/joint-statement*")
    return page.url.removeprefix(house)


def act(page: Page, house: str, text: Text, name: str) -> None:
    page.goto(f"{house}/fiction/en/text/act/{text.public_id}/{name}")


def issue_passkey(page: Page, house: str, seat: ActorRef) -> None:
    organisation = Seat.objects.select_related("organisation").get(public_id=seat.id).organisation
    page.goto(f"{house}/fiction/en/desk/organisation/{organisation.public_id}/keys")
    page.locator("form[data-passkey]").get_by_label("What you call it").fill("My phone")
    good(page)
    page.get_by_role("button", name="Make and issue the passkey").click()
    expect(page.get_by_text("My phone").first).to_be_visible()
    good(page)


def sign_with_passkey(page: Page, house: str, text: Text) -> None:
    page.goto(f"{house}/fiction/en/text/sign/{text.public_id}")
    good(page)
    page.get_by_role("button", name="Sign with your passkey").click()
    page.wait_for_url("**#signatures")


def sign_with_file(page: Page, house: str, text: Text, key: KeyFile, folder: Path) -> None:
    """Download the words, sign them elsewhere, send the file: no script, no passkey."""
    page.goto(f"{house}/fiction/en/text/sign/{text.public_id}")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Download these words").click()
    words = Path(waiting.value.path()).read_bytes()
    (folder / "mine.sig").write_text(key.sign(words).armored())
    page.get_by_label("Subject to our board").check()
    page.get_by_label("Your board meets on").fill("2026-04-20")
    page.get_by_label("Signature file").set_input_files(folder / "mine.sig")
    page.get_by_role("button", name="Send the signature").click()
    page.wait_for_url("**#signatures")


@pytest.mark.mission("S10", at="text")
def test_a_joint_statement_from_its_draft_to_a_struck_name(
    live_server: Any,
    congress: Congress,
    clock: Clock,
    sit: Callable[..., Page],
    tmp_path: Path,
) -> None:
    house = live_server.url
    first, second = (sit(congress.heads[place]) for place in (0, 1))
    third = sit(congress.heads[2], java_script_enabled=False, viewport={"width": 360, "height": 740})
    anybody = sit(None)

    # draft, then negotiation: another party proposes, the draft takes it up
    address = draft(first, house, congress)
    text = Text.objects.get()
    act(second, house, text, "amend")
    second.get_by_label("The words as they stand").fill("common concern")
    second.get_by_label("The words you propose").fill("common concern and duty")
    second.get_by_role("button", name="Propose this amendment").click()
    second.wait_for_url("**/amendment/**")
    first.goto(second.url)
    first.get_by_role("link", name="Take it up into the text").click()
    first.get_by_role("button", name="Write the next version with this amendment").click()
    first.goto(house + address)
    expect(first.get_by_text("common concern and duty").first).to_be_visible()

    # sign-off per party by an authorised person
    act(first, house, text, "open")
    first.get_by_role("button", name="Put this version before parties for signature").click()
    first.wait_for_url(f"**{address}")
    expect(first.get_by_text("Open for signature.")).to_be_visible()
    good(first)
    delegate = sit(congress.delegates[1])
    reply = delegate.goto(f"{house}/fiction/en/text/sign/{text.public_id}")
    assert reply is not None
    assert reply.status == 403
    for page, place in ((first, 0), (second, 1)):
        issue_passkey(page, house, congress.heads[place])
        sign_with_passkey(page, house, text)
        good(page)
    third.goto(f"{house}/fiction/en/desk/organisation/{congress.parties[2].public_id}/keys")
    key = KeyFile()
    made_elsewhere = third.locator("form:not([data-passkey])").filter(has_text="Public key")
    made_elsewhere.get_by_label("What you call it").fill("Secretariat")
    made_elsewhere.get_by_label("Public key").fill(str(key.key))
    made_elsewhere.get_by_role("button", name="Issue this key").click()
    sign_with_file(third, house, text, key, tmp_path)
    expect(third.get_by_text("not bound until its board agrees, 20 April 2026")).to_be_visible()

    # embargo: hidden from everybody until its minute
    act(first, house, text, "publish")
    first.get_by_label("Public from").fill(MINUTE.strftime("%Y-%m-%dT%H:%M"))
    good(first)
    first.get_by_role("button", name="Set this minute").click()
    first.wait_for_url(f"**{address}")
    expect(first.get_by_text("until then it is read by its originator")).to_be_visible()
    clock.to(MINUTE - timedelta(seconds=1))
    for page in (anybody, sit(congress.heads[3])):
        reply = page.goto(house + address)
        assert reply is not None
        assert reply.status == 404
    assert list(periodic.do_what_is_due()) == [] or not entries_of(Ref("text", text.public_id))
    reply = second.goto(house + address)
    assert reply is not None
    assert reply.status == 200

    # publication, on the minute
    clock.to(MINUTE)
    reply = anybody.goto(house + address)
    assert reply is not None
    assert reply.status == 200
    expect(anybody.get_by_text("Public since")).to_be_visible()
    expect(anybody.get_by_role("row").filter(has_text="Third Tide Party")).to_contain_text("signed ad referendum")
    good(anybody)
    assert any("statements published" in line for line in periodic.do_what_is_due())
    assert [entry.type for entry in entries_of(Ref("text", text.public_id))] == ["texts.published"]
    checked_by_ssh_keygen(anybody, text, tmp_path)

    # one party withdraws: its name is struck with its day, not erased
    clock.to(MINUTE + timedelta(days=30))
    second.goto(house + address)
    second.get_by_role("link", name="Withdraw your party’s signature").click()
    second.get_by_label("Your reason").fill("Our congress decided otherwise.")
    second.get_by_role("button", name="Withdraw the signature").click()
    confirm(second, "Withdraw the signature, for good")
    second.wait_for_url(f"**{address}")
    anybody.goto(house + address)
    struck = anybody.get_by_role("row").filter(has_text="Second Tide Party")
    expect(struck.locator("s")).to_have_text("Second Tide Party")
    expect(struck).to_contain_text("withdrawn on 21 April 2026")
    expect(struck).to_contain_text("Our congress decided otherwise.")
    good(anybody)
    assert [said for said in BROKEN if "404" not in said and "403" not in said] == []


def checked_by_ssh_keygen(page: Page, text: Text, folder: Path) -> None:
    """Each signature, downloaded as anybody may, is good for the machine's own ssh-keygen."""
    rows = list(PartySignature.objects.select_related("organisation"))
    assert len(rows) == 3
    house = page.url.split("/fiction/")[0]
    allowed = page.request.get(f"{house}/fiction/record/allowed_signers").text()
    assert allowed == allowed_signers(Realm.FICTION, MINUTE)
    for row in rows:
        base = f"{house}/fiction/en/text/signature/{row.public_id}"
        armored, words = page.request.get(f"{base}.sig").text(), page.request.get(f"{base}.txt").body()
        told = {"principal": row.organisation.public_id, "on": row.at.strftime("%Y%m%d%H%M%SZ")}
        assert ssh_keygen_verifies(folder, armored, words, allowed, **told)
        assert not ssh_keygen_verifies(folder, armored, words + b" ", allowed, **told)
        assert b"common concern and duty" in words


def test_what_is_signed_are_the_words_on_the_page_and_a_browser_without_the_key_signs_nothing(
    live_server: Any, congress: Congress, clock: Clock, sit: Callable[..., Page]
) -> None:
    with transaction.atomic():
        text = statement(congress, AT)
        open_for_signature(text, by=congress.heads[0], at=START)
    clock.to(START + timedelta(days=1))
    house, page = live_server.url, sit(congress.heads[1])
    issue_passkey(page, house, congress.heads[1])

    # whoever changes the words on the page has other words signed, and these are refused
    page.goto(f"{house}/fiction/en/text/sign/{text.public_id}")
    page.evaluate("document.querySelector('[data-paper]').firstChild.appendData('And one clause more.\\n')")
    page.get_by_role("button", name="Sign with your passkey").click()
    expect(page.get_by_text("so that you would sign other words than you saw")).to_be_visible()
    assert not PartySignature.objects.exists()

    # a browser that does not hold the key signs nothing
    locked = sit(congress.heads[1])
    locked.goto(f"{house}/fiction/en/text/sign/{text.public_id}")
    locked.get_by_role("button", name="Sign with your passkey").click()
    expect(locked.locator("[data-trouble]")).to_be_visible()
    assert not PartySignature.objects.exists()
    assert locked.evaluate("document.querySelector('input[name=signature]').value") == ""


def test_what_awaits_a_signature_is_signed_on_the_desk_and_the_key_replaced_and_revoked(
    live_server: Any, congress: Congress, clock: Clock, sit: Callable[..., Page]
) -> None:
    with transaction.atomic():
        text = statement(congress, AT)
        open_for_signature(text, by=congress.heads[0], at=START)
    clock.to(START + timedelta(days=1))
    house, page = live_server.url, sit(congress.heads[1])
    issue_passkey(page, house, congress.heads[1])

    # signed on the desk itself
    page.goto(f"{house}/fiction/en/desk")
    awaited = page.get_by_text("awaits your party’s signature")
    expect(awaited.first).to_be_visible()
    good(page)
    page.get_by_role("link", name="Read and sign").first.click()
    expect(page.get_by_role("heading", name="What you sign")).to_be_visible()
    good(page)
    page.get_by_role("button", name="Sign with your passkey").click()
    page.wait_for_url("**/desk?done=**")
    expect(awaited).to_have_count(0)
    good(page)

    # another key in its place, without a script; then an end
    plain = sit(congress.heads[1], java_script_enabled=False, viewport={"width": 360, "height": 740})
    keys = f"{house}/fiction/en/desk/organisation/{congress.parties[1].public_id}/keys"
    plain.goto(keys)
    form = plain.locator("form:not([data-passkey])").filter(has_text="Public key")
    form.get_by_label("What you call it").fill("Safe in the office")
    form.get_by_label("In the place of").select_option(label="My phone")
    form.get_by_label("Public key").fill(str(KeyFile().key))
    form.get_by_role("button", name="Issue this key").click()
    expect(plain.get_by_text("Another key took its place.")).to_be_visible()
    plain.get_by_role("link", name="Revoke Safe in the office").click()
    plain.get_by_label("Reason").fill("The safe was sold.")
    plain.get_by_role("button", name="Revoke the key").click()
    expect(plain.get_by_text("The safe was sold.")).to_be_visible()
