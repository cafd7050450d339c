"""Accounts and seats. An account is a means to sign in; whatever a person does in the house, a seat does."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from comity.plain.ids import ID_LENGTH, new_id
from comity.plain.languages import CODES
from comity.plain.levels import Realm
from comity.plain.time import day_in
from comity.registry.models import Organisation


class PersonManager(BaseUserManager["Person"]):
    """Accounts, found by e-mail address whatever its case."""

    def get_by_natural_key(self, username: str | None) -> Person:
        """The account of an e-mail address."""
        return self.get(email=(username or "").strip().lower())


class Person(AbstractBaseUser):
    """An account. It carries no party and no opinion; its seats say for whom it may speak."""

    last_login = None  # least data: nobody needs to know when somebody came

    public_id = models.CharField(max_length=ID_LENGTH, unique=True, default=new_id, editable=False)
    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=200)
    language = models.CharField(max_length=20, choices=[(code, code) for code in CODES], default="en")
    time_zone = models.CharField(max_length=60, default="UTC")
    is_operator = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    registered_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    """When its holder first set up a way in; until then an invitation opens it, and nothing else does."""

    objects: ClassVar[PersonManager] = PersonManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(email=Lower("email")), name="email_in_lower_case")]

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What a seat is for."""

    DELEGATE = "delegate", _("delegate")
    HEAD = "head", _("head of delegation")
    """Head of delegation: may speak and vote for the organisation."""
    OFFICER = "officer", _("officer of the organisation")
    """The organisation's own officer: grants its seats, answers for its page."""
    SECRETARIAT = "secretariat", _("secretariat")
    FACILITATOR = "facilitator", _("facilitator")
    RAPPORTEUR = "rapporteur", _("rapporteur")
    MONITOR = "monitor", _("monitor")
    REGISTRAR = "registrar", _("registrar")
    DEPUTY = "deputy", _("deputy")
    """Acts for a named seat between dates; gives no seats, since what is delegated is not delegated on."""
    PREPARER = "preparer", _("preparer")
    """Drafts for a named seat; its holder approves, and the register shows the day and the office, not who prepared."""


OFFICES = frozenset({Role.SECRETARIAT, Role.FACILITATOR, Role.RAPPORTEUR, Role.MONITOR, Role.REGISTRAR})
"""Roles that a network confers; a party cannot give them to itself."""

BESIDE = frozenset({Role.DEPUTY, Role.PREPARER})
"""Roles that stand beside another seat of the same organisation, and have no effect without it."""

GRANTING = frozenset({Role.OFFICER, Role.SECRETARIAT})
"""Roles that may grant and revoke the seats of their own organisation."""

DECIDING = frozenset({Role.OFFICER, Role.HEAD})
"""Who decides about the facts of their own organisation."""

KEEPING = GRANTING | {Role.REGISTRAR}
"""Who keeps a network's register."""

SIGNING = frozenset({Role.OFFICER, Role.HEAD, Role.SECRETARIAT})
"""Who signs for an organisation, and keeps its keys."""

OFFER_STANDS = timedelta(days=30)
"""How long an offered seat can be accepted."""


class SeatQuerySet(models.QuerySet["Seat"]):
    """Seats. Who holds one is shown to that person, to the organisation and to operators, and to nobody else."""

    def of_organisation(self, organisation: Organisation) -> Self:
        """The mandates that one organisation has given."""
        return self.filter(organisation=organisation)

    def taken_up(self, at: datetime) -> Self:
        """Those accepted and not revoked by then; whether their days cover it, the organisation's zone decides."""
        return self.filter(Q(revoked_at=None) | Q(revoked_at__gt=at), accepted_at__lte=at)

    def offered(self, at: datetime) -> Self:
        """Those neither accepted, declined nor withdrawn, and not offered too long ago; a last day may have passed."""
        open_ = self.filter(accepted_at=None, declined_at=None, revoked_at=None)
        return open_.filter(recorded_at__lte=at, recorded_at__gt=at - OFFER_STANDS)


