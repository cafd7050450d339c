"""What a command is, and how it answers: 0 it did, 1 a verification said no, 2 bad usage or nothing was taken in."""

import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import dataclass

ANSWERED, SAID_NO, BAD_USAGE = 0, 1, 2


class CommandError(Exception):
    """The command cannot do what was asked; the text is the one line shown."""


@dataclass(frozen=True)
class Command:
    """One word of the command line. ``arguments`` adds its options, ``run`` returns the exit code."""

    name: str
    purpose: str
    example: str
    arguments: Callable[[ArgumentParser], None]
    run: Callable[[Namespace], int]
    passes_on: bool = False
    """Whether it hands unknown arguments to another program, in ``options.rest``."""


def tell(line: str) -> None:
    """A line for the person who watches: on stderr, so that stdout stays clean."""
    print(line, file=sys.stderr, flush=True)


class Steps:
    """Shows long work as ``2/4 Registry …  8.1 s``: each line when its part begins, its time when the next one does."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.done = 0
        self.began = 0.0

    def begin(self, title: str) -> None:
        """The part before is done; this one begins."""
        if self.done:
            self.end()
        self.done += 1
        self.began = time.monotonic()
        print(f"{self.done}/{self.total} {title} … ", end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        """The last part is done."""
        tell(f" {time.monotonic() - self.began:.1f} s")
