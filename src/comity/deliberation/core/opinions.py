"""The whole opinion map of one conversation, from votes to groups, voices and how sure they are."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from comity.deliberation.core.agreement import adjusted_rand, matched
from comity.deliberation.core.counts import Counts, count_votes
from comity.deliberation.core.groups import Grouping, find_groups
from comity.deliberation.core.plane import Plane, lay_out
from comity.deliberation.core.voices import Common, Voice, across_groups, common_ground, voices
from comity.deliberation.core.votes import Floats, Ints, Mask, Votes
from comity.plain.refusals import BadInput

FEWEST_VOTES = 7
FEWEST_PLACED = 3
DRAWS = 20
LEFT_OUT = 0.2
STEADY = 0.70
"""Below this median agreement of the draws the groups are called unstable."""


class TooFewVotes(BadInput):
    """An opinion map needs at least three people who voted on seven statements each, or on all when there are fewer."""

    code = "too-few-votes"


class Profile(StrEnum):
    """``polis-compat`` gives what red-dwarf 0.4.0 gives; ``comity`` is the house's own and the default."""

    COMPAT = "polis-compat"
    COMITY = "comity"

    @property
    def prior(self) -> float:
        """Imagined votes each way: Laplace's 1, or Jeffreys' 0.5."""
        return 1.0 if self is Profile.COMPAT else 0.5


@dataclass(frozen=True)
class OpinionMap:
    """What the votes show.

    ``labels`` (P) is the group of each person, 0 for the largest, -1 for people with too few votes to be placed.
    ``sizes`` (k). ``consensus`` and ``dissensus`` (S) are group-informed. ``silenced`` (S) was taken out by moderation.
    """

    votes: Votes
    profile: Profile
    silenced: Mask
    plane: Plane
    labels: Ints
    sizes: Ints
    centres: Floats
    silhouette: float
    counts: Counts
    voices: tuple[tuple[Voice, ...], ...]
    common: tuple[Common, ...]
    consensus: Floats
    dissensus: Floats

    @property
    def groups(self) -> int:
        """k, the number of groups."""
        return len(self.sizes)

    @property
    def placed(self) -> Mask:
        """Who stands in a group (P)."""
        return np.asarray(self.labels >= 0)


@dataclass(frozen=True)
class Stability:
    """What stayed when a random fifth of the statements was left out, ``draws`` times.

    ``agreement`` (draws) is the adjusted Rand index with the full map; ``centres`` (draws x k x 2) is where the people
    of the matching group stand on the full map, NaN where a draw has no such group.
    """

    agreement: Floats
    centres: Floats
    seed: int

    @property
    def median(self) -> float:
        """The median agreement."""
        return float(np.median(self.agreement)) if len(self.agreement) else float("nan")

    @property
    def least(self) -> float:
        """The lowest agreement of any draw."""
        return float(self.agreement.min()) if len(self.agreement) else float("nan")

    @property
    def steady(self) -> bool:
        """Whether the groups may be called stable."""
        return bool(self.median >= STEADY)


