"""Engagements and the delegations that came. Capacity and house rule stand before anything else is said."""

from __future__ import annotations

from datetime import date, datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from comity.people.models import Seat
from comity.plain.actors import ActorRef
from comity.plain.levels import Level, Realm
from comity.plain.time import day_in
from comity.registry.models import Governed, GovernedQuerySet, Organisation, visible


class EngagementKind(models.TextChoices):
    """What brings people together."""

    VISIT = "visit", _("visit")
    CONGRESS = "congress", _("congress")
    FORUM = "forum", _("forum")
    FRIENDSHIP_GROUP = "friendship-group", _("friendship group")
    EXCHANGE = "exchange", _("exchange")
    DIALOGUE = "dialogue", _("dialogue")


class Capacity(models.TextChoices):
    """For whom those who meet speak. Without one, no engagement."""

    PARTY = "party", _("for their parties")
    GROUP = "group", _("for a group of parties")
    PERSONAL = "personal", _("in a personal capacity")
    PARLIAMENT = "parliament", _("on behalf of a parliament")


class HouseRule(models.TextChoices):
    """How what is said may be used; fixed before the opening, and no action changes it."""

    PUBLIC = "public", _("public")
    NON_ATTRIBUTED = "non-attributed", _("non-attributed")
    CLOSED = "closed", _("closed")


class EngagementQuerySet(GovernedQuerySet["Engagement"]):
    """Engagements; at levels BODY and ROOM the participating organisations and whoever convened see them too."""

    def visible_to(self, actor: ActorRef, at: datetime) -> Self:
        """What this reader may see at that instant."""
        if not actor.organisation:
            return self.filter(visible(actor, at), recorded_at__lte=at)
        taking_part = Participation.objects.filter(organisation__public_id=actor.organisation)
        body = Q(pk__in=taking_part.values("engagement_id"))
        own = Organisation.objects.filter(public_id=actor.organisation)
        convened = Q(originator__in=own.values("id"))  # by its key: a join would walk all organisations to count
        seen = visible(actor, at, body=body, room=body | convened) | Q(convened, safety_flag=True)
        return self.filter(seen, recorded_at__lte=at)


class Engagement(Governed):
    """A meeting of parties. ``level`` governs its page, ``content_level`` what was reported of it.

    That a meeting which not everybody may read takes place, when and under which rule, is public all the same, unless
    its existence is protected (``withheld.closed_meetings``).
    """

    kind = models.CharField(max_length=20, choices=EngagementKind.choices)
    title = models.CharField(max_length=300)
    language = models.CharField(max_length=20, default="en")
    capacity = models.CharField(max_length=20, choices=Capacity.choices)
    on_behalf_of = models.CharField(max_length=200, blank=True)
    """The parliament, where the capacity is that of one."""
    place = models.CharField(max_length=200)
    country = models.CharField(max_length=60, blank=True)
    zone = models.CharField(max_length=60)
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    house_rule = models.CharField(max_length=20, choices=HouseRule.choices)
    content_level = models.PositiveSmallIntegerField(choices=[(level.value, level.name) for level in Level])
    report = models.TextField(blank=True)
    report_language = models.CharField(max_length=20, blank=True)
    reported_at = models.DateTimeField(null=True)

    objects = EngagementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(capacity=""), name="engagement_states_capacity"),
            models.CheckConstraint(condition=Q(ends__gte=F("starts")), name="engagement_ends_after_its_start"),
        ]
        indexes = [
            models.Index(fields=["network", "-starts"], name="engagement_list"),
            models.Index(fields=["-starts", "-id"], name="engagement_newest"),
            models.Index(
                fields=[
                    "level", "network", "kind", "starts", "safety_flag", "embargo_until", "recorded_at", "originator",
                ],
                name="engagement_counted",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    @property
    def realm(self) -> Realm:
        """The realm of the network that governs it."""
        return Realm(self.network.realm)

    @property
    def first_day(self) -> date:
        """The day it begins, where it takes place."""
        return day_in(self.zone, self.starts)

    @property
    def last_day(self) -> date:
        """The day it ends, where it takes place."""
        return day_in(self.zone, self.ends)

    @property
    def reported_on(self) -> date | None:
        """The day of the report, where it took place."""
        return day_in(self.zone, self.reported_at) if self.reported_at else None


class Participation(models.Model):
    """One organisation's delegation. It accepted the house rule when it registered."""

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="participations")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    heads_count = models.PositiveIntegerField()
    accepted_rule = models.CharField(max_length=20, choices=HouseRule.choices)
    registered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["engagement", "organisation"], name="one_delegation_per_organisation"),
            models.CheckConstraint(condition=Q(heads_count__gt=0), name="a_delegation_has_heads"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} at {self.engagement_id}"


class Channel(models.TextChoices):
    """By which way people spoke."""

    MEETING = "meeting", _("in person")
    CALL = "call", _("by telephone")
    VIDEO = "video", _("by video")
    MESSAGE = "message", _("by message")
    LETTER = "letter", _("by letter")


class ContactNoteQuerySet(GovernedQuerySet["ContactNote"]):
    """Contact notes. Every reading starts at ``visible_to``."""

    def visible_to(self, actor: ActorRef, at: datetime) -> Self:
        """What this reader may see at that instant: of a room only the seats in it, of a party its own seats."""
        return self.filter(visible(actor, at, body=_present(actor), room=_present(actor)), recorded_at__lte=at)


def _present(actor: ActorRef) -> Q | None:
    """The notes in whose room the reader's seat sits, itself or through its organisation's place."""
    if not actor.organisation:
        return None
    places = Present.objects.filter(
        Q(seat__public_id=actor.id) | Q(seat=None, organisation__public_id=actor.organisation)
    )
    return Q(pk__in=places.values("note_id"))


class ContactNote(Governed):
    """An informal contact. ``network`` and ``originator`` are the organisation of whoever wrote it."""

    counterpart = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=20, choices=Channel.choices)
    spoken_on = models.DateField()
    words = models.TextField(max_length=5000, blank=True)
    language = models.CharField(max_length=20, default="en")
    reduced_at = models.DateTimeField(null=True)
    """When its words were erased because their time was over; that a contact was noted stays."""

    objects = ContactNoteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(level__in=[Level.ORGANISATION, Level.ROOM]), name="a_contact_note_is_never_public"
            ),
            models.CheckConstraint(
                condition=Q(network=F("originator")), name="a_contact_note_belongs_to_its_own_organisation"
            ),
        ]
        indexes = [models.Index(fields=["network", "-spoken_on"], name="contact_note_list")]

    def __str__(self) -> str:
        return f"contact of {self.spoken_on}"

    @property
    def realm(self) -> Realm:
        """The realm of the organisation that wrote it."""
        return Realm(self.network.realm)


class Present(models.Model):
    """A place in the room of a contact note: of one seat, or of an organisation with whom the note is shared."""

    note = models.ForeignKey(ContactNote, on_delete=models.PROTECT, related_name="present")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    seat = models.ForeignKey(Seat, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["note", "seat"], name="one_place_per_seat_in_a_contact"),
            models.UniqueConstraint(
                fields=["note", "organisation"], condition=Q(seat=None), name="one_place_per_organisation_in_a_contact"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} in {self.note_id}"
