"""The published log's files as any web server would give them: tiles, bundles, proofs, keys and policy."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from comity.plain.place import place_of
from comity.plain.refusals import NotVisible
from comity.record import published
from comity.record.core.notes import Malformed
from comity.record.core.tiles import TileName

TEXT, BYTES = "text/plain; charset=utf-8", "application/octet-stream"
FOR_EVER = "public, max-age=31536000, immutable"
FOR_SECONDS = "public, max-age=3"
FOR_A_MINUTE = "public, max-age=60"


@require_safe
def checkpoint(request: HttpRequest, ended: int | None = None) -> HttpResponse:
    """The signed checkpoint in its place; with a number that of a log which has ended, as all that follows."""
    return _given(published.checkpoint(place_of(request).realm, ended), TEXT, FOR_SECONDS)


@require_safe
def tile(request: HttpRequest, rest: str, ended: int | None = None) -> HttpResponse:
    """A tile or a bundle of entries; a partial one may be gone once the full one stands: then ask for that."""
    try:
        content = published.tile(place_of(request).realm, TileName.parse(f"tile/{rest}"), ended)
    except (LookupError, Malformed) as error:
        raise NotVisible(file=f"tile/{rest[:100]}") from error
    return _given(content, BYTES, FOR_EVER)


@require_safe
def proof(request: HttpRequest, index: int) -> HttpResponse:
    """The way of one entry to the published checkpoint, as a C2SP tlog-proof."""
    return _given(bytes(published.proof(place_of(request).realm, index)), TEXT, FOR_SECONDS)


@require_safe
def policy(request: HttpRequest, ended: int | None = None) -> HttpResponse:
    """Who must cosign a checkpoint, as a C2SP tlog-policy."""
    return _given(published.file(place_of(request).realm, published.POLICY, ended), TEXT, FOR_A_MINUTE)


@require_safe
def vkeys(request: HttpRequest, ended: int | None = None) -> HttpResponse:
    """The key of the log, then those of its witnesses, one a line."""
    return _given(published.file(place_of(request).realm, published.VKEYS, ended), TEXT, FOR_A_MINUTE)


@require_safe
def controllers(request: HttpRequest, ended: int | None = None) -> HttpResponse:
    """Who runs each witness, in words, as the operator says it."""
    return _given(published.file(place_of(request).realm, published.CONTROLLERS, ended), TEXT, FOR_A_MINUTE)


def _given(content: bytes | None, content_type: str, kept: str) -> HttpResponse:
    if content is None:
        raise NotVisible
    return HttpResponse(content, content_type=content_type, headers={"Cache-Control": kept})
