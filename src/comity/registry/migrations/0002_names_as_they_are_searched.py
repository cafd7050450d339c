"""Names as they are searched: keys, trigrams and their counts; those of names that stand already are written."""

from collections import Counter

import django.db.models.deletion
from django.db import migrations, models

from comity.registry.core.search import GRAMS, grams_of, keys_of


def fill(apps, schema_editor):
    names, search_key, search_gram, search_count = (
        apps.get_model("registry", name) for name in ("Name", "SearchKey", "SearchGram", "SearchCount")
    )
    seen = names.objects.filter(organisation__level=0).order_by("pk")
    counted = Counter()
    told = seen.values_list("pk", "organisation_id", "organisation__realm", "text")
    for name, organisation, realm, text in told.iterator(chunk_size=2000):
        first = GRAMS if realm == "fiction" else 0
        for key in keys_of(text):
            row = search_key.objects.create(name_id=name, organisation_id=organisation, key=key)
            grams = [first + gram for gram in grams_of(key)]
            search_gram.objects.bulk_create(search_gram(gram=gram, length=len(key), key_id=row.pk) for gram in grams)
            counted.update((gram, len(key)) for gram in grams)
    rows = (search_count(gram=gram, length=length, keys=keys) for (gram, length), keys in sorted(counted.items()))
    search_count.objects.bulk_create(rows, batch_size=2000)


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0001_who_there_is"),
    ]

    operations = [
        migrations.CreateModel(
            name="SearchCount",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "gram", "length", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("gram", models.IntegerField()),
                ("length", models.SmallIntegerField()),
                ("keys", models.IntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="SearchKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(db_index=True, max_length=300)),
                (
                    "name",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="search_keys", to="registry.name"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="search_keys",
                        to="registry.organisation",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SearchGram",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "gram", "length", "key_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("gram", models.IntegerField()),
                ("length", models.SmallIntegerField()),
                (
                    "key",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="registry.searchkey",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="searchkey",
            constraint=models.UniqueConstraint(fields=("name", "key"), name="one_row_per_search_key"),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
