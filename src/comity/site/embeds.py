"""A public thing as a fragment that other sites may show in a frame, and the page that gives the line to copy.

A fragment is made for anybody, whoever asks: it holds what an anonymous reader sees, sets no cookie, runs no script and
asks nobody but this house for anything. Only here may a page of the house stand in a frame.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from comity.commitments.kinds import COMMITMENT
from comity.commitments.queries import counted, promises
from comity.commitments.words import STATES, counts
from comity.plain.actors import ANONYMOUS
from comity.plain.findings import finding
from comity.plain.kinds import Called, Kind, called, kind_named, notes_beside
from comity.plain.languages import CODES, LANGUAGES
from comity.plain.place import Place, place_of
from comity.plain.refusals import NotVisible
from comity.registry import sheet
from comity.registry import words as registry_words
from comity.registry.edges import here
from comity.registry.queries import organisations
from comity.site.words import kind_in_words

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; form-action 'none'; "
    "base-uri 'none'; frame-ancestors *"
)
"""No script at all; and any site may be its frame."""
FRAMING = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-src 'self'; frame-ancestors 'none'"
)
"""The house's own policy, for the page that shows a fragment as others will see it."""
ROWS = 8
THEMES = {"": lazy("as the reader's device asks"), "light": lazy("light"), "dark": lazy("dark")}
HEIGHT = 420


@dataclass(frozen=True)
class Row:
    """One line of a fragment: its mark, its words and where they stand in full."""

    words: str
    language: str = ""
    mark: str = ""
    told: str = ""
    address: str = ""


@dataclass(frozen=True)
class Fragment:
    """What a frame shows: the thing, its finding, and some rows of it, all of which are counted."""

    kind: str
    thing: Called
    address: str
    finding: str
    heading: str
    rows: Sequence[Row]
    count: int


Rows = Callable[[Any, Place], tuple[str, list[Row]]]


def _beside(kind: str) -> Rows:
    """What the rooms above say beside it, the newest first: dissent beside a decision, acts beside an organisation."""

    def rows(row: Any, place: Place) -> tuple[str, list[Row]]:
        found = notes_beside(kind, row, place)
        said = sorted((note for note in found if note.words), key=lambda note: note.at, reverse=True)
        whose = _names({note.organisation for note in said}, place) if kind == "decision" else {}
        return _("What stands beside it"), [
            Row(note.words, "", note.mark, whose.get(note.organisation, ""), f"{place.prefix}/{note.address}")
            for note in said
        ]

    return rows


def _names(ids: Iterable[str], place: Place) -> dict[str, str]:
    rows = organisations(place.realm, place.actor, place.at).filter(public_id__in=ids)
    return {row.public_id: called(row, place).words for row in rows}


def _members(network: Any, place: Place) -> tuple[str, list[Row]]:
    members = sheet.members_shown(network, place, place.at)
    views = [*members.in_force, *members.date_unknown]
    told = ngettext("One member", "%(n)d members", len(views)) % {"n": len(views)}
    return told, [_member(view, place) for view in sorted(views, key=lambda view: view.other.name)]


def _member(view: Any, place: Place) -> Row:
    name = called(view.other, place)
    kind = kind_named(view.other.kind) or kind_named("organisation")
    address = kind.address(view.other, place.language) if kind else ""
    return Row(name.words, name.language, "", str(registry_words.STANDINGS.get(view.standing, "")), address)


def _promised(text: Any, place: Place) -> tuple[str, list[Row]]:
    """The ledger of a text: every promise made under it, with its state on the day."""
    found = promises(COMMITMENT.standing(place).filter(adoption__text=text), place.as_of, place.known_by)
    told = _(", ").join(words for _state, words, _heavy in counts(counted(found)))
    heading = _("Promises under it: %(counts)s") % {"counts": told} if told else _("No promise is open under it")
    return heading, [
        Row(
            called(promise.commitment, place).words,
            "",
            promise.state,
            str(STATES[promise.state]),
            COMMITMENT.address(promise.commitment, place.language),
        )
        for promise in found
    ]


FRAGMENTS: dict[str, tuple[str, Rows]] = {
    "organisation": ("organisation", _beside("organisation")),
    "network": ("network", _members),
    "decision": ("decision", _beside("decision")),
    "text": ("text", _promised),
}
"""What can be shown elsewhere, by the name in its address: the kind of thing, and the rows below its finding."""


def fragment_of(name: str, row: Any, kind: Kind, place: Place) -> Fragment:
    """The fragment of one thing on the page's day."""
    heading, rows = FRAGMENTS[name][1](row, place)
    thing, address = called(row, place, kind), kind.address(row, place.language)
    return Fragment(
        kind_in_words(kind.name), thing, address, finding(row, place, kind), heading, rows[:ROWS], len(rows)
    )


def _thing(name: str, public_id: str, place: Place) -> tuple[Kind, Any]:
    """The thing of that id that anybody may see and that can be shown elsewhere; no other has a fragment."""
    kind = kind_named(FRAGMENTS[name][0]) if name in FRAGMENTS else None
    if kind is None:
        raise NotVisible(kind=name)
    return kind, kind.one_of(kind.seen(place), public_id)


def _anybody(request: HttpRequest) -> Place:
    """Where the reader stands, as one without a seat."""
    return replace(place_of(request), actor=ANONYMOUS, memory={})


def _theme(request: HttpRequest) -> str:
    asked = request.GET.get("theme", "")
    return asked if asked in THEMES else ""


@require_safe
def embed(request: HttpRequest, kind: str, public_id: str) -> HttpResponse:
    """The fragment itself, for the frame of another site."""
    place = _anybody(request)
    known, row = _thing(kind, public_id, place)
    request.place = place  # type: ignore[attr-defined]  # the whole page is made for anybody
    told = {"fragment": fragment_of(kind, row, known, place), "theme": _theme(request), "row": row}
    response = render(request, "site/embed.html", told)
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@require_safe
def embed_how(request: HttpRequest, kind: str, public_id: str) -> HttpResponse:
    """The line to copy into another page, with a choice of language and colours, and how it will look."""
    place = _anybody(request)
    known, row = _thing(kind, public_id, place)
    theme, language = _theme(request), request.GET.get("language", "")
    language = language if language in CODES else place.language
    path = here(replace(place, language=language), "embed", kind=kind, public_id=public_id)
    path += f"?theme={theme}" if theme else ""
    name = called(row, place, known)
    told = {
        "row": row,
        "name": name,
        "path": path,
        "line": line(request.build_absolute_uri(path), name.words),
        "theme": theme,
        "themes": THEMES.items(),
        "language": language,
        "tongues": LANGUAGES,
    }
    response = render(request, "site/embed_how.html", told)
    response.headers["Content-Security-Policy"] = FRAMING
    return response


def line(address: str, title: str) -> str:
    """The frame as one line of HTML; it sends no address of the page it stands on, and may open links only."""
    return format_html(
        '<iframe src="{}" title="{}" width="100%" height="{}" loading="lazy" referrerpolicy="no-referrer" '
        'sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>',
        address,
        title,
        HEIGHT,
    )
