"""One world for all tests of a module; what was written is rolled back at its end, so that the twins begin alone."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from comity.site.tests.leaks.world import World, build


@pytest.fixture(scope="module")
def db(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The database in one transaction for the whole module, in place of one for each test."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def world(db: None) -> World:
    """Every kind in every state, and a browser for each reader."""
    return build()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many combinations of kind, exit, state and reader were asked, and at how many something was wrong."""
    passed, failed = (
        sum("leaks/test_matrix.py" in one.nodeid for one in terminalreporter.getreports(outcome))
        for outcome in ("passed", "failed")
    )
    if passed or failed:
        terminalreporter.write_line(f"leaks: {passed + failed} combinations asked, {failed} of them fail")
