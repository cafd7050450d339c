"""Two processes that publish one log at once, while a third writes; run by test_crashes.py.

    python -m comity.record.tests.racing ROUNDS [unlocked]

``unlocked`` takes the lock away that lets one work alone, as on two machines that share the folders: then only the
compare-and-set of the head stands between them. What each said is printed as JSON.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from comity.record.tests.crashing import FICTION, now, verified, write  # first: it sets Django up

from django.core.management import call_command  # isort: skip
from django.db import connections  # isort: skip

from comity.plain.levels import Realm  # isort: skip
from comity.record import queries  # isort: skip
from comity.record.publishing import NotPublished, heads, publish  # isort: skip


def publishes(rounds: int) -> Callable[[Callable[[str], None]], None]:
    """So many rounds; each is told by the first word of what it said, or by the code of its refusal."""

    def work(tell: Callable[[str], None]) -> None:
        for _round in range(rounds):
            try:
                said = publish(FICTION, at=now())
            except NotPublished as refusal:
                said = refusal.code
            tell("busy" if "another process" in said else "published" if "published" in said else said or "nothing")

    return work


def begun(work: Callable[[Callable[[str], None]], None]) -> tuple[int, int]:
    """Begin some work in a process of its own: the process, and where it tells."""
    connections.close_all()
    read, written = os.pipe()
    child = os.fork()
    if child == 0:
        ended = 1
        try:
            os.close(read)
            work(lambda line: (os.write(written, f"{line}\n".encode()), None)[1])
            ended = 0
        finally:
            os._exit(ended)
    os.close(written)
    return child, read


@contextmanager
def nobody_waits(realm: Realm) -> Iterator[bool]:
    """No lock at all."""
    yield True


def main(words: list[str]) -> None:
    """See the module."""
    rounds = int(words[0])
    if words[1:] == ["unlocked"]:
        heads.alone = nobody_waits
    setattr(queries, "readable", lambda refs, realm, at: set(refs))  # noqa: B010 - no other room's tables stand here
    call_command("migrate", "record", interactive=False, verbosity=0)
    write(1, lambda _line: None)
    publish(FICTION, at=now())
    publishers = [begun(publishes(rounds)) for _one in range(2)]
    write(rounds * 2, lambda _line: None)
    told = []
    for child, read in publishers:
        with os.fdopen(read) as lines:
            told.append(lines.read().split())
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    publish(FICTION, at=now())
    verified(set(), [])
    print(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1:])
