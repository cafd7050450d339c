"""Which letters wait, and which nobody knows the fate of."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import QuerySet

from comity.mail.models import UNKNOWN, Letter

OUTCOME_WITHIN = timedelta(minutes=10)
ENOUGH = 3
"""So many letters refused in a row say that a mailbox is not there."""


def waiting(at: datetime) -> "QuerySet[Letter]":
    """What may be sent at an instant, the oldest first."""
    rows = Letter.objects.filter(claimed_at=None, sent_at=None, refused="", not_before__lte=at)
    return rows.order_by("not_before", "id")


def without_outcome(at: datetime) -> "QuerySet[Letter]":
    """What was taken up and never heard of again: the worker stopped in between, and it may be out."""
    return Letter.objects.filter(sent_at=None, refused="", claimed_at__lt=at - OUTCOME_WITHIN)


def undelivered(addresses: Iterable[str]) -> dict[str, Letter]:
    """By address, the last letter there that is done with, where it did not surely arrive."""
    last: dict[str, Letter] = {}
    for letter in _done().filter(to__in=set(addresses) - {""}).order_by("written_at", "pk"):
        last[letter.to] = letter
    return {to: letter for to, letter in last.items() if letter.refused}


def unreachable(address: str, since: datetime) -> bool:
    """Whether a mailbox refused each of the last letters since an instant, so that none is written without asking."""
    last = _done().filter(to=address, written_at__gte=since).order_by("-written_at", "-pk")[:ENOUGH]
    refusals = [letter.refused for letter in last if letter.refused not in {"", UNKNOWN}]
    return len(refusals) == ENOUGH


def _done() -> "QuerySet[Letter]":
    return Letter.objects.exclude(sent_at=None, refused="")
