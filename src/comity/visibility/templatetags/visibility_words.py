"""Who reads a thing or will read it, for templates."""

from django import template

from comity.plain.kinds import kind_of_row
from comity.plain.levels import Level
from comity.registry.models import Governed
from comity.visibility import words
from comity.visibility.core import Policy, Terms
from comity.visibility.forms import VisibilityForm

register = template.Library()


@register.filter
def told(about: Governed | VisibilityForm | Terms) -> list[str]:
    """The sentences of a thing that stands, of a form as it is filled in now, or of the terms of what will arise."""
    if isinstance(about, Terms):
        return words.told_of_terms(about)
    return about.told() if isinstance(about, VisibilityForm) else words.told_of(about)


@register.filter
def kind_name(row: Governed) -> str:
    """The kind of a governed row, as its address names it."""
    kind = kind_of_row(row)
    return kind.name if kind else ""


@register.filter
def protection_word(state: str) -> str:
    """Where a protection of existence stands."""
    return str(words.STATES.get(state, state))


@register.filter
def change_word(what: str) -> str:
    """What a decision about readers did."""
    return str(words.CHANGES.get(what, what))


@register.filter
def review_word(state: str) -> str:
    """Where the safety review of a link stands."""
    return str(words.REVIEWS.get(state, state))


@register.filter
def level_word(name: str) -> str:
    """The circle of a level by its name."""
    return str(words.LEVEL_NAMES[Level[name]])


@register.filter
def governed_kind_word(kind: str) -> str:
    """What kind of record a row of the policy speaks of."""
    return str(words.KINDS.get(kind, kind))


@register.filter
def why(row: Policy) -> str:
    """Why the table of the house proposes what a row says."""
    return str(words.WHY[row.kind, row.body])


@register.filter
def body_word(body: str) -> str:
    """In what kind of body."""
    return str(words.BODIES.get(body, body))
