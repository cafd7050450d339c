"""Serving pages with granian, and telling when they really answer."""

import multiprocessing
import os
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from functools import partial
from typing import Any

from comity.site.cli import orphans
from comity.site.cli.command import CommandError

THREADS = 4
LAST_ANSWERS = 5
"""Seconds in which what was asked is still answered once the server is to end."""


def refuse_taken_port(address: str, port: int, command: str) -> None:
    """Say so before any work when something already listens there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            other = f"./comity {command} --port {port + 1}"
            raise CommandError(f"port {port} of {address} cannot be used ({error.strerror}); try {other}") from error


def serve(address: str, port: int, *, workers: int = 1, ready: Callable[[str], None]) -> None:
    """Serve until stopped by Ctrl-C or a signal; ``ready`` is called once with the address when a page comes back."""
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    server = Server(
        "comity.site.wsgi:application",
        address=address,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        workers_kill_timeout=LAST_ANSWERS,
        log_level=LogLevels.warning,
    )
    shown = "localhost" if address in {"127.0.0.1", "localhost"} else address
    threading.Thread(target=_tell_when_ready, args=(f"http://{shown}:{port}", ready), daemon=True).start()
    server.serve(target_loader=partial(_pages, os.getpid()), wrap_loader=False)


def _pages(parent: int) -> Callable[..., Any]:
    """What answers, in a process of its own: were it to outlive the server, it would keep the port."""
    orphans.end_with(parent)
    from comity.site.wsgi import application

    return application


def _tell_when_ready(address: str, ready: Callable[[str], None]) -> None:
    while not multiprocessing.active_children():
        time.sleep(0.05)  # asked before the workers are forked, this thread could hold a lock that they then wait for
    while not _answers(f"{address}/"):
        time.sleep(0.1)
    ready(address)


def _answers(address: str) -> bool:
    try:
        urllib.request.urlopen(address, timeout=30).close()  # noqa: S310 - our own address
    except urllib.error.HTTPError:
        return True
    except (urllib.error.URLError, OSError):
        return False
    return True
