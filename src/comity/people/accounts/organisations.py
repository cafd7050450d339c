"""The pages between this house and an organisation's identity provider."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from comity.people import access
from comity.people.accounts import limits
from comity.people.accounts.actions import attempts, ways_in
from comity.people.accounts.edges import enter, present
from comity.people.accounts.identity import (
    ActsForOthersToo,
    NotInvited,
    brought_back,
    person_of,
    provider_named,
    way_there,
)
from comity.people.accounts.proofs import Proof
from comity.people.models import Person
from comity.people.queries import operator, seats_in_force
from comity.plain.levels import Realm
from comity.plain.place import place_of


@never_cache
@require_GET
def there(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Lead to the identity provider of an organisation."""
    provider = provider_named(provider_id)
    attempts.count(limits.PROVIDER_SOURCE, limits.source_of(request), at=present())
    return way_there(request, provider, place_of(request).prefix)


@never_cache
@require_GET
def back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Come back with the provider's word; it opens the seats of those who act for its organisation alone."""
    provider, at = provider_named(provider_id), present()
    claims, prefix = brought_back(request, provider)
    person = person_of(provider, claims)
    if not _has_seat(person, provider.organisation, at):
        raise NotInvited()
    if not access.acts_for_alone(person, provider.organisation, at):
        raise ActsForOthersToo()
    ways_in.tie_identity(person, provider=provider.id, subject=claims.subject, by=operator(person), at=at)
    enter(request, person, Proof.ORGANISATION, provider.organisation)
    return redirect(f"{prefix}/seats")


def _has_seat(person: Person, organisation: str, at: datetime) -> bool:
    return any(seat.organisation.public_id == organisation for seat in seats_in_force(person, at, Realm.REAL))
