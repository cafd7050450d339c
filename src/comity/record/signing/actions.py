"""Keys are issued, replaced, revoked and erased, each with its entry; signatures are verified, then kept.

Who may is asked by the room whose action calls: nothing here knows of seats.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q

from comity.plain.actors import SYSTEM, ActorRef
from comity.plain.levels import Level, Realm
from comity.plain.refs import Ref
from comity.plain.refusals import BadInput, Refusal
from comity.record import actions as record
from comity.record.core import jcs
from comity.record.core.jcs import Json
from comity.record.core.leaf import WHOLE
from comity.record.core.notes import Malformed, NotSigned, WeakKey
from comity.record.core.sshsig import NAMESPACE, KeyType, PublicKey, SshSignature
from comity.record.models import Disclosure, Entry, Signature, SignedPaper, SigningKey
from comity.record.restored import AGAIN, repeats
from comity.record.signing.queries import KeyView, SignatureView, public_key, view_of, view_of_key

LONGEST_LABEL, LONGEST_REASON = 60, 300
KEY_ISSUED, KEY_ROTATED, KEY_REVOKED = "record.key_issued", "record.key_rotated", "record.key_revoked"
ISSUING = (KEY_ISSUED, KEY_ROTATED)
REPLACED, SEAT_ENDED = "replaced", "the seat that held it was taken back"
"""Why a key ended that nobody gave a reason for."""


class KeyNotRead(BadInput):
    """This is not a public key that can sign here. Paste the one line of a .pub file of the type ssh-ed25519 or
    sk-ssh-ed25519@openssh.com, or make a passkey."""

    code = "key-not-read"


class KeyWeak(BadInput):
    """Under this key anybody could sign in your name: its point is of small order, or is not written in its one form.
    No program makes such a key by chance. Make a new one with ssh-keygen, or make a passkey."""

    code = "key-weak"


class KeyIssuedBefore(Refusal):
    """This key was issued before. A key belongs to one organisation and is not given a second time; make a new one."""

    code = "key-issued-before"


class KeyEndsBeforeItBegins(BadInput):
    """A key ends after it begins; name a later day."""

    code = "key-ends-before-it-begins"


class KeyEnded(Refusal):
    """This key signs no more: it was revoked, or its days are over. Sign with a key that is in force."""

    code = "key-ended"


class KeyUnknown(Refusal):
    """The signature is not by a key that your seat holds for your organisation. Issue the key first, or sign with one
    that is issued."""

    code = "key-unknown"


class SignatureNotRead(BadInput):
    """This is not a signature file as ssh-keygen writes it. Sign the downloaded text anew and send the .sig file as it
    is."""

    code = "signature-not-read"


class SignatureNotTrue(BadInput):
    """The signature does not hold for these words. Load the page again, sign the words that it shows, on this site and
    with your finger, face or code."""

    code = "signature-not-true"


class GroundForErasing(BadInput):
    """A key is erased on a legal ground, in a few words."""

    code = "ground-for-erasing"


class ReasonForRevoking(BadInput):
    """A key is revoked with a reason, in a few words."""

    code = "reason-for-revoking"


@dataclass(frozen=True)
class NewKey:
    """A key to be issued: its public half, and for a passkey the site on which it signs and its name in browsers."""

    key: PublicKey
    label: str = ""
    origin: str = ""
    credential: str = ""
    valid_before: datetime | None = None

    @classmethod
    def of_line(cls, line: str, *, label: str = "", valid_before: datetime | None = None) -> "NewKey":
        """A key from its ``.pub`` line; a passkey cannot be pasted, since its site would be anybody's word."""
        try:
            key = PublicKey.parse(line.strip())
        except WeakKey as error:
            raise KeyWeak(field="line") from error
        except Malformed as error:
            raise KeyNotRead(field="line", told=str(error)) from error
        if key.type is KeyType.PASSKEY:
            raise KeyNotRead(field="line", told=key.type)
        return cls(key, label, valid_before=valid_before)


