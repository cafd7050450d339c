"""What was decided about who reads what: a network's own defaults, changes, protected existence, hidden links."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q

from comity.people.models import Person
from comity.plain.ids import ID_LENGTH, new_id
from comity.plain.levels import Attribution, Level
from comity.registry.models import Link, Organisation


def _public_id() -> models.CharField[str, str]:
    return models.CharField(max_length=ID_LENGTH, unique=True, default=new_id, editable=False)


class Default(models.Model):
    """What one network proposes for a kind of record in a kind of body, from a day on; forms begin with it."""

    public_id = _public_id()
    network = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    body = models.CharField(max_length=40, blank=True)
    level = models.PositiveSmallIntegerField(choices=[(level.value, level.name) for level in Level])
    attribution = models.CharField(max_length=20, choices=[(one.value, one.value) for one in Attribution])
    why = models.CharField(max_length=300)
    in_force_from = models.DateField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["network", "kind", "body", "in_force_from"], name="one_default_per_kind_and_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.body}"


class Change(models.Model):
    """One decision about who reads a governed thing. It is read by the thing's originator alone."""

    kind = models.CharField(max_length=40)
    thing = models.CharField(max_length=ID_LENGTH)
    originator = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=20, choices=[(one, one) for one in ("terms", "flag-raised", "flag-lifted")])
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    reason = models.CharField(max_length=600)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["kind", "thing", "at"], name="change_by_thing")]

    def __str__(self) -> str:
        return f"{self.what} of {self.kind}:{self.thing}"


class ProtectionState(models.TextChoices):
    """Where a protection of existence stands; whether it has run out, the clock says."""

    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"
    LIFTED = "lifted"
    EXPIRED = "expired"


class ProtectionQuerySet(models.QuerySet["Protection"]):
    """Protections; only the originator and the network's offices that approve them read one."""

    def holding(self, at: datetime) -> Self:
        """Those that hide a thing's existence at that instant: approved and not run out, or asked with the thing."""
        approved = Q(state=ProtectionState.APPROVED, holds_until__gt=at)
        return self.filter(approved | Q(state=ProtectionState.ASKED, meanwhile_until__gt=at))


class Protection(models.Model):
    """That a thing exists is protected: one person asks with reason and end, another approves."""

    public_id = _public_id()
    kind = models.CharField(max_length=40)
    thing = models.CharField(max_length=ID_LENGTH)
    network = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    originator = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=600)
    until = models.DateField()
    """The last day it holds, in the network's zone."""
    holds_until = models.DateTimeField()
    """The end of that day as an instant: the clock ends it, no job needs to."""
    meanwhile_until = models.DateTimeField(null=True)
    """Asked in the act that made the thing, it holds until then while the second person is found."""
    state = models.CharField(max_length=10, choices=ProtectionState.choices, default=ProtectionState.ASKED)
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.CharField(max_length=600, blank=True)
    ended_at = models.DateTimeField(null=True)

    objects = ProtectionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")), name="two_persons_protect_existence"
            ),
            models.UniqueConstraint(
                fields=["kind", "thing"], condition=Q(state="asked"), name="one_protection_waits_per_thing"
            ),
        ]
        indexes = [models.Index(fields=["kind", "state", "holds_until"], name="protection_holding")]

    def __str__(self) -> str:
        return f"{self.state}: {self.kind}:{self.thing}"


class LinkReview(models.Model):
    """A party asked that a public link be hidden: hidden at once, reviewed later. Both parties read it, nobody else."""

    public_id = _public_id()
    link = models.ForeignKey(Link, on_delete=models.PROTECT, related_name="reviews")
    asked_for = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    """The party whose seat asked."""
    reason = models.CharField(max_length=600)
    asked_at = models.DateTimeField()
    state = models.CharField(
        max_length=10, choices=[(one, one) for one in ("open", "hidden", "shown", "withdrawn")], default="open"
    )
    decision_reason = models.CharField(max_length=600, blank=True)
    decided_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["link"], condition=Q(state="open"), name="one_review_waits_per_link")
        ]

    def __str__(self) -> str:
        return f"{self.state}: {self.link_id}"
