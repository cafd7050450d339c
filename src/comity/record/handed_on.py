"""An entry as it is handed on: its evidence in one folder that checks without this house, and says how."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from textwrap import wrap

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from comity.plain.actors import ANONYMOUS
from comity.plain.belongings import Belonging, belongings_of
from comity.plain.levels import Realm
from comity.plain.place import Place
from comity.record import published, queries
from comity.record.core import jcs
from comity.record.core.evidence import Evidence
from comity.record.core.packing import packed
from comity.record.signing.queries import allowed_signers
from comity.record.told import evidence_of
from comity.record.words import type_in_words

README, MANIFEST, VERIFIER = "README.txt", "manifest", "comity_verify.py"
WIDTH = 78


def folder_of(realm: Realm, index: int) -> str:
    """The name of the folder in which the evidence of an entry lies."""
    return f"{'fiction-' if realm is Realm.FICTION else ''}entry-{index}"


def evidence_files(index: int, place: Place) -> dict[str, bytes]:
    """Everything that checks one entry without this house, as anybody may read it now: name and bytes.

    The README is in the language of the place and in English; ``manifest`` names the SHA-256 of every other file.
    Raises NotVisible and NotPublishedYet.
    """
    found = evidence_of(place.realm, index, at=place.at)
    files = _forms(place.realm, found, place.at)
    spoken = [_spoken(index, found, files, place, language) for language in dict.fromkeys([place.language, "en"])]
    _told, belongings = spoken[0]
    files |= {one.name: one.content for one in belongings}
    files[README] = "\n\n".join(told for told, _same in spoken).encode()
    files[MANIFEST] = manifest(files)
    return files


def _forms(realm: Realm, found: Evidence, at: datetime) -> dict[str, bytes]:
    files = {
        "allowed_signers": allowed_signers(realm, at).encode(),
        "entry.json": found.told.leaf,
        "proof.tlog-proof": bytes(found.proof),
        "disclosed.json": found.told.disclosed(),
        "policy": str(published.policy(realm)).encode(),
        "vkeys": "".join(f"{key}\n" for key in published.vkeys(realm)).encode(),
    }
    path = settings.CHECKOUT / "verify" / VERIFIER
    return files | ({VERIFIER: path.read_bytes()} if path.is_file() else {})


def manifest(files: Mapping[str, bytes]) -> bytes:
    """The SHA-256 of each file, as ``sha256sum -c`` reads it."""
    return "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files)).encode()


def zipped(files: Mapping[str, bytes], folder: str) -> bytes:
    """The files as one zip, in a folder; the same bytes for the same files."""
    return b"".join(packed(((name, [files[name]]) for name in sorted(files)), folder))


def _spoken(
    index: int, found: Evidence, files: Mapping[str, bytes], place: Place, language: str
) -> tuple[str, list[Belonging]]:
    """What the README says in one language, and what the rooms add."""
    with translation.override(language):
        belongings = _belongings(index, found, replace(place, actor=ANONYMOUS, language=language))
        return "\n".join(_lines(index, found, files, belongings, place)), belongings


def _belongings(index: int, found: Evidence, place: Place) -> list[Belonging]:
    entry = queries.entry_numbered(place.realm, index)
    if entry is None or entry.subject not in queries.readable_now({entry.subject}, place.realm, place.at):
        return []
    facts = {name: jcs.decode(sealed.text) for name, sealed in found.told.fields.items()}
    return belongings_of(entry.subject, facts, place)


def _lines(
    index: int, found: Evidence, files: Mapping[str, bytes], belongings: Iterable[Belonging], place: Place
) -> Iterable[str]:
    entry = queries.entry_numbered(place.realm, index)
    said = type_in_words(entry.type) if entry else _("a seal and nothing else")
    told = {"index": index, "said": said, "origin": found.checkpoint.origin, "size": found.checkpoint.size}
    yield from _paragraph(_("Entry %(index)s: %(said)s") % told)
    yield from _paragraph(_("Evidence from the record %(origin)s, under its checkpoint of %(size)s entries.") % told)
    if place.realm is Realm.FICTION:
        yield from _paragraph(_("FICTION: nothing here describes a real organisation."))
    yield from _paragraph(_("What it shows: that this entry was written and has not been changed since."))
    yield from _paragraph(_("What it does not say: that the entry is true, fair or freely decided."))
    yield from _paragraph(_("How to check it, in this folder, without any site:"))
    commands = ["sha256sum -c manifest", f"python3 {VERIFIER} ."]
    commands += [command for one in belongings for command in one.commands]
    yield from (f"    {command}" for command in commands)
    yield ""
    yield from _paragraph(
        _(
            "The verifier is one file of Python; it needs the package cryptography. Whoever trusts nothing takes it"
            " from the source of this house, and compares the keys with those that log and witnesses publish."
        )
    )
    yield from _paragraph(_("What lies here:"))
    says = {**_says(), **{one.name: one.says for one in belongings}}
    for name in [*files, *(one.name for one in belongings), MANIFEST]:
        yield from wrap(f"{name}: {says.get(name, '')}", WIDTH, initial_indent="  ", subsequent_indent="      ")


def _paragraph(words: str) -> list[str]:
    return [*wrap(words, WIDTH, break_long_words=False), ""]


def _says() -> dict[str, str]:
    return {
        "entry.json": _("the entry, byte for byte as it is hashed"),
        "proof.tlog-proof": _("its way to the root, and the checkpoint as the log and its witnesses signed it"),
        "disclosed.json": _("the values under its seals, as anybody might read them when this was packed"),
        "policy": _("which witnesses must have signed"),
        "vkeys": _("the keys of the log and of its witnesses"),
        "allowed_signers": _("the keys with which organisations sign, and when they held"),
        VERIFIER: _("the verifier"),
        MANIFEST: _("the SHA-256 of every file"),
    }
