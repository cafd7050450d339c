"""Countries in what is asked: "PP Spain", "PP Espagne", "PP ESP". Names in every interface language, codes, notes."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from babel import Locale

from comity.plain.actors import ActorRef
from comity.plain.languages import CODES
from comity.plain.levels import Realm
from comity.registry.core.search import key_of
from comity.registry.models import NamingNote, Organisation, Region
from comity.registry.queries import schemes_of

LONGEST = 5
"""Words of a country's name."""
JOINING = frozenset({"of", "in", "from", "the", "de", "du", "des", "la", "del", "en", "al", "fi", "min"})
"""Words that join a name to its country."""
ALSO = {
    "uk": "GB",
    "britain": "GB",
    "great britain": "GB",
    "usa": "US",
    "america": "US",
    "czech republic": "CZ",
    "turkey": "TR",
    "holland": "NL",
    "burma": "MM",
    "ivory coast": "CI",
    "cape verde": "CV",
    "swaziland": "SZ",
    "macedonia": "MK",
    "east timor": "TL",
    "south korea": "KR",
    "north korea": "KP",
    "palestine": "PS",
}
"""Further names that people type, by ISO 3166-1 alpha-2 code; typing one decides nothing about a name."""


@dataclass(frozen=True)
class InCountry:
    """The words without the country's name, and the country's code."""

    words: str
    country: str


def in_country(words: str, realm: Realm, actor: ActorRef, at: datetime) -> InCountry | None:
    """What was asked as a name and a country, if it ends or begins with a country's name or code."""
    typed = key_of(words).split()
    if len(typed) < 2:
        return None
    known = _countries(realm, actor, at)
    for count in range(min(LONGEST, len(typed) - 1), 0, -1):
        last, first = " ".join(typed[-count:]), " ".join(typed[:count])
        for phrase, rest in ((last, typed[:-count]), (first, typed[count:])):
            code = known.get(phrase)
            if code and (phrase is last or len(phrase) > 3):
                return InCountry(" ".join(_without_joints(rest)), code)
    return None


def _without_joints(words: list[str]) -> list[str]:
    while len(words) > 1 and words[-1] in JOINING:
        words = words[:-1]
    return words


def _countries(realm: Realm, actor: ActorRef, at: datetime) -> dict[str, str]:
    """What a country may be called here, as search keys, with its code; a network's own words included."""
    regions = Region.objects.filter(schemes_of(realm), kind="country").order_by("-scheme__in_force_from", "pk")
    known: dict[str, str] = {}
    by_alpha2 = {}
    for code, alpha2, label, ended in regions.values_list("code", "alpha2", "label", "valid_to"):
        if alpha2 and not ended:
            by_alpha2[alpha2] = code
        for phrase in (label, code, alpha2):
            known.setdefault(_key(phrase), code)
    notes = NamingNote.objects.filter(recorded_at__lte=at).order_by("-pk").values_list("network", "code", "label")
    named_by = {network for network, _code, _label in notes}
    seen = set(
        Organisation.objects.visible_to(actor, at).in_realm(realm).filter(pk__in=named_by).values_list("pk", flat=True)
    )
    known = {_key(label): code for network, code, label in notes if network in seen} | known
    spoken = {phrase: by_alpha2[alpha2] for phrase, alpha2 in _spoken().items() if alpha2 in by_alpha2}
    known = spoken | known
    known.pop("", None)
    return known


@lru_cache(maxsize=1)
def _spoken() -> dict[str, str]:
    """Every name that CLDR gives a territory in a language of the interface, with its alpha-2 code."""
    told = {
        _key(name): alpha2
        for language in reversed(CODES)
        for alpha2, name in Locale.parse(language, sep="-").territories.items()
        if len(alpha2) == 2 and alpha2.isalpha()
    }
    return told | ALSO


@lru_cache(maxsize=4096)
def _key(text: str) -> str:
    return key_of(text)
