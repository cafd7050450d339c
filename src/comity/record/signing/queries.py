"""Reading keys and signatures: which key was good when, what was signed with it, and what anybody may have of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from comity.plain.levels import Realm
from comity.plain.refs import Ref
from comity.record.core.sshsig import NAMESPACE, PublicKey
from comity.record.models import Signature, SigningKey
from comity.record.queries import readable_now

ALLOWED_SIGNERS = "allowed_signers"
SIGNATURES = "signatures"
"""The folder of a copy that holds papers and signatures, each named by its own SHA-256 in hex."""


@dataclass(frozen=True)
class KeyView:
    """A key as other rooms see it."""

    public_id: str
    realm: Realm
    organisation: str
    holder: str
    label: str
    line: str
    fingerprint: str
    origin: str
    credential: str
    valid_after: datetime
    valid_before: datetime | None
    revoked_at: datetime | None
    revoked_because: str

    @property
    def ends(self) -> datetime | None:
        """From when on it signs no more; None while nobody has said."""
        return min((at for at in (self.valid_before, self.revoked_at) if at is not None), default=None)

    @property
    def is_passkey(self) -> bool:
        """Whether a browser signs with it."""
        return bool(self.origin)

    def in_force(self, at: datetime) -> bool:
        """Whether what it signs at an instant counts; the log counts in whole seconds, and so does this."""
        at = at.replace(microsecond=0)
        return bool(self.line) and self.valid_after <= at and (self.ends is None or at < self.ends)


@dataclass(frozen=True)
class SignatureView:
    """A signature as other rooms see it."""

    public_id: str
    subject: Ref
    paper_sha256: str
    paper: str
    sha256: str
    armored: str
    at: datetime
    key: KeyView

    @property
    def organisation(self) -> str:
        """The public id of whoever signed."""
        return self.key.organisation


def key_named(public_id: str, realm: Realm) -> KeyView | None:
    """The key of that id."""
    row = SigningKey.objects.filter(public_id=public_id, realm=realm.value).first()
    return view_of_key(row) if row else None


def keys_of(organisation: str, realm: Realm) -> list[KeyView]:
    """Every key that an organisation was ever given, the newest first."""
    rows = SigningKey.objects.filter(organisation=organisation, realm=realm.value)
    return [view_of_key(row) for row in rows.order_by("-valid_after", "-id")]


def keys_held(organisation: str, holder: str, realm: Realm, at: datetime) -> list[KeyView]:
    """The keys with which a seat (``kind:id``) may sign for its organisation at an instant."""
    return [key for key in keys_of(organisation, realm) if key.holder == holder and key.in_force(at)]


def signatures_under(subject: Ref, realm: Realm, *, known_by: datetime) -> list[SignatureView]:
    """Every signature under the words of a thing that came by an instant, the oldest first."""
    rows = Signature.objects.filter(paper__subject=str(subject), paper__realm=realm.value, at__lte=known_by)
    return [view_of(row) for row in rows.select_related("paper", "key").order_by("at", "id")]


def signatures_by(key: KeyView) -> int:
    """How many signatures a key has made."""
    return Signature.objects.filter(key__public_id=key.public_id).count()


def signature_named(public_id: str, realm: Realm) -> SignatureView | None:
    """The signature of that id; whoever shows it has asked whether its reader may see what was signed."""
    row = Signature.objects.select_related("paper", "key").filter(public_id=public_id, paper__realm=realm.value).first()
    return view_of(row) if row else None


def allowed_signers(realm: Realm, at: datetime) -> str:
    """The file that ``ssh-keygen -Y verify`` reads: one line for each key that was not erased, ended ones too.

    The principal is the public id of the organisation, as long as anybody may know of it. Instants stand in UTC, so it
    needs OpenSSH 9.1 or later. After a passkey stands the one site on which it signs, which ``ssh-keygen`` passes over.
    """
    rows = SigningKey.objects.filter(realm=realm.value).exclude(line="").order_by("organisation", "valid_after", "id")
    keys = [view_of_key(row) for row in rows]
    known = readable_now({Ref("organisation", key.organisation) for key in keys}, realm, at)
    return "".join(allowed_line(key) for key in keys if Ref("organisation", key.organisation) in known)


def allowed_line(key: KeyView) -> str:
    """One key as ``allowed_signers`` names it, with its newline."""
    options = f'namespaces="{NAMESPACE}",valid-after="{_instant(key.valid_after)}"'
    if key.ends is not None:
        options += f',valid-before="{_instant(key.ends)}"'
    return " ".join(part for part in (key.organisation, options, key.line, key.origin) if part) + "\n"


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%d%H%M%SZ")


def signed_files(realm: Realm, at: datetime) -> Iterator[tuple[str, bytes]]:
    """What a copy holds of signatures: (path, bytes), for what anybody may read at that instant.

    ``signatures/<SHA-256>.txt`` are the words that were signed, ``signatures/<SHA-256>.sig`` the signature files; an
    entry ``texts.signed`` names both. Each is given once.
    """
    rows = Signature.objects.filter(paper__realm=realm.value).select_related("paper").order_by("id")
    found = list(rows)
    known = readable_now({Ref.parse(row.paper.subject) for row in found}, realm, at)
    given: set[str] = set()
    for row in found:
        if Ref.parse(row.paper.subject) not in known:
            continue
        named = {f"{row.paper.sha256}.txt": row.paper.words, f"{row.sha256}.sig": row.armored}
        for name, words in named.items():
            if name not in given:
                given.add(name)
                yield f"{SIGNATURES}/{name}", words.encode()


def public_key(key: KeyView) -> PublicKey:
    """The key as it verifies; one that was erased verifies nothing any more: raise Malformed."""
    return PublicKey.parse(key.line)


def view_of_key(row: SigningKey) -> KeyView:
    """A row as other rooms see it."""
    return KeyView(
        row.public_id,
        Realm(row.realm),
        row.organisation,
        row.holder,
        row.label,
        row.line,
        row.fingerprint,
        row.origin,
        row.credential,
        row.valid_after,
        row.valid_before,
        row.revoked_at,
        row.revoked_because,
    )


def view_of(row: Signature) -> SignatureView:
    """A row as other rooms see it."""
    paper = row.paper
    return SignatureView(
        row.public_id,
        Ref.parse(paper.subject),
        paper.sha256,
        paper.words,
        row.sha256,
        row.armored,
        row.at,
        view_of_key(row.key),
    )


def signed_file(name: str, realm: Realm, at: datetime) -> bytes | None:
    """A paper or a signature by its name in the folder of a copy; None where none is, or not everybody may read it."""
    sha256, _dot, ending = name.partition(".")
    rows = Signature.objects.filter(paper__realm=realm.value).select_related("paper")
    rows = rows.filter(sha256=sha256) if ending == "sig" else rows.filter(paper__sha256=sha256)
    found = list(rows) if ending in {"sig", "txt"} else []
    known = readable_now({Ref.parse(row.paper.subject) for row in found}, realm, at)
    given = (row for row in found if Ref.parse(row.paper.subject) in known)
    return next(((row.armored if ending == "sig" else row.paper.words).encode() for row in given), None)
