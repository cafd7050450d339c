import django.db.models.deletion
from django.db import migrations, models

import comity.plain.ids


class Migration(migrations.Migration):
    dependencies = [
        ("record", "0001_the_log"),
    ]

    operations = [
        migrations.CreateModel(
            name="SignedPaper",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("realm", models.CharField(choices=[("real", "real"), ("fiction", "fiction")], max_length=10)),
                ("subject", models.CharField(max_length=60)),
                ("sha256", models.CharField(max_length=64)),
                ("words", models.TextField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("realm", "subject", "sha256"), name="one_paper_per_fingerprint")
                ],
            },
        ),
        migrations.CreateModel(
            name="SigningKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(default=comity.plain.ids.new_id, editable=False, max_length=16, unique=True),
                ),
                ("realm", models.CharField(choices=[("real", "real"), ("fiction", "fiction")], max_length=10)),
                ("organisation", models.CharField(max_length=16)),
                ("holder", models.CharField(max_length=60)),
                ("label", models.CharField(blank=True, max_length=60)),
                ("line", models.TextField()),
                ("fingerprint", models.CharField(max_length=60)),
                ("origin", models.CharField(blank=True, max_length=200)),
                ("credential", models.CharField(blank=True, max_length=1400)),
                ("valid_after", models.DateTimeField()),
                ("valid_before", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                ("revoked_because", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "indexes": [models.Index(fields=["organisation", "realm"], name="key_by_organisation")],
                "constraints": [
                    models.UniqueConstraint(fields=("realm", "fingerprint"), name="one_organisation_per_key"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_before", None), ("valid_before__gt", models.F("valid_after")), _connector="OR"
                        ),
                        name="key_ends_after_it_begins",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Signature",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(default=comity.plain.ids.new_id, editable=False, max_length=16, unique=True),
                ),
                ("sha256", models.CharField(max_length=64)),
                ("armored", models.TextField()),
                ("at", models.DateTimeField()),
                (
                    "paper",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="signatures", to="record.signedpaper"
                    ),
                ),
                (
                    "key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="signatures", to="record.signingkey"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("paper", "sha256"), name="one_row_per_signature")],
            },
        ),
    ]
