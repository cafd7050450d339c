"""The story's opinions are a plain model; what the page shows of them is what the engine finds."""

import pytest

from comity.deliberation.core.opinions import OpinionMap, draw_map, try_stability
from comity.deliberation.core.reading import dividing, own_words, uniting
from comity.deliberation.core.votes import gather
from comity.site.story.viewpoints import DISSENT_BESIDE, PRINCIPLES, delegations, people, statements


@pytest.fixture(scope="module")
def chart() -> OpinionMap:
    names = [f"person {at}" for at, _ in enumerate(people())]
    events = [(names[at], words, vote) for at, person in enumerate(people()) for words, vote in person.votes.items()]
    return draw_map(gather(events, people=names, statements=[words for words, _ in statements()]))


def test_so_many_people_and_statements() -> None:
    assert len(people()) == 129
    assert len({words for words, _ in statements()}) == 61
    assert all(len(words) <= 280 for words, _ in statements())
    assert sum(delegations().values()) == 129
    assert len(delegations()) == 8
    assert people() == people()
    assert {party for _, party in statements()} == set(delegations())


def test_the_engine_finds_three_groups_and_eleven_people_it_cannot_place(chart: OpinionMap) -> None:
    assert chart.sizes.tolist() == [58, 53, 7]
    assert int((~chart.placed).sum()) == 11
    assert try_stability(chart, seed=20).steady


def test_four_statements_unite_and_four_divide(chart: OpinionMap) -> None:
    names = chart.votes.statement_ids
    assert {names[one] for one in uniting(chart)} == {
        "What parties measure should be published every month.",
        "Whoever loses income by a common rule should be helped in common.",
        "A detained crew should be heard in a language it understands.",
        "No party should use the state of the sea against a neighbouring people.",
    }
    assert {names[one] for one in dividing(chart, 4)} == {
        "A closed season should begin before the data are complete.",
        "Dates should follow the ice, bay by bay, not the calendar.",
        "Governments should be bound through their parties.",
        "Boats above twelve metres should pay into the help fund.",
    }
    assert [names[one] if one is not None else "" for one in own_words(chart)] == [
        "No closed season before the measurements are public.",
        "The fish cannot wait for the paperwork.",
        "Both of you speak of crews. Neither has asked us about the ice.",
    ]


def test_principles_and_dissent_name_statements_that_were_made() -> None:
    said = {words for words, _ in statements()}
    assert DISSENT_BESIDE in said
    for drawn in PRINCIPLES.values():
        assert set(drawn.fed) | set(drawn.overruled) <= said
        assert not set(drawn.fed) & set(drawn.overruled)
        assert drawn.overruled
