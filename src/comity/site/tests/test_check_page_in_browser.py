"""“Check this page”, in a real browser over real HTTP: what holds is said, and what was altered is found."""

import base64
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from playwright.sync_api import BrowserContext, Page, expect

from comity.record.core.checkpoints import Checkpoint
from comity.record.core.notes import Note
from comity.record.tests.built import LOG, WITNESSES, BuiltLog, disclosed, policy
from comity.record.tests.conftest import PlainLog
from comity.record.tests.files import serving
from comity.record.tests.test_strict import SCRIPTS
from comity.site.tests.browser import faults_of, wider_than_window

STYLES = SCRIPTS.parents[2] / "site" / "static" / "site"
INDEX, ENTRIES = 260, 300
HOLDS = "It holds: unchanged since then."


@dataclass
class House:
    """A log and the page of one of its entries; a test alters what is served before it looks."""

    index: int = INDEX
    served: dict[str, Any] = field(default_factory=dict)
    address: str = ""
    shown: str = "Clause 260, as read"
    language: str = "en"

    def path(self, name: str) -> str:
        return f"/fiction/record/{name}"

    def page(self) -> bytes:
        files = {"files": f"{self.address}/fiction/record/", "verifier": f"{self.address}/comity_verify.py"}
        with translation.override(self.language):
            part = render_to_string("record/check.html", {"index": self.index, "files": files})
        direction = "rtl" if self.language == "ar" else "ltr"
        return (
            f'<!doctype html><html lang="{self.language}" dir="{direction}">'
            '<head><meta charset="utf-8"><title>Entry</title>'
            '<meta name="viewport" content="width=device-width,initial-scale=1">'
            '<link rel="stylesheet" href="/static/site/comity.css"></head><body><main class="frame"><h1>Entry</h1>'
            f'<p data-sealed="words">{self.shown}</p>{part}</main></body></html>'
        ).encode()


@pytest.fixture(scope="module")
def plain() -> PlainLog:
    log = PlainLog()
    for number in range(ENTRIES):
        log.append(f"text:{'abc'[number % 3] * 16}", words=f"Clause {number}, as read", votes=number)
    log.append_decoy()
    return log


@pytest.fixture(scope="module")
def built(plain: PlainLog) -> BuiltLog:
    log = BuiltLog(plain.leaves)
    log.grow(len(plain.leaves))
    return log


@pytest.fixture
def house(plain: PlainLog, built: BuiltLog) -> Iterator[House]:
    there = House()
    head = built.checkpoint()
    files = {**built.files, "policy": str(policy()).encode(), "vkeys": f"{LOG.verifier}\n".encode()}
    files[f"proof/{INDEX}.tlog-proof"] = built.proof(INDEX, head)
    files[f"proof/{ENTRIES}.tlog-proof"] = built.proof(ENTRIES, head)
    files[f"disclosed/{INDEX}.json"] = disclosed(INDEX, plain.leaves[INDEX], plain.disclosures[INDEX])
    there.served = {there.path(name): content for name, content in files.items()}
    there.served |= {"/static/record": SCRIPTS, "/static/site": STYLES}
    with serving(there.served) as there.address:
        yield there


def checked(house: House, page: Page) -> str:
    """Open the page, press its button; what it says in the end."""
    house.served["/entry.html"] = house.page()
    page.goto(f"{house.address}/entry.html")
    page.get_by_role("button").click()
    expect(page.locator("check-page[data-verdict]")).to_be_visible()
    page.locator("[data-told] details").evaluate_all("folded => folded.forEach(one => { one.open = true })")
    return page.locator("[data-told]").inner_text().replace("\u2068", "").replace("\u2069", "")


def test_what_was_not_altered_holds_and_each_step_is_said(house: House, page: Page) -> None:
    said = checked(house, page)
    assert HOLDS in said
    assert "true, fair or freely decided" in said
    assert "has signed a root of 301 entries" in said
    assert "2 of 3, the latest at 2026-04-18 08:13 UTC" in said
    assert "The bytes of entry 260 lead to this root" in said
    assert "fit the seals in the entry: 2" in said
    assert "Values on this page that are those under the seals: 1." in said
    assert faults_of(page) == []


def test_it_stands_in_arabic_on_a_phone(house: House, new_context: Callable[..., BrowserContext]) -> None:
    page = new_context(viewport={"width": 360, "height": 800}, color_scheme="dark").new_page()
    checked(replace_language(house, "ar"), page)
    assert page.locator("check-page").get_attribute("data-verdict") == "holds"
    assert wider_than_window(page) == 0
    assert faults_of(page) == []


def replace_language(house: House, language: str) -> House:
    return replace(house, language=language)


