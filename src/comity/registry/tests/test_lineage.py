"""Lineage and names: pure rules."""

from hypothesis import given
from hypothesis import strategies as st

from comity.registry.core.lineage import closes_circle
from comity.registry.core.names import fold

edges = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=40)


def reach(start: int, links: set[tuple[int, int]]) -> set[int]:
    found, waiting = set(), [start]
    while waiting:
        node = waiting.pop()
        for earlier, later in links:
            if earlier == node and later not in found:
                found.add(later)
                waiting.append(later)
    return found


@given(edges)
def test_the_row_that_closes_a_circle_is_refused_and_the_others_stay(rows: list[tuple[int, int]]) -> None:
    kept: set[tuple[int, int]] = set()

    def followers(nodes: set[int]) -> set[int]:
        return {later for earlier, later in kept if earlier in nodes}

    for earlier, later in rows:
        circle = closes_circle(earlier, later, followers)
        assert circle == (earlier == later or earlier in reach(later, kept))
        if not circle:
            kept.add((earlier, later))
    assert all(node not in reach(node, kept) for node in range(10))


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(text: str) -> None:
    once = fold(text)
    assert fold(once) == once


def test_names_fold_in_every_script() -> None:
    assert fold("Ógra Fianna-Fáil (ÓFF)") == "ogra fianna fail off"
    assert fold("Straße") == "strasse"
    assert fold("Łódź") == "lodz"
    assert fold("حَزْب") == "حزب"
    assert fold("हिन्दी") != ""
