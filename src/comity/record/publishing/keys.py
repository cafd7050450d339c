"""The key by which a log signs: made once, read by its owner alone, never changed."""

import base64
import os
import secrets
from pathlib import Path

from django.conf import settings

from comity.plain.levels import Realm
from comity.record import published
from comity.record.core.notes import KeyKind, Malformed, SigningKey, VerifierKey, unbased
from comity.record.core.succession import number_of
from comity.record.models import Log
from comity.record.publishing import heads
from comity.record.publishing.files import Folder, asked_of_the_disk, make_own
from comity.record.publishing.refusals import KeyMissing, KeyReadable, KeyUnreadable

FORM = "comity-log-key/1"
OTHERS = 0o077


def path_of(realm: Realm) -> Path:
    """Where the key of a log lies."""
    return Path(settings.KEYS) / realm.value


def name_in(realm: Realm) -> str:
    """The name of the log whose key lies there; empty where none does. Raises DiskRefuses."""
    lines = (Folder(Path(settings.KEYS)).read(realm.value) or b"").decode("utf-8", "replace").split("\n")
    return lines[1] if lines[0] == FORM and len(lines) > 1 else ""


def name_of(realm: Realm) -> str:
    """The name of a realm's log: its key bears it. Before there is one the database may know of a log that has ended.

    Only the name that is set, or that of a log which took its place, is believed. Raises DiskRefuses.
    """
    first = published.first_origin(realm)
    row = Log.objects.filter(realm=realm.value).values_list("origin", flat=True).first()
    return next((name for name in (name_in(realm), row or "") if number_of(name, first)), first)


def key_of(realm: Realm, origin: str, *, signed_before: bool) -> SigningKey:
    """The key of a log, made now if the log has never signed.

    Raises KeyMissing, KeyReadable where others may read it, KeyUnreadable, DiskRefuses.
    """
    path = path_of(realm)
    with asked_of_the_disk(path):
        if not path.exists():
            if signed_before:
                raise KeyMissing(file=str(path))
            heads.found(realm)  # first: where there is a key and no store, the store was lost
            _make(path, origin)
        for place in (path, path.parent):
            if place.stat().st_mode & OTHERS:
                raise KeyReadable(file=str(place))
        return _read(path, origin)


def verifier_of(realm: Realm, origin: str) -> VerifierKey | None:
    """The public half of a log's key, to be given to witnesses; None before it is made. Raises as ``key_of`` does."""
    made = (path_of(realm)).exists()
    return key_of(realm, origin, signed_before=True).verifier if made else None


def _make(path: Path, origin: str) -> None:
    make_own(path.parent)
    secret = base64.b64encode(secrets.token_bytes(32)).decode()
    before = os.umask(OTHERS)
    try:
        folder = Folder(path.parent)
        folder.put(path.name, f"{FORM}\n{origin}\n{secret}\n".encode())
        folder.settle()
    finally:
        os.umask(before)


def _read(path: Path, origin: str) -> SigningKey:
    lines = path.read_bytes().decode("utf-8", "replace").split("\n")
    if len(lines) != 4 or lines[0] != FORM or lines[3]:
        raise KeyUnreadable(file=str(path), why=f"it is not {FORM}, the log's name and 32 bytes in base64")
    if lines[1] != origin:
        raise KeyUnreadable(file=str(path), why=f"it is the key of {lines[1]}, and this log is {origin}")
    try:
        secret = unbased(lines[2], "the third line")
    except Malformed as error:
        raise KeyUnreadable(file=str(path), why=str(error)) from error
    if len(secret) != 32:
        raise KeyUnreadable(file=str(path), why=f"the third line holds {len(secret)} bytes, not 32")
    return SigningKey(origin, KeyKind.NOTE, secret)
