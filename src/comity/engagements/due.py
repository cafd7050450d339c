"""Meetings on desks and in calendars: delegations to register, reports to write, notes of contacts beside the desk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.engagements.access import OFFICE, SPEAKS_FOR_IT, Permission
from comity.engagements.core import report_due, report_duty
from comity.engagements.kinds import CONTACT, ENGAGEMENT
from comity.engagements.models import ContactNote, Engagement
from comity.engagements.sheet import sheet_of
from comity.people.desk import Ask, Due, Line, Occasion, Shelf, due_by, occasions_by, shelf_by
from comity.people.models import Role, Seat
from comity.people.preparing import prepared_before
from comity.people.queries import networks_of
from comity.plain.duties import Duty
from comity.plain.kinds import called
from comity.plain.levels import Level
from comity.plain.place import Place
from comity.registry.dates import day_in_words, short_day
from comity.registry.edges import here
from comity.registry.models import OrganisationKind
from comity.registry.queries import organisations

NEWEST = 6
"""So many organisations stand on the shelf of contacts."""


def _own(seat: Seat, place: Place) -> Any:
    """The meetings at which the seat's organisation takes part, which it convened, or which its network governs."""
    rows = ENGAGEMENT.standing(place)
    own = Q(participations__organisation=seat.organisation) | Q(originator=seat.organisation)
    if seat.organisation.kind == OrganisationKind.NETWORK:
        own |= Q(network=seat.organisation)
    rows = rows.filter(own).distinct()
    return rows.filter(network=seat.network) if seat.network_id else rows


@due_by
def reports(seat: Seat, place: Place) -> Iterable[Due]:
    """The report of each meeting that is over, written or not."""
    if seat.office_at(place.at) not in {*SPEAKS_FOR_IT, *OFFICE}:
        return []
    drafts = prepared_before(seat, Permission.REPORT_WRITE)
    over = _own(seat, place).filter(ends__lte=place.known_by)
    return [_report(row, seat, place, prepared=ENGAGEMENT.ref(row) in drafts) for row in over]


def _report(row: Engagement, seat: Seat, place: Place, *, prepared: bool) -> Due:
    reported = row.reported_on if row.reported_at and row.reported_at <= place.known_by else None
    told = {"title": called(row, place).words}
    return Due(
        key=f"engagement:{row.public_id}:report",
        words=(
            _("Approve the report on “%(title)s”, prepared by the office")
            if prepared
            else _("Report on “%(title)s”: what came of it")
        )
        % told,
        until=report_due(row.last_day),
        zone=row.zone,
        state=report_duty(row.last_day, reported, place.as_of),
        owed_to=row.network,
        level=max(row.entered_as(place.at), Level.ORGANISATION) if prepared else row.entered_as(place.at),
        address=here(place, "engagement-report", public_id=row.public_id),
        act=_button(seat, prepared=prepared),
        effect=_("One report stands for all who met; the register shows its day, not who prepared it."),
        source=_("30 days"),
        duty=_("Report: %(title)s") % told,
        note=_note(row, prepared=prepared, reported=reported is not None),
        asks=None
        if prepared
        else (Ask("words", _("What came of it"), words=20_000), Ask("language", given=place.language)),
    )


def _button(seat: Seat, *, prepared: bool) -> str:
    if seat.role == Role.PREPARER:
        return _("Prepare the report")
    return _("Read and approve") if prepared else _("Write the report")


def _note(row: Engagement, *, prepared: bool, reported: bool) -> str:
    if reported and row.reported_on:
        return _("filed %(day)s") % {"day": short_day(row.reported_on)}
    return _("prepared") if prepared else ""


@due_by
def delegations(seat: Seat, place: Place) -> Iterable[Due]:
    """Meetings to come in the seat's networks at which its organisation is not registered."""
    if seat.acts_as(place.at) not in SPEAKS_FOR_IT or seat.organisation.kind == OrganisationKind.NETWORK:
        return []
    coming = ENGAGEMENT.standing(place).filter(starts__gt=place.known_by, network__in=networks_of(seat, place.at))
    rows = coming.exclude(participations__organisation=seat.organisation)
    return [_delegation(row, place) for row in rows]


def _delegation(row: Engagement, place: Place) -> Due:
    told = {"title": called(row, place).words}
    return Due(
        key=f"engagement:{row.public_id}:register",
        words=_("Say how many of you come to “%(title)s”") % told,
        until=row.starts,
        zone=row.zone,
        state=Duty.NOT_DUE,
        owed_to=row.network,
        level=row.entered_as(place.at),
        address=here(place, "engagement-register", public_id=row.public_id),
        act=_("Register and accept the house rule"),
        effect=sheet_of(row, place).rule,
        duty=_("Delegation: %(title)s") % told,
        asks=(Ask("size", _("How many come")),),
    )


@occasions_by
def meetings(seat: Seat, place: Place) -> Iterable[Occasion]:
    """The meetings at which the seat's organisation takes part."""
    return [
        Occasion(
            key=f"engagement:{row.public_id}",
            words=called(row, place).words,
            starts=row.starts,
            ends=row.ends,
            zone=row.zone,
            level=row.entered_as(place.at),
            where=row.place,
        )
        for row in _own(seat, place)
    ]


@shelf_by
def contacts(seat: Seat, place: Place) -> Shelf:
    """With whom contact was noted, and when last, as far as the seat may read; with how many of its peers none was."""
    notes = list(CONTACT.seen(place).order_by("-spoken_on", "-pk"))
    latest = {note.counterpart_id: note for note in reversed(notes)}
    chosen = sorted(latest.values(), key=lambda note: (note.spoken_on, note.pk), reverse=True)[:NEWEST]
    counted = Counter(note.counterpart_id for note in notes)
    return Shelf(
        key="contacts",
        title=_("Contacts"),
        lines=tuple(_contact(note, counted[note.counterpart_id], place) for note in chosen),
        empty=_("No contact is noted yet. A note takes twenty seconds, and only those who took part read it."),
        told=_silent(seat, set(latest), place) if latest else "",
        ways=(
            (_("Note a contact"), here(place, "contact-new")),
            (_("All your notes"), here(place, "contact-list")),
        ),
    )


def _contact(note: ContactNote, many: int, place: Place) -> Line:
    told = {"how": note.get_channel_display(), "day": day_in_words(note.spoken_on), "n": many}
    how = ngettext("%(how)s, %(day)s", "last %(how)s, %(day)s; %(n)d notes", many)
    name = called(note.counterpart, place).words if note.counterpart else _("A contact")
    return Line(name, CONTACT.address(note, place.language), how % told)


def _silent(seat: Seat, noted: set[int | None], place: Place) -> str:
    """With how many of the parties of its networks no contact is noted; nothing where it has no peers."""
    peers = organisations(place.realm, place.actor, place.at).filter(
        kind=OrganisationKind.PARTY, links_out__object__in=networks_of(seat, place.at)
    )
    ids = set(peers.exclude(pk=seat.organisation_id).values_list("pk", flat=True))
    if not ids:
        return ""
    told = {"n": len(ids - noted), "all": len(ids)}
    if not told["n"]:
        return _("A contact is noted with every other party of your networks.")
    return _("No contact is noted with %(n)d of the %(all)d other parties of your networks.") % told
