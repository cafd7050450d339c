"""The opinions of the story: 61 statements about the Halmere and the votes of 129 invented people of eight parties.

A plain, seeded model: each statement has, for each of three leanings, a share that agrees and a share that disagrees;
the votes are dealt out to fit. Which groups there are, and what unites and divides them, the engine finds by itself.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

SEED = 1204
LEANINGS = ("measure", "act", "ice")
SEEN = {"measure": 0.95, "act": 0.95, "ice": 1.0}
"""The share of a leaning's people that votes on a statement at all."""
HASTY = 11
"""People who vote on six statements or fewer and are not placed on the map."""
MOST_OF_THE_HASTY = 6


@dataclass(frozen=True)
class Opinion:
    """A statement, the party whose delegation proposed it, and per leaning the percent that agree and disagree."""

    words: str
    party: str
    measure: tuple[int, int]
    act: tuple[int, int]
    ice: tuple[int, int]


@dataclass(frozen=True)
class Voter:
    """One invented person: a party, and votes (1, 0, -1) by the words of the statement."""

    party: str
    votes: dict[str, int]


PEOPLE: dict[str, dict[str, int]] = {
    "measure": {"kelnian": 13, "civic": 12, "centre": 11, "green": 12, "ismaran": 10},
    "act": {"labour": 14, "saravel": 13, "lethmark": 8, "civic": 6, "centre": 6, "ismaran": 6},
    "ice": {"lethmark": 4, "kelnian": 3},
}
HASTY_OF = (
    "kelnian",
    "civic",
    "centre",
    "labour",
    "green",
    "lethmark",
    "saravel",
    "ismaran",
    "labour",
    "saravel",
    "green",
)

