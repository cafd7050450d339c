"""What the pages of topics and the forms of things share: a topic's address, and what a form proposes."""

from typing import Any

from django.http import HttpRequest

from comity.plain.ids import is_id, slug
from comity.plain.place import Place
from comity.plain.refs import Ref
from comity.plain.things import Thing, thing
from comity.registry.core.topics import Topic
from comity.registry.edges import here
from comity.registry.topics import words
from comity.registry.topics.queries import taxonomy, topics_of


def address_of(topic: Topic, place: Place) -> str:
    """The page of a topic in the reader's realm and language."""
    return here(place, "topic", code=topic.code, slug=slug(topic.label))


def proposed(source: Any, place: Place) -> list[str]:
    """What the form of a new thing begins with: the topics of what it arises from, as the reader may see them."""
    return [topic.code for topic in topics_of(source, place)] if source is not None else []


def arising(request: HttpRequest, place: Place) -> Thing | None:
    """What a new thing is begun from, by ``?arises=kind:id``; None where nothing is named that the reader may see."""
    kind, _colon, public_id = request.GET.get("arises", "")[:80].partition(":")
    return thing(Ref(kind, public_id), place) if is_id(public_id) else None


def asked_topic(request: HttpRequest) -> str:
    """The code of a topic by which a list is narrowed; empty where none, or none that there is, is asked for."""
    asked = request.GET.get("topic", "")
    return asked if asked in taxonomy().topics else ""


def offered() -> list[tuple[str, str]]:
    """Every topic as a choice in the reader's language."""
    return [(topic.code, words.label(topic)) for topic in taxonomy().topics.values()]