def draw_map(
    votes: Votes,
    *,
    silenced: Mask | None = None,
    profile: Profile = Profile.COMITY,
    groups: int | None = None,
    keep: Mask | None = None,
) -> OpinionMap:
    """Draw the opinion map of a conversation; the same votes always give the same map, whatever their order.

    ``silenced`` (S) are statements that moderation took out; ``groups`` fixes how many groups are sought (else 2..5 by
    silhouette); ``keep`` (P) places people in spite of few votes. Raises TooFewVotes.
    """
    silenced = np.zeros(votes.statements, dtype=bool) if silenced is None else silenced
    compat = profile is Profile.COMPAT
    if compat:
        voted = votes.per_statement() > 0
        if not voted.all():
            return draw_map(votes.only(voted), silenced=silenced[voted], profile=profile, groups=groups, keep=keep)
    given = (
        votes.per_person() if compat else np.bincount(votes.person[~silenced[votes.statement]], minlength=votes.people)
    )
    needed = min(FEWEST_VOTES, votes.statements if compat else int((~silenced).sum()))
    placed = (given >= max(needed, 1)) | (keep if keep is not None else False)
    if int(placed.sum()) < FEWEST_PLACED:
        raise TooFewVotes(people=int(placed.sum()), votes_needed=needed)
    plane = lay_out(votes, silenced, count_silenced=compat)
    found = find_groups(plane.people[placed], count=groups, exact=compat, thorough=not compat)
    labels, sizes, centres = _largest_first(found, placed)
    counts = count_votes(votes, labels, len(sizes))
    everybody = count_votes(votes, np.zeros(votes.people, dtype=np.int64), 1)
    consensus, dissensus = across_groups(counts, profile.prior, geometric=not compat)
    return OpinionMap(
        votes,
        profile,
        silenced,
        plane,
        labels,
        sizes,
        centres,
        found.silhouette,
        counts,
        voices(counts, silenced, profile.prior),
        common_ground(everybody, silenced, profile.prior),
        consensus,
        dissensus,
    )


def _largest_first(found: Grouping, placed: Mask) -> tuple[Ints, Ints, Floats]:
    """Name the groups 0, 1, ... by size, those of one size from the left; empty ones fall away."""
    sizes = np.bincount(found.labels, minlength=found.count)
    order = sorted(np.flatnonzero(sizes), key=lambda group: (-sizes[group], *found.centres[group]))
    rank = np.full(found.count, -1)
    rank[order] = np.arange(len(order))
    labels = np.full(len(placed), -1)
    labels[placed] = rank[found.labels]
    return labels, sizes[order], found.centres[order]


def try_stability(whole: OpinionMap, *, seed: int = 0, draws: int = DRAWS) -> Stability:
    """Leave out a random fifth of the statements, ``draws`` times, and see which people stay together.

    The number of groups is that of the whole map; people whom a draw cannot place are left out of its comparison. A
    draw that leaves too few people placed counts as no agreement (0).
    """
    chance = np.random.default_rng(seed)
    kept_size = max(1, round(whole.votes.statements * (1 - LEFT_OUT)))
    agreement = np.zeros(draws)
    centres = np.full((draws, whole.groups, 2), np.nan)
    for draw in range(draws):
        keep = np.zeros(whole.votes.statements, dtype=bool)
        keep[chance.choice(whole.votes.statements, kept_size, replace=False)] = True
        try:
            labels = _regrouped(whole, keep)
        except TooFewVotes:
            continue
        both = whole.placed & (labels >= 0)
        agreement[draw] = adjusted_rand(whole.labels[both], labels[both])
        for other, group in matched(whole.labels[both], labels[both]).items():
            centres[draw, group] = whole.plane.people[both & (labels == other)].mean(axis=0)
    return Stability(agreement, centres, seed)


def _regrouped(whole: OpinionMap, keep: Mask) -> Ints:
    """The groups that a part of the statements gives (P, -1 for people not placed)."""
    compat = whole.profile is Profile.COMPAT
    votes, silenced = whole.votes.only(keep), whole.silenced[keep]
    given = (
        votes.per_person() if compat else np.bincount(votes.person[~silenced[votes.statement]], minlength=votes.people)
    )
    needed = min(FEWEST_VOTES, votes.statements if compat else int((~silenced).sum()))
    placed = given >= max(needed, 1)
    if int(placed.sum()) < FEWEST_PLACED:
        raise TooFewVotes(people=int(placed.sum()), votes_needed=needed)
    plane = lay_out(votes, silenced, count_silenced=compat)
    found = find_groups(plane.people[placed], count=whole.groups, exact=False, thorough=not compat)
    labels = np.full(votes.people, -1)
    labels[placed] = found.labels
    return labels
