"""A text as a tagged PDF (PDF/UA-1): standing first, dissent in the margin, FICTION across what is invented."""

import json
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from comity.plain.languages import direction
from comity.plain.place import Place
from comity.plain.refs import Ref
from comity.record.queries import entry_of
from comity.registry.dates import day_in_words
from comity.texts import sheet
from comity.texts.exports import fonts
from comity.texts.kinds import TEXT
from comity.texts.queries import Edition

TEMPLATE = Path(__file__).resolve().parents[1] / "data" / "text.typ"


def pdf(edition: Edition, place: Place) -> bytes:
    """The edition typeset on A4."""
    import typst

    content = _content(edition, sheet.shown(edition, place), place)
    faces = fonts.prepared(json.dumps(content, ensure_ascii=False))
    content |= {"serif": faces.serif, "sans": faces.sans}
    made: Any = typst.compile(
        str(TEMPLATE),
        font_paths=[faces.folder] if faces.folder else [],
        ignore_system_fonts=True,
        sys_inputs={"text": json.dumps(content, ensure_ascii=False)},
        pdf_standards=["ua-1"],
    )
    assert isinstance(made, bytes)
    return made


def _content(edition: Edition, it: sheet.ShownText, place: Place) -> dict[str, Any]:
    entry = entry_of(Ref("text", edition.text.public_id), "texts.adopted", known_by=edition.known_by)
    number = entry.index if entry and entry.index is not None else None
    day = edition.known_by.date()
    told = {"day": day_in_words(day), "number": edition.version.number, "entry": number}
    sealed = _("entry %(entry)s") % told if number is not None else _("not in the record yet")
    return {
        "language": place.language,
        "direction": direction(place.language),
        "day": {"year": day.year, "month": day.month, "day": day.day},
        "watermark": _("FICTION") if edition.fictional else "",
        "kicker": f"{edition.text.get_kind_display()}, {edition.text.network.name}",
        "title": _spoken(edition.title.text, edition.title.language),
        "as_of": _("As of %(day)s") % told,
        "result": it.result,
        "standing_title": _("Who stands behind this text"),
        "standing": [
            {
                "head": row.head,
                "lines": _standing_lines(row),
            }
            for row in it.standing
        ]
        + _signatures(it),
        "changed": f"{it.changed} {it.to_come}".strip(),
        "rows": [_row(row) for row in it.rows],
        "general_title": _("On the whole text"),
        "general": [_note(note) for note in it.general],
        "readings_title": _("Readings"),
        "readings": [
            {
                "label": reading.view.reading.label,
                "lemma": reading.view.reading.lemma or _("not there"),
                "words": reading.view.reading.words or _("not there"),
                "origin": reading.origin,
            }
            for reading in it.readings
        ],
        "content_direction": direction(edition.text.language),
        "sources_title": _("Sources"),
        "sources": [
            f"[{citation.number}] {standing}: {citation.title} {citation.url} {citation.stated_on}".strip()
            for citation, standing in it.sources
        ],
        "versions_title": _("Versions"),
        "versions": [f"{row.number}: {day_in_words(row.at.date())}, {row.sha256}" for row in edition.versions],
        "foot": f"{edition.title.text}, {_('version %(number)s') % told}, {_('As of %(day)s') % told}",
        "seal": f"{sealed}, {edition.version.sha256[:16]}",
        "address": TEXT.address(edition.text, place.language),
    }


def _spoken(text: str, language: str) -> dict[str, str]:
    return {"text": text, "lang": language.split("-", maxsplit=1)[0], "dir": direction(language)}


def _standing_lines(row: sheet.ShownStanding) -> list[dict[str, str]]:
    if not row.parties:
        return [{"names": _("no party"), "told": ""}]
    if row.together:
        return [{"names": ", ".join(party.name for party in row.parties), "told": row.told}]
    return [{"names": party.name, "told": party.told} for party in row.parties]


def _signatures(it: sheet.ShownText) -> list[dict[str, Any]]:
    """Signatures as further rows of the table; a struck name stands in brackets with its days."""
    return [
        {
            "head": _("Signature"),
            "lines": [{"names": one.name if one.signed.stands else f"[{one.name}]", "told": one.told}],
        }
        for one in it.signatures
    ]


def _row(row: sheet.ShownRow) -> dict[str, Any]:
    return {
        "label": row.row.label,
        "clauses": [_clause(clause) for clause in row.clauses],
        "notes": [_note(note) for note in row.notes],
    }


def _clause(clause: sheet.ShownClause) -> dict[str, Any]:
    states = ", ".join(told for told, _strong in clause.states)
    return _spoken("", clause.view.words.language) | {
        "recital": clause.view.recital,
        "head": clause.head,
        "pieces": [
            {
                "text": piece.space + piece.words,
                "touched": piece.touched,
                "no_data": piece.no_data,
                "letters": [letter for letter, _anchor in piece.letters],
                "sources": [str(citation.number) for citation in piece.sources],
            }
            for piece in clause.pieces
        ],
        "promises": f"{clause.due} {states}" if clause.marks else "",
    }


def _note(note: sheet.ShownNote) -> dict[str, Any]:
    view = note.view
    effect = note.effect_words.text if note.effect_words else note.effect
    answer = view.answer_words
    return {
        "kind": note.kind,
        "letter": view.letter,
        "party": _spoken(f"{note.party}, {note.vote}" if note.vote else note.party, note.party_language),
        "words": _spoken("", view.words.language) | {"paragraphs": view.words.paragraphs},
        "effect": _("Effect: %(effect)s") % {"effect": effect} if effect else "",
        "answer": _spoken(answer.text, answer.language) if answer else None,
        "filed": note.filed,
    }
