"""One promise of one party, and what was filed about it. No state is kept: it follows from these rows and a day."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models

from comity.plain.actors import ActorRef
from comity.plain.levels import Realm
from comity.registry.models import Governed, GovernedQuerySet, Organ, Organisation, public_id_field, visible
from comity.texts.models import Adoption, Block, Text


class CommitmentQuerySet(GovernedQuerySet["Commitment"]):
    """Promises. Every reading starts at ``visible_to``."""

    def visible_to(self, actor: ActorRef, at: datetime) -> Self:
        """What this reader may see at that instant: the promise and the text it stands in."""
        texts = Text.objects.visible_to(actor, at).values("id")
        return self.filter(visible(actor, at), adoption__text__in=texts, recorded_at__lte=at)


class Commitment(Governed):
    """A promise clause of an adopted text, for one party that it binds. ``originator`` is that party."""

    adoption = models.ForeignKey(Adoption, on_delete=models.PROTECT, related_name="commitments")
    block = models.ForeignKey(Block, on_delete=models.PROTECT, related_name="commitments")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="commitments")
    due = models.DateField()
    """The day named in the clause; its last minute is included."""

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["block", "organisation"], name="one_commitment_per_clause_and_party")
        ]
        indexes = [
            models.Index(fields=["network", "due"], name="commitment_list"),
            models.Index(fields=["organisation", "due"], name="commitment_by_party"),
        ]
        ordering = ["due", "block__order", "organisation__name"]

    def __str__(self) -> str:
        return f"clause {self.block.label}: {self.organisation}"

    @property
    def realm(self) -> Realm:
        """The realm of its network."""
        return Realm(self.network.realm)


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    """Evidence. It is seen by whoever sees the promise."""

    def visible_to(self, actor: ActorRef, at: datetime) -> Self:
        """What this reader may see at that instant."""
        return self.filter(commitment__in=Commitment.objects.visible_to(actor, at).values("id"), at__lte=at)


class Evidence(models.Model):
    """What a party files to show that it kept its promise: its own statement, until a monitor verified it."""

    public_id = public_id_field()
    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="evidence")
    title = models.CharField(max_length=300)
    url = models.URLField(max_length=600, blank=True)
    kept_on = models.DateField()
    at = models.DateTimeField()

    verified_then: bool = False
    """Whether a monitor had verified it by the day that a page shows; the queries say so."""

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return self.title


class Verification(models.Model):
    """A monitor of the network has looked at the evidence and found that it shows what it says."""

    evidence = models.OneToOneField(Evidence, on_delete=models.PROTECT, related_name="verification")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    """Whose monitor it was."""
    words = models.CharField(max_length=600, blank=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"verification of {self.evidence_id}"


class Reply(models.Model):
    """The party's own words about a promise that it did not keep in time."""

    public_id = public_id_field()
    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="replies")
    words = models.TextField(max_length=3000)
    language = models.CharField(max_length=20)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return self.words[:60]


class Postponement(models.Model):
    """A later day: asked for by the party, in force only from the moment an organ of the network agreed."""

    public_id = public_id_field()
    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="postponements")
    due = models.DateField()
    reason = models.CharField(max_length=600)
    asked_at = models.DateTimeField()
    agreed_by = models.ForeignKey(Organ, null=True, on_delete=models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(agreed_by=None, agreed_at=None)
                | models.Q(agreed_by__isnull=False, agreed_at__isnull=False),
                name="postponement_agreed_by_somebody",
            )
        ]
        ordering = ["asked_at", "id"]

    def __str__(self) -> str:
        return f"moved to {self.due}"
