"""Small pictures in the line of reading: marks of stance and duty, the seal, word-sized charts.

Pure functions that return SVG. Presentation stands in the stylesheet's classes, since the policy forbids style
attributes. Marks are hidden from screen readers: the word stands beside each.
"""

from collections.abc import Mapping, Sequence, Set
from datetime import date
from html import escape
from math import cos, pi, sin

from comity.plain.duties import Duty
from comity.plain.stances import Stance

_HALF_DISC = '<path class="stance" d="M6 1a5 5 0 0 0 0 10z"/>'
_STANCES = {
    Stance.AGREED: '<circle class="stance" cx="6" cy="6" r="5.2"/>',
    Stance.RESERVED: '<circle class="stance" cx="6" cy="6" r="5.4"/><circle class="core" cx="6" cy="6" r="2.3"/>',
    Stance.AD_REFERENDUM: f'<circle class="ring" cx="6" cy="6" r="5"/>{_HALF_DISC}',
    Stance.AGAINST: '<circle class="line" cx="6" cy="6" r="5"/><path class="line" d="M2.6 9.4 9.4 2.6"/>',
    Stance.ABSTAINED: '<circle class="line" cx="6" cy="6" r="5"/>',
    Stance.UNUSED: '<circle class="dotted" cx="6" cy="6" r="5"/>',
}
_BOX = '<rect class="line" x="1.2" y="1.2" width="9.6" height="9.6"/>'
_DUTIES = {
    Duty.KEPT: '<rect class="in" x=".5" y=".5" width="11" height="11"/>',
    Duty.LATE: f'{_BOX}<path class="in" d="M1 1v10h10z"/>',
    Duty.NIL: f'{_BOX}<path class="line" d="M1.5 10.5l9-9"/>',
    Duty.MISSED: f'{_BOX}<path class="line" d="M2.5 2.5l7 7m0-7l-7 7"/>',
    Duty.SILENT: '<path class="line heavy" d="M1.2 4V1.2H4M8 1.2h2.8V4M10.8 8v2.8H8M4 10.8H1.2V8"/>',
    Duty.NOT_DUE: '<circle class="in" cx="6" cy="6" r="1.5"/>',
}


def _mark(inner: str, *, turns: bool = False) -> str:
    css = "mark turns" if turns else "mark"
    size = 'viewBox="0 0 12 12" width="11" height="11"'
    return f'<svg class="{css}" {size} aria-hidden="true" focusable="false">{inner}</svg>'


def stance_mark(stance: str) -> str:
    """The circle of a stance: full, ring, half, struck, open, dotted."""
    known = Stance(stance)
    return _mark(_STANCES[known], turns=known is Stance.AD_REFERENDUM)


def duty_mark(duty: str) -> str:
    """The square of a duty's state: full, half, struck, crossed, four corners, dot."""
    return _mark(_DUTIES[Duty(duty)], turns=Duty(duty) is Duty.LATE)


def duty_strip(duties: Sequence[str]) -> str:
    """A row of squares, in the order given, wrapping where it must; its sentence stands beside."""
    return f'<span class="marks" aria-hidden="true">{"".join(duty_mark(duty) for duty in duties)}</span>'


def seal_mark(witnesses: int = 0, seen: int = 0, *, independent: bool = True) -> str:
    """The seal: one arc for each witness, closed where it saw the entry; a dotted circle while there is none.

    Arcs are thin where no witness is independent.
    """
    closed = "arc" if independent else "arc thin"
    arcs = _arcs(witnesses, seen, closed) if witnesses else '<circle class="arc open" cx="17" cy="17" r="14"/>'
    diamond = '<path class="diamond" d="M17 11.2l5.8 5.8-5.8 5.8-5.8-5.8z"/>'
    return f'<svg viewBox="0 0 34 34" width="26" height="26" aria-hidden="true" focusable="false">{arcs}{diamond}</svg>'


def _arcs(witnesses: int, seen: int, closed: str) -> str:
    share, gap = 2 * pi / witnesses, 0.22
    drawn = []
    for place in range(witnesses):
        start, end = place * share - pi / 2 + gap, (place + 1) * share - pi / 2 - gap
        x1, y1, x2, y2 = (17 + 14 * cos(start), 17 + 14 * sin(start), 17 + 14 * cos(end), 17 + 14 * sin(end))
        large = 1 if end - start > pi else 0
        state = closed if place < seen else "arc open"
        drawn.append(f'<path class="{state}" d="M{x1:.2f} {y1:.2f}A14 14 0 {large} 1 {x2:.2f} {y2:.2f}"/>')
    return "".join(drawn)


def _word_chart(width: int, height: int, title: str, parts: Sequence[str]) -> str:
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    named = f"<title>{escape(title)}</title>"  # word-sized: the sentence around it says what it shows
    return f'<svg class="picture word-chart not-turned" {size} role="img">{named}{"".join(parts)}</svg>'


