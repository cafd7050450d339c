"""Organisations by name: the name itself, then names with a slip, then names that have the words.

Only a few of a name's trigrams are read, the rare ones first and never more than a budget, which the size of the index
does not change; what they bring is compared letter by letter. The trigrams are those of organisations that everyone may
see, so neither budget nor cut-off depends on any other; those that only this reader may see are compared one by one.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count

from comity.plain.levels import Level, Realm
from comity.registry.core.search import LONGEST_KEY, WHOLE, grams_of, key_of, keys_of, likeness
from comity.registry.models import Name, Organisation, OrganisationQuerySet, SearchCount, SearchGram, SearchKey
from comity.registry.search import first_gram

SLIP = 2
"""By how many letters a name with a slip may be longer or shorter."""
READ = 20_000
"""Trigram rows that one question reads at most, of each sort."""
KEPT = 300
"""Names of like length that are compared letter by letter."""
KEPT_LONGER = 600
"""Longer names of which it is seen whether they have the words."""
FEW = 4_000
"""The names of so many organisations, of one country or network, are compared without trigrams."""
NEAREST = 80.0
"""Where somebody bears the name itself, only names that have its words, or are as near, stand beside it."""

Candidate = tuple[int, int, str]
"""Organisation, name and key."""


@dataclass(frozen=True)
class Hit:
    """An organisation, the name of it that matched, and how near that is to what was asked, up to 100."""

    organisation: int
    name: int
    near: float


def bearing(words: str, chosen: OrganisationQuerySet, realm: Realm, *, few: bool = False) -> list[Hit]:
    """The organisations among ``chosen`` (what a reader may see) that bear a name, nearest first.

    ``few`` says that the choice is narrow, a country's or a network's: all its names are compared.
    """
    asked = key_of(words)
    if not asked:
        return []
    candidates = _of_few(asked, chosen, realm) if few else _of_all(asked, realm)
    return _nearest(asked, [*candidates, *_apart(chosen)], chosen)


def _of_few(asked: str, chosen: OrganisationQuerySet, realm: Realm) -> list[Candidate]:
    """The names of the organisations chosen; where they are many, of those only what the trigrams bring.

    The organisations are named one by one, so that no database is tempted to walk all names for them.
    """
    few = list(chosen.order_by().values_list("pk", flat=True))
    if len(few) > FEW:
        return _of_all(asked, realm)
    rows = SearchKey.objects.filter(organisation__in=few).order_by()
    return list(rows.values_list("organisation_id", "name_id", "key"))


def _of_all(asked: str, realm: Realm) -> list[Candidate]:
    rows = SearchKey.objects.values_list("organisation_id", "name_id", "key")
    same = rows.filter(key=asked, organisation__realm=realm)
    length = len(asked)
    slips = _like(grams_of(asked), realm, max(length - SLIP, 1), length + SLIP, KEPT) if length > 3 else []
    longer = _like(grams_of(asked, open_end=True), realm, length + 1, LONGEST_KEY, KEPT_LONGER)
    return [*same, *rows.filter(pk__in={*slips, *longer})]


def _like(grams: Iterable[int], realm: Realm, shortest: int, longest: int, kept: int) -> list[int]:
    """The keys between two lengths that share most of the rarest trigrams, the shorter first."""
    first = first_gram(realm)
    counted = SearchCount.objects.filter(
        gram__in=[first + gram for gram in grams], length__range=(shortest, longest), keys__gt=0
    )
    read, longest = _within_budget(list(counted.values_list("gram", "length", "keys")))
    rows = SearchGram.objects.filter(gram__in=read, length__range=(shortest, longest))
    shared = rows.values("key_id", "length").annotate(shared=Count("gram")).order_by("-shared", "length", "key_id")
    return list(shared.values_list("key_id", flat=True)[:kept]) if read else []


def _within_budget(counted: Sequence[tuple[int, int, int]]) -> tuple[list[int], int]:
    """The rarest trigrams whose rows are within the budget, and up to which length the rows are read.

    Where already the rarest has more, it is read alone, up to the length that the budget reaches.
    """
    totals: Counter[int] = Counter()
    for gram, _length, keys in counted:
        totals[gram] += keys
    read: list[int] = []
    left = READ
    for gram, keys in sorted(totals.items(), key=lambda one: (one[1], one[0])):
        if keys > left:
            break
        read.append(gram)
        left -= keys
    if read or not totals:
        return read, max((length for _gram, length, _keys in counted), default=0)
    rarest = min(totals, key=lambda gram: (totals[gram], gram))
    return [rarest], _reached(sorted((length, keys) for gram, length, keys in counted if gram == rarest))


def _reached(by_length: Sequence[tuple[int, int]]) -> int:
    longest, left = by_length[0][0], READ
    for length, keys in by_length:
        left -= keys
        if left < 0:
            break
        longest = length
    return longest


def _apart(chosen: OrganisationQuerySet) -> list[Candidate]:
    """The names of those that only this reader may see, which no index has."""
    hidden = list(Organisation.objects.filter(level__gt=Level.PUBLIC).values_list("pk", flat=True))
    rows = Name.objects.filter(organisation__in=chosen.filter(pk__in=hidden).values("pk"))
    told = rows.values_list("organisation_id", "pk", "text")
    return [(organisation, name, key) for organisation, name, text in told for key in keys_of(text)]


def _nearest(asked: str, candidates: Iterable[Candidate], chosen: OrganisationQuerySet) -> list[Hit]:
    best: dict[int, Hit] = {}
    for organisation, name, key in candidates:
        near = likeness(asked, key)
        known = best.get(organisation)
        if near and (known is None or (-near, name) < (-known.near, known.name)):
            best[organisation] = Hit(organisation, name, near)
    seen = {pk: (bool(dissolved), len(name), name) for pk, dissolved, name in _of(chosen, best)}
    hits = sorted(
        (hit for hit in best.values() if hit.organisation in seen),
        key=lambda hit: (-hit.near, *seen[hit.organisation], hit.organisation),
    )
    least = NEAREST if hits and hits[0].near == WHOLE else 0.0
    return [hit for hit in hits if hit.near >= least]


def _of(chosen: OrganisationQuerySet, best: dict[int, Hit]) -> Iterable[tuple[int, str, str]]:
    return chosen.filter(pk__in=list(best)).values_list("pk", "dissolved", "name")
