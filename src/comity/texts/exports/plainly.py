"""A text as plain words, for whoever copies it into a letter: standing first, dissent under its clause."""

from textwrap import wrap

from django.utils.translation import gettext as _

from comity.plain.place import Place
from comity.registry.dates import day_in_words
from comity.texts import sheet
from comity.texts.core.states import TextState
from comity.texts.queries import Edition

WIDTH = 78


def plain(edition: Edition, place: Place) -> str:
    """The edition as UTF-8 text, lines of at most 78 characters."""
    it = sheet.shown(edition, place)
    lines = [*_head(edition, it), *_standing(edition, it), *_signatures(it)]
    for row in it.rows:
        lines += _row(row)
    if it.general:
        lines += ["", _("On the whole text").upper()]
        for note in it.general:
            lines += _note(note, "")
    lines += [*_readings(it), *_sources(it), "", _version(edition), ""]
    return "\n".join(lines)


def _head(edition: Edition, it: sheet.ShownText) -> list[str]:
    fiction = [_("FICTION: nothing here describes a real organisation."), ""] if edition.fictional else []
    told = {"day": day_in_words(edition.known_by.date())}
    return [*fiction, *wrap(edition.title.text.upper(), WIDTH), _("As of %(day)s") % told, *wrap(it.result, WIDTH), ""]


def _standing(edition: Edition, it: sheet.ShownText) -> list[str]:
    if not it.standing:
        signing = edition.state in {TextState.OPEN_FOR_SIGNATURE, TextState.PUBLISHED}
        return [] if signing else [_("Not yet put to the vote."), ""]
    lines = [_("Who stands behind this text").upper()]
    for row in it.standing:
        named = "; ".join(f"{party.name} ({party.told})" if party.told else party.name for party in row.parties)
        lines += _hanging(f"{row.head}: {named or _('no party')}{f' ({row.told})' if row.told else ''}", "  ")
    return [*lines, ""]


def _signatures(it: sheet.ShownText) -> list[str]:
    """Who has signed; a struck name stands in brackets with the days."""
    if not it.signatures:
        return []
    lines = [_("Signatures").upper()]
    for one in it.signatures:
        name = one.name if one.signed.stands else f"[{one.name}]"
        lines += _hanging(f"{name}: {one.told}", "  ")
        if one.reason:
            lines += _hanging(f"“{one.reason}”", "  ", first="  ")
    return [*lines, ""]


def _row(row: sheet.ShownRow) -> list[str]:
    lines: list[str] = []
    for clause in row.clauses:
        number = f"{row.row.label}. " if row.row.label else ""
        lines += ["", *_hanging(number + words_of(clause), " " * len(number))]
        if clause.marks:
            told = ", ".join(state for state, _strong in clause.states)
            lines += _hanging(f"[{clause.due} {told}]", "    ", first="    ")
    for note in row.notes:
        lines += _note(note, "    ")
    return lines


def words_of(clause: sheet.ShownClause) -> str:
    """A clause's words with letters and source numbers in brackets."""
    text = clause.head
    for piece in clause.pieces:
        marks = [letter for letter, _anchor in piece.letters] + [str(source.number) for source in piece.sources]
        text += piece.space + piece.words + "".join(f" [{mark}]" for mark in marks)
    return text


def _note(note: sheet.ShownNote, indent: str) -> list[str]:
    view = note.view
    letter = f" {view.letter}" if view.letter else ""
    vote = f", {note.vote}" if note.vote else ""
    lines = ["", f"{indent}| {note.kind}{letter}: {note.party}{vote}"]
    for paragraph in view.words.paragraphs:
        lines += _hanging(f"“{paragraph}”", f"{indent}| ", first=f"{indent}| ")
    effect = note.effect_words.text if note.effect_words else note.effect
    if effect:
        lines += _hanging(_("Effect: %(effect)s") % {"effect": effect}, f"{indent}| ", first=f"{indent}| ")
    if view.answer_words:
        lines += _hanging(f"“{view.answer_words.text}”", f"{indent}| ", first=f"{indent}| ")
    return [*lines, f"{indent}| {note.filed}"]


def _readings(it: sheet.ShownText) -> list[str]:
    if not it.readings:
        return []
    lines = ["", _("Readings").upper()]
    for reading in it.readings:
        found = reading.view.reading
        nothing = _("not there")
        line = f"{found.label} {found.lemma or nothing} ] {found.words or nothing} ({reading.origin})"
        lines += _hanging(line, "  ")
    return lines


def _sources(it: sheet.ShownText) -> list[str]:
    if not it.sources:
        return []
    lines = ["", _("Sources").upper()]
    for citation, standing in it.sources:
        lines += _hanging(
            f"[{citation.number}] {standing}: {citation.title} {citation.url} {citation.stated_on}", "    "
        )
    return lines


def _version(edition: Edition) -> str:
    told = {"number": edition.version.number, "sha": edition.version.sha256}
    return _("Version %(number)s, SHA-256 %(sha)s") % told


def _hanging(text: str, rest: str, first: str = "") -> list[str]:
    return wrap(text, WIDTH, initial_indent=first, subsequent_indent=rest, break_long_words=False) or [first]
