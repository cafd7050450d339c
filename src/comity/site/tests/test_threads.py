"""The thread: both directions, only what the reader may see, nothing from after the day, missing stages named."""

from datetime import date, timedelta

import pytest
from django.test import Client

from comity.commitments.actions import file_evidence, open_commitments
from comity.plain.actors import ANONYMOUS
from comity.plain.levels import Level, Realm
from comity.plain.place import Place
from comity.plain.thread import Stage
from comity.site.threads import thread_of
from comity.texts import actions
from comity.texts.models import Adoption
from comity.texts.tests.congress import AT, VOTE, Congress, convene, promise_clauses

pytestmark = pytest.mark.django_db
LATER = VOTE + timedelta(days=10)


@pytest.fixture
def congress() -> Congress:
    return convene(3)


@pytest.fixture
def adoption(congress: Congress) -> Adoption:
    adoption = congress.adopted(congress.draft())
    open_commitments(adoption, by=congress.secretariat, at=VOTE + timedelta(hours=1))
    return adoption


def place(on: date | None = None) -> Place:
    return Place(Realm.FICTION, "en", ANONYMOUS, LATER, on or LATER.date())


def standing(row: object, where: Place) -> dict[Stage, int]:
    view = thread_of(row, where)
    assert view is not None
    return {stage.stage: len(stage.strands) for stage in view.stages if stage.strands}


def test_a_decision_shows_what_it_came_from_and_what_came_of_it(adoption: Adoption) -> None:
    stages = standing(adoption.decision, place())
    assert set(stages) == {Stage.DRAFT, Stage.DECIDE, Stage.PROMISE}
    assert stages[Stage.PROMISE] == 12


def test_missing_stages_are_named(adoption: Adoption) -> None:
    view = thread_of(adoption.decision, place())
    assert view is not None
    assert [stage.stage for stage in view.missing] == [
        Stage.MEET,
        Stage.DIFFER,
        Stage.CONVERGE,
        Stage.KEEP,
        Stage.ACCOUNT,
    ]
    assert all(stage.missing_in_words for stage in view.missing)


def test_a_kept_promise_reaches_the_next_stage(congress: Congress, adoption: Adoption) -> None:
    first = adoption.commitments.filter(organisation=congress.parties[0]).first()
    assert first is not None
    file_evidence(first, title="Table 1", kept_on=VOTE.date(), by=congress.heads[0], at=VOTE + timedelta(days=2))
    assert standing(adoption.decision, place())[Stage.KEEP] == 1
    assert Stage.KEEP not in standing(adoption.decision, place(VOTE.date()))


def test_the_thread_of_an_earlier_day_holds_nothing_later(adoption: Adoption) -> None:
    before = VOTE.date() - timedelta(days=1)
    assert set(standing(adoption.text, place(before))) == {Stage.DRAFT}


def test_what_may_not_be_seen_is_not_on_the_thread(congress: Congress) -> None:
    hidden = actions.draft(
        topics=["water"],
        network=congress.network, title="Draft for ourselves", language="en", kind="declaration",
        blocks=promise_clauses(1), originator=congress.parties[0], level=Level.ORGANISATION,
        by=congress.heads[0], at=AT,
    )  # fmt: skip
    shown = congress.draft(title="Draft for all")
    amended = thread_of(shown, place())
    assert amended is not None
    assert hidden.public_id not in {strand.ref.id for stage in amended.stages for strand in stage.strands}


@pytest.mark.mission("S57", at="thread/", missing="an account of what came of it: no room gives one yet")
def test_the_thread_page_shows_every_stage_with_its_date_or_names_it_as_missing(
    adoption: Adoption, client: Client
) -> None:
    page = client.get("/fiction/en/thread/", follow=True)
    words = page.content.decode()
    assert page.status_code == 200
    assert words.count("Missing: ") + words.count("Not yet: ") == 5
    assert "18\u00a0Apr 2026" in words
    for stage in Stage:
        assert f'id="{stage}"' in words


def test_the_thread_of_nothing_is_not_found(client: Client) -> None:
    for path in ("decision/aaaaaaaaaaaaaaaa", "nothing/aaaaaaaaaaaaaaaa", "decision/x"):
        assert client.get(f"/fiction/en/thread/{path}").status_code == 404
