"""What stands in the log: leaves without persons and without free text, and the commitments in them.

A public leaf names type, instant, pseudonymous actor, subject and its chain; of every value it holds only
HMAC-SHA256(salt, canonical JSON). A restricted leaf is one commitment and nothing else.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from comity.plain.refusals import Refusal
from comity.record.core import jcs
from comity.record.core.jcs import Json

SALT = 32
PUBLIC_LIMIT = 2048
_TYPE = re.compile(r"[a-z]+(?:\.[a-z]+(?:[-_][a-z]+)*)+")
_FIELD = re.compile(r"[a-z][a-z0-9._-]{0,59}")
_REF = re.compile(r"[a-z][a-z-]{0,30}:[A-Za-z0-9._-]{1,43}")
_ACTOR = re.compile(r"org:[a-z2-7]{16}|[a-z]{1,20}")
PERSONS = frozenset({"person", "people"})
PSEUDONYMOUS = frozenset({"organisation", "seat", "office"})
"""Kinds whose ids stand in leaves only under a random name of the erasable directory."""
DECOY = "record.decoy"
"""The type, in the table only, of a leaf that hides nothing."""
WHOLE = "entry"
"""The field under which a restricted entry's own type, subject and time are kept for those who may know."""


class LeafTooLarge(Refusal):
    """A public leaf holds at most 2,048 bytes: name fewer fields, or commit to a list of values as one field."""

    code = "leaf-too-large"
    status = 422


class NotForTheRecord(Refusal):
    """A leaf names things by kind and id and facts by short names; free text and persons never stand in it."""

    code = "not-for-the-record"
    status = 422


@dataclass(frozen=True)
class Sealed:
    """A value behind a commitment: its salt and its canonical JSON."""

    salt: bytes
    text: str

    def commitment(self) -> str:
        """HMAC-SHA256 keyed with the salt over the canonical JSON, in hex."""
        return hmac.new(self.salt, self.text.encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class PublicFacts:
    """What a public leaf says in the clear; organisations already stand under their pseudonyms."""

    type: str
    at: str
    actor: str
    subject: str
    subject_seq: int
    prev: str
    because: Sequence[str] = ()


def seal(value: Json) -> Sealed:
    """Put a value under a fresh salt of 32 random bytes; raise NotCanonical for what JSON cannot hold."""
    text = jcs.encode(value).decode()
    return Sealed(secrets.token_bytes(SALT), text)


def sealed_all(facts: Mapping[str, Json]) -> dict[str, Sealed]:
    """Put each value under its own salt; raise NotForTheRecord when a field's name is free text."""
    for name in facts:
        if not _FIELD.fullmatch(name) or name == WHOLE:
            raise NotForTheRecord(field=name)
    return {name: seal(value) for name, value in facts.items()}


def commitments(fields: Mapping[str, Sealed]) -> dict[str, Json]:
    """Each field's commitment in hex."""
    return {name: sealed.commitment() for name, sealed in fields.items()}


def public_leaf(facts: PublicFacts, fields: Mapping[str, Sealed]) -> bytes:
    """The bytes of a public entry; raise NotForTheRecord or LeafTooLarge."""
    _checked(facts)
    leaf = jcs.encode(
        {
            "v": 1,
            "type": facts.type,
            "at": facts.at,
            "actor": facts.actor,
            "subject": facts.subject,
            "subject_seq": facts.subject_seq,
            "prev": facts.prev,
            "because": list(facts.because),
            "commit": commitments(fields),
        }
    )
    if len(leaf) > PUBLIC_LIMIT:
        raise LeafTooLarge(type=facts.type, bytes=len(leaf), limit=PUBLIC_LIMIT)
    return leaf


def restricted_leaf(whole: Sealed) -> bytes:
    """The bytes of a restricted entry: one commitment, no type, subject, number or time."""
    return jcs.encode({"v": 1, "commit": whole.commitment()})


def decoy_leaf() -> bytes:
    """A leaf that looks like a restricted entry and hides nothing."""
    return jcs.encode({"v": 1, "commit": secrets.token_hex(32)})


def check_type(entry_type: str) -> None:
    """Raise NotForTheRecord unless the type is written ``room.past_participle``."""
    if not _TYPE.fullmatch(entry_type) or len(entry_type) > 60:
        raise NotForTheRecord(type=entry_type)


def _checked(facts: PublicFacts) -> None:
    check_type(facts.type)
    if not _ACTOR.fullmatch(facts.actor):
        raise NotForTheRecord(actor=facts.actor)
    for ref in (facts.subject, *facts.because):
        if not _REF.fullmatch(ref) or ref.partition(":")[0] in PERSONS:
            raise NotForTheRecord(reference=ref)
