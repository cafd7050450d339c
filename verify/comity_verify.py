#!/usr/bin/env python3
"""Verify a Comity record without Comity: Python 3.10 or later and the package cryptography, written apart from it.

    python3 comity_verify.py https://example.org/record/   a log at its address
    python3 comity_verify.py PATH                          a copy of it: a folder, or the zip of one
    python3 comity_verify.py PATH                          an evidence bundle: a folder, its zip, or its .tlog-proof
    ... --trusted PLACE      it must continue what PLACE showed: a checkpoint or a copy that you kept from earlier
    ... --policy FILE        the keys of log and witnesses, and who must have cosigned, by you and not by the copy
    ... --openings FILE      what restricted entries say, as far as you may know it; their seals must fit
    ... --entries 12-40      only these entries: little is read, and they are proved to stand under the checkpoint
    ... --list               print the entries, one a line
    ... --without-values     the tree, the chains and the signatures, and no values

Prints `yes, N entries, root ...`, then who signed, or one `no: entry N ...` for each thing wrong. Exits 0 for yes, 1
for no, 2 when there is nothing to verify, or what is asked cannot be done.

What is checked: the signature of the log under its checkpoint, every signature there of a witness whose key is known,
and that the policy's quorum is met (C2SP signed-note, tlog-checkpoint, tlog-cosignature, tlog-policy); each entry,
SHA-256(0x00 || entry), against its tile, each tile against the one above it, the uppermost against the signed root
(RFC 6962, C2SP tlog-tiles); each subject's own numbering and the fingerprint of its previous entry; that an entry
arises only from what was recorded before; every disclosed value against its seal, HMAC-SHA256(salt, RFC 8785 JSON of
the value); that no value is missing unless an entry of the record says that it was erased, or the copy names it as
withheld: not everybody might read it when the copy was taken. Withheld values cannot be checked; they are counted and
named after the answer. Signatures of organisations are checked as `ssh-keygen -Y verify` does, and more strictly: see
`check_signature`.

What is not: whether what an entry says is true, nor when: its instant is the word of whoever wrote it. Nor whom the
keys belong to: without --policy they are those that the copy names itself.

The parts of this file, each under its own line of dashes, each using only those above it:

    canonical JSON       the one way to write a value, and how it is read back
    signed notes, keys   signature lines, checkpoints, policies, who has signed and cosigned
    files                the paths of a copy, what a file may hold
    the tree             fingerprints, roots, tiles, the way of one entry to the root
    leaves               what an entry says in the clear
    values               what is disclosed, against its seals
    one stretch of a log what one process looks at; what it cannot judge alone it hands on in `Seen`
    the whole of a log   stretches joined, chains, tiles, root: `verify_log` and `verify_some`
    what was kept        `--trusted`
    signatures           of organisations: SSH signatures, passkeys, the keys that the log issued
    one entry by itself  proof and evidence: `verify_bundle`
    the count of a year, openings of restricted entries
    where a copy lies    zips and addresses
    the answer           what is printed, the command line, the exit code
"""

import argparse
import base64
import contextlib
import hashlib
import hmac
import http.client
import io
import itertools
import json
import lzma
import math
import multiprocessing
import operator
import os
import re
import struct
import sys
import tempfile
import time
import traceback
import urllib.error
import urllib.request
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
    from cryptography.hazmat.primitives.hashes import SHA256
except ImportError:
    print(
        "nothing to verify with: the package cryptography is missing (python3 -m pip install cryptography)",
        file=sys.stderr,
    )
    sys.exit(2)

HASH, WIDTH = 32, 256
EMPTY = hashlib.sha256().digest()
ENTRIES_PER_PROCESS = 32_768
MOST_LINES = 1_000
"""Faults told; the rest are counted."""
LARGEST = {"tile": HASH * WIDTH, "entries": WIDTH * 65_537, "other": 16_000_000, "line": 16_000_000}
"""Bytes that a file may have, or a line of disclosures.jsonl, which itself grows with the log: see `most_of`."""
DEEPEST = 100
"""Lists and objects that may stand within each other in a value."""
LARGE, PROBES = 10_000, 50
"""Of a log of more bundles than this, so many are asked for before all are: its size is not believed unseen."""
ERASED = "record.erased"
SIGNED, ISSUES, REVOKED = "texts.signed", ("record.key_issued", "record.key_rotated"), "record.key_revoked"
PUBLISHED = "texts.published"
NAMESPACE = "comity.text"
CONVENED, COUNTED = "engagements.convened", "visibility.year_counted"
PROTECTING = ("visibility.protection_approved", "visibility.flag_raised")


class NothingToVerify(Exception):
    """No copy stands at that place."""


class No(Exception):
    """The file cannot be a true copy at all."""


class Problem(NamedTuple):
    """One thing wrong: the entry (None: the log as a whole), its subject, and in words."""

    entry: int | None
    what: str
    subject: str = ""


# --- canonical JSON (RFC 8785) --------------------------------------------------------------------------------------


def canonical(value: Any) -> bytes:
    """The one way to write a JSON value; raise ValueError for values that have none."""
    out: list[str] = []
    _write(value, out, 1)
    return "".join(out).encode("utf-8")


def _write(value: Any, out: list[str], depth: int) -> None:
    if depth > DEEPEST + 1:
        raise ValueError(f"more than {DEEPEST} lists and objects stand within each other")
    if value is None or value is True or value is False:
        out.append({None: "null", True: "true", False: "false"}[value])
    elif isinstance(value, str):
        out.append(json.dumps(value, ensure_ascii=False))
    elif isinstance(value, (int, float)):
        out.append(_number(value))
    elif isinstance(value, list):
        out.append("[")
        for place, item in enumerate(value):
            out.append("," if place else "")
            _write(item, out, depth + 1)
        out.append("]")
    elif isinstance(value, dict):
        out.append("{")
        for place, key in enumerate(sorted(value, key=lambda text: text.encode("utf-16-be"))):
            out.append(("," if place else "") + json.dumps(key, ensure_ascii=False) + ":")
            _write(value[key], out, depth + 1)
        out.append("}")
    else:
        raise ValueError(f"not JSON: {value!r}")


def _number(value: Any) -> str:
    """A number as JavaScript prints it."""
    if isinstance(value, int):
        if not -(2**53) < value < 2**53:
            raise ValueError(f"integer too large: {value}")
        return str(value)
    if not math.isfinite(value):
        raise ValueError("not a JSON number")
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    _, figures, scale = Decimal(repr(abs(value))).as_tuple()
    digits = "".join(map(str, figures)).rstrip("0")
    exponent = int(scale) + len(figures) - 1
    if 0 <= exponent < 21:
        whole = digits.ljust(exponent + 1, "0")
        return sign + whole[: exponent + 1] + ("." + whole[exponent + 1 :] if len(whole) > exponent + 1 else "")
    if -7 < exponent < 0:
        return sign + "0." + "0" * (-exponent - 1) + digits
    return sign + digits[0] + ("." + digits[1:] if len(digits) > 1 else "") + f"e{exponent:+d}"


class _Float(Exception):
    """A number with a fraction stands in the text: only the slow writer knows its form."""


def _whole(text: str) -> int:
    value = int(text)
    if not -(2**53) < value < 2**53:
        raise ValueError(f"integer too large: {text[:40]}")
    return value


def _fraction(text: str) -> float:
    raise _Float(text)


def _constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


_QUICK = json.JSONDecoder(parse_int=_whole, parse_float=_fraction, parse_constant=_constant)
_SLOW = json.JSONDecoder(parse_constant=_constant)
_WRITER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
_BEYOND = re.compile(rb"[\xee-\xff]")
"""Bytes of letters whose order Python and RFC 8785 may see differently."""


def read_canonical(text: bytes) -> tuple[Any, bool]:
    """Read a value that is written canonically, and whether the quick writer writes it so; raise ValueError."""
    decoded = text.decode("utf-8")
    shallow = text.count(b"[") + text.count(b"{") <= DEEPEST
    try:
        value = _QUICK.decode(decoded)
        quick = shallow and (text.isascii() or not _BEYOND.search(text)) and _WRITER.encode(value) == decoded
    except _Float:
        quick = False
    if not quick:
        value = _SLOW.decode(decoded)
        if canonical(value) != text:
            raise ValueError("it is not written as canonical JSON")
    return value, quick


def written(value: Any, quick: bool) -> bytes:
    """A value that was read so, canonically."""
    return _WRITER.encode(value).encode() if quick else canonical(value)


UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, struct.error)


# --- signed notes, keys, policies (C2SP signed-note, tlog-checkpoint, tlog-cosignature, tlog-policy) ------------------

NOTE, COSIGNATURE = 1, 4