OPINIONS: tuple[Opinion, ...] = (
    Opinion("What parties measure should be published every month.", "green", (93, 2), (88, 4), (86, 0)),
    Opinion("No closed season before the measurements are public.", "kelnian", (95, 2), (8, 85), (14, 14)),
    Opinion("A closed season should begin before the data are complete.", "labour", (14, 80), (89, 5), (29, 43)),
    Opinion("The fish cannot wait for the paperwork.", "saravel", (8, 82), (96, 0), (14, 14)),
    Opinion("Dates should follow the ice, bay by bay, not the calendar.", "lethmark", (38, 9), (21, 19), (100, 0)),
    Opinion("Both of you speak of crews. Neither has asked us about the ice.", "lethmark", (9, 14), (8, 17), (100, 0)),
    Opinion("Governments should be bound through their parties.", "civic", (71, 12), (34, 45), (43, 29)),
    Opinion("Boats above twelve metres should pay into the help fund.", "labour", (33, 46), (74, 11), (14, 71)),
    Opinion("Whoever loses income by a common rule should be helped in common.", "labour", (81, 5), (90, 2), (100, 0)),
    Opinion("A detained crew should be heard in a language it understands.", "saravel", (95, 0), (94, 0), (86, 0)),
    Opinion(
        "No party should use the state of the sea against a neighbouring people.", "centre", (84, 4), (79, 6), (86, 0)
    ),
    # Measuring
    Opinion("Every country should measure the water in the same way.", "green", (92, 0), (60, 4), (57, 0)),
    Opinion("A figure that only one country has seen is no figure.", "kelnian", (90, 2), (58, 8), (57, 0)),
    Opinion(
        "Researchers of all seven countries should sign the figures together.", "ismaran", (91, 0), (60, 3), (57, 0)
    ),
    Opinion("Old figures should be published too, even where they shame us.", "green", (86, 2), (52, 10), (57, 0)),
    Opinion("We know enough about the shad to act this spring.", "saravel", (4, 90), (38, 6), (29, 14)),
    Opinion("Asking for one more study is a way of saying no.", "labour", (3, 88), (36, 8), (29, 0)),
    Opinion("Measuring costs too much for a small harbour.", "lethmark", (4, 78), (34, 16), (29, 29)),
    Opinion("A rule without a figure behind it is only a wish.", "kelnian", (88, 2), (54, 14), (57, 0)),
    Opinion(
        "Whoever hides a measurement should lose a vote at the next congress.", "green", (40, 8), (8, 70), (14, 14)
    ),
    Opinion("Fishers should be paid for the samples they bring in.", "labour", (60, 4), (90, 0), (57, 0)),
    Opinion(
        "The open sea should be measured by one ship that belongs to nobody.", "centre", (42, 6), (10, 58), (14, 0)
    ),
    # Season
    Opinion("Every week we wait costs more fish than a wrong date would.", "saravel", (4, 86), (38, 2), (14, 29)),
    Opinion("One closed season for all is fairer than seven.", "labour", (30, 42), (50, 8), (29, 71)),
    Opinion("Nets with wide meshes help more than any closed month.", "centre", (36, 6), (6, 60), (14, 14)),
    Opinion("Who breaks the season should be named, whatever the flag.", "civic", (62, 4), (86, 0), (57, 0)),
    Opinion("A short season harms the young crews first.", "lethmark", (34, 10), (6, 62), (29, 0)),
    Opinion("The season should end when the catch is counted, not before.", "kelnian", (64, 4), (30, 52), (43, 0)),
    Opinion("Spawning grounds should be closed at once, figures or not.", "labour", (4, 84), (34, 0), (14, 29)),
    Opinion("A closed month on paper empties the sea by night.", "ismaran", (38, 8), (4, 66), (29, 0)),
    # Crews
    Opinion("A captain pays the fine, never the crew.", "labour", (64, 4), (88, 0), (57, 0)),
    Opinion("No crew should wait longer than ten days for a court.", "saravel", (64, 2), (90, 2), (57, 0)),
    Opinion("Boats should be given back while the case is open.", "lethmark", (30, 6), (64, 4), (43, 0)),
    Opinion("Names of detained people should not be published.", "green", (64, 2), (40, 8), (43, 0)),
    Opinion("Parties may visit a detained crew, whoever governs.", "centre", (64, 0), (86, 0), (57, 0)),
    Opinion("A crew that strayed in fog did nothing wrong.", "lethmark", (30, 10), (60, 2), (57, 0)),
    Opinion("Detaining a boat should cost the state that was wrong.", "civic", (40, 8), (62, 2), (43, 0)),
    # Ice and the northern bays
    Opinion("The ice should be measured like the water.", "lethmark", (64, 0), (60, 2), (86, 0)),
    Opinion("Harbours that freeze should have a later season.", "lethmark", (62, 2), (58, 4), (86, 0)),
    Opinion("The northern bays are a special case and can wait.", "civic", (22, 4), (24, 3), (0, 100)),
    Opinion("One calendar from north to south keeps the peace.", "labour", (20, 6), (26, 2), (0, 100)),
    Opinion("Ice is weather, and weather is not politics.", "ismaran", (22, 5), (20, 6), (0, 100)),
    Opinion("Who fishes through the ice takes little and needs no rule.", "kelnian", (18, 6), (20, 8), (0, 86)),
    Opinion("A vote by weight of catch would be fair to all.", "saravel", (14, 8), (20, 6), (0, 100)),
    Opinion("Roads to the northern harbours matter more than dates.", "civic", (16, 6), (18, 7), (0, 86)),
    Opinion("The large fleets should write the first draft.", "civic", (18, 5), (20, 6), (0, 100)),
    Opinion("Where the ice is thin, the sea police should decide.", "ismaran", (20, 4), (18, 5), (0, 100)),
    Opinion("The three largest harbours can speak for the others.", "labour", (14, 6), (18, 4), (0, 100)),
    Opinion("A common rule needs no northern exception.", "saravel", (24, 3), (26, 2), (0, 100)),
    # Help fund and money
    Opinion("Help should be paid by the same rule on every shore.", "centre", (76, 2), (86, 0), (57, 14)),
    Opinion("Half of the fund should go to those under thirty.", "ismaran", (36, 4), (8, 52), (14, 0)),
    Opinion("A fund that nobody audits should not exist.", "kelnian", (92, 0), (58, 2), (57, 0)),
    Opinion("Buyers of fish should pay in, too.", "labour", (40, 6), (64, 2), (43, 0)),
    Opinion("Help in the first year should not wait for forms.", "saravel", (32, 8), (66, 0), (57, 0)),
    Opinion("Rich shores should pay twice what poor shores pay.", "saravel", (8, 60), (40, 6), (14, 0)),
    # Governments and parties
    Opinion("A party in government should answer for its ministers here.", "green", (88, 2), (54, 10), (57, 0)),
    Opinion("Promises made in Ferrin should be read out in seven parliaments.", "ismaran", (90, 0), (56, 8), (57, 0)),
    Opinion("Parties should promise only what they can keep in opposition.", "centre", (38, 4), (8, 50), (14, 0)),
    Opinion("A treaty would be better than all our declarations.", "civic", (36, 8), (6, 56), (14, 0)),
    Opinion("What we agree here should bind nobody.", "lethmark", (4, 86), (6, 40), (14, 29)),
    Opinion("Elections should never be won with the catch of a neighbour.", "centre", (64, 0), (62, 0), (57, 0)),
)


