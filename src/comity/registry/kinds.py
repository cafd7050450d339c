"""The public things of this room: networks, and all other organisations."""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.plain.actors import ANONYMOUS, ActorRef
from comity.plain.findings import tell
from comity.plain.kinds import Exit, Kind, call_by, called, declare
from comity.plain.levels import Realm
from comity.plain.place import Place
from comity.plain.readable import recorded_under
from comity.plain.topics import not_filed
from comity.registry.dates import day_in_words
from comity.registry.models import (
    Correction,
    Link,
    Organ,
    Organisation,
    OrganisationKind,
    OrganisationQuerySet,
    RegionScheme,
    Reply,
)
from comity.registry.queries import NAMING, LinksOn, links_on, members_on, name_for

EXITS = frozenset(
    {
        Exit.PAGE,
        Exit.LIST,
        Exit.API,
        Exit.SEARCH,
        Exit.SUGGESTION,
        Exit.FEED,
        Exit.EXPORT,
        Exit.SITEMAP,
        Exit.PREVIEW,
        Exit.METADATA,
    }
)
ACTORS = not_filed("It acts and is no act: its topics are those of what it convenes, writes and promises.")


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
        filed=ACTORS,
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
        filed=ACTORS,
        language_of=lambda row: row.name_language,
        record_kind="organisation",
    )
)


def _listed(at: datetime, realm: Realm) -> QuerySet[Organisation, Any]:
    return Organisation.objects.visible_to(ANONYMOUS, at).in_realm(realm).values("pk")


def _links(at: datetime, realm: Realm) -> QuerySet[Link]:
    """Links that no party had hidden, between organisations that anybody may read of."""
    listed = _listed(at, realm)
    return Link.objects.filter(hidden_at=None, subject__in=listed, object__in=listed)


def _schemes(at: datetime, realm: Realm) -> QuerySet[RegionScheme]:
    return RegionScheme.objects.filter(Q(network=None) | Q(network__in=_listed(at, realm)))


recorded_under("link", _links)
recorded_under("region-scheme", _schemes)
recorded_under("organ", lambda at, realm: Organ.objects.filter(network__in=_listed(at, realm)))
recorded_under("correction", lambda at, realm: Correction.objects.filter(organisation__in=_listed(at, realm)))
recorded_under("reply", lambda at, realm: Reply.objects.filter(organisation__in=_listed(at, realm)))

call_by("organisation", name_for, NAMING)
call_by("network", name_for, NAMING)


def _network_told(network: Organisation, place: Place) -> str:
    return members_told(members_on(network, place.as_of, place.known_by, actor=place.actor), place)


def members_told(members: LinksOn, place: Place) -> str:
    """How many members a network has on the page's day, in a sentence."""
    sure, unknown = len(members.in_force), len(members.date_unknown)
    told = {"n": sure, "unknown": unknown, "day": day_in_words(place.as_of)}
    if not unknown:
        one = ngettext("%(n)d member is in force on %(day)s.", "%(n)d members are in force on %(day)s.", sure)
        return one % told
    words = ngettext(
        "%(n)d member is in force on %(day)s; %(unknown)d more are stated without their dates.",
        "%(n)d members are in force on %(day)s; %(unknown)d more are stated without their dates.",
        sure,
    )
    return words % told


def _organisation_told(organisation: Organisation, place: Place) -> str:
    links = links_on(organisation, place.as_of, known_by=place.known_by, actor=place.actor)
    told = {
        "name": called(organisation, place, ORGANISATION).words,
        "day": day_in_words(place.as_of),
        "sure": len(links.in_force),
        "unknown": len(links.date_unknown),
        "ended": len(links.not_in_force),
    }
    return _("%(name)s: on %(day)s %(sure)d links in force, %(ended)d not in force, %(unknown)d without dates.") % told


tell("network", _network_told)
tell("organisation", _organisation_told)
