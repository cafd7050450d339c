"""What organisations signed, judged from a copy of a log: by the keys that the log itself issued, replaced, revoked."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from comity.record.core import jcs
from comity.record.core.audit import Fault, Leaf, Wrong
from comity.record.core.jcs import Json
from comity.record.core.leaf import Sealed
from comity.record.core.notes import Malformed, NotSigned
from comity.record.core.sshsig import NAMESPACE, PublicKey, SshSignature

SIGNED, PUBLISHED, REVOKED = "texts.signed", "texts.published", "record.key_revoked"
ISSUES = frozenset({"record.key_issued", "record.key_rotated"})
PAPERS = (("paper", "txt"), ("signature", "sig"))
FOREVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Held:
    """A key as the log tells of it: whose it is, from when to when it signs, and on which site a passkey does."""

    key: PublicKey
    organisation: str
    after: datetime
    before: datetime
    origin: str


Values = Mapping[str, Json]
Statement = tuple[int, Leaf, Values]


def statements(
    leaves: Iterable[Leaf | None], disclosures: Mapping[int, Mapping[str, Sealed]], types: Iterable[str]
) -> list[Statement]:
    """What the entries of these types say, as far as it is given: (index, leaf, values)."""
    asked = frozenset(types)
    return [
        (index, leaf, {name: jcs.decode(sealed.text) for name, sealed in disclosures[index].items()})
        for index, leaf in enumerate(leaves)
        if leaf is not None and leaf.type in asked and index in disclosures
    ]


def keys_in(said: Iterable[Statement]) -> dict[PublicKey, Held]:
    """The keys that entries of the log issued, each with the time in which it signs."""
    held: dict[str, Held] = {}
    for _index, leaf, values in said:
        at = instant(leaf.at)
        for old in (values.get("replaces"), values.get("fingerprint") if leaf.type == REVOKED else None):
            if isinstance(old, str) and old in held:
                held[old] = replace(held[old], before=min(held[old].before, at))
        if leaf.type in ISSUES and (one := _issued(values, at)):
            held[one.key.fingerprint] = one
    return {one.key: one for one in held.values()}


def _issued(values: Values, at: datetime) -> Held | None:
    try:
        ends = values.get("valid_before") or ""
        before = datetime.fromisoformat(str(ends)) if ends else FOREVER
        key = PublicKey.parse(str(values["key"]))
    except (Malformed, ValueError, KeyError):
        return None
    if before.tzinfo is None:
        return None
    return Held(key, str(values.get("organisation", "")), at, before, str(values.get("origin", "")))


@dataclass
class Signatures:
    """What the signatures of a log are worth, by the files of a copy and the keys of the log."""

    files: Mapping[str, bytes]
    held: Mapping[PublicKey, Held]
    faults: list[Fault] = field(default_factory=list)
    holding: int = 0
    unknown: list[int] = field(default_factory=list)
    """Entries whose signature cannot be checked: its words, its file or its key is not given."""

    @property
    def lines(self) -> list[str]:
        """How many hold, and which cannot be checked."""
        told = []
        if self.holding:
            told.append(f"{self.holding} signature{'' if self.holding == 1 else 's'} of organisations hold")
        if self.unknown:
            more = f" and {len(self.unknown) - 20} more" if len(self.unknown) > 20 else ""
            named = ", ".join(map(str, self.unknown[:20])) + more
            told.append(f"signatures that cannot be checked, their words or keys not being given: entries {named}")
        return told

    def judge(self, index: int, leaf: Leaf, values: Values, told_at: datetime) -> None:
        """Take the signature in that an entry of that instant names."""
        given = {name: self.files[name] for name in names_of(values) if name in self.files}
        false = [
            f"{name} is not the file of that fingerprint"
            for name, content in given.items()
            if hashlib.sha256(content).hexdigest() not in name
        ]
        if instant(leaf.at) > told_at:
            false.append("names a signature that was given after the entry that tells of it")
        self.faults += [_no(index, leaf, what) for what in false]
        if false:
            return
        wrong = self._wrong(leaf, values, list(given.values())) if len(given) == len(PAPERS) else None
        if wrong is None:
            self.unknown.append(index)
        elif wrong:
            self.faults.append(_no(index, leaf, f"its signature does not hold: {wrong}"))
        else:
            self.holding += 1

    def _wrong(self, leaf: Leaf, values: Values, given: list[bytes]) -> str | None:
        """What is wrong with a signature; empty for nothing, None where its key or whose it is is not given."""
        paper, armored = given
        try:
            made = SshSignature.parse(armored.decode("ascii", "replace"))
            held = self.held.get(made.key)
            organisation = str(values.get("organisation", ""))
            if held is None:
                return None
            if "" not in {held.organisation, organisation} and held.organisation != organisation:
                return "its key is another organisation's"
            if not held.after <= instant(leaf.at) < held.before:
                return f"its key did not hold at {leaf.at}"
            made.check(paper, key=held.key, namespace=NAMESPACE, origin=held.origin)
        except (Malformed, NotSigned) as error:
            return str(error)
        return None if "" in {held.organisation, organisation} else ""


def signatures(said: Iterable[Statement], files: Mapping[str, bytes]) -> Signatures:
    """Judge each signature that an entry names, by ``files`` of the copy (``signatures/…``) and the keys of the log."""
    told = list(said)
    found = Signatures(files, keys_in(told))
    at = {index: instant(leaf.at) for index, leaf, _values in told}
    for index, leaf, values in signed_in(told):
        found.judge(index, leaf, values, at[index])
    return found


def signed_in(said: Iterable[Statement]) -> Iterable[Statement]:
    """Each signature that entries name: their own, and those that were given before a statement was published.

    Of the latter the entry tells when each was given; nothing public had been written down of it then.
    """
    for index, leaf, values in said:
        if leaf.type == SIGNED:
            yield index, leaf, values
        given = values.get("signatures") if leaf.type == PUBLISHED else None
        for one in given if isinstance(given, list) else ():
            if isinstance(one, Mapping):
                yield index, replace(leaf, at=str(one.get("at", ""))), one


def names_of(values: Values) -> list[str]:
    """The files that hold what was signed and the signature, as an entry names them by their fingerprints."""
    prints = [(str(values.get(name, "")), end) for name, end in PAPERS]
    return [f"signatures/{one}.{end}" for one, end in prints if re.fullmatch(r"[0-9a-f]{64}", one)]


def _no(index: int, leaf: Leaf, what: str) -> Fault:
    return Fault(index, leaf.subject, Wrong.SIGNATURE, what)


def instant(text: str) -> datetime:
    """An instant of a leaf; the earliest of all where it is none."""
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
