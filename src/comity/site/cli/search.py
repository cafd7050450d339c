"""``./comity search``: the index of names, written anew."""

import sys
from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime

from comity.site.cli.command import ANSWERED, Command


def arguments(parser: ArgumentParser) -> None:
    """What to do with it."""
    parser.add_argument("act", choices=["rebuild"], help="write anew what is searched of all names")


def run(options: Namespace) -> int:
    """Write it anew; search answers from the old one until it is whole."""
    from comity.site.cli import instance

    instance.open_instance()
    from comity.registry.actions.indexing import rebuild

    watched = sys.stderr.isatty()

    def told(done: int) -> None:
        if watched:
            print(f"\r{done:,} names", end="", file=sys.stderr, flush=True)

    keys = rebuild(at=datetime.now(UTC), told=told)
    if watched:
        print(file=sys.stderr)
    print(f"{keys:,} names are searched")
    return ANSWERED


COMMAND = Command(
    name="search",
    purpose="write the index of names anew",
    example="./comity search rebuild",
    arguments=arguments,
    run=run,
)
