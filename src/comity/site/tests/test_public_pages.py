"""What each public page owes its reader: light, plain, alone, told in a sentence, drawn with its table, printable."""

import re
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from lxml import html

from comity.site.tests.visits import Debt, Fault, owed
from comity.site.tests.walk import HEAVIEST, Walk, weight

PICTURES_OF_NO_FIGURES = ("seal-large",)
"""The seal is a sign and not a chart: its rays are the fingerprint that stands beside it in letters."""
SENTENCES = ".//p|.//dd|.//figcaption|.//h1|.//h2"
QUOTED = (
    './/*[@lang][not(@lang="en")]|.//blockquote|.//*[contains(@class,"clause-text")]|.//*[contains(@class,"mono")]'
    "|.//svg|.//table|.//nav|.//pre|.//form"
)
"""What a page quotes, tabulates or asks, and what only names things: not the house's own sentences."""


def page_at(address: str) -> str:
    with urllib.request.urlopen(address, timeout=60) as reply:  # noqa: S310 - our own demo
        body: str = reply.read().decode()
        return body


@pytest.mark.mission(
    "S77",
    at="organisation",
    missing="nobody signs in without script in this walk; offline use and fee waivers are not kept yet",
)
def test_every_kind_of_page_is_under_100_kb_with_its_sheets_and_scripts(walk: Walk) -> None:
    weights = {kind: weight(address, walk.bodies[address]) for kind, address in walk.pages.items()}
    assert {kind: told for kind, told in weights.items() if told >= HEAVIEST} == {}


def test_the_page_of_the_largest_network_is_under_100_kb(demo: str) -> None:
    row = re.compile(r'<th scope="row"><a href="(/en/network/[^"]+)".*?<td class="num"[^>]*>(\d+)</td>.*?>(\d+)</td>')
    rows = [found for number in (1, 2, 3) for found in row.findall(page_at(f"{demo}/en/network/?page={number}"))]
    address, many = max(((path, int(sure) + int(unknown)) for path, sure, unknown in rows), key=lambda one: one[1])
    assert many >= 125
    body = page_at(f"{demo}{address}")
    assert weight(f"{demo}{address}", body) < HEAVIEST / 2
    assert len(body.encode()) < 3 * HEAVIEST, "nor does it swell where nothing is compressed"


def test_every_page_says_in_its_head_what_it_comes_to(walk: Walk) -> None:
    told: dict[str, str] = {}
    for kind, address in walk.pages.items():
        head = walk.bodies[address].split("</head>")[0]
        words = re.search(r'<meta name="description" content="([^"]+)"', head)
        told[kind] = words[1] if words else ""
        assert "og:title" in head, kind
        assert head.count('rel="alternate" hreflang=') == 5, kind
    assert sorted(kind for kind, words in told.items() if len(words) < 20) == []
    things = [words for kind, words in told.items() if "/*" in kind]
    assert len(set(told.values())) >= len(told) * 0.6, "a page of its own kind has words of its own"
    assert things


def test_a_page_asks_nobody_else_for_anything(walk: Walk) -> None:
    loaded = re.compile(r'<(?:script|img|iframe|source|video|audio)\b[^>]*\bsrc="(https?:)?//|<link\b[^>]*>')
    for address, body in walk.bodies.items():
        for found in loaded.finditer(body):
            tag = found[0]
            if tag.startswith("<link"):
                fetched = re.search(r'rel="(?:stylesheet|icon|preload|modulepreload)"', tag)
                assert not (fetched and re.search(r'href="(?:https?:)?//', tag)), f"{address}: {tag}"
            else:
                pytest.fail(f"{address}: {tag}")


def charts(walk: Walk) -> Iterator[tuple[str, Any]]:
    for kind, address in walk.pages.items():
        for drawn in html.fromstring(walk.bodies[address]).xpath('//main//svg[@role="img"]'):
            if not any(name in drawn.get("class", "") for name in PICTURES_OF_NO_FIGURES):
                yield kind, drawn


def test_every_chart_has_a_title_and_the_same_as_a_table(walk: Walk) -> None:
    """A chart stands in a table, or beside one, or leads to one; and says its finding where no picture is seen."""
    found = list(charts(walk))
    assert len({kind for kind, _ in found}) >= 6
    without = [
        f"{kind}: {drawn.get('class')}"
        for kind, drawn in found
        if not drawn.xpath("string(./title)").strip() or not _has_table(drawn)
    ]
    assert not without, "\n" + "\n".join(without)


