"""Where an international's own rule says that its members belong to no other: a warning, never a bar.

Only internationals are compared with internationals. Agreements, coalitions and other networks tie parties of different
families, and no rule of this house minds that.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from comity.plain.actors import ActorKind
from comity.plain.blocks import Block
from comity.plain.cautions import Caution
from comity.plain.kinds import called, kind_of_row
from comity.plain.place import Place
from comity.registry.models import LinkKind, NetworkKind, Organisation
from comity.registry.queries import links_on
from comity.rules import queries, words
from comity.rules.core import Exclusivity
from comity.rules.models import RuleVersion


@dataclass(frozen=True)
class Clash:
    """One network whose rule excludes another, of both of which an organisation is a member, or would be."""

    network: Organisation
    other: Organisation
    version: RuleVersion
    article: str


def internationals_of(organisation: Organisation, place: Place) -> list[Organisation]:
    """The internationals of which an organisation surely is a member on the page's day, as this reader may know."""
    tied = links_on(organisation, place.as_of, known_by=place.known_by, actor=place.actor, kinds=[LinkKind.MEMBERSHIP])
    networks = (view.other for view in tied.in_force if view.outward)
    return [network for network in networks if network.network_kind == NetworkKind.INTERNATIONAL]


def clashes(networks: Iterable[Organisation], place: Place, *, joining: Organisation | None = None) -> list[Clash]:
    """Which of these internationals excludes which other by its own rule; with ``joining`` only what concerns it."""
    every = list({network.pk: network for network in networks}.values())
    return [
        clash
        for network in every
        for clash in _of(network, every, place)
        if joining in {None, clash.network, clash.other}
    ]


def _of(network: Organisation, every: list[Organisation], place: Place) -> Iterator[Clash]:
    found = _rule_of(network, place) if len(every) > 1 else None
    if found is None:
        return
    version, rule = found
    for other in every:
        if other.pk != network.pk and other.public_id not in rule.excepted:
            yield Clash(network, other, version, rule.article)


def _rule_of(network: Organisation, place: Place) -> tuple[RuleVersion, Exclusivity] | None:
    """The rule of a network by which its members belong to no other; asked once, however many members are stated."""
    asked = ("exclusivity", network.pk)
    if asked not in place.memory:
        place.memory[asked] = queries.exclusivity_on(network, place.as_of, place.known_by)
    found: tuple[RuleVersion, Exclusivity] | None = place.memory[asked]
    return found


def _any_rule(place: Place) -> bool:
    """Whether any network says so at all: where none does, an import asks nothing of each of its rows."""
    if "exclusivity" not in place.memory:
        versions = RuleVersion.objects.in_realm(place.realm).filter(parameters__has_key="exclusive")
        place.memory["exclusivity"] = versions.exists()
    return bool(place.memory["exclusivity"])


def before_membership(organisation: Organisation, network: Organisation, place: Place) -> Iterator[Caution]:
    """What to know before an organisation's membership of a network is stated."""
    if network.network_kind != NetworkKind.INTERNATIONAL or not _any_rule(place):
        return
    for clash in clashes([network, *internationals_of(organisation, place)], place, joining=network):
        told = words.caution(clash.version, clash.article, **_named(clash, organisation, place))
        kind = kind_of_row(clash.version)
        assert kind is not None, "a rule is of a declared kind"
        yield Caution(told, kind.address(clash.version, place.language))


def on_organisation(organisation: Organisation, place: Place) -> Iterator[Block]:
    """On an organisation's page, for its own seats, those of the networks concerned and operators: what a rule says."""
    if place.actor.kind not in {ActorKind.SEAT, ActorKind.OPERATOR}:
        return
    networks = internationals_of(organisation, place)
    concerned = {organisation.public_id, *(network.public_id for network in networks)}
    if place.actor.kind is ActorKind.SEAT and place.actor.organisation not in concerned:
        return
    found = clashes(networks, place)
    told = [(words.clash(one.version, **_named(one, organisation, place)), one.version) for one in found]
    if told:
        yield Block("rules/block_exclusivity.html", {"told": told})


def _named(clash: Clash, organisation: Organisation, place: Place) -> dict[str, str]:
    rows = {"member": organisation, "network": clash.network, "other": clash.other}
    return {name: called(row, place).words for name, row in rows.items()}
