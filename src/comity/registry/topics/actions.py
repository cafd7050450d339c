"""Filing things under topics: with the act that makes them, and anew with a reason."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from comity.plain.actors import ActorRef, require
from comity.plain.kinds import kind_of_row
from comity.plain.levels import Realm
from comity.plain.refusals import BadInput, Refusal
from comity.record import actions as record
from comity.registry import access
from comity.registry.models import Filing, Governed
from comity.registry.topics.queries import taxonomy


class NothingRefiled(Refusal):
    """It stands under these topics already."""

    code = "nothing-refiled"


class NotFiledByHand(Refusal):
    """Things of this kind are filed by what they belong to, not by hand."""

    code = "not-filed-by-hand"


class RefiledMeanwhile(Refusal):
    """Somebody else refiled this meanwhile; look at its topics again."""

    code = "refiled-meanwhile"


class WhyRefiled(BadInput):
    """A thing is refiled with a reason; what it was filed under before stays known."""

    code = "why-refiled"


@transaction.atomic
def file_under(row: Governed, topics: Sequence[str], *, by: ActorRef, at: datetime) -> list[str]:
    """File a new thing; the act that makes it asks who may, and names the topics in its own entry of the record.

    Raises what ``Taxonomy.chosen`` raises.
    """
    codes = taxonomy().chosen(topics)
    Filing.objects.bulk_create(_rows(row, codes, by=by, at=at))
    return codes


def _rows(row: Governed, codes: Sequence[str], *, by: ActorRef, at: datetime, reason: str = "") -> list[Filing]:
    kind = kind_of_row(row)
    assert kind is not None, "only things of a declared kind are filed"
    if not kind.filed.by_hand:
        raise NotFiledByHand(kind=kind.name)
    return [
        Filing(
            realm=kind.realm_of(row),
            kind=kind.name,
            thing=row.public_id,
            topic=code,
            filed_for=by.organisation,
            filed_at=at,
            reason=reason,
        )
        for code in codes
    ]


@transaction.atomic
def refile(
    row: Governed, topics: Sequence[str], *, before: Sequence[str], reason: str, by: ActorRef, at: datetime
) -> list[str]:
    """File a thing anew, with a reason: what ends stays with its days, and what goes on is not touched.

    ``before`` are the topics that the person saw; RefiledMeanwhile where others stand by now.
    """
    require(access.may_refile(by, row))
    kind = kind_of_row(row)
    assert kind is not None, "only things of a declared kind are filed"
    codes, why = taxonomy().chosen(topics), " ".join(reason.split())
    if not why:
        raise WhyRefiled(field="reason")
    standing = Filing.objects.select_for_update().filter(kind=kind.name, thing=row.public_id, ended_at=None)
    had = set(standing.values_list("topic", flat=True))
    if had != set(before):
        raise RefiledMeanwhile()
    if had == set(codes):
        raise NothingRefiled(field="topics")
    standing.exclude(topic__in=codes).update(ended_at=at, end_reason=why)
    added = [code for code in codes if code not in had]
    Filing.objects.bulk_create(_rows(row, added, by=by, at=at, reason=why))
    record.append(
        "registry.refiled",
        realm=Realm(kind.realm_of(row)),
        subject=kind.ref(row),
        by=by,
        at=at,
        level=row.entered_as(at),
        facts={"before": sorted(had), "after": codes, "reason": why},
    )
    return codes
