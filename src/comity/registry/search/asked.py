"""One question about organisations: a name, perhaps with its country, and what else narrows it down."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from comity.plain.actors import ActorRef
from comity.plain.levels import Realm
from comity.registry.core.search import WHOLE
from comity.registry.models import LinkKind, Organisation, OrganisationQuerySet, Spell, spells_in_force
from comity.registry.search.countries import in_country
from comity.registry.search.names import Hit, bearing


@dataclass(frozen=True)
class Asked:
    """What somebody looks for among organisations; empty fields narrow nothing."""

    words: str
    kind: str = ""
    """``OrganisationKind``, or "organisation" for all but networks."""
    country: str = ""
    network: str = ""
    """Public id of a network: only its members on that day."""
    dissolved: bool | None = None


def organisations_asked(asked: Asked, realm: Realm, actor: ActorRef, at: datetime) -> list[Hit]:
    """The organisations that bear what was asked, as far as the reader may see them, best first.

    First those that bear all of it as one name; then, where it ends or begins with a country, those of that country
    that bear the rest; then the others.
    """
    chosen = _chosen(asked, realm, actor, at)
    found = bearing(asked.words, chosen, realm, few=bool(asked.country or asked.network))
    there = None if asked.country else in_country(asked.words, realm, actor, at)
    if there is None or not there.words:
        return found
    bearers = [hit for hit in found if hit.near == WHOLE]
    inside = bearing(there.words, chosen.filter(country=there.country), realm, few=True)
    first: dict[int, Hit] = {}
    for hit in (*bearers, *inside, *found):
        first.setdefault(hit.organisation, hit)
    return list(first.values())


def _chosen(asked: Asked, realm: Realm, actor: ActorRef, at: datetime) -> OrganisationQuerySet:
    rows = Organisation.objects.visible_to(actor, at).in_realm(realm)
    if asked.kind:
        general = asked.kind == "organisation"
        rows = rows.exclude(kind="network") if general else rows.filter(kind=asked.kind)
    if asked.country:
        rows = rows.filter(country=asked.country)
    if asked.network:
        rows = rows.filter(pk__in=_members(asked.network, actor, at))
    if asked.dissolved is not None:
        gone = Q(dissolved__gt="", dissolved__lte=f"{at:%Y-%m-%d}")
        rows = rows.filter(gone) if asked.dissolved else rows.exclude(gone)
    return rows


def _members(network: str, actor: ActorRef, at: datetime) -> "QuerySet[Spell, Any]":
    """The members of a network on the day, sanctions left out; none of a network that the reader may not see."""
    seen = Organisation.objects.visible_to(actor, at).filter(public_id=network)
    spells = Spell.objects.filter(
        spells_in_force(at),
        link__kind=LinkKind.MEMBERSHIP,
        link__object__in=seen.values("pk"),
        link__hidden_at=None,
    )
    return spells.values("link__subject_id")
