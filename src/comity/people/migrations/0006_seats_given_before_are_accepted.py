"""Seats given before there were offers have been carried and acted in: they count as accepted when they were given."""

from django.db import migrations
from django.db.models import F


def accepted(apps, schema_editor):
    apps.get_model("people", "Seat").objects.filter(accepted_at=None).update(accepted_at=F("recorded_at"))


class Migration(migrations.Migration):
    dependencies = [("people", "0005_seats_are_offered_and_accepted")]

    operations = [migrations.RunPython(accepted, migrations.RunPython.noop)]
