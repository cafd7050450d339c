"""Keys of organisations and their signatures: issued, replaced, revoked, erased; what anybody may check afterwards."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from comity.conftest import Cast
from comity.plain.levels import Level, Realm
from comity.plain.readable import readable
from comity.plain.refs import Ref
from comity.plain.refusals import Refusal
from comity.record import queries
from comity.record.actions import NothingToErase, erase
from comity.record.core.sshsig import KeyType, PublicKey
from comity.record.models import Disclosure, SigningKey
from comity.record.queries import EntryView, disclosed, entries_of, given
from comity.record.signing.actions import (
    GroundForErasing,
    KeyEnded,
    KeyEndsBeforeItBegins,
    KeyIssuedBefore,
    KeyNotRead,
    KeyUnknown,
    KeyWeak,
    NewKey,
    ReasonForRevoking,
    SignatureNotRead,
    SignatureNotTrue,
    forget_key,
    issue_key,
    keep_signature,
    revoke_key,
    rotate_key,
)
from comity.record.signing.queries import (
    KeyView,
    SignatureView,
    allowed_signers,
    key_named,
    keys_held,
    keys_of,
    signatures_under,
    signed_files,
)
from comity.record.tests.passkeys import ORIGIN, KeyFile, Passkey, ssh_keygen_verifies
from comity.record.tests.strict_cases.cases import PRIME, SMALL, point

WORDS = "comity-text/1\n\nWe agree.\n"
FICTION = Realm.FICTION


@pytest.fixture
def passkey() -> Passkey:
    return Passkey()


def issued(cast: Cast, at: datetime, new: NewKey) -> KeyView:
    return issue_key(
        new,
        realm=FICTION,
        organisation=cast.party.public_id,
        level=Level.PUBLIC,
        holder=str(cast.amina),
        by=cast.amina,
        at=at,
    )


def new_passkey(passkey: Passkey) -> NewKey:
    return NewKey(passkey.key, "Amina's phone", ORIGIN, "Y3JlZGVudGlhbA")


def signed(cast: Cast, armored: str, at: datetime, words: str = WORDS) -> SignatureView:
    """A signature under the words of the network itself, as good a thing as any."""
    return keep_signature(
        armored,
        paper=words,
        subject=Ref("organisation", cast.network.public_id),
        realm=FICTION,
        organisation=cast.party.public_id,
        holder=str(cast.amina),
        at=at,
    )


def about_keys(cast: Cast) -> list[EntryView]:
    return [entry for entry in entries_of(Ref("organisation", cast.party.public_id)) if "key" in entry.type]


def test_a_key_is_issued_and_signs(
    cast: Cast, at: datetime, passkey: Passkey, tmp_path: Path, check_record: Callable[[], None]
) -> None:
    key = issued(cast, at, new_passkey(passkey))
    view = signed(cast, passkey.sign(WORDS.encode()).armored(), at + timedelta(hours=1))
    assert view.organisation == cast.party.public_id
    assert [entry.type for entry in about_keys(cast)] == ["record.key_issued"]
    told = given(about_keys(cast)[0], at).fields
    assert told["fingerprint"].text.strip('"') == key.fingerprint
    leaf = SigningKey.objects.get().line.split()[1]
    assert leaf not in str(about_keys(cast)[0])
    allowed = allowed_signers(FICTION, at)
    assert allowed.endswith(f"{ORIGIN}\n")
    told_ssh = {"principal": cast.party.public_id, "on": "20260302120000Z"}
    assert ssh_keygen_verifies(tmp_path, view.armored, WORDS.encode(), allowed, **told_ssh)
    before = told_ssh | {"on": "20260302095959Z"}
    assert not ssh_keygen_verifies(tmp_path, view.armored, WORDS.encode(), allowed, **before)
    assert allowed_signers(Realm.REAL, at) == ""


def test_a_key_that_was_replaced_signs_no_more_and_what_it_signed_stays_good(
    cast: Cast, at: datetime, tmp_path: Path, check_record: Callable[[], None]
) -> None:
    first, second = KeyFile(), KeyFile()
    old = issued(cast, at, NewKey.of_line(f"{first.key} amina@example.org"))
    earlier = signed(cast, first.sign(WORDS.encode()).armored(), at + timedelta(days=1))
    changed = at + timedelta(days=2, microseconds=7)
    new = rotate_key(old, NewKey(second.key), level=Level.PUBLIC, by=cast.amina, at=changed)
    held = keys_held(cast.party.public_id, str(cast.amina), FICTION, changed + timedelta(seconds=1))
    assert [key.fingerprint for key in held] == [new.fingerprint]
    with pytest.raises(KeyEnded):
        signed(cast, first.sign(b"later").armored(), changed, "later")
    signed(cast, second.sign(b"later").armored(), changed, "later")
    allowed = allowed_signers(FICTION, changed)
    principal = cast.party.public_id
    for day, good in (("20260303100000Z", True), ("20260304100001Z", False)):
        assert (
            ssh_keygen_verifies(tmp_path, earlier.armored, WORDS.encode(), allowed, principal=principal, on=day) is good
        )
    assert [entry.type for entry in about_keys(cast)] == ["record.key_issued", "record.key_rotated"]
    with pytest.raises(KeyEnded):
        rotate_key(old, NewKey(KeyFile().key), level=Level.PUBLIC, by=cast.amina, at=changed)


def test_a_revoked_key_ends_at_once_with_its_reason(cast: Cast, at: datetime, check_record: Callable[[], None]) -> None:
    file = KeyFile()
    key = issued(cast, at, NewKey(file.key))
    with pytest.raises(ReasonForRevoking):
        revoke_key(key, reason=" ", level=Level.PUBLIC, by=cast.amina, at=at + timedelta(days=1))
    revoked = revoke_key(
        key, reason="The laptop was lost.", level=Level.PUBLIC, by=cast.amina, at=at + timedelta(days=1)
    )
    assert revoked.ends == at + timedelta(days=1)
    with pytest.raises(KeyEnded):
        signed(cast, file.sign(WORDS.encode()).armored(), at + timedelta(days=1))
    with pytest.raises(KeyEnded):
        revoke_key(revoked, reason="Again.", level=Level.PUBLIC, by=cast.amina, at=at + timedelta(days=2))
    with pytest.raises(KeyIssuedBefore):
        issued(cast, at + timedelta(days=3), NewKey(file.key))
    assert [entry.type for entry in about_keys(cast)] == ["record.key_issued", "record.key_revoked"]


def test_a_key_ends_on_its_day(cast: Cast, at: datetime, check_record: Callable[[], None]) -> None:
    file, until = KeyFile(), at + timedelta(days=30)
    key = issued(cast, at, NewKey(file.key, valid_before=until))
    assert key.in_force(until - timedelta(seconds=1))
    assert not key.in_force(until)
    assert 'valid-before="20260401100000Z"' in allowed_signers(FICTION, at)
    with pytest.raises(KeyEndsBeforeItBegins):
        issued(cast, at, NewKey(KeyFile().key, valid_before=at))


def test_an_erased_key_leaves_the_record_whole(
    cast: Cast, at: datetime, passkey: Passkey, check_record: Callable[[], None]
) -> None:
    key = issued(cast, at, new_passkey(passkey))
    other = issued(cast, at, NewKey(KeyFile().key))
    armored = passkey.sign(WORDS.encode()).armored()
    signed(cast, armored, at)
    forget_key(key, legal_basis="GDPR Art. 17", by=cast.amina, at=at + timedelta(days=9))
    check_record()
    first, _second = about_keys(cast)
    assert not {"key", "fingerprint"} & disclosed(first).keys()
    assert allowed_signers(FICTION, at).splitlines() == [
        line for line in allowed_signers(FICTION, at).splitlines() if other.line in line
    ]
    erased = key_named(key.public_id, FICTION)
    assert erased is not None
    assert (erased.line, erased.holder, erased.label, erased.credential, erased.origin) == ("", "", "", "", "")
    assert not erased.in_force(at)
    with pytest.raises(KeyUnknown):
        signed(cast, armored, at + timedelta(days=10), "other words")
    with pytest.raises(NothingToErase):
        erase(first, "key", legal_basis="again", by=cast.amina, at=at + timedelta(days=10))


def test_erasing_a_key_takes_nothing_from_the_one_that_took_its_place(
    cast: Cast, at: datetime, check_record: Callable[[], None]
) -> None:
    later = at + timedelta(days=1)
    old = issued(cast, at, NewKey(KeyFile().key))
    new = rotate_key(old, NewKey(KeyFile().key), level=Level.PUBLIC, by=cast.amina, at=later)
    last = rotate_key(new, NewKey(KeyFile().key), level=Level.PUBLIC, by=cast.amina, at=later + timedelta(days=1))
    forget_key(new, legal_basis="GDPR Art. 17", by=cast.amina, at=later + timedelta(days=2))
    issue, rotation, second = (disclosed(entry) for entry in about_keys(cast))
    assert {"key", "fingerprint"} <= issue.keys()
    assert {"key", "fingerprint"}.isdisjoint(rotation)
    assert rotation["replaces"].text.strip('"') == old.fingerprint  # from when on the old one signs no more
    assert second["key"].text.strip('"') == last.line
    assert "replaces" not in second


def test_why_a_key_ended_is_erased_with_it(cast: Cast, at: datetime, check_record: Callable[[], None]) -> None:
    key = issued(cast, at, NewKey(KeyFile().key, "Olga's laptop"))
    ended = revoke_key(key, reason="Olga lost it.", level=Level.PUBLIC, by=cast.amina, at=at + timedelta(days=1))
    for nothing in (" ", "x" * 301):
        with pytest.raises(GroundForErasing):
            forget_key(ended, legal_basis=nothing, by=cast.amina, at=at + timedelta(days=2))
    forget_key(ended, legal_basis="GDPR Art. 17", by=cast.amina, at=at + timedelta(days=2))
    erased = key_named(key.public_id, FICTION)
    assert erased is not None
    assert (erased.revoked_because, erased.revoked_at) == ("", ended.revoked_at)
    assert {"reason", "fingerprint"}.isdisjoint(disclosed(about_keys(cast)[1]))


def test_a_restricted_entry_of_an_erased_key_goes_as_a_whole(
    cast: Cast, at: datetime, check_record: Callable[[], None]
) -> None:
    told = {"realm": FICTION, "organisation": cast.party.public_id, "holder": str(cast.amina), "by": cast.amina}
    key = issue_key(NewKey(KeyFile().key), level=Level.ORGANISATION, at=at, **told)  # type: ignore[arg-type]
    forget_key(key, legal_basis="GDPR Art. 17", by=cast.amina, at=at + timedelta(days=1))
    assert not Disclosure.objects.filter(fields__icontains=key.fingerprint).exists()
    assert not Disclosure.objects.filter(fields__icontains=key.line.split()[1]).exists()


def test_a_key_that_signed_and_was_erased_is_not_issued_again(
    cast: Cast, at: datetime, check_record: Callable[[], None]
) -> None:
    """Issued anew, it would seem to have signed before it was let to, and verifiers would find a fault in the log."""
    file, unused = KeyFile(), KeyFile()
    for key in (file, unused):
        old = issued(cast, at, NewKey(key.key))
        if key is file:
            signed(cast, file.sign(WORDS.encode()).armored(), at)
        forget_key(old, legal_basis="GDPR Art. 17", by=cast.amina, at=at + timedelta(days=1))
    with pytest.raises(KeyIssuedBefore):
        issued(cast, at + timedelta(days=2), NewKey(file.key))
    issued(cast, at + timedelta(days=2), NewKey(unused.key))


WRONG: dict[str, tuple[Callable[[Passkey], str], type[Refusal]]] = {
    "nothing": (lambda passkey: "", SignatureNotRead),
    "no signature": (lambda passkey: "-----BEGIN PGP SIGNATURE-----\n", SignatureNotRead),
    "of a key that nobody issued": (lambda passkey: KeyFile().sign(WORDS.encode()).armored(), KeyUnknown),
    "under other words": (lambda passkey: passkey.sign(b"We disagree.\n").armored(), SignatureNotTrue),
    "with nobody there": (lambda passkey: passkey.sign(WORDS.encode(), flags=0).armored(), SignatureNotTrue),
    "with nobody asked": (lambda passkey: passkey.sign(WORDS.encode(), flags=1).armored(), SignatureNotTrue),
    "on another site": (
        lambda passkey: passkey.sign(WORDS.encode(), origin="https://evil.example").armored(),
        SignatureNotTrue,
    ),
    "in a frame": (lambda passkey: passkey.sign(WORDS.encode(), crossOrigin=True).armored(), SignatureNotTrue),
    "for something else": (
        lambda passkey: passkey.sign(WORDS.encode(), namespace="file").armored(),
        SignatureNotTrue,
    ),
}


@pytest.mark.parametrize("name", sorted(WRONG))
def test_a_signature_that_does_not_hold_is_refused(
    name: str, cast: Cast, at: datetime, passkey: Passkey, check_record: Callable[[], None]
) -> None:
    issued(cast, at, new_passkey(passkey))
    made, refused = WRONG[name]
    with pytest.raises(refused):
        signed(cast, made(passkey), at)
    assert signatures_under(Ref("organisation", cast.network.public_id), FICTION, known_by=at) == []


def test_the_key_of_another_seat_or_organisation_signs_nothing(
    cast: Cast, at: datetime, passkey: Passkey, check_record: Callable[[], None]
) -> None:
    issued(cast, at, new_passkey(passkey))
    armored = passkey.sign(WORDS.encode()).armored()
    told = {"paper": WORDS, "subject": Ref("organisation", cast.network.public_id), "realm": FICTION, "at": at}
    for organisation, holder in ((cast.other_party, cast.amina), (cast.party, cast.boris)):
        with pytest.raises(KeyUnknown):
            keep_signature(armored, organisation=organisation.public_id, holder=str(holder), **told)  # type: ignore[arg-type]
    assert keys_of(cast.other_party.public_id, FICTION) == []


@pytest.mark.parametrize("line", ["", "nonsense", "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQC7", str(Passkey().key)])
def test_a_line_that_is_no_key_is_refused(line: str) -> None:
    with pytest.raises(KeyNotRead):
        NewKey.of_line(line)


@pytest.mark.parametrize("kind", [KeyType.FILE, KeyType.TOKEN])
@pytest.mark.parametrize("y", [*SMALL.values(), PRIME + 1])
def test_a_key_under_which_anybody_can_sign_is_refused(kind: KeyType, y: int) -> None:
    with pytest.raises(KeyWeak) as refused:
        NewKey.of_line(str(PublicKey(kind, point(y), "" if kind is KeyType.FILE else "ssh:")))
    assert refused.value.parameters["field"] == "line"


def test_a_copy_holds_papers_and_signatures_by_their_fingerprints(
    cast: Cast, at: datetime, passkey: Passkey, check_record: Callable[[], None]
) -> None:
    issued(cast, at, new_passkey(passkey))
    view = signed(cast, passkey.sign(WORDS.encode()).armored(), at)
    again = signed(cast, view.armored, at + timedelta(hours=1))
    assert again.public_id == view.public_id
    files = dict(signed_files(FICTION, at))
    assert files == {
        f"signatures/{view.paper_sha256}.txt": WORDS.encode(),
        f"signatures/{view.sha256}.sig": view.armored.encode(),
    }
    assert list(signed_files(Realm.REAL, at)) == []


def test_an_organisation_that_nobody_may_know_of_is_in_no_file(
    cast: Cast, at: datetime, passkey: Passkey, check_record: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "readable", readable)
    issued(cast, at, new_passkey(passkey))
    type(cast.party).objects.filter(pk=cast.party.pk).update(level=Level.ORGANISATION)
    assert allowed_signers(FICTION, at) == ""
