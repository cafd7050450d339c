"""Rows of several models asked for in one look are the rows of the ORM."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comity.plain.levels import Realm
from comity.plain.wanted import Wanted
from comity.record.together import Together, reached, together
from comity.registry.models import Correction, Organisation, Reply, Source

AT = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


@pytest.fixture
def own(db: None) -> Organisation:
    source = Source.objects.create(title="List", stated_on="2026-01", primary=True)
    made = Organisation.objects.create(
        kind="party", realm=Realm.REAL, level=0, name="Tide", languages=["en"], source=source, recorded_at=AT
    )
    for nth in range(4):
        at = AT + timedelta(days=nth)
        Reply.objects.create(organisation=made, words=f"Words {nth}", at=at)
        Correction.objects.create(organisation=made, field="name", proposed=f"Tide {nth}", proposed_at=at)
    Organisation.objects.create(kind="wing", realm=Realm.REAL, level=0, name="Ebb", parent=made, recorded_at=AT)
    return made


def wanted(organisation: int) -> list[Wanted]:
    return [
        Wanted(
            Organisation.objects.all(),
            ("name", "level", "languages", "recorded_at", "parent__name", "source__title", "source__primary"),
        ),
        Wanted(Reply.objects.filter(organisation=organisation), ("words", "at"), newest=2, by=("at", "pk")),
        Wanted(Correction.objects.filter(organisation=organisation), ("proposed", "decided_at")),
    ]


def test_they_come_in_one_query_with_the_rows_they_lead_to(own: Organisation) -> None:
    with CaptureQueriesContext(connection) as asked:
        organisations, replies, corrections = together(wanted(own.pk))
        tide, ebb = organisations.rows
        assert (tide.name, tide.level, tide.languages, tide.recorded_at) == ("Tide", 0, ["en"], AT)
        assert (tide.parent, tide.source.title, tide.source.primary) == (None, "List", True)
        assert (ebb.parent, ebb.parent.name, ebb.source) == (own, "Tide", None)
        assert [row.words for row in replies.rows] == ["Words 3", "Words 2"]
        assert (organisations.count, replies.count, corrections.count) == (2, 4, 4)
        assert [(row.proposed, row.decided_at) for row in corrections.rows[:1]] == [("Tide 0", None)]
        assert [type(row) for row in reached(ebb)] == [Organisation, Organisation]
    assert len(asked) == 1


def test_what_was_not_named_is_asked_for_when_it_is_read(own: Organisation) -> None:
    _, replies, _ = together(wanted(own.pk))
    with CaptureQueriesContext(connection) as asked:
        assert (replies.rows[0].language, replies.rows[0].organisation) == ("en", own)
    assert len(asked) == 3


def test_asked_alone_each_gives_the_same(own: Organisation) -> None:
    for one, found in zip(wanted(own.pk), together(wanted(own.pk)), strict=True):
        assert (one.found().rows, one.found().count) == (found.rows, found.count)


def test_written_once_it_answers_for_other_values(own: Organisation) -> None:
    prepared = Together(wanted, organisation=int)
    for _ in range(2):
        assert [found.count for found in prepared.found(organisation=own.pk)] == [2, 4, 4]
        assert [found.count for found in prepared.found(organisation=0)] == [2, 0, 0]
    assert prepared.found(organisation=own.pk)[2].rows == list(own.corrections.order_by("pk"))


def test_where_nothing_is_wanted_nothing_is_asked(django_assert_num_queries: object) -> None:
    assert together([]) == []
