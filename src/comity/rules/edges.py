"""What pages and API of this room, and of those above, begin with: a network and its organ."""

from comity.plain.place import Place
from comity.plain.refusals import NotVisible
from comity.registry.models import Organ, Organisation, OrganisationKind


def network_named(place: Place, public_id: str) -> Organisation:
    """A network that the reader may see; refuse as not visible otherwise."""
    rows = Organisation.objects.visible_to(place.actor, place.at).in_realm(place.realm)
    network = rows.filter(kind=OrganisationKind.NETWORK, public_id=public_id).first()
    if network is None:
        raise NotVisible(kind="network")
    return network


def organ_named(network: Organisation, public_id: str) -> Organ | None:
    """An organ of a network; None for the network as a whole."""
    if not public_id:
        return None
    organ = network.organs.filter(public_id=public_id).first()
    if organ is None:
        raise NotVisible(kind="organ")
    return organ
