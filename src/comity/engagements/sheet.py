"""What the pages and the interface of this room show of an engagement on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from comity.engagements import access, words
from comity.engagements.core import report_due, report_duty
from comity.engagements.models import Engagement, Participation
from comity.plain.duties import Duty
from comity.plain.place import Place
from comity.registry.queries import Label, region_label


@dataclass(frozen=True)
class Sheet:
    """An engagement as it stood on the page's day."""

    engagement: Engagement
    disclaimer: str
    rule: str
    delegations: list[Participation]
    heads: int
    report: Engagement | None
    """The engagement itself where its report stands and may be read."""
    withheld: str
    """Why a report that stands is not shown; empty where it is, or where there is none."""
    duty: Duty
    due: date
    country: Label | None
    """What the network calls the country; None where none is stated."""


def sheet_of(engagement: Engagement, place: Place) -> Sheet:
    """Everything that may be shown of it."""
    came = engagement.participations.filter(registered_at__lte=place.known_by).select_related("organisation")
    delegations = list(came.order_by("organisation__name"))
    reported = engagement.reported_at is not None and engagement.reported_at <= place.known_by
    readable = access.may_read_report(place.actor, engagement)
    return Sheet(
        engagement,
        words.disclaimer(engagement),
        words.house_rule(engagement),
        delegations,
        sum(row.heads_count for row in delegations),
        engagement if reported and readable else None,
        "" if readable or not reported else readable.reason,
        report_duty(engagement.last_day, engagement.reported_on if reported else None, place.as_of),
        report_due(engagement.last_day),
        _country(engagement, place),
    )


def _country(engagement: Engagement, place: Place) -> Label | None:
    if not engagement.country:
        return None
    network, day = engagement.network, engagement.first_day
    return region_label(
        engagement.country, network, place.language, realm=place.realm, day=day, known_by=place.known_by
    )
