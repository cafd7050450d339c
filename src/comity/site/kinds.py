"""What the site says to the rooms below: how things of all kinds are looked up by words."""

from comity.plain.place import Place
from comity.plain.things import Thing, look_up_by
from comity.site.search import LONGEST, Question, cleaned, search, shown

SHOWN = 60
"""Things offered of those that bear some words."""


def _looked_up(words: str, place: Place) -> list[Thing]:
    hits = search(Question(cleaned(words[:LONGEST])), place)[:SHOWN]
    found = shown(hits, place)
    return [Thing(one.kind.ref(one.row), one.kind, one.row, one.title, one.language, one.address) for one in found]


look_up_by(_looked_up)
