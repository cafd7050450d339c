"""What the page of the record shows: the choices a reader made, in words, and the entries that fit them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC
from itertools import pairwise
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from comity.plain.actors import ANONYMOUS
from comity.plain.ids import is_id
from comity.plain.kinds import all_kinds
from comity.plain.levels import Realm
from comity.plain.place import Place
from comity.plain.refs import Ref
from comity.plain.refusals import Refusal
from comity.plain.things import Thing, looked_up, thing, things
from comity.record.queries import EntryView, subject_of
from comity.record.seals import seal_of
from comity.record.selection import MOST, Chosen, Selection, asked_for, chosen, how_many, occurring
from comity.record.words import type_in_words

PAGE = 50
NAMES = ("organisation", "about", "kind", "type", "from", "to")
"""The choices, as they stand in an address."""
LONGEST = 400
OFFERED = 12
"""Things offered where words fit several."""
_ADDRESS = re.compile(r"/([a-z-]+)/([a-z2-7]{16})(?:[/?#]|$)")
_WRITTEN = re.compile(r"([a-z-]+):([A-Za-z0-9-]{1,40})")


@dataclass
class Asked:
    """What stands in the address, the things that its words may mean, and what of it cannot be read."""

    words: dict[str, str]
    offered: dict[str, list[Thing]] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    selection: Selection | None = field(default_factory=Selection)
    """None where something cannot be read, or may mean several things: then nothing is listed."""


def asked(given: Mapping[str, str], place: Place) -> Asked:
    """Read the choices of an address; names that mean one thing are replaced by its id."""
    read = Asked({name: text for name in NAMES if (text := given.get(name, "").strip()[:LONGEST])})
    for name in ("organisation", "about"):
        if name in read.words:
            _resolve(read, name, replace(place, actor=ANONYMOUS))
    if not read.offered and not read.faults:
        _select(read)
    else:
        read.selection = None
    return read


def _select(read: Asked) -> None:
    try:
        read.selection = asked_for(read.words)
    except Refusal as refusal:
        read.selection = None
        where = "to" if str(refusal.parameters.get("text")) == read.words.get("to") else "from"
        read.faults[where] = _(" ".join((refusal.__doc__ or "").split()))


def _resolve(read: Asked, name: str, place: Place) -> None:
    text = read.words[name]
    named = _named(text, name, place)
    if named is None:
        found = [one for one in looked_up(text, place) if name == "about" or one.ref.kind == "organisation"]
        alike = [one for one in found if one.title.casefold() == text.casefold()]
        found = alike if len(alike) == 1 else found
        if not found:
            read.faults[name] = _("Nothing that everybody may read bears these words. Copy the address of its page.")
        elif len(found) > 1:
            read.offered[name] = found[:OFFERED]
        else:
            named = found[0].ref
    if named is not None:
        read.words[name] = named.id if name == "organisation" else str(named)


def _named(text: str, name: str, place: Place) -> Ref | None:
    """The thing that an id, an address or ``kind:id`` names; None where these are words to be looked up."""
    if found := _WRITTEN.fullmatch(text):
        return subject_of(Ref(found[1], found[2]))
    if found := _ADDRESS.search(text):
        return subject_of(Ref(found[1], found[2]))
    if not is_id(text):
        return None
    if name == "organisation":
        return Ref("organisation", text)
    kinds = dict.fromkeys(kind.record_kind or kind.name for kind in all_kinds())
    return next(iter(things((Ref(kind, text) for kind in kinds), place)), None)


def listed(read: Asked, place: Place, before: int | None) -> dict[str, object]:
    """Everything that the list shows of what was asked."""
    found = chosen(place.realm, read.selection, PAGE, at=place.at, before=before) if read.selection else Chosen([])
    named = things([ref for entry in found.entries for ref in (entry.subject, *party_of(entry))], place)
    told = found.readable | named.keys()
    asked = read.selection if read.selection and read.selection.narrows else None
    fitting = how_many(place.realm, asked, at=place.at) if asked else 0
    rows = [row(entry, named, place, told=entry.subject in told) for entry in found.entries]
    return {
        "rows": [{**one, "again": again} for one, again in zip(rows, _again(rows), strict=True)],
        "older": question(read.words, before=found.onward) if found.onward is not None else "",
        "older_number": found.onward,
        "latest": question(read.words),
        "paged": before is not None,
        "narrowed": bool(read.words),
        "fitting": min(fitting, MOST),
        "more_fit": fitting > MOST,
        "asked": read.words,
        "offered": {name: _offers(read, name) for name in read.offered},
        "faults": read.faults,
        "days": _days(read.selection or Selection()),
        "chips": _chips(read, place),
        **_choices(place.realm),
    }


def _again(rows: Sequence[Mapping[str, object]]) -> list[bool]:
    """Of each row whether it repeats minute, act and actor of the one before: a chronicle says these once."""
    return [False, *(before["saying"] == row["saying"] for before, row in pairwise(rows))][: len(rows)]


def _days(asked: Selection) -> dict[str, str]:
    """The first and the last day as a field for days holds them."""
    chosen_days = {"from": asked.first, "to": asked.last}
    return {name: day.isoformat() if day else "" for name, day in chosen_days.items()}


def question(words: Mapping[str, str], **more: object) -> str:
    """The query of an address with these choices."""
    return f"?{urlencode({**words, **more})}" if words or more else "?"


def _offers(read: Asked, name: str) -> list[dict[str, object]]:
    return [
        {
            "thing": one,
            "address": question({**read.words, name: one.ref.id if name == "organisation" else str(one.ref)}),
        }
        for one in read.offered[name]
    ]


def _chips(read: Asked, place: Place) -> dict[str, dict[str, object]]:
    """The organisation and the thing that were chosen, each with the address without it."""
    chips: dict[str, dict[str, object]] = {}
    for name in ("organisation", "about"):
        if name in read.words and name not in read.offered and name not in read.faults:
            text = read.words[name]
            ref = Ref("organisation", text) if name == "organisation" else Ref.parse(text)
            without = {key: kept for key, kept in read.words.items() if key != name}
            chips[name] = {"ref": ref, "thing": thing(ref, place), "value": text, "without": question(without)}
    return chips


def _choices(realm: Realm) -> dict[str, object]:
    pairs = occurring(realm)
    types = {name for name, _kind in pairs}
    return {
        "types": sorted(((name, type_in_words(name)) for name in types), key=lambda pair: pair[1]),
        "kinds": sorted({kind for _name, kind in pairs}),
    }


def row(entry: EntryView, named: Mapping[Ref, Thing], place: Place, *, told: bool) -> dict[str, object]:
    """One entry of a list; who acted on what is closed is not told beside it."""
    party = party_of(entry) if told else []
    return {
        "entry": entry,
        "day": entry.at.astimezone(UTC).date(),
        "saying": (entry.at.replace(second=0, microsecond=0), entry.type, *party, actor_word(entry)),
        "words": type_in_words(entry.type),
        "thing": named.get(entry.subject),
        "party": named.get(party[0]) if party else None,
        "actor_word": actor_word(entry),
        "seal": seal_of(entry.index, entry.at, place),
        "proof": reverse(f"{place.realm.value}-files:record-tlog-proof", args=[entry.index]),
    }


def party_of(entry: EntryView) -> list[Ref]:
    """The organisation for which a seat acted, if any."""
    return [Ref("organisation", entry.organisation)] if entry.organisation else []


def actor_word(entry: EntryView) -> str:
    """Who acted, where no organisation's mandate says it; never a person."""
    return {
        "seat": _("a seat"),
        "office": _("an office"),
        "operator": _("the operator"),
        "system": _("the house itself"),
        "anonymous": _("an anonymous reader"),
        "org": _("an organisation whose name was erased"),
    }.get(entry.actor.partition(":")[0], entry.actor)
