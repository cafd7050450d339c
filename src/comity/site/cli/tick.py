"""``./comity tick``: the periodic work of an instance, from cron or a timer."""

from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime

from comity.site.cli.command import ANSWERED, Command


def arguments(parser: ArgumentParser) -> None:
    """It takes none."""


def run(options: Namespace) -> int:
    """Let every room do what is due, give every waiting entry its place, publish the logs, and send the letters."""
    from comity.site.cli import instance

    instance.open_instance()
    from comity.mail.jobs import send_waiting
    from comity.record.jobs import publish_logs
    from comity.site.periodic import do_what_is_due

    lines = [*do_what_is_due(), *publish_logs(datetime.now(UTC)), *send_waiting()]
    print("\n".join(lines or ["nothing was due: 0 entries placed in the record"]))
    return ANSWERED


COMMAND = Command(
    name="tick",
    purpose="do the periodic work: what is due in each room, the record placed and published, letters that wait",
    example="./comity tick   # every minute, from cron or a systemd timer",
    arguments=arguments,
    run=run,
)
