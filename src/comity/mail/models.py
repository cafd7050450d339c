"""The letters of an instance. The room knows addresses, not people."""

from django.db import models
from django.db.models import Q

UNKNOWN = "no outcome"
"""Why a letter is not tried again that may have arrived."""


class Letter(models.Model):
    """One letter to one address, written in the transaction of its cause."""

    to = models.EmailField(max_length=254, blank=True)
    """Emptied a month after the letter is done with."""
    language = models.CharField(max_length=20)
    subject = models.CharField(max_length=120)
    body = models.TextField(blank=True)
    """Plain words; emptied when the letter is out, for nobody needs them any more."""
    once = models.CharField(max_length=120, blank=True)
    """What the letter is about, where the same may be written only once, e.g. ``agreement:{id}:90``."""
    leave = models.CharField(max_length=500, blank=True)
    """Where whoever reads the mailbox ends letters of this kind with one click."""
    written_at = models.DateTimeField()
    not_before = models.DateTimeField()
    """When it may be tried, next after an attempt that failed for the time being."""
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True)
    """When a worker took it up. One taken up without an outcome may be out: it is never tried again by itself."""
    sent_at = models.DateTimeField(null=True)
    refused = models.CharField(max_length=200, blank=True)
    """Why it will not be tried again."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["once"], name="written_once", condition=~Q(once=""))]
        indexes = [
            models.Index(
                fields=["not_before"],
                name="letter_waiting",
                condition=Q(claimed_at=None, sent_at=None, refused=""),
            ),
            models.Index(fields=["to", "-written_at"], name="letters_to"),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def uncertain(self) -> bool:
        """Whether it may have arrived although nobody said so."""
        return self.refused == UNKNOWN
