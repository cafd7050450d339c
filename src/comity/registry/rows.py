"""The rows of the registry's long tables, joined in Python: the one place where they are built, and where they escape.

An ordinary template takes some 30 ms for two hundred rows, this a tenth. Whatever comes from a row of the database goes
through ``escape``; only what this file wrote itself is trusted. ``tests/test_rows.py`` puts markup into every field of
every kind of row.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from html import escape as escaped
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from comity.plain.kinds import Called, Note, called
from comity.plain.languages import direction
from comity.plain.levels import Realm
from comity.plain.place import Place
from comity.plain.time import When
from comity.record.queries import EntryView
from comity.registry import words
from comity.registry.about import NameRow
from comity.registry.core.ties import Why
from comity.registry.dates import in_words
from comity.registry.edges import here
from comity.registry.exports import address_of
from comity.registry.kin import Relative
from comity.registry.models import Organisation, OrganisationKind, Source
from comity.registry.queries import LinkView
from comity.registry.record_of import NoteShown, Thing
from comity.registry.sheet import LinkRow, LinkTable, Sources
from comity.registry.words import tongue_in_words

escape = lru_cache(maxsize=16384)(escaped)
"""Names, sources and reasons recur from row to row: each is escaped once."""


@dataclass(frozen=True)
class Said:
    """The words of the interface that rows repeat, in one language: asked for once, not once a row."""

    language: str
    standings: dict[str, str]
    when: dict[str, str]
    why: dict[str, str]
    link_kinds: dict[str, str]
    kinds: dict[str, str]
    source_marks: dict[str, str]
    fields: dict[str, str]
    since: str
    agreed: str
    ended: str
    no_source: str

    def day(self, text: str | date) -> str:
        """A day, month or year in words, escaped; each is put into words once for each language."""
        return _day(text if isinstance(text, str) else text.isoformat()[:10], self.language)


@lru_cache(maxsize=64)
def _said(language: str) -> Said:
    """The words of the active language, which is named only as the key."""

    def told(mapping: Any) -> dict[str, str]:
        return {str(key): escape(str(word)) for key, word in mapping.items()}

    standings = {"verified": _("verified"), "stated": _("stated"), "self-reported": _("self-reported")}
    marks = {key: escape(_("source, %(standing)s") % {"standing": word}) for key, word in standings.items()}
    kinds = told(words.KINDS) | told(words.NETWORK_KINDS) | told(words.WING_KINDS)
    return Said(
        language,
        told(words.STANDINGS),
        told(words.WHEN),
        told(words.WHY),
        told(words.LINK_KINDS),
        kinds,
        marks,
        told(words.FIELDS),
        _("since %(start)s"),
        _("agreed until %(end)s"),
        _("ended %(end)s"),
        escape(_("no source")),
    )


def said() -> Said:
    """The words of the active language."""
    return _said(get_language() or "")


@lru_cache(maxsize=16384)
def _day(text: str, language: str) -> str:
    return escape(in_words(text))


def safe(parts: Iterable[str]) -> SafeString:
    """What this file built."""
    return mark_safe("".join(parts))  # noqa: S308 - every value in it went through escape


def own_words(text: str, language: str = "") -> str:
    """Words of content in their own language and direction."""
    if not language:
        return f"<span dir=auto>{escape(text)}</span>"
    return f'<span lang="{escape(language)}" dir="{direction(language)}">{escape(text)}</span>'


def source_mark(number: int, standing: str, told: Said) -> str:
    """The number of a source in its box; nothing where a fact has none."""
    if not number:
        return ""
    words_of_it = told.source_marks.get(standing, escape(standing))
    css = escape(standing)
    return f'<a class="src src-{css}" href="#source-{number}"><span class="unseen">{words_of_it} </span>{number}</a>'


def linked(organisation: Organisation, name: Called, place: Place) -> str:
    """An organisation under a name, leading to its page."""
    return f'<a href="{escape(address_of(organisation, place.language))}">{own_words(name.words, name.language)}</a>'


def entry_cell(entry: EntryView | None, place: Place) -> str:
    """The number of an entry, leading to it; or why there is none."""
    if entry is None:
        return f'<span class="no-data">{escape(_("not in the public record"))}</span>'
    if entry.index is None:
        return escape(_("waiting for its number"))
    grouped = f"{entry.index:,}".replace(",", "\u202f")
    told = _("entry %(number)s") % {"number": f'<bdi dir="ltr">{grouped}</bdi>'}
    return f'<a href="{place.prefix}/entry/{entry.index}">{told}</a>'


def name_rows(
    rows: Iterable[NameRow], sources: Sources, known_by: datetime, *, with_record: bool = False
) -> SafeString:
    """Names with the days they were borne; the day of the record too where it is asked for, or open by that instant."""
    told = said()
    return safe(_name_row(row, sources, told, with_record or row.recorded_at > known_by) for row in rows)


def _name_row(row: NameRow, sources: Sources, told: Said, with_record: bool) -> str:
    tongue = f' lang="{escape(row.language)}"' if row.language else ""
    mark = source_mark(sources.number(row.source), row.source.standing, told) if row.source else ""
    parts = [_borne(row.begin, row.end, told), _recorded(row, told) if with_record else ""]
    role = escape(_name_word(row.role, row.language, told.language))
    own = escape(str(_("own name"))) if row.role == "native" else ""
    days = "; ".join(part for part in [", ".join(word for word in (own, parts[0]) if word), parts[1]] if part)
    return (
        f'<div><dt>{role}</dt><dd class="name"><span{tongue} dir="auto">'
        f'{escape(row.text)}</span></dd><dd class="small muted">{days}{mark}</dd></div>\n'
    )


@lru_cache(maxsize=2048)
def _name_word(role: str, tongue: str, language: str) -> str:
    """What a name is: its language where it is one of several borne at once, else its role."""
    known = tongue_in_words(tongue, language) if role in {"official", "native", "alias"} else ""
    return known or str(words.NAME_ROLES.get(role, role))


def _recorded(row: NameRow, told: Said) -> str:
    words_of_it = _("recorded %(day)s") if row.exactly else _("recorded before %(day)s")
    return words_of_it % {"day": told.day(row.recorded_at)}


def _borne(begin: str, end: str, told: Said) -> str:
    if begin and end:
        return _("%(start)s to %(end)s") % {"start": told.day(begin), "end": told.day(end)}
    if begin:
        return _("since %(start)s") % {"start": told.day(begin)}
    return _("until %(end)s") % {"end": told.day(end)} if end else ""


GROUPS = ("in_force", "date_unknown", "not_in_force")


def span_rows(table: LinkTable, place: Place, *, may_write: bool = False) -> SafeString:
    """The links as rows of the span diagram, one body for each group."""
    parts: list[str] = []
    told = said()
    for name in GROUPS:
        rows: list[LinkRow] = getattr(table, name)
        if rows:
            parts += ["<tbody>\n", *(_span_row(row, place, told, may_write) for row in rows), "</tbody>\n"]
    return safe(parts)


def _span_row(row: LinkRow, place: Place, told: Said, may_write: bool) -> str:
    view = row.view
    act = _link_acts(view, place) if may_write else ""
    what = f'<span class="small muted">{_what(view, told)}</span>'
    return (
        f'<tr><th scope="row">{linked(view.other, row.name, place)} <br>{what}</th>'
        f'<td class="span-cell">{row.picture}</td><td>{_state(row, place, told)}{act}</td></tr>\n'
    )


def _link_acts(view: LinkView, place: Place) -> str:
    return render_to_string("registry/link_acts.html", {"link": view.link, "place": place})


def _what(view: LinkView, told: Said) -> str:
    """What the other side is, and what ties: "network", "youth wing · part of"."""
    other = view.other
    if view.kind == "membership" and view.outward:
        return told.kinds.get(other.network_kind) or told.kinds[OrganisationKind.NETWORK]
    what = told.kinds.get(other.wing_kind) or told.kinds[other.kind]
    return f"{what} · {told.link_kinds.get(view.kind, escape(view.kind))}"


def _state(row: LinkRow, place: Place, told: Said) -> str:
    """What one link says of the day, in words, and on whose word."""
    view = row.view
    css, say = _STATES[view.when]
    mark = source_mark(row.number, view.source.standing, told) if view.source and row.number else ""
    if not mark and place.realm is Realm.REAL:
        mark = f' <span class="no-data">{told.no_source}</span>'
    return f'<b{css}>{told.when[view.when]}</b>\n<span class="small">{say(row, told)}</span>{mark}'


def _in_force(row: LinkRow, told: Said) -> str:
    view = row.view
    standing = told.standings.get(view.standing, escape(view.standing))
    parts = [standing]
    if view.unverified:
        source = escape(view.source.title if view.source else "?")
        parts = [_("%(standing)s: reported by %(source)s, unverified") % {"standing": standing, "source": source}]
    if view.start:
        parts.append(", " + told.since % {"start": told.day(view.start)})
    if row.end:
        parts.append("; " + told.agreed % {"end": told.day(row.end)})
    return "".join(parts)


def _unknown(row: LinkRow, told: Said) -> str:
    view = row.view
    standing = told.standings.get(view.standing, escape(view.standing))
    parts = [_("%(standing)s: reported, unverified") % {"standing": standing} if view.unverified else standing]
    if view.start:
        parts.append(", " + _("from %(start)s") % {"start": told.day(view.start)})
    if view.end:
        parts.append(", " + _("until %(end)s") % {"end": told.day(view.end)})
    if view.source:
        by = {"source": escape(view.source.title), "day": told.day(view.stated_on)}
        parts.append("; " + _("stated by %(source)s, %(day)s") % by)
    return "".join(parts)


def _over(row: LinkRow, told: Said) -> str:
    view = row.view
    if view.why is Why.ENDED and view.end:
        why = told.ended % {"end": told.day(view.end)}
    elif view.why is Why.NOT_BEGUN and view.start:
        why = _("begins %(start)s") % {"start": told.day(view.start)}
    else:
        why = told.why.get(view.why, "")
    return why + (f': <span dir="auto">{escape(view.end_reason)}</span>' if view.end_reason else "")


_STATES = {
    When.IN_FORCE: ("", _in_force),
    When.UNKNOWN: (' class="unknown"', _unknown),
    When.NOT_IN_FORCE: ("", _over),
}


def spell_rows(table: LinkTable, place: Place) -> SafeString:
    """Every spell of every link as a table, the one that speaks for the day first."""
    told = said()
    missing = f'<span class="no-data">{escape(_("not stated"))}</span>'
    unverified = f' <span class="unknown">{escape(_("unverified"))}</span>'
    parts: list[str] = []
    for name in GROUPS:
        for row in getattr(table, name):
            view: LinkView = row.view
            head = f'<tr><th scope="row">{own_words(row.name.words, row.name.language)}</th><td>'
            head += f"{told.link_kinds.get(view.kind, escape(view.kind))}</td><td>"
            for spell, when in ((view.spell, view.when), *((past.spell, past.when) for past in view.history)):
                end = told.day(spell.end) if spell.end else missing if spell.ended else "–"
                source = spell.source
                by = f'<span dir="auto">{escape(source.title)}</span>, {told.day(source.stated_on)}' if source else "–"
                begin = told.day(spell.start) if spell.start else missing
                standing = told.standings.get(spell.standing, escape(spell.standing))
                parts.append(
                    f"{head}{standing}{unverified if spell.unverified else ''}</td><td>{begin}</td><td>{end}</td>"
                    f"<td><bdi>{escape(spell.end_reason)}</bdi></td><td>{told.when[when]}</td><td>{by}</td></tr>\n"
                )
    return safe(parts)


def kin_rows(relatives: Iterable[Relative], place: Place) -> SafeString:
    """What came before, what came after and what is part of it: each with its days."""
    told = said()
    missing = f'<span class="no-data">{escape(_("not stated"))}</span>'
    return safe(_relative(row, place, told, missing) for row in relatives)


def _relative(row: Relative, place: Place, told: Said, missing: str) -> str:
    other = row.organisation
    undated = missing if row.number or not other.parent_id else "–"
    at = (told.day(row.at) if row.at else undated) + source_mark(row.number, row.standing, told)
    founded = told.day(other.founded) if other.founded else missing
    dissolved = told.day(other.dissolved) if other.dissolved else "–"
    return (
        f'<tr><td>{escape(str(row.word))}</td><th scope="row">{linked(other, called(other, place), place)}</th>'
        f'<td data-label="{escape(_("Day"))}">{at}</td><td data-label="{escape(_("Founded"))}">{founded}</td>'
        f'<td data-label="{escape(_("Dissolved"))}">{dissolved}</td></tr>\n'
    )


def source_items(numbered: Iterable[tuple[int, Source]]) -> SafeString:
    """The foot of the page: each source under its number."""
    return safe(
        f'<li id="source-{number}"><b class="src src-{escape(source.standing)}">{number}</b> {_source(source)}</li>\n'
        for number, source in numbered
    )


def _source(source: Source) -> str:
    title = escape(source.title)
    if not source.url.startswith(("https://", "http://")):
        return f'<span dir="auto">{title}</span>'
    return f'<a href="{escape(source.url)}" rel="noopener nofollow" dir="auto">{title}</a>'


def correction_rows(corrections: Iterable[dict[str, Any]], place: Place) -> SafeString:
    """Proposed corrections, each with what was stated, its source, its state and the reason."""
    its_source, decide = escape(_("Its source")), escape(_("Decide"))
    deciding = place.actor.kind == "operator"
    told = said()
    return safe(_correction(one, its_source, decide if deciding else "", place, told.day) for one in corrections)


def _correction(one: dict[str, Any], its_source: str, decide: str, place: Place, day: Callable[[date], str]) -> str:
    row = one["row"]
    before = f'<del dir="auto">{escape(row.stated)}</del> ' if row.stated else ""
    source = ""
    if row.source_url.startswith(("https://", "http://")):
        source = f' <a href="{escape(row.source_url)}" rel="noopener nofollow">{its_source}</a>'
    reason = f'<br><span class="small muted" dir="auto">{escape(one["reason"])}</span>' if one["reason"] else ""
    act = ""
    if decide and one["state"] == "open":
        act = f' · <a href="{here(place, "correction-decide", public_id=row.public_id)}">{decide}</a>'
    return (
        f'<tr id="correction-{escape(row.public_id)}"><td>{day(row.proposed_at)}</td><td>{escape(str(one["field"]))}: '
        f'{before}<b dir="auto">{escape(row.proposed)}</b>.{source}{reason}</td>'
        f"<td>{escape(str(one['state_word']))}{act}</td></tr>\n"
    )


def restated_rows(changes: Iterable[Any]) -> SafeString:
    """Facts stated anew: what was known before stays."""
    told = said()
    anew, fields, day = escape(_("stated anew")), told.fields, told.day
    return safe(
        f"<tr><td>{day(row.recorded_at)}</td><td>{fields.get(row.field, escape(row.field))}: "
        + (f'<del dir="auto">{escape(row.before)}</del> ' if row.before else "")
        + f'<b dir="auto">{escape(row.after)}</b></td><td>{anew}</td></tr>\n'
        for row in changes
    )


@lru_cache(maxsize=64)
def _mark(name: str, language: str) -> str:
    """The circle of a stance or the square of a duty, drawn once for each."""
    return render_to_string("registry/mark.html", {"mark": name})


def mark(name: str) -> str:
    """The mark of a note; nothing for a name that is no stance and no duty."""
    return _mark(name, get_language() or "")


def act_rows(things: Iterable[Thing], place: Place) -> SafeString:
    """What an organisation did: each thing with its state, its day and its entry."""
    day = said().day
    return safe(_act(thing, place, day) for thing in things)


def _act(thing: Thing, place: Place, day: Callable[[date], str]) -> str:
    name = called(thing.row, place, thing.kind)
    state = mark(thing.note.mark) + escape(thing.note.words) if thing.note else ""
    address = escape(thing.kind.address(thing.row, place.language))
    return (
        f'<tr><th scope="row"><a href="{address}">{own_words(name.words, name.language)}</a></th><td>{state}</td>'
        f'<td class="day">{day(thing.day) if thing.day else ""}</td>'
        f'<td class="num">{entry_cell(thing.entry, place)}</td></tr>\n'
    )


def note_rows(notes: Iterable[NoteShown], place: Place) -> SafeString:
    """How it voted and what it said, each with its day and its entry."""
    day = said().day
    return safe(_note(note, entry, place, day) for note, entry in notes)


def _note(note: Note, entry: EntryView | None, place: Place, day: Callable[[date], str]) -> str:
    told = escape(note.words)
    if note.address:
        told = f'<a href="{place.prefix}/{escape(note.address)}">{told}</a>'
    return (
        f'<tr><td>{mark(note.mark)}<span dir="auto">{told}</span></td><td class="day">{day(note.at)}</td>'
        f'<td class="num">{entry_cell(entry, place)}</td></tr>\n'
    )


def entry_rows(entries: Iterable[tuple[Any, EntryView]], place: Place) -> SafeString:
    """The entries of the record about a page."""
    day = said().day
    return safe(
        f"<tr><td>{day(entry.at)}</td><td>{escape(str(what))}</td>"
        f'<td class="num">{entry_cell(entry, place)}</td></tr>\n'
        for what, entry in entries
    )
