"""Accounts that have a password were opened before this was kept: by what is known, on the day they were registered."""

from django.db import migrations
from django.db.models import F, Q


def opened(apps, schema_editor):
    persons = apps.get_model("people", "Person").objects
    without = Q(password__startswith="!") | Q(password="")  # noqa: S106 - marks accounts without a password
    persons.filter(opened_at=None).exclude(without).update(opened_at=F("registered_at"))


class Migration(migrations.Migration):
    dependencies = [("people", "0003_accounts_open_by_their_holders")]

    operations = [migrations.RunPython(opened, migrations.RunPython.noop, elidable=True)]
