"""The public things of this room: networks, and all other organisations."""

from datetime import datetime

from comity.plain.actors import ActorRef
from comity.plain.kinds import Exit, Kind, call_by, declare
from comity.plain.levels import Realm
from comity.registry.models import Organisation, OrganisationKind, OrganisationQuerySet
from comity.registry.queries import name_for

EXITS = frozenset({Exit.PAGE, Exit.LIST, Exit.API, Exit.SEARCH, Exit.FEED, Exit.EXPORT})


def _organisations(actor: ActorRef, at: datetime, realm: Realm) -> OrganisationQuerySet:
    return Organisation.objects.visible_to(actor, at).in_realm(realm).exclude(kind=OrganisationKind.NETWORK)


def _networks(actor: ActorRef, at: datetime, realm: Realm) -> OrganisationQuerySet:
    return Organisation.objects.visible_to(actor, at).in_realm(realm).filter(kind=OrganisationKind.NETWORK)


ORGANISATION = declare(
    Kind(
        name="organisation",
        model=Organisation,
        title=lambda row: row.name,
        visible=_organisations,
        realm_of=lambda row: Realm(row.realm),
        exits=EXITS,
        language_of=lambda row: row.name_language,
    )
)
NETWORK = declare(
    Kind(
        name="network",
        model=Organisation,
        title=lambda row: row.name,
        visible=_networks,
        realm_of=lambda row: Realm(row.realm),
        exits=EXITS,
        language_of=lambda row: row.name_language,
        record_kind="organisation",
    )
)

call_by("organisation", name_for)
call_by("network", name_for)
