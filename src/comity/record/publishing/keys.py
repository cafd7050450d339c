"""The key by which a log signs: made once, read by its owner alone, never changed."""

import base64
import os
import secrets
from pathlib import Path

from django.conf import settings

from comity.plain.levels import Realm
from comity.record.core.notes import KeyKind, Malformed, SigningKey, VerifierKey, unbased
from comity.record.publishing.files import Folder, asked_of_the_disk
from comity.record.publishing.refusals import KeyMissing, KeyReadable, KeyUnreadable

FORM = "comity-log-key/1"
OTHERS = 0o077


def key_of(realm: Realm, origin: str, *, signed_before: bool) -> SigningKey:
    """The key of a log, made now if the log has never signed.

    Raises KeyMissing, KeyReadable where others may read it, KeyUnreadable, DiskRefuses.
    """
    path = Path(settings.KEYS) / realm.value
    with asked_of_the_disk(path):
        if not path.exists():
            if signed_before:
                raise KeyMissing(file=str(path))
            _make(path, origin)
        for place in (path, path.parent):
            if place.stat().st_mode & OTHERS:
                raise KeyReadable(file=str(place))
        return _read(path, origin)


def verifier_of(realm: Realm, origin: str) -> VerifierKey | None:
    """The public half of a log's key, to be given to witnesses; None before it is made. Raises as ``key_of`` does."""
    made = (Path(settings.KEYS) / realm.value).exists()
    return key_of(realm, origin, signed_before=True).verifier if made else None


def _make(path: Path, origin: str) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
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
