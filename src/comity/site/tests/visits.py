"""One visit to a page finds out what it owes: its answer and policy, direction, axe, width, zoom, keyboard, paper."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from zlib import crc32

from playwright.sync_api import Browser, Page

from comity.site.tests.browser import faults_of, wider_than_window

WIDE, PHONE = 1440, 360
ZOOMED = (320, 256)
"""1,280 px at 400 %."""
PAPER = (794, 1123)
"""A4 at 96 points to the inch."""
OPEN = "document.querySelectorAll('main details').forEach(one => { one.open = true })"
OUT_OF_REACH = """() => [...document.querySelectorAll(
    'a[href], button, input:not([type=hidden]), select, textarea, summary, [onclick], [role=button]')]
  .filter(e => e.offsetParent && !e.disabled && !e.closest('details:not([open]) > :not(summary)'))
  .filter(e => e.tabIndex < 0 || (e.focus(), document.activeElement !== e))
  .map(e => e.outerHTML.slice(0, 90))"""
SENT_BY_SCRIPT = """() => [...document.forms]
  .filter(form => ![...form.elements].some(e => e.type === 'submit' || e.type === 'image'))
  .map(form => form.outerHTML.slice(0, 90))"""
PRINTED = """() => ({
  navigation: [...document.querySelectorAll('.top, .bottom ul, form, button')].some(e => e.offsetParent),
  foot: !!document.querySelector('.bottom .print-only, .embed footer')?.offsetParent,
  over: Math.max(0, document.documentElement.scrollWidth - window.innerWidth),
  fiction: document.body.classList.contains('fiction') ? getComputedStyle(document.body, '::after').content : '',
})"""


class Debt(StrEnum):
    """What a page owes its reader."""

    ANSWER = "answer"
    POLICY = "policy"
    DIRECTION = "direction"
    AXE = "axe"
    WIDTH = "width"
    ZOOM = "zoom"
    KEYBOARD = "keyboard"
    PAPER = "paper"


@dataclass(frozen=True)
class Fault:
    """What one page fails to give."""

    debt: Debt
    where: str
    words: str

    def __str__(self) -> str:
        return f"{self.where}: {self.words}"


@dataclass(frozen=True)
class Mode:
    """How a reader comes to a page."""

    language: str
    width: int
    scheme: str

    def __str__(self) -> str:
        return f"{self.language}, {self.width} px, {self.scheme}"


def modes_of(page: str) -> tuple[Mode, Mode]:
    """English and Arabic; which of them is wide and which is dark goes by the page's name."""
    drawn = crc32(page.encode())
    widths = (WIDE, PHONE) if drawn & 1 else (PHONE, WIDE)
    schemes = ("light", "dark") if drawn & 2 else ("dark", "light")
    return Mode("en", widths[0], schemes[0]), Mode("ar", widths[1], schemes[1])


