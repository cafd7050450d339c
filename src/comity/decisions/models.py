"""Decisions, who was entitled, and what each delegation gave. The rule that counted stands pinned beside the votes."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q

from comity.decisions.core import ADOPTED, NOT_ADOPTED, NoVoteReason
from comity.plain.actors import ActorRef
from comity.plain.refs import Ref
from comity.registry.models import Governed, GovernedQuerySet, Organ, Organisation, visible
from comity.rules.models import RuleVersion


class DecisionQuerySet(GovernedQuerySet["Decision"]):
    """Decisions; at level BODY the organisations that hold votes in one see it too."""

    def visible_to(self, actor: ActorRef, at: datetime) -> Self:
        """What this reader may see at that instant."""
        body = None
        if actor.organisation:
            own = Entitlement.objects.filter(organisation__public_id=actor.organisation, allocated__gt=0)
            body = Q(pk__in=own.values("decision_id"))
        return self.filter(visible(actor, at, body=body), opened_at__lte=at)


class Decision(Governed):
    """One question put to one organ's vote. It pins the versions of the rules and of the votes key that count it."""

    number = models.PositiveIntegerField()
    """Within its sitting, or within its organ where it has none."""
    numbered_apart = models.BooleanField(default=False)
    """It was restricted as it opened: public decisions are numbered without it, or a gap would tell of it."""
    title = models.CharField(max_length=300)
    question = models.CharField(max_length=1000)
    language = models.CharField(max_length=20, default="en")
    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="decisions")
    decision_type = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=16)
    subject_digest = models.CharField(max_length=64, blank=True)
    """SHA-256 of the version put to the vote."""
    rules = models.ForeignKey(RuleVersion, on_delete=models.PROTECT, related_name="decisions_counted")
    key = models.ForeignKey(RuleVersion, on_delete=models.PROTECT, related_name="decisions_weighed")
    rights = models.ForeignKey(RuleVersion, on_delete=models.PROTECT, related_name="decisions_entitled")
    """The version with the rights of classes; often the standing orders themselves."""
    credentials_closed_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    closes_at = models.DateTimeField(null=True)
    """The announced end of voting; None while the chair closes by hand."""
    closed_at = models.DateTimeField(null=True)
    zone = models.CharField(max_length=60)
    sitting_kind = models.CharField(max_length=40, blank=True)
    sitting_id = models.CharField(max_length=16, blank=True)
    outcome = models.CharField(
        max_length=20, blank=True, default="", choices=[(o, o) for o in ("", ADOPTED, NOT_ADOPTED)]
    )
    facts_sha256 = models.CharField(max_length=64, blank=True)
    """Fingerprint of the counted facts, written at the close; the decision file carries the facts."""

    objects = DecisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organ", "sitting_kind", "sitting_id", "numbered_apart", "number"],
                name="one_decision_per_number",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, outcome="") | (Q(closed_at__isnull=False) & ~Q(outcome="")),
                name="closed_decision_has_outcome",
            ),
        ]
        indexes = [models.Index(fields=["network", "opened_at"], name="decision_list")]

    def __str__(self) -> str:
        return self.title

    @property
    def subject(self) -> Ref:
        """What was put to the vote."""
        return Ref(self.subject_kind, self.subject_id)

    @property
    def sitting(self) -> Ref | None:
        """The meeting in which it was put, if any."""
        return Ref(self.sitting_kind, self.sitting_id) if self.sitting_id else None

    @property
    def adopted(self) -> bool:
        """Whether it is closed and adopted."""
        return self.outcome == ADOPTED

    def closed_by(self, instant: datetime) -> bool:
        """Whether its result stood at an instant."""
        return self.closed_at is not None and self.closed_at <= instant


class EntitlementQuerySet(models.QuerySet["Entitlement"]):
    """Places in electorates."""

    def voting(self) -> Self:
        """The delegations that hold votes, largest first."""
        return self.filter(allocated__gt=0).select_related("organisation").order_by("-allocated", "organisation__name")

    def without_vote(self) -> Self:
        """Members that hold none, each with its reason."""
        return self.filter(allocated=0).select_related("organisation").order_by("organisation__name")


class Entitlement(models.Model):
    """One member's place in the electorate as the vote opened: class on the day, votes by key, votes by credentials.

    Members without a vote stand here too, with ``allocated`` 0 and the reason: ask ``voting()`` for the delegations.
    """

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="entitlements")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="entitlements")
    allocated = models.PositiveIntegerField()
    registered = models.PositiveIntegerField(default=0)
    """Votes registered with credentials; 0 means that the delegation did not register."""
    standing = models.CharField(max_length=20)
    reason = models.CharField(max_length=20, blank=True, choices=[(r.value, r.value) for r in NoVoteReason])

    objects = EntitlementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["decision", "organisation"], name="one_entitlement_per_delegation"),
            models.CheckConstraint(condition=Q(registered__lte=F("allocated")), name="registered_within_allocated"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id}: {self.allocated}"


class Vote(models.Model):
    """What one delegation gave, in the open, by delegation; shown to others when the vote is closed."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="votes")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="votes")
    in_favour = models.PositiveIntegerField(default=0)
    against = models.PositiveIntegerField(default=0)
    abstained = models.PositiveIntegerField(default=0)
    ad_referendum = models.BooleanField(default=False)
    """Given subject to the party's own board."""
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["decision", "organisation"], name="one_vote_per_delegation"),
            models.CheckConstraint(
                condition=Q(in_favour__gt=0) | Q(against__gt=0) | Q(abstained__gt=0), name="a_vote_gives_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id}: {self.in_favour}/{self.against}/{self.abstained}"
