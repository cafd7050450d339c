"""The registry's words and groups for its templates."""

from collections.abc import Iterator

from django import template

from comity.plain.duties import Duty
from comity.plain.stances import Stance
from comity.plain.time import When
from comity.registry import words
from comity.registry.models import Organisation, OrganisationKind, Spell
from comity.registry.pictures import YearCount
from comity.registry.queries import LinkView
from comity.registry.sheet import LinkRow, LinkTable

register = template.Library()


@register.filter
def standing_word(value: str) -> str:
    """A class of standing in the reader's language."""
    return str(words.STANDINGS.get(value, value))


@register.filter
def why_word(value: str) -> str:
    """Why a link is not in force."""
    return str(words.WHY.get(value, ""))


@register.filter
def when_word(value: str) -> str:
    """In force, not in force, or date unknown."""
    return str(words.WHEN[When(value)])


@register.filter
def link_kind_word(value: str) -> str:
    """The kind of a link."""
    return str(words.LINK_KINDS.get(value, value))


@register.filter
def field_word(value: str) -> str:
    """What a field is called."""
    return str(words.FIELDS.get(value, value))


@register.filter
def part_word(part: Organisation) -> str:
    """What kind of part an organisation is: a youth wing, a foundation."""
    return str(words.WING_KINDS.get(part.wing_kind) or words.KINDS[OrganisationKind(part.kind)])


@register.filter
def link_words(view: LinkView) -> str:
    """What the other side of a link is, and what ties: "network", "youth wing · part of"."""
    other = view.other
    if view.kind == "membership" and view.outward:
        return str(words.NETWORK_KINDS.get(other.network_kind) or words.KINDS[OrganisationKind.NETWORK])
    what = words.WING_KINDS.get(other.wing_kind) or words.KINDS[OrganisationKind(other.kind)]
    return f"{what} · {words.LINK_KINDS.get(view.kind, view.kind)}"


@register.filter
def span_groups(table: LinkTable) -> list[tuple[str, list[LinkRow]]]:
    """The three groups, in the order in which they are shown."""
    return [
        (str(When.IN_FORCE), table.in_force),
        (str(When.UNKNOWN), table.date_unknown),
        (str(When.NOT_IN_FORCE), table.not_in_force),
    ]


@register.filter
def spells(row: LinkRow) -> Iterator[tuple[Spell, When]]:
    """Every spell of a link, the one that speaks for the day first."""
    yield row.view.spell, row.view.when
    for past in row.view.history:
        yield past.spell, past.when


@register.filter
def known_members(year: YearCount) -> int:
    """Members whose dates are known."""
    return sum(year.groups)


@register.filter
def kind_heading(name: str) -> str:
    """Several things of a kind, as a heading."""
    return str(words.THINGS.get(name, name.replace("-", " ").capitalize()))


@register.filter
def is_stance(mark: str) -> bool:
    """Whether a note bears the circle of a stance."""
    return mark in set(Stance)


@register.filter
def is_duty(mark: str) -> bool:
    """Whether a note bears the square of a duty."""
    return mark in set(Duty)
