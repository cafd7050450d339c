"""What pages of this room and of those above begin with: the governed thing that an address names."""

from typing import Any

from comity.people.queries import seat_in
from comity.plain.kinds import Kind, kind_named
from comity.plain.place import Place
from comity.plain.refusals import NotVisible
from comity.registry.models import Governed
from comity.visibility.access import LEVELS_OF
from comity.visibility.models import LinkReview, Protection


def governed_named(place: Place, kind_name: str, public_id: str) -> tuple[Kind, Governed]:
    """A governed thing that the reader may see, and its kind; refused as not visible otherwise."""
    kind = kind_named(kind_name)
    if kind is None or kind_name not in LEVELS_OF or not issubclass(kind.model, Governed):
        raise NotVisible(kind=kind_name)
    row = kind.one_of(kind.seen(place), public_id)
    assert isinstance(row, Governed)
    return kind, row


def own_thing(place: Place, kind_name: str, public_id: str) -> tuple[Kind, Governed]:
    """The same of the reader's own organisation: who else might decide about it is nobody else's to know."""
    kind, row = governed_named(place, kind_name, public_id)
    if row.originator.public_id != place.actor.organisation:
        raise NotVisible(kind=kind_name)
    return kind, row


def protection_named(place: Place, public_id: str) -> Protection:
    """A protection that the reader's organisation asked for or decides; refused as not visible otherwise."""
    rows = Protection.objects.select_related("network", "originator").filter(network__realm=place.realm)
    row = rows.filter(public_id=public_id).first()
    own = place.actor.organisation
    if row is None or not own or own not in {row.network.public_id, row.originator.public_id}:
        raise NotVisible(kind="protection")
    if seat_in(place) is None:
        raise NotVisible(kind="protection")
    return row


def reviews_of(place: Place) -> Any:
    """The safety reviews of links in a realm, with what their pages name."""
    rows = LinkReview.objects.filter(link__subject__realm=place.realm)
    return rows.select_related("link__subject", "link__object", "asked_for")
