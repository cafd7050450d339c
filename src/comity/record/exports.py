"""The record's files that are made when they are asked for: what anybody may read at that instant, and whole copies."""

import hashlib

from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from comity.plain.levels import Realm
from comity.plain.place import place_of
from comity.plain.refusals import NotVisible
from comity.record import published
from comity.record.copies import disclosure_lines, head_of, tag_of, zipped
from comity.record.core.copy import BESIDE, CHECKPOINT, DISCLOSURES
from comity.record.core.packing import in_pieces

TEXT, JSON_LINES = "text/plain; charset=utf-8", "application/jsonl; charset=utf-8"
FILES = (
    CHECKPOINT,
    "tile/<level>/<number>",
    "tile/entries/<number>",
    DISCLOSURES,
    *BESIDE,
    "proof/<index>.tlog-proof",
    "disclosed/<index>.json",
    "evidence/<index>.zip",
    "copy.zip",
    "comity_verify.py",
)


def contents(request: HttpRequest) -> HttpResponse:
    """The foot of the files: a list for machines; people are led to the page of the record."""
    place = place_of(request)
    if "text/html" in request.headers.get("Accept", ""):
        return redirect(f"{place.prefix}/record/")
    return HttpResponse("".join(f"{name}\n" for name in FILES), content_type=TEXT)


def _size(request: HttpRequest) -> int:
    """How many entries are asked for: ``?size=N`` gives the values as of an earlier checkpoint."""
    head = published.head(place_of(request).realm)
    size = head.checkpoint.size if head else 0
    asked = request.GET.get("size", "")
    return min(size, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 16 else size


def of_its_bytes(request: HttpRequest, content: bytes, content_type: str) -> HttpResponseBase:
    """A file whose bytes depend on who may read what at this moment: asked anew each time, named by its own digest."""
    tag = hashlib.sha256(content).hexdigest()[:32]
    return named_by(request, tag, HttpResponse(content, content_type=content_type))


def named_by(request: HttpRequest, tag: str, answered: HttpResponseBase) -> HttpResponseBase:
    """An answer that is asked anew each time, and not sent again to whoever holds what bears this tag."""
    told = {"Cache-Control": "no-cache", "ETag": f'"{tag}"'}
    unchanged = get_conditional_response(request, etag=told["ETag"])
    given = answered if unchanged is None else unchanged
    for name, value in told.items():
        given.headers[name] = value
    return given


@require_safe
def disclosures_file(request: HttpRequest) -> HttpResponseBase:
    """The values of public entries with their salts; erased ones are absent, withheld ones named."""
    place, size, digest = place_of(request), _size(request), hashlib.sha256()
    for line in disclosure_lines(place.realm, size, place.at):
        digest.update(line)
    lines = disclosure_lines(place.realm, size, place.at) if request.method == "GET" else iter(())
    answered = StreamingHttpResponse(in_pieces(lines), content_type=JSON_LINES)
    return named_by(request, digest.hexdigest()[:32], answered)


@require_safe
def copy_file(request: HttpRequest) -> HttpResponseBase:
    """The whole copy as a zip, made while it is sent."""
    place = place_of(request)
    name = "fiction-record" if place.realm is Realm.FICTION else "record"
    head = head_of(place.realm)
    pieces = zipped(place.realm, head, name, place.at) if request.method == "GET" else ()
    answered = StreamingHttpResponse(pieces, content_type="application/zip")
    answered.headers["Content-Disposition"] = f'attachment; filename="{name}.zip"'
    return named_by(request, tag_of(place.realm, head, place.at), answered)


@require_safe
def verifier_file(request: HttpRequest) -> HttpResponse:
    """The stand-alone verifier; whoever trusts nothing takes it from elsewhere."""
    path = settings.CHECKOUT / "verify" / "comity_verify.py"
    if not path.is_file():
        raise NotVisible(file=path.name)
    return HttpResponse(path.read_bytes(), content_type="text/x-python; charset=utf-8")
