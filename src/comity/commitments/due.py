"""What a party promised, as dated things on its desks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.utils.translation import gettext as _

from comity.commitments import access
from comity.commitments.access import Permission
from comity.commitments.kinds import COMMITMENT
from comity.commitments.models import Evidence
from comity.commitments.queries import Promise, promises
from comity.people.desk import Ask, Due, due_by
from comity.people.models import Role, Seat
from comity.people.preparing import prepared_before
from comity.people.queries import actor_of
from comity.plain.duties import Duty
from comity.plain.kinds import called
from comity.plain.place import Place
from comity.plain.time import day_in
from comity.registry.dates import day_in_words, short_day
from comity.registry.edges import here
from comity.texts.access import DELEGATION, SPEAKS_FOR_IT

VERIFIED_WITHIN = timedelta(days=30)
"""What a monitor's desk begins with; no rule of a network sets a day."""


@due_by
def to_verify(seat: Seat, place: Place) -> Iterable[Due]:
    """The promises whose evidence waits for a monitor of their network."""
    if seat.acts_as(place.at) != Role.MONITOR:
        return
    waiting = Evidence.objects.filter(verification=None, commitment__network=seat.organisation)
    rows = COMMITMENT.standing(place).filter(pk__in=waiting.values("commitment"))
    for promise in promises(rows, place.as_of, place.known_by):
        if access.may_verify(actor_of(seat), place.at, promise.commitment):
            yield from _to_verify(promise, place)


def _to_verify(promise: Promise, place: Place) -> Iterable[Due]:
    """The evidence that is judged next: what was filed first."""
    for row in promise.unverified[:1]:
        commitment, zone = promise.commitment, promise.commitment.network.time_zone
        until = day_in(zone, row.at + VERIFIED_WITHIN)
        told = {
            "party": called(commitment.organisation, place).words,
            "clause": commitment.block.label,
            "text": called(commitment.adoption.text, place).words,
        }
        yield Due(
            key=f"commitment:{commitment.public_id}:verify",
            words=_("Judge what %(party)s filed on clause %(clause)s of “%(text)s”") % told,
            until=until,
            zone=zone,
            state=Duty.NOT_DUE if until >= place.as_of else Duty.SILENT,
            owed_to=commitment.organisation,
            level=commitment.entered_as(place.at),
            address=here(place, "commitment-act", public_id=commitment.public_id, act="verify"),
            act=_("Verify the evidence"),
            effect=_("Until you state that you verified it, it stands as the party's own statement."),
            source=_("cl. %(clause)s") % told,
            duty=_("Evidence: clause %(clause)s of “%(text)s”") % told,
            note=_("filed %(day)s") % {"day": short_day(day_in(zone, row.at))},
        )


@due_by
def promised(seat: Seat, place: Place) -> Iterable[Due]:
    """Each promise of the seat's party, kept or not, with what can be done about it now."""
    if seat.office_at(place.at) not in DELEGATION:
        return []
    rows = COMMITMENT.standing(place).filter(organisation=seat.organisation)
    if seat.network_id:
        rows = rows.filter(network=seat.network)
    drafts = prepared_before(seat, Permission.EVIDENCE_WRITE)
    return [
        _due(promise, seat, place, prepared=COMMITMENT.ref(promise.commitment) in drafts)
        for promise in promises(rows, place.as_of, place.known_by)
    ]


def _due(promise: Promise, seat: Seat, place: Place, *, prepared: bool) -> Due:
    commitment = promise.commitment
    speaks = seat.acts_as(place.at) in SPEAKS_FOR_IT
    answers = promise.state is Duty.SILENT and speaks and not prepared
    told = {
        "clause": commitment.block.label,
        "text": called(commitment.adoption.text, place).words,
        "day": day_in_words(promise.due),
    }
    return Due(
        key=f"commitment:{commitment.public_id}:evidence",
        words=_sentence(promise.state) % told,
        until=promise.due,
        zone=commitment.network.time_zone,
        state=promise.state,
        owed_to=commitment.network,
        level=commitment.entered_as(place.at),
        address=here(place, "commitment-act", public_id=commitment.public_id, act="answer" if answers else "evidence"),
        act=_button(seat, answers=answers, prepared=prepared),
        effect=_effect(promise.state),
        source=_("cl. %(clause)s") % told,
        duty=_("Clause %(clause)s of “%(text)s”") % told,
        note=_("prepared") if prepared else _note(promise),
        asks=(Ask("words", _("Your words"), words=3000), Ask("language", given=place.language)) if answers else None,
    )


def _sentence(state: Duty) -> str:
    return {
        Duty.NOT_DUE: _("Keep clause %(clause)s of “%(text)s”, and show it"),
        Duty.SILENT: _("Clause %(clause)s of “%(text)s”: your promise is silent since %(day)s"),
        Duty.MISSED: _("Clause %(clause)s of “%(text)s” is still to be kept"),
    }.get(state, _("Clause %(clause)s of “%(text)s”"))


def _button(seat: Seat, *, answers: bool, prepared: bool) -> str:
    if seat.role == Role.PREPARER:
        return _("Prepare the evidence")
    if prepared:
        return _("Read and approve")
    return _("Answer") if answers else _("File evidence")


def _effect(state: Duty) -> str:
    if state is Duty.SILENT:
        return _("An answer stands beside the promise from then on. Evidence can still be filed.")
    return _("What you file is your party's own statement until a monitor has verified it.")


def _note(promise: Promise) -> str:
    if promise.state in {Duty.KEPT, Duty.LATE} and promise.since:
        return _("filed %(day)s") % {"day": short_day(promise.since)}
    if promise.replies:
        zone = promise.commitment.network.time_zone
        return _("answered %(day)s") % {"day": short_day(day_in(zone, promise.replies[-1].at))}
    if promise.moved:
        return _("moved from %(day)s") % {"day": short_day(promise.commitment.due)}
    return _("a later day is asked for") if promise.asked else ""