@dataclass
class Tab:
    """One tab, in which pages are opened one after the other; what the browser complains of meanwhile is heard."""

    page: Page
    heard: list[Fault] = field(default_factory=list)
    here: str = ""

    def listen(self, house: str) -> None:
        """Hear what is refused, what breaks, and who else is asked."""
        self.page.on("console", lambda told: self._hear(f"console: {told.text}") if told.type == "error" else None)
        self.page.on("pageerror", lambda fault: self._hear(f"script: {fault}"))
        self.page.on("request", lambda asked: self._hear(f"asks {asked.url}") if _elsewhere(asked.url, house) else None)

    def _hear(self, words: str) -> None:
        self.heard.append(Fault(Debt.POLICY, self.here, words))

    def visit(self, address: str, mode: Mode, name: str, status: int = 200) -> Iterator[Fault]:
        """Open a page as one reader comes to it, and give what is wrong with it."""
        page, self.here = self.page, f"{name} ({mode})"
        page.set_viewport_size({"width": mode.width, "height": 900})
        page.emulate_media(media="screen", color_scheme="dark" if mode.scheme == "dark" else "light")
        reply = page.goto(address)
        if reply is None or reply.status != status:
            yield self._fault(Debt.ANSWER, f"{address} answers {reply.status if reply else 'nothing'}, not {status}")
            return
        found = [*self._policy(reply.headers.get("content-security-policy", "")), *self._on_screen(mode)]
        if mode.language == "en":
            found += [*self._by_keyboard(), *self._on_paper()]
        yield from found
        yield from (one for one in self.heard if status == 200 or f"status of {status} " not in one.words)
        self.heard.clear()

    def _fault(self, debt: Debt, words: str) -> Fault:
        return Fault(debt, self.here, words)

    def _policy(self, told: str) -> Iterator[Fault]:
        if "default-src 'none'" not in told or "unsafe" in told or "*" in told.replace("frame-ancestors *", ""):
            yield self._fault(Debt.POLICY, f"its policy is {told or 'none'}")

    def _on_screen(self, mode: Mode) -> Iterator[Fault]:
        """With every part of the page folded open: direction, accessibility, and nothing wider than its window."""
        self.page.evaluate(OPEN)
        stated = self.page.evaluate("[document.documentElement.lang, document.documentElement.dir]")
        if stated != [mode.language, "rtl" if mode.language == "ar" else "ltr"]:
            yield self._fault(Debt.DIRECTION, f"lang and dir are {stated}")
        if over := wider_than_window(self.page):
            yield self._fault(Debt.WIDTH, f"{over} px wider than its window")
        for fault in faults_of(self.page):
            yield self._fault(Debt.AXE, fault)
        self.page.set_viewport_size({"width": ZOOMED[0], "height": ZOOMED[1]})
        if over := wider_than_window(self.page):
            yield self._fault(Debt.ZOOM, f"{over} px wider than {ZOOMED[0]} px")

    def _by_keyboard(self) -> Iterator[Fault]:
        """Nothing that can be clicked is out of the order of tabs, focus is drawn, and every form has its button."""
        self.page.keyboard.press("Tab")
        if self.page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "none":
            yield self._fault(Debt.KEYBOARD, "focus is not drawn")
        for left in self.page.evaluate(OUT_OF_REACH):
            yield self._fault(Debt.KEYBOARD, f"out of reach: {left}")
        for form in self.page.evaluate(SENT_BY_SCRIPT):
            yield self._fault(Debt.KEYBOARD, f"no button sends it: {form}")

    def _on_paper(self) -> Iterator[Fault]:
        self.page.set_viewport_size({"width": PAPER[0], "height": PAPER[1]})
        self.page.emulate_media(media="print")
        shown = self.page.evaluate(PRINTED)
        if shown["navigation"]:
            yield self._fault(Debt.PAPER, "navigation or a form is printed")
        if not shown["foot"]:
            yield self._fault(Debt.PAPER, "no foot with day and address")
        if shown["over"] > 1:  # half pixels
            yield self._fault(Debt.PAPER, f"{shown['over']} px wider than A4")
        if shown["fiction"] not in {"", '"FICTION"'}:
            yield self._fault(Debt.PAPER, "FICTION is not written across")


def _elsewhere(address: str, house: str) -> bool:
    return not address.startswith((f"{house}/", "data:"))


@contextmanager
def tab(chromium: Browser, house: str) -> Iterator[Tab]:
    """A tab at one house, in a context of its own."""
    context = chromium.new_context(locale="en")
    opened = Tab(context.new_page())
    opened.listen(house)
    yield opened
    context.close()


def visited(tab: Tab, address: str, name: str, status: int = 200) -> Iterator[Fault]:
    """What is wrong with one page, found in its two visits."""
    for mode in modes_of(name):
        yield from tab.visit(address.replace("/en/", f"/{mode.language}/", 1), mode, name, status)


def owed(faults: Iterable[Fault], *debts: Debt) -> list[str]:
    """What of these debts is not given."""
    return [str(fault) for fault in faults if fault.debt in debts]
