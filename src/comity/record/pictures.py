"""The record's pictures: the seal explained, and the way from an entry to the root. SVG without styles of its own.

Colours come from the classes of the design system; the same content stands in a table beside each picture.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import cos, log2, pi, sin

RAYS = 36
WIDTH, SPINE, STEP, TOP = 620, 310, 42, 40
SIDE = 96


@dataclass(frozen=True)
class ProofWords:
    """The labels of the proof picture, in the reader's language."""

    title: str
    description: str
    root: str
    entry: str
    siblings: Sequence[str]
    """What each sibling stands for, that of the leaf first."""


@dataclass(frozen=True)
class Arcs:
    """The witnesses of a seal: how many have seen it, of how many, and whether one of them is independent."""

    seen: int
    of: int
    independent: bool


def seal_picture(fingerprint: bytes, number: str, below: str, title: str, arcs: Arcs) -> str:
    """The seal at 172 px: its 36 rays are the fingerprint's first digits; an arc for each witness, closed where it saw.

    Without witnesses one dotted circle stands where their arcs would; arcs are thin where no witness is independent.
    """
    digits = [int(digit, 16) for digit in fingerprint.hex()[:RAYS]]
    rays = "".join(_ray(place, digit) for place, digit in enumerate(digits))
    return (
        '<svg class="picture seal-large" viewBox="0 0 172 172" width="172" height="172" role="img">'
        f"<title>{escape(title)}</title>"
        f"{_arcs(arcs)}"
        '<circle class="no-fill line-rule-2" cx="86" cy="86" r="69"/>'
        f'<g class="line-accent">{rays}</g>'
        '<circle class="no-fill line-rule-2" cx="86" cy="86" r="44"/>'
        f'<text class="seal-number" x="86" y="89" text-anchor="middle">{escape(number)}</text>'
        f'<text class="t-2" x="86" y="107" text-anchor="middle">{escape(below)}</text>'
        "</svg>"
    )


def _arcs(arcs: Arcs) -> str:
    if not arcs.of:
        return '<circle class="no-fill line-ink-3 dotted-line" cx="86" cy="86" r="80"/>'
    closed = f"line-accent {'seen-arc' if arcs.independent else 'thin-arc'}"
    looks = [closed if place < arcs.seen else "line-ink-3 dotted-line" for place in range(arcs.of)]
    return "".join(_arc(place, arcs.of, look) for place, look in enumerate(looks))


def _arc(place: int, witnesses: int, look: str) -> str:
    share, gap = 2 * pi / witnesses, min(0.07, pi / witnesses / 4)
    start, end = place * share - pi / 2 + gap, (place + 1) * share - pi / 2 - gap
    x1, y1, x2, y2 = 86 + 80 * cos(start), 86 + 80 * sin(start), 86 + 80 * cos(end), 86 + 80 * sin(end)
    return f'<path class="no-fill {look}" d="M{x1:.1f} {y1:.1f}A80 80 0 {int(end - start > pi)} 1 {x2:.1f} {y2:.1f}"/>'


def _ray(place: int, digit: int) -> str:
    turn = place * 2 * pi / RAYS - pi / 2
    inner, outer = 67 - 2 - digit * 1.2, 67
    x1, y1 = 86 + inner * cos(turn), 86 + inner * sin(turn)
    x2, y2 = 86 + outer * cos(turn), 86 + outer * sin(turn)
    return f'<path d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}"/>'


def proof_picture(index: int, path: Sequence[tuple[int, int, bytes]], root: bytes, words: ProofWords) -> str:
    """The spine from an entry up to the root; each sibling on its true side, as wide as it has doublings."""
    height = TOP + STEP * len(path) + 60
    parts = [f'<path class="line-accent spine" d="M{SPINE} {TOP}V{height - 34}"/>']
    for place, ((first, last, sibling), label) in enumerate(zip(path, words.siblings, strict=True)):
        y = TOP + 28 + STEP * (len(path) - 1 - place)
        parts.append(_sibling(first < index, last - first, y, label, sibling.hex()[:8]))
    parts.append(_box(TOP - 30, words.root, "fill-paper line-ink", "t-b"))
    parts.append(f'<text class="t-3 code-text" x="{SPINE + 112}" y="{TOP - 11}">{root.hex()[:8]}…</text>')
    parts.append(_box(height - 34, words.entry, "fill-accent no-line", "t-on"))
    return (
        f'<svg class="picture not-turned proof-picture" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" '
        f'height="{height}" role="img" aria-labelledby="proof-title proof-description">'
        f'<title id="proof-title">{escape(words.title)}</title>'
        f'<desc id="proof-description">{escape(words.description)}</desc>{"".join(parts)}</svg>'
    )


def _sibling(left: bool, count: int, y: int, label: str, digits: str) -> str:
    side = -1 if left else 1
    half = 6 + 3 * log2(count)
    x, tip = SPINE + side * SIDE, y - 6 - half * 0.35
    shape = (
        f'<path class="fill-inset line-ink-3" d="M{x - half:.1f} {y + 6}L{x:.1f} {tip:.1f}L{x + half:.1f} {y + 6}z"/>'
        if count > 1
        else f'<rect class="fill-inset line-ink-3" x="{x - 6}" y="{y - 6}" width="12" height="12"/>'
    )
    anchor = "end" if left else "start"
    at = x + side * (half + 9)
    return (
        f'<circle class="fill-accent" cx="{SPINE}" cy="{y - 12}" r="3.2"/>'
        f'<path class="no-fill line-ink-3" d="M{SPINE} {y - 12}L{x:.1f} {tip if count > 1 else y:.1f}"/>{shape}'
        f'<text x="{at:.1f}" y="{y}" text-anchor="{anchor}">{escape(label)}</text>'
        f'<text class="t-3 code-text" x="{at:.1f}" y="{y + 14}" text-anchor="{anchor}">{digits}…</text>'
    )


def _box(y: int, label: str, box: str, text: str) -> str:
    half = 100
    return (
        f'<rect class="{box}" x="{SPINE - half}" y="{y}" width="{2 * half}" height="28"/>'
        f'<text class="{text}" x="{SPINE}" y="{y + 19}" text-anchor="middle">{escape(label)}</text>'
    )
