"""The registry's words and groups for its templates."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.template import RequestContext
from django.utils.safestring import SafeString

from comity.plain.duties import Duty
from comity.plain.place import place_of
from comity.plain.stances import Stance
from comity.record.queries import EntryView
from comity.registry import rows, words
from comity.registry.about import NameRow
from comity.registry.kin import Relative
from comity.registry.models import Organisation, OrganisationKind, Source
from comity.registry.record_of import NoteShown, Thing
from comity.registry.sheet import LinkTable, Sources

register = template.Library()


@register.filter
def standing_word(value: str) -> str:
    """A class of standing in the reader's language."""
    return str(words.STANDINGS.get(value, value))


@register.filter
def link_kind_word(value: str) -> str:
    """The kind of a link."""
    return str(words.LINK_KINDS.get(value, value))


@register.filter
def part_word(part: Organisation) -> str:
    """What kind of part an organisation is: a youth wing, a foundation."""
    return str(words.WING_KINDS.get(part.wing_kind) or words.KINDS[OrganisationKind(part.kind)])


@register.simple_tag(takes_context=True)
def span_rows(context: RequestContext, table: LinkTable) -> SafeString:
    """The rows of the span diagram."""
    return rows.span_rows(table, place_of(context["request"]), may_write=bool(context.get("may_write")))


@register.simple_tag(takes_context=True)
def spell_rows(context: RequestContext, table: LinkTable) -> SafeString:
    """The same links as a table, every spell of each."""
    return rows.spell_rows(table, place_of(context["request"]))


@register.simple_tag(takes_context=True)
def kin_rows(context: RequestContext, relatives: Iterable[Relative]) -> SafeString:
    """What came before an organisation, what came after and what is part of it."""
    return rows.kin_rows(relatives, place_of(context["request"]))


@register.simple_tag(takes_context=True)
def name_rows(
    context: RequestContext, names: Iterable[NameRow], sources: Sources, with_record: bool = False
) -> SafeString:
    """Names with the days they were borne."""
    limit = place_of(context["request"]).known_by
    known_by = min(limit, context.get("known_by") or limit)
    return rows.name_rows(names, sources, known_by, with_record=with_record)


@register.simple_tag
def source_items(numbered: Iterable[tuple[int, Source]]) -> SafeString:
    """Sources under their numbers."""
    return rows.source_items(numbered)


@register.simple_tag(takes_context=True)
def correction_rows(context: RequestContext, corrections: Iterable[dict[str, Any]]) -> SafeString:
    """Proposed corrections."""
    return rows.correction_rows(corrections, place_of(context["request"]))


@register.simple_tag
def restated_rows(changes: Iterable[Any]) -> SafeString:
    """Facts stated anew."""
    return rows.restated_rows(changes)


@register.simple_tag(takes_context=True)
def act_rows(context: RequestContext, things: Iterable[Thing]) -> SafeString:
    """What an organisation did."""
    return rows.act_rows(things, place_of(context["request"]))


@register.simple_tag(takes_context=True)
def note_rows(context: RequestContext, notes: Iterable[NoteShown]) -> SafeString:
    """How it voted and what it said."""
    return rows.note_rows(notes, place_of(context["request"]))


@register.simple_tag(takes_context=True)
def entry_rows(context: RequestContext, entries: Iterable[tuple[Any, EntryView]]) -> SafeString:
    """Entries of the record."""
    return rows.entry_rows(entries, place_of(context["request"]))


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
