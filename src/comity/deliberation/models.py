"""Conversations, statements, votes without names, drawn maps, and the principles that came of them, with dissent."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q

from comity.plain.actors import ActorRef
from comity.plain.levels import Realm
from comity.registry.models import Governed, GovernedQuerySet, Organisation, public_id_field, visible

LONGEST_STATEMENT = 280
SHA256 = 64


class ConversationQuerySet(GovernedQuerySet["Conversation"]):
    """Conversations; at level BODY the delegations that take part see them too."""

    def visible_to(self, actor: ActorRef, at: datetime) -> Self:
        """What this reader may see at that instant."""
        return self.filter(visible(actor, at, body=_taking_part(actor, "pk")), recorded_at__lte=at)


def _taking_part(actor: ActorRef, column: str) -> Q | None:
    """The rows whose conversation the reader's organisation takes part in, as a sub-select."""
    if not actor.organisation:
        return None
    own = Delegation.objects.filter(organisation__public_id=actor.organisation)
    return Q(**{f"{column}__in": own.values("conversation_id")})


class Conversation(Governed):
    """One question, put to the people of several parties, who answer by voting on each other's statements."""

    title = models.CharField(max_length=300)
    question = models.CharField(max_length=1000)
    language = models.CharField(max_length=20, default="en")
    opens = models.DateTimeField()
    closes = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    objects = ConversationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(closes__gt=F("opens")), name="conversation_closes_after_it_opens")
        ]
        indexes = [models.Index(fields=["network", "-opens"], name="conversation_list")]

    def __str__(self) -> str:
        return self.title

    @property
    def realm(self) -> Realm:
        """The realm of the network that governs it."""
        return Realm(self.network.realm)

    def open_at(self, at: datetime) -> bool:
        """Whether statements and votes are taken at an instant; the closing minute counts."""
        return self.opens <= at <= self.closes and (self.closed_at is None or at < self.closed_at)

    def closed_by(self, at: datetime) -> bool:
        """Whether it stood closed at an instant."""
        return self.closed_at is not None and self.closed_at <= at


class Delegation(models.Model):
    """An organisation that takes part: invited with the meeting the conversation arises from, or admitted later."""

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="delegations")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "organisation"], name="one_place_per_delegation")
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} in {self.conversation_id}"


class Statement(models.Model):
    """A viewpoint in one sentence, proposed by a delegation. Moderation silences it with a reason, never deletes it."""

    public_id = public_id_field()
    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="statements")
    number = models.PositiveIntegerField()
    words = models.CharField(max_length=LONGEST_STATEMENT)
    language = models.CharField(max_length=20, default="en")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    """Who proposed it; shown only where the conversation is attributed."""
    proposed_at = models.DateTimeField()
    silenced_at = models.DateTimeField(null=True)
    silence_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["conversation", "number"]
        constraints = [
            models.UniqueConstraint(fields=["conversation", "number"], name="one_statement_per_number"),
            models.UniqueConstraint(fields=["conversation", "words"], name="no_statement_twice"),
        ]

    def __str__(self) -> str:
        return self.words


class Participant(models.Model):
    """A voter: a random id and an organisation. Her key is kept as a digest; no seat or person is tied to her."""

    public_id = public_id_field()
    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="participants")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    """Counted per conversation, never published per participant."""
    key_digest = models.CharField(max_length=SHA256, unique=True)
    taken = models.BooleanField(default=False)
    """A seat took this place on the page; which one is not written down."""

    class Meta:
        indexes = [models.Index(fields=["conversation", "organisation"], name="participant_by_delegation")]

    def __str__(self) -> str:
        return self.public_id


class PlaceTaken(models.Model):
    """That a seat took a place in a conversation, so that it takes one only; not which place, nor when."""

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="+")
    seat = models.CharField(max_length=16)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "seat"], name="one_place_per_seat")]

    def __str__(self) -> str:
        return f"{self.seat} in {self.conversation_id}"


