"""The public thing of this room: one dated version of a rule. And the act it puts on a secretariat's desk."""

from datetime import datetime

from django.utils.translation import gettext as _in_words
from django.utils.translation import gettext_lazy as _

from comity.people.desk import Act, offer
from comity.people.models import Role, Seat
from comity.plain.actors import ActorRef
from comity.plain.blocks import block_on
from comity.plain.cautions import caution_before
from comity.plain.findings import tell
from comity.plain.kinds import Exit, Kind, called, declare
from comity.plain.levels import Realm
from comity.plain.place import Place
from comity.plain.topics import Filed
from comity.registry.dates import day_in_words
from comity.registry.edges import here
from comity.rules import exclusivity
from comity.rules.models import RuleVersion, RuleVersionQuerySet
from comity.rules.sheet import ON_NETWORK


def _visible(actor: ActorRef, at: datetime, realm: Realm) -> RuleVersionQuerySet:
    rows = RuleVersion.objects.visible_to(actor, at).in_realm(realm)
    return rows.select_related("document__network", "document__organ")


RULE = declare(
    Kind(
        name="rule",
        model=RuleVersion,
        title=lambda row: row.document.title,
        visible=_visible,
        realm_of=lambda row: Realm(row.document.network.realm),
        exits=frozenset({Exit.PAGE, Exit.LIST, Exit.API, Exit.FEED, Exit.SITEMAP, Exit.PREVIEW, Exit.METADATA}),
        dated=lambda row: (row.in_force_from, row.in_force_from),
        filed=Filed(always=("parties",), why="A rule is about how a network and its parties are organised."),
        language_of=lambda row: row.prose[0]["language"] if row.prose else "",
    )
)


def _own_rules(place: Place, seat: Seat | None) -> str:
    assert seat is not None
    return here(place, "rule-adopt", network_id=seat.organisation.public_id)


offer(Act(_("Enter a rule that an organ adopted"), _own_rules, frozenset({Role.SECRETARIAT}), of_networks=True))
block_on("network", ON_NETWORK)
block_on("organisation", exclusivity.on_organisation)
caution_before("membership", exclusivity.before_membership)


def _rule_told(version: RuleVersion, place: Place) -> str:
    told = {
        "n": version.number,
        "network": called(version.document.network, place).words,
        "organ": version.adopted_by,
        "day": day_in_words(version.in_force_from),
    }
    return _in_words("Version %(n)d, a rule of %(network)s adopted by %(organ)s, in force from %(day)s.") % told


tell("rule", _rule_told)