WORD_SIZED = "word-chart"
"""A chart as large as a word, within the sentence that says what it shows."""


def test_every_chart_tells_itself_in_words_under_a_heading_that_is_a_finding(walk: Walk) -> None:
    """A drawing that is no row of a table has a description, and the heading over it says more than what it is of."""
    wrong = []
    for kind, drawn in charts(walk):
        if drawn.xpath("ancestor::table") or WORD_SIZED in drawn.get("class", ""):
            continue
        heading = drawn.xpath("preceding::*[self::h1 or self::h2][1]")
        words = " ".join(heading[-1].text_content().split()) if heading else ""
        if not drawn.xpath("string(./desc)").strip():
            wrong.append(f"{kind}: {drawn.get('class')} has no description")
        if len(words.split()) < 4:
            wrong.append(f"{kind}: {drawn.get('class')} stands under “{words}”")
        named = [
            drawn.getroottree().getroot().xpath("//*[@id=$id]", id=one)
            for one in drawn.get("aria-labelledby", "").split()
        ]
        if any(len(found) != 1 for found in named):
            wrong.append(f"{kind}: {drawn.get('class')} is named by what does not stand there once")
    assert not wrong, "\n" + "\n".join(wrong)


def _has_table(drawn: Any) -> bool:
    if drawn.xpath("ancestor::table"):
        return True
    areas = drawn.xpath("ancestor::section[1]") or drawn.xpath('ancestor::div[contains(@class,"findings")][1]')
    areas = areas or drawn.xpath("ancestor::main")
    return bool(areas[0].xpath(".//table") or areas[0].xpath('.//a[contains(., "as a table")]'))


@pytest.mark.mission("S48", at="network")
def test_s48_public_pages_are_written_for_readers_of_fifteen(walk: Walk) -> None:
    """Flesch and Kincaid's grade level (Kincaid et al. 1975): at most 9 over all sentences of a page that has some.

    Words to a sentence and syllables to a word, of the house's own sentences; quotations, tables and names apart.
    """
    grades = {kind: grade(own_words(walk.bodies[address])) for kind, address in walk.pages.items()}
    hard = {kind: round(found, 1) for kind, found in grades.items() if found is not None and found > 9}
    assert hard == {}
    assert sum(found is not None for found in grades.values()) >= 20


def own_words(body: str) -> str:
    main = html.fromstring(body).xpath("//main")[0]
    for quoted in main.xpath(QUOTED):
        if quoted.getparent() is not None:
            quoted.drop_tree()
    return "\n".join(" ".join(one.text_content().split()) for one in main.xpath(SENTENCES))


def grade(text: str) -> float | None:
    """The school grade that a text asks for; None of fewer than thirty words."""
    sentences = [one for one in re.split(r"[.!?:;]+\s+|\n", text) if len(one.split()) >= 3]
    words = [word for one in sentences for word in re.findall(r"[A-Za-z’']+", one)]
    if len(words) < 30:
        return None
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def syllables(word: str) -> int:
    """Groups of vowels, a silent e apart."""
    many = len(re.findall(r"[aeiouy]+", word.lower()))
    silent = word.lower().endswith("e") and not word.lower().endswith(("le", "ee")) and many > 1
    return max(many - silent, 1)


def test_the_grade_of_known_sentences() -> None:
    easy, hard = "The cat sat on the mat. " * 6, "Intergovernmental organisational accountability necessitates it. " * 8
    assert (grade(easy) or 0) < 2
    assert (grade(hard) or 0) > 20
    assert grade("Too short.") is None


@pytest.mark.mission("S48", at="network")
def test_s48_at_400_percent_and_on_paper_nothing_is_lost_sideways(public_faults: list[Fault]) -> None:
    """1,280 px at 400 % are 320 px; A4 at 96 points to the inch is 794 px, with navigation and forms left out."""
    wrong = owed(public_faults, Debt.ZOOM, Debt.PAPER)
    assert not wrong, "\n" + "\n".join(wrong)


def test_every_control_is_reached_by_keyboard_and_shows_that_it_is(public_faults: list[Fault]) -> None:
    """Nothing that can be clicked is out of the order of tabs, and focus is drawn."""
    wrong = owed(public_faults, Debt.KEYBOARD)
    assert not wrong, "\n" + "\n".join(wrong)
