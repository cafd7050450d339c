"""The map and the lines of dots: well formed, nothing unescaped, everybody drawn within the frame, labels apart."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.deliberation.core.cells import Bound, Cell
from comity.deliberation.core.drawing import drawn
from comity.deliberation.core.opinions import draw_map, try_stability
from comity.deliberation.core.votes import from_table
from comity.deliberation.pictures import GroupWords, MapWords, dots, mark, opinion_map

SVG = "{http://www.w3.org/2000/svg}"


def words(groups: int, said: str = "We say so.") -> MapWords:
    told = [GroupWords(f"Group {at}", said, "en") for at in range(groups)]
    return MapWords("A map", "What it shows", told, "as far apart as two people", "centres")


def picture(seed: int, people: int, camps: int, said: str = "We say so.") -> tuple[str, dict[str, object]]:
    chance = np.random.default_rng(seed)
    minds = chance.choice([-1.0, 1.0], size=(camps, 24))
    cells = minds[np.arange(people) % camps] * np.where(chance.random((people, 24)) < 0.15, -1, 1)
    votes = from_table([f"p{at}" for at in range(people)], [f"s{at}" for at in range(24)], np.asarray(cells))
    chart = draw_map(votes)
    result = drawn(chart, try_stability(chart, draws=4))
    return opinion_map(result, words(chart.groups, said)), result


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 5000), st.integers(20, 90), st.integers(1, 4))
def test_everybody_is_drawn_within_the_frame(seed: int, people: int, camps: int) -> None:
    svg, result = picture(seed, people, camps)
    root = ElementTree.fromstring(svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))  # noqa: S314
    _x, _y, wide, high = map(float, root.attrib["viewBox"].split())
    told = result["people"]
    assert isinstance(told, list)
    marks = [one for one in root.iter() if re.fullmatch(r"fill-[a-e]", one.attrib.get("class", ""))]
    assert len([one for one in marks if one.tag != f"{SVG}text"]) == len(told)
    for circle in root.iter(f"{SVG}circle"):
        assert 0 <= float(circle.attrib["cx"]) <= wide
        assert 0 <= float(circle.attrib["cy"]) <= high
    for text in root.iter(f"{SVG}text"):
        assert 0 <= float(text.attrib["x"]) <= wide
        assert 0 <= float(text.attrib["y"]) <= high
    assert "style=" not in svg
    assert "nan" not in svg


def test_words_are_escaped_and_long_ones_end_in_an_ellipsis() -> None:
    svg, _result = picture(1, 40, 2, '<script>alert("x")</script> & ' + "very " * 60)
    assert "<script" not in svg
    assert "&lt;script&gt;" in svg
    assert "…”" in svg


def test_people_all_in_one_place_are_one_mark_upon_another() -> None:
    votes = from_table([f"p{at}" for at in range(8)], [f"s{at}" for at in range(9)], np.ones((8, 9)))
    chart = draw_map(votes)
    svg = opinion_map(drawn(chart, try_stability(chart, draws=2)), words(1))
    assert svg.count("<circle") == 9
    assert "nan" not in svg
    assert "inf" not in svg


def test_shapes_tell_five_groups_apart() -> None:
    assert len({re.sub(r"fill-[a-e]", "", mark(group, 5, 5)) for group in range(5)}) == 5


@pytest.mark.parametrize(
    ("cells", "hollow", "marks"),
    [
        ([Cell(40, Bound.EXACT), Cell(80, Bound.AT_LEAST)], 1, 2),
        ([Cell(20, Bound.AT_MOST), Cell(0, Bound.TOO_FEW)], 1, 1),
        ([Cell(0, Bound.TOO_FEW)], 0, 0),
    ],
)
def test_a_bound_is_a_hollow_mark_and_too_few_is_none(cells: list[Cell], hollow: int, marks: int) -> None:
    svg = dots(cells)
    assert svg.count("hollow") == hollow
    assert svg.count("<circle") + svg.count("<polygon") == marks
