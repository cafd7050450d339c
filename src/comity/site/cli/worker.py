"""``./comity worker``: letters as they are written, and the periodic work of an instance once a minute."""

import time
from argparse import ArgumentParser, Namespace
from contextlib import suppress

from comity.site.cli.command import ANSWERED, Command

BETWEEN_LETTERS, BETWEEN_TICKS = 2.0, 60.0
"""Seconds."""


def arguments(parser: ArgumentParser) -> None:
    """How long it works."""
    parser.add_argument("--seconds", type=float, default=float("inf"), help="stop after so long (default: never)")


def run(options: Namespace) -> int:
    """Work until stopped; what is claimed stays claimed, what is not waits for the next worker."""
    from comity.site.cli import instance

    instance.open_instance()
    with suppress(KeyboardInterrupt):
        _work(until=time.monotonic() + options.seconds)
    return ANSWERED


def _work(until: float) -> None:
    from comity.mail.jobs import send_waiting
    from comity.site.periodic import do_what_is_due

    next_tick = time.monotonic()
    while time.monotonic() < until:
        if time.monotonic() >= next_tick:
            for line in do_what_is_due():
                print(line, flush=True)
            next_tick = time.monotonic() + BETWEEN_TICKS
        for line in send_waiting():
            print(line, flush=True)
        time.sleep(min(BETWEEN_LETTERS, max(0.0, until - time.monotonic())))


COMMAND = Command(
    name="worker",
    purpose="send letters as they are written, and do the periodic work once a minute",
    example="./comity worker   # as a service beside ./comity serve; then no cron is needed for ./comity tick",
    arguments=arguments,
    run=run,
)
