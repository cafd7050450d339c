"""Which letters wait, and which nobody knows the fate of."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from comity.mail.models import Letter

OUTCOME_WITHIN = timedelta(minutes=10)


def waiting(at: datetime) -> "QuerySet[Letter]":
    """What may be sent at an instant, the oldest first."""
    rows = Letter.objects.filter(claimed_at=None, sent_at=None, refused="", not_before__lte=at)
    return rows.order_by("not_before", "id")


def without_outcome(at: datetime) -> int:
    """How many were taken up and never heard of again: the worker stopped in between, and they may be out."""
    return Letter.objects.filter(sent_at=None, refused="", claimed_at__lt=at - OUTCOME_WITHIN).count()
