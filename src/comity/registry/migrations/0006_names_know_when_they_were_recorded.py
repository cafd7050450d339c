"""Names get the instant of their record; of those already here only that it was before this migration."""

from typing import ClassVar

from django.db import migrations, models
from django.utils import timezone


class Migration(migrations.Migration):
    dependencies: ClassVar = [("registry", "0005_corrections_know_their_proposer")]

    operations: ClassVar = [
        migrations.AddField("name", "recorded_at", models.DateTimeField(default=timezone.now), preserve_default=False),
        migrations.AddField("name", "recorded_exactly", models.BooleanField(default=False)),
        migrations.AlterField("name", "recorded_exactly", models.BooleanField(default=True)),
    ]
