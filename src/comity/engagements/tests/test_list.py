"""The list of engagements: next pages by key, and counts that hold nothing a reader may not see."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from comity.conftest import Cast
from comity.engagements import queries
from comity.engagements.queries import Asked
from comity.engagements.tests.factories import CONVENED, ENDS, STARTS, talks
from comity.engagements.withheld import withheld_by_year
from comity.plain.actors import ANONYMOUS, ActorRef
from comity.plain.levels import Level, Realm
from comity.plain.place import Place


def place(actor: ActorRef = ANONYMOUS) -> Place:
    at = CONVENED + timedelta(days=1)
    return Place(realm=Realm.FICTION, language="en", actor=actor, at=at, as_of=at.date())


def test_pages_follow_each_other_by_their_last_row(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    made = [talks(cast, title=f"Talks {n}", starts=STARTS + timedelta(days=n // 2), ends=ENDS) for n in range(5)]
    found, asked = [], Asked()
    for _ in range(4):
        rows, after = queries.page_of(place(), asked)
        found += rows
        asked = Asked(after=after)
        if not after:
            break
    assert [row.pk for row in found] == [row.pk for row in reversed(made)]


def test_a_page_after_a_row_that_may_not_be_seen_is_the_first(cast: Cast) -> None:
    hidden = talks(cast, title="Hidden", level=Level.ORGANISATION)
    shown = talks(cast, title="Shown", starts=STARTS - timedelta(days=9), ends=ENDS)
    for after in (hidden.public_id, "nobody", "x' OR 1=1"):
        rows, _ = queries.page_of(place(), Asked(after=after))
        assert [row.pk for row in rows] == [shown.pk]


def test_facets_count_only_what_this_reader_may_see(cast: Cast) -> None:
    talks(cast, title="Shown")
    talks(cast, title="Hidden", kind="congress", level=Level.ORGANISATION, starts=STARTS.replace(year=2025), ends=ENDS)
    outside, inside = queries.facets(place()), queries.facets(place(cast.amina))
    assert outside.count(Asked()) == 1
    assert [kind for kind, _, _ in outside.kinds(Asked())] == ["dialogue"]
    assert outside.years(Asked()) == [("2026", 1)]
    assert inside.count(Asked()) == 2
    assert inside.count(Asked(kind="congress")) == 1
    assert inside.years(Asked()) == [("2026", 1), ("2025", 1)]
    assert [n for _, n in inside.networks(Asked(year="2025"))] == [1]
    for asked in (Asked(), Asked(kind="congress"), Asked(year="2026"), Asked(network=cast.network.public_id)):
        assert queries.listed(place(cast.amina), asked).count() == inside.count(asked)


@pytest.mark.parametrize(
    "question", ["?kind=%00", "?year=99999999999", "?year=٢٠٢٦", "?network=x", "?after=%3Cscript%3E"]
)
def test_a_weird_question_is_answered(client: Client, cast: Cast, question: str) -> None:
    talks(cast)
    answer = client.get(f"/fiction/en/engagement/{question}")
    assert answer.status_code in {200, 404}
    assert "<script>" not in answer.content.decode()


def test_meetings_are_counted_in_the_year_of_their_own_zone(cast: Cast) -> None:
    turn = datetime(2026, 12, 31, 20, tzinfo=UTC)
    for zone, starts in (
        ("Asia/Tokyo", turn),  # there it is 2027 already
        ("America/New_York", turn + timedelta(hours=6)),  # there it is 2026 still
        ("Europe/Paris", turn),
        ("Europe/Paris", turn + timedelta(days=40)),
    ):
        talks(cast, zone=zone, starts=starts, ends=starts + timedelta(hours=1))
    talks(cast, starts=turn, ends=turn + timedelta(hours=1), level=Level.NETWORK)
    talks(cast, house_rule="closed")
    told = [(one.year, one.meetings, one.restricted, one.existence_protected) for one in withheld_by_year(place())]
    assert told == [(2027, 2, 0, 0), (2026, 4, 2, 0)]