@transaction.atomic
def issue_key(
    new: NewKey, *, realm: Realm, organisation: str, level: Level, holder: str, by: ActorRef, at: datetime
) -> KeyView:
    """Let a key sign for an organisation from now on; ``level`` is that of the organisation."""
    row = _written(new, realm, organisation, holder, at)
    _enter(KEY_ISSUED, row, _told(row), level=level, by=by, at=at)
    return view_of_key(row)


@transaction.atomic
def rotate_key(old: KeyView, new: NewKey, *, level: Level, by: ActorRef, at: datetime) -> KeyView:
    """Put a key in the place of another of the same holder: the old one ends in the second in which the new one begins.

    What the old one signed stays signed.
    """
    row = _written(new, old.realm, old.organisation, old.holder, at)
    _end(old, REPLACED, at)
    _enter(KEY_ROTATED, row, {**_told(row), "replaces": old.fingerprint}, level=level, by=by, at=at)
    return view_of_key(row)


@transaction.atomic
def revoke_key(key: KeyView, *, reason: str, level: Level, by: ActorRef, at: datetime) -> KeyView:
    """End a key at once; what it signed before stays signed."""
    words = _few_words(reason, "reason", ReasonForRevoking)
    row = _end(key, words, at)
    facts: dict[str, Json] = {"organisation": row.organisation, "fingerprint": row.fingerprint, "reason": words}
    _enter(KEY_REVOKED, row, facts, level=level, by=by, at=at)
    return view_of_key(row)


@transaction.atomic
def forget_key(key: KeyView, *, legal_basis: str, by: ActorRef, at: datetime) -> None:
    """Erase a key everywhere but in the signatures it made and their entries: its line, who held it, why it ended, and
    what the record said of it beside them.

    Its signatures can no longer be checked against a key that the organisation had issued; pages say so.
    """
    ground = _few_words(legal_basis, "legal_basis", GroundForErasing)
    row = SigningKey.objects.select_for_update().get(public_id=key.public_id)
    for entry in Entry.objects.filter(type__in=(*ISSUING, KEY_REVOKED), subject=f"organisation:{row.organisation}"):
        for name in _telling_of(row, entry):
            record.erase(entry, name, legal_basis=ground, by=by, at=at)
    row.fingerprint = f"erased {row.public_id}"
    row.line = row.label = row.holder = row.credential = row.origin = row.revoked_because = ""
    row.revoked_at = row.revoked_at or max(_second(at), row.valid_after + timedelta(seconds=1))
    row.save()
    record.leave_no_bytes(SigningKey)


def _telling_of(row: SigningKey, entry: Entry) -> list[str]:
    """Which values of an entry tell of a key: never those of the key that took its place, or whose place it took.

    A restricted entry is sealed as a whole too: one of this key goes, and goes last. That of the key that took its
    place stays, with this one's fingerprint in it.
    """
    held = Disclosure.objects.filter(entry=entry).values_list("fields", flat=True).first() or {}
    values = {name: jcs.decode(text) for name, (_salt, text) in held.items()}
    found = [name for name in ("fingerprint", "key", "replaces") if values.get(name) in (row.line, row.fingerprint)]
    own = "fingerprint" in found
    if WHOLE in values and not own:
        return []
    return found + [name for name in ("reason", WHOLE) if own and name in values]


def _few_words(words: str, field: str, refused: type[BadInput]) -> str:
    told = " ".join(words.split())
    if not told or len(told) > LONGEST_REASON:
        raise refused(field=field, characters=len(told), at_most=LONGEST_REASON)
    return told


def _written(new: NewKey, realm: Realm, organisation: str, holder: str, at: datetime) -> SigningKey:
    if _signed_before(new.key, realm):
        raise KeyIssuedBefore(fingerprint=new.key.fingerprint)
    begins = _second(at)
    if new.valid_before is not None and new.valid_before <= begins:
        raise KeyEndsBeforeItBegins(field="valid_before", day=new.valid_before.date().isoformat())
    try:
        with transaction.atomic():
            return SigningKey.objects.create(
                realm=realm.value,
                organisation=organisation,
                holder=holder,
                label=" ".join(new.label.split())[:LONGEST_LABEL],
                line=str(new.key),
                fingerprint=new.key.fingerprint,
                origin=new.origin,
                credential=new.credential,
                valid_after=begins,
                valid_before=_second(new.valid_before) if new.valid_before else None,
            )
    except IntegrityError as error:
        raise KeyIssuedBefore(fingerprint=new.key.fingerprint) from error


