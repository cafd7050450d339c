"""What came before an organisation, what came after and what is part of it: its finding, its picture, its rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.plain.kinds import called
from comity.plain.languages import direction
from comity.plain.place import Place
from comity.plain.time import Period
from comity.registry import pictures, sheet, words
from comity.registry.about import Family
from comity.registry.models import Lineage, Organisation, OrganisationKind, partial


@dataclass(frozen=True)
class Relative:
    """One relative as a row: the word for it, when it turned into what came after it, and its own days."""

    word: Any
    organisation: Organisation
    at: str
    number: int
    """Of the source, at the foot of the page; 0 where none is stated."""
    standing: str = ""
    """How the source is known."""


@dataclass(frozen=True)
class Kin:
    """All that a page shows of them."""

    finding: str
    picture: str
    """Empty where nothing came before or after: parts alone are a list."""
    rows: list[Relative]


def kin_of(organisation: Organisation, family: Family, sources: sheet.Sources, place: Place) -> Kin:
    """The family of an organisation as its page tells it: those before it, those after it, then its parts."""
    family = _by_day(family, place.as_of)
    before = [_relative(row, row.earlier, words.LINEAGE[row.kind][0], sources) for row in family.before]
    after = [_relative(row, row.later, words.LINEAGE[row.kind][1], sources) for row in family.after]
    finding = _finding(len(before), len(after), len(family.parts), organisation.parent_id is not None)
    picture = _drawn(organisation, family, finding, place) if before or after else ""
    parts = [Relative(_word_of(part), part, "", 0) for part in family.parts]
    whole = [Relative(_("part of"), organisation.parent, "", 0)] if organisation.parent else []
    return Kin(finding, picture, [*before, *after, *whole, *parts])


def _by_day(family: Family, day: date) -> Family:
    """The family without what lies ahead of the day shown."""

    def come(rows: Sequence[Lineage]) -> list[Lineage]:
        return [row for row in rows if (said := partial(row.at)) is None or said.first <= day]

    return Family(come(family.before), come(family.after), family.parts)


def _relative(row: Lineage, other: Organisation, word: Any, sources: sheet.Sources) -> Relative:
    return Relative(word, other, row.at, sources.number(row.source), row.source.standing if row.source else "")


def _word_of(part: Organisation) -> Any:
    return words.WING_KINDS.get(part.wing_kind) or words.KINDS[OrganisationKind(part.kind)]


def _finding(before: int, after: int, parts: int, within: bool) -> str:
    if before and after:
        return _("Came before it: %(before)d; came after it: %(after)d") % {"before": before, "after": after}
    if before:
        told = ngettext("One organisation came before it", "%(n)d organisations came before it", before)
    elif after:
        told = ngettext("One organisation came after it", "%(n)d organisations came after it", after)
    elif parts:
        told = ngettext("One organisation is part of it", "%(n)d organisations are part of it", parts)
    else:
        return _("It is part of another organisation") if within else ""
    return told % {"n": before or after or parts}


def _drawn(organisation: Organisation, family: Family, finding: str, place: Place) -> str:
    """Each organisation as a bar over its years, those before above, those after below, each tied on its day."""
    every = [*(row.earlier for row in family.before), organisation, *(row.later for row in family.after)]
    days = [said.first for row in every for said in (partial(row.founded), partial(row.dissolved)) if said]
    days += [said.first for row in (*family.before, *family.after) if (said := partial(row.at))]
    axis = pictures.axis_for(days, place.as_of)
    bars = [_bar(row.earlier, place, axis, row) for row in family.before]
    bars.append(_bar(organisation, place, axis))
    bars += [_bar(row.later, place, axis, row) for row in family.after]
    label = sheet.in_words(place.as_of, place.language)
    head = pictures.span_axis(axis, place.as_of, label, direction(place.language))
    return head + pictures.lineage(bars, axis, place.as_of, finding, _described(every, place))


def _bar(row: Organisation, place: Place, axis: pictures.Axis, tie: Lineage | None = None) -> pictures.Bar:
    """The years of one organisation; ``tie`` is how it and the organisation of the page are related, none for that."""
    name = called(row, place)
    tongue = name.language or place.language
    said = partial(tie.at) if tie else None
    tied = said.first if said else None
    period = Period(partial(row.founded), partial(row.dissolved), ended=False)
    ink = pictures.Ink.LOOSE if tie else pictures.Ink.SURE
    drawn = list(pictures.stretches(period, ink, place.as_of, axis.first))
    if tie and tied and tie.earlier_id == row.pk and tie.kind != "split" and not row.dissolved:
        drawn = [*pictures.stretches(Period(period.start, said, ended=True), ink, place.as_of, axis.first)]
        drawn.append(pictures.Stretch(tied, place.as_of, pictures.Ink.UNKNOWN))
    by_day = tuple(stretch for stretch in drawn if stretch.ink is not pictures.Ink.AGREED)
    return pictures.Bar(name.words, tongue, direction(tongue), by_day, tied, own=tie is None)


def _described(every: Sequence[Organisation], place: Place) -> str:
    """The picture in words: each organisation with its first and last day."""
    return "; ".join(
        f"{called(row, place).words}: {sheet.days_in_words(row.founded, row.dissolved, place.language)}"
        for row in every
    )
