"""Who must have cosigned a checkpoint, as in C2SP tlog-policy: logs, witnesses, groups of them, and the quorum."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from comity.record.core.checkpoints import Checkpoint, Opened
from comity.record.core.notes import KeyKind, Malformed, Note, NotSigned, VerifierKey, number_of

NONE = "none"
RESERVED = frozenset({NONE, "all", "any"})
MOST = 1_000
"""Lines of one kind; the specification asks readers for at least 32."""

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_SPACE = re.compile(r"[ \t]+")
"""No other space divides words: names are opaque."""


@dataclass(frozen=True)
class Party:
    """A log or a witness: its key, and where it is reached, if anywhere."""

    key: VerifierKey
    url: str = ""


@dataclass(frozen=True)
class Group:
    """Witnesses and groups, of which at least so many must agree."""

    threshold: int
    members: tuple[str, ...]


@dataclass(frozen=True)
class Policy:
    """Logs, witnesses and groups by the names the policy gives them, and the one that must agree; ``none``: nobody."""

    logs: Sequence[Party] = ()
    witnesses: Mapping[str, Party] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)
    quorum: str = NONE

    def met(self, keys: Iterable[VerifierKey]) -> bool:
        """Whether the witnesses with these keys are enough."""
        agreed = set(keys)
        return self.quorum == NONE or self._agrees(self.quorum, agreed)

    def needs(self, keys: Iterable[VerifierKey]) -> list[str]:
        """The witnesses of the quorum that are not among these keys, by the policy's names."""
        agreed = set(keys)
        return [name for name in self._within(self.quorum) if self.witnesses[name].key not in agreed]

    def __str__(self) -> str:
        lines = [f"log {party.key}{_at(party)}" for party in self.logs]
        lines += [f"witness {name} {party.key}{_at(party)}" for name, party in self.witnesses.items()]
        for name, group in self.groups.items():
            lines.append(f"group {name} {_threshold_in_words(group)} {' '.join(group.members)}")
        return "".join(f"{line}\n" for line in [*lines, f"quorum {self.quorum}"])

    @classmethod
    def of_bytes(cls, content: bytes) -> "Policy":
        """Read the file of a policy; raise Malformed."""
        try:
            return cls.parse(content.decode())
        except UnicodeDecodeError as error:
            raise Malformed(f"byte {error.start} of the policy is not UTF-8") from error

    @classmethod
    def parse(cls, text: str) -> "Policy":
        """Read a policy; raise Malformed, which names the line."""
        draft = _Draft()
        if not text.endswith("\n"):
            raise Malformed("the last line of the policy does not end: put a newline after it")
        for number, line in enumerate(text.split("\n"), start=1):
            if found := _CONTROL.search(line):
                raise Malformed(f"line {number} of the policy: a control character {ord(found[0]):#04x} stands in it")
            words = _SPACE.sub(" ", line).strip(" ").split(" ")
            if words[0] and not words[0].startswith("#"):
                try:
                    draft.read(words)
                except Malformed as error:
                    raise Malformed(f"line {number} of the policy: {error}") from error
        if not draft.quorum:
            raise Malformed("the policy names no quorum")
        return cls(tuple(draft.logs), draft.witnesses, draft.groups, draft.quorum)

    def _agrees(self, name: str, agreed: set[VerifierKey]) -> bool:
        if name in self.witnesses:
            return self.witnesses[name].key in agreed
        group = self.groups[name]
        return sum(self._agrees(member, agreed) for member in group.members) >= group.threshold

    def _within(self, name: str) -> list[str]:
        if name == NONE:
            return []
        if name in self.witnesses:
            return [name]
        return [witness for member in self.groups[name].members for witness in self._within(member)]


