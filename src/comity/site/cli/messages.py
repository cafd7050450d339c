"""``./comity messages``: the gettext catalogues, one per room and language, read from the sources with Babel."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from comity.site.cli.command import ANSWERED, SAID_NO, Command, tell


def arguments(parser: ArgumentParser) -> None:
    """Whether only to look."""
    parser.add_argument(
        "--check", action="store_true", help="change nothing; name what is missing, exit 1 if anything is"
    )


def run(options: Namespace) -> int:
    """Write new sentences into every catalogue, or name those that lack a translation."""
    from comity.site.cli import catalogues

    if options.check:
        faults = catalogues.faults()
        for fault in faults:
            print(fault)
        return SAID_NO if faults else ANSWERED
    for path in catalogues.update():
        tell(str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path))
    return ANSWERED


COMMAND = Command(
    name="messages",
    purpose="bring the gettext catalogues up to the sources, or --check that every sentence is translated",
    example="./comity messages --check",
    arguments=arguments,
    run=run,
)
