"""What one realm of the house holds: counts of each kind, how many facts bear a source, and the newest entries."""

from dataclasses import dataclass
from datetime import datetime

from comity.plain.kinds import Exit, Kind, all_kinds
from comity.plain.place import Place
from comity.plain.things import things
from comity.record.queries import latest
from comity.record.words import type_in_words
from comity.registry.models import Organisation, Source, Spell
from comity.site.templatetags.comity import address_or_nothing
from comity.site.words import kinds_in_words

NEWEST = 8


@dataclass(frozen=True)
class Holding:
    """One kind: how many the reader may see, and where they are listed."""

    name: str
    title: str
    count: int
    address: str


@dataclass(frozen=True)
class Entered:
    """One of the newest entries about something the reader may see."""

    index: int
    at: datetime
    what: str
    title: str
    language: str
    address: str
    entry_address: str


@dataclass(frozen=True)
class House:
    """What stands in one realm."""

    holdings: tuple[Holding, ...]
    sources: int
    spells: int
    spells_sourced: int
    newest: tuple[Entered, ...]

    @property
    def standing(self) -> tuple[Holding, ...]:
        """The kinds of which something stands."""
        return tuple(holding for holding in self.holdings if holding.count)

    @property
    def empty(self) -> tuple[Holding, ...]:
        """The kinds of which nothing stands yet."""
        return tuple(holding for holding in self.holdings if not holding.count)


def whole_house(place: Place) -> House:
    """Everything the home of a realm tells, as this reader may see it."""
    holdings = [_holding(kind, place) for kind in all_kinds() if Exit.LIST in kind.exits]
    organisations = Organisation.objects.visible_to(place.actor, place.at).in_realm(place.realm)
    spells = Spell.objects.filter(link__subject__in=organisations, link__hidden_at=None, replaced_at=None)
    return House(
        holdings=tuple(holding for holding in holdings if holding.count or holding.address),
        sources=Source.objects.filter(spell__in=spells).distinct().count(),
        spells=spells.count(),
        spells_sourced=spells.exclude(source=None).count(),
        newest=tuple(_newest(place)),
    )


def _holding(kind: Kind, place: Place) -> Holding:
    count = kind.seen(place).count()
    return Holding(kind.name, kinds_in_words(kind.name), count, address_or_nothing(place, f"{kind.name}-list"))


def _newest(place: Place) -> list[Entered]:
    entries = latest(place.realm, NEWEST * 6)
    named = things((entry.subject for entry in entries), place)
    found = []
    for entry in entries:
        subject = named.get(entry.subject)
        if subject is None or entry.index is None:
            continue
        found.append(
            Entered(
                index=entry.index,
                at=entry.at,
                what=type_in_words(entry.type),
                title=subject.title,
                language=subject.language,
                address=subject.address,
                entry_address=address_or_nothing(place, "record-entry", entry.index),
            )
        )
    return found[:NEWEST]
