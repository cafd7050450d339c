"""The published copy of a log: written to a folder, and audited from there or from an address with our own code."""

import hashlib
import urllib.error
import urllib.request
import zipfile
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.cache import get_conditional_response
from django.views.decorators.http import condition, require_safe

from comity.plain.levels import Realm
from comity.plain.place import place_of
from comity.plain.refusals import NotVisible, Refusal
from comity.record import queries
from comity.record.core import merkle
from comity.record.core.audit import Fault, audit, verdict
from comity.record.core.copy import (
    CHECKPOINT,
    DISCLOSURES,
    FILES,
    HASHES,
    LEAVES,
    Checkpoint,
    Copy,
    Unreadable,
    disclosure_line,
    hash_lines,
    read,
    read_hashes,
)

TEXT, JSON_LINES = "text/plain; charset=utf-8", "application/jsonl; charset=utf-8"
SECONDS = 60
LARGEST = 2**31
"""A file of a copy read from an address may have this many bytes."""


class NoCopy(Refusal):
    """A copy of a log is a folder or an address with checkpoint, leaves.jsonl, hashes.txt and disclosures.jsonl."""

    code = "no-copy"
    status = 422


def head_of(realm: Realm) -> Checkpoint:
    """The checkpoint of a realm's log; before its first entry that of an empty tree."""
    origin = settings.RECORD_ORIGIN_FICTION if realm is Realm.FICTION else settings.RECORD_ORIGIN
    return queries.checkpoint(realm) or Checkpoint(origin, 0, merkle.EMPTY_ROOT)


def leaf_lines(realm: Realm, size: int) -> bytes:
    """The text of ``leaves.jsonl`` for the first ``size`` entries."""
    return b"".join(leaf + b"\n" for leaf in queries.leaves(realm, size))


def disclosure_lines(realm: Realm, size: int, at: datetime) -> bytes:
    """The text of ``disclosures.jsonl`` for the first ``size`` entries, as anybody may read them at that instant."""
    told = queries.given_all(realm, size, at)
    return b"".join(disclosure_line(index, given.fields, given.withheld) for index, given in told)


def files_of(realm: Realm, at: datetime) -> dict[str, bytes]:
    """The four files of a realm's copy, all of one checkpoint, with what anybody may read at that instant."""
    head = head_of(realm)
    return {
        CHECKPOINT: head.body(),
        LEAVES: leaf_lines(realm, head.size),
        HASHES: hash_lines(queries.hashes(realm, head.size)),
        DISCLOSURES: disclosure_lines(realm, head.size, at),
    }


def write_copy(realm: Realm, folder: Path, *, at: datetime) -> Checkpoint:
    """Write the realm's copy into a folder, made if needed; return the checkpoint it stands for.

    It discloses what anybody may read at that instant. A copy that has left cannot be recalled.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = files_of(realm, at)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return Checkpoint.parse(files[CHECKPOINT])


def zipped(realm: Realm, folder: str, at: datetime) -> bytes:
    """The copy of an instant as one zip with its files in ``folder``."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files_of(realm, at).items():
            archive.writestr(zipfile.ZipInfo(f"{folder}/{name}"), content, zipfile.ZIP_DEFLATED)  # no day of its own
    return packed.getvalue()


def read_copy(place: str | Path) -> Copy:
    """Read a copy from a folder or an http address; raise NoCopy, or Unreadable on a bad checkpoint."""
    if not str(place).startswith(("http://", "https://")):
        return read(*(_from_folder(str(place), name) for name in FILES))
    body = _from_address(str(place), CHECKPOINT)
    size = Checkpoint.parse(body).size
    return read(body, *(_from_address(str(place), f"{name}?size={size}") for name in FILES[1:]))


def verify_copy(place: str | Path, *, trusted: Sequence[Path] = ()) -> list[Fault]:
    """Everything wrong with a copy; ``trusted`` are checkpoints or lists of fingerprints kept from earlier."""
    return audit(read_copy(place), *kept_from_earlier(trusted))


def answer(place: str | Path, *, trusted: Sequence[Path] = ()) -> tuple[bool, list[str]]:
    """The answer on a copy as the command line prints it: whether it stands, and the lines."""
    try:
        copy = read_copy(place)
        faults = audit(copy, *kept_from_earlier(trusted))
    except Unreadable as error:
        return False, [f"no: {error}"]
    return not faults, verdict(copy, faults)


def kept_from_earlier(files: Sequence[Path]) -> tuple[list[Checkpoint], list[list[bytes]]]:
    """Read checkpoints and lists of fingerprints that an auditor kept; raise NoCopy or Unreadable."""
    checkpoints, seen = [], []
    for path in files:
        try:
            content = path.read_bytes()
        except OSError as error:
            raise NoCopy(place=str(path), why=error.strerror) from error
        try:
            checkpoints.append(Checkpoint.parse(content))
        except Unreadable:
            seen.append(read_hashes(content))
    return checkpoints, seen


def _from_folder(place: str, name: str) -> bytes:
    try:
        return (Path(place) / name).read_bytes()
    except OSError as error:
        raise NoCopy(place=place, file=name, why=error.strerror) from error


def _from_address(place: str, name: str) -> bytes:
    address = f"{place.rstrip('/')}/{name}"
    try:
        with urllib.request.urlopen(address, timeout=SECONDS) as answered:  # noqa: S310 - the address is the one the reader named
            content: bytes = answered.read(LARGEST)
            return content
    except (urllib.error.URLError, OSError, ValueError) as error:
        raise NoCopy(place=place, file=name, why=str(error)) from error


def contents(request: HttpRequest) -> HttpResponse:
    """The foot of the files: a list for machines; people are led to the page of the record."""
    place = place_of(request)
    if "text/html" in request.headers.get("Accept", ""):
        return redirect(f"{place.prefix}/record/")
    return HttpResponse(
        "\n".join(
            (*FILES, "proof/<index>.tlog-proof", "disclosed/<index>.json", "evidence/<index>.zip", "copy.zip", "")
        ),
        content_type=TEXT,
    )


def _stamp(request: HttpRequest, **_: object) -> str:
    """What a cached file hangs on: the root, and how many entries were asked for."""
    return f'"{head_of(place_of(request).realm).root.hex()[:32]}-{_size(request)}"'


def _size(request: HttpRequest) -> int:
    """How many entries are asked for: ``?size=N`` gives the files as of an earlier checkpoint."""
    size = head_of(place_of(request).realm).size
    asked = request.GET.get("size", "")
    return min(size, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 16 else size


@require_safe
def checkpoint_file(request: HttpRequest) -> HttpResponse:
    """The log's origin, size and root; asked anew each time."""
    return of_its_bytes(request, head_of(place_of(request).realm).body(), TEXT)


@require_safe
@condition(etag_func=_stamp)
def leaves_file(request: HttpRequest) -> HttpResponse:
    """Every leaf, as it is hashed."""
    return HttpResponse(leaf_lines(place_of(request).realm, _size(request)), content_type=JSON_LINES)


@require_safe
@condition(etag_func=_stamp)
def hashes_file(request: HttpRequest) -> HttpResponse:
    """Every fingerprint, in hex."""
    return HttpResponse(hash_lines(queries.hashes(place_of(request).realm, _size(request))), content_type=TEXT)


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
