"""Agreements between two parties, coalitions of many, and who signed or joined with whose authority."""

from __future__ import annotations

from datetime import date, datetime
from typing import Self

from django.db import models
from django.db.models import F, Q

from comity.agreements.core import Days, Signed
from comity.people.models import Seat
from comity.plain.actors import ActorRef
from comity.plain.levels import Level, Realm
from comity.plain.time import day_in
from comity.registry.models import Governed, GovernedQuerySet, Organisation, public_id_field, visible


class AgreementQuerySet(GovernedQuerySet["Agreement"]):
    """Agreements; at level BODY both parties see them."""

    def visible_to(self, actor: ActorRef, at: datetime) -> Self:
        """What this reader may see at that instant."""
        own = Organisation.objects.filter(public_id=actor.organisation).values("id")  # by key: no join to count through
        body = Q(originator__in=own) | Q(counterpart__in=own) if actor.organisation else None
        protected = Organisation.objects.protected().values("id")
        known = ~Q(originator__in=protected) & ~Q(counterpart__in=protected)
        return self.filter(visible(actor, at, body=body), known | body if body else known, recorded_at__lte=at)

    def of(self, organisation: Organisation) -> Self:
        """Those to which an organisation is a party."""
        return self.filter(Q(originator=organisation) | Q(counterpart=organisation))


class Agreement(Governed):
    """What two parties agree: scope, days and words. ``originator`` proposed it; ``network`` is the same organisation.

    No network governs what two parties agree. Whether it is in force follows from the signatures and the day. Where not
    everybody may know of one of them, the agreement is for the two alone, whatever its level says.
    """

    counterpart = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=300)
    language = models.CharField(max_length=20)
    scope = models.CharField(max_length=600)
    """What it covers, in a sentence."""
    words = models.TextField(max_length=100_000)
    """The text that is signed."""
    digest = models.CharField(max_length=64)
    """SHA-256 of the words, to which each signature commits."""
    starts = models.DateField()
    expires = models.DateField(null=True, blank=True)
    renews = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="renewals")
    ended_on = models.DateField(null=True, blank=True)
    ended_by = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ended_reason = models.CharField(max_length=600, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(originator=F("counterpart")), name="an_agreement_has_two_parties"),
            models.CheckConstraint(condition=Q(network=F("originator")), name="an_agreement_belongs_to_its_proposer"),
            models.CheckConstraint(
                condition=Q(expires=None) | Q(expires__gte=F("starts")), name="an_agreement_expires_after_it_starts"
            ),
        ]
        indexes = [
            models.Index(fields=["-recorded_at", "-id"], name="agreement_newest"),
            models.Index(fields=["expires"], name="agreement_expiry"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def realm(self) -> Realm:
        """The realm of its parties."""
        return Realm(self.originator.realm)

    @property
    def parties(self) -> tuple[Organisation, Organisation]:
        """Both of them, whoever proposed it first."""
        return self.originator, self.counterpart

    def entered_as(self, at: datetime) -> Level:
        """The level of an entry of the record about it: no wider than the circle that knows both parties."""
        return max(super().entered_as(at), *(Level(party.level) for party in self.parties))

    def days_known_by(self, known_by: datetime) -> Days:
        """Its days as they were known at an instant."""
        ended = self.ended_on if self.ended_at is not None and self.ended_at <= known_by else None
        return Days(self.starts, self.expires, ended)


class Act(models.Model):
    """What a party states of itself: in which seat, on whose authority, and what its board said of it."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    authority = models.CharField(max_length=300)
    """The mandate on which it rests, e.g. the decision of a board with its day."""
    ad_referendum = models.BooleanField()
    at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    agrees = models.BooleanField(null=True, blank=True)

    class Meta:
        abstract = True

    def signed(self, known_by: datetime) -> Signed | None:
        """The act as plain data, as it was known at an instant, in days of the party's own zone."""
        if self.at > known_by:
            return None
        answered = self.answered_at if self.answered_at is not None and self.answered_at <= known_by else None
        zone = self.organisation.time_zone or "UTC"
        answered_on: date | None = day_in(zone, answered) if answered else None
        return Signed(day_in(zone, self.at), self.ad_referendum, answered_on, self.agrees if answered else None)


class Signature(Act):
    """One party's signature under the words of an agreement."""

    public_id = public_id_field()
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="signatures")
    digest = models.CharField(max_length=64)
    """The fingerprint of the words it was given to."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement", "organisation"], name="each_party_signs_once"),
            models.CheckConstraint(condition=~Q(authority=""), name="a_signature_names_its_authority"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} under {self.agreement_id}"


class Translation(models.Model):
    """The words of an agreement in another language, from one of its parties: read beside, and signed by nobody."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="translations")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=20)
    words = models.TextField(max_length=100_000)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agreement", "language"], name="one_translation_per_language")]

    def __str__(self) -> str:
        return f"{self.agreement_id} in {self.language}"


class CoalitionQuerySet(GovernedQuerySet["Coalition"]):
    """Coalitions; at level BODY those that joined see them."""

    def visible_to(self, actor: ActorRef, at: datetime) -> Self:
        """What this reader may see at that instant."""
        joined = Adhesion.objects.filter(organisation__public_id=actor.organisation, at__lte=at)
        own = Organisation.objects.filter(public_id=actor.organisation).values("id")
        body = Q(pk__in=joined.values("coalition_id")) | Q(originator__in=own) if actor.organisation else None
        known = ~Q(originator__in=Organisation.objects.protected().values("id"))
        return self.filter(visible(actor, at, body=body), known | body if body else known, recorded_at__lte=at)


class Coalition(Governed):
    """Parties of different families that work on one issue. ``originator`` convenes it; it makes nobody a member."""

    title = models.CharField(max_length=300)
    language = models.CharField(max_length=20)
    purpose = models.TextField(max_length=5000)
    starts = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects = CoalitionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(network=F("originator")), name="a_coalition_belongs_to_its_convenor"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("starts")), name="a_coalition_ends_after_it_starts"
            ),
        ]
        indexes = [models.Index(fields=["-recorded_at", "-id"], name="coalition_newest")]

    def __str__(self) -> str:
        return self.title

    @property
    def realm(self) -> Realm:
        """The realm of whoever convenes it."""
        return Realm(self.originator.realm)

    def entered_as(self, at: datetime) -> Level:
        """The level of an entry of the record about it: no wider than the circle that knows its convenor."""
        return max(super().entered_as(at), Level(self.originator.level))