@dataclass(frozen=True)
class Drawn:
    """A principle that the rapporteur draws: its words, the statements that fed it and those it overruled."""

    words: str
    fed: tuple[str, ...]
    overruled: tuple[str, ...]


PRINCIPLES: dict[int, Drawn] = {
    1: Drawn(
        "Nobody is asked to share a burden that has not been measured in the open.",
        (
            "What parties measure should be published every month.",
            "No party should use the state of the sea against a neighbouring people.",
        ),
        (
            "A closed season should begin before the data are complete.",
            "The fish cannot wait for the paperwork.",
        ),
    ),
    2: Drawn(
        "Who bears the cost of a common rule is helped in common.",
        (
            "Whoever loses income by a common rule should be helped in common.",
            "Help should be paid by the same rule on every shore.",
        ),
        (
            "Boats above twelve metres should pay into the help fund.",
            "Dates should follow the ice, bay by bay, not the calendar.",
            "Both of you speak of crews. Neither has asked us about the ice.",
        ),
    ),
}
DISSENT = (
    "Help is no answer to a wrong date. In the northern bays the ice leaves in April. A rule by calendar closes our "
    "sea twice: once by ice, once by law. We ask that the ice be measured like the water."
)
"""What the smallest group holds against principle 2, beside its own statement."""
DISSENT_BESIDE = "Dates should follow the ice, bay by bay, not the calendar."


def statements() -> tuple[tuple[str, str], ...]:
    """The statements in the order proposed: words, and the party whose delegation proposes them."""
    return tuple((opinion.words, opinion.party) for opinion in OPINIONS)


def people() -> tuple[Voter, ...]:
    """All 129 voters in a fixed, mixed order; the same on every machine."""
    chance = Random(SEED)  # noqa: S311 - a story, not a secret
    voters = [*_leaning_voters(chance), *_hasty_voters(chance)]
    chance.shuffle(voters)
    return tuple(voters)


def delegations() -> dict[str, int]:
    """How many people each party brings."""
    return dict(sorted(Counter(voter.party for voter in people()).items()))


def _leaning_voters(chance: Random) -> Iterator[Voter]:
    for leaning in LEANINGS:
        parties = [party for party, count in PEOPLE[leaning].items() for _ in range(count)]
        dealt: list[dict[str, int]] = [{} for _ in parties]
        for opinion in OPINIONS:
            for place, value in _deal(opinion, leaning, len(parties), chance):
                dealt[place][opinion.words] = value
        yield from (Voter(party, votes) for party, votes in zip(parties, dealt, strict=True))


def _deal(opinion: Opinion, leaning: str, size: int, chance: Random) -> Iterator[tuple[int, int]]:
    """Deal one statement's votes out to ``size`` people: who votes, and what, by the shares of their leaning."""
    agree, disagree = getattr(opinion, leaning)
    seen = size - chance.randint(0, round(size * (1 - SEEN[leaning]) * 2))
    places = chance.sample(range(size), seen)
    yes, no = round(seen * agree / 100), round(seen * disagree / 100)
    for rank, place in enumerate(places):
        yield place, 1 if rank < yes else -1 if rank < yes + no else 0


def _hasty_voters(chance: Random) -> Iterator[Voter]:
    """People who voted on a few statements and left."""
    for party in HASTY_OF[:HASTY]:
        chosen = chance.sample(OPINIONS, chance.randint(2, MOST_OF_THE_HASTY))
        yield Voter(party, {opinion.words: chance.choice((1, 1, 0, -1)) for opinion in chosen})
