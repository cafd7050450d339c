"""Deciding who reads what. A change to what is not public enters the record as a bare seal."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from comity.people.access import acting
from comity.plain.actors import SYSTEM, ActorRef, require
from comity.plain.kinds import kind_of_row
from comity.plain.levels import Attribution, Level, Realm
from comity.plain.refs import Ref
from comity.plain.refusals import BadInput, Refusal
from comity.plain.time import day_in
from comity.record import actions as record
from comity.registry.models import Governed, Link, Organisation
from comity.visibility import access
from comity.visibility.core import Terms, WiderThanItsWhole, check_protection, check_terms
from comity.visibility.models import Change, Default, LinkReview, Protection, ProtectionState
from comity.visibility.queries import policy, terms_of, whole_of

MEANWHILE = timedelta(hours=72)
REVIEWED_AFTER = timedelta(days=30)


class ReasonNotStated(BadInput):
    """Who reads what is changed with a reason."""

    code = "reason-not-stated"


class NoSuchLevelHere(BadInput):
    """A thing of this kind has no circle of readers at that level."""

    code = "no-such-level-here"


class DecidedMeanwhile(Refusal):
    """Somebody else decided this meanwhile; look at it again before you decide."""

    code = "decided-meanwhile"


class NothingChanges(Refusal):
    """What you state stands already."""

    code = "nothing-changes"


class PublicAlready(Refusal):
    """What anybody can read has no existence to protect; narrow who reads it first, or raise its safety flag."""

    code = "public-already"


class AskedAlready(Refusal):
    """This was asked already and awaits its decision."""

    code = "asked-already"


class DefaultThatDay(Refusal):
    """A network adopts one default for each kind and body from one day on."""

    code = "default-that-day"


def _reason(words: str, field: str = "reason") -> str:
    if not words.strip():
        raise ReasonNotStated(field=field, remedy="write the reason")
    return words.strip()


@transaction.atomic
def adopt_default(
    *,
    network: Organisation,
    kind: str,
    body: str,
    level: Level,
    attribution: Attribution,
    why: str,
    from_day: date,
    by: ActorRef,
    at: datetime,
) -> Default:
    """Adopt what a network's forms propose for a kind, from a day on; earlier days keep what stood then."""
    require(access.may_adopt_default(by, at, network))
    if kind not in {known for known, _body in policy()}:
        raise BadInput(field="kind", value=kind, remedy="one of the kinds of the policy table")
    if from_day < day_in(network.time_zone, at):
        raise BadInput(field="from_day", value=from_day.isoformat(), remedy="name today or a later day")
    offered = access.LEVELS_OF.get(kind, tuple(Level))
    if level not in offered:
        raise NoSuchLevelHere(field="level", value=level.name)
    if Default.objects.filter(network=network, kind=kind, body=body, in_force_from=from_day).exists():
        raise DefaultThatDay(field="from_day", day=from_day.isoformat())
    row = Default.objects.create(
        network=network,
        kind=kind,
        body=body,
        level=level,
        attribution=attribution,
        why=_reason(why, "why"),
        in_force_from=from_day,
        recorded_at=at,
    )
    record.append(
        "visibility.default_adopted",
        realm=Realm(network.realm),
        subject=Ref("organisation", network.public_id),
        by=by,
        at=at,
        facts={"kind": kind, "body": body, "level": level.name, "attribution": str(attribution),
               "from": from_day.isoformat()},
    )  # fmt: skip
    return row


def _told(terms: Terms) -> dict[str, Any]:
    until, review, keep = terms.embargo_until, terms.review_on, terms.retain_until
    return {
        "level": terms.level.name,
        "attribution": str(terms.attribution),
        "embargo_until": until.isoformat() if until else "",
        "embargo_zone": terms.embargo_zone,
        "review_on": review.isoformat() if review else "",
        "retain_until": keep.isoformat() if keep else "",
    }


def _columns(terms: Terms) -> dict[str, Any]:
    return {
        "level": terms.level,
        "attribution": terms.attribution,
        "embargo_until": terms.embargo_until,
        "embargo_zone": terms.embargo_zone,
        "review_on": terms.review_on,
        "retain_until": terms.retain_until,
    }


def _claim(row: Governed, old: dict[str, Any], new: dict[str, Any]) -> None:
    """Write over exactly what was read; refuse where somebody else wrote meanwhile."""
    if not type(row)._default_manager.filter(pk=row.pk, **old).update(**new):
        raise DecidedMeanwhile()
    row.refresh_from_db()


def _decided(row: Governed, what: str, before: Any, after: Any, *, reason: str, at: datetime) -> Change:
    return Change.objects.create(
        kind=_ref(row).kind,
        thing=row.public_id,
        originator=row.originator,
        what=what,
        before=before,
        after=after,
        reason=reason,
        at=at,
    )


