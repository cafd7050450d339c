"""SSH signatures: what OpenSSH itself wrote, what its ssh-keygen says of ours, and where we ask for more."""

import base64
import json
from collections.abc import Callable
from pathlib import Path
from subprocess import run
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.record.core.notes import Malformed, NotSigned
from comity.record.core.sshsig import NAMESPACE, PublicKey, SshSignature, passkey_signature
from comity.record.tests.passkeys import ORIGIN, PRINCIPAL, KeyFile, Passkey, Token, ssh_keygen_verifies

MESSAGE = "We, the parties of the example, agree — زملاء, 同志.\n".encode()
PASSKEY, FILE, TOKEN = Passkey(), KeyFile(), Token()


def good(signature: SshSignature, message: bytes = MESSAGE, *, key: PublicKey | None = None) -> bool:
    """Whether we accept a signature, read back from its file."""
    try:
        read = SshSignature.parse(signature.armored())
        read.check(message, key=key or read.key, namespace=NAMESPACE, origin=ORIGIN)
    except (Malformed, NotSigned):
        return False
    return True


def allowed(key: PublicKey, options: str = f'namespaces="{NAMESPACE}"') -> str:
    return f"{PRINCIPAL} {options} {key}\n".replace("  ", " ")


@pytest.mark.data
@pytest.mark.parametrize("name", ["ed25519", "ecdsa_sk_webauthn"])
def test_the_vectors_of_openssh(name: str, shared_data: Path, tmp_path: Path) -> None:
    vectors = json.loads((shared_data / "tlog" / "sshsig.json").read_text(encoding="utf-8"))
    case, message = vectors["cases"][name], base64.b64decode(vectors["signed_data_b64"])
    key, signature = PublicKey.parse(case["pub"]), SshSignature.parse(case["sig"])
    assert str(key) == " ".join(case["pub"].split()[:2])
    assert signature.armored() == case["sig"]
    told: dict[str, Any] = {"key": key, "namespace": vectors["namespace"], "origin": "https://www.mindrot.org"}
    if name == "ed25519":
        signature.check(message, **told)
    else:
        with pytest.raises(NotSigned, match="finger, face or code"):  # it was made with presence alone: 0x01
            signature.check(message, **told)
    with pytest.raises(NotSigned):
        signature.check(message + b"!", **told)
    line = f"{PRINCIPAL} {key}\n"
    assert ssh_keygen_verifies(tmp_path, case["sig"], message, line, namespace=vectors["namespace"])


def _flipped(text: str, place: int) -> str:
    raw = bytearray(base64.b64decode("".join(text.splitlines()[1:-1])))
    raw[place % len(raw)] ^= 1 << place % 8
    written = base64.b64encode(raw).decode()
    lines = [written[start : start + 70] for start in range(0, len(written), 70)]
    return "\n".join([text.splitlines()[0], *lines, text.splitlines()[-1], ""])


SIGNED = {
    "passkey": PASSKEY.sign(MESSAGE),
    "synced passkey with extensions": PASSKEY.sign(MESSAGE, flags=0x9D, extensions=b"\xa0"),
    "file": FILE.sign(MESSAGE),
    "token": TOKEN.sign(MESSAGE),
}


@given(st.sampled_from(sorted(SIGNED)), st.integers(0, 100_000))
def test_no_flipped_bit_passes(name: str, place: int) -> None:
    text = _flipped(SIGNED[name].armored(), place)
    with pytest.raises((Malformed, NotSigned)):
        SshSignature.parse(text).check(MESSAGE, key=SIGNED[name].key, namespace=NAMESPACE, origin=ORIGIN)


@pytest.mark.parametrize("name", sorted(SIGNED))
def test_what_is_good_here_is_good_for_ssh_keygen(name: str, tmp_path: Path) -> None:
    signature = SIGNED[name]
    assert good(signature)
    assert ssh_keygen_verifies(tmp_path, signature.armored(), MESSAGE, allowed(signature.key))
    assert not ssh_keygen_verifies(tmp_path, signature.armored(), MESSAGE + b"\n", allowed(signature.key))
    assert not good(signature, MESSAGE + b"\n")
    assert not good(signature, key=KeyFile().key)


STRICTER: dict[str, tuple[Callable[[], SshSignature], bool]] = {
    "nobody was there": (lambda: PASSKEY.sign(MESSAGE, flags=0x00), True),
    "present but not verified": (lambda: PASSKEY.sign(MESSAGE, flags=0x01), True),
    "verified but not present": (lambda: PASSKEY.sign(MESSAGE, flags=0x04), True),
    "another origin": (lambda: PASSKEY.sign(MESSAGE, origin="https://evil.example"), True),
    "the origin with a port": (lambda: PASSKEY.sign(MESSAGE, origin=f"{ORIGIN}:8443"), True),
    "the origin without TLS": (lambda: PASSKEY.sign(MESSAGE, origin="http://comity.example.org"), True),
    "in another site's frame": (lambda: PASSKEY.sign(MESSAGE, crossOrigin=True), True),
    "under another page": (lambda: PASSKEY.sign(MESSAGE, topOrigin="https://evil.example"), True),
    "crossOrigin in words": (lambda: PASSKEY.sign(MESSAGE, crossOrigin="false"), True),
    "a token that nobody touched": (lambda: TOKEN.sign(MESSAGE, flags=0x00), True),
    "a token that did not ask who": (lambda: TOKEN.sign(MESSAGE, flags=0x01), True),
    "synced, though it says it cannot be": (lambda: PASSKEY.sign(MESSAGE, flags=0x15), True),
    "made for registering": (lambda: PASSKEY.sign(MESSAGE, type="webauthn.create"), False),
    "a challenge that is the text's digest": (lambda: PASSKEY.sign(MESSAGE, challenge=b"digest of the text"), False),
    "signed for another rpId": (lambda: PASSKEY.sign(MESSAGE, signed_for="evil.example"), False),
    "flags that claim attested data": (lambda: PASSKEY.sign(MESSAGE, flags=0x45), False),
    "flags that hide extensions": (lambda: PASSKEY.sign(MESSAGE, flags=0x05, extensions=b"\xa0"), False),
    "another namespace": (lambda: PASSKEY.sign(MESSAGE, namespace="comity.other"), False),
}


