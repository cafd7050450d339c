"""The yearly count of meetings not read by everybody: computed from the log as of a checkpoint, published as an entry.

It goes by the entries themselves: a meeting was convened, two persons protected its existence, a safety flag was
raised. So the same checkpoint gives the same count for ever, and whoever may open a seal can see that it was counted.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from comity.engagements import core
from comity.engagements.core import Sign, YearCount
from comity.engagements.models import Engagement
from comity.plain.duties import Duty
from comity.plain.levels import Level, Realm
from comity.plain.refs import Ref
from comity.record import queries as record
from comity.record import snapshots
from comity.record.core import jcs
from comity.record.core.jcs import Json
from comity.record.queries import EntryView, Given
from comity.record.snapshots import Snapshot, Written
from comity.registry.models import Organisation

COUNTED = "visibility.year_counted"
CONVENED = "engagements.convened"
PROTECTING = ("visibility.protection_approved", "visibility.flag_raised")


def about(realm: Realm, year: int) -> Ref:
    """Under which name the record keeps the count of a year: ``year:2031``, in the fiction ``year:fiction-2031``."""
    return Ref("year", str(year) if realm is Realm.REAL else f"{realm.value}-{year}")


@dataclass(frozen=True)
class Published:
    """A count as it was published: its entry, the log it was made from, its numbers."""

    entry: EntryView
    year: int
    snapshot: Snapshot
    total: YearCount
    counts: tuple[YearCount, ...] | None
    """By network; None where not everybody may read any more what names one of them, or where it was erased."""
    report_hash: str
    """SHA-256 (hex) of the bytes of its report."""

    @property
    def report(self) -> bytes | None:
        """Its report as CSV; None where its numbers by network are not given."""
        return None if self.counts is None else core.report_of(self.year, self.counts)


@dataclass(frozen=True)
class Year:
    """A year that is over: what was published of it, and whether that was in time."""

    year: int
    published: Published | None
    ref: Ref
    """What its entries are about, for the seal."""
    corrected: bool
    """Whether what stands replaces an earlier count."""
    duty: Duty
    due: date


def total(counts: Iterable[YearCount]) -> YearCount:
    """The numbers of all networks together."""
    rows = list(counts)
    return YearCount(
        "",
        sum(one.meetings for one in rows),
        sum(one.restricted for one in rows),
        sum(one.existence_protected for one in rows),
    )


def count(snapshot: Snapshot, year: int) -> list[YearCount]:
    """Count a year anew from the log as of a checkpoint."""
    written = snapshots.all_in(snapshot, (CONVENED, *PROTECTING), *core.span_of(year))
    return core.counted(_signs([one for one in written if one.subject.kind == "engagement"]))


def _signs(written: list[Written]) -> Iterator[Sign]:
    networks = _networks(written)
    open_ones = set(Organisation.objects.filter(level=Level.PUBLIC).values_list("public_id", flat=True))
    for one in written:
        network = str(one.facts.get("network") or networks.get(one.subject.id, ""))
        shown = network if network in open_ones else ""
        yield Sign(one.subject.id, shown, one.type == CONVENED, one.restricted)


def _networks(written: Iterable[Written]) -> dict[str, str]:
    """The networks of those meetings whose entries, written by an earlier version, do not name one."""
    unnamed = {one.subject.id for one in written if "network" not in one.facts}
    rows = Engagement.objects.filter(public_id__in=unnamed) if unnamed else Engagement.objects.none()
    return dict(rows.values_list("public_id", "network__public_id"))


def facts_of(snapshot: Snapshot, year: int, counts: Iterable[YearCount]) -> dict[str, Json]:
    """What the entry of a count says."""
    rows = sorted(counts)
    all_of_them = total(rows)
    return {
        "year": year,
        "size": snapshot.size,
        "root": snapshot.root,
        "meetings": all_of_them.meetings,
        "restricted": all_of_them.restricted,
        "existence_protected": all_of_them.existence_protected,
        "counts": [_told(one) for one in rows],
        "report": hashlib.sha256(core.report_of(year, rows)).hexdigest(),
    }


def _told(one: YearCount) -> dict[str, Json]:
    return {
        "network": one.network,
        "meetings": one.meetings,
        "restricted": one.restricted,
        "existence_protected": one.existence_protected,
    }


def years(realm: Realm, known_by: datetime, day: date, *, at: datetime) -> list[Year]:
    """The years that are over on ``day``, the newest first, each with the count that stood by ``known_by``.

    Of the values of a count only those are told that anybody may read at the instant ``at``.
    """
    over = _over(realm, day)
    entries = _entries(realm, over, known_by)
    given = record.given_of_all([rows[-1] for rows in entries.values()], realm, at)
    return [_year(realm, year, entries.get(year, []), given, day) for year in sorted(over, reverse=True)]


def _over(realm: Realm, day: date) -> range:
    first = record.entry_numbered(realm, 0)
    return core.years_to_count(first.at.date(), day) if first else range(0)


def uncounted(realm: Realm, at: datetime) -> list[int]:
    """The years that are over and have no count yet, the oldest first."""
    over = _over(realm, at.date())
    return [year for year in over if year not in _entries(realm, over, at)]


def counted_before(realm: Realm, year: int, at: datetime) -> list[int]:
    """The years before one that have a count."""
    over = [one for one in _over(realm, at.date()) if one < year]
    return sorted(_entries(realm, over, at))


def _entries(realm: Realm, over: Iterable[int], known_by: datetime) -> dict[int, list[EntryView]]:
    """The entries that count those years, oldest first."""
    asked = {about(realm, year): year for year in over}
    return {asked[ref]: rows for ref, rows in record.entries_of_all(asked, known_by=known_by).items()}


def _year(realm: Realm, year: int, rows: list[EntryView], given: Mapping[int, Given], day: date) -> Year:
    counted_on = rows[0].at.date() if rows else None
    duty = core.count_duty(year, counted_on, day)
    stands = _published(rows[-1], given[rows[-1].id]) if rows else None
    return Year(year, stands, about(realm, year), len(rows) > 1, duty, core.count_due(year))


def _published(entry: EntryView, given: Given) -> Published | None:
    """A count as its entry says it; None where what was erased since leaves no numbers."""
    said: dict[str, Any] = {name: jcs.decode(sealed.text) for name, sealed in given.fields.items()}
    try:
        return Published(
            entry,
            said["year"],
            Snapshot(entry.realm, said["size"], said["root"]),
            YearCount("", said["meetings"], said["restricted"], said["existence_protected"]),
            tuple(YearCount(**one) for one in said["counts"]) if "counts" in said else None,
            said["report"],
        )
    except KeyError:
        return None


def adds(counts: Iterable[YearCount], stands: Published) -> bool:
    """Whether a new count holds more than the one that stands; what was erased since is not counted away."""
    now, then = total(counts), stands.total
    return any(getattr(now, name) > getattr(then, name) for name in ("meetings", "restricted", "existence_protected"))


def latest(realm: Realm, year: int, at: datetime) -> Published | None:
    """The count of a year that stands at an instant, as anybody may read it."""
    rows = _entries(realm, [year], at).get(year, [])
    return _published(rows[-1], record.given(rows[-1], at)) if rows else None


def regenerated(count_: Published) -> bytes:
    """The report of a published count, computed anew from the log as of its checkpoint.

    Raises NoSuchSnapshot where the log never stood at it.
    """
    then = count_.snapshot
    return core.report_of(count_.year, count(snapshots.as_of(then.realm, then.size, then.root), count_.year))
