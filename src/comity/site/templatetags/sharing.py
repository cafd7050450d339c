"""What the head of a page tells those who list, share or index it: its name, its finding, its languages, its picture.

All of it stands in ``meta`` and ``link``: the policy forbids scripts, data blocks included, and needs no exception.
"""

from collections.abc import Iterator
from typing import Any

from django import template
from django.http import HttpRequest
from django.template.base import NodeList, Parser, Token
from django.urls import reverse
from django.utils.html import escape, format_html, strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from comity.plain.actors import ANONYMOUS
from comity.plain.findings import finding
from comity.plain.kinds import Exit, Kind, kind_named
from comity.plain.languages import CODES
from comity.plain.levels import Realm
from comity.plain.place import Place
from comity.registry.edges import here
from comity.registry.topics.queries import topics_of
from comity.registry.topics.words import label
from comity.site.embeds import FRAGMENTS
from comity.site.previews import HEIGHT, WIDTH
from comity.site.templatetags.comity import same_in
from comity.site.words import description_of_page

register = template.Library()

TYPES = {"organisation": "Organization", "network": "Organization", "engagement": "Event"}
"""Kinds of schema.org; other things are works, other pages are pages."""
LOCALES = {"en": "en_GB", "fr": "fr_FR", "es": "es_ES", "ar": "ar_AR"}
LONGEST = 300


class Metadata(template.Node):
    """The title and the description of a page, each rendered once, and what follows from them."""

    child_nodelists = ("title", "description")

    def __init__(self, title: NodeList, description: NodeList) -> None:
        self.title = title
        self.description = description

    def render(self, context: template.Context) -> SafeString:
        """The head's title, description, canonical address, alternates, Open Graph and microdata."""
        title = " ".join(self.title.render(context).split())
        written = " ".join(self.description.render(context).split())
        told = _in_attribute(written) or described(context)
        head = [format_html("<title>{}</title>", mark_safe(title))]  # noqa: S308 - rendered by the template, escaped
        if told:
            head.append(_meta("name", "description", told))
        request, place = context.get("request"), context.get("place")
        if isinstance(request, HttpRequest) and isinstance(place, Place):
            head.append(_links(context, request))
            if place.actor == ANONYMOUS:
                head += _shared(context, request, place, _in_attribute(title), told)
        return mark_safe("\n".join(head))  # noqa: S308 - each part is escaped


@register.tag
def metadata(parser: Parser, token: Token) -> Metadata:
    """``{% metadata %}title{% description %}words{% endmetadata %}``; no words: the finding of the page's thing."""
    title = parser.parse(("description",))
    parser.delete_first_token()
    description = parser.parse(("endmetadata",))
    parser.delete_first_token()
    return Metadata(title, description)


@register.simple_tag(takes_context=True)
def item_type(context: template.Context) -> SafeString:
    """The attributes by which ``html`` says what the page is about, in the words of schema.org; none in the fiction."""
    place = context.get("place")
    if not isinstance(place, Place) or place.realm is Realm.FICTION or place.actor != ANONYMOUS:
        return SafeString("")
    kind, row = thing_of(context)
    name = (TYPES.get(kind.name, "CreativeWork") if kind else "WebPage") if row else "WebPage"
    return format_html(' itemscope itemtype="https://schema.org/{}"', name)


def thing_of(context: template.Context) -> tuple[Kind | None, Any]:
    """The thing that the page is about: the one its address names, where the view gave it to the template."""
    match = getattr(context.get("request"), "resolver_match", None)
    public_id = match.kwargs.get("public_id") if match else None
    first = str(match.route).split("<")[1].rpartition(">")[2].strip("/") if match and "<" in str(match.route) else ""
    kind = kind_named(first)
    if kind is None or not public_id:
        return kind, None
    values = (value for layer in reversed(context.dicts) for value in layer.values())
    row = next((v for v in values if isinstance(v, kind.model) and v.public_id == public_id), None)
    return kind, row


def described(context: template.Context) -> str:
    """The finding of the page's thing, or what the page of that name holds; nothing for pages that nobody shares."""
    kind, row = thing_of(context)
    place = context.get("place")
    if row is not None and isinstance(place, Place):
        told = finding(row, place, kind)
        if told:
            return told if len(told) <= LONGEST else f"{told[: LONGEST - 1]}…"
    match = getattr(context.get("request"), "resolver_match", None)
    return description_of_page(match.url_name or "") if match else ""


def _in_attribute(rendered: str) -> SafeString:
    """Words that a template rendered, escaped already, as the value of an attribute."""
    return mark_safe(strip_tags(rendered).replace('"', "&quot;"))  # noqa: S308 - escaped where it was rendered


def _meta(attribute: str, name: str, content: str) -> SafeString:
    return format_html('<meta {}="{}" content="{}">', SafeString(attribute), name, content)


def _links(context: template.Context, request: HttpRequest) -> SafeString:
    """The page's own address without its question, and the same page in each language."""
    absolute = request.build_absolute_uri
    paths = {code: escape(absolute(same_in(context, code))) for code in CODES}
    lines = [f'<link rel="canonical" href="{escape(absolute(request.path))}">']
    lines += [f'<link rel="alternate" hreflang="{code}" href="{path}">' for code, path in paths.items()]
    lines.append(f'<link rel="alternate" hreflang="x-default" href="{paths["en"]}">')
    return SafeString("\n".join(lines))


def _shared(
    context: template.Context, request: HttpRequest, place: Place, title: str, told: str
) -> Iterator[SafeString]:
    kind, row = thing_of(context)
    absolute = request.build_absolute_uri
    yield _meta("property", "og:title", title)
    if told:
        yield _meta("property", "og:description", told)
    yield _meta("property", "og:type", "article" if row else "website")
    yield _meta("property", "og:url", absolute(request.path))
    yield _meta("property", "og:site_name", _("Comity, fiction") if place.realm is Realm.FICTION else "Comity")
    yield _meta("property", "og:locale", LOCALES.get(place.language, place.language))
    if row is not None and kind is not None and Exit.PREVIEW in kind.exits:
        parts = {"lang": place.language, "kind": kind.name, "public_id": row.public_id}
        picture = absolute(reverse(f"{place.realm.value}:preview", kwargs=parts))
        yield _meta("property", "og:image", picture)
        yield _meta("property", "og:image:width", str(WIDTH))
        yield _meta("property", "og:image:height", str(HEIGHT))
        yield _meta("property", "og:image:alt", f"{title}. {told}")
        yield _meta("name", "twitter:card", "summary_large_image")
    for topic in topics_of(row, place, kind) if row is not None else []:
        yield _meta("property", "article:tag", label(topic))
    if place.realm is Realm.REAL:
        yield _meta("itemprop", "name", title)
        if told:
            yield _meta("itemprop", "description", told)
        yield format_html('<link itemprop="url" href="{}">', absolute(request.path))


@register.simple_tag(takes_context=True)
def embed_address(context: template.Context) -> str:
    """Where the page of a thing says how to show it elsewhere; nothing for what not everybody may read."""
    kind, row = thing_of(context)
    place = context.get("place")
    if row is None or kind is None or kind.name not in FRAGMENTS or not isinstance(place, Place):
        return ""
    if place.actor != ANONYMOUS and not kind.visible(ANONYMOUS, place.at, place.realm).filter(pk=row.pk).exists():
        return ""
    return here(place, "embed-how", kind=kind.name, public_id=row.public_id)
