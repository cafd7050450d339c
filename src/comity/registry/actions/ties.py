"""Ties and their spells, lineage: stated, changed, ended; what was said before stays."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction

from comity.plain.actors import ActorRef, require
from comity.plain.levels import Level, Realm
from comity.plain.refs import Ref
from comity.plain.time import PartialDate
from comity.record import actions as record
from comity.registry import access
from comity.registry.actions.checks import LONGEST, cited, fit, one_of, ref_of
from comity.registry.core import refusals, ties
from comity.registry.core.lineage import closes_circle
from comity.registry.models import (
    Lineage,
    Link,
    LinkKind,
    MemberClass,
    Organisation,
    OrganisationKind,
    Source,
    Spell,
    partial,
)

LINEAGE_KINDS = frozenset({"succession", "merger", "split"})


def link(
    *,
    subject: Organisation,
    object: Organisation,
    kind: str,
    standing: str,
    start: str = "",
    end: str = "",
    basis: str = "",
    source: Source | None = None,
    by: ActorRef,
    at: datetime,
    ended: bool = False,
    end_reason: str = "",
) -> Link:
    """State a spell of a tie, and return the tie; see ``state_spell``."""
    return state_spell(
        subject=subject,
        object=object,
        kind=kind,
        standing=standing,
        start=start,
        end=end,
        basis=basis,
        source=source,
        ended=ended,
        end_reason=end_reason,
        by=by,
        at=at,
    ).link


@transaction.atomic
def state_spell(
    *,
    subject: Organisation,
    object: Organisation,
    kind: str,
    standing: str,
    start: str = "",
    end: str = "",
    basis: str = "",
    source: Source | None = None,
    by: ActorRef,
    at: datetime,
    ended: bool = False,
    end_reason: str = "",
) -> Spell:
    """State a spell of a tie from one organisation to another; the tie itself is made with its first spell.

    ``ended`` says that a source calls it ended, with or without a day; then ``end_reason`` says why. Raises
    RealmsNeverMix, SelfTie, NotANetwork, BeforeFounding, EndBeforeStart, NoEndReason, OverlappingSpells (naming both).
    """
    require(access.may_link(by, subject, object, kind))
    spell = _spell(standing, start, end, ended=ended, end_reason=end_reason, source=source, at=at)
    _check_tie(subject, object, kind, spell)
    tie = Link.objects.filter(subject=subject, object=object, kind=kind).first()
    if tie is None:
        tie = Link(subject=subject, object=object, kind=kind, basis=basis, recorded_at=at)
        fit(tie)
        tie.save(force_insert=True)
    else:
        tie.subject, tie.object = subject, object
        _refuse_overlap(spell, tie.spells.filter(replaced_at=None))
    spell.link = tie
    fit(spell)
    spell.save(force_insert=True)
    _record_spell("registry.link_stated", spell, by=by, at=at, basis=basis)
    return spell


def _spell(
    standing: str, start: str, end: str, *, ended: bool, end_reason: str, source: Source | None, at: datetime
) -> Spell:
    one_of(standing, MemberClass.values, "standing")
    begun, closed = partial(start), partial(end)
    if begun and closed and closed.last < begun.first:
        raise refusals.EndBeforeStart(start=start, end=end)
    over = ended or closed is not None
    if over and not end_reason.strip():
        raise refusals.NoEndReason(start=start, end=end, standing=standing)
    return Spell(
        standing=standing,
        start=start,
        end=end,
        ended=over,
        end_reason=end_reason[:LONGEST],
        source=source,
        unverified=standing in ties.SANCTIONS and not _dated_primary(source, begun),
        recorded_at=at,
    )


def _dated_primary(source: Source | None, begun: PartialDate | None) -> bool:
    return source is not None and source.primary and begun is not None


def _check_tie(subject: Organisation, to: Organisation, kind: str, spell: Spell) -> None:
    one_of(kind, LinkKind.values, "kind")
    if subject.pk == to.pk:
        raise refusals.SelfTie(organisation=subject.name)
    if subject.realm != to.realm:
        raise refusals.RealmsNeverMix(subject=subject.name, object=to.name)
    if kind == LinkKind.MEMBERSHIP and to.kind != OrganisationKind.NETWORK:
        raise refusals.NotANetwork(organisation=to.name)
    start = partial(spell.start)
    if ties.surely_before(start, partial(subject.founded)):
        raise refusals.BeforeFounding(organisation=subject.name, founded=subject.founded, start=spell.start)


def _refuse_overlap(spell: Spell, others: Iterable[Spell]) -> None:
    for other in others:
        if _words(other) == _words(spell):
            raise refusals.SpellStandsAlready(spell=_told(spell))
        if spell.unverified or other.unverified:
            continue
        if ties.surely_overlap(spell.period(), other.period()):
            raise refusals.OverlappingSpells(one=_told(other), other=_told(spell))


def _words(spell: Spell) -> tuple[str, str, str, bool]:
    return spell.standing, spell.start, spell.end, spell.ended


def _told(spell: Spell) -> str:
    until = spell.end or ("ended" if spell.ended else "open")
    return f"{spell.standing} {spell.start or 'since an unknown day'} to {until}"


def _record_spell(type: str, spell: Spell, *, by: ActorRef, at: datetime, basis: str = "") -> None:
    tie = spell.link
    record.append(
        type,
        realm=Realm(tie.subject.realm),
        subject=Ref("link", tie.public_id),
        by=by,
        at=at,
        level=max(Level(tie.subject.level), Level(tie.object.level)),
        facts={
            "subject": tie.subject.public_id,
            "object": tie.object.public_id,
            "kind": tie.kind,
            "standing": spell.standing,
            "start": spell.start,
            "end": spell.end,
            "ended": spell.ended,
            "end_reason": spell.end_reason,
            "basis": basis,
            "source": cited(spell.source),
        },
    )


def open_spell(tie: Link) -> Spell:
    """The spell of a tie that has not ended: the verified one, then the one that began last; NoOpenSpell otherwise."""
    spells = tie.spells.filter(replaced_at=None, ended=False).select_related("link__subject", "link__object")
    spell = spells.order_by("unverified", "-start", "-id").first()
    if spell is None:
        raise refusals.NoOpenSpell(link=tie.public_id)
    return spell


@transaction.atomic
def change_standing(
    link: Link, *, standing: str, on: str | date, source: Source | None = None, by: ActorRef, at: datetime
) -> Link:
    """Change the class of standing from a day on: the spell before ends on the eve, and says why."""
    require(access.may_link(by, link.subject, link.object, link.kind))
    day = str(on)
    before = open_spell(link)
    after = _spell(standing, day, "", ended=False, end_reason="", source=source, at=at)
    _close(before, _eve(day), reason=f"standing changed to {standing}", source=before.source, at=at)
    _refuse_overlap(after, link.spells.filter(replaced_at=None))
    after.link = link
    after.save(force_insert=True)
    _record_spell("registry.standing_changed", after, by=by, at=at)
    return link


@transaction.atomic
def end_link(
    link: Link, *, on: str | date, reason: str, source: Source | None = None, by: ActorRef, at: datetime
) -> Link:
    """End a tie on a day, which still belongs to it; it stays visible with its reason. ``on`` may be empty: unknown."""
    require(access.may_link(by, link.subject, link.object, link.kind))
    if not reason.strip():
        raise refusals.NoEndReason(link=link.public_id)
    closed = _close(open_spell(link), str(on), reason=reason, source=source, at=at)
    _record_spell("registry.link_ended", closed, by=by, at=at)
    return link


def _close(spell: Spell, day: str, *, reason: str, source: Source | None, at: datetime) -> Spell:
    """Replace an open spell by the same one with an end; both stay, each known in its time."""
    closed = _spell(
        spell.standing, spell.start, day, ended=True, end_reason=reason, source=source or spell.source, at=at
    )
    closed.link = spell.link
    closed.unverified = spell.unverified
    return _replace(spell, closed, at)


def _replace(spell: Spell, later: Spell, at: datetime) -> Spell:
    if not Spell.objects.filter(pk=spell.pk, replaced_at=None).update(replaced_at=at):
        raise refusals.NoOpenSpell(link=spell.link.public_id)
    later.save(force_insert=True)
    return later


def _eve(day: str) -> str:
    """The day before a stated day; a partial date is its own eve, because the change lies somewhere in it."""
    stated = PartialDate.parse(day)
    return str(stated.first - timedelta(days=1)) if stated.exact else day


@transaction.atomic
def restate_spell(
    spell: Spell,
    *,
    standing: str,
    start: str = "",
    end: str = "",
    ended: bool = False,
    end_reason: str = "",
    source: Source | None = None,
    by: ActorRef,
    at: datetime,
) -> Spell:
    """State a spell anew because its source now says otherwise; what was recorded before stays known as it was."""
    tie = spell.link
    require(access.may_link(by, tie.subject, tie.object, tie.kind))
    later = _spell(standing, start, end, ended=ended, end_reason=end_reason, source=source, at=at)
    later.link = tie
    _check_tie(tie.subject, tie.object, tie.kind, later)
    _refuse_overlap(later, tie.spells.filter(replaced_at=None).exclude(pk=spell.pk))
    _replace(spell, later, at)
    _record_spell("registry.link_restated", later, by=by, at=at)
    return later


@transaction.atomic
def record_lineage(
    *,
    earlier: Organisation,
    later: Organisation,
    kind: str,
    at_date: str = "",
    source: Source | None = None,
    by: ActorRef,
    at: datetime,
) -> Lineage:
    """Record that one organisation follows, merges into or splits from another.

    Raises CircularLineage when the row would close a circle, a self-link included; the rows before it stand.
    """
    require(access.may_write_registry(by))
    one_of(kind, LINEAGE_KINDS, "kind")
    partial(at_date)
    if earlier.realm != later.realm:
        raise refusals.RealmsNeverMix(earlier=earlier.name, later=later.name)
    if closes_circle(earlier.pk, later.pk, _followers):
        raise refusals.CircularLineage(earlier=earlier.name, later=later.name)
    row, new = Lineage.objects.get_or_create(
        earlier=earlier, later=later, kind=kind, defaults={"at": at_date, "source": source, "recorded_at": at}
    )
    if not new:
        raise refusals.LineageStandsAlready(earlier=earlier.name, later=later.name, kind=kind)
    record.append(
        "registry.lineage_recorded",
        realm=Realm(earlier.realm),
        subject=ref_of(later),
        by=by,
        at=at,
        level=max(Level(earlier.level), Level(later.level)),
        facts={"earlier": earlier.public_id, "kind": kind, "at": at_date, "source": cited(source)},
    )
    return row


def _followers(rows: set[int]) -> list[int]:
    return list(Lineage.objects.filter(earlier__in=rows).values_list("later_id", flat=True))
