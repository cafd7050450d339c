"""What may be written in the registry. Facts about the real carry a source; nothing is overwritten without a trace."""

from comity.registry.actions.checks import BATCH
from comity.registry.actions.corrections import LONGEST_REPLY, decide_correction, propose_correction, reply
from comity.registry.actions.lands import RegionGiven, adopt_region_scheme, establish_organ, name_territory
from comity.registry.actions.organisations import Named, found_network, list_organisation, restate
from comity.registry.actions.sources import SourceGiven, cite, cite_many
from comity.registry.actions.ties import (
    change_standing,
    end_link,
    link,
    open_spell,
    record_lineage,
    restate_spell,
    state_spell,
)

__all__ = [
    "BATCH",
    "LONGEST_REPLY",
    "Named",
    "RegionGiven",
    "SourceGiven",
    "adopt_region_scheme",
    "change_standing",
    "cite",
    "cite_many",
    "decide_correction",
    "end_link",
    "establish_organ",
    "found_network",
    "link",
    "list_organisation",
    "name_territory",
    "open_spell",
    "propose_correction",
    "record_lineage",
    "reply",
    "restate",
    "restate_spell",
    "state_spell",
]
