"""The two walks through the pages of the house, made once for all tests of a session.

The public walk goes through the demo, with its story and its real register, as an anonymous reader by links alone. The
walk of the seats goes through a house made for it, to every page that the first did not reach.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.test.testcases import LiveServerThread
from django.urls import Resolver404, resolve
from playwright.sync_api import Browser, Route
from pytest_django.plugin import DjangoDbBlocker

from comity.site.tests.leaks.world import Answer
from comity.site.tests.seated import Found, Stop, beside, looked_for, made, sent_empty, stage
from comity.site.tests.visits import Fault, Tab, tab, visited
from comity.site.tests.walk import Walk, weight


@dataclass
class Seats:
    """What was found on the walk of the seats."""

    found: Found
    visited: dict[str, str] = field(default_factory=dict)
    """By name: the template of the page."""
    faults: list[Fault] = field(default_factory=list)
    weights: dict[str, int] = field(default_factory=dict)


def routes_of(walk: Walk) -> set[str]:
    """The routes, without realm and language, to which the public walk came."""
    found = set()
    for address in walk.pages.values():
        try:
            found.add(resolve(urlsplit(address).path).route.partition("<lang:lang>/")[2])
        except Resolver404:  # an address that only a demonstration has
            continue
    return found


@pytest.fixture(scope="session")
def public_faults(walk: Walk, demo: str, chromium: Browser) -> list[Fault]:
    """What is wrong with the pages of the public walk."""
    with tab(chromium, demo) as opened:
        return [fault for kind, address in walk.pages.items() for fault in visited(opened, address, kind)]


@pytest.fixture(scope="session")
def seats(walk: Walk, chromium: Browser, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Seats:
    """The walk of the seats; what was made for it is rolled back before any test goes on."""
    with django_db_blocker.unblock(), transaction.atomic():
        house_made = stage()
        told = Seats(looked_for(house_made, routes_of(walk)))
        with served_here() as house, tab(chromium, house) as opened:
            for stop in [*told.found.pages.values(), *beside(house_made), *sent_empty(told.found)]:
                told.visited[stop.name] = stop.template
                told.faults += _at(opened, house, stop)
                told.weights[stop.name] = weight(house + stop.address, opened.page.content())
        transaction.set_rollback(True)
    return told


def _at(opened: Tab, house: str, stop: Stop) -> Iterator[Fault]:
    context = opened.page.context
    context.clear_cookies()
    for name, cookie in stop.client.cookies.items():
        context.add_cookies([{"name": name, "value": cookie.value, "url": house}])
    if stop.sent is not None:
        for language in ("en", "ar"):
            address = stop.address.replace("/en/", f"/{language}/", 1)
            answer = made(stop.client, address, stop.sent).answer
            context.route(house + address, partial(_told, answer))
    yield from visited(opened, house + stop.address, stop.name, stop.status)
    context.unroute_all()


def _told(answer: Answer, route: Route) -> None:
    """Answer a page as its form was answered."""
    route.fulfill(status=answer.status, headers=answer.headers, body=answer.body)


@contextmanager
def served_here() -> Iterator[str]:
    """This process's own house, served from within the transaction that is open; its address without last slash."""
    own = connections[DEFAULT_DB_ALIAS]
    own.inc_thread_sharing()
    thread = LiveServerThread("localhost", StaticFilesHandler, connections_override={own.alias: own})
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    try:
        yield f"http://localhost:{thread.port}"
    finally:
        thread.terminate()
        own.dec_thread_sharing()
