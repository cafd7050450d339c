"""One world for all tests of the suite; it is rolled back where the twins begin, and at the end."""

import hashlib
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.db import connection, transaction
from django.test import override_settings
from pytest_django.plugin import DjangoDbBlocker

from comity.conftest import CHECKOUT
from comity.plain.levels import Realm
from comity.record.publishing import publish
from comity.site.tests.leaks.world import World, build

MOST = 2_000
"""Combinations that one run asks on PostgreSQL."""


@dataclass(frozen=True)
class Sample:
    """How many combinations there are, and of what their order was drawn; empty where all of them are asked."""

    every: int
    seed: str


SAMPLE = pytest.StashKey[Sample]()


class Ground:
    """Where the world stands: one transaction, begun when somebody first asks for it, rolled back when it is left."""

    def __init__(self) -> None:
        self._held = ExitStack()
        self._world: World | None = None

    def world(self) -> World:
        """Every kind in every state, and a browser for each reader."""
        if self._world is None:
            self._held.enter_context(transaction.atomic())
            self._world = build()
            self._publish()
        return self._world

    def _publish(self) -> None:
        """Both logs as files, so that what is asked of the record is answered; they lie there as long as the world."""
        home = Path(self._held.enter_context(TemporaryDirectory()))
        places = {name: home / name for name in ("RECORD", "HEADS", "KEYS", "POLICIES")}
        self._held.enter_context(override_settings(**places))
        for realm in Realm:
            publish(realm, at=datetime.now(UTC))

    def leave(self) -> None:
        """Take everything back."""
        if self._world is not None:
            transaction.set_rollback(True)
            self._held.close()
            self._world = None


@pytest.fixture(scope="package")
def db(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Ground]:
    """The database for the whole suite, in place of one transaction for each test."""
    with django_db_blocker.unblock():
        held = Ground()
        yield held
        held.leave()


@pytest.fixture(scope="module")
def world(db: Ground) -> World:
    """The one world: nobody writes in it who does not take that back."""
    return db.world()


@pytest.fixture(scope="module")
def alone(db: Ground) -> Iterator[None]:
    """An empty house for a module."""
    db.leave()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL ask the sample of one commit; SQLite is asked every combination in every run."""
    every = [item for item in items if _is_combination(item.nodeid)]
    config.stash[SAMPLE] = Sample(len(every), "")
    if connection.vendor == "sqlite" or config.getoption("--long") or len(every) <= MOST:
        return
    seed = config.getoption("--leaks") or this_commit()
    config.stash[SAMPLE] = Sample(len(every), seed)
    left = {item.nodeid for item in drawn(every, seed)[MOST:]}
    config.hook.pytest_deselected(items=[item for item in items if item.nodeid in left])
    items[:] = [item for item in items if item.nodeid not in left]


def drawn(every: list[pytest.Item], seed: str) -> list[pytest.Item]:
    """All combinations in an order that a seed alone decides."""
    return sorted(every, key=lambda item: hashlib.sha256(f"{seed}:{item.name}".encode()).digest())


def this_commit() -> str:
    """The commit that is tested; outside a checkout the day."""
    asked = subprocess.run(["git", "rev-parse", "HEAD"], cwd=CHECKOUT, capture_output=True, text=True, check=False)
    return asked.stdout.strip()[:12] or f"{datetime.now(UTC):%Y-%m-%d}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say how many combinations of kind, exit, state and reader were asked, and at how many something was wrong."""
    passed, failed = (
        sum(_is_combination(one.nodeid) for one in terminalreporter.getreports(outcome))
        for outcome in ("passed", "failed")
    )
    if passed or failed:
        sample = config.stash[SAMPLE]
        whole = f" of {sample.every} (the sample --leaks {sample.seed}; --long asks all)" if sample.seed else ""
        terminalreporter.write_line(f"leaks: {passed + failed} combinations{whole} asked, {failed} of them fail")


def _is_combination(nodeid: str) -> bool:
    return "leaks/test_matrix.py" in nodeid
