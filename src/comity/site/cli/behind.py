"""What works behind the pages of the demo: its witnesses, and the worker whose checkpoints they cosign.

Runs as a process of its own beside the pages, which wait for nothing here. It ends when the demo does, in whatever way.
"""

import fcntl
import sys
from argparse import Namespace
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from comity.record.core.policies import Party
from comity.site.cli import orphans, worker
from comity.site.cli.command import ANSWERED, BAD_USAGE, CommandError, tell

WITNESSES, LOCK = "witnesses", "behind.lock"


def work(home: Path) -> int:
    """Let the witnesses of the demo in this folder answer, and publish and send letters until stopped."""
    with alone(home):
        from comity.site.cli import instance

        instance.open_house()
        from comity.plain.levels import Realm
        from comity.record.published import vkeys
        from comity.site.cli import witnesses

        logs = [key for realm in Realm for key in vkeys(realm)[:1]]
        with witnesses.answering(home / WITNESSES, logs) as answering:
            for realm in Realm:
                ask(realm.value, answering)
            return worker.run(Namespace(seconds=float("inf")))


@contextmanager
def alone(home: Path) -> Iterator[None]:
    """One for each folder: that of a second demo waits until the first has ended, and then takes its place."""
    with (home / LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def ask(log: str, answering: Mapping[str, Party]) -> None:
    """Write down that a log is to be cosigned by these witnesses, and who runs them."""
    from django.conf import settings

    from comity.record.published import CONTROLLERS
    from comity.site.cli import witnesses

    policies = Path(settings.POLICIES)
    policies.mkdir(exist_ok=True)
    (policies / log).write_text(str(witnesses.policy(answering)))
    (policies / f"{log}.{CONTROLLERS}").write_text(witnesses.controllers(answering))


def main(words: Sequence[str]) -> int:
    """``HOME PARENT``: the demo's folder, and the process of its pages."""
    orphans.end_with(int(words[1]))
    try:
        return work(Path(words[0]))
    except KeyboardInterrupt:
        return ANSWERED
    except CommandError as error:
        tell(f"comity demo: nothing is published, and no letter sent: {error}")
        return BAD_USAGE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