class Key(NamedTuple):
    """A key that signs notes; its id is the beginning of a fingerprint of the rest."""

    name: str
    kind: int
    public: bytes

    def ident(self) -> bytes:
        """The four bytes by which a signature line names it."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]


class Head(NamedTuple):
    """What a checkpoint says."""

    origin: str
    size: int
    root: bytes


def unbased(text: str) -> bytes:
    """Base64 in its one form; raise ValueError."""
    raw = base64.b64decode(text.encode("ascii"), validate=True)
    if base64.b64encode(raw).decode() != text:
        raise ValueError(f"{text[:40]!r} is not canonical base64")
    return raw


class UnknownKind(ValueError):
    """A key of a kind that is not known here, such as 0x06, ML-DSA-44."""


def read_key(text: str) -> Key:
    """A key written <name>+<id>+<base64>; raise ValueError, UnknownKind where it is well written all the same."""
    found = re.fullmatch(r"([^\s+\x00-\x1f]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)", text)
    if found is None:
        raise ValueError(f"{text[:60]!r} is not a key, <name>+<8 hex digits>+<base64>")
    raw = unbased(found[3])
    key = Key(found[1], raw[0], raw[1:])
    if key.kind in (NOTE, COSIGNATURE) and len(key.public) != 32:
        raise ValueError(f"the key {key.name} has {len(key.public)} bytes, not 32")
    if key.ident().hex() != found[2]:
        raise ValueError(f"the key {key.name} has another id than it says")
    if key.kind not in (NOTE, COSIGNATURE):
        raise UnknownKind(f"the key {key.name} is of a kind that is not known here, {key.kind:#04x}")
    require_strong(key.public)
    return key


# The coordinates y of the points of Ed25519 of which eight times are nothing: under such a key anybody can sign.
P25519 = 2**255 - 19
OF_ORDER_EIGHT = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
SMALL = (0, 1, P25519 - 1, OF_ORDER_EIGHT, P25519 - OF_ORDER_EIGHT)


def require_strong(public: bytes) -> None:
    """Raise ValueError on a public key of Ed25519 that is of small order or not in its canonical form."""
    y = int.from_bytes(public, "little") % 2**255
    if y >= P25519:
        raise ValueError("its Ed25519 key is not in its canonical form")
    if y in SMALL:
        raise ValueError("its Ed25519 key is of small order, so that anybody can sign in its name")


def read_keys(text: bytes) -> tuple[list[Key], list[str]]:
    """The keys of a file, one a line, and in words those of a kind not known here; raise No.

    Whoever does not know a key passes over its lines: that is the rule of signed notes. A policy is stricter.
    """
    keys, passed = [], []
    try:
        for line in text.decode().split("\n"):
            if line.strip() and line[0] != "#":
                try:
                    keys.append(read_key(line))
                except UnknownKind as error:
                    passed.append(f"{error}: passed over")
    except ValueError as error:
        raise No(f"vkeys: {error}") from error
    return keys, passed


Line = tuple[str, bytes, bytes]


def plain(raw: bytes) -> str:
    """UTF-8 without control characters but newlines; raise ValueError."""
    text = raw.decode("utf-8")
    if control := re.search(r"[\x00-\x09\x0b-\x1f]", text):
        raise ValueError(f"a control character {ord(control[0])} stands in it")
    return text


def read_note(raw: bytes) -> tuple[bytes, list[Line]]:
    """The text of a note, and its signature lines as name, id, signature; raise ValueError."""
    if len(raw) > 1_000_000:
        raise ValueError("it is longer than a million bytes")
    whole = plain(raw)
    end = whole.rfind("\n\n")
    if end < 0:
        raise ValueError("it is not signed: no empty line stands before signatures")
    text, rest = whole[: end + 1], whole[end + 2 :]
    if not rest.endswith("\n"):
        raise ValueError("its last signature line does not end")
    lines = rest[:-1].split("\n")
    if len(lines) > 100:
        raise ValueError(f"it has {len(lines)} signature lines")
    return text.encode(), [_signature_line(line) for line in lines]


def _signature_line(line: str) -> Line:
    found = re.fullmatch(r"\u2014 ([^\s+\x00-\x1f]+) ([A-Za-z0-9+/=]+)", line)
    if found is None:
        raise ValueError(f"{line[:60]!r} is not a signature line")
    raw = unbased(found[2])
    if len(raw) < 5:
        raise ValueError(f"the signature line of {found[1]} is too short")
    return found[1], raw[:4], raw[4:]


def signed_by(raw: bytes, keys: Iterable[Key]) -> dict[Key, int]:
    """Which of the keys have signed a note, with the time of a cosignature; raise ValueError on a false line of one."""
    text, lines = read_note(raw)
    known: dict[tuple[str, bytes], Key] = {}
    for key in keys:
        if known.setdefault((key.name, key.ident()), key) != key:
            raise ValueError(f"two keys share the name and the id {key.name}+{key.ident().hex()}")
    found: dict[Key, int] = {}
    for name, ident, signature in lines:
        signer = known.get((name, ident))
        if signer is not None and signer not in found:
            found[signer] = _time_of(signer, text, signature)
    return found


def _time_of(key: Key, text: bytes, signature: bytes) -> int:
    time = 0
    if key.kind == COSIGNATURE:
        if len(signature) != 72:
            raise ValueError(f"the cosignature of {key.name} has {len(signature)} bytes, not 72")
        time, signature = int.from_bytes(signature[:8], "big"), signature[8:]
        if time >= 2**63:
            raise ValueError(f"the cosignature of {key.name} carries a time that no clock shows")
        text = b"cosignature/v1\ntime %d\n%s" % (time, text)
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, text)
    except InvalidSignature:
        raise ValueError(f"the signature of {key.name} is false") from None
    return time


def decimal(text: str) -> int:
    """A plain decimal number; raise ValueError."""
    if not re.fullmatch(r"0|[1-9][0-9]{0,18}", text) or int(text) >= 2**63:
        raise ValueError(f"{text[:40]!r} is not a plain decimal number")
    return int(text)


def read_body(text: bytes) -> Head:
    """The text of a checkpoint; raise ValueError."""
    lines = plain(text).split("\n")
    if len(lines) < 4 or lines[-1] or not all(lines[:-1]):
        raise ValueError("it is not origin, size and root, each on a line")
    head = Head(lines[0], decimal(lines[1]), unbased(lines[2]))
    if len(head.root) != HASH:
        raise ValueError(f"its root has {len(head.root)} bytes, not {HASH}")
    if head.size == 0 and head.root != EMPTY:
        raise ValueError("an empty log has the SHA-256 of nothing as its root")
    return head


def read_head(raw: bytes) -> Head:
    """The checkpoint in a signed note; raise No."""
    try:
        return read_body(read_note(raw)[0])
    except UNREADABLE as error:
        raise No(f"the log: its checkpoint cannot be read: {error}") from error


def kept_head(raw: bytes) -> Head:
    """A checkpoint that somebody kept, signed or only its text; raise No."""
    try:
        return read_body(raw if raw.count(b"\n\n") == 0 else read_note(raw)[0])
    except UNREADABLE as error:
        raise No(f"what you kept is not a checkpoint: {error}") from error


@dataclass
class Policy:
    """Who must have cosigned: witnesses and groups by the policy's names for them, and the one that must agree."""

    logs: list[Key] = field(default_factory=list)
    witnesses: dict[str, Key] = field(default_factory=dict)
    groups: dict[str, tuple[int, list[str]]] = field(default_factory=dict)
    quorum: str = ""
    grouped: set[str] = field(default_factory=set)

    def met(self, keys: Iterable[Key]) -> bool:
        """Whether these have cosigned enough."""
        return self.quorum == "none" or self._agrees(self.quorum, set(keys))

    def asks(self) -> list[str]:
        """The witnesses within the quorum."""
        return [] if self.quorum == "none" else self._within(self.quorum)

    def _agrees(self, name: str, keys: set[Key]) -> bool:
        if name in self.witnesses:
            return self.witnesses[name] in keys
        least, members = self.groups[name]
        return sum(self._agrees(member, keys) for member in members) >= least

    def _within(self, name: str) -> list[str]:
        if name in self.witnesses:
            return [name]
        return [one for member in self.groups[name][1] for one in self._within(member)]

    def take(self, words: list[str]) -> None:
        """Read one line; raise ValueError."""
        if words[0] == "log" and len(words) in (2, 3):
            key = read_key(words[1])
            if key.kind != NOTE or key.public in [known.public for known in self.logs]:
                raise ValueError("a log's key is twice there, or of a witness's kind")
            self.logs.append(key)
        elif words[0] == "witness" and len(words) in (3, 4):
            key = read_key(words[2])
            if key.public in [known.public for known in self.witnesses.values()]:
                raise ValueError("a witness's key is twice there")
            self.witnesses[self._new(words[1])] = key
        elif words[0] == "group" and len(words) > 3:
            self._group(words[1], words[2], words[3:])
        elif words[0] == "quorum" and len(words) == 2 and not self.quorum:
            if words[1] != "none" and not self._known(words[1]):
                raise ValueError(f"{words[1]} is not named above")
            self.quorum = words[1]
        else:
            raise ValueError(f"no line of a policy begins or goes on like {' '.join(words)[:60]!r}")

    def _group(self, name: str, least: str, members: list[str]) -> None:
        for member in members:
            if not self._known(member) or member in self.grouped:
                raise ValueError(f"{member} is not named above, or is in two groups")
            self.grouped.add(member)
        count = {"any": 1, "all": len(members)}.get(least) or decimal(least)
        if not 1 <= count <= len(members):
            raise ValueError(f"{count} of {len(members)} cannot agree")
        self.groups[self._new(name)] = count, members

    def _known(self, name: str) -> bool:
        return name in self.witnesses or name in self.groups

    def _new(self, name: str) -> str:
        if self._known(name) or name in ("none", "any", "all"):
            raise ValueError(f"{name} is named twice, or a word of policies")
        return name


def read_policy(raw: bytes) -> Policy:
    """A policy; raise No, which names the line."""
    policy = Policy()
    try:
        lines = raw.decode("utf-8").split("\n")
    except ValueError as error:
        raise No(f"the policy is not UTF-8: {error}") from error
    if lines.pop():
        raise No("the last line of the policy does not end")
    for number, line in enumerate(lines, start=1):
        try:
            if re.search(r"[\x00-\x08\x0b-\x1f\x7f]", line):
                raise ValueError("a control character stands in it")
            words = re.findall(r"[^ \t]+", line)
            if words and not words[0].startswith("#"):
                policy.take(words)
        except UNREADABLE as error:
            raise No(f"line {number} of the policy: {error}") from error
    if not policy.quorum:
        raise No("the policy names no quorum")
    return policy


@dataclass
class Trust:
    """By which keys a checkpoint is judged, and who says so."""

    logs: list[Key]
    """Those that sign as this log: any of them will do."""
    policy: Policy | None
    others: list[Key] = field(default_factory=list)
    own: bool = False
    """Whether the reader brought the policy, and not the copy."""
    hands: dict[str, str] = field(default_factory=dict)
    """Who runs each witness, in the operator's words."""
    passed: list[str] = field(default_factory=list)
    """In words, the keys of a kind that is not known here."""


def trust_of(folder: Path, head: Head, policy: Path | None) -> Trust:
    """The keys for a checkpoint: by the reader's policy and by no other, else by what lies beside it."""
    known, passed = read_keys(got(folder, "vkeys")) if has(folder, "vkeys") else ([], [])
    hands = read_hands(got(folder, "controllers")) if has(folder, "controllers") else {}
    said = read_policy(got(folder, "policy")) if policy is None and has(folder, "policy") else None
    if policy is not None:
        said, known, passed = read_policy(read_file(policy)), [], []
    notes = [key for key in known if key.kind == NOTE] + (said.logs if said else [])
    logs = [key for key in dict.fromkeys(notes) if key.name == head.origin]
    return Trust(logs, said, [key for key in known if key.kind == COSIGNATURE], policy is not None, hands, passed)


def who_signed(raw: bytes, head: Head, trust: Trust) -> tuple[list[Problem], list[str]]:
    """What is wrong with the signatures under a checkpoint, and in words who signed."""
    where = "your policy" if trust.own else "the copy"
    if not trust.logs:
        return [Problem(None, f"{where} names no key of the log {head.origin}: its signature cannot be checked")], []
    witnesses = list(trust.policy.witnesses.values()) if trust.policy else []
    try:
        times = signed_by(raw, [*trust.logs, *witnesses, *trust.others])
    except UNREADABLE as error:
        return [Problem(None, f"its checkpoint is not truly signed: {error}")], []
    if not times.keys() & set(trust.logs):
        return [Problem(None, f"the log {head.origin} has not signed its checkpoint")], []
    cosigned = {key: at for key, at in times.items() if key not in trust.logs}
    wrong, lines = quorum_of(trust, cosigned, [f"signed by {head.origin}"])
    return wrong, lines + trust.passed


def quorum_of(trust: Trust, cosigned: dict[Key, int], lines: list[str]) -> tuple[list[Problem], list[str]]:
    """Whether enough witnesses have cosigned, and who runs them, in words after ``lines``."""
    policy, whose = trust.policy or Policy(quorum="none"), "your policy" if trust.own else "the log's own policy"
    names = {key: name for name, key in policy.witnesses.items()}
    hands = {key: trust.hands.get(names.get(key, ""), "") for key in cosigned}
    for key, at in cosigned.items():
        lines.append(f"cosigned by {key.name} at {in_utc(at)}" + (f", run by {hands[key]}" if hands[key] else ""))
    if not policy.met(cosigned):
        absent = [name for name in policy.asks() if policy.witnesses[name] not in cosigned]
        return [Problem(None, f"{whose} is not met: not cosigned by {', '.join(absent)}")], lines
    if policy.quorum != "none":
        lines.append(f"{whose} is met: {policy.quorum}")
    if not apart(list(hands.values()), trust.hands.get("log", "")):
        lines.append("no independent witness: that others are shown the same log rests on the word of whoever runs it")
    return [], lines


def apart(hands: list[str], operator: str) -> bool:
    """Whether somebody other than the operator has cosigned; several witnesses in one hand are nobody."""
    told = {hand.casefold() for hand in hands if hand}
    return bool(told - {operator.casefold()}) and (len(hands) == 1 or len(told) > 1)


def read_hands(raw: bytes) -> dict[str, str]:
    """Who runs each witness, by its name in the policy, in the operator's words."""
    lines = [line.split(None, 1) for line in raw.decode("utf-8", "replace").split("\n") if not line.startswith("#")]
    return {line[0]: " ".join(line[1].split()) for line in lines if len(line) == 2}


def in_utc(time: int) -> str:
    """Seconds since 1970 as an instant; a number where it is none."""
    try:
        return f"{datetime(1970, 1, 1) + timedelta(seconds=time):%Y-%m-%dT%H:%M:%SZ}"  # noqa: DTZ001 - always UTC
    except OverflowError:
        return f"second {time}"


# --- files ----------------------------------------------------------------------------------------------------------

NAME = re.compile(
    r"tile/(?:[0-7]|entries)/(?:x[0-9]{3}/)*[0-9]{3}(?:\.p/[0-9]{1,3})?"
    r"|(?:signatures/)?(?:[A-Za-z0-9_-][A-Za-z0-9._-]{0,120})"
)
"""What may lie in a copy or a bundle."""


def tile_path(level: int | str, number: int, width: int = WIDTH) -> str:
    """The path of a tile: its number in groups of three digits, and its width where it is not full."""
    groups = [f"{number % 1000:03}"]
    while number := number // 1000:
        groups.insert(0, f"x{number % 1000:03}")
    return f"tile/{level}/{'/'.join(groups)}" + ("" if width == WIDTH else f".p/{width}")


def most_of(name: str, size: int) -> int:
    """Bytes that a file of a copy of so many entries may have; their values may have a million for each of them."""
    if name == "disclosures.jsonl":
        return LARGEST["other"] + size * 1_000_000
    return LARGEST["entries" if name.startswith("tile/entries/") else "tile" if name.startswith("tile/") else "other"]


def has(folder: Path, name: str) -> bool:
    """Whether a file lies in the folder."""
    return (folder / name).is_file()


def read_file(path: Path, most: int = LARGEST["other"]) -> bytes:
    """A file that a reader named; raise NothingToVerify."""
    try:
        with path.open("rb") as file:
            content = file.read(most + 1)
    except OSError as error:
        raise NothingToVerify(f"{path}: {error.strerror}") from error
    if len(content) > most:
        raise No(f"{path.name} has more than {most} bytes")
    return content


def got(folder: Path, name: str) -> bytes:
    """A file of a copy; raise NothingToVerify where it is not there."""
    return read_file(folder / name)


def read_tile(folder: Path, level: int | str, number: int, width: int) -> bytes | None:
    """The bytes of a tile, or of the full one that has taken its place; None where neither is there."""
    most = LARGEST["entries" if level == "entries" else "tile"]
    for held in dict.fromkeys((width, WIDTH)):
        try:
            with (folder / tile_path(level, number, held)).open("rb") as file:
                content = file.read(most + 1)
        except OSError:
            continue
        if held != width and level != "entries":
            return content[: width * HASH]
        return content
    return None


