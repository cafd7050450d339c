"""The record's files that are made when they are asked for: what anybody may read at that instant, and whole copies."""

import hashlib

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from comity.plain.levels import Realm
from comity.plain.place import place_of
from comity.plain.refusals import NotVisible
from comity.record import published
from comity.record.copies import disclosure_lines, zipped
from comity.record.core.copy import BESIDE, CHECKPOINT, DISCLOSURES

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


def of_its_bytes(request: HttpRequest, content: bytes, content_type: str) -> HttpResponse:
    """A file whose bytes depend on who may read what at this moment: asked anew each time, named by its own digest."""
    answered = HttpResponse(content, content_type=content_type)
    answered.headers["Cache-Control"] = "no-cache"
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    answered.headers["ETag"] = tag
    unchanged = get_conditional_response(request, etag=tag, response=answered)
    assert isinstance(unchanged, HttpResponse)
    return unchanged


@require_safe
def disclosures_file(request: HttpRequest) -> HttpResponse:
    """The values of public entries with their salts; erased ones are absent, withheld ones named."""
    place = place_of(request)
    return of_its_bytes(request, disclosure_lines(place.realm, _size(request), place.at), JSON_LINES)


@require_safe
def copy_file(request: HttpRequest) -> HttpResponse:
    """The whole copy as a zip."""
    place = place_of(request)
    name = "fiction-record" if place.realm is Realm.FICTION else "record"
    answered = of_its_bytes(request, zipped(place.realm, name, place.at), "application/zip")
    answered.headers["Content-Disposition"] = f'attachment; filename="{name}.zip"'
    return answered


@require_safe
def verifier_file(request: HttpRequest) -> HttpResponse:
    """The stand-alone verifier; whoever trusts nothing takes it from elsewhere."""
    path = settings.CHECKOUT / "verify" / "comity_verify.py"
    if not path.is_file():
        raise NotVisible(file=path.name)
    return HttpResponse(path.read_bytes(), content_type="text/x-python; charset=utf-8")
