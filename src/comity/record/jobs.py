"""Keeping the logs published while the instance works: soon after each change, with patience where it cannot be."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from comity.plain.levels import Realm
from comity.plain.time import utc_text
from comity.record import published
from comity.record.ended import ended
from comity.record.publishing import NotPublished, publish
from comity.record.publishing.keys import name_of, verifier_of

POLL = 0.25
"""Seconds between two looks at whether something waits."""
AGAIN = 60.0
"""Seconds after which a whole round is made even where nothing new is numbered."""
SHORTEST, LONGEST = 1.0, 30.0
"""Seconds that pass before a round that did not publish is tried again: twice as many each time, at most so many."""


def publish_logs(at: datetime) -> Iterator[str]:
    """Publish what is due of both logs, and say in a line each what was done or why it was not."""
    for realm in Realm:
        if line := publish_or_say_why(realm, at):
            yield line


def publish_or_say_why(realm: Realm, at: datetime) -> str:
    """Publish what is due of a log; where that is refused, the reason and the remedy in one line."""
    try:
        return publish(realm, at=at)
    except NotPublished as refusal:
        return f"{realm.value}: {refusal}"


@dataclass
class _Watched:
    """One log while it is kept published."""

    next_round: float = 0.0
    tries: int = 0
    """Rounds since one has published everything."""
    said: str = ""


class Publishing:
    """Both logs kept published: looks often, publishes what is new at once, and repeats no line."""

    def __init__(self) -> None:
        self._logs = {realm: _Watched() for realm in Realm}

    def look(self) -> Iterator[str]:
        """Publish what is due now; give the lines that are news to whoever watches."""
        for realm, log in self._logs.items():
            if time.monotonic() >= log.next_round or (not log.tries and waits(realm)):
                yield from self._round(realm, log)

    def _round(self, realm: Realm, log: _Watched) -> Iterator[str]:
        before = published.identity()
        line = publish_or_say_why(realm, datetime.now(UTC))
        went_on = not line or published.identity() != before
        pause = AGAIN if went_on else min(LONGEST, SHORTEST * 2**log.tries)
        log.tries = 0 if went_on else log.tries + 1
        news = bool(log.said) if went_on else line != log.said
        log.next_round, log.said = time.monotonic() + pause, "" if went_on else line
        if news and line:
            yield line


def waits(realm: Realm) -> bool:
    """Whether numbered entries wait for a checkpoint; one look at the database, one at the disk."""
    return published.numbered(realm) > _size(realm)


def _size(realm: Realm) -> int:
    """How many entries are published; none where the disk gives no file: a round then says so."""
    try:
        known = published.head(realm)
    except OSError:
        return 0
    return known.checkpoint.size if known else 0


def status(realm: Realm) -> list[str]:
    """How a log stands, for its operator."""
    now, name = published.standing(realm), name_of(realm)
    lines = [f"{realm.value}: {name}"]
    lines.append(f"  key          {_key(realm, name)}")
    lines.append(f"  published    {now.published} of {now.numbered} entries{_since(now.since)}")
    if now.waiting_since:
        lines.append(f"  waiting      {now.numbered - now.published} entries{_since(now.waiting_since)}")
    for one in now.cosigners:
        lines.append(f"  cosigned     {utc_text(one.at)} by {one.name} ({one.controller or 'nobody said who runs it'})")
    lines += [f"  lacking      {name}" for name in now.lacking]
    lines.append(f"  independent  {'yes' if now.independent else 'no independent witness'}")
    for old in ended(realm, datetime.now(UTC)):
        known = f"{old.size} entries" if old.size is not None else "its last checkpoint is not known"
        lines.append(f"  succeeds     {old.origin}: {known} ({old.because}), says entry {old.entry.index}")
    return lines


def _key(realm: Realm, name: str) -> str:
    """What a witness needs, or why there is none: how the rest stands is told all the same."""
    try:
        return str(verifier_of(realm, name) or "none yet: it is made at the first publishing")
    except NotPublished as refusal:
        return str(refusal)


def _since(at: datetime | None) -> str:
    return f", since {utc_text(at)}" if at else ""
