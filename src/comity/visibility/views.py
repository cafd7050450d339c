"""The pages of visibility that are read: who reads a thing, what awaits a second person, a network's defaults."""

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from comity.people.queries import seat_in
from comity.plain.actors import ActorKind
from comity.plain.levels import Level
from comity.plain.place import Place, place_of
from comity.plain.refusals import NotVisible
from comity.registry.edges import network_named
from comity.registry.models import Governed, Link, Organisation
from comity.visibility import access
from comity.visibility.edges import governed_named, reviews_of
from comity.visibility.models import LinkReview, Protection
from comity.visibility.queries import changes_of, defaults_of, policy


@require_safe
def thing(request: HttpRequest, kind: str, public_id: str) -> HttpResponse:
    """Who reads one thing; to its originator also what was decided about it, and the acts."""
    place = place_of(request)
    of_kind, row = governed_named(place, kind, public_id)
    ref = of_kind.ref(row)
    own = row.originator.public_id == place.actor.organisation
    protections = Protection.objects.filter(kind=ref.kind, thing=ref.id).order_by("-asked_at")
    context = {
        "row": row,
        "kind": kind,
        "own": own,
        "may": _may(place, row, kind) if own else {},
        "protectable": kind in access.PROTECTABLE,
        "protections": protections if own else [],
        "changes": changes_of(ref.kind, ref.id) if own else [],
    }
    return render(request, "visibility/thing.html", context)


def _may(place: Place, row: Governed, kind: str) -> dict[str, bool]:
    speaks = bool(access.may_change(place.actor, place.at, row))
    return {
        "change": speaks,
        "flag": not row.safety_flag and bool(access.may_raise_flag(place.actor, place.at, row)),
        "unflag": row.safety_flag and speaks,
        "protect": speaks and kind in access.PROTECTABLE and row.entered_as(place.at) != Level.PUBLIC,
    }


@never_cache
@require_safe
def protections(request: HttpRequest) -> HttpResponse:
    """The protections that the reader's organisation asked for or decides."""
    place = place_of(request)
    seat = seat_in(place)
    if seat is None:
        raise NotVisible(kind="protection")
    rows = Protection.objects.filter(Q(network=seat.organisation) | Q(originator=seat.organisation))
    rows = rows.filter(network__realm=place.realm).select_related("network", "originator").order_by("-asked_at")
    told = [(row, row.state == "asked" and bool(access.may_decide_protection(place.actor, place.at, row)),
             row.state in {"asked", "approved"} and bool(access.may_lift_protection(place.actor, place.at, row)))
            for row in rows[:200]]  # fmt: skip
    return render(request, "visibility/protections.html", {"rows": told})


@require_safe
def network_policy(request: HttpRequest, public_id: str) -> HttpResponse:
    """What a network's forms begin with: its own defaults, then the house's."""
    place = place_of(request)
    network = network_named(place, public_id)
    may = place.actor.kind is ActorKind.SEAT and seat_in(place) is not None
    context = {
        "network": network,
        "own": defaults_of(network, place.known_by),
        "house": policy().values(),
        "may": may and bool(access.may_adopt_default(place.actor, place.at, network)),
    }
    return render(request, "visibility/policy.html", context)


@never_cache
@require_safe
def link_reviews(request: HttpRequest) -> HttpResponse:
    """The links of one's own organisation that may be hidden, those that are, and to a reviewer what awaits it."""
    place = place_of(request)
    seat = seat_in(place)
    registrar = place.actor.kind is ActorKind.OPERATOR
    if seat is None and not registrar:
        raise NotVisible(kind="link-review")
    rows = reviews_of(place).order_by("-asked_at")
    if seat is not None:
        rows = rows.filter(Q(link__subject=seat.organisation) | Q(link__object=seat.organisation))
    told = [(row, *_may_about(place, row)) for row in rows[:200]]
    context = {"rows": told, "links": _shown(seat.organisation) if seat else [], "registrar": registrar}
    return render(request, "visibility/links.html", context)


def _may_about(place: Place, row: LinkReview) -> tuple[bool, bool]:
    """Whether the reader reviews a hidden link, and whether it takes its own request back."""
    review = row.state == "open" and bool(access.may_review_link(place.actor, place.at, row))
    show = row.state in {"open", "hidden"} and place.actor.kind is ActorKind.SEAT
    return review, show and bool(access.may_show_link(place.actor, place.at, row))


def _shown(organisation: Organisation) -> list[Link]:
    rows = Link.objects.filter(Q(subject=organisation) | Q(object=organisation), hidden_at=None)
    return list(rows.select_related("subject", "object").order_by("object__name", "subject__name")[:500])