class VoteBatch(models.Model):
    """Votes sealed into the record together; ``digest`` runs over them and over the batch before."""

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="batches")
    number = models.PositiveIntegerField()
    votes = models.PositiveIntegerField()
    digest = models.CharField(max_length=SHA256)
    sealed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "number"], name="one_batch_per_number")]

    def __str__(self) -> str:
        return f"batch {self.number} of {self.conversation_id}"


class OpinionVote(models.Model):
    """One vote event: agree 1, disagree -1, pass 0. Durable when it is given; a later one of the same cell counts."""

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="votes")
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="votes")
    value = models.SmallIntegerField()
    at = models.DateTimeField()
    batch = models.ForeignKey(VoteBatch, null=True, on_delete=models.PROTECT, related_name="sealed")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(value__in=(-1, 0, 1)), name="vote_on_the_scale")]

    def __str__(self) -> str:
        return f"{self.value}"


class MapRun(models.Model):
    """The map as drawn at the close: its inputs by digest, its seed, and the result as data with its fingerprint."""

    conversation = models.OneToOneField(Conversation, on_delete=models.PROTECT, related_name="run")
    profile = models.CharField(max_length=20)
    seed = models.PositiveIntegerField()
    votes_digest = models.CharField(max_length=SHA256)
    result = models.JSONField(null=True)
    """None where too few people voted for a map."""
    result_sha256 = models.CharField(max_length=SHA256)
    placements = models.JSONField(default=dict)
    """Participant id -> group. It leaves the house by no exit."""
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"map of {self.conversation_id}"


class PrincipleQuerySet(GovernedQuerySet["Principle"]):
    """Principles; at level BODY the delegations of their conversation see them too."""

    def visible_to(self, actor: ActorRef, at: datetime) -> Self:
        """What this reader may see at that instant: the principle and the conversation that it came of."""
        shared = _taking_part(actor, "conversation")
        talks = Conversation.objects.visible_to(actor, at).values("id")
        return self.filter(visible(actor, at, body=shared), conversation__in=talks, recorded_at__lte=at)


class Principle(Governed):
    """What a conversation came to in common, with the viewpoints that fed it and those it overruled."""

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="principles")
    number = models.PositiveIntegerField()
    words = models.CharField(max_length=600)
    language = models.CharField(max_length=20, default="en")
    drawn_at = models.DateTimeField()

    objects = PrincipleQuerySet.as_manager()

    class Meta:
        ordering = ["conversation", "number"]
        constraints = [
            models.UniqueConstraint(fields=["conversation", "number"], name="one_principle_per_number"),
        ]

    def __str__(self) -> str:
        return self.words

    @property
    def realm(self) -> Realm:
        """The realm of the network that governs it."""
        return Realm(self.network.realm)


class SourceRole(models.TextChoices):
    """What a viewpoint did to a principle."""

    FED = "fed"
    OVERRULED = "overruled"


class PrincipleSource(models.Model):
    """One viewpoint on a principle's way: it fed it, or was overruled by it."""

    principle = models.ForeignKey(Principle, on_delete=models.PROTECT, related_name="sources")
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="principles")
    role = models.CharField(max_length=20, choices=SourceRole.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["principle", "statement"], name="a_viewpoint_fed_or_was_overruled")
        ]

    def __str__(self) -> str:
        return f"{self.role}: {self.statement_id}"


class MinorityReport(models.Model):
    """A group's own words on a principle. They stand wherever the principle stands, and nobody can take them off."""

    public_id = public_id_field()
    principle = models.ForeignKey(Principle, on_delete=models.PROTECT, related_name="minority_reports")
    group = models.PositiveSmallIntegerField()
    """0 for group A, 1 for B, ..."""
    words = models.TextField(max_length=3000)
    language = models.CharField(max_length=20, default="en")
    statement = models.ForeignKey(Statement, null=True, on_delete=models.PROTECT, related_name="+")
    """The group's own statement, beside its words."""
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    """Where the group wants to be named by a party; most do not."""
    filed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["principle", "group"], name="one_report_per_group")]

    def __str__(self) -> str:
        return self.words[:60]
