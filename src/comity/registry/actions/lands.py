"""A network's organs, what it calls territories, and dated divisions of the world."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from comity.plain.actors import ActorRef, require
from comity.plain.levels import Realm
from comity.plain.refs import Ref
from comity.record import actions as record
from comity.registry import access
from comity.registry.actions.checks import fit, one_of, ref_of, require_network
from comity.registry.core import refusals
from comity.registry.core.names import require_honest
from comity.registry.models import NamingNote, Organ, Organisation, Region, RegionScheme, partial


@dataclass(frozen=True)
class RegionGiven:
    """A region of a scheme to be adopted; ``parent`` is the code of another region of the same scheme."""

    code: str
    label: str
    kind: str = "country"
    alpha2: str = ""
    parent: str = ""
    valid_from: str = ""
    valid_to: str = ""
    source: str = ""
    footnote: str = ""


@transaction.atomic
def establish_organ(*, network: Organisation, name: str, by: ActorRef, at: datetime) -> Organ:
    """Establish an organ of a network: congress, council, bureau."""
    require(access.may_write_network(by, network))
    require_network(network)
    if not name.strip():
        raise refusals.NoName(name=name)
    require_honest(name)
    if Organ.objects.filter(network=network, name=name).exists():
        raise refusals.DuplicateOrgan(network=network.name, name=name)
    organ = Organ(network=network, name=name, recorded_at=at)
    fit(organ)
    organ.save(force_insert=True)
    record.append(
        "registry.organ_established",
        realm=Realm(network.realm),
        subject=Ref("organ", organ.public_id),
        by=by,
        at=at,
        facts={"network": network.public_id, "name": name},
    )
    return organ


@transaction.atomic
def name_territory(
    *,
    network: Organisation,
    code: str,
    label: str,
    footnote: str = "",
    basis: str = "",
    from_day: date,
    by: ActorRef,
    at: datetime,
) -> NamingNote:
    """Decide how a network names a territory, with its footnote. No list of the house limits the codes it may name."""
    require(access.may_write_network(by, network))
    require_network(network)
    require_honest(label, "label")
    if not code.strip() or not label.strip():
        raise refusals.NoName(code=code, name=label)
    if NamingNote.objects.filter(network=network, code=code, in_force_from=from_day).exists():
        raise refusals.NamedThatDayAlready(code=code, day=from_day.isoformat())
    note = NamingNote(
        network=network,
        code=code,
        label=label,
        footnote=footnote,
        basis=basis,
        in_force_from=from_day,
        recorded_at=at,
    )
    fit(note)
    note.save(force_insert=True)
    record.append(
        "registry.territory_named",
        realm=Realm(network.realm),
        subject=ref_of(network),
        by=by,
        at=at,
        facts={
            "code": code,
            "label": label,
            "footnote": footnote,
            "basis": basis,
            "in_force_from": from_day.isoformat(),
        },
    )
    return note


@transaction.atomic
def adopt_region_scheme(
    *,
    code: str,
    version: str,
    title: str,
    regions: Iterable[RegionGiven],
    source: str,
    in_force_from: date,
    network: Organisation | None = None,
    licence: str = "",
    by: ActorRef,
    at: datetime,
) -> RegionScheme:
    """Adopt a dated division of the world, of the house or of a network; a change is a new version, never an edit."""
    require(access.may_write_registry(by) if network is None else access.may_write_network(by, network))
    if network is not None:
        require_network(network)
    if RegionScheme.objects.filter(code=code, version=version).exists():
        raise refusals.SchemeStandsAlready(code=code, version=version)
    given = list(regions)
    codes = [region.code for region in given]
    if twice := sorted({name for name in codes if codes.count(name) > 1}):
        raise refusals.DuplicateRegion(code=twice[0])
    require_honest(title, "title")
    scheme = RegionScheme(
        code=code,
        version=version,
        title=title,
        network=network,
        in_force_from=in_force_from,
        source=source,
        licence=licence,
    )
    fit(scheme)
    scheme.save(force_insert=True)
    _write_regions(scheme, given)
    record.append(
        "registry.region_scheme_adopted",
        realm=Realm(network.realm) if network else Realm.REAL,
        subject=Ref("region-scheme", scheme.public_id),
        by=by,
        at=at,
        facts={"code": code, "version": version, "title": title, "regions": len(given), "source": source},
    )
    return scheme


def _write_regions(scheme: RegionScheme, given: Sequence[RegionGiven]) -> None:
    for region in given:
        one_of(region.kind, ("country", "area"), "kind")
        if not region.code.strip() or not region.label.strip():
            raise refusals.NoName(code=region.code, name=region.label)
        require_honest(region.label, "label")
        partial(region.valid_from)
        partial(region.valid_to)
    rows = {
        region.code: Region(
            scheme=scheme,
            code=region.code,
            alpha2=region.alpha2,
            label=region.label,
            kind=region.kind,
            valid_from=region.valid_from,
            valid_to=region.valid_to,
            source=region.source,
            footnote=region.footnote,
        )
        for region in given
    }
    fit(*rows.values())
    Region.objects.bulk_create(rows.values())
    for region in given:
        if region.parent:
            if region.parent not in rows:
                raise refusals.NoSuchCountry(country=region.parent, remedy="name the parent in the same scheme")
            rows[region.code].parent = rows[region.parent]
    Region.objects.bulk_update(rows.values(), ["parent"], batch_size=200)
