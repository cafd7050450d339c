"""Chapter 7: twenty promises. Some are kept with evidence, one is missed with the party's reply, three stay silent."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from operator import itemgetter

from comity.commitments.actions import admit_missed, file_evidence, open_commitments, postpone, verify_evidence
from comity.commitments.models import Commitment
from comity.site.story.cast import Company, day, on

Act = Callable[..., None]


@dataclass(frozen=True)
class Kept:
    """A promise kept: by whom, of which clause, what shows it, and when it was kept and filed."""

    party: str
    clause: str
    shown_by: str
    kept_on: date
    filed_at: datetime
    verified_at: datetime | None = None


_WATER = "Water levels of the Tesmari shore, monthly tables"
_GAUGES = "Gauge readings of Orvane, open tables since July"
_NORTH = "Ice and water in the northern bays, monthly leaflet"
_ORDER = "Order of the Orvane coastguard: reasons within ten days"
_BILL = "Bill on a closed season for the silver shad, Orvane"
_SUPPORT = "Vote for the bill on a closed season, Orvane"
_MOTION = "Motion for a closed season and for help, Tesmar"
KEPT = (
    Kept("green", "3", _WATER, day(2026, 6, 2), on(2026, 6, 2, 9), on(2026, 6, 20, 9)),
    Kept("centre", "3", _WATER, day(2026, 6, 2), on(2026, 6, 3, 9)),
    Kept("civic", "3", _GAUGES, day(2026, 7, 1), on(2026, 7, 6, 9), on(2026, 8, 1, 9)),
    Kept("labour", "3", _GAUGES, day(2026, 7, 1), on(2026, 7, 8, 9)),
    Kept("lethmark", "3", _NORTH, day(2026, 9, 4), on(2026, 9, 5, 9), on(2026, 10, 2, 9)),
    Kept("civic", "7", _ORDER, day(2026, 9, 24), on(2026, 9, 25, 9), on(2026, 10, 2, 10)),
    Kept("civic", "4", _BILL, day(2026, 10, 20), on(2026, 10, 21, 9)),
    Kept("labour", "4", _SUPPORT, day(2026, 10, 22), on(2026, 10, 23, 9)),
    Kept("centre", "4", _MOTION, day(2026, 10, 26), on(2026, 10, 27, 9), on(2026, 11, 23, 7)),
)


def keep(company: Company) -> None:
    """From the congress to the day on which the story stands still, act by act in the order of their dates."""
    open_commitments(company.adoption, by=company.offices["secretariat"], at=on(2026, 4, 18, 17))
    acts: list[Act] = [_move, _miss, *(partial(_show, kept=kept) for kept in KEPT)]
    days = [on(2026, 9, 12, 9), on(2026, 11, 4, 9), *(kept.filed_at for kept in KEPT)]
    checks: list[tuple[datetime, Act]] = [
        (kept.verified_at, partial(_verify, kept=kept)) for kept in KEPT if kept.verified_at is not None
    ]
    for at, act in sorted([*zip(days, acts, strict=True), *checks], key=itemgetter(0)):
        act(company, at=at)


def _show(company: Company, *, kept: Kept, at: datetime) -> None:
    file_evidence(
        _promise(company, kept.party, kept.clause),
        title=kept.shown_by,
        kept_on=kept.kept_on,
        by=company.officers[kept.party],
        at=at,
    )


def _verify(company: Company, *, kept: Kept, at: datetime) -> None:
    promise = _promise(company, kept.party, kept.clause)
    verify_evidence(promise.evidence.get(), by=company.offices["monitor"], at=at)


def _move(company: Company, *, at: datetime) -> None:
    postpone(
        _promise(company, "centre", "7"),
        due=day(2026, 12, 15),
        reason="The government it is part of was sworn in on 3 September.",
        agreed_by=company.organs["Bureau"],
        by=company.offices["secretariat"],
        at=at,
    )


def _miss(company: Company, *, at: datetime) -> None:
    admit_missed(
        _promise(company, "kelnian", "3"),
        words=(
            "Our two stations were rebuilt after the spring flood and measured nothing until October. We publish from "
            "January on, and we will publish the gap as a gap."
        ),
        language="en",
        by=company.officers["kelnian"],
        at=at,
    )


def _promise(company: Company, party: str, clause: str) -> Commitment:
    return Commitment.objects.get(adoption=company.adoption, organisation=company.parties[party], block__label=clause)