def _signed_before(key: PublicKey, realm: Realm) -> bool:
    """Whether an erased key was this one: what it signed, and that alone, still shows it.

    Issued anew, it would seem to have signed before it was let to.
    """
    made = Signature.objects.filter(key__realm=realm.value, key__line="").values_list("armored", flat=True)
    return any(SshSignature.parse(armored).key == key for armored in made.iterator())


def _second(at: datetime) -> datetime:
    """The log and ``allowed_signers`` count in whole seconds."""
    return at.replace(microsecond=0)


def _end(key: KeyView, reason: str, at: datetime) -> SigningKey:
    ends = max(_second(at), key.valid_after + timedelta(seconds=1))
    waiting = SigningKey.objects.filter(public_id=key.public_id, revoked_at=None)
    if not key.in_force(at) or not waiting.update(revoked_at=ends, revoked_because=reason):
        raise KeyEnded(fingerprint=key.fingerprint)
    return SigningKey.objects.get(public_id=key.public_id)


def _told(row: SigningKey) -> dict[str, Json]:
    before = row.valid_before.isoformat() if row.valid_before else ""
    return {
        "organisation": row.organisation,
        "key": row.line,
        "fingerprint": row.fingerprint,
        "origin": row.origin,
        "valid_before": before,
    }


def _enter(type_: str, row: SigningKey, facts: dict[str, Json], *, level: Level, by: ActorRef, at: datetime) -> None:
    ref = Ref("organisation", row.organisation)
    record.append(type_, realm=Realm(row.realm), subject=ref, by=by, at=at, level=level, facts=facts)


@transaction.atomic
def keep_signature(
    armored: str, *, paper: str, subject: Ref, realm: Realm, organisation: str, holder: str, at: datetime
) -> SignatureView:
    """Verify a signature of an organisation under exactly these words, and keep both; the caller records the act.

    Raises SignatureNotRead, KeyUnknown, KeyEnded, SignatureNotTrue. The same signature kept twice is one row.
    """
    try:
        signature = SshSignature.parse(armored)
    except Malformed as error:
        raise SignatureNotRead(told=str(error)) from error
    row = SigningKey.objects.filter(fingerprint=signature.key.fingerprint, realm=realm.value).first()
    if row is None or (row.organisation, row.holder) != (organisation, holder) or not row.line:
        raise KeyUnknown(fingerprint=signature.key.fingerprint)
    key = view_of_key(row)
    if not key.in_force(at):
        raise KeyEnded(fingerprint=key.fingerprint)
    try:
        signature.check(paper.encode(), key=public_key(key), namespace=NAMESPACE, origin=key.origin)
    except NotSigned as error:
        raise SignatureNotTrue(told=str(error)) from error
    kept, _made = SignedPaper.objects.get_or_create(
        realm=realm.value, subject=str(subject), sha256=_sha256(paper), defaults={"words": paper}
    )
    return view_of(
        Signature.objects.get_or_create(
            paper=kept, sha256=_sha256(armored), defaults={"key": row, "armored": armored, "at": _second(at)}
        )[0]
    )


def _sha256(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()


def _forget_again(subject: Ref, erased: Mapping[str, Json], at: datetime) -> None:
    told = list(map(str, erased.values()))
    for row in SigningKey.objects.filter(Q(line__in=told) | Q(fingerprint__in=told), organisation=subject.id):
        forget_key(view_of_key(row), legal_basis=AGAIN, by=SYSTEM, at=at)


for _type in (*ISSUING, KEY_REVOKED):
    repeats(_type, _forget_again)
