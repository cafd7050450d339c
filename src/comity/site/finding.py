"""The search page: what was asked, what of it was read, the groups found, and the choices that narrow them down."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from comity.plain.kinds import Exit
from comity.plain.levels import Realm
from comity.plain.place import Place
from comity.registry import queries, sheet
from comity.registry.core.search import has_words, key_of
from comity.registry.core.topics import Topic
from comity.registry.topics.queries import taxonomy
from comity.registry.topics.words import label
from comity.registry.words import KINDS
from comity.site.search import LONGEST, Found, Hit, Question, cleaned, known_kinds, search, searched_kinds, shown
from comity.site.words import kinds_in_words

EACH = 10
"""Things of one kind on the page of all kinds."""
PAGE = 50
SUGGESTED = 8
SHORTEST = 2
"""Letters from which on something is suggested."""


@dataclass(frozen=True)
class Group:
    """What was found of one kind."""

    kind: str
    things: list[Found]
    count: int
    more: str
    """The address of all of that kind, where there are more than stand here."""


@dataclass(frozen=True)
class LookedFor:
    """Everything the page shows."""

    question: Question
    cut: bool
    """Whether more was typed than is searched."""
    groups: list[Group]
    count: int
    page: int
    before: str
    after: str
    kinds: list[tuple[str, str]]
    countries: list[tuple[str, str]]
    networks: list[tuple[str, str]]
    topics: list[tuple[str, str]]
    about: list[Topic]
    """The topics whose label bears the words."""
    elsewhere: str
    """The same question in the other realm."""
    json_address: str

    @property
    def many(self) -> bool:
        """Whether so many were found that there may be more."""
        return self.count > PAGE


def looked_for(asked: Mapping[str, str], place: Place) -> LookedFor:
    """What somebody asked of the search page, answered for the reader of a place."""
    typed = asked.get("q", "")
    question = _question(asked, place)
    hits = search(question, place)
    page = _number(asked.get("page", ""))
    single = question.kind in {kind.name for kind in searched_kinds()} or bool(question.kind)
    groups = _one(hits, page, place) if single else _all(hits, question, place)
    other = Realm.REAL if place.realm is Realm.FICTION else Realm.FICTION
    prefix = f"/fiction/{place.language}" if other is Realm.FICTION else f"/{place.language}"
    return LookedFor(
        question=question,
        cut=len(typed) > LONGEST,
        groups=groups,
        count=len(hits),
        page=page,
        before=_address(question, page=page - 1) if single and page > 1 else "",
        after=_address(question, page=page + 1) if single and page * PAGE < len(hits) else "",
        kinds=_kinds(),
        countries=_countries(place),
        networks=[(row.public_id, row.name) for row in queries.networks(place.realm, place.actor, place.at)],
        topics=[(topic.code, label(topic)) for topic in taxonomy().topics.values()],
        about=_about(question),
        elsewhere=f"{prefix}/search?{urlencode({'q': question.words})}" if question.words else "",
        json_address=place.api(f"search?{urlencode({'q': question.words})}") if question.words else "",
    )


def suggested(typed: str, place: Place) -> list[Found]:
    """The few best things for what somebody is typing."""
    words = cleaned(typed[:LONGEST])
    if len(words) < SHORTEST:
        return []
    return shown(search(Question(words), place, Exit.SUGGESTION)[:SUGGESTED], place)


def _question(asked: Mapping[str, str], place: Place) -> Question:
    kind, country, topic = (asked.get(name, "") for name in ("kind", "country", "topic"))
    return Question(
        words=cleaned(asked.get("q", "")[:LONGEST]),
        kind=kind if kind in known_kinds() else "",
        country=country[:20],
        network=asked.get("network", "")[:20],
        dissolved={"yes": True, "no": False}.get(asked.get("dissolved", "")),
        topic=topic if topic in taxonomy().topics else "",
    )


def _about(question: Question) -> list[Topic]:
    asked = key_of(question.words)
    return [topic for topic in taxonomy().topics.values() if asked and has_words(asked, key_of(label(topic)))]


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 4 and int(text) else 1


def _one(hits: list[Hit], page: int, place: Place) -> list[Group]:
    """One kind of thing, a page of it, under the headings of the kinds that it is shown as."""
    return _grouped(hits[(page - 1) * PAGE : page * PAGE], hits, place, PAGE, None)


def _all(hits: list[Hit], question: Question, place: Place) -> list[Group]:
    return _grouped(hits, hits, place, EACH, question)


def _grouped(hits: list[Hit], whole: list[Hit], place: Place, each: int, question: Question | None) -> list[Group]:
    groups = []
    for name in dict.fromkeys(hit.kind.name for hit in hits):
        count = sum(1 for hit in whole if hit.kind.name == name)
        things = shown([hit for hit in hits if hit.kind.name == name][:each], place)
        more = _address(question, kind=name) if question and count > each else ""
        groups.append(Group(name, things, count, more))
    return groups


def _address(question: Question, *, kind: str = "", page: int = 1) -> str:
    gone = "" if question.dissolved is None else "yes" if question.dissolved else "no"
    told = {
        "q": question.words,
        "kind": kind or question.kind,
        "country": question.country,
        "network": question.network,
        "dissolved": gone,
        "topic": question.topic,
        "page": str(page) if page > 1 else "",
    }
    return "?" + urlencode({name: value for name, value in told.items() if value})


def _kinds() -> list[tuple[str, str]]:
    told = {kind.name: kinds_in_words(kind.name) for kind in searched_kinds()}
    return [*told.items(), *((str(kind), str(word)) for kind, word in KINDS.items() if kind not in told)]


def _countries(place: Place) -> list[tuple[str, str]]:
    rows = queries.organisations(place.realm, place.actor, place.at).exclude(country="")
    named = sheet.labels(rows.values_list("country", flat=True).distinct(), place)
    return sorted(((code, label) for code, (label, _area) in named.items()), key=lambda pair: pair[1])
