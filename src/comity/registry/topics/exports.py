"""Topics, and what stands under one, as rows for programs and spreadsheets, and as a feed."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from comity.plain.actors import ANONYMOUS
from comity.plain.kinds import Kind, called
from comity.plain.languages import CODES
from comity.plain.levels import Realm
from comity.plain.place import Place
from comity.plain.tables import csv_of
from comity.registry.atom import Feed
from comity.registry.core.topics import Topic
from comity.registry.topics import queries, sheet, words
from comity.registry.topics.edges import address_of

COLUMNS = ("as_of", "topic", "kind", "id", "title", "language", "recorded_at", "address", "fictional")
FEED = 50


def topic_facts(topic: Topic, place: Place) -> dict[str, Any]:
    """One topic: its labels in every language of the interface, the topics around it, its goals."""
    return {
        "code": topic.code,
        "labels": words.labels(topic),
        "scope": topic.scope,
        "broader": topic.broader,
        "narrower": [one.code for one in queries.taxonomy().narrower(topic.code)],
        "goals": list(topic.goals),
        "address": address_of(topic, place),
    }


def thing_facts(kind: Kind, row: Any, place: Place) -> dict[str, Any]:
    """One thing under a topic, named in its own language."""
    return {
        "kind": kind.name,
        "id": row.public_id,
        "title": kind.title(row),
        "language": kind.language_of(row),
        "recorded_at": row.recorded_at,
        "address": kind.address(row, place.language),
        "fictional": place.realm is Realm.FICTION,
    }


def taxonomy_csv(place: Place) -> str:
    """The taxonomy as a table."""
    columns = ("code", "broader", *(f"label_{code}" for code in CODES), "goals")
    topics = queries.taxonomy().topics.values()
    return csv_of(
        columns, ((topic.code, topic.broader, *words.labels(topic).values(), _goals(topic)) for topic in topics)
    )


def _goals(topic: Topic) -> str:
    return " ".join(map(str, topic.goals))


def filed_csv(topic: Topic, place: Place) -> str:
    """What stands under a topic as a table."""
    return csv_of(
        COLUMNS, (_cells(topic, thing_facts(kind, row, place), place) for kind, row in sheet.every(topic, place))
    )


def _cells(topic: Topic, told: dict[str, Any], place: Place) -> list[str]:
    told = {**told, "recorded_at": told["recorded_at"].isoformat(), "fictional": str(told["fictional"]).lower()}
    return [place.as_of.isoformat(), topic.code, *(told[name] for name in COLUMNS[2:])]


def atom(topic: Topic, place: Place, request: HttpRequest) -> str:
    """The newest things under a topic as Atom 1.0, as anybody sees them, whoever asks; fiction is marked."""
    anyone = replace(place, actor=ANONYMOUS, memory={})
    fiction = place.realm is Realm.FICTION
    told = {"topic": words.label(topic)}
    feed = Feed(
        title=(_("Fiction, filed under %(topic)s") if fiction else _("Filed under %(topic)s")) % told,
        link=request.build_absolute_uri(address_of(topic, place)),
        description=words.scope(topic),
        language=place.language,
        feed_url=request.build_absolute_uri(),
        categories=("fictional",) if fiction else (),  # type: ignore[arg-type]  # any sequence, the stubs say two
    )
    rows = [
        (kind, row)
        for kind in queries.listed_kinds()
        for row in queries.under(kind, topic.code, anyone).order_by("-recorded_at", "-pk")[:FEED]
    ]
    for kind, row in sorted(rows, key=lambda pair: (pair[1].recorded_at, pair[1].public_id), reverse=True)[:FEED]:
        feed.add_item(
            title=called(row, anyone, kind).words,
            link=request.build_absolute_uri(kind.address(row, place.language)),
            description="",
            unique_id=f"urn:comity:{place.realm}:{kind.name}:{row.public_id}",
            unique_id_is_permalink=False,
            pubdate=row.recorded_at,
            updateddate=row.recorded_at,
            categories=["fictional"] if fiction else [],
        )
    written: str = feed.writeString("utf-8")
    return written
