"""``./comity migrate``: bring the instance's database to this version."""

from argparse import ArgumentParser, Namespace

from comity.site.cli.command import ANSWERED, Command, tell


def arguments(parser: ArgumentParser) -> None:
    """It takes none."""


def run(options: Namespace) -> int:
    """Apply what is missing and say what stands."""
    from comity.site.cli import instance

    instance.open_house()
    instance.migrate()
    tell("The database is at this version.")
    return ANSWERED


COMMAND = Command(
    name="migrate",
    purpose="bring the database of this instance (COMITY_HOME, DATABASE_URL) to this version",
    example="DATABASE_URL=postgresql://comity@db/comity ./comity migrate",
    arguments=arguments,
    run=run,
)