@pytest.mark.parametrize("name", sorted(STRICTER))
def test_what_ssh_keygen_alone_does_not_see_is_refused_here(name: str, tmp_path: Path) -> None:
    made, ssh_accepts = STRICTER[name]
    signature = made()
    assert not good(signature)
    text = signature.armored()
    assert ssh_keygen_verifies(tmp_path, text, MESSAGE, allowed(signature.key)) is ssh_accepts


def test_the_words_of_the_browser_stand_in_its_own_order(tmp_path: Path) -> None:
    answer = PASSKEY.answer(MESSAGE)
    told = json.loads(answer["client_data"])
    answer["client_data"] = json.dumps(dict(reversed(told.items())), separators=(",", ":")).encode()
    signature = passkey_signature(PASSKEY.key, **answer)
    assert not good(signature)
    assert not ssh_keygen_verifies(tmp_path, signature.armored(), MESSAGE, allowed(PASSKEY.key))


def test_a_name_that_the_browser_says_twice_is_refused() -> None:
    answer = PASSKEY.answer(MESSAGE)
    answer["client_data"] = answer["client_data"][:-1] + b',"crossOrigin":false}'
    with pytest.raises(Malformed, match="each name once"):
        passkey_signature(PASSKEY.key, **answer)


def test_the_time_at_which_a_key_was_valid(tmp_path: Path) -> None:
    text = SIGNED["passkey"].armored()
    window = f'namespaces="{NAMESPACE}",valid-after="20260101000000Z",valid-before="20270101000000Z"'
    line = allowed(PASSKEY.key, window)
    assert ssh_keygen_verifies(tmp_path, text, MESSAGE, line, on="20260601000000Z")
    assert not ssh_keygen_verifies(tmp_path, text, MESSAGE, line, on="20251231235959Z")
    assert not ssh_keygen_verifies(tmp_path, text, MESSAGE, line, on="20270101000001Z")


def test_what_ssh_keygen_signs_is_good_here(tmp_path: Path) -> None:
    run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(tmp_path / "key")], check=True)
    (tmp_path / "text").write_bytes(MESSAGE)
    signing = ["ssh-keygen", "-q", "-Y", "sign", "-f", str(tmp_path / "key"), "-n", NAMESPACE, str(tmp_path / "text")]
    run(signing, check=True)
    key = PublicKey.parse((tmp_path / "key.pub").read_text())
    read = SshSignature.parse((tmp_path / "text.sig").read_text())
    read.check(MESSAGE, key=key, namespace=NAMESPACE)
    listed = run(["ssh-keygen", "-l", "-f", str(tmp_path / "key.pub")], check=True, capture_output=True, text=True)
    assert key.fingerprint == listed.stdout.split()[1]


@pytest.mark.parametrize("kind", ["rsa", "ecdsa"])
def test_other_kinds_of_keys_are_refused_by_name(kind: str, tmp_path: Path) -> None:
    run(["ssh-keygen", "-q", "-t", kind, "-N", "", "-f", str(tmp_path / "key")], check=True)
    with pytest.raises(Malformed, match="do not sign here"):
        PublicKey.parse((tmp_path / "key.pub").read_text())


BEGIN = "-----BEGIN SSH SIGNATURE-----\n"
CROOKED: dict[str, Callable[[str], str]] = {
    "no armour": lambda text: text.replace(BEGIN, ""),
    "carriage returns": lambda text: text.replace("\n", "\r\n"),
    "an empty line": lambda text: text.replace(BEGIN, f"{BEGIN}\n"),
    "no last newline": lambda text: text[:-1],
    "words before it": lambda text: f"Here it is:\n{text}",
    "words after it": lambda text: f"{text}\n",
    "other lengths of lines": lambda text: BEGIN + text[len(BEGIN) :].replace("\n", "", 1),
    "cut short": lambda text: text[:200],
    "too long": lambda text: BEGIN + "A" * 30_000,
}


@pytest.mark.parametrize("name", sorted(CROOKED))
def test_a_crooked_file_is_refused(name: str) -> None:
    with pytest.raises(Malformed):
        SshSignature.parse(CROOKED[name](SIGNED["file"].armored()))


@pytest.mark.parametrize(
    "line",
    [
        "",
        "ssh-ed25519",
        "ssh-ed25519 AAAA",
        "ssh-ed25519 !",
        f"ssh-ed25519 {str(TOKEN.key).split()[1]}",
        f"{FILE.key}A",
        f"{FILE.key}\n{FILE.key}",
    ],
)
def test_a_crooked_key_is_refused(line: str) -> None:
    with pytest.raises(Malformed):
        PublicKey.parse(line)


def test_a_point_that_is_none_is_refused() -> None:
    blob = PASSKEY.key.blob.replace(PASSKEY.key.public, b"\x04" + b"\x01" * 64)
    with pytest.raises(Malformed, match="does not lie on its curve"):
        PublicKey.of_blob(blob)
