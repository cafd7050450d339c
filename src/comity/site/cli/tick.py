"""``./comity tick``: the periodic work of an instance, from cron or a timer."""

from argparse import ArgumentParser, Namespace

from comity.plain.levels import Realm
from comity.site.cli.command import ANSWERED, Command


def arguments(parser: ArgumentParser) -> None:
    """It takes none."""


def run(options: Namespace) -> int:
    """Seal the day's votes, close the day's batch of restricted entries, then give every waiting entry its place."""
    from comity.site.cli import instance

    instance.open_instance()
    from comity.deliberation.jobs import seal_waiting
    from comity.record.actions import close_due_batch, sequence
    from comity.site.clock import now

    for realm in Realm:
        seal_waiting(realm, now(realm))
        close_due_batch(realm, now(realm))
        print(f"{realm.value}: {sequence(realm)} entries placed in the record")
    return ANSWERED


COMMAND = Command(
    name="tick",
    purpose="do the periodic work: batches of restricted entries, places in the record",
    example="./comity tick   # every minute, from cron or a systemd timer",
    arguments=arguments,
    run=run,
)
