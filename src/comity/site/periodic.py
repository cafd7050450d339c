"""The periodic work of an instance: what each room does from time to time, then the record in its order."""

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec

from django.conf import settings

from comity.plain.levels import Realm
from comity.record.actions import close_due_batch, sequence
from comity.record.erasures import ListRefused
from comity.record.restored import catch_up
from comity.record.scrubbing import scrub
from comity.site import previews
from comity.site.clock import now


def do_what_is_due() -> Iterator[str]:
    """Do it, and say in a line each what was done; whoever runs it twice does nothing twice.

    A room takes part with ``jobs.periodic(realm, at)``, which returns such lines. The record comes last, so that
    whatever the rooms did finds its place at once; letters go out after that, when what caused them stands. What a
    restored backup brought back is erased again before anything else, and last of all the bytes of what was erased go.
    """
    yield from erase_what_came_back()
    for realm in Realm:
        for room in settings.ROOMS:
            if find_spec(f"comity.{room}.jobs") is not None:
                work = getattr(import_module(f"comity.{room}.jobs"), "periodic", None)
                yield from work(realm, now(realm)) if work else ()
        close_due_batch(realm, now(realm))
        if placed := sequence(realm):
            yield f"{realm.value}: {placed} entries placed in the record"
    yield from _scrub()


def erase_what_came_back() -> Iterator[str]:
    """Erase again what came back with a backup; say in a line each how much, or why it cannot be told."""
    for realm in Realm:
        try:
            yield from catch_up(realm, now(realm))
        except ListRefused as refusal:
            yield f"{realm.value}: {refusal}"


def _scrub() -> Iterator[str]:
    if done := scrub():
        previews.throw_away()
        yield done
