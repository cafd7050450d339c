"""Plain factories over the registry's actions."""

from datetime import UTC, date, datetime
from itertools import count

from comity.conftest import OPERATOR
from comity.plain.levels import Level, Realm
from comity.registry import actions
from comity.registry.actions import RegionGiven
from comity.registry.models import Link, Organisation, RegionScheme, Source

AT = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
_NUMBERS = count(1)


def network(name: str = "", realm: Realm = Realm.FICTION, at: datetime = AT, founded: str = "") -> Organisation:
    """A network."""
    return actions.found_network(
        name=name or f"Network {next(_NUMBERS)}",
        realm=realm,
        network_kind="international",
        time_zone="UTC",
        languages=["en"],
        founded=founded,
        by=OPERATOR,
        at=at,
    )


def party(
    name: str = "",
    *,
    realm: Realm = Realm.FICTION,
    at: datetime = AT,
    founded: str = "",
    dissolved: str = "",
    country: str = "",
    kind: str = "party",
    level: Level = Level.PUBLIC,
    identifiers: tuple[tuple[str, str], ...] = (),
    parent: Organisation | None = None,
    wing_kind: str = "",
) -> Organisation:
    """A party, or another kind of organisation."""
    return actions.list_organisation(
        realm=realm,
        kind=kind,
        name=name or f"Party {next(_NUMBERS)}",
        founded=founded,
        dissolved=dissolved,
        country=country,
        level=level,
        identifiers=identifiers,
        parent=parent,
        wing_kind=wing_kind,
        by=OPERATOR,
        at=at,
    )


def member(
    subject: Organisation,
    to: Organisation,
    *,
    standing: str = "full",
    start: str = "",
    end: str = "",
    ended: bool = False,
    reason: str = "",
    source: Source | None = None,
    at: datetime = AT,
    kind: str = "membership",
) -> Link:
    """A membership, or another tie."""
    return actions.link(
        subject=subject,
        object=to,
        kind=kind,
        standing=standing,
        start=start,
        end=end,
        ended=ended,
        end_reason=reason,
        source=source,
        by=OPERATOR,
        at=at,
    )


def source(*, primary: bool = False, stated_on: str = "2025-07") -> Source:
    """A source."""
    return actions.cite(
        title="Minutes of the congress", url="https://example.org/minutes", stated_on=stated_on, primary=primary
    )


def lands(*codes: str, of: Organisation | None = None, code: str = "lands", at: datetime = AT) -> RegionScheme:
    """A region scheme with some codes; of the house when no network is named."""
    return actions.adopt_region_scheme(
        code=code,
        version=at.date().isoformat(),
        title="Lands",
        network=of,
        regions=[RegionGiven(name, f"Land of {name}") for name in codes],
        source="own table",
        in_force_from=date(2020, 1, 1),
        by=OPERATOR,
        at=at,
    )
