"""The record's tables as a backup keeps them, and an older backup put back."""

from django.core import serializers
from django.db import connection

from comity.record.models import Arising, Disclosure, Entry, Log, Pseudonym, SubjectHead, Tile

TABLES = (Log, Entry, Tile, Disclosure, SubjectHead, Pseudonym, Arising)


def backup() -> str:
    """All rows as they are now."""
    kept: str = serializers.serialize("json", [row for table in TABLES for row in table._default_manager.all()])
    return kept


def restore(kept: str) -> None:
    """Put all rows back as they were."""
    with connection.constraint_checks_disabled():
        for table in reversed(TABLES):
            table._default_manager.all().delete()
        for row in serializers.deserialize("json", kept):
            row.save()
