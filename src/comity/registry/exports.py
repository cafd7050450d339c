"""Links and members as rows for programs and spreadsheets: each with its source, its group and the day asked."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.http import HttpResponse

from comity.plain.kinds import kind_named
from comity.plain.levels import Realm
from comity.plain.place import Place
from comity.plain.tables import csv_of
from comity.plain.time import When
from comity.registry.models import Organisation, OrganisationKind, Source
from comity.registry.queries import LinksOn, LinkView, Stated
from comity.registry.record_of import NoteShown, Things

Act = dict[str, Any]

COLUMNS = (
    "as_of", "group", "other_id", "other_name", "other_kind", "link_kind", "direction", "standing", "start", "end",
    "end_reason", "why_not_in_force", "unverified", "basis", "source_title", "source_url", "source_stated_on",
    "source_standing", "source_licence", "recorded_at", "address", "fictional",
)  # fmt: skip


def taken_along(table: str, name: str, place: Place) -> HttpResponse:
    """A table as a file to save; its name says the day, and that it is fiction where it is."""
    answer = HttpResponse(table, content_type="text/csv; charset=utf-8; header=present")
    prefix = "fiction-" if place.realm is Realm.FICTION else ""
    answer.headers["Content-Disposition"] = f'attachment; filename="{prefix}{name}-{place.as_of}.csv"'
    return answer


def address_of(organisation: Organisation, language: str) -> str:
    """The page of an organisation: networks have their own."""
    kind = kind_named("network" if organisation.kind == OrganisationKind.NETWORK else "organisation")
    return kind.address(organisation, language) if kind else ""


def organisation_facts(organisation: Organisation, language: str) -> dict[str, Any]:
    """An organisation named: id, name, kind, address, and whether it is fiction."""
    return {
        "fictional": organisation.realm == Realm.FICTION,
        "id": organisation.public_id,
        "name": organisation.name,
        "kind": organisation.kind,
        "country": organisation.country,
        "address": address_of(organisation, language),
    }


def source_facts(source: Source | None) -> dict[str, Any] | None:
    """Where a fact comes from."""
    if source is None:
        return None
    return {
        "title": source.title,
        "url": source.url,
        "stated_on": source.stated_on,
        "standing": source.standing,
        "primary": source.primary,
        "licence": source.licence,
    }


def spell_facts(spell: Stated) -> dict[str, Any]:
    """One spell of a link: standing, dates as the source gave them, and why it ended."""
    return {
        "standing": spell.standing,
        "start": spell.start,
        "end": spell.end,
        "ended": spell.ended,
        "end_reason": spell.end_reason,
        "unverified": spell.unverified,
        "recorded_at": spell.recorded_at,
        "source": source_facts(spell.source),
    }


def link_facts(view: LinkView, language: str) -> dict[str, Any]:
    """One link as it stands on the day asked, its other spells after it."""
    return {
        "id": view.link.public_id,
        "organisation": organisation_facts(view.other, language),
        "kind": view.kind,
        "direction": "to" if view.outward else "from",
        "group": str(view.when),
        "why_not_in_force": str(view.why),
        "basis": view.link.basis,
        **spell_facts(view.spell),
        "history": [spell_facts(past.spell) | {"group": str(past.when)} for past in view.history],
    }


def links_facts(links: LinksOn, language: str) -> dict[str, list[dict[str, Any]]]:
    """The three groups; every link stands in exactly one."""
    return {
        "in_force": [link_facts(view, language) for view in links.group(When.IN_FORCE)],
        "not_in_force": [link_facts(view, language) for view in links.group(When.NOT_IN_FORCE)],
        "date_unknown": [link_facts(view, language) for view in links.group(When.UNKNOWN)],
    }


def links_csv(links: LinksOn, place: Place, day: date) -> str:
    """The links as a table with a header line; a cell that a spreadsheet would run as a formula is quoted."""
    return csv_of(COLUMNS, (_cells(view, place, day) for view in links))


def _cells(view: LinkView, place: Place, day: date) -> Iterable[str]:
    source = view.source
    return (
        day.isoformat(), str(view.when), view.other.public_id, view.other.name, view.other.kind, view.kind,
        "to" if view.outward else "from", view.standing, view.start, view.end, view.end_reason, str(view.why),
        str(view.unverified).lower(), view.link.basis,
        *((source.title, source.url, source.stated_on, source.standing, source.licence) if source else [""] * 5),
        view.spell.recorded_at.isoformat(), address_of(view.other, place.language),
        str(view.other.realm == Realm.FICTION).lower(),
    )  # fmt: skip


ACT_COLUMNS = ("as_of", "kind", "what", "state", "day", "entry", "entry_type", "address", "fictional")


def acts_facts(things: Iterable[Things], notes: Iterable[NoteShown], place: Place) -> list[Act]:
    """What an organisation did and said by a day, each with the entry of the record that it can be checked by."""
    acts = [
        {
            "kind": group.kind.name,
            "what": thing.title,
            "state": thing.note.mark if thing.note else "",
            "day": thing.day,
            "entry": thing.entry.index if thing.entry else None,
            "entry_type": thing.entry.type if thing.entry else "",
            "address": group.kind.address(thing.row, place.language),
        }
        for group in things
        for thing in group.newest
    ]
    said = [
        {
            "kind": "note",
            "what": note.words,
            "state": note.mark,
            "day": note.at.date(),
            "entry": entry.index if entry else None,
            "entry_type": entry.type if entry else "",
            "address": f"{place.prefix}/{note.address}" if note.address else "",
        }
        for note, entry in notes
    ]
    fictional = place.realm is Realm.FICTION
    return [{"fictional": fictional, **act} for act in [*acts, *said]]


def acts_csv(acts: Iterable[Act], day: date) -> str:
    """The same as a table."""
    return csv_of(ACT_COLUMNS, ([day.isoformat(), *(_cell(act[name]) for name in ACT_COLUMNS[1:])] for act in acts))


def _cell(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)