def _ref(row: Governed) -> Ref:
    kind = kind_of_row(row)
    assert kind is not None, "only things of a declared kind are governed"
    return kind.ref(row)


def _enter(type_: str, row: Governed, facts: dict[str, Any], *, level: Level, by: ActorRef, at: datetime) -> None:
    record.append(
        type_, realm=Realm(row.network.realm), subject=_ref(row), by=by, at=at, level=level, facts=facts
    )  # fmt: skip


@transaction.atomic
def lay_down(row: Governed, terms: Terms, *, at: datetime) -> None:
    """Put the terms of a new thing on its row before it is saved; its own action asks, saves and records."""
    check_terms(terms, None, at)
    _check_level(row, terms.level)
    for name, value in _columns(terms).items():
        setattr(row, name, value)


def _check_level(row: Governed, level: Level) -> None:
    """A part may always stand at the level of its whole, whatever levels its kind is offered alone."""
    kind = _ref(row).kind
    offered, whole = access.LEVELS_OF.get(kind, ()), whole_of(kind, row)
    if whole is not None and level < whole.level:
        raise WiderThanItsWhole(field="level")
    if level not in offered and (whole is None or level != whole.level):
        raise NoSuchLevelHere(field="level", value=level.name, remedy=", ".join(one.name for one in offered))


@transaction.atomic
def change_terms(row: Governed, terms: Terms, *, reason: str, by: ActorRef, at: datetime) -> Change:
    """Change who reads a thing, to whom it is attributed, from when, and until when it is kept."""
    require(access.may_change(by, at, row))
    before = terms_of(row)
    if terms == before:
        raise NothingChanges()
    check_terms(terms, before, at)
    _check_level(row, terms.level)
    closed = row.entered_as(at)
    _claim(row, _columns(before), _columns(terms))
    facts = {"before": _told(before), "after": _told(terms), "reason": _reason(reason)}
    _enter("visibility.terms_changed", row, facts, level=max(closed, row.entered_as(at)), by=by, at=at)
    return _decided(row, "terms", _told(before), _told(terms), reason=reason.strip(), at=at)


@transaction.atomic
def raise_flag(row: Governed, *, reason: str, by: ActorRef, at: datetime) -> Change:
    """Close a thing to everybody but its originator, at once; it is reviewed within thirty days."""
    require(access.may_raise_flag(by, at, row))
    review = (at + REVIEWED_AFTER).date()
    sooner = min(review, row.review_on) if row.review_on else review
    _claim(row, {"safety_flag": False}, {"safety_flag": True, "review_on": sooner})
    facts = {"reason": _reason(reason), "network": row.network.public_id}
    _enter("visibility.flag_raised", row, facts, level=Level.SEALED, by=by, at=at)
    return _decided(row, "flag-raised", {}, {"review_on": sooner.isoformat()}, reason=reason.strip(), at=at)


@transaction.atomic
def lift_flag(row: Governed, *, reason: str, by: ActorRef, at: datetime) -> Change:
    """Lift a safety flag after its review: the terms that stood before hold again."""
    require(access.may_change(by, at, row))
    _claim(row, {"safety_flag": True}, {"safety_flag": False, "review_on": None})
    _enter("visibility.flag_lifted", row, {"reason": _reason(reason)}, level=Level.SEALED, by=by, at=at)
    return _decided(row, "flag-lifted", {}, {}, reason=reason.strip(), at=at)


@transaction.atomic
def ask_protection(row: Governed, *, reason: str, until: date, by: ActorRef, at: datetime) -> Protection:
    """Ask that a thing's existence be protected until a day within twelve months; a second person decides.

    Asked in the act that makes the thing, it holds for 72 hours, so that nothing shows while that person is found.
    """
    require(access.may_ask_protection(by, at, row))
    ref = _ref(row)
    if ref.kind not in access.PROTECTABLE or row.entered_as(at) == Level.PUBLIC:
        raise PublicAlready()
    zone = row.network.time_zone
    check_protection(until, day_in(zone, at))
    if Protection.objects.filter(kind=ref.kind, thing=ref.id, state=ProtectionState.ASKED).exists():
        raise AskedAlready()
    protection = Protection.objects.create(
        kind=ref.kind,
        thing=ref.id,
        network=row.network,
        originator=row.originator,
        reason=_reason(reason),
        until=until,
        holds_until=datetime.combine(until + timedelta(days=1), time.min, tzinfo=ZoneInfo(zone)),
        meanwhile_until=at + MEANWHILE if row.recorded_at == at else None,
        asked_by=acting(by, at).person,
        asked_at=at,
    )
    _enter_protection("visibility.protection_asked", protection, by, at)
    return protection


