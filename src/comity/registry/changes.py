"""What changed on the page of an organisation, and when that was recorded: for its page of changes and its feed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.utils.translation import gettext as _

from comity.plain.kinds import called
from comity.plain.levels import Realm
from comity.plain.place import Place
from comity.registry import queries, words
from comity.registry.about import Family, NameRow, Said, about, bonds_of
from comity.registry.atom import Feed
from comity.registry.dates import in_words
from comity.registry.exports import address_of
from comity.registry.models import Organisation

PAGE = 50


@dataclass(frozen=True)
class Change:
    """One thing that was recorded of an organisation: when, what in a sentence, and where it stands."""

    at: datetime
    what: str
    words: str
    anchor: str
    key: str
    """Names the change for feed readers; it never changes."""


def changes_of(organisation: Organisation, place: Place) -> list[Change]:
    """Everything recorded of it by the end of the page's day, the newest first."""
    known = about(organisation, place.known_by)
    bonds = bonds_of(organisation, known.lines, place, place.known_by)
    queries.know_names((view.other for view in bonds.links), place)
    found = [*_restated(known.said), *_corrected(known.said), *_replied(known.said), *_tied(bonds.links, place)]
    found += [*_descended(bonds.family, place), *_named(organisation, known.names)]
    changes = [change for change in found if change.at <= place.known_by]
    return sorted(changes, key=lambda change: (change.at, change.key), reverse=True)


def _restated(said_of: Said) -> Iterator[Change]:
    for row in said_of.restatements:
        told = {"field": words.FIELDS.get(row.field, row.field), "before": row.before, "after": row.after}
        said = _("%(field)s: %(after)s, before: %(before)s") if row.before else _("%(field)s: %(after)s")
        yield Change(row.recorded_at, _("Stated anew"), said % told, "corrections", f"restated-{row.pk}")


def _corrected(said_of: Said) -> Iterator[Change]:
    for row in said_of.corrections:
        told = {"field": words.FIELDS.get(row.field, row.field), "proposed": row.proposed, "reason": row.reason}
        anchor, key = f"correction-{row.public_id}", f"correction-{row.public_id}"
        said = _("%(field)s: %(proposed)s") % told
        yield Change(row.proposed_at, _("Correction proposed"), said, anchor, key)
        if row.decided_at is not None:
            accepted = row.state == "accepted"
            what = _("Correction accepted") if accepted else _("Correction not accepted")
            said = _("%(field)s: %(proposed)s. %(reason)s") % told
            yield Change(row.decided_at, what, said, anchor, f"{key}-decided")


def _named(organisation: Organisation, names: Iterable[NameRow]) -> Iterator[Change]:
    """The names recorded after it was listed, where it is known when."""
    for row in names:
        if row.exactly and row.recorded_at > organisation.recorded_at:
            role = words.NAME_ROLES.get(row.role, row.role)
            said = _("%(role)s: %(name)s") % {"role": role, "name": row.text}
            yield Change(row.recorded_at, _("Name"), said, "content", f"name-{row.role}-{row.text}")


def _replied(said_of: Said) -> Iterator[Change]:
    for row in said_of.replies:
        yield Change(row.at, _("Reply"), row.words, "reply", f"reply-{row.public_id}")


def _tied(links: queries.LinksOn, place: Place) -> Iterator[Change]:
    """Each spell of its links on the day it was recorded, under the name of the other end."""
    for view in links:
        for spell in (view.spell, *(past.spell for past in view.history)):
            told = {
                "other": called(view.other, place).words,
                "standing": words.STANDINGS.get(spell.standing, spell.standing),
                "days": _days(spell.start, spell.end),
            }
            said = (
                _("%(other)s: %(standing)s, %(days)s")
                if told["days"]
                else _("%(other)s: %(standing)s, dates not stated")
            )
            yield Change(
                spell.recorded_at,
                _("Link"),
                said % told,
                "links",
                f"link-{view.link.public_id}-{spell.standing}-{spell.start}",
            )


def _days(start: str, end: str) -> str:
    if start and end:
        return _("%(start)s to %(end)s") % {"start": in_words(start), "end": in_words(end)}
    if start:
        return _("since %(start)s") % {"start": in_words(start)}
    return _("until %(end)s") % {"end": in_words(end)} if end else ""


def _descended(family: Family, place: Place) -> Iterator[Change]:
    for nth, rows in enumerate((family.before, family.after)):
        for row in rows:
            other = row.later if nth else row.earlier
            told = {"tie": words.LINEAGE[row.kind][nth], "other": called(other, place).words}
            said = _("%(tie)s: %(other)s") % told
            yield Change(row.recorded_at, _("Before and after"), said, "family", f"lineage-{row.pk}")


def atom(organisation: Organisation, place: Place, request: HttpRequest) -> str:
    """The newest changes as Atom 1.0, every address absolute; fiction is marked in the title and by a category."""
    fiction = place.realm is Realm.FICTION
    page = request.build_absolute_uri(address_of(organisation, place.language))
    told = {"name": called(organisation, place).words}
    feed = Feed(
        title=(_("Fiction, what changed: %(name)s") if fiction else _("What changed: %(name)s")) % told,
        link=page,
        description=_("Everything recorded of it, with the day of the record. Listing is no endorsement."),
        language=place.language,
        feed_url=request.build_absolute_uri(),
        categories=("fictional",) if fiction else (),  # type: ignore[arg-type]  # any sequence, the stubs say two
    )
    for change in changes_of(organisation, place)[:PAGE]:
        feed.add_item(
            title=f"{change.what}: {change.words}"[:200],
            link=f"{page}#{change.anchor}",
            description=change.words,
            unique_id=f"urn:comity:{place.realm}:organisation:{organisation.public_id}:{change.key}",
            unique_id_is_permalink=False,
            pubdate=change.at,
            updateddate=change.at,
            categories=["fictional"] if fiction else [],
        )
    written: str = feed.writeString("utf-8")
    return written
