"""What prepared queries give is what the ORM gives."""

from datetime import UTC, datetime

import pytest

from comity.plain.levels import Realm
from comity.record.prepared import Prepared, PreparedFor, instance
from comity.registry.models import Organisation

AT = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
COLUMNS = [field.attname for field in Organisation._meta.concrete_fields]


@pytest.fixture
def listed(db: None) -> list[Organisation]:
    return [
        Organisation.objects.create(
            kind="party", realm=Realm.REAL, level=0, name=f"Party {n}", languages=["en", "fr"], recorded_at=AT
        )
        for n in range(5)
    ]


def test_the_columns_are_those_of_the_orm(listed: list[Organisation]) -> None:
    prepared = Prepared(
        lambda realm, at: Organisation.objects.filter(realm=realm, recorded_at__lte=at).values_list(*COLUMNS),
        realm=str,
        at=datetime,
    )
    for _ in range(2):
        told = prepared(realm="real", at=AT)
        assert sorted(told) == sorted(Organisation.objects.values_list(*COLUMNS))
    assert not prepared(realm="fiction", at=AT)


def test_any_number_of_ids_is_asked_for(listed: list[Organisation]) -> None:
    prepared = PreparedFor(lambda ids: Organisation.objects.filter(pk__in=ids).order_by("pk").values_list("pk"))
    ids = [row.pk for row in listed]
    for many in range(len(ids) + 1):
        assert list(prepared(ids[:many])) == [(pk,) for pk in ids[:many]]


def test_a_row_of_columns_is_the_row_of_the_orm(listed: list[Organisation]) -> None:
    columns = [name for name in COLUMNS if name != "languages"]
    values = Organisation.objects.values_list(*columns).get(pk=listed[0].pk)
    ours, theirs = instance(Organisation, columns, values), Organisation.from_db("default", columns, values)
    assert {name: getattr(ours, name) for name in columns} == {name: getattr(theirs, name) for name in columns}
    assert (ours, ours._state.adding, ours._state.db) == (theirs, False, "default")
    assert ours.languages == ["en", "fr"]
    ours.name = "Another"
    ours.save()
    assert Organisation.objects.get(pk=ours.pk).name == "Another"
