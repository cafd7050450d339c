"""Who stands behind the checkpoint of a copy: its log, the witnesses that cosigned it, and whether these are enough."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from comity.record.core.audit import Fault, Wrong
from comity.record.core.copy import CONTROLLERS, POLICY, VKEYS, Copy
from comity.record.core.notes import KeyKind, Malformed, Note, NotSigned, Signed, UnknownKind, VerifierKey
from comity.record.core.policies import NONE, Policy


@dataclass(frozen=True)
class Attested:
    """What is wrong with the signatures under a checkpoint, and in lines who signed."""

    faults: tuple[Fault, ...] = ()
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Trust:
    """By which keys a checkpoint is judged; ``own`` where the reader brought the policy, and not the copy."""

    logs: Sequence[VerifierKey]
    """Those that sign as this log: any of them will do."""
    policy: Policy
    others: Sequence[VerifierKey] = ()
    own: bool = False
    passed: Sequence[str] = ()
    """In words, the keys of a kind that is not known here."""


def attested(copy: Copy, policy: Policy | None = None) -> Attested:
    """Judge the signatures under a copy's checkpoint by a policy, or else by what the copy says itself."""
    try:
        trust = trusted_keys(copy, policy)
    except Malformed as error:
        return _no(f"what it says of its keys cannot be read: {error}")
    if not trust.logs:
        whose = "your policy" if trust.own else "the copy"
        return _no(f"{whose} names no key of the log {copy.checkpoint.origin}: its signature cannot be checked")
    witnesses = [party.key for party in trust.policy.witnesses.values()]
    try:
        signed = Note.parse(copy.note).opened(dict.fromkeys([*trust.logs, *witnesses, *trust.others]))
    except (Malformed, NotSigned) as error:
        return _no(f"its checkpoint is not truly signed: {error}")
    if all(one.key not in trust.logs for one in signed):
        return _no(f"the log {copy.checkpoint.origin} has not signed its checkpoint")
    told = _enough(trust, [one for one in signed if one.key not in trust.logs], _controllers(copy))
    return replace(told, lines=(*told.lines, *trust.passed))


def trusted_keys(copy: Copy, policy: Policy | None) -> Trust:
    """The keys by which to judge a copy, the reader's and no other where she brings a policy.

    Raises Malformed where the copy says them badly.
    """
    known, passed = _keys(copy)
    if policy is not None:
        said, known, passed = policy, [], []
    else:
        said = Policy.of_bytes(copy.beside[POLICY]) if POLICY in copy.beside else Policy()
    notes = [key for key in known if key.kind is KeyKind.NOTE] + [party.key for party in said.logs]
    logs = [key for key in notes if key.name == copy.checkpoint.origin]
    return Trust(logs, said, [key for key in known if key.kind is KeyKind.COSIGNATURE], policy is not None, passed)


def _keys(copy: Copy) -> tuple[list[VerifierKey], list[str]]:
    """The keys that a copy lists, and in words those of a kind not known here; raise Malformed."""
    known, passed = [], []
    try:
        listed = copy.beside.get(VKEYS, b"").decode()
    except UnicodeDecodeError as error:
        raise Malformed(f"byte {error.start} of {VKEYS} is not UTF-8") from error
    for line in _lines(listed):
        try:
            known.append(VerifierKey.parse(line))
        except UnknownKind as error:
            passed.append(f"{error}: passed over")
    return known, passed


def _lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip() and not line.startswith("#")]


def _controllers(copy: Copy) -> dict[str, str]:
    words = (line.split(maxsplit=1) for line in _lines(copy.beside.get(CONTROLLERS, b"").decode("utf-8", "replace")))
    return {said[0]: " ".join(said[1].split()) for said in words if len(said) == 2}


def _enough(trust: Trust, cosigned: Sequence[Signed], hands: Mapping[str, str]) -> Attested:
    policy, whose = trust.policy, "your policy" if trust.own else "the log's own policy"
    names = {party.key: name for name, party in policy.witnesses.items()}
    runs = {one.key: hands.get(names.get(one.key, ""), "") for one in cosigned}
    lines = [f"signed by {trust.logs[0].name}"]
    lines += [f"cosigned by {one.key.name} at {instant(one.time)}{_run_by(runs[one.key])}" for one in cosigned]
    if not policy.met(one.key for one in cosigned):
        absent = ", ".join(policy.needs(one.key for one in cosigned))
        return Attested(_no(f"{whose} is not met: not cosigned by {absent}").faults, tuple(lines))
    if policy.quorum != NONE:
        lines.append(f"{whose} is met: {policy.quorum}")
    if not independent(runs.values(), hands.get("log", "")):
        lines.append("no independent witness: that others are shown the same log rests on the word of whoever runs it")
    return Attested((), tuple(lines))


def independent(hands: Iterable[str], operator: str) -> bool:
    """Whether somebody other than the operator has cosigned; nobody has where several witnesses share one hand."""
    given = [" ".join(words.casefold().split()) for words in hands]
    others = {*given} - {"", " ".join(operator.casefold().split())}
    return bool(others) and (len(given) == 1 or len({*given} - {""}) > 1)


def instant(seconds: int) -> str:
    """Seconds since 1970 as an instant; the number where no calendar reaches so far."""
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (OverflowError, ValueError, OSError):
        return f"second {seconds}"


def _run_by(words: str) -> str:
    return f", run by {words}" if words else ""


def _no(what: str) -> Attested:
    return Attested((Fault(None, "", Wrong.SIGNATURE, what),))
