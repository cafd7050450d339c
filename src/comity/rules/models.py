"""Rule documents and their dated versions. A version is never changed; the next one closes it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Self

from django.db import models

from comity.plain.actors import ActorRef
from comity.plain.levels import Realm
from comity.registry.models import Organ, Organisation, public_id_field


class RuleKind(models.TextChoices):
    """What a rule document orders."""

    STANDING_ORDERS = "standing-orders"
    VOTES_KEY = "votes-key"
    RIGHTS = "rights"


class RuleDocument(models.Model):
    """Statutes, standing orders, a votes key, a rights matrix: of a network, or of one of its organs."""

    public_id = public_id_field()
    network = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="rule_documents")
    organ = models.ForeignKey(Organ, null=True, blank=True, on_delete=models.PROTECT, related_name="rule_documents")
    kind = models.CharField(max_length=20, choices=RuleKind.choices)
    title = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["network", "organ", "kind"], name="one_document_per_organ_and_kind"),
            models.UniqueConstraint(
                fields=["network", "kind"], condition=models.Q(organ=None), name="one_document_per_network_and_kind"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class RuleVersionQuerySet(models.QuerySet["RuleVersion"]):
    """Versions of rules. Rules bind everyone whom they touch: all of them are public."""

    def in_realm(self, realm: Realm) -> Self:
        """Only the real, or only the fictional."""
        return self.filter(document__network__realm=realm)

    def visible_to(self, actor: ActorRef, at: datetime) -> Self:
        """What this reader may see at that instant: every version recorded by then."""
        return self.filter(recorded_at__lte=at)


class RuleVersion(models.Model):
    """One dated version: prose for people, parameters for the count, and the fingerprint of both.

    Until when it was in force follows from the next version, and is not stored: what was known on a day stays known.
    """

    public_id = public_id_field()
    document = models.ForeignKey(RuleDocument, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    prose = models.JSONField(default=list)
    """List of ``{"article", "text", "language"}``."""
    parameters = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64)
    adopted_by = models.CharField(max_length=200)
    """The organ or assembly that adopted it, as the network names it."""
    adopted_on = models.DateField()
    in_force_from = models.DateField()
    review_by = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField()

    objects = RuleVersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="one_rule_version_per_number"),
            models.UniqueConstraint(fields=["document", "in_force_from"], name="one_rule_version_per_first_day"),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} v{self.number}"

    @property
    def in_force_until(self) -> date | None:
        """Its last day in force as known today; None while no later version stands."""
        return self.in_force_until_known(None)

    def in_force_until_known(self, known_by: datetime | None) -> date | None:
        """Its last day in force, from the versions recorded by an instant."""
        later = self.document.versions.filter(in_force_from__gt=self.in_force_from)
        if known_by is not None:
            later = later.filter(recorded_at__lte=known_by)
        first: date | None = later.aggregate(first=models.Min("in_force_from"))["first"]
        return first - timedelta(days=1) if first else None

    def article(self, name: str) -> dict[str, Any] | None:
        """The prose of one article; None where it has none."""
        return next((article for article in self.prose if article["article"] == name), None)
