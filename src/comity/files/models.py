"""Papers of a party's own room, in every version it wrote; and files, which lie there or beside things."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from comity.files.circles import behind, shared
from comity.files.core.types import FileType
from comity.people.models import Seat
from comity.plain.actors import ActorRef
from comity.plain.ids import ID_LENGTH
from comity.plain.levels import Level, Realm
from comity.plain.refs import Ref
from comity.registry.models import Governed, GovernedQuerySet, visible


class PaperKind(models.TextChoices):
    """What a paper is for."""

    MANDATE = "mandate", _("mandate")
    NOTE = "note", _("briefing note")
    DRAFT = "draft", _("draft")


class PaperQuerySet(GovernedQuerySet["Paper"]):
    """Papers. Every reading starts at ``visible_to``: no office of a network is a party to one, nor is an operator."""

    def visible_to(self, actor: ActorRef, at: datetime) -> Self:
        """What this reader may see at that instant: the papers of the organisation for which it acts."""
        return self.filter(visible(actor, at), recorded_at__lte=at)


class Paper(Governed):
    """A paper in an organisation's own room. ``network`` and ``originator`` are that organisation itself."""

    kind = models.CharField(max_length=20, choices=PaperKind.choices)
    title = models.CharField(max_length=200)
    language = models.CharField(max_length=20, default="en")
    because = models.CharField(max_length=60, blank=True)
    """The thing it is written for, as a reference; shown where the reader may see that thing."""
    put_away_at = models.DateTimeField(null=True)

    objects = PaperQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(level=Level.ORGANISATION), name="a_paper_stays_in_its_room"),
            models.CheckConstraint(
                condition=models.Q(network=models.F("originator")), name="a_paper_belongs_to_its_own_organisation"
            ),
        ]
        indexes = [models.Index(fields=["network", "-recorded_at"], name="paper_list")]

    def __str__(self) -> str:
        return self.title

    @property
    def realm(self) -> Realm:
        """The realm of the organisation."""
        return Realm(self.network.realm)


class PaperVersion(models.Model):
    """The words of a paper from one moment on; earlier ones stay."""

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    words = models.TextField(max_length=100_000)
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["paper", "number"], name="one_paper_version_per_number")]
        ordering = ["paper", "number"]

    def __str__(self) -> str:
        return f"version {self.number} of {self.paper_id}"


DIGEST = 64
"""Characters of a SHA-256 in hex."""


class UploadQuerySet(GovernedQuerySet["Upload"]):
    """Uploads; one that was taken back is visible to nobody."""

    def visible_to(self, actor: ActorRef, at: datetime) -> Self:
        """What this reader may see at that instant."""
        return self._open_to(actor, at).filter(taken_back_at=None)

    def withdrawn_from(self, actor: ActorRef, at: datetime) -> Self:
        """What this reader would see if it had not been taken back; nobody else learns that it was here."""
        return self._open_to(actor, at).exclude(taken_back_at=None)

    def _open_to(self, actor: ActorRef, at: datetime) -> Self:
        circle = shared(actor, at)
        return self.filter(visible(actor, at, body=circle, room=circle), recorded_at__lte=at)

    def with_what_it_lies_beside(self, actor: ActorRef, at: datetime, realm: Realm) -> Self:
        """Of these, the ones whose thing the reader may see too: what closes a thing closes the files beside it.

        Whoever brought a file goes on reading it.
        """
        own = Q(originator__public_id=actor.organisation) if actor.organisation else Q(pk__in=[])
        return self.filter(Q(beside_id="") | own | behind(actor, at, realm))


class Upload(Governed):
    """One file, cleaned when it came in.

    In a party's own room it lies beside nothing, and ``network`` is the party itself.
    """

    title = models.CharField(max_length=300)
    language = models.CharField(max_length=20)
    beside_kind = models.CharField(max_length=30, blank=True)
    beside_id = models.CharField(max_length=ID_LENGTH, blank=True)
    """The thing it lies beside, as a reference; both empty in an organisation's own room."""
    type = models.CharField(max_length=100, choices=[(kind.value, kind.name) for kind in FileType])
    size = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=DIGEST)
    """SHA-256 of the bytes that are kept, in hex."""
    place = models.CharField(max_length=40, unique=True)
    """Where it lies in the store: a random name, so that neither its bytes nor its title show in a listing."""
    removed = models.JSONField(default=list)
    changes = models.PositiveIntegerField(default=0)
    comments = models.PositiveIntegerField(default=0)
    hidden = models.PositiveIntegerField(default=0)
    """Sheets, slides, notes and words in it that do not show at first sight."""
    taken_back_at = models.DateTimeField(null=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(beside_kind="", beside_id="") | (~Q(beside_kind="") & ~Q(beside_id="")),
                name="upload_beside_one_thing_or_none",
            )
        ]
        indexes = [models.Index(fields=["beside_id", "-recorded_at"], name="upload_beside")]

    def __str__(self) -> str:
        return self.title

    @property
    def realm(self) -> Realm:
        """The realm of whoever governs it."""
        return Realm(self.network.realm)

    @property
    def beside(self) -> Ref | None:
        """The thing it lies beside."""
        return Ref(self.beside_kind, self.beside_id) if self.beside_id else None

    @property
    def file_type(self) -> FileType:
        """What it is."""
        return FileType(self.type)
