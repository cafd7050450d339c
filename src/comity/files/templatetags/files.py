"""What stands on the pages of things: the files beside them."""

from typing import Any

from django import template
from django.template.context import RequestContext

from comity.files import access, queries, words
from comity.people.queries import seat_in
from comity.plain.kinds import kind_of_row
from comity.plain.place import Place

register = template.Library()


@register.inclusion_tag("files/beside.html", takes_context=True)
def files_beside(context: RequestContext, row: Any) -> dict[str, Any]:
    """The section of files beside a governed thing; nothing where none lies there and the reader may add none."""
    place, kind = context["place"], kind_of_row(row)
    assert isinstance(place, Place)
    assert kind is not None
    seat = seat_in(place) if place.today else None
    files = [(upload, words.TYPES[upload.file_type]) for upload in queries.beside(kind.ref(row), place)]
    may = seat is not None and access.may_upload(place.actor, place.at, seat.organisation, row.network, kind.ref(row))
    return {"files": files, "may_add": may, "ref": kind.ref(row), "place": place, "request": context["request"]}
