"""Recovering an account: asked by anyone, confirmed by second persons, opened after a day, stopped by its holder."""

from datetime import datetime, timedelta

from django.db import transaction

from comity.people.accounts import letters, recovery
from comity.people.accounts.actions import ways_in
from comity.people.accounts.models import Confirmation, Recovery
from comity.people.accounts.tokens import RECOVERIES, STOPS
from comity.people.models import Person
from comity.plain.actors import ActorKind, ActorRef, require
from comity.plain.levels import Realm
from comity.plain.refs import Ref
from comity.plain.refusals import Refusal
from comity.record import actions as record
from comity.registry.models import Organisation

WAITING = timedelta(days=1)
"""Between the last confirmation and the opening: time for the holder to read the letter and stop it."""


class RecoveryClosed(Refusal):
    """This recovery is over: it was used, stopped or left too long. Ask for a new one if you need it."""

    code = "recovery-closed"
    status = 403


class RecoveryNotYetOpen(Refusal):
    """A recovery opens one day after its last confirmation, so that the holder of the account can stop it."""

    code = "recovery-not-yet-open"
    status = 403


class RecoveryAwaitsAnother(Refusal):
    """Since it was confirmed another organisation has given this account a seat, and must confirm it too. When it has,
    you get a new letter."""

    code = "recovery-awaits-another"
    status = 403


@transaction.atomic
def ask(person: Person, *, house: str, at: datetime) -> Recovery | None:
    """Ask for a new way into an account; None where nobody could confirm it. No entry: anyone may ask.

    The holder is told at once, and those who can confirm it.
    """
    if not recovery.confirmers(person, at):
        return None
    running = recovery.running(person, at)
    if running is not None:
        return running
    Recovery.objects.filter(person=person, stopped_at=None, used_at=None).update(stopped_at=at)
    asked = Recovery.objects.create(person=person, asked_at=at)
    letters.tell_of_recovery(person, _stop_link(asked, house), at=at)
    for officer in recovery.officers_to_ask(person, at):
        letters.ask_to_confirm(officer, letters.link(house, officer, "recoveries"), at=at)
    return asked


def _stop_link(row: Recovery, house: str) -> str:
    token = STOPS.make_token(row)  # type: ignore[arg-type]  # the token of a recovery, not of a person
    return letters.link(house, row.person, "recovery-stop", public_id=row.public_id, token=token)


@transaction.atomic
def confirm(row: Recovery, *, organisation: Organisation | None, house: str, by: ActorRef, at: datetime) -> Recovery:
    """Say, for an organisation, that whoever asks is the holder of the account.

    The entry is public and names the organisation, never the person. With the last confirmation the letter is written
    whose link opens the account after the waiting time.
    """
    require(recovery.may_confirm(by, at, row, organisation))
    given = {"recovery": row, "organisation": organisation}
    _one, first = Confirmation.objects.get_or_create(**given, defaults={"confirmed_at": at})
    if not first:
        return row
    _record_confirmation(row, organisation, by, at)
    if recovery.awaited(row, at):
        return row
    row.opens_at = at + WAITING
    row.save(update_fields=["opens_at"])
    token = RECOVERIES.make_token(row)  # type: ignore[arg-type]  # the token of a recovery, not of a person
    address = letters.link(house, row.person, "recovery-open", public_id=row.public_id, token=token)
    letters.send_recovery(row.person, address, _stop_link(row, house), row.opens_at, at=at)
    return row


def _record_confirmation(row: Recovery, organisation: Organisation | None, by: ActorRef, at: datetime) -> None:
    if organisation is None:
        ways_in.recorded("people.recovery_confirmed", row.person, by, at)
        return
    record.append(
        "people.recovery_confirmed",
        realm=Realm(organisation.realm),
        subject=Ref("organisation", organisation.public_id),
        by=by,
        at=at,
        facts={"recovery": row.public_id},
    )


@transaction.atomic
def stop(row: Recovery, *, by: ActorRef, at: datetime) -> None:
    """Stop a recovery: its holder is there after all, or an officer knows that it is not she."""
    if by.kind in {ActorKind.SEAT, ActorKind.OPERATOR}:
        require(recovery.may_stop(by, at, row))
    Recovery.objects.filter(pk=row.pk, used_at=None, stopped_at=None).update(stopped_at=at)


@transaction.atomic
def use(row: Recovery, *, token: str, by: ActorRef, at: datetime) -> Person:
    """Open the account anew with the link of the letter; every earlier way in and every session ends."""
    if not RECOVERIES.check_token(row, token):  # type: ignore[arg-type]  # the token of a recovery, not of a person
        raise RecoveryClosed()
    if row.opens_at is None or at < row.opens_at:
        raise RecoveryNotYetOpen()
    if recovery.awaited(row, at):
        raise RecoveryAwaitsAnother()
    if not Recovery.objects.filter(pk=row.pk, used_at=None, stopped_at=None).update(used_at=at):
        raise RecoveryClosed()
    return ways_in.start_anew(row.person, by=by, at=at)
