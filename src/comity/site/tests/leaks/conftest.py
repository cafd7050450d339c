"""One world for all tests of the suite; it is rolled back where the twins begin, and at the end."""

import hashlib
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

from comity.plain.levels import Realm
from comity.record.publishing import publish
from comity.site.tests.leaks.world import World, build

VENDORS = ("sqlite", "sqlite", "sqlite", "postgresql")
"""Of four things three are asked on SQLite: after the tests on PostgreSQL those of the browser are still to come."""


@dataclass(frozen=True)
class Dealt:
    """How many combinations there are, and by which seed two databases share them; none where all are asked here."""

    every: int
    seed: str


DEALT = pytest.StashKey[Dealt]()


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
    """Where both databases are asked at once, what one reader asks is asked on one of them; else all of it here."""
    seed = "" if config.getoption("--long") else config.getoption("--leaks")
    config.stash[DEALT] = Dealt(sum(_is_combination(item.nodeid) for item in items), seed)
    if not seed:
        return
    left = {item.nodeid for item in items if _is_dealt(item) and vendor_of(item, seed) != connection.vendor}
    config.hook.pytest_deselected(items=[item for item in items if item.nodeid in left])
    items[:] = [item for item in items if item.nodeid not in left]


def vendor_of(item: pytest.Item, seed: str) -> str:
    """The database that a seed deals a test to: what a reader asks about a kind stays together, and shares pages."""
    assert isinstance(item, pytest.Function)
    of = item.callspec.params
    drawn = hashlib.sha256(f"{seed}:{of.get('kind', '')}-{of['reader']}".encode()).digest()
    return VENDORS[drawn[0] % len(VENDORS)]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say how many combinations of kind, exit, state and reader were asked, and at how many something was wrong."""
    passed, failed = (
        sum(_is_combination(one.nodeid) for one in terminalreporter.getreports(outcome))
        for outcome in ("passed", "failed")
    )
    if passed or failed:
        dealt = config.stash[DEALT]
        whole = f" of {dealt.every} (--leaks {dealt.seed}; the rest on the other database)" if dealt.seed else ""
        terminalreporter.write_line(f"leaks: {passed + failed} combinations{whole} asked, {failed} of them fail")


def _is_dealt(item: pytest.Item) -> bool:
    """A test of this suite that asks as one reader: of all combinations, by all methods, or by every link."""
    of = getattr(item, "callspec", None)
    return "site/tests/leaks/" in item.nodeid and of is not None and "reader" in of.params


def _is_combination(nodeid: str) -> bool:
    return "leaks/test_matrix.py" in nodeid
