"""Files of the yearly count: its report, and for a seat the openings of the seals that it counted."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from comity.engagements import access, yearly
from comity.engagements.models import Engagement
from comity.plain.actors import require
from comity.plain.place import Place, place_of
from comity.plain.refs import Ref
from comity.plain.refusals import NotVisible
from comity.record.openings import lines
from comity.visibility.queries import protections_read

APPROVED, FLAGGED = yearly.PROTECTING


@require_safe
def report_file(request: HttpRequest, year: int) -> HttpResponse:
    """The count of a year as CSV, byte for byte as it was published."""
    place = place_of(request)
    found = yearly.latest(place.realm, year, place.at)
    if found is None or found.report is None:
        raise NotVisible(year=year)
    answered = HttpResponse(found.report, content_type="text/csv; charset=utf-8")
    answered.headers["Content-Disposition"] = f'attachment; filename="withheld-{year}.csv"'
    return answered


@never_cache
@require_safe
def openings_file(request: HttpRequest) -> HttpResponse:
    """The openings of the counted seals of what the reader's seat may know, for the verifier on her own machine."""
    place = place_of(request)
    require(access.may_open_seals(place.actor, place.at))
    body = b"".join(line for _index, line in sorted(openings(place)))
    answered = HttpResponse(body, content_type="application/jsonl; charset=utf-8")
    answered.headers["Content-Disposition"] = 'attachment; filename="openings.jsonl"'
    return answered


def openings(place: Place) -> Iterator[tuple[int, bytes]]:
    """The openings for the reader of a place: (index, line).

    Of meetings that she may see, that they were convened; of protections that her organisation asked for or decides,
    that they were approved; of her own organisation's meetings, that they were flagged. Of a protected meeting that she
    may not see its protection alone is opened: what it was convened because of would tell what it is about.
    """
    for type, subjects in _subjects(place).items():
        yield from lines(place.realm, type, [Ref("engagement", one) for one in subjects], ("network",))


def _subjects(place: Place) -> dict[str, set[str]]:
    """The public ids of the meetings, by the type of entry that is opened of them."""
    rows = Engagement.objects.in_realm(place.realm)
    own = rows.filter(originator__public_id=place.actor.organisation)
    return {
        yearly.CONVENED: set(rows.visible_to(place.actor, place.at).values_list("public_id", flat=True)),
        APPROVED: set(protections_read("engagement", place.realm, place.actor).values_list("thing", flat=True)),
        FLAGGED: set(own.values_list("public_id", flat=True)),
    }
