"""``./comity worker``: the record published and letters sent as they are written, periodic work once a minute."""

import time
from argparse import ArgumentParser, Namespace
from contextlib import suppress
from threading import Event, Thread

from comity.site.cli.command import ANSWERED, SAID_NO, Command, tell

BETWEEN_LETTERS, BETWEEN_TICKS = 2.0, 60.0
"""Seconds."""


def arguments(parser: ArgumentParser) -> None:
    """How long it works."""
    parser.add_argument("--seconds", type=float, default=float("inf"), help="stop after so long (default: never)")


def run(options: Namespace) -> int:
    """Work until stopped; what is claimed stays claimed, what is not waits for the next worker."""
    from comity.site.cli import instance

    instance.open_instance()
    ended = Event()
    publishing = Thread(target=_publish, args=(ended,), name="publishing")
    publishing.start()
    try:
        with suppress(KeyboardInterrupt):
            _work(until=time.monotonic() + options.seconds, beside=publishing)
        stopped_by_itself = not publishing.is_alive()
    finally:
        ended.set()
        publishing.join()
    if stopped_by_itself:
        tell("comity worker: publishing has stopped, for the reason above; the worker ends, so that it is started anew")
    return SAID_NO if stopped_by_itself else ANSWERED


def _publish(ended: Event) -> None:
    """Apart from the letters: a mail server that is slow must not keep the record waiting."""
    from comity.record.jobs import POLL, Publishing

    publishing = Publishing()
    while not ended.wait(POLL):
        for line in publishing.look():
            print(line, flush=True)


def _work(until: float, beside: Thread) -> None:
    from comity.mail.jobs import send_waiting
    from comity.site.periodic import do_what_is_due

    next_tick = time.monotonic()
    while time.monotonic() < until and beside.is_alive():
        if time.monotonic() >= next_tick:
            for line in do_what_is_due():
                print(line, flush=True)
            next_tick = time.monotonic() + BETWEEN_TICKS
        for line in send_waiting():
            print(line, flush=True)
        time.sleep(min(BETWEEN_LETTERS, max(0.0, until - time.monotonic())))


COMMAND = Command(
    name="worker",
    purpose="publish the record and send letters as they are written, and do the periodic work once a minute",
    example="./comity worker   # as a service beside ./comity serve; then no cron is needed for ./comity tick",
    arguments=arguments,
    run=run,
)
