"""Asking the witnesses of a log, as in C2SP tlog-witness: what each holds of it, and whether it cosigns a head.

A witness is believed only where it shows a signature: its own under a head, or the log's under a larger one. What it
merely says can slow a log down by its own cosignature and no more.
"""

import base64
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from time import monotonic
from typing import TypeVar

from comity.plain.time import utc_text
from comity.record.core.checkpoints import Opened, opened
from comity.record.core.notes import (
    Malformed,
    Note,
    NotSigned,
    Signature,
    VerifierKey,
    number_of,
    signature_lines,
)
from comity.record.core.policies import Party, Policy
from comity.record.core.tiles import Tree
from comity.record.publishing.exchange import Answer, NoAnswer, asked
from comity.record.publishing.refusals import DiskRefuses

ONE, ALL, GRACE = 1.0, 3.0, 0.2
"""Seconds: for one question, for all of them, and for those who are slower once enough have cosigned."""
QUIET = 30.0
"""Seconds for which a witness that told nothing of what it holds is not asked for that again."""
LONGEST_REASON = 200
"""Bytes of the reason that a witness gives."""
TRIES = 3
"""Questions to one witness about one head."""
OFF = timedelta(minutes=5)
"""A cosignature is dated by its witness's clock, which may differ from ours by so much."""
_SAID = {
    400: "finds the request malformed or old (400)",
    403: "does not trust the log's signature (403): ask whoever runs it to add the log's key",
    404: "does not know this log (404): ask whoever runs it to add the log's key",
    422: "finds that this head does not continue what it cosigned before (422)",
}
Result = TypeVar("Result")


class NoCosignature(Exception):
    """A witness does not cosign a head; the message says why, to follow its name."""


@dataclass(frozen=True)
class Cosigned:
    """What came of asking: the lines of those who cosigned, and why the others did not, by the policy's names."""

    lines: Mapping[str, Signature]
    lacking: Mapping[str, str]


class Witnesses:
    """The witnesses of a log's policy; what this process learnt of them is remembered while it lives."""

    def __init__(self, policy: Policy, log: VerifierKey) -> None:
        self.policy, self.log = policy, log

    @property
    def asked_before(self) -> bool:
        """Whether this process has asked them what they hold of this log; the first round of a process always does."""
        return self.log in _MEMORY.logs

    def held(self, size: int) -> dict[str, Opened]:
        """What each witness holds of this log under the log's own signature, unless it is known to hold ``size``.

        Whoever does not answer, or with something the log never signed, is passed over.
        """
        _MEMORY.logs.add(self.log)
        unknown = {
            name: party
            for name, party in self.policy.witnesses.items()
            if party.url and _MEMORY.size(party, self.log) != size and not _MEMORY.quiet(party, self.log)
        }
        answers = _all_at_once(unknown, self._held, ONE, lambda _answers: False)
        in_order = {name: answers.get(name) for name in unknown}
        return {name: answer for name, answer in in_order.items() if isinstance(answer, Opened)}

    def cosigned(self, note: Note, tree: Callable[[], Tree], at: datetime) -> Cosigned:
        """Ask every witness to cosign a head; wait for all, but not much longer than until enough have."""
        begun = monotonic()

        def ask(party: Party) -> Signature:
            line = self._cosigned(party, note, tree())
            _check_time(party.key, line, note, at + timedelta(seconds=monotonic() - begun))
            return line

        def enough(answers: Mapping[str, object]) -> bool:
            agreed = [name for name, answer in answers.items() if isinstance(answer, Signature)]
            return self.policy.met(self.policy.witnesses[name].key for name in agreed)

        answers = _all_at_once(self.policy.witnesses, ask, ALL, enough)
        in_order = {name: answers.get(name) for name in self.policy.witnesses}
        lines = {name: answer for name, answer in in_order.items() if isinstance(answer, Signature)}
        others = self.policy.witnesses.keys() - lines.keys()
        return Cosigned(lines, {name: str(answers.get(name, "does not answer in time")) for name in sorted(others)})

    def _held(self, party: Party) -> Opened:
        known_as = hashlib.sha256(self.log.name.encode()).hexdigest()
        try:
            answer = asked(f"{party.url.rstrip('/')}/{known_as}/checkpoint", seconds=ONE)
            if answer.status != 200:
                raise NoAnswer(f"answers {answer.status}")
            held = opened(answer.body, self.log, [party.key])
        except (NoAnswer, Malformed, NotSigned) as error:
            _MEMORY.hush(party, self.log)
            raise NoCosignature(str(error)) from error
        _MEMORY.keep(party, self.log, held.checkpoint.size)
        return held

    def _cosigned(self, party: Party, note: Note, tree: Tree) -> Signature:
        """The cosignature of one witness, asked again from the size that it names; raise NoCosignature."""
        if not party.url:
            raise NoCosignature("has no address in the policy")
        old = min(_MEMORY.size(party, self.log) or 0, tree.size)
        for _try in range(TRIES):
            answer = _submitted(party, note, tree, old)
            if answer.status == 200:
                line = _own_line(party.key, answer, note)
                _MEMORY.keep(party, self.log, tree.size)
                return line
            _MEMORY.forget(party, self.log)
            if answer.status != 409:
                raise NoCosignature(_SAID.get(answer.status, _otherwise(answer.status)) + _reason(answer))
            old = _size_in(answer, old, tree.size)
        raise NoCosignature("names another size each time it is asked (409)")