class Adhesion(Act):
    """One party's joining of a coalition, and its leaving. It may join again: that is a new act."""

    public_id = public_id_field()
    coalition = models.ForeignKey(Coalition, on_delete=models.PROTECT, related_name="adhesions")
    left_on = models.DateField(null=True, blank=True)
    left_reason = models.CharField(max_length=600, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["coalition", "organisation"], condition=Q(left_at=None), name="joined_once_at_a_time"
            ),
            models.CheckConstraint(condition=~Q(authority=""), name="an_adhesion_names_its_authority"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} in {self.coalition_id}"

    def left_known_by(self, known_by: datetime) -> date | None:
        """The day it left, as was known at an instant."""
        return self.left_on if self.left_at is not None and self.left_at <= known_by else None


class HandoverQuerySet(models.QuerySet["Handover"]):
    """Offers to convene a coalition."""

    def waiting(self) -> Self:
        """Those neither answered nor taken back; whether their last day has passed, the offered party's clock says."""
        return self.filter(answered_at=None, withdrawn_at=None)


class Handover(models.Model):
    """The offer to convene a coalition, from the party that does to one that belongs to it; accepted, it convenes."""

    coalition = models.ForeignKey(Coalition, on_delete=models.PROTECT, related_name="handovers")
    giver = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    taker = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=600)
    answer_by = models.DateField()
    """The last day on which it can be accepted."""
    offered_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    accepts = models.BooleanField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(giver=F("taker")), name="a_coalition_is_handed_to_another"),
            models.UniqueConstraint(
                fields=["coalition"], condition=Q(answered_at=None, withdrawn_at=None), name="one_offer_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.coalition_id} from {self.giver_id} to {self.taker_id}"
