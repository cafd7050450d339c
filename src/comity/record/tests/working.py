"""Changes in one process while a worker publishes in another; run by test_working.py and by who measures.

    python -m comity.record.tests.working CHANGES

Each change is written and then waited for until the published checkpoint covers it. Prints the seconds of each as JSON.
"""

import json
import sys
from time import monotonic, sleep

from comity.record.tests.crashing import FICTION, now, write  # first: it sets Django up

from comity.record import published, queries  # isort: skip
from comity.record.models import Entry  # isort: skip

PATIENCE = 120


def published_after() -> float:
    """The seconds from a change to the checkpoint that covers it."""
    written: list[str] = []
    begun = monotonic()
    write(1, written.append)
    index = Entry.objects.get(pk=int(written[0])).index
    while not published.standing(FICTION).covers(index):
        if monotonic() - begun > PATIENCE:
            raise SystemExit(f"entry {index} is not published at {now()}")
        sleep(0.01)
    return monotonic() - begun


def main(words: list[str]) -> None:
    """See the module."""
    setattr(queries, "readable", lambda refs, realm, at: set(refs))  # noqa: B010 - nothing stands here that is named
    print(json.dumps([round(published_after(), 3) for _change in range(int(words[0]))]))


if __name__ == "__main__":
    main(sys.argv[1:])
