"""Amendments: proposed, restated, withdrawn, taken up, left aside."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from comity.plain.actors import ActorRef, require
from comity.plain.levels import Level
from comity.plain.refs import Ref
from comity.plain.refusals import Refusal
from comity.record.actions import append
from comity.record.core.jcs import Json
from comity.registry.models import Organisation
from comity.texts import access
from comity.texts.actions.drafting import drafts_of, require_open, write_version
from comity.texts.actions.entering import enter
from comity.texts.core import amendments as algebra
from comity.texts.core.amendments import Operation
from comity.texts.core.states import AmendmentState
from comity.texts.models import Amendment, Text, TextVersion
from comity.texts.queries import amendment_state_on, carried, latest_version
from comity.visibility import actions as visibility
from comity.visibility.core import Terms
from comity.visibility.queries import entered_as


class AmendmentClosed(Refusal):
    """An amendment that was taken up, voted, withdrawn or left aside is settled."""

    code = "amendment-closed"


class AmendmentNeedsAPerson(Refusal):
    """The words that this amendment changes were changed since; its sponsor restates it against the latest version."""

    code = "amendment-needs-a-person"


class NothingToRestate(Refusal):
    """An amendment is restated when the text has a later version; to propose something else, withdraw it first."""

    code = "nothing-to-restate"


@transaction.atomic
def propose_amendment(
    text: Text,
    *,
    sponsor: Organisation,
    operations: Sequence[Operation],
    reason: str = "",
    number: int | None = None,
    language: str = "",
    against: str = "",
    level: Level = Level.PUBLIC,
    because: Sequence[Ref] = (),
    by: ActorRef,
    at: datetime,
) -> Amendment:
    """Propose changes to spans of the latest version. ``against`` is the SHA-256 of the version the sponsor read.

    Raises WiderThanItsWhole for a level at which more people would read it than read the text.
    """
    require(access.may_propose_amendment(by, at, text, sponsor))
    require_open(text, at)
    version = latest_version(text)
    if against and against != version.sha256:
        raise AmendmentNeedsAPerson(amendment=number or "", version=version.number)
    taken = text.amendments.aggregate(most=Max("number"))["most"] or 0
    amendment = Amendment(
        network=text.network,
        originator=sponsor,
        text=text,
        version=version,
        number=number or taken + 1,
        operations=[operation.as_json() for operation in algebra.checked(version.clauses(), operations)],
        reason=" ".join(reason.split())[:2000],
        language=language or text.language,
        recorded_at=at,
    )
    visibility.lay_down(amendment, Terms(level), at=at)
    amendment.save(force_insert=True)
    _record("texts.amendment_proposed", amendment, by=by, at=at, because=[Ref("text", text.public_id), *because])
    return amendment


@transaction.atomic
def restate_amendment(
    amendment: Amendment, *, operations: Sequence[Operation], by: ActorRef, at: datetime
) -> Amendment:
    """Put the amendment anew against the latest version, after the words under it changed."""
    require(access.may_withdraw_amendment(by, at, amendment))
    _require(amendment, {AmendmentState.OPEN}, at)
    latest = latest_version(amendment.text)
    if latest.pk == amendment.version_id:
        raise NothingToRestate(amendment=amendment.number, version=latest.number)
    amendment.version = latest
    checked = algebra.checked(amendment.version.clauses(), operations)
    amendment.operations = [operation.as_json() for operation in checked]
    amendment.save(update_fields=["version", "operations"])
    _record("texts.amendment_restated", amendment, by=by, at=at)
    return amendment


@transaction.atomic
def withdraw_amendment(amendment: Amendment, *, by: ActorRef, at: datetime) -> Amendment:
    """Its sponsor takes it back; it stays on the page, as withdrawn."""
    require(access.may_withdraw_amendment(by, at, amendment))
    _require(amendment, {AmendmentState.OPEN}, at)
    amendment.withdrawn_at = at
    amendment.save(update_fields=["withdrawn_at"])
    _record("texts.amendment_withdrawn", amendment, by=by, at=at)
    return amendment


@transaction.atomic
def leave_aside(amendment: Amendment, *, because_of: str, by: ActorRef, at: datetime) -> Amendment:
    """It is not put to the vote, for a stated reason; it stays among the readings."""
    require(access.may_put_to_vote(by, at, amendment.text))
    _require(amendment, {AmendmentState.OPEN}, at)
    amendment.not_put_at = at
    amendment.not_put_because = " ".join(because_of.split())[:300]
    amendment.save(update_fields=["not_put_at", "not_put_because"])
    _record("texts.amendment_left_aside", amendment, by=by, at=at)
    return amendment


def merge_amendment(
    amendment: Amendment, *, taken_as: str = "", note: str = "", by: ActorRef, at: datetime
) -> TextVersion:
    """Take one amendment up into the next version."""
    how = {amendment.number: taken_as} if taken_as else {}
    return merge_amendments(amendment.text, amendments=[amendment], taken_as=how, note=note, by=by, at=at)


@transaction.atomic
def merge_amendments(
    text: Text,
    *,
    amendments: Sequence[Amendment],
    taken_as: Mapping[int, str] | None = None,
    note: str = "",
    by: ActorRef,
    at: datetime,
) -> TextVersion:
    """Take amendments up together into the next version. Refuses when two touch the same words, or when the words
    under one changed since. ``taken_as`` says, by number, in what way one was taken up ("compromise with …").
    """
    require(access.may_merge(by, at, text))
    require_open(text, at)
    version = latest_version(text)
    changes: list[Operation] = []
    for amendment in amendments:
        _require(amendment, {AmendmentState.OPEN, AmendmentState.ADOPTED}, at)
        changes += _standing_changes(amendment, version)
    merged = drafts_of(version, algebra.apply(version.clauses(), changes))
    new = write_version(text, merged, note=note, at=at)
    for amendment in amendments:
        amendment.merged_into = new
        amendment.merged_as = (taken_as or {}).get(amendment.number, "")[:300]
        amendment.save(update_fields=["merged_into", "merged_as"])
    facts: dict[str, Json] = {
        "version": new.number,
        "sha256": new.sha256,
        "amendments": [{"number": row.number, "taken_as": row.merged_as} for row in amendments],
        "note": new.note,
    }
    taken = [Ref("amendment", amendment.public_id) for amendment in amendments]
    enter("texts.amendments_merged", text, facts, because=taken, by=by, at=at)
    return new


def _standing_changes(amendment: Amendment, version: TextVersion) -> list[Operation]:
    fates = carried(amendment, version)
    if any(fate.fate is algebra.Fate.NEEDS_A_PERSON for fate in fates):
        raise AmendmentNeedsAPerson(amendment=amendment.number, version=version.number)
    return [fate.operation for fate in fates if fate.operation is not None]


def _require(amendment: Amendment, states: set[AmendmentState], at: datetime) -> None:
    state = amendment_state_on(amendment, at)
    if state not in states:
        raise AmendmentClosed(amendment=amendment.number, state=state.value)


def _record(type: str, amendment: Amendment, *, by: ActorRef, at: datetime, because: Sequence[Ref] = ()) -> None:
    append(
        type,
        realm=amendment.text.realm,
        subject=Ref("amendment", amendment.public_id),
        by=by,
        at=at,
        level=entered_as("amendment", amendment, at),
        facts={
            "number": amendment.number,
            "against": amendment.version.sha256,
            "operations": amendment.operations,
            "reason": amendment.not_put_because or amendment.reason,
        },
        because=because,
    )
