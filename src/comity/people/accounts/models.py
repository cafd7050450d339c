"""What an account needs beside the person: browsers signed in, ties to an identity provider, recoveries, counts."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q

from comity.plain.ids import ID_LENGTH, new_id
from comity.registry.models import Organisation


class BrowserSession(AbstractBaseSession):
    """One browser's session. Who is signed in there may see and end it; no address and no time of use is kept."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="browsers")
    public_id = models.CharField(max_length=ID_LENGTH, default=new_id, editable=False, db_index=True)
    device = models.CharField(max_length=80, blank=True)
    """Browser and system in two words, as the browser names itself, so that its owner knows it again."""
    begun_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_browsersession"

    @classmethod
    def get_session_store_class(cls) -> type[Any]:
        """The store that writes these rows."""
        from comity.people.accounts.sessions import SessionStore

        return SessionStore


class Identity(models.Model):
    """The tie between an account and what one organisation's identity provider calls the same person."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="identities")
    provider = models.CharField(max_length=80)
    subject = models.CharField(max_length=255)
    """The provider's own, lasting name of the person (claim ``sub``), never an address that could pass to another."""
    tied_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "subject"], name="one_account_for_a_subject"),
            models.UniqueConstraint(fields=["person", "provider"], name="one_subject_for_an_account"),
        ]

    def __str__(self) -> str:
        return self.provider


class Recovery(models.Model):
    """Somebody who lost every way in asks for a new one; others of her organisations say that it is she."""

    public_id = models.CharField(max_length=ID_LENGTH, unique=True, default=new_id, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="recoveries")
    asked_at = models.DateTimeField()
    opens_at = models.DateTimeField(null=True)
    """Set with the last confirmation; before this instant the link in the letter opens nothing."""
    stopped_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], name="one_recovery_at_a_time", condition=Q(stopped_at=None, used_at=None)
            )
        ]

    def __str__(self) -> str:
        return self.public_id


class Confirmation(models.Model):
    """One organisation, or another operator, says that whoever asks is the holder of the account."""

    recovery = models.ForeignKey(Recovery, on_delete=models.CASCADE, related_name="confirmations")
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    """None where an operator confirmed another operator."""
    confirmed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recovery", "organisation"], name="each_organisation_confirms_once"),
            models.UniqueConstraint(
                fields=["recovery"], name="operators_confirm_once", condition=Q(organisation__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recovery_id} by {self.organisation_id}"


class Attempt(models.Model):
    """How often something was tried within a window. The key is a keyed hash that changes daily; no address is kept."""

    key = models.CharField(max_length=64, primary_key=True)
    times = models.PositiveIntegerField(default=0)
    until = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.key[:8]
