"""One world for all tests of the suite; what was written is rolled back at the end."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from comity.site.tests.leaks.world import World, build


@pytest.fixture(scope="package")
def db(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The database in one transaction for the whole suite, in place of one for each test."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="package")
def world(db: None) -> World:
    """Every kind in every state, and a browser for each reader."""
    return build()
