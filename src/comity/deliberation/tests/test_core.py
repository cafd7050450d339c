"""The engine against what must hold of any votes, and against small cases worked by hand."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from comity.deliberation.core.agreement import adjusted_rand, matched
from comity.deliberation.core.cells import Bound, cell, edges, rows_may_be_published
from comity.deliberation.core.counts import Counts, count_votes, one_proportion, two_proportions
from comity.deliberation.core.drawing import drawn
from comity.deliberation.core.groups import Grouping, cluster, find_groups, micro_clusters, silhouettes
from comity.deliberation.core.opinions import Profile, TooFewVotes, draw_map, try_stability
from comity.deliberation.core.outline import hull
from comity.deliberation.core.plane import lay_out
from comity.deliberation.core.reading import dividing, own_words, uniting
from comity.deliberation.core.votes import Floats, VoteOutOfScale, Votes, from_table, gather


def table_of(people: int, statements: int, seed: int, *, camps: int = 2, missing: float = 0.3) -> Floats:
    """Votes of so many camps, each of one mind but for a tenth, with holes."""
    chance = np.random.default_rng(seed)
    minds = chance.choice([-1.0, 1.0], size=(camps, statements))
    cells = minds[np.arange(people) % camps] * np.where(chance.random((people, statements)) < 0.1, -1, 1)
    cells[chance.random((people, statements)) < missing] = np.nan
    return np.asarray(cells)


def votes_of(cells: Floats) -> Votes:
    people, statements = cells.shape
    return from_table([f"p{at}" for at in range(people)], [f"s{at}" for at in range(statements)], cells)


@st.composite
def matrices(draw: st.DrawFn) -> Floats:
    """Any small table of votes with holes."""
    people, statements = draw(st.integers(3, 14)), draw(st.integers(2, 9))
    cells = draw(
        st.lists(st.sampled_from([1.0, -1.0, 0.0, np.nan]), min_size=people * statements, max_size=people * statements)
    )
    return np.array(cells).reshape(people, statements)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xy"), st.sampled_from([-1, 0, 1])), max_size=30))
def test_the_last_vote_on_a_cell_counts(events: list[tuple[str, str, int]]) -> None:
    votes = gather(events)
    expected = {(person, statement): vote for person, statement, vote in events}
    found = {
        (votes.person_ids[p], votes.statement_ids[s]): int(v)
        for p, s, v in zip(votes.person, votes.statement, votes.value, strict=True)
    }
    assert found == expected
    assert votes.per_person().sum() == votes.per_statement().sum() == len(expected)


@pytest.mark.parametrize("vote", [2, -3, 7])
def test_a_vote_is_agree_disagree_or_pass(vote: int) -> None:
    with pytest.raises(VoteOutOfScale):
        gather([("a", "x", vote)])
    with pytest.raises(VoteOutOfScale):
        from_table(["a"], ["x"], np.array([[float(vote)]]))


@settings(max_examples=60, deadline=None)
@given(matrices())
def test_the_sparse_plane_is_that_of_the_imputed_table(cells: Floats) -> None:
    """Mean imputation, centring, two components by dense SVD, sqrt(S / n): the same places up to sign."""
    seen = ~np.isnan(cells)
    assume(seen.any(axis=0).all())
    filled = np.where(seen, cells, np.nanmean(cells, axis=0))
    centred = filled - filled.mean(axis=0)
    _left, strength, right = np.linalg.svd(centred, full_matrices=False)
    strength = np.append(strength, [0.0, 0.0])
    assume(strength[0] - strength[1] > 0.05)
    assume(strength[1] - strength[2] > 0.05)
    plane = lay_out(votes_of(cells), np.zeros(cells.shape[1], dtype=bool), count_silenced=True)
    scale = np.sqrt(cells.shape[1] / np.maximum(seen.sum(axis=1), 1))
    dense = centred @ right[:2].T * scale[:, None]
    for axis in range(2):
        if strength[axis] > 0.05:
            sign = np.sign(right[axis][np.abs(right[axis]).argmax()])
            ties = np.sort(np.abs(right[axis]))[-2:]
            wanted = dense[:, axis] * sign
            if len(ties) > 1 and ties[1] - ties[0] < 1e-6:
                wanted = wanted if abs(wanted - plane.people[:, axis]).max() < 1e-4 else -wanted
            assert np.allclose(plane.people[:, axis], wanted, atol=1e-4)
    assert 0 <= plane.shown <= 1


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(12, 60), st.integers(8, 30), st.sampled_from(list(Profile)))
def test_the_same_votes_in_any_order_give_the_same_map(
    seed: int, people: int, statements: int, profile: Profile
) -> None:
    cells = table_of(people, statements, seed)
    order = np.random.default_rng(seed + 1).permutation(people)
    try:
        one = draw_map(votes_of(cells), profile=profile)
    except TooFewVotes:
        return
    other = draw_map(votes_of(cells[order]), profile=profile)
    assert one.sizes.tolist() == other.sizes.tolist()
    placed = other.placed
    assert np.array_equal(one.placed[order], placed)
    assert adjusted_rand(one.labels[order][placed], other.labels[placed]) == 1.0
    assert np.allclose(one.plane.people[order], other.plane.people, atol=1e-6)
    assert np.allclose(one.consensus, other.consensus)


def test_camps_are_found_and_the_map_is_the_same_twice() -> None:
    votes = votes_of(table_of(90, 40, 7, camps=3))
    chart = draw_map(votes)
    assert chart.sizes.tolist() == [30, 30, 30]
    assert adjusted_rand(chart.labels, np.arange(90) % 3) == 1.0
    sure = try_stability(chart, seed=4)
    assert sure.median > 0.9
    assert drawn(chart, sure) == drawn(draw_map(votes), try_stability(chart, seed=4))


@pytest.mark.parametrize("people", [0, 1, 2])
def test_too_few_people_are_refused(people: int) -> None:
    with pytest.raises(TooFewVotes):
        draw_map(votes_of(np.ones((people, 8))))


def test_people_with_few_votes_are_not_placed_unless_kept() -> None:
    cells = table_of(40, 20, 3, missing=0.0)
    cells[0, 3:] = np.nan
    chart = draw_map(votes_of(cells))
    assert chart.labels[0] == -1
    assert int((chart.labels == -1).sum()) == 1
    keep = np.zeros(40, dtype=bool)
    keep[0] = True
    assert draw_map(votes_of(cells), keep=keep).labels[0] >= 0


def test_everybody_of_one_mind_is_one_group() -> None:
    chart = draw_map(votes_of(np.ones((12, 9))))
    assert chart.groups == 1
    assert uniting(chart) == list(range(9))
    assert chart.plane.shown == 0


def test_moderation_silences_a_statement_without_unseating_people() -> None:
    cells = table_of(60, 20, 5, missing=0.0)
    silenced = np.zeros(20, dtype=bool)
    silenced[3] = True
    for profile in Profile:
        chart = draw_map(votes_of(cells), silenced=silenced, profile=profile)
        assert np.allclose(chart.plane.statements[3], 0)
        assert all(voice.statement != 3 for voices in chart.voices for voice in voices)
        assert 3 not in uniting(chart)
        assert 3 not in dividing(chart, 20)
    other = cells.copy()
    other[:, 3] = -other[:, 3]
    same = draw_map(votes_of(other), silenced=silenced)
    assert np.allclose(draw_map(votes_of(cells), silenced=silenced).plane.people, same.plane.people)


def test_a_silenced_statement_counts_in_the_scale_of_polis_only() -> None:
    cells = table_of(60, 20, 5)
    silenced = np.zeros(20, dtype=bool)
    silenced[:5] = True
    compat = lay_out(votes_of(cells), silenced, count_silenced=True)
    own = lay_out(votes_of(cells), silenced, count_silenced=False)
    heard = (~np.isnan(cells[:, 5:])).sum(axis=1)
    ratio = np.sqrt(20 / (heard + 5)) / np.sqrt(15 / np.maximum(heard, 1))
    assert np.allclose(compat.people, own.people * ratio[:, None])


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_every_group_of_seven_keeps_a_statement_of_its_own(seed: int) -> None:
    chance = np.random.default_rng(seed)
    cells = np.vstack([table_of(60, 24, seed), table_of(8, 24, seed + 1, camps=1, missing=0.0)])
    chart = draw_map(votes_of(cells[chance.permutation(68)]))
    words = own_words(chart)
    for group, size in enumerate(chart.sizes):
        assert chart.voices[group]
        if size >= 7:
            assert words[group] is not None
    spoken = [one for one in words if one is not None]
    assert len(set(spoken)) == len(spoken)


@given(
    st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=1, max_size=40),
)
def test_a_hull_is_convex_and_holds_everybody(places: list[tuple[int, int]]) -> None:
    corners = hull([(float(x), float(y)) for x, y in places])
    assert set(corners) <= {(float(x), float(y)) for x, y in places}
    if len(corners) < 3:
        return
    for at, (x1, y1) in enumerate(corners):
        x2, y2 = corners[(at + 1) % len(corners)]
        for x, y in places:
            assert (x2 - x1) * (y - y1) - (y2 - y1) * (x - x1) >= 0


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60))
def test_a_cell_never_tells_that_a_group_was_of_one_mind(agree: int, more: int, absent: int) -> None:
    seen = agree + more
    size = max(seen + absent, 1)
    shown = cell(agree, seen, size)
    low, high = edges(size)
    if seen < 5:
        assert shown.bound is Bound.TOO_FEW
    elif shown.bound is Bound.EXACT:
        assert low < shown.percent < high
        assert abs(Fraction(agree, seen) * 100 - shown.percent) <= Fraction(1, 2)
    if agree in {0, seen}:
        assert shown.bound is not Bound.EXACT


def test_in_a_group_of_seven_six_agreeing_look_like_seven() -> None:
    assert cell(6, 7, 7) == cell(7, 7, 7)
    assert cell(1, 7, 7) == cell(0, 7, 7)
    assert cell(5, 7, 7).bound is Bound.EXACT


def test_rows_are_published_only_where_they_tell_of_nobody() -> None:
    mixed = Counts(np.array([[10, 12], [9, 11]]), np.array([[10, 8], [11, 9]]), np.full((2, 2), 22))
    assert rows_may_be_published(mixed, np.array([30, 25]))
    assert not rows_may_be_published(mixed, np.array([30, 7]))
    of_one_mind = Counts(np.array([[22, 12], [9, 11]]), np.array([[0, 8], [11, 9]]), np.full((2, 2), 22))
    assert not rows_may_be_published(of_one_mind, np.array([30, 25]))


def test_the_tests_of_polis_by_hand() -> None:
    eight, ten, two = np.array([8]), np.array([10]), np.array([2])
    assert one_proportion(eight, ten)[0] == pytest.approx(2 * 11**0.5 * (9 / 11 - 0.5))
    pooled = (9 + 3) / 22
    error = (pooled * (1 - pooled) * (2 / 11)) ** 0.5
    assert two_proportions(eight, two, ten, ten)[0] == pytest.approx((9 / 11 - 3 / 11) / error)
    assert two_proportions(ten, ten, ten, ten)[0] == 0


def test_people_in_no_group_are_not_counted() -> None:
    votes = votes_of(np.array([[1.0, -1.0], [1.0, 0.0], [1.0, np.nan]]))
    counts = count_votes(votes, np.array([0, 1, -1]), 2)
    assert counts.agree.tolist() == [[1, 0], [1, 0]]
    assert counts.disagree.tolist() == [[0, 1], [0, 0]]
    assert counts.seen.tolist() == [[1, 1], [1, 1]]


@given(st.lists(st.integers(0, 4), min_size=2, max_size=40), st.randoms())
def test_the_rand_index_knows_the_same_grouping_under_other_names(labels: list[int], chance: object) -> None:
    one = np.array(labels)
    renamed = (one * 3 + 1) % 5
    assert adjusted_rand(one, renamed) == pytest.approx(1.0)
    assert all(np.array_equal(one == group, renamed == other) for other, group in matched(one, renamed).items())


def test_the_silhouette_by_hand_and_by_micro_clusters() -> None:
    points = np.array([[0.0, 0.0], [0.0, 1.0], [10.0, 0.0], [10.0, 1.0]])
    labels = np.array([0, 0, 1, 1])
    far = (10 + 101**0.5) / 2
    assert silhouettes(points, np.ones(4), [labels])[0] == pytest.approx((far - 1) / far)
    chance = np.random.default_rng(1)
    many = np.vstack([chance.normal(0, 1, (400, 2)), chance.normal(6, 1, (300, 2))])
    places, weights = micro_clusters(many)
    assert len(places) == 100
    assert weights.sum() == 700
    assert np.allclose((places * weights[:, None]).sum(axis=0), many.sum(axis=0))


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 5))
def test_groups_are_those_nearest_to_their_centres(seed: int, count: int) -> None:
    points = np.random.default_rng(seed).normal(size=(60, 2)).round(3)
    distinct = np.unique(points, axis=0)
    thorough = cluster(points, distinct, count, thorough=True)
    plain = cluster(points, distinct, count, thorough=False)
    assert thorough.inertia <= plain.inertia + 1e-9
    assert set(thorough.labels.tolist()) == set(range(count))
    found: Grouping = find_groups(points, exact=True, thorough=True)
    assert 2 <= found.count <= 5
