"""No process outlives the one that started it, though that was killed and could not say so."""

import os
import signal
import time
from threading import Thread

BETWEEN_LOOKS = 0.5
"""Seconds."""


def end_with(parent: int) -> None:
    """End this process, by SIGTERM, once the one that started it is gone; return at once."""
    Thread(target=_watch, args=(parent,), name=f"ends with {parent}", daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(BETWEEN_LOOKS)
    os.kill(os.getpid(), signal.SIGTERM)
