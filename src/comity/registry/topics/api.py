"""Topics for programs: the taxonomy with its labels and goals, and what stands under one on a day."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from comity.plain.levels import Realm
from comity.plain.place import place_of
from comity.registry.core.refusals import UnknownChoice
from comity.registry.topics import queries, sheet
from comity.registry.topics.exports import thing_facts, topic_facts

router = Router()


class TopicOut(Schema):
    """One topic: labels by language, the topics around it, its Sustainable Development Goals by our own mapping."""

    code: str
    labels: dict[str, str]
    scope: str
    broader: str
    narrower: list[str]
    goals: list[int]
    address: str


class CountedOut(TopicOut):
    """A topic, and how many things stand under it for the reader."""

    things: int


class TopicsOut(Schema):
    """The whole taxonomy, each broader topic before its narrower ones."""

    fictional: bool
    as_of: date
    topics: list[CountedOut]


class FiledOut(Schema):
    """One thing under a topic."""

    kind: str
    id: str
    title: str
    language: str
    recorded_at: datetime
    address: str
    fictional: bool


class GroupOut(Schema):
    """The things of one kind under a topic, the newest first; ``next`` is the ``after`` of those that follow."""

    kind: str
    count: int
    things: list[FiledOut]
    next: str


class FiledUnderOut(Schema):
    """One topic with what stands under it."""

    fictional: bool
    as_of: date
    topic: TopicOut
    groups: list[GroupOut]


class Asked(Schema):
    """Of which kind, from behind which thing on, and on which day."""

    kind: str = Field(default="", max_length=40)
    after: str = Field(default="", max_length=20)
    on: date | None = None


@router.get("/topics", response=TopicsOut, summary="The taxonomy of topics")
def topics(request: HttpRequest, on: date | None = None) -> dict[str, Any]:
    """Every topic with its labels, its goals, and how many things stand under it for this reader."""
    place = place_of(request)
    counts = queries.counted(place)
    told = [topic_facts(topic, place) | {"things": counts[topic.code]} for topic in queries.taxonomy().topics.values()]
    return {"fictional": place.realm is Realm.FICTION, "as_of": place.as_of, "topics": told}


@router.get("/topics/{code}", response=FiledUnderOut, summary="What stands under a topic")
def topic(request: HttpRequest, code: str, asked: Query[Asked]) -> dict[str, Any]:
    """Things by kind, ten of each, the newest first; of one ``kind`` fifty at a time, from behind ``after`` on."""
    place = place_of(request)
    known = [kind.name for kind in queries.listed_kinds()]
    if asked.kind and asked.kind not in known:
        raise UnknownChoice(field="kind", value=asked.kind, known=", ".join(known))
    found = sheet.topic_named(code)
    groups = sheet.groups(found, place, asked.kind, asked.after)
    return {
        "fictional": place.realm is Realm.FICTION,
        "as_of": place.as_of,
        "topic": topic_facts(found, place),
        "groups": [
            {
                "kind": group.kind.name,
                "count": group.count,
                "things": [thing_facts(group.kind, filed.thing.row, place) for filed in group.filed],
                "next": group.after,
            }
            for group in groups
        ],
    }