def opened_under(content: bytes, policy: Policy) -> Opened:
    """Read a checkpoint that a log of the policy has signed and its quorum cosigned; raise Malformed or NotSigned."""
    note = Note.parse(content)
    checkpoint = Checkpoint.of(note)
    logs = [log.key for log in policy.logs if log.key.name == checkpoint.origin]
    signed = note.opened([*logs, *(witness.key for witness in policy.witnesses.values())])
    if all(one.key not in logs for one in signed):
        raise NotSigned(f"no log of the policy has signed it as {checkpoint.origin}")
    cosigned = tuple(one for one in signed if one.key not in logs)
    agreed = [one.key for one in cosigned]
    if not policy.met(agreed):
        raise NotSigned(f"too few of the quorum have cosigned it; not these: {', '.join(policy.needs(agreed))}")
    return Opened(checkpoint, note, cosigned)


def _at(party: Party) -> str:
    return f" {party.url}" if party.url else ""


def _threshold_in_words(group: Group) -> str:
    return {1: "any", len(group.members): "all"}.get(group.threshold, str(group.threshold))


@dataclass
class _Draft:
    """A policy while it is read: a name stands before what names it, and in one group at most."""

    logs: list[Party] = field(default_factory=list)
    witnesses: dict[str, Party] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    quorum: str = ""
    grouped: set[str] = field(default_factory=set)

    def read(self, words: list[str]) -> None:
        """Take one line in."""
        kind, rest = words[0], words[1:]
        if kind == "log" and 1 <= len(rest) <= 2:
            self._log(_party(rest, KeyKind.NOTE))
        elif kind == "witness" and 2 <= len(rest) <= 3:
            self._witness(rest[0], _party(rest[1:], None))
        elif kind == "group" and len(rest) >= 3:
            self._group(rest[0], rest[1], tuple(rest[2:]))
        elif kind == "quorum" and len(rest) == 1:
            self._quorum(rest[0])
        else:
            raise Malformed(f"it is no line “{kind}” of a policy")

    def _log(self, party: Party) -> None:
        if any(known.key.public == party.key.public for known in self.logs):
            raise Malformed("the log stands there twice")
        self.logs.append(_few(party, self.logs))

    def _witness(self, name: str, party: Party) -> None:
        self._new(name)
        if any(known.key.public == party.key.public for known in self.witnesses.values()):
            raise Malformed("the key of the witness stands there twice")
        self.witnesses[name] = _few(party, self.witnesses)

    def _group(self, name: str, threshold: str, members: tuple[str, ...]) -> None:
        self._new(name)
        for member in members:
            if not self._known(member):
                raise Malformed(f"“{member}” is not named above")
            if member in self.grouped:
                raise Malformed(f"“{member}” is in a group already")
            self.grouped.add(member)
        count = {"any": 1, "all": len(members)}.get(threshold) or number_of(threshold, "the number of a group")
        if not 1 <= count <= len(members):
            raise Malformed(f"of {len(members)} members {count} cannot agree")
        self.groups[name] = _few(Group(count, members), self.groups)

    def _quorum(self, name: str) -> None:
        if self.quorum:
            raise Malformed("the quorum is named twice")
        if name != NONE and not self._known(name):
            raise Malformed(f"“{name}” is not named above")
        self.quorum = name

    def _new(self, name: str) -> None:
        if name in RESERVED:
            raise Malformed(f"“{name}” is a word of the policy and no name")
        if self._known(name):
            raise Malformed(f"“{name}” is named twice")

    def _known(self, name: str) -> bool:
        return name in self.witnesses or name in self.groups


Line = TypeVar("Line", Party, Group)


def _few(line: Line, known: Sequence[object] | Mapping[str, object]) -> Line:
    if len(known) >= MOST:
        raise Malformed(f"more than {MOST} of a kind")
    return line


def _party(words: list[str], kind: KeyKind | None) -> Party:
    key = VerifierKey.parse(words[0])
    if kind is not None and key.kind is not kind:
        raise Malformed(f"the key {key.name} does not sign as a log does")
    return Party(key, words[1] if len(words) > 1 else "")
