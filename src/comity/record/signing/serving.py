"""Keys and signatures as files for machines: what ``ssh-keygen -Y verify`` asks for."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from comity.plain.place import place_of
from comity.plain.refusals import NotVisible
from comity.record.signing import queries

TEXT = "text/plain; charset=utf-8"
FOR_A_MINUTE = "public, max-age=60"


@require_safe
def allowed_signers(request: HttpRequest) -> HttpResponse:
    """The keys with which organisations sign, and when each was good."""
    place = place_of(request)
    return _given(queries.allowed_signers(place.realm, place.at).encode())


@require_safe
def signed_file(request: HttpRequest, name: str) -> HttpResponse:
    """A paper that was signed, or a signature, by its SHA-256."""
    place = place_of(request)
    content = queries.signed_file(name, place.realm, place.at)
    if content is None:
        raise NotVisible(file=f"{queries.SIGNATURES}/{name[:80]}")
    return _given(content)


def _given(content: bytes) -> HttpResponse:
    return HttpResponse(content, content_type=TEXT, headers={"Cache-Control": FOR_A_MINUTE})
