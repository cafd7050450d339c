"""Counting attempts, alike on SQLite and PostgreSQL and shared by all workers."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from comity.people.accounts import limits
from comity.people.accounts.limits import Limit, TooManyAttempts
from comity.people.accounts.models import Attempt, BrowserSession


@transaction.atomic
def count(limit: Limit, *parts: str, at: datetime) -> None:
    """Count one attempt, before it is made; refuse where the window has no room left.

    Two workers never let one too many through: the row is claimed by a single UPDATE.
    """
    key = limits.key(limit, str(at.date()), *parts)
    Attempt.objects.filter(until__lte=at).delete()
    Attempt.objects.get_or_create(key=key, defaults={"until": at + limit.within})
    if not Attempt.objects.filter(key=key, times__lt=limit.times).update(times=F("times") + 1):
        raise TooManyAttempts(Attempt.objects.get(key=key).until, at)


@transaction.atomic
def give_back(limit: Limit, *parts: str, at: datetime) -> None:
    """An attempt that proved right does not count."""
    key = limits.key(limit, str(at.date()), *parts)
    Attempt.objects.filter(key=key, times__gt=0).update(times=F("times") - 1)


def forget(at: datetime) -> None:
    """Delete the counts and the sessions whose time is over."""
    Attempt.objects.filter(until__lte=at).delete()
    BrowserSession.objects.filter(expire_date__lte=at).delete()
