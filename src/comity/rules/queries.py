"""Which rule stood on a day, as it was known at an instant; what each class may do under it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from comity.plain.levels import Realm
from comity.registry.models import Organ, Organisation
from comity.rules import core
from comity.rules.models import RuleKind, RuleVersion, RuleVersionQuerySet


def version_on(
    network: Organisation, kind: str, day: date, organ: Organ | None = None, *, known_by: datetime | None = None
) -> RuleVersion | None:
    """The version in force on a day: the organ's own document first, then the network's; None where neither had one."""
    versions = RuleVersion.objects.select_related("document__network", "document__organ").filter(
        document__network=network, document__kind=kind, in_force_from__lte=day
    )
    if known_by is not None:
        versions = versions.filter(recorded_at__lte=known_by)
    versions = versions.order_by("-in_force_from")
    own = versions.filter(document__organ=organ).first() if organ is not None else None
    return own or versions.filter(document__organ=None).first()


def rights_on(
    network: Organisation, day: date, organ: Organ | None = None, *, known_by: datetime | None = None
) -> RuleVersion | None:
    """The version that says what each class may do: a rights document, else the standing orders that hold rights."""
    rights = version_on(network, RuleKind.RIGHTS, day, organ, known_by=known_by)
    if rights is not None:
        return rights
    orders = version_on(network, RuleKind.STANDING_ORDERS, day, organ, known_by=known_by)
    if orders is not None and not orders.parameters.get("rights"):
        orders = version_on(network, RuleKind.STANDING_ORDERS, day, known_by=known_by)
    return orders if orders is not None and orders.parameters.get("rights") else None


def history(
    network: Organisation, kind: str, organ: Organ | None = None, *, known_by: datetime | None = None
) -> list[RuleVersion]:
    """All versions of one document, oldest first."""
    versions = RuleVersion.objects.select_related("document__network", "document__organ").filter(
        document__network=network, document__kind=kind, document__organ=organ
    )
    if known_by is not None:
        versions = versions.filter(recorded_at__lte=known_by)
    return list(versions.order_by("in_force_from"))


@dataclass(frozen=True)
class Neighbours:
    """The versions before and after one."""

    previous: RuleVersion | None
    next: RuleVersion | None


def neighbours(version: RuleVersion, known_by: datetime) -> Neighbours:
    """The versions of the same document just before and just after."""
    others = RuleVersion.objects.select_related("document__network").filter(
        document=version.document_id, recorded_at__lte=known_by
    )
    return Neighbours(
        others.filter(in_force_from__lt=version.in_force_from).order_by("-in_force_from").first(),
        others.filter(in_force_from__gt=version.in_force_from).order_by("in_force_from").first(),
    )


@dataclass(frozen=True)
class RuleInForce:
    """One document and its version of the day, for the list of a network's rules."""

    version: RuleVersion
    until: date | None


def rights_among(in_force: Iterable[RuleVersion]) -> RuleVersion | None:
    """Of a network's versions in force, the one that gives each class its rights; as ``rights_on`` without an organ."""
    own = {version.document.kind: version for version in in_force if version.document.organ_id is None}
    orders = own.get(RuleKind.STANDING_ORDERS)
    return own.get(RuleKind.RIGHTS) or (orders if orders is not None and orders.parameters.get("rights") else None)


def rules_in_force(network: Organisation, day: date, known_by: datetime) -> list[RuleInForce]:
    """The same versions, each with its last day."""
    versions = versions_in_force(network, day, known_by)
    return [RuleInForce(version, version.in_force_until_known(known_by)) for version in versions]


def versions_in_force(network: Organisation, day: date, known_by: datetime) -> list[RuleVersion]:
    """Each document's version of the day: the network's own first, then by organ."""
    return newest_of_each(begun(network, day, known_by))


def begun(network: Organisation, day: date, known_by: datetime) -> RuleVersionQuerySet:
    """The versions of a network's rules that had begun on a day, as known at an instant."""
    rows = RuleVersion.objects.filter(document__network=network, in_force_from__lte=day, recorded_at__lte=known_by)
    return rows.select_related("document__network", "document__organ")


def newest_of_each(versions: Iterable[RuleVersion]) -> list[RuleVersion]:
    """The last of each document: the network's own first, then by organ."""
    first = {version.document_id: version for version in sorted(versions, key=lambda one: one.in_force_from)}
    return sorted(first.values(), key=lambda version: (version.document.organ is not None, version.document.pk))


def networks_with_rules(realm: Realm, known_by: datetime) -> list[Organisation]:
    """Networks of a realm that have entered rules."""
    networks = Organisation.objects.in_realm(realm).filter(rule_documents__versions__recorded_at__lte=known_by)
    return list(networks.distinct().order_by("name"))


@dataclass(frozen=True)
class ClassRow:
    """One class of a rights matrix."""

    member_class: str
    may: frozenset[core.Right]
    must: tuple[str, ...]
    article: str


@dataclass(frozen=True)
class Matrix:
    """Who may do what in an organ on a day, and which version says so."""

    version: RuleVersion
    rows: list[ClassRow]

    def may(self, member_class: str, right: core.Right) -> core.RightAnswer:
        """Whether a class holds a right, and why."""
        return core.answer(core.parse_parameters(self.version.parameters), member_class, right)


def matrix_of(version: RuleVersion) -> Matrix | None:
    """The rights that one version gives; None where it speaks of none."""
    if not version.parameters.get("rights"):
        return None
    rights = core.parse_parameters(version.parameters).rights
    return Matrix(version, [ClassRow(name, held.may, held.must, held.article) for name, held in rights.items()])


def matrix_on(
    network: Organisation, day: date, organ: Organ | None = None, *, known_by: datetime | None = None
) -> Matrix | None:
    """The rights of all classes on a day; None where no rule says."""
    version = rights_on(network, day, organ, known_by=known_by)
    return matrix_of(version) if version is not None else None


def exclusivity_on(network: Organisation, day: date, known_by: datetime) -> tuple[RuleVersion, core.Exclusivity] | None:
    """The version in force by which members of a network belong to no other one; None where no rule says so."""
    for kind in (RuleKind.RIGHTS, RuleKind.STANDING_ORDERS):
        version = version_on(network, kind, day, known_by=known_by)
        rule = core.parse_parameters(version.parameters).exclusive if version is not None else None
        if version is not None and rule is not None:
            return version, rule
    return None
