"""What stands on the pages of things: the topics they are filed under, and what else shares one."""

from typing import Any

from django import template
from django.template.context import RequestContext

from comity.plain.kinds import kind_of_row
from comity.plain.place import Place
from comity.registry.access import may_refile
from comity.registry.core.topics import Topic
from comity.registry.topics import edges, queries, words

register = template.Library()


@register.filter
def topic_word(topic: Topic | None) -> str:
    """What a topic is called in the reader's language."""
    return words.label(topic) if topic else ""


@register.filter
def topic_scope(topic: Topic) -> str:
    """What typically stands under it."""
    return words.scope(topic)


@register.filter
def topic_of(code: str) -> Topic | None:
    """The topic of a code."""
    return queries.taxonomy().topics.get(code)


@register.simple_tag(takes_context=True)
def topic_address(context: RequestContext, topic: Topic) -> str:
    """The page of a topic."""
    return edges.address_of(topic, _place(context))


def _place(context: RequestContext) -> Place:
    place = context["place"]
    assert isinstance(place, Place)
    return place


@register.inclusion_tag("registry/topics/filed.html", takes_context=True)
def filed_under(context: RequestContext, row: Any) -> dict[str, Any]:
    """The topics of a thing; that it is not filed yet is said to those who may file it, and to nobody else."""
    place, kind = _place(context), kind_of_row(row)
    assert kind is not None
    may = kind.filed.by_hand and place.today and bool(may_refile(place.actor, row))
    topics = queries.topics_of(row, place, kind)
    return {"topics": topics, "may": may, "kind": kind, "row": row, "place": place, "request": context["request"]}


@register.inclusion_tag("registry/topics/related.html", takes_context=True)
def related(context: RequestContext, row: Any) -> dict[str, Any]:
    """At most five things that share a topic with one, each with the topics shared."""
    place = _place(context)
    return {"related": queries.related(row, place), "place": place, "request": context["request"]}