class Seat(models.Model):
    """A person's dated mandate from an organisation, in one role, everywhere or in one network.

    Until its holder accepts it, it is an offer: it acts nowhere, reads nothing and stands in nobody's way.
    """

    public_id = models.CharField(max_length=ID_LENGTH, unique=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="seats")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="seats")
    role = models.CharField(max_length=20, choices=Role.choices)
    title = models.CharField(max_length=200, blank=True)
    """The office as the organisation calls it, e.g. "international secretary"."""
    network = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    """Where set, the seat has effect in this network only."""
    for_seat = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="beside")
    """The office-holder's seat, for a deputy and for whoever prepares."""
    start = models.DateField()
    end = models.DateField(null=True, blank=True)
    """The last day it is in force, in the organisation's time zone."""
    revoked_at = models.DateTimeField(null=True, blank=True)
    """When the mandate was taken back or, before it was accepted, its offer withdrawn."""
    recorded_at = models.DateTimeField()
    """When it was offered."""
    offered_by = models.CharField(max_length=20, blank=True)
    """The kind of actor that offered it; unknown of seats older than offers."""
    accepted_at = models.DateTimeField(null=True, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)

    objects = SeatQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(end=None) | Q(end__gte=F("start")), name="seat_ends_after_its_start"),
            models.CheckConstraint(
                condition=Q(role__in=["deputy", "preparer"], for_seat__isnull=False)
                | (~Q(role__in=["deputy", "preparer"]) & Q(for_seat=None)),
                name="seat_beside_another_names_it",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(declined_at=None), name="seat_is_accepted_or_declined"
            ),
        ]
        indexes = [models.Index(fields=["organisation", "role"], name="seat_by_organisation")]

    def __str__(self) -> str:
        return f"{self.role} of {self.organisation_id}"

    def in_force(self, at: datetime) -> bool:
        """Whether the mandate holds at an instant: accepted, and its days are days of the organisation's zone."""
        day = day_in(self.organisation.time_zone, at)
        revoked = self.revoked_at is not None and self.revoked_at <= at
        begun = self.accepted_at is not None and self.accepted_at <= at and self.start <= day
        return begun and not revoked and (self.end is None or day <= self.end)

    def offered(self, at: datetime) -> bool:
        """Whether its holder can still accept it."""
        if self.accepted_at or self.declined_at or self.revoked_at or not self.recorded_at <= at < self.offered_until:
            return False
        return self.end is None or day_in(self.organisation.time_zone, at) <= self.end

    @property
    def offered_until(self) -> datetime:
        """When an offer that nobody answered is over."""
        return self.recorded_at + OFFER_STANDS

    def acts_as(self, at: datetime) -> str:
        """The role in which it acts: a deputy's is that of the seat it stands in for, while that seat is in force."""
        principal = self.for_seat
        if self.role != Role.DEPUTY or principal is None or not principal.in_force(at):
            return self.role
        return principal.role

    def office_at(self, at: datetime) -> str:
        """The role whose work lies on its desk: for a deputy and a preparer that of the seat beside which it stands."""
        principal = self.for_seat
        if self.role != Role.PREPARER or principal is None or not principal.in_force(at):
            return self.acts_as(at)
        return principal.role


class Draft(models.Model):
    """What somebody prepared for an office-holder: the fields of one act on one thing, until its holder decides.

    It is read by the two seats alone. Once done or sent back, its words are gone: the register has what was filed.
    """

    public_id = models.CharField(max_length=ID_LENGTH, unique=True, default=new_id, editable=False)
    act = models.CharField(max_length=60)
    """The permission that the act asks for, e.g. ``engagements:report:write``."""
    about = models.CharField(max_length=60)
    """The thing it is about, as a reference."""
    by = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    for_seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="drafts")
    fields = models.JSONField(default=dict)
    prepared_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["act", "about", "for_seat"], condition=Q(settled_at=None), name="one_draft_waits_per_act"
            )
        ]

    def __str__(self) -> str:
        return f"{self.act} of {self.about}"


class CalendarKey(models.Model):
    """A private calendar address. Only its digest is kept: the address is shown once, and can be taken back at once."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="calendar_keys")
    realm = models.CharField(max_length=10, choices=[(realm.value, realm.value) for realm in Realm])
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "realm"], condition=Q(revoked_at=None), name="one_calendar_address_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"calendar of {self.person_id}"


class Rhythm(models.TextChoices):
    """How often a letter gathers what is due."""

    NONE = "none", _("none")
    DAILY = "daily", _("every morning on which something is due")
    WEEKLY = "weekly", _("on Mondays")


class Choices(models.Model):
    """Which letters a person wants. Without a row none is written: nobody is written to unasked."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="choices")
    digest = models.CharField(max_length=10, choices=Rhythm.choices, default=Rhythm.NONE)
    remind_days = models.PositiveSmallIntegerField(default=0)
    """How many days before each date a reminder is written; 0 for none."""
    chosen_at = models.DateTimeField()
    told_on = models.DateField(null=True)
    """The last day, by her own clock, on which her letters about the real realm were written or found needless."""
    told_on_in_fiction = models.DateField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(remind_days__lte=30), name="reminders_within_a_month")]

    def __str__(self) -> str:
        return f"{self.digest} for {self.person_id}"


from comity.people.accounts.models import (  # noqa: E402, F401 - Django finds them here; they name the classes above
    Attempt,
    BrowserSession,
    Confirmation,
    Identity,
    Recovery,
)