def test_without_javascript_it_says_how_to_check_elsewhere(
    house: House, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context(java_script_enabled=False).new_page()
    house.served["/entry.html"] = house.page()
    page.goto(f"{house.address}/entry.html")
    expect(page.get_by_role("button")).to_have_count(0)
    page.get_by_text("also without this browser").click()
    expect(page.get_by_text("python3 comity_verify.py")).to_be_visible()


def test_a_bare_seal_is_checked_too(house: House, page: Page) -> None:
    said = checked(replace(house, index=ENTRIES), page)
    assert HOLDS in said
    assert "one seal and says nothing else" in said


def test_withheld_and_erased_values_are_counted(house: House, page: Page, plain: PlainLog) -> None:
    fields = plain.disclosures[INDEX]
    house.served[house.path(f"disclosed/{INDEX}.json")] = disclosed(INDEX, plain.leaves[INDEX], fields, ["votes"])
    said = checked(house, page)
    assert HOLDS in said
    assert "Values that are withheld, their seals standing: 1." in said
    only = {"votes": fields["votes"]}
    house.served[house.path(f"disclosed/{INDEX}.json")] = disclosed(INDEX, plain.leaves[INDEX], only)
    assert "Values that are erased, their seals standing: 1." in checked(house, page)


def test_nobody_cosigned_is_said(house: House, page: Page, built: BuiltLog) -> None:
    house.served[house.path("policy")] = str(policy(0)).encode()
    house.served[house.path(f"proof/{INDEX}.tlog-proof")] = built.proof(INDEX, built.checkpoint(witnesses=0))
    said = checked(house, page)
    assert HOLDS in said
    assert "there is no independent witness" in said


def test_a_partial_bundle_that_is_gone_is_read_from_the_full_one(house: House, page: Page, plain: PlainLog) -> None:
    grown = BuiltLog([*plain.leaves, *(b"{}" for _ in range(300))])
    grown.grow(600)
    del house.served[house.path("tile/entries/001.p/45")]
    house.served[house.path("tile/entries/001")] = grown.files["tile/entries/001"]
    assert HOLDS in checked(house, page)


def test_what_is_not_under_a_root_yet_waits(house: House, page: Page) -> None:
    assert "waits to come under a signed root" in checked(replace(house, index=7), page)


def test_files_that_cannot_be_fetched_say_nothing_of_the_entry(house: House, page: Page) -> None:
    del house.served[house.path(f"disclosed/{INDEX}.json")]
    said = checked(house, page)
    assert "could not be fetched" in said
    assert HOLDS not in said


def altered(content: bytes, old: bytes, new: bytes) -> bytes:
    assert old in content
    return content.replace(old, new, 1)


def forged_head(built: BuiltLog) -> bytes:
    """A head that the log alone signs, with another root."""
    body = Checkpoint(LOG.name, built.size, bytes(32)).body()
    return bytes(Note(body, [LOG.sign(body)]))


def other_digit(found: re.Match[bytes]) -> bytes:
    return found[1] + (b"1" if found[2] == b"0" else b"0")


def test_whatever_is_altered_is_found(house: House, page: Page, built: BuiltLog, plain: PlainLog) -> None:
    proof, values = house.path(f"proof/{INDEX}.tlog-proof"), house.path(f"disclosed/{INDEX}.json")
    bundle, whole = house.path("tile/entries/001.p/45"), dict(house.served)
    second = base64.b64encode(WITNESSES[1].verifier.key_id)[:5]
    entry = plain.leaves[INDEX]
    other = disclosed(INDEX - 1, plain.leaves[INDEX - 1], plain.disclosures[INDEX - 1])
    for what, path, content, reason in (
        ("a value", values, altered(whole[values], b"as read", b"as said"), "seal"),
        ("a salt", values, re.sub(rb'("salt": ")(.)', other_digit, whole[values], count=1), "seal"),
        ("a longer salt", values, altered(whole[values], b'"salt": "', b'"salt": "00'), "disclosed"),
        ("an index twice", values, altered(whole[values], b"{", b'{"index": 3, '), "disclosed"),
        ("a value that the entry does not seal", values, altered(whole[values], b'"votes"', b'"voted"'), "field"),
        ("the values of another entry", values, other, "index"),
        ("the entry", bundle, altered(whole[bundle], entry, entry.replace(b"revised", b"adopted")), "root"),
        ("the size", proof, altered(whole[proof], b"\n301\n", b"\n302\n"), "false"),
        ("the log's key", house.path("vkeys"), f"{WITNESSES[0].verifier}\n".encode(), "key"),
        ("the proof of another entry", proof, built.proof(INDEX - 1, built.checkpoint()), "index"),
        ("too few cosigned", proof, built.proof(INDEX, built.checkpoint(witnesses=1)), "quorum"),
        ("another root", proof, built.proof(INDEX, forged_head(built)), "quorum"),
        ("a witness's line", proof, altered(whole[proof], second, second[:4] + b"A"), "quorum"),
    ):
        house.served.update(whole)
        house.served[path] = content
        said = checked(house, page)
        assert page.locator("check-page").get_attribute("data-verdict") == "fails", (what, said)
        assert f"({reason})" in said, (what, said)
    house.served.update(whole)
    said = checked(replace(house, shown="Clause 260, as altered"), page)
    assert "It does not hold" in said
    assert "This page shows something else" in said


def test_a_browser_without_ed25519_says_so(house: House, page: Page) -> None:
    page.add_init_script("crypto.subtle.importKey = () => Promise.reject(new DOMException('', 'NotSupportedError'))")
    assert "This browser cannot check Ed25519 signatures." in checked(house, page)


def test_pages_of_the_demo_hold(demo: str, page: Page) -> None:
    for index in (0, 40):
        page.goto(f"{demo}/fiction/en/entry/{index}")
        page.locator("check-page [data-ask]").click()
        expect(page.locator("check-page[data-verdict]")).to_be_visible()
        said = page.locator("check-page [data-told]").text_content() or ""
        assert page.locator("check-page").get_attribute("data-verdict") == "holds", said
        assert page.locator("[data-sealed]").count() == 0 or "Values on this page that are those" in said