def _otherwise(status: int) -> str:
    return f"sends elsewhere ({status}), which is not followed" if 300 <= status < 400 else f"answers {status}"


def _reason(answer: Answer) -> str:
    """The reason that a witness gives, as its own words, in signs that do nothing to a terminal; empty for none."""
    words = answer.body[:LONGEST_REASON].split(b"\n")[0].decode("ascii", "replace")
    plain = "".join(sign if sign.isprintable() and sign not in '"\ufffd' else "?" for sign in words).strip()
    return f', and says "{plain}"' if plain else ""


def _submitted(party: Party, note: Note, tree: Tree, old: int) -> Answer:
    proof = tree.consistency(old) if 0 < old < tree.size else []
    hashes = "".join(f"{base64.b64encode(one).decode()}\n" for one in proof)
    body = f"old {old}\n{hashes}\n".encode() + bytes(note)
    try:
        return asked(f"{party.url.rstrip('/')}/add-checkpoint", body, seconds=ONE)
    except NoAnswer as error:
        raise NoCosignature(str(error)) from error


def _own_line(key: VerifierKey, answer: Answer, note: Note) -> Signature:
    """The witness's own line in its answer, verified; raise NoCosignature."""
    try:
        for line in signature_lines(answer.text()):
            if (line.name, line.key_id) == (key.name, key.key_id):
                key.signed(note.text, line.value)
                return line
    except (NoAnswer, Malformed, NotSigned) as error:
        raise NoCosignature(f"answers with no cosignature: {error}") from error
    raise NoCosignature("answers without a line of its own key")


def _check_time(key: VerifierKey, line: Signature, note: Note, now: datetime) -> None:
    said = key.signed(note.text, line.value).time
    if abs(said - now.timestamp()) > OFF.total_seconds():
        named = utc_text(datetime.fromtimestamp(min(said, 2**37), UTC))
        raise NoCosignature(f"dates its cosignature {named}, and here it is {utc_text(now)}: set the clock that is off")


def _size_in(answer: Answer, old: int, size: int) -> int:
    """The size that a witness names instead of ``old``; raise NoCosignature where it helps no further."""
    try:
        named = number_of(answer.text().removesuffix("\n"), "the size")
    except (NoAnswer, Malformed) as error:
        raise NoCosignature(f"refuses the size {old} and names no other (409): {error}") from error
    if named > size:
        raise NoCosignature(f"says that it has cosigned {named} entries, more than the {size} that are signed (409)")
    if named == old:
        raise NoCosignature(f"refuses the size {old} and names it (409)")
    return named


def _all_at_once(
    parties: Mapping[str, Party],
    ask: Callable[[Party], Result],
    seconds: float,
    enough: Callable[[Mapping[str, object]], bool],
) -> dict[str, Result | NoCosignature]:
    """Ask each of them in a thread of its own; whoever is late is not waited for, nor asked while it still ponders."""
    answers: dict[str, Result | NoCosignature] = {}
    queue: SimpleQueue[tuple[str, Result | NoCosignature]] = SimpleQueue()

    def run(name: str, party: Party) -> None:
        try:
            queue.put((name, ask(party)))
        except NoCosignature as error:
            queue.put((name, error))
        except (LookupError, ValueError, DiskRefuses) as error:
            queue.put((name, NoCosignature(f"cannot be shown the log: {error}")))
        finally:
            _MEMORY.leave(party)

    for name, party in parties.items():
        if _MEMORY.enter(party):
            Thread(target=run, args=(name, party), daemon=True).start()
        else:
            answers[name] = NoCosignature("has not answered the question before")
    until = monotonic() + seconds
    while len(answers) < len(parties):
        try:
            name, answer = queue.get(timeout=max(0.0, until - monotonic()))
        except Empty:
            break
        answers[name] = answer
        if enough(answers):
            until = min(until, monotonic() + GRACE)
    return answers


class _Memory:
    """What this process knows of witnesses: how far each has cosigned a log, who keeps quiet, who is being asked."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._sizes: dict[tuple[Party, VerifierKey], int] = {}
        self._quiet: dict[tuple[Party, VerifierKey], float] = {}
        self._asked: set[Party] = set()
        self.logs: set[VerifierKey] = set()

    def size(self, party: Party, log: VerifierKey) -> int | None:
        """The size that a witness holds; None where that is not known."""
        return self._sizes.get((party, log))

    def keep(self, party: Party, log: VerifierKey, size: int) -> None:
        """It holds so much."""
        self._sizes[party, log] = size

    def forget(self, party: Party, log: VerifierKey) -> None:
        """It holds something else."""
        self._sizes.pop((party, log), None)
        self._quiet.pop((party, log), None)

    def hush(self, party: Party, log: VerifierKey) -> None:
        """It told nothing now."""
        self._quiet[party, log] = monotonic()

    def quiet(self, party: Party, log: VerifierKey) -> bool:
        """Whether it told nothing a moment ago."""
        return monotonic() - self._quiet.get((party, log), -QUIET) < QUIET

    def enter(self, party: Party) -> bool:
        """Whether it may be asked now; nobody is asked two things at once."""
        with self._lock:
            free = party not in self._asked
            self._asked.add(party)
            return free

    def leave(self, party: Party) -> None:
        """It has been asked."""
        with self._lock:
            self._asked.discard(party)


_MEMORY = _Memory()