def plausible(size: int, there: Callable[[str], bool]) -> None:
    """Raise No where a checkpoint speaks of a very large log of which hardly a bundle is there."""
    bundles = -(-size // WIDTH)
    if bundles > LARGE:
        asked = [tile_path("entries", bundles * part // PROBES) for part in range(PROBES)]
        absent = [path for path in asked if not there(path)]
        if len(absent) > PROBES // 2:
            what = f"the checkpoint says {size} entries, but most of them are not there, such as {absent[0]}"
            raise No(f"the log: {what}")


def split_bundle(bundle: bytes) -> tuple[list[bytes], bool]:
    """The entries of a bundle, and whether it ends where its last entry ends."""
    entries: list[bytes] = []
    place, end = 0, len(bundle)
    while place + 2 <= end:
        start = place + 2
        place = start + (bundle[place] << 8 | bundle[start - 1])
        if place > end:
            return entries, False
        entries.append(bundle[start:place])
    return entries, place == end


def entries_of(folder: Path, number: int, width: int) -> tuple[list[bytes], str]:
    """The entries of a bundle, and what is wrong with it ("" for nothing)."""
    name = tile_path("entries", number, width)
    bundle = read_tile(folder, "entries", number, width)
    if bundle is None:
        return [], f"{name} is missing"
    entries, whole = split_bundle(bundle)
    if len(entries) > width and not has(folder, name):
        return entries[:width], ""
    if not whole:
        return entries, f"{name} breaks off after {len(entries)} entries"
    return entries, ""


# --- the tree (RFC 6962) --------------------------------------------------------------------------------------------


def leaf_print(leaf: bytes) -> bytes:
    """The fingerprint of one leaf."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def pair_print(left: bytes, right: bytes) -> bytes:
    """The fingerprint of two neighbours."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def tree_root(prints: Sequence[bytes]) -> bytes:
    """The root over fingerprints, level by level; an odd one at the end rises as it is."""
    if not prints:
        return EMPTY
    level, sha256 = list(prints), hashlib.sha256
    while len(level) > 1:
        above = [sha256(b"\x01" + left + right).digest() for left, right in zip(level[::2], level[1::2], strict=False)]
        level = above + ([level[-1]] if len(level) % 2 else [])
    return level[0]


def hashes_in(tile: bytes) -> list[bytes]:
    """The hashes of a tile."""
    return [tile[start : start + HASH] for start in range(0, len(tile), HASH)]


def half_of(size: int) -> int:
    """The largest power of two that is smaller."""
    half = 1
    while half * 2 < size:
        half *= 2
    return half


def root_of_path(index: int, size: int, leaf: bytes, path: list[bytes]) -> bytes:
    """The root to which a leaf leads by its siblings; raise No when their number is wrong."""
    if not 0 <= index < size:
        raise No(f"entry {index} is not one of {size}")
    sides: list[str] = []
    start, stop = 0, size
    while stop - start > 1:
        middle = start + half_of(stop - start)
        sides.append("right" if index < middle else "left")
        start, stop = (start, middle) if index < middle else (middle, stop)
    if len(sides) != len(path):
        raise No(f"entry {index} of {size} needs {len(sides)} siblings, not {len(path)}")
    here = leaf
    for side, sibling in zip(reversed(sides), path, strict=True):
        here = pair_print(here, sibling) if side == "right" else pair_print(sibling, here)
    return here


class Tiles:
    """The tiles of a tree of that size, each read once; a missing one raises No."""

    def __init__(self, folder: Path, size: int) -> None:
        self.folder, self.size = folder, size
        self._kept: dict[tuple[int, int], bytes] = {}

    def tile(self, level: int, number: int) -> bytes:
        """The bytes of a tile."""
        if (level, number) not in self._kept:
            width = min((self.size >> 8 * level) - number * WIDTH, WIDTH)
            found = read_tile(self.folder, level, number, width)
            if found is None or len(found) != width * HASH:
                raise No(f"the log: {tile_path(level, number, width)} is missing or does not hold {width} hashes")
            self._kept[level, number] = found
        return self._kept[level, number]

    def over(self, first: int, last: int) -> bytes:
        """The root over a range that begins where a perfect subtree of its height may begin."""
        if last - first == 1 << (last - first).bit_length() - 1:
            return self._perfect(first, (last - first).bit_length() - 1)
        middle = first + half_of(last - first)
        return pair_print(self.over(first, middle), self.over(middle, last))

    def _perfect(self, first: int, height: int) -> bytes:
        level, above = divmod(height, 8)
        place = first >> 8 * level
        tile = self.tile(level, place // WIDTH)
        start = place % WIDTH
        return tree_root([tile[at * HASH : at * HASH + HASH] for at in range(start, start + (1 << above))])

    def root(self, cut: int = 0, known: tuple[int, int, bytes] | None = None) -> bytes:
        """The root of the whole, no subtree reaching over ``cut``; ``known`` is a range with the root found for it."""
        return self._joined(0, self.size, cut, known) if self.size else EMPTY

    def _joined(self, first: int, last: int, cut: int, known: tuple[int, int, bytes] | None) -> bytes:
        if known and (first, last) == known[:2]:
            return known[2]
        apart = known is None or last <= known[0] or known[1] <= first
        if apart and not first < cut < last:
            return self.over(first, last)
        middle = first + half_of(last - first)
        return pair_print(self._joined(first, middle, cut, known), self._joined(middle, last, cut, known))


# --- leaves ---------------------------------------------------------------------------------------------------------

_PLAIN = rb"[ !#-\[\]-\x7f]*"
PUBLIC = re.compile(
    rb'\{"actor":"P","at":"P","because":\[((?:"P"(?:,"P")*)?)\],'
    rb'"commit":\{((?:"[a-z0-9._-]+":"[0-9a-f]{64}"(?:,"[a-z0-9._-]+":"[0-9a-f]{64}")*)?)\},'
    rb'"prev":"((?:[0-9a-f]{64})?)","subject":"(P)","subject_seq":([1-9][0-9]{0,14}),"type":"(P)","v":1\}'.replace(
        b"P", _PLAIN
    )
)
"""A leaf as nearly all are written; what has another form is read the long way."""
RESTRICTED = re.compile(rb'\{"commit":"([0-9a-f]{64})","v":1\}')
SEALS = re.compile(rb'"([a-z0-9._-]+)":"([0-9a-f]{64})"')
SEALED_NAMES = re.compile(rb'"([a-z0-9._-]+)":')
MEMBERS = {"v", "type", "at", "actor", "subject", "subject_seq", "prev", "because", "commit"}


class Leaf(NamedTuple):
    """What of a leaf the checks look at; ``sealed`` is None where it is restricted, and ``seal`` then its only one."""

    because: list[bytes] = []
    sealed: bytes | dict[str, str] | None = None
    """Its seals as they stand in it, or read the long way: most checks do not look at them."""
    prev: str = ""
    subject: bytes = b""
    seq: int = 0
    type: str = ""
    seal: str = ""

    @property
    def public(self) -> bool:
        """Whether it says what it is about."""
        return self.sealed is not None

    @property
    def seals(self) -> dict[str, str]:
        """The seal of each value."""
        if isinstance(self.sealed, bytes):
            return {name.decode(): seal.decode() for name, seal in SEALS.findall(self.sealed)}
        return self.sealed or {}


def ascending(names: list[bytes]) -> bool:
    """Whether each name comes before the next."""
    return all(map(operator.lt, names, names[1:]))


def read_leaf(data: bytes) -> Leaf:
    """A leaf; raise ValueError when it is not one, written canonically."""
    found = PUBLIC.fullmatch(data)
    if found:
        because, commit, prev, subject, seq, kind = found.groups()
        names = SEALED_NAMES.findall(commit)
        if ascending(names):
            refs = because[1:-1].split(b'","') if because else []
            return Leaf(refs, commit, prev.decode(), subject, int(seq), kind.decode())
    elif found := RESTRICTED.fullmatch(data):
        return Leaf(seal=found[1].decode())
    return _long_way(data)


def _long_way(data: bytes) -> Leaf:
    leaf, _quick = read_canonical(data)
    if not isinstance(leaf, dict) or leaf.get("v") != 1 or leaf["v"] is True:
        raise ValueError("it is not a leaf of version 1")
    if set(leaf) == {"v", "commit"} and isinstance(leaf["commit"], str):
        return Leaf(seal=leaf["commit"])
    if set(leaf) != MEMBERS or not isinstance(leaf["commit"], dict) or not isinstance(leaf["because"], list):
        raise ValueError("it has other fields than a leaf")
    texts = [leaf[key] for key in ("type", "at", "actor", "subject", "prev")]
    texts += [*leaf["because"], *leaf["commit"].values()]
    if type(leaf["subject_seq"]) is not int or not all(isinstance(text, str) for text in texts):
        raise ValueError("a field of it has the wrong type")
    refs = [ref.encode() for ref in leaf["because"]]
    return Leaf(refs, leaf["commit"], leaf["prev"], leaf["subject"].encode(), leaf["subject_seq"], leaf["type"])


# --- values ---------------------------------------------------------------------------------------------------------


class Told(NamedTuple):
    """What a copy tells of one entry: fields with salt and canonical value, and the names of those withheld."""

    entry: int
    fields: dict[str, tuple[bytes, bytes]]
    withheld: set[str]


def names_of(listed: Any) -> set[str]:
    """The names of withheld values; raise TypeError when they are not a list of different texts."""
    if not isinstance(listed, list) or not all(isinstance(name, str) for name in listed):
        raise TypeError(listed)
    if len(set(listed)) < len(listed):
        raise TypeError(listed)
    return set(listed)


_FIELD = (
    rb'"([a-z0-9._-]+)":\{"salt":"([0-9a-f]{64})",'
    rb'"value":("[^"\\\x00-\x1f]*"|0|-?[1-9][0-9]{0,14}|true|false|null)\}'
)
FIELD = re.compile(_FIELD)
LINE = re.compile(
    rb'\{"fields":\{(F(?:,F)*)\},"index":(0|[1-9][0-9]{0,14})\}'.replace(
        b"F", _FIELD.replace(b"(", b"(?:").replace(b"(?:?:", b"(?:")
    )
)
"""A line as nearly all are written: plain values, none withheld; what has another form is read the long way."""


def read_told(line: bytes) -> Told:
    """A line of disclosures.jsonl; raise one of UNREADABLE."""
    if found := LINE.fullmatch(line):
        line.decode("utf-8")
        kept = FIELD.findall(found[1])
        names = [name for name, _salt, _value in kept]
        if ascending(names):
            fields = {name.decode(): (bytes.fromhex(salt.decode()), value) for name, salt, value in kept}
            return Told(int(found[2]), fields, set())
    return _told_the_long_way(line)


def _told_the_long_way(line: bytes) -> Told:
    row, quick = read_canonical(line)
    index, kept = row["index"], row["fields"]
    if type(index) is not int or index < 0 or not isinstance(kept, dict):
        raise TypeError(index)
    if set(row) - {"index", "fields", "withheld"}:
        raise ValueError("it has other members")
    if any(set(one) != {"salt", "value"} for one in kept.values()):
        raise ValueError("a value has other members")
    fields = {name: (salt_of(one["salt"]), written(one["value"], quick)) for name, one in kept.items()}
    return Told(index, fields, names_of(row["withheld"]) if "withheld" in row else set())


def salt_of(text: Any) -> bytes:
    """A salt of 32 bytes in hexadecimal digits; raise ValueError or TypeError."""
    if not re.fullmatch(r"[0-9a-f]{64}", text):
        raise ValueError(f"{text[:40]!r} is not a salt of 32 bytes")
    return bytes.fromhex(text)


def seal_faults(leaf: Leaf, seals: dict[str, str], told: Told) -> Iterator[str]:
    """Every disclosed value must be the one under its seal, every withheld name a seal that hides one."""
    for name, (salt, value) in sorted(told.fields.items()):
        seal = hmac.digest(salt, value, "sha256").hex()
        if name not in seals:
            yield f"a value of {name} is disclosed that its leaf never sealed"
        elif seal != seals[name]:
            yield f"the value of {name} was altered: its seal is {seal[:16]}..., written was {seals[name][:16]}..."
    for name in sorted(told.withheld):
        if name not in seals:
            yield f"a value of {name} is withheld that its leaf never sealed"
        elif name in told.fields:
            yield f"the value of {name} is both disclosed and withheld"
        elif leaf.type == ERASED:
            yield f"the value of {name} is withheld, though it says what was erased"


def erased_by(told: Told) -> tuple[int, str] | None:
    """Which value an erasure entry names: one of an entry before it."""
    try:
        index, name = json.loads(told.fields["index"][1]), json.loads(told.fields["field"][1])
    except UNREADABLE:
        return None
    return (index, name) if type(index) is int and index < told.entry and isinstance(name, str) else None


class Values:
    """The lines of disclosures.jsonl between two of its bytes, in the order of the entries, each looked at once."""

    def __init__(self, path: Path, start: int, stop: int, span: tuple[int, int]) -> None:
        self.problems: list[Problem] = []
        self._lines = self._read(path, start, stop, span)
        self._next: Told | None = None
        self._ended = False

    def of(self, index: int) -> Told | None:
        """What is told of an entry; ask in ascending order."""
        while not self._ended and (self._next is None or self._next.entry < index):
            if self._next is not None:
                self._unsealed(self._next.entry)
            self._next = next(self._lines, None)
            self._ended = self._next is None
        if self._next is None or self._next.entry != index:
            return None
        told, self._next = self._next, None
        return told

    def finish(self) -> list[Problem]:
        """Everything wrong with the lines themselves."""
        for left in itertools.chain([self._next] if self._next else [], self._lines):
            self._unsealed(left.entry)
        return self.problems

    def _unsealed(self, index: int) -> None:
        self.problems.append(Problem(index, "values are disclosed for it, but no public leaf holds their seals"))

    def _read(self, path: Path, start: int, stop: int, span: tuple[int, int]) -> Iterator[Told]:
        last = -1
        with path.open("rb") as file:
            file.seek(start)
            place = start
            while place < stop:
                line = file.readline(LARGEST["line"])
                place += len(line)
                told = self._told(line, place)
                if told is None:
                    continue
                if told.entry <= last:
                    what = "its values stand twice in disclosures.jsonl, or out of the order of the entries"
                    self.problems.append(Problem(told.entry, what))
                elif not span[0] <= told.entry < span[1]:
                    self._unsealed(told.entry)
                else:
                    last = told.entry
                    yield told

    def _told(self, line: bytes, place: int) -> Told | None:
        try:
            if not line.endswith(b"\n"):
                full = len(line) == LARGEST["line"]
                raise ValueError(f"it is longer than {len(line)} bytes" if full else "the file breaks off")
            return read_told(line[:-1])
        except UNREADABLE as error:
            why = str(error) if isinstance(error, ValueError) else "it does not tell an entry's values"
            where = f"the line of disclosures.jsonl that ends at byte {place}"
            self.problems.append(Problem(None, f"{where} cannot be read: {why[:100]}"))
            return None


def line_starts(path: Path, indexes: Sequence[int]) -> list[int]:
    """Where in disclosures.jsonl the lines of entries from each of these on begin; raise one of UNREADABLE."""
    length = path.stat().st_size
    found = []
    with path.open("rb") as file:
        for index in indexes:
            low, high = 0, length
            while low < high:
                middle = (low + high) // 2
                start = _next_line(file, middle)
                line = file.readline(LARGEST["line"])
                if line and read_told(line.rstrip(b"\n")).entry < index:
                    low = start + len(line)
                else:
                    high = middle
            found.append(_next_line(file, low))
    return found


def _next_line(file: Any, place: int) -> int:
    """Go to the first line that begins at that byte or after."""
    file.seek(max(place - 1, 0))
    if place:
        file.readline(LARGEST["line"])
    start: int = file.tell()
    return start


# --- one stretch of a log -------------------------------------------------------------------------------------------

Place = tuple[int, int, bytes, bytes]
"""Where a subject stands: its last entry, that entry's number on it, its fingerprint as found and as its tile says."""
START: Place = (-1, 0, b"", b"")


class Break(NamedTuple):
    """A link of a subject's chain that does not hold."""

    entry: int
    subject: bytes
    seq: int
    prev: str
    before: int
    counted: int


class Statement(NamedTuple):
    """What an entry says that is looked into further: when (seconds since 1970), and its values."""

    entry: int
    type: str
    at: int
    values: dict[str, Any]


@dataclass
class Stretch:
    """Which entries one process looks at, from a tile's first to another's last, and where their values lie."""

    folder: Path
    first: int
    last: int
    values: tuple[int, int] | None
    """From which byte to which of disclosures.jsonl; None: values are not looked at."""


@dataclass
class Seen:
    """What stands in a stretch, and what can only be judged beside the others."""

    roots: list[bytes] = field(default_factory=list)
    uneven: list[int] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    opens: dict[bytes, tuple[int, int, str]] = field(default_factory=dict)
    heads: dict[bytes, Place] = field(default_factory=dict)
    breaks: list[Break] = field(default_factory=list)
    unknown: dict[bytes, list[tuple[int, bytes]]] = field(default_factory=dict)
    missing: list[tuple[int, str, bytes]] = field(default_factory=list)
    erased: set[tuple[int, str]] = field(default_factory=set)
    withheld: dict[int, list[str]] = field(default_factory=dict)
    statements: list[Statement] = field(default_factory=list)
    convened: list[tuple[int, str, str]] = field(default_factory=list)
    """Of each meeting convened in public: its entry, the year, the meeting."""


def look(stretch: Stretch) -> Seen:
    """Everything about the entries of one stretch."""
    seen = Seen()
    values = None
    if stretch.values is not None:
        path = stretch.folder / "disclosures.jsonl"
        values = Values(path, *stretch.values, (stretch.first, stretch.last))
    for start in range(stretch.first, stretch.last, WIDTH):
        _bundle(stretch, start // WIDTH, min(WIDTH, stretch.last - start), seen, values)
    if values is not None:
        seen.problems += values.finish()
    return seen


def _bundle(stretch: Stretch, number: int, width: int, seen: Seen, values: Values | None) -> None:
    entries, wrong = entries_of(stretch.folder, number, width)
    if wrong:
        seen.problems.append(Problem(None, wrong))
    tile = read_tile(stretch.folder, 0, number, width)
    if tile is None or len(tile) != width * HASH:
        held = "is missing" if tile is None else f"has {len(tile)} bytes, not {width * HASH}"
        seen.problems.append(Problem(None, f"{tile_path(0, number, width)} {held}"))
        tile = (tile or b"")[: width * HASH].ljust(width * HASH, b"\0")
    sha256 = hashlib.sha256
    found = [sha256(b"\x00" + entry).digest() for entry in entries]
    listed: Sequence[bytes] = found
    places: Sequence[int | None] = range(len(found))
    if b"".join(found) != tile:
        seen.uneven.append(number)
        listed = hashes_in(tile)
        places = compare(found, listed, 0, "")[1]
    seen.roots.append(tree_root(listed))
    for index, place in enumerate(places):
        if place is not None:
            _entry(number * WIDTH + index, entries[place], (found[place], listed[index]), seen, values)


def _entry(index: int, entry: bytes, prints: tuple[bytes, bytes], seen: Seen, values: Values | None) -> None:
    try:
        leaf = read_leaf(entry)
    except UNREADABLE as error:
        seen.problems.append(Problem(index, f"its leaf cannot be read: {error}"))
        return
    if not leaf.public:
        return
    subject, seq, prev = leaf.subject, leaf.seq, leaf.prev
    head = seen.heads.get(subject)
    if head is None:
        seen.opens[subject] = index, seq, prev
    elif seq != head[1] + 1 or not follows(prev, head):
        seen.breaks.append(Break(index, subject, seq, prev, head[0], head[1]))
    for ref in leaf.because:
        if ref not in seen.heads and ref != subject:
            seen.unknown.setdefault(ref, []).append((index, subject))
    seen.heads[subject] = index, seq, *prints
    if leaf.type == CONVENED:
        seen.convened.append((index, json.loads(entry)["at"][:4], shown(subject)))
    if values is not None:
        told = values.of(index)
        _values(index, leaf, seen, told)
        if told is not None and leaf.type in (SIGNED, PUBLISHED, *ISSUES, REVOKED, COUNTED):
            said = {name: json.loads(value) for name, (_salt, value) in told.fields.items()}
            seen.statements.append(Statement(index, leaf.type, moment(json.loads(entry)["at"]), said))


def _values(index: int, leaf: Leaf, seen: Seen, told: Told | None) -> None:
    seals = leaf.seals
    if told is None:
        seen.missing += [(index, name, leaf.subject) for name in seals]
        return
    seen.problems += [Problem(index, what, shown(leaf.subject)) for what in seal_faults(leaf, seals, told)]
    absent = seals.keys() - told.fields.keys() - told.withheld
    seen.missing += [(index, name, leaf.subject) for name in absent]
    if told.withheld:
        seen.withheld[index] = sorted(told.withheld)
    if leaf.type == ERASED and (pair := erased_by(told)):
        seen.erased.add(pair)


def moment(text: str) -> int:
    """An instant of a leaf in seconds since 1970; -1 where it is none."""
    try:
        return int((datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ") - datetime(1970, 1, 1)).total_seconds())  # noqa: DTZ001, DTZ007
    except ValueError:
        return -1


def follows(prev: str, head: Place) -> bool:
    """Whether a fingerprint is that of the entry before, as it is or as it was."""
    return prev == head[2].hex() or prev == head[3].hex()


def shown(text: bytes | str) -> str:
    """A text from the log as it can be printed on any terminal."""
    if isinstance(text, bytes):
        text = text.decode("utf-8", "replace")
    return "".join(letter if letter.isprintable() else f"\\u{ord(letter):04x}" for letter in text)


# --- the whole of a log ---------------------------------------------------------------------------------------------


@dataclass
class Report:
    """The answer on one thing: what is wrong, what is said after a yes, and what was withheld."""

    yes: str
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    withheld: dict[int, list[str]] = field(default_factory=dict)


def stretches(folder: Path, size: int, with_values: bool, processes: int) -> list[Stretch]:
    """The log cut into as many stretches as processes look at it, at the edges of tiles."""
    bundles = -(-size // WIDTH)
    count = max(1, min(processes, size // ENTRIES_PER_PROCESS))
    cuts = [min(bundles * part // count * WIDTH, size) for part in range(count)] + [size]
    if not with_values:
        return [Stretch(folder, first, last, None) for first, last in itertools.pairwise(cuts)]
    path = folder / "disclosures.jsonl"
    length = path.stat().st_size
    try:
        starts = [0, *line_starts(path, cuts[1:-1]), length]
    except UNREADABLE:
        cuts, starts = [0, size], [0, length]
    pairs = zip(itertools.pairwise(cuts), itertools.pairwise(starts), strict=True)
    return [Stretch(folder, *span, at) for span, at in pairs]


def look_all(parts: list[Stretch]) -> list[Seen]:
    """Look at all stretches, each in a process of its own where there are several and the machine lets us."""
    if len(parts) == 1:
        return [look(parts[0])]
    try:
        with ProcessPoolExecutor(len(parts)) as pool:
            return list(pool.map(look, parts))
    except (OSError, ImportError, NotImplementedError, BrokenExecutor):
        return [look(part) for part in parts]


def joined(parts: list[Seen]) -> Seen:
    """The stretches as one: each subject's chain goes on from one into the next."""
    whole = Seen()
    for part in parts:
        for subject, (index, seq, prev) in part.opens.items():
            head = whole.heads.get(subject, START)
            if seq != head[1] + 1 or not follows(prev, head):
                whole.breaks.append(Break(index, subject, seq, prev, head[0], head[1]))
        for ref, users in part.unknown.items():
            if ref not in whole.heads:
                whole.unknown.setdefault(ref, []).extend(users)
        whole.heads.update(part.heads)
        for name in ("roots", "uneven", "problems", "breaks", "missing", "statements", "convened"):
            getattr(whole, name).extend(getattr(part, name))
        whole.erased |= part.erased
        whole.withheld |= part.withheld
    return whole


def chain_faults(seen: Seen, gone: set[str]) -> Iterator[Problem]:
    """Each subject counts its own entries and names the fingerprint of the one before; nothing arises from nothing."""
    for index, subject, seq, prev, before, count in sorted(seen.breaks):
        name = shown(subject)
        if prev in gone:
            continue
        if seq > count + 1:
            what = f"is number {seq} of its subject, but only {count} stand before it: one was taken out"
            yield Problem(index, what, name)
        elif seq <= count:
            yield Problem(index, f"is number {seq} of its subject, but follows number {count}: it was moved", name)
        elif before < 0:
            yield Problem(index, "was altered: it is the first of its subject and names one before it", name)
        else:
            what = f"was altered: entry {index}, next of its subject, names its fingerprint as {prev[:16]}..."
            yield Problem(before, what, name)
    for ref, users in seen.unknown.items() if not gone else ():
        for index, subject in users:
            yield Problem(index, f"arises from {shown(ref)}, of which nothing was recorded before", shown(subject))


def value_faults(seen: Seen) -> Iterator[Problem]:
    """A value is missing only when an entry says that it was erased, or it is withheld."""
    for index, name, subject in sorted(seen.missing):
        if (index, name) not in seen.erased:
            yield Problem(index, f"the value of {name} is missing, and no erasure of it is on record", shown(subject))


def compare(found: list[bytes], listed: list[bytes], begin: int, by: str) -> tuple[list[Problem], Sequence[int | None]]:
    """Find what makes two lists of fingerprints differ: altered, taken out, added, out of order.

    Also for each one listed, which of those found stands for it.
    """
    where, in_listed = {one: place for place, one in enumerate(found)}, set(listed)
    problems: list[Problem] = []
    places: list[int | None] = [None] * len(listed)
    here = there = 0
    while here < len(found) or there < len(listed):
        left = found[here] if here < len(found) else None
        right = listed[there] if there < len(listed) else None
        new, gone = left is not None and left not in in_listed, right is not None and right not in where
        if left == right or (new and gone):
            places[there] = here
            if left is not None and right is not None and left != right:
                what = f"was altered: its fingerprint is {short(left)}, {by} has {short(right)}"
                problems.append(Problem(begin + there, what))
            here, there = here + 1, there + 1
        elif right is not None and gone:
            what = f"was taken out: no leaf has the fingerprint {short(right)} that {by} has"
            problems.append(Problem(begin + there, what))
            there += 1
        elif left is not None and new:
            problems.append(Problem(begin + here, f"was added: {by} has not its fingerprint {short(left)}"))
            here += 1
        elif right is None:
            problems.append(Problem(begin + here, "stands once too often"))
            here += 1
        else:
            places[there] = where[right]
            problems.append(Problem(begin + there, "its order was changed: another entry stands in its place"))
            here, there = here + (left is not None), there + 1
    return problems, places


def short(fingerprint: bytes) -> str:
    """The first digits of a fingerprint."""
    return fingerprint.hex()[:16] + "..."


def width_at(size: int, number: int) -> int:
    """How many entries the bundle of that number holds."""
    return min(WIDTH, size - number * WIDTH)


def found_in(folder: Path, size: int, number: int) -> list[bytes]:
    """The fingerprints of the entries in a bundle."""
    return [leaf_print(entry) for entry in entries_of(folder, number, width_at(size, number))[0]]


def listed_in(folder: Path, size: int, number: int) -> list[bytes]:
    """The fingerprints that the tile of a bundle lists."""
    width = width_at(size, number)
    tile = read_tile(folder, 0, number, width) or b""
    return hashes_in(tile[: width * HASH].ljust(width * HASH, b"\0"))


def unlike_tiles(folder: Path, size: int, uneven: list[int]) -> tuple[list[Problem], set[str]]:
    """What was done to the entries that do not fit their tiles, and the fingerprints that have no leaf any more."""
    if not uneven:
        return [], set()
    numbers = range(min(uneven), max(uneven) + 1)
    found = [one for number in numbers for one in found_in(folder, size, number)]
    listed = [one for number in numbers for one in listed_in(folder, size, number)]
    gone = {one.hex() for one in set(listed) - set(found)}
    return compare(found, listed, numbers[0] * WIDTH, "its tile")[0], gone


def upper_faults(folder: Path, size: int, roots: list[bytes]) -> Iterator[Problem]:
    """Each tile above the lowest must hold the roots of those below it."""
    level, below = 1, roots[: size // WIDTH]
    while below:
        above = []
        for number in range(-(-len(below) // WIDTH)):
            hashes = below[number * WIDTH : number * WIDTH + WIDTH]
            tile = read_tile(folder, level, number, len(hashes))
            name = tile_path(level, number, len(hashes))
            if tile is None:
                yield Problem(None, f"{name} is missing")
            elif tile != b"".join(hashes):
                yield Problem(
                    None, f"{name} does not hold the roots of the tiles below it{_where(level, tile, hashes)}"
                )
            if len(hashes) == WIDTH:
                above.append(tree_root(hashes))
        level, below = level + 1, above


def _where(level: int, tile: bytes, hashes: list[bytes]) -> str:
    if len(tile) != len(hashes) * HASH:
        return f": it has {len(tile)} bytes"
    place = next(at for at, one in enumerate(hashes_in(tile)) if one != hashes[at])
    return f": the first that differs is number {place}, which stands for {WIDTH**level} entries"


def verify_log(folder: Path, given: argparse.Namespace) -> Report:
    """The answer on a whole log."""
    raw = got(folder, "checkpoint")
    head = read_head(raw)
    report = Report(f"yes, {head.size} entries, root {head.root.hex()}")
    plausible(head.size, lambda name: has(folder, name))
    with_values = not given.without_values and has(folder, "disclosures.jsonl")
    if not with_values and not given.without_values:
        report.problems.append(Problem(None, "disclosures.jsonl is missing (--without-values verifies the rest)"))
    seen = joined(look_all(stretches(folder, head.size, with_values, given.processes)))
    told, gone = unlike_tiles(folder, head.size, seen.uneven)
    report.problems += told
    for place in given.trusted:
        report.problems += continues(folder, seen.uneven, Path(place), given)
    report.problems += [*seen.problems, *chain_faults(seen, gone), *value_faults(seen)]
    report.problems += upper_faults(folder, head.size, seen.roots)
    root = tree_root(seen.roots)
    if root != head.root:
        what = f"its tiles lead to root {short(root)}, the checkpoint says {short(head.root)}"
        report.problems.append(Problem(None, what))
    wrong, report.notes = who_signed(raw, head, trust_of(folder, head, given.policy))
    report.problems += wrong
    report.withheld = seen.withheld
    organisations(folder, seen.statements, report)
    report.problems += count_faults(folder, head, seen)
    if given.openings:
        report.problems += opening_faults(folder, Path(given.openings), seen.statements, report)
    if not with_values:
        report.notes.append("values were not looked at")
    return report


def verify_some(folder: Path, given: argparse.Namespace, first: int, last: int) -> Report:
    """The answer on some entries of a log: they stand under the checkpoint, and their chains hold among themselves."""
    raw = got(folder, "checkpoint")
    head = read_head(raw)
    if not 0 <= first <= last < head.size:
        raise NothingToVerify(f"entries {first} to {last} are not in a log of {head.size}")
    report = Report(f"yes, entries {first} to {last} of {head.size}, root {head.root.hex()}")
    begin, end = first // WIDTH * WIDTH, min(head.size, (last // WIDTH + 1) * WIDTH)
    tiles, seen = Tiles(folder, head.size), look(Stretch(folder, begin, end, None))
    for start, own in zip(range(begin, end, WIDTH), seen.roots, strict=True):
        stop = min(start + WIDTH, head.size)
        root = tiles.root(known=(start, stop, own))
        if root != head.root:
            what = f"entries {start} to {stop - 1} lead to root {short(root)}, the checkpoint says {short(head.root)}"
            report.problems.append(Problem(None, what))
    told, gone = unlike_tiles(folder, head.size, seen.uneven)
    told += [*seen.problems, *chain_faults(Seen(breaks=seen.breaks), gone)]
    report.problems += [one for one in told if one.entry is None or first <= one.entry <= last]
    for place in given.trusted:
        report.problems += continues(folder, [], Path(place), given)
    wrong, report.notes = who_signed(raw, head, trust_of(folder, head, given.policy))
    report.problems += wrong
    report.notes.append("values, and what stands before these entries, were not looked at")
    return report


# --- what was kept from earlier -------------------------------------------------------------------------------------


def continues(folder: Path, uneven: list[int], place: Path, given: argparse.Namespace) -> list[Problem]:
    """Whether the log begins with what was kept: a checkpoint, or a whole copy, which also names what was rewritten."""
    raw = got(folder, "checkpoint")
    head = read_head(raw)
    if place.is_file() and not zipfile.is_zipfile(place):
        return unlike_head(folder, head, raw, read_file(place), given)
    with opened(str(place)) as kept:
        older_raw = got(kept, "checkpoint")
        older = kept_head(older_raw)
        problems = [] if older.origin != head.origin else list(unlike_copy(folder, head, uneven, kept, older))
        return problems + unlike_head(folder, head, raw, older_raw, given)


def unlike_head(folder: Path, head: Head, raw: bytes, older_raw: bytes, given: argparse.Namespace) -> list[Problem]:
    """Whether the log begins with the one that an earlier checkpoint showed."""
    older = kept_head(older_raw)
    if older.origin != head.origin:
        return [Problem(None, f"this is the log {head.origin}, the trusted checkpoint is of {older.origin}")]
    if older.size > head.size:
        what = f"entries {head.size} to {older.size - 1} are gone: the trusted checkpoint counts {older.size}"
        return [Problem(None, what + both_signed(folder, head, raw, older_raw, given))]
    if older.size == 0:
        return []
    tiles = Tiles(folder, head.size)
    try:
        same, whole = tiles.over(0, older.size) == older.root, tiles.root(cut=older.size) == head.root
    except No as error:
        return [Problem(None, f"it cannot be compared with the trusted checkpoint: {error}")]
    if not same or not whole:
        what = f"an entry before number {older.size} was altered since the trusted checkpoint of that size"
        return [Problem(None, what + both_signed(folder, head, raw, older_raw, given))]
    return []


def both_signed(folder: Path, head: Head, raw: bytes, older_raw: bytes, given: argparse.Namespace) -> str:
    """What to say where the log has signed both of two checkpoints that cannot both be true."""
    keys = trust_of(folder, head, given.policy).logs
    try:
        if not signed_by(raw, keys) or not signed_by(older_raw, keys):
            return ""
    except UNREADABLE:
        return ""
    return "; the log has signed both: keep both files, they prove it"


def unlike_copy(folder: Path, head: Head, uneven: list[int], kept: Path, older: Head) -> Iterator[Problem]:
    """Which entries of a copy kept from earlier were rewritten."""
    roots, shorter = [], min(older.size, head.size)
    different = []
    for number in range(-(-older.size // WIDTH)):
        theirs = listed_in(kept, older.size, number)
        roots.append(tree_root(theirs))
        if number * WIDTH < shorter:
            ours = (found_in if number in uneven else listed_in)(folder, head.size, number)
            if ours[: len(theirs)] != theirs[: shorter - number * WIDTH]:
                different.append(number)
    if tree_root(roots) != older.root:
        yield Problem(None, "the copy that you kept does not lead to its own checkpoint")
    if different:
        numbers = range(different[0], different[-1] + 1)
        theirs = [one for number in numbers for one in listed_in(kept, older.size, number)]
        ours = [one for number in numbers for one in found_in(folder, head.size, number)]
        begin = numbers[0] * WIDTH
        theirs = theirs[: shorter - begin]
        yield from compare(ours[: len(theirs)], theirs, begin, "your kept copy")[0]


# --- signatures of organisations (OpenSSH PROTOCOL.sshsig, WebAuthn) ------------------------------------------------

ED25519, SK_ED25519 = "ssh-ed25519", "sk-ssh-ed25519@openssh.com"
SK_ECDSA, WEBAUTHN = "sk-ecdsa-sha2-nistp256@openssh.com", "webauthn-sk-ecdsa-sha2-nistp256@openssh.com"


class Parts:
    """The parts of an SSH message: each behind its length in four bytes."""

    def __init__(self, raw: bytes) -> None:
        self.raw, self.place = raw, 0

    def take(self, count: int) -> bytes:
        """So many bytes; raise ValueError where it ends before."""
        part = self.raw[self.place : self.place + count]
        if len(part) != count:
            raise ValueError("it ends too early")
        self.place += count
        return part

    def number(self) -> int:
        """Four bytes as a number."""
        return int.from_bytes(self.take(4), "big")

    def part(self) -> bytes:
        """The next part."""
        return self.take(self.number())

    def positive(self) -> int:
        """The next part as a number above nothing, in its one form."""
        part = self.part()
        number = int.from_bytes(part, "big")
        if not number or part != number.to_bytes(number.bit_length() // 8 + 1, "big"):
            raise ValueError("a number in it is not positive, or not in its shortest form")
        return number

    def text(self) -> str:
        """The next part as ASCII."""
        return self.part().decode("ascii")

    def end(self) -> None:
        """Raise ValueError unless it ends here."""
        if self.place != len(self.raw):
            raise ValueError("it goes on after its end")


class SshSignature(NamedTuple):
    """A signature as OpenSSH writes it."""

    key: bytes
    namespace: str
    value: bytes


class Signer(NamedTuple):
    """A line of allowed_signers: whose key, for what, from when to when (seconds since 1970)."""

    names: list[str]
    key: bytes
    namespaces: list[str]
    after: int
    before: int
    origin: str


def packed(*parts: bytes) -> bytes:
    """Parts, each behind its length."""
    return b"".join(struct.pack(">I", len(part)) + part for part in parts)


def read_signature(armor: bytes) -> SshSignature:
    """A file of the form -----BEGIN SSH SIGNATURE-----; raise ValueError."""
    lines = armor.decode("ascii").split("\n")
    if lines[0] != "-----BEGIN SSH SIGNATURE-----" or lines[-2:] != ["-----END SSH SIGNATURE-----", ""]:
        raise ValueError("it is not an SSH signature in its armour")
    if any(len(line) != 70 for line in lines[1:-3]) or not 0 < len(lines[-3]) <= 70:
        raise ValueError("its lines are not those that ssh-keygen writes")
    parts = Parts(unbased("".join(lines[1:-2])))
    if parts.take(6) != b"SSHSIG" or parts.number() != 1:
        raise ValueError("it is not an SSH signature of version 1")
    key, namespace, reserved, algorithm, value = (parts.part() for _ in range(5))
    parts.end()
    if reserved or algorithm != b"sha512":
        raise ValueError("it is not over SHA-512, as ssh-keygen signs by itself")
    return SshSignature(key, namespace.decode("utf-8"), value)


def check_signature(signature: SshSignature, message: bytes, origin: str = "") -> None:
    """Raise ValueError unless the signature is its key's over the message.

    Stricter than ssh-keygen: a key on a device or a passkey must say that somebody was present and was verified; a
    passkey must have been used at the exact ``origin``, which stands behind it in allowed_signers, on a page that stood
    in no other's frame.
    """
    digest = hashlib.sha512(message).digest()
    signed = b"SSHSIG" + packed(signature.namespace.encode(), b"", b"sha512", digest)
    key, value = Parts(signature.key), Parts(signature.value)
    kind, form = key.text(), value.text()
    if kind == form == ED25519:
        public = key.part()
        key.end()
        _ed25519(public, value.part(), signed)
    elif kind == form == SK_ED25519:
        public, application = key.part(), key.part()
        key.end()
        raw, flags = value.part(), value.take(5)
        _attended(flags[0])
        digests = hashlib.sha256(application).digest() + flags + hashlib.sha256(signed).digest()
        _ed25519(public, raw, digests)
    elif kind == SK_ECDSA and form == WEBAUTHN:
        _passkey(key, value, signed, origin)
    else:
        raise ValueError(f"a key {kind} with a signature {form} is not known here")
    value.end()


def _ed25519(public: bytes, raw: bytes, signed: bytes) -> None:
    require_strong(public)
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(raw, signed)
    except InvalidSignature:
        raise ValueError("it is not a signature of this text") from None


def _passkey(key: Parts, value: Parts, signed: bytes, origin: str) -> None:
    curve, point, application = key.part(), key.part(), key.text()
    key.end()
    if curve != b"nistp256" or len(point) != 65 or point[0] != 4:
        raise ValueError("its key is not a point of nistp256")
    numbers = Parts(value.part())
    r, s = numbers.positive(), numbers.positive()
    numbers.end()
    flags = value.take(5)
    at, said, extensions = value.text(), value.part(), value.part()
    _attended(flags[0])
    if bool(extensions) != bool(flags[0] & 0x80) or flags[0] & 0x40 or flags[0] & 0x18 == 0x10:
        raise ValueError("its flags do not fit what it says")
    _browser(said, at, origin, application, signed)
    digests = hashlib.sha256(application.encode()).digest() + flags + extensions + hashlib.sha256(said).digest()
    try:
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        public.verify(encode_dss_signature(r, s), digests, ec.ECDSA(SHA256()))
    except InvalidSignature:
        raise ValueError("it is not a signature of this text") from None


def _attended(flags: int) -> None:
    if not flags & 0x01:
        raise ValueError("nobody was present when it was made")
    if not flags & 0x04:
        raise ValueError("the person present was not verified when it was made")


def _browser(said: bytes, at: str, origin: str, application: str, signed: bytes) -> None:
    """What the browser says of the page on which a passkey was used; ``said`` must begin as ssh-keygen reads it."""
    host = origin.partition("://")[2].partition(":")[0]
    if at != origin or not origin or not f".{host}".endswith(f".{application}"):
        raise ValueError(f"it was made on {shown(at)!r}, and not on the site of its key, {shown(origin)!r}")
    challenge = base64.urlsafe_b64encode(signed).decode().rstrip("=")
    begins = f'{{"type":"webauthn.get","challenge":"{challenge}","origin":"{origin}"'.encode()
    if not said.startswith(begins) or said[len(begins) : len(begins) + 1] not in (b",", b"}"):
        raise ValueError("the passkey was asked for another text, for something else, or on another site")
    client = parsed_once(said)
    if client.get("crossOrigin", False) is not False or "topOrigin" in client:
        raise ValueError("it was made in a frame of another site")


def parsed_once(text: bytes) -> dict[str, Any]:
    """A JSON object in which each name stands once; raise ValueError."""

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({name for name, _ in pairs}) < len(pairs):
            raise ValueError("a name stands twice")
        return dict(pairs)

    found = json.loads(text.decode("utf-8"), object_pairs_hook=members)
    if not isinstance(found, dict):
        raise ValueError("it is not an object")
    return found


def read_signers(raw: bytes) -> list[Signer]:
    """The lines of an allowed_signers file; raise No, which names the line."""
    signers = []
    for number, line in enumerate(raw.decode("utf-8", "replace").split("\n"), start=1):
        if line.strip() and not line.startswith("#"):
            try:
                signers.append(_signer(line))
            except UNREADABLE as error:
                raise No(f"line {number} of allowed_signers: {error}") from error
    return signers


def _signer(line: str) -> Signer:
    words = re.findall(r'(?:[^\s"]|"[^"]*")+', line)
    principals, rest = words[0], words[1:]
    options = {} if rest[0] in (ED25519, SK_ED25519, SK_ECDSA) else _options(rest.pop(0))
    key = unbased(rest[1])
    if Parts(key).text() != rest[0]:
        raise ValueError("the key is of another kind than it says")
    origin = rest[2] if len(rest) > 2 else ""
    return Signer(
        principals.strip('"').split(","),
        key,
        options["namespaces"].split(",") if "namespaces" in options else [],
        _instant(options["valid-after"]) if "valid-after" in options else 0,
        _instant(options["valid-before"]) if "valid-before" in options else 2**62,
        origin,
    )


def _options(text: str) -> dict[str, str]:
    """What a line of allowed_signers asks besides; raise ValueError for what ssh-keygen might read more narrowly."""
    options: dict[str, str] = {}
    for option in re.findall(r'(?:[^,"]|"[^"]*")+', text):
        name, _is, value = option.partition("=")
        name = name.lower()
        if name not in ("namespaces", "valid-after", "valid-before"):
            raise ValueError(f"the option {name} is not known here")
        if options.setdefault(name, value.strip('"')) != value.strip('"') or not options[name]:
            raise ValueError(f"the option {name} stands there twice, or says nothing")
    if "!" in options.get("namespaces", ""):
        raise ValueError("namespaces that it excludes are not read here: name those that are meant")
    return options


def _instant(text: str) -> int:
    found = re.fullmatch(r"([0-9]{8})(?:([0-9]{4})([0-9]{2})?)?Z?", text)
    if found is None:
        raise ValueError(f"{text!r} is not a day or an instant")
    moment = datetime.strptime(found[1] + (found[2] or "0000") + (found[3] or "00") + "+0000", "%Y%m%d%H%M%S%z")
    return int(moment.timestamp())


def signed_for(
    armor: bytes, message: bytes, signers: list[Signer], at: int | None, namespace: str = ""
) -> tuple[str, str]:
    """In whose name a file was signed, and in which namespace; raise ValueError where it was in nobody's.

    ``at`` is when, in seconds since 1970; None: nobody says when, and any time within a key's validity will do.
    """
    signature = read_signature(armor)
    lines = [one for one in signers if one.key == signature.key]
    if not lines:
        raise ValueError("its key is not among the allowed signers")
    fit = [one for one in lines if not one.namespaces or any(_like(signature.namespace, ns) for ns in one.namespaces)]
    if not fit or (namespace and signature.namespace != namespace):
        raise ValueError(f"its key may not sign as {shown(signature.namespace)}")
    timely = [one for one in fit if at is None or one.after <= at < one.before]
    if not timely:
        raise ValueError(f"its key was not valid at {in_utc(at or 0)}")
    check_signature(signature, message, timely[0].origin)
    return ", ".join(timely[0].names), signature.namespace


def _like(namespace: str, pattern: str) -> bool:
    form = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(form, namespace) is not None


@dataclass
class Held:
    """A key of an organisation as the log tells of it: from when to when it signs, and on which site a passkey does."""

    organisation: str
    after: int
    before: int
    origin: str


def keys_in(statements: list[Statement]) -> dict[bytes, Held]:
    """The keys that entries of the log have issued, replaced and revoked."""
    held: dict[bytes, Held] = {}
    prints: dict[str, bytes] = {}
    for _index, kind, at, said in statements:
        for old in (said.get("replaces"), said.get("fingerprint") if kind == REVOKED else None):
            if isinstance(old, str) and old in prints:
                held[prints[old]].before = min(held[prints[old]].before, at)
        words = str(said.get("key", "")).split()
        if kind not in ISSUES or len(words) < 2:
            continue
        try:
            blob, before = unbased(words[1]), _end_of(said.get("valid_before"))
        except UNREADABLE:
            continue
        prints["SHA256:" + base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")] = blob
        held[blob] = Held(str(said.get("organisation", "")), at, before, str(said.get("origin", "")))
    return held


def _end_of(text: Any) -> int:
    """When a key ends, as the log says it: "" for never; raise one of UNREADABLE, also where it names no time zone."""
    if text in ("", None):
        return 2**62
    end = datetime.fromisoformat(text)
    if end.tzinfo is None:
        raise ValueError("an instant without its time zone is none")
    return int(end.timestamp())


def organisations(folder: Path, statements: list[Statement], report: Report) -> None:
    """The signatures of organisations under the texts they signed, by keys that the log itself has issued."""
    held, holding = keys_in(statements), 0
    unknown: list[int] = []
    for index, at, told_at, said in signed_in(statements):
        paper, signature = (signed_file(folder, said.get(name), end) for name, end in PAPERS)
        wrong = [
            f"{name} is not the file of that fingerprint" for name, content in (paper, signature) if content is False
        ]
        if at > told_at:
            wrong.append("names a signature that was given after the entry that tells of it")
        problem = None
        if not wrong and isinstance(paper[1], bytes) and isinstance(signature[1], bytes):
            problem = wrongly_signed(signature[1], paper[1], held, at, str(said.get("organisation", "")))
            wrong += [f"its signature does not hold: {problem}"] if problem else []
        report.problems += [Problem(index, what) for what in wrong]
        holding += problem == ""
        unknown += [index] if problem is None and not wrong else []
    if holding:
        report.notes.append(f"{holding} signature{'' if holding == 1 else 's'} of organisations hold")
    if unknown:
        named = ", ".join(map(str, unknown[:20])) + (f" and {len(unknown) - 20} more" if len(unknown) > 20 else "")
        report.notes.append(f"signatures that cannot be checked, their words or keys not being given: entries {named}")


def signed_in(statements: list[Statement]) -> Iterator[tuple[int, int, int, dict[str, Any]]]:
    """Each signature that entries name, with when it was given and when it was told.

    These are their own, and those given before a publication.
    """
    for index, kind, at, said in statements:
        if kind == SIGNED:
            yield index, at, at, said
        given = said.get("signatures") if kind == PUBLISHED else None
        for one in given if isinstance(given, list) else ():
            if isinstance(one, dict):
                yield index, moment(str(one.get("at", ""))), at, one


PAPERS = (("paper", "txt"), ("signature", "sig"))


def signed_file(folder: Path, fingerprint: Any, end: str) -> tuple[str, bytes | bool]:
    """A file that an entry names by its SHA-256: its name and its bytes, True where it is absent, False where false."""
    if not isinstance(fingerprint, str) or not re.fullmatch(r"[0-9a-f]{64}", fingerprint):
        return "", True
    name = f"signatures/{fingerprint}.{end}"
    if not has(folder, name):
        return name, True
    content = got(folder, name)
    return name, content if hashlib.sha256(content).hexdigest() == fingerprint else False


def wrongly_signed(armor: bytes, paper: bytes, held: dict[bytes, Held], at: int, organisation: str) -> str | None:
    """What is wrong with a signature; "" for nothing, None where its key or whose it is is not given."""
    try:
        signature = read_signature(armor)
        key = held.get(signature.key)
        if key is None:
            return None
        if signature.namespace != NAMESPACE:
            return f"it is for {shown(signature.namespace)!r}, not for {NAMESPACE!r}"
        if organisation and key.organisation and key.organisation != organisation:
            return "its key is another organisation's"
        if not key.after <= at < key.before:
            return f"its key did not hold at {in_utc(at)}"
        check_signature(signature, paper, key.origin)
    except UNREADABLE as error:
        return str(error)
    return "" if organisation and key.organisation else None


# --- one entry by itself --------------------------------------------------------------------------------------------

PROOF, PROOF_FORM = "proof.tlog-proof", "c2sp.org/tlog-proof@v1"


class Proof(NamedTuple):
    """An entry's number, its siblings up to the root, and the signed checkpoint."""

    entry: int
    path: list[bytes]
    checkpoint: bytes


def read_proof(raw: bytes) -> Proof:
    """A C2SP tlog-proof; raise No."""
    top, _empty, checkpoint = raw.partition(b"\n\n")
    try:
        lines = top.decode("ascii").split("\n")
        if lines.pop(0) != PROOF_FORM:
            raise ValueError("it does not begin as one")
        if lines[0].startswith("extra ") and not unbased(lines.pop(0)[len("extra ") :]):
            raise ValueError("its line extra is empty")
        if not lines[0].startswith("index "):
            raise ValueError("it does not say its index")
        index, path = decimal(lines[0][len("index ") :]), [unbased(line) for line in lines[1:]]
        if len(path) > 63 or any(len(one) != HASH for one in path):
            raise ValueError("it has too many hashes, or one that is not 32 bytes long")
    except UNREADABLE as error:
        raise No(f"the proof cannot be read: {error}") from error
    return Proof(index, path, checkpoint)


def verify_bundle(folder: Path, given: argparse.Namespace, name: str = PROOF) -> Report:
    """The answer on one entry with its proof, its values and what was signed."""
    proof = read_proof(got(folder, name))
    head, entry = read_head(proof.checkpoint), got(folder, "entry.json")
    report = Report(f"yes, entry {proof.entry} of {head.size}, root {head.root.hex()}")
    root = root_of_path(proof.entry, head.size, leaf_print(entry), proof.path)
    try:
        leaf = read_leaf(entry)
    except UNREADABLE as error:
        raise No(f"entry {proof.entry}: its leaf cannot be read: {error}") from error
    subject = shown(leaf.subject)
    if root != head.root:
        what = f"was altered: it leads to root {short(root)}, the checkpoint says {short(head.root)}"
        report.problems.append(Problem(proof.entry, what, subject))
    report.problems += manifest_faults(folder)
    if has(folder, "manifest"):
        report.notes += unlisted(folder)
    if has(folder, "disclosed.json"):
        disclosed_faults(folder, proof.entry, entry, leaf, report)
    for place in given.trusted:
        report.problems += unlike_kept(head, read_kept(Path(place)))
    wrong, notes = who_signed(proof.checkpoint, head, trust_of(folder, head, given.policy))
    report.problems += wrong
    report.notes[:0] = notes
    bundle_signatures(folder, entry, leaf, report)
    report.problems = [one if one.entry is None else one._replace(subject=subject) for one in report.problems]
    return report


def manifest_faults(folder: Path) -> Iterator[Problem]:
    """The files of a bundle against its manifest, as sha256sum -c does."""
    if not has(folder, "manifest"):
        return
    listed = set()
    for line in got(folder, "manifest").decode("utf-8", "replace").splitlines():
        found = re.fullmatch(r"([0-9a-f]{64}) [ *](.+)", line)
        if found is None or not NAME.fullmatch(found[2]):
            yield Problem(None, f"manifest: {shown(line)[:80]!r} is not a line of sha256sum")
        elif not has(folder, found[2]):
            yield Problem(None, f"{found[2]} stands in the manifest and is missing")
        elif hashlib.sha256(got(folder, found[2])).hexdigest() != found[1]:
            yield Problem(None, f"{found[2]} is not the file that the manifest lists")
        listed.add(found[2] if found else "")
    for path in sorted(folder.rglob("*.sig")):
        name = path.relative_to(folder).as_posix()
        if name not in listed:
            yield Problem(None, f"{name} does not stand in the manifest")


def unlisted(folder: Path) -> Iterator[str]:
    """In words, what lies in a bundle and not in its manifest: nobody who listed the files has meant it."""
    listed = {line[66:] for line in got(folder, "manifest").decode("utf-8", "replace").splitlines()}
    for path in sorted(folder.iterdir()):
        if path.is_file() and path.suffix != ".sig" and path.name not in listed | {"manifest"}:
            yield f"{path.name} does not stand in the manifest: nothing of it was looked at"


def disclosed_faults(folder: Path, index: int, entry: bytes, leaf: Leaf, report: Report) -> None:
    """The values of one entry against its seals."""
    try:
        told = parsed_once(got(folder, "disclosed.json"))
        if set(told) != {"form", "index", "leaf_hash", "fields", "withheld"}:
            raise ValueError("it has other members")
        if told["form"] != "comity-disclosed/1" or type(told["index"]) is not int or told["index"] != index:
            raise ValueError("it is not of this entry")
        if told["leaf_hash"] != leaf_print(entry).hex():
            raise ValueError("it is of another entry by its fingerprint")
        if any(set(one) != {"salt", "value"} for one in told["fields"].values()):
            raise ValueError("a value has other members")
        kept = {name: (salt_of(one["salt"]), canonical(one["value"])) for name, one in told["fields"].items()}
        values = Told(index, kept, names_of(told["withheld"]))
    except UNREADABLE as error:
        report.problems.append(Problem(index, f"disclosed.json cannot be read: {error}"))
        return
    if not leaf.public and (values.fields or values.withheld):
        report.problems.append(Problem(index, "values are disclosed or withheld for a leaf that shows no seals"))
        return
    report.problems += [Problem(index, what, shown(leaf.subject)) for what in seal_faults(leaf, leaf.seals, values)]
    if values.withheld:
        report.withheld[index] = sorted(values.withheld)
    if absent := leaf.seals.keys() - values.fields.keys() - values.withheld:
        report.notes.append(
            f"not given, so not checked: {', '.join(sorted(absent))} (only the log tells whether erased)"
        )
    sealed_files(folder, values, report)


def sealed_files(folder: Path, values: Told, report: Report) -> None:
    """The files of a bundle whose fingerprint is a value of the entry; the clauses must be such a one."""
    said = {value.decode("utf-8").strip('"'): name for name, (_salt, value) in values.fields.items()}
    for path in sorted(folder.iterdir()):
        if path.is_file() and (name := said.get(hashlib.sha256(read_file(path)).hexdigest())):
            report.notes.append(f"{path.name} is what the entry seals as {name}")
        elif path.name == "clauses.json" and "sha256" in values.fields:
            report.problems.append(Problem(values.entry, "clauses.json is not what the entry seals as sha256"))


def bundle_signatures(folder: Path, entry: bytes, leaf: Leaf, report: Report) -> None:
    """The signatures of organisations in a bundle: each is of the text beside it, by a key among the allowed signers.

    When it was made only an entry that a text was signed tells; of others any time at which the key held will do.
    """
    files = sorted(folder.rglob("*.sig"))
    if not files:
        return
    if not has(folder, "allowed_signers"):
        report.problems.append(Problem(None, "signatures lie here, and no allowed_signers says whose keys they are by"))
        return
    signers = read_signers(got(folder, "allowed_signers"))
    at = moment(json.loads(entry)["at"]) if leaf.type == SIGNED else None
    for path in files:
        texts = [path.with_suffix(""), folder / "text.txt", *sorted(folder.rglob("*.txt"))]
        texts = [text for text in dict.fromkeys(texts) if text.is_file() and text.name != "README.txt"]
        try:
            signed = _signed_text(path, texts, signers, at)
        except UNREADABLE as error:
            report.problems.append(Problem(None, f"{path.name} is no signature under a text here: {error}"))
        else:
            report.notes.append(f"{path.name}: {signed}")
    report.notes.append("whose keys these are rests on the file allowed_signers that lies here")


def _signed_text(path: Path, texts: list[Path], signers: list[Signer], at: int | None) -> str:
    """Who signed which of the texts; raise ValueError of the first where none is signed."""
    errors: list[ValueError] = []
    for text in texts:
        try:
            whose, namespace = signed_for(read_file(path), read_file(text), signers, at, NAMESPACE)
        except ValueError as error:
            errors.append(error)
        else:
            return f"{whose} has signed {text.name} ({namespace})"
    raise errors[0] if errors else ValueError("no text lies beside it")


def read_kept(place: Path) -> bytes:
    """The checkpoint that somebody kept, by itself or within a copy."""
    if place.is_file() and not zipfile.is_zipfile(place):
        return read_file(place)
    with opened(str(place)) as folder:
        return got(folder, "checkpoint")


def unlike_kept(head: Head, older_raw: bytes) -> Iterator[Problem]:
    """Whether the checkpoint of a proof is the one kept."""
    older = kept_head(older_raw)
    if older.origin != head.origin:
        yield Problem(None, f"the proof is of the log {head.origin}, the trusted checkpoint of {older.origin}")
    elif older.size != head.size:
        what = f"the proof stands under {head.size} entries, the trusted checkpoint counts {older.size}"
        yield Problem(None, f"{what}: a proof alone cannot compare them; verify the log, or trust its checkpoint")
    elif older.root != head.root:
        yield Problem(None, "the proof leads to another root than the trusted checkpoint of the same size")


# --- the count of a year --------------------------------------------------------------------------------------------


def counts_of(statements: list[Statement]) -> Iterator[tuple[int, dict[str, Any]]]:
    """The counts of years whose values are all given, and make sense: entry and values."""
    for index, kind, _at, said in statements:
        numbers = [said.get(name) for name in ("year", "size", "meetings", "restricted", "existence_protected")]
        if kind == COUNTED and all(type(number) is int for number in numbers) and isinstance(said.get("root"), str):
            yield index, said


def count_faults(folder: Path, head: Head, seen: Seen) -> Iterator[Problem]:
    """Each count of a year against the log it was made from: its root, and the meetings convened in public."""
    tiles = Tiles(folder, head.size)
    for index, said in counts_of(seen.statements):
        size, year = said["size"], f"{said['year']:04}"
        if not 0 < size <= index:
            yield Problem(index, f"counts a log of {size} entries, which did not stand when it was written")
            continue
        with contextlib.suppress(No):
            if tiles.over(0, size).hex() != said["root"]:
                yield Problem(index, f"counts another log: its first {size} entries have not the root that it names")
        public = {meeting for place, when, meeting in seen.convened if when == year and place < size}
        if len(public) != said["meetings"] - said["restricted"]:
            told = f"{said['meetings'] - said['restricted']} meetings convened in public in {year}"
            yield Problem(index, f"counts {told}, the log holds {len(public)}")


def openings_counted(counts: list[tuple[int, dict[str, Any]]], values: dict[int, Any]) -> Iterator[Problem | str]:
    """What was opened beside what was counted: never more, and in words how much of it."""
    for index, said in {said["year"]: (index, said) for index, said in counts}.values():
        for name, kinds in (("restricted", (CONVENED,)), ("existence_protected", PROTECTING)):
            opened_ones = {
                str(value.get("subject", "?"))
                for place, value in values.items()
                if isinstance(value, dict) and value.get("type") in kinds and place < said["size"]
                if str(value.get("at"))[:4] == f"{said['year']:04}"
            }
            if len(opened_ones) > said[name]:
                yield Problem(
                    index, f"counts {said[name]} {name} of {said['year']}, and {len(opened_ones)} were opened"
                )
            else:
                yield f"  {name} in {said['year']}: {len(opened_ones)} opened, {said[name]} counted by entry {index}"


# --- openings of restricted entries ---------------------------------------------------------------------------------


def opening_faults(folder: Path, path: Path, statements: list[Statement], report: Report) -> Iterator[Problem]:
    """What somebody who may know says that restricted entries hold, against their seals."""
    head = read_head(got(folder, "checkpoint"))
    opened_ones: dict[int, Any] = {}
    for number, line in enumerate(read_file(path, 2**31).splitlines(), start=1):
        try:
            row = parsed_once(line)
            index, salt, value = row["index"], salt_of(row["salt"]), canonical(row["value"])
            if type(index) is not int or index in opened_ones:
                raise ValueError("its index is none, or stands twice")
            wrong = inner_faults(row)
        except UNREADABLE as error:
            yield Problem(None, f"line {number} of {path.name} is no opening: {error}")
            continue
        faults = list(filter(None, [_opening(folder, head, index, salt, value), *wrong]))
        yield from (Problem(index, what) for what in faults)
        if not faults:
            opened_ones[index] = row["value"]
    report.notes += openings_in_words(opened_ones)
    for told in openings_counted(list(counts_of(statements)), opened_ones):
        if isinstance(told, Problem):
            yield told
        else:
            report.notes.append(told)


def inner_faults(row: dict[str, Any]) -> list[str]:
    """The values within an opened entry against the seals in it; raise one of UNREADABLE."""
    seals = row["value"].get("commit", {}) if isinstance(row["value"], dict) else {}
    faults = []
    for name, kept in row.get("fields", {}).items():
        if hmac.digest(salt_of(kept["salt"]), canonical(kept["value"]), "sha256").hex() != seals.get(name):
            faults.append(f"the value of {name} in its opening is not what it sealed")
    return faults


def _opening(folder: Path, head: Head, index: int, salt: bytes, value: bytes) -> str:
    """What is wrong with one opening; "" for nothing."""
    if not 0 <= index < head.size:
        return "an opening is given for it, and the log does not reach so far"
    entries, _wrong = entries_of(folder, index // WIDTH, width_at(head.size, index // WIDTH))
    try:
        leaf = read_leaf(entries[index % WIDTH])
    except UNREADABLE:
        return "an opening is given for it, and it cannot be read"
    if leaf.public:
        return "an opening is given for it, and it is public"
    if hmac.digest(salt, value, "sha256").hex() != leaf.seal:
        return "its opening is not what it sealed"
    return ""


def openings_in_words(values: dict[int, Any]) -> Iterator[str]:
    """How many restricted entries were opened, by type and year."""
    counted: dict[tuple[str, str], int] = {}
    for value in values.values():
        said = value if isinstance(value, dict) else {}
        of = str(said.get("type", "?")), str(said.get("at", "?"))[:4]
        counted[of] = counted.get(of, 0) + 1
    yield f"{len(values)} restricted entr{'y' if len(values) == 1 else 'ies'} opened"
    for (kind, year), count in sorted(counted.items()):
        yield f"  {shown(kind)} in {shown(year)}: {count}"


# --- where a copy lies ----------------------------------------------------------------------------------------------

ADDRESSES = ("http://", "https://")


@contextlib.contextmanager
def opened(place: str, span: tuple[int, int] | None = None, edges: Iterable[int] = ()) -> Iterator[Path]:
    """A copy as a folder: as it lies there, unpacked from a zip, or fetched from its address.

    Of an address only what proves the entries of ``span`` is fetched, and what compares them with earlier sizes.
    """
    if not place.startswith(ADDRESSES) and not Path(place).is_file():
        yield Path(place)
        return
    with tempfile.TemporaryDirectory(prefix="comity-verify-") as name:
        if Path(place).is_file():
            unpack(Path(place), Path(name))
        else:
            fetch_all(place.rstrip("/"), Path(name), span, edges)
        yield Path(name)


BROKEN_ZIP = (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError, ValueError, struct.error)
"""What a zip that is none brings about; zlib.error and its like come besides, and are no kind of these."""


def unpack(path: Path, folder: Path) -> None:
    """The files of a zip that belong to a copy or a bundle, without the folder that holds them."""
    try:
        with zipfile.ZipFile(path) as archive:
            files = once_each(archive)
            tops = [name for name in files if name.rpartition("/")[2] in ("checkpoint", PROOF)]
            top = min(tops, key=len, default="").rpartition("/")[0]
            top = f"{top}/" if top else ""
            wanted = {name.removeprefix(top): one for name, one in files.items() if name.startswith(top)}
            unpack_all(archive, {name: one for name, one in wanted.items() if NAME.fullmatch(name)}, folder)
    except (*BROKEN_ZIP, zlib.error, lzma.LZMAError) as error:
        raise NothingToVerify(f"{path}: {error}") from error


def once_each(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The files of a zip by their names; raise No where one stands twice, be it once in capitals."""
    files: dict[str, zipfile.ZipInfo] = {}
    for one in archive.infolist():
        if not one.is_dir() and files.setdefault(one.filename.casefold(), one) is not one:
            raise No(f"{one.filename} stands twice in the zip")
    return {one.filename: one for one in files.values()}


def unpack_all(archive: zipfile.ZipFile, files: dict[str, zipfile.ZipInfo], folder: Path) -> None:
    """Unpack these files, the checkpoint first: how much the others may hold, each and all, hangs on it; raise No."""
    size, took = 0, 0
    for name in sorted(files, key=lambda name: name != "checkpoint"):
        took += unpack_one(archive, files[name], folder / name, most_of(name, size))
        if name == "checkpoint":
            bundles = sum(name.startswith("tile/entries/") for name in files)
            size = min(read_head(got(folder, name)).size, bundles * WIDTH)
        if took > 2 * most_of("disclosures.jsonl", size):
            raise No(f"the zip unpacks to more than a log of {size} entries can hold")


def unpack_one(archive: zipfile.ZipFile, member: zipfile.ZipInfo, path: Path, most: int) -> int:
    """Unpack one file, and no more of it than such a file can hold; return its bytes, raise No."""
    path.parent.mkdir(parents=True, exist_ok=True)
    took = 0
    with archive.open(member) as source, path.open("wb") as target:
        while part := source.read(1 << 20):
            took += len(part)
            if took > most:
                raise No(f"{member.filename} is larger than it can be")
            target.write(part)
    return took


def names_in(size: int, span: tuple[int, int] | None, edges: Iterable[int]) -> Iterator[str]:
    """The tiles and bundles of a log of that size that lie at an address, or those that prove some entries.

    These are theirs, the last, and those in which the log ended when it had so many entries as one of ``edges``.
    """
    for level in range(8):
        count = size >> 8 * level
        if not count:
            return
        first, last = 0, count - 1
        if span is not None:
            first, last = span[0] >> 8 * level, min(span[1] >> 8 * level, last)
        numbers = {*range(first // WIDTH, last // WIDTH + 1), (count - 1) // WIDTH}
        if level and span is not None:
            numbers = set(range(-(-count // WIDTH)))
        bundles = numbers if level == 0 else set()
        numbers = numbers | {(edge - 1) // WIDTH for edge in edges if level == 0 and 0 < edge <= size}
        for number in sorted(numbers):
            width = min(WIDTH, count - number * WIDTH)
            yield tile_path(level, number, width)
            if number in bundles:
                yield tile_path("entries", number, width)


def fetch_all(address: str, folder: Path, span: tuple[int, int] | None, edges: Iterable[int]) -> None:
    """Fetch a log from its address: its checkpoint first, then what belongs under it; what is missing stays away."""
    if not fetch(address, "checkpoint", folder):
        raise NothingToVerify(f"{address}: no checkpoint (a log's address ends like https://example.org/record/)")
    size = read_head(got(folder, "checkpoint")).size
    plausible(size, lambda name: fetch(address, name, folder))
    for name in ("policy", "vkeys", "controllers", "allowed_signers"):
        fetch(address, name, folder)
    if span is None:
        fetch(address, "disclosures.jsonl", folder, size)
    with ThreadPoolExecutor(8) as pool:
        for _fetched in pool.map(lambda name: fetch_tile(address, name, folder), names_in(size, span, edges)):
            pass
        for _fetched in pool.map(lambda name: fetch(address, name, folder), signed_names(folder)):
            pass


def signed_names(folder: Path) -> Iterator[str]:
    """The files of signatures that the values in disclosures.jsonl name."""
    if not has(folder, "disclosures.jsonl"):
        return
    with (folder / "disclosures.jsonl").open("rb") as lines:
        for line in iter(lambda: lines.readline(LARGEST["line"]), b""):
            if b'"paper":' in line and b'"signature":' in line:
                for name, end in PAPERS:
                    form = rb'"%s":(?:\{"salt":"[0-9a-f]*","value":)?"([0-9a-f]{64})"' % name.encode()
                    for found in re.findall(form, line):
                        yield f"signatures/{found.decode()}.{end}"


def fetch_tile(address: str, name: str, folder: Path) -> None:
    """Fetch a tile, or the full one that has taken its place."""
    if not fetch(address, name, folder) and ".p/" in name:
        fetch(address, name.partition(".p/")[0], folder)


class Redirects(urllib.request.HTTPRedirectHandler):
    """Follows a log to another address, but never from https to what anybody on the way could have written."""

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:  # noqa: PLR0917
        """The next question; raise URLError."""
        if not newurl.startswith(("https://", "http://" if req.type == "http" else "https://")):
            raise urllib.error.URLError(f"it leads to {newurl[:80]!r}, which is not {req.type}")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def fetch(address: str, name: str, folder: Path, size: int | None = None) -> bool:
    """Fetch a file, its values as of so many entries; False where it is not there.

    Raises NothingToVerify where the address does not answer, breaks off or dawdles, No where it sends too much.
    """
    place = f"{address}/{name}" + ("" if size is None else f"?size={size}")
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with urllib.request.build_opener(Redirects).open(place, timeout=60) as answer, path.open("wb") as file:
            receive(answer, file, name, most_of(name, size or 0))
    except urllib.error.HTTPError as error:
        if error.code in (404, 410):
            return False
        raise NothingToVerify(f"{place}: {error}") from error
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise NothingToVerify(f"{place}: {getattr(error, 'reason', error) or type(error).__name__}") from error
    return True


def receive(answer: Any, file: Any, name: str, most: int) -> None:
    """Write what comes; raise OSError where it breaks off or comes at less than a thousand bytes a second, No."""
    began, came = time.monotonic(), 0
    while part := answer.read1(1 << 16):
        came += len(part)
        if came > most:
            raise No(f"{name} is larger than it can be")
        if time.monotonic() - began > 60 + came / 1000:
            raise OSError("it comes too slowly")
        file.write(part)
    if answer.length:
        raise OSError(f"it breaks off {answer.length} bytes before its end")


# --- the answer -----------------------------------------------------------------------------------------------------


def listing(folder: Path, span: tuple[int, int] | None) -> Iterator[str]:
    """The entries of a log, one a line, each behind its number."""
    size = read_head(got(folder, "checkpoint")).size
    first, last = span or (0, size - 1)
    for number in range(first // WIDTH, last // WIDTH + 1):
        for place, entry in enumerate(entries_of(folder, number, width_at(size, number))[0]):
            if first <= number * WIDTH + place <= last:
                yield f"{number * WIDTH + place} {shown(entry)}"


def with_subjects(folder: Path, problems: Iterable[Problem], size: int) -> Iterator[Problem]:
    """The faults, each with the subject that its entry names."""
    for index, what, subject in problems:
        yield Problem(index, what, subject or ("" if index is None else subject_of(folder, index, size)))


def subject_of(folder: Path, index: int, size: int) -> str:
    """The subject of an entry; "" where it names none."""
    if not 0 <= index < size:
        return ""
    entries = entries_of(folder, index // WIDTH, width_at(size, index // WIDTH))[0]
    try:
        return shown(read_leaf(entries[index % WIDTH]).subject)
    except UNREADABLE:
        return ""


def say_line(line: object) -> None:
    """Print a line of which no letter, whoever wrote it, can move a terminal."""
    print(shown(str(line)))


def in_words(problem: Problem) -> str:
    """One line of the answer no."""
    name = "the log" if problem.entry is None else f"entry {problem.entry}"
    return f"no: {name}{f' ({problem.subject})' if problem.subject else ''}: {problem.what}"


def unchecked(withheld: dict[int, list[str]]) -> Iterator[str]:
    """The lines that say how many values were withheld, and of which entries."""
    count = sum(len(names) for names in withheld.values())
    if count:
        yield f"{count} value{'' if count == 1 else 's'} withheld, which cannot be checked:"
    for index, listed in sorted(withheld.items()):
        yield f"  entry {index}: {', '.join(listed)}"


def say(report: Report, problems: list[Problem]) -> int:
    """Print the answer; return the exit code."""
    for problem in problems[:MOST_LINES]:
        say_line(in_words(problem))
    if len(problems) > MOST_LINES:
        say_line(f"no: and {len(problems) - MOST_LINES} more")
    for line in [*([] if problems else [report.yes]), *report.notes, *unchecked(report.withheld)]:
        say_line(line)
    return 1 if problems else 0


def judge_bundle(folder: Path, given: argparse.Namespace, name: str) -> int:
    """Verify the evidence of one entry, print the answer, return the exit code."""
    for asked in ("openings", "entries", "list", "without_values"):
        if getattr(given, asked):
            raise NothingToVerify(f"--{asked.replace('_', '-')} is for a log, and this is the evidence of one entry")
    report = verify_bundle(folder, given, name)
    return say(report, list(dict.fromkeys(report.problems)))


def judge(folder: Path, given: argparse.Namespace) -> int:
    """Verify what lies in a folder, print the answer, return the exit code."""
    if not has(folder, "checkpoint") and has(folder, PROOF):
        return judge_bundle(folder, given, PROOF)
    report = verify_some(folder, given, *given.entries) if given.entries else verify_log(folder, given)
    for line in listing(folder, given.entries) if given.list else ():
        say_line(line)
    size = read_head(got(folder, "checkpoint")).size
    some = list(dict.fromkeys(report.problems))
    return say(report, [*with_subjects(folder, some[:MOST_LINES], size), *some[MOST_LINES:]])


def span_of(text: str) -> tuple[int, int]:
    """Which entries: 12-40, or one number; raise ArgumentTypeError."""
    first, to, last = text.partition("-")
    with contextlib.suppress(ValueError):
        span = decimal(first), decimal(last if to else first)
        if span[0] <= span[1]:
            return span
    raise argparse.ArgumentTypeError(f"{text!r} is neither one number nor two, such as 12-40")


def command_line() -> argparse.ArgumentParser:
    """What may stand on the command line."""
    reader = argparse.ArgumentParser(
        description=(__doc__ or "").split("\n", 1)[0],
        epilog="example: python3 comity_verify.py https://example.org/record/ --trusted checkpoint-of-may",
    )
    reader.add_argument("copy", metavar="PLACE", help="a log's address, the folder or zip of a copy, or a proof")
    reader.add_argument("--trusted", metavar="PLACE", action="append", default=[], help="checkpoint or copy you kept")
    reader.add_argument("--policy", metavar="FILE", type=Path, help="a C2SP tlog-policy: keys, witnesses, quorum")
    reader.add_argument("--openings", metavar="FILE", help="JSON lines index, salt, value of restricted entries")
    reader.add_argument("--entries", metavar="A-B", type=span_of, help="verify only these entries")
    reader.add_argument("--list", action="store_true", help="print the entries, one a line")
    reader.add_argument("--without-values", action="store_true", help="do not look at disclosures.jsonl")
    reader.add_argument("--processes", metavar="N", type=int, default=os.cpu_count() or 1, help="how many at most")
    return reader


def main(arguments: list[str] | None = None) -> int:
    """Read the command line, answer, return the exit code."""
    reader = command_line()
    given = reader.parse_args(arguments)
    if given.entries and given.openings:
        reader.error("--openings is for a whole log: leave --entries out")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal may not know every letter of the log
    try:
        return answer(given)
    except No as error:
        say_line(f"no: {error}")
        return 1
    except (NothingToVerify, OSError) as error:
        print(shown(f"nothing to verify: {error}"), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("nothing was verified: it was interrupted", file=sys.stderr)
        return 2
    except Exception as error:  # noqa: BLE001 - whatever nobody thought of is no yes
        where = f"{type(error).__name__}: {error}, at line {traceback.extract_tb(error.__traceback__)[-1].lineno}"
        say_line(f"no: the verifier itself broke off ({where}): please report it")
        return 1


def answer(given: argparse.Namespace) -> int:
    """Answer on what lies at the place that was named; return the exit code."""
    for kept in given.trusted:
        if kept.startswith(ADDRESSES):
            raise NothingToVerify(f"{kept}: what you trust is what you kept, a file or a folder: fetch it first")
    place = Path(given.copy)
    if place.is_file() and not zipfile.is_zipfile(place):
        if not read_file(place).startswith(PROOF_FORM.encode()):
            raise NothingToVerify(f"{place}: neither the zip of a copy nor a proof")
        if not has(place.parent, "entry.json"):
            raise NothingToVerify(f"{place}: the entry itself must lie beside its proof, as entry.json")
        return judge_bundle(place.parent, given, place.name)
    edges = [kept_head(read_kept(Path(kept))).size for kept in given.trusted] if given.entries else []
    with opened(given.copy, given.entries, edges) as folder:
        if not has(folder, "checkpoint") and not has(folder, PROOF):
            raise NothingToVerify(f"{given.copy}: neither a checkpoint nor a {PROOF} lies there")
        return judge(folder, given)


if __name__ == "__main__":
    multiprocessing.freeze_support()
    sys.exit(main())