def vote_strip(
    *, given: int, against: int, abstained: int, base: int, needed: int | None, title: str, label: str
) -> str:
    """Votes as strokes on the line of reading: for, against, abstained, not used, with the threshold drawn through.

    ``base`` is the number of votes the rule counts; ``title`` tells the finding, ``label`` stands at the threshold.
    """
    shown = max(base, given + against + abstained, 1)
    step = 280 / shown
    width = max(step - 2, step * 0.7)
    kinds = ["for"] * given + ["against"] * against + ["abstained"] * abstained
    kinds += ["unused"] * (shown - len(kinds))
    parts = [_stroke(kind, place * step, width) for place, kind in enumerate(kinds)]
    if needed is not None:
        x = max(0.0, min(needed, shown) * step - (step - width) / 2)
        anchor = "end" if needed > shown / 3 else "start"
        at = x - 4 if anchor == "end" else x + 4
        parts.append(f'<path class="line-ink threshold" d="M{x:.1f} 3v36"/>')
        parts.append(f'<text class="t-small" x="{at:.1f}" y="11" text-anchor="{anchor}">{escape(label)}</text>')
    return _word_chart(282, 40, title, parts)


def _stroke(kind: str, x: float, width: float) -> str:
    if kind == "for":
        return f'<rect class="fill-accent" x="{x:.1f}" y="16" width="{width:.1f}" height="18"/>'
    if kind == "against":
        inner = max(width - 1, 1)
        return f'<rect class="no-fill line-ink" x="{x + 0.5:.1f}" y="16.5" width="{inner:.1f}" height="17"/>'
    if kind == "abstained":
        return f'<rect class="fill-rule" x="{x:.1f}" y="22" width="{width:.1f}" height="12"/>'
    return f'<path class="line-ink" d="M{x:.1f} 33.5h{width:.1f}"/>'


def day_line(words: Mapping[date, str], chosen: date, awaited: Set[date], title: str) -> str:
    """The days on which something changed, as points on a line; the chosen day large, awaited days hollow.

    Every day has its point; a word that would run into another is left out, those of the chosen, the awaited and the
    first day last of all.
    """
    days = sorted(words)
    reach = max((days[-1] - days[0]).days, 1)
    parts = ['<path class="line-ink-3" d="M6 24H304"/>']
    taken: list[tuple[int, float, float]] = []
    for day in sorted(days, key=lambda day: (day != chosen, day not in awaited, day != days[0], day)):
        x = 6 + 298 * (day - days[0]).days / reach
        parts.append(_point(x, hollow=day in awaited and day != chosen, large=day == chosen))
        half = (4.0 if day == chosen else 3.6) * len(words[day]) + 6
        middle = min(max(x, half), 310 - half)
        y = next((y for y in (44, 12) if _is_free(taken, y, middle - half, middle + half)), None)
        if y is None:
            continue
        taken.append((y, middle - half, middle + half))
        weight = "t-small t-b t-accent" if day == chosen else "t-small t-2"
        parts.append(
            f'<text class="{weight}" x="{middle:.0f}" y="{y}" text-anchor="middle">{escape(words[day])}</text>'
        )
    return _word_chart(310, 50, title, parts)


def _is_free(taken: Sequence[tuple[int, float, float]], y: int, start: float, end: float) -> bool:
    return not any(row == y and start < other_end and other_start < end for row, other_start, other_end in taken)


def _point(x: float, *, hollow: bool, large: bool) -> str:
    if large:
        return f'<circle class="fill-accent" cx="{x:.1f}" cy="24" r="5.5"/>'
    css = "fill-paper line-ink" if hollow else "fill-ink"
    return f'<circle class="{css}" cx="{x:.1f}" cy="24" r="3.5"/>'


MOST_FRAMES = 4


def _frame(x: int, y: int, width: int, height: int, *, thick: bool = False, double: bool = False) -> str:
    drawn = f'<rect class="fill-tint line-ink" x="{x}" y="{y}" width="{width}" height="{height}"'
    drawn += f' stroke-width="{2 if thick else 1}"/>'
    if double:
        inner = f'x="{x + 2.5}" y="{y + 2.5}" width="{width - 5}" height="{height - 5}"'
        drawn += f'<rect class="no-fill line-ink" {inner} stroke-width="1"/>'
    return drawn


def eyes_picture(levels: Sequence[int]) -> str:
    """A page in small, as one pair of eyes sees it: lines of text, the brace, a frame for each narrower thing.

    ``levels`` are those of ``plain.levels.Level``: 1 a thin frame, 2 and 4 double, 3 and 5 thick.
    """
    parts = [f'<path class="line-rule-2" d="M10 {y}h{width}"/>' for y, width in ((9, 46), (16, 52), (23, 40), (30, 50))]
    parts.append('<path class="no-fill line-ink" d="M78 24h-4v20h4"/>')
    parts += [f'<path class="line-rule-2" d="M82 {y}h24"/>' for y in (28, 34, 40)]
    if any(level in {2, 4} for level in levels):
        parts += [
            _frame(8, 37, 60, 33, double=True),
            *(f'<path class="line-accent" d="M16 {y}h44"/>' for y in (45, 51, 57, 63)),
        ]
        levels = ()
    for place, level in enumerate(levels[:MOST_FRAMES]):
        x, y = 10 + 31 * (place % 2), 38 + 16 * (place // 2)
        parts += [_frame(x, y, 27, 12, thick=level >= 3), f'<path class="line-accent" d="M{x + 5} {y + 6}h17"/>']
    size = 'viewBox="0 0 118 76" width="118" height="76"'
    return f'<svg class="picture" {size} aria-hidden="true" focusable="false">{"".join(parts)}</svg>'
