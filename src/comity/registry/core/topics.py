"""The taxonomy of topics: what things are about, in a table of our own, with the goals of the 2030 Agenda. Pure."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from comity.plain.refusals import BadInput

GOALS = 17
MOST = 5
"""So many topics tell what a thing is about; more would tell nothing."""


class NoTopicChosen(BadInput):
    """A thing is filed under at least one topic, so that it is found by what it is about."""

    code = "no-topic-chosen"


class TooManyTopics(BadInput):
    """A thing is filed under five topics at most; choose those that it is mainly about."""

    code = "too-many-topics"


class UnknownTopic(BadInput):
    """There is no such topic; the page of topics lists all of them."""

    code = "unknown-topic"


@dataclass(frozen=True)
class Topic:
    """One topic: its code, the broader one, its English label, what typically stands under it, and its goals."""

    code: str
    broader: str
    label: str
    scope: str
    goals: tuple[int, ...]
    """Numbers of the Sustainable Development Goals, by our own mapping."""


@dataclass(frozen=True)
class Taxonomy:
    """All topics in the order of their table: each broader one stands before its narrower ones."""

    topics: Mapping[str, Topic]

    @cached_property
    def top(self) -> list[Topic]:
        """The topics without a broader one."""
        return [topic for topic in self.topics.values() if not topic.broader]

    def narrower(self, code: str) -> list[Topic]:
        """The topics right under one."""
        return [topic for topic in self.topics.values() if topic.broader == code]

    def under(self, code: str) -> frozenset[str]:
        """The codes under which a thing may be filed to stand on a topic's page: its own and those of narrower ones."""
        return frozenset({code, *(topic.code for topic in self.narrower(code))})

    def of_goal(self, goal: int) -> list[Topic]:
        """The topics that one goal is mapped to."""
        return [topic for topic in self.topics.values() if goal in topic.goals]

    def chosen(self, codes: Sequence[str]) -> list[str]:
        """The codes that somebody chose, each once, in the order of the table.

        Raises NoTopicChosen, TooManyTopics, and UnknownTopic for a code that stands in no row.
        """
        wanted = set(codes)
        if not wanted:
            raise NoTopicChosen(field="topics")
        if unknown := sorted(wanted - set(self.topics)):
            raise UnknownTopic(field="topics", topic=unknown[0][:60])
        if len(wanted) > MOST:
            raise TooManyTopics(field="topics", topics=len(wanted))
        return [code for code in self.topics if code in wanted]


def read_taxonomy(lines: Iterable[str]) -> Taxonomy:
    """The taxonomy of a table with the columns code, broader, label, scope, goals.

    Raises ValueError for a broader topic that does not stand before, a goal that is none, or a code that stands twice.
    """
    topics: dict[str, Topic] = {}
    for row in csv.DictReader(lines):
        goals = tuple(int(goal) for goal in row["goals"].split())
        topic = Topic(row["code"], row["broader"], row["label"], row["scope"], goals)
        above = topics.get(topic.broader)
        if topic.code in topics or (topic.broader and (above is None or above.broader)):
            raise ValueError(f"the topic {topic.code!r} stands twice, or under none that is at the top")
        if not goals or not all(1 <= goal <= GOALS for goal in goals):
            raise ValueError(f"the topic {topic.code!r} has no goal of the seventeen")
        topics[topic.code] = topic
    return Taxonomy(topics)