def _enter_protection(type_: str, protection: Protection, by: ActorRef, at: datetime) -> None:
    """Each step of a protection is a bare seal: its time and subject would tell what it protects."""
    record.append(
        type_,
        realm=Realm(protection.network.realm),
        subject=Ref(protection.kind, protection.thing),
        by=by,
        at=at,
        level=Level.SEALED,
        facts={
            "until": protection.until.isoformat(),
            "reason": protection.decision_reason or protection.reason,
            "network": protection.network.public_id,
        },
    )


@transaction.atomic
def decide_protection(protection: Protection, *, approve: bool, reason: str, by: ActorRef, at: datetime) -> Protection:
    """Approve a protection as the second person, or refuse it with a reason."""
    require(access.may_decide_protection(by, at, protection))
    state = ProtectionState.APPROVED if approve else ProtectionState.REFUSED
    waiting = Protection.objects.filter(pk=protection.pk, state=ProtectionState.ASKED)
    person = acting(by, at).person
    if not waiting.update(state=state, decided_by=person, decided_at=at, decision_reason=_reason(reason)):
        raise DecidedMeanwhile()
    protection.refresh_from_db()
    _enter_protection(
        "visibility.protection_approved" if approve else "visibility.protection_refused", protection, by, at
    )
    return protection


@transaction.atomic
def lift_protection(protection: Protection, *, by: ActorRef, at: datetime) -> Protection:
    """End a protection before its time: the public learns from now on that the thing exists."""
    require(access.may_lift_protection(by, at, protection))
    _end(protection, ProtectionState.LIFTED, at)
    _enter_protection("visibility.protection_lifted", protection, by, at)
    return protection


def _end(protection: Protection, state: ProtectionState, at: datetime) -> None:
    standing = Protection.objects.filter(pk=protection.pk, state__in=[ProtectionState.APPROVED, ProtectionState.ASKED])
    if not standing.update(state=state, ended_at=at):
        raise DecidedMeanwhile()
    protection.refresh_from_db()


@transaction.atomic
def expire(protection: Protection, *, at: datetime) -> Protection:
    """Write down that a protection's day has passed; the clock had ended it already."""
    _end(protection, ProtectionState.EXPIRED, at)
    _enter_protection("visibility.protection_expired", protection, SYSTEM, at)
    return protection


@transaction.atomic
def hide_link(link: Link, *, reason: str, by: ActorRef, at: datetime) -> LinkReview:
    """Ask for the safety review of a public link: it is hidden everywhere at once, and reviewed later."""
    require(access.may_hide_link(by, at, link))
    words = _reason(reason)
    if not Link.objects.filter(pk=link.pk, hidden_at=None).update(hidden_at=at):
        raise AskedAlready()
    review = LinkReview.objects.create(
        link=link, asked_for=acting(by, at).organisation, reason=words, asked_at=at
    )  # fmt: skip
    _enter_review("visibility.link_hidden", review, by, at)
    return review


@transaction.atomic
def review_link(review: LinkReview, *, keep_hidden: bool, reason: str, by: ActorRef, at: datetime) -> LinkReview:
    """Decide a safety review with a reason: the link stays hidden, or is shown again."""
    require(access.may_review_link(by, at, review))
    state, words = "hidden" if keep_hidden else "shown", _reason(reason)
    waiting = LinkReview.objects.filter(pk=review.pk, state="open")
    if not waiting.update(state=state, decision_reason=words, decided_at=at):
        raise DecidedMeanwhile()
    review.refresh_from_db()
    if not keep_hidden:
        Link.objects.filter(pk=review.link_id).update(hidden_at=None)
    _enter_review("visibility.link_reviewed", review, by, at)
    return review


@transaction.atomic
def show_link(review: LinkReview, *, by: ActorRef, at: datetime) -> LinkReview:
    """Take a request back: only the party that asked shows the link again."""
    require(access.may_show_link(by, at, review))
    standing = LinkReview.objects.filter(pk=review.pk, state__in=["open", "hidden"])
    if not standing.update(state="withdrawn", ended_at=at):
        raise DecidedMeanwhile()
    review.refresh_from_db()
    Link.objects.filter(pk=review.link_id).update(hidden_at=None)
    _enter_review("visibility.link_shown", review, by, at)
    return review


def _enter_review(type_: str, review: LinkReview, by: ActorRef, at: datetime) -> None:
    record.append(
        type_,
        realm=Realm(review.link.subject.realm),
        subject=Ref("organisation", review.asked_for.public_id),
        by=by,
        at=at,
        level=Level.SEALED,
        facts={"link": review.link.public_id, "reason": review.decision_reason or review.reason},
    )
