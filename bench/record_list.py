"""A record as large as one wishes in the tables of a scratch house, and how long its list takes by every choice.

Acts as a house writes them: some sorts of them often and most seldom, by organisations of which a few act much and
most hardly ever. Every choice of organisation, kind, type, thing and days is asked for, alone and with the others: a
common one, a rare one, none. Measured is the first page of fifty, with what of its things anybody may read, and the
count.
"""

from __future__ import annotations

import itertools
import random
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

BEGUN = datetime(2024, 1, 1, tzinfo=UTC)
APART = timedelta(minutes=5)
PARTIES, AT_ONCE = 1_000, 5_000
PAGE = 50
LEAF = b"." * 620
"""As long as most leaves; no list reads them."""
SELDOM = ("visibility.year_counted", "visibility.terms_changed")
"""Acts of which a whole log holds a few."""


def fill(entries: int) -> None:
    """Write so many entries, numbered, and their organisations into the house; PostgreSQL plans by its statistics."""
    from django.db import connection, transaction

    from comity.plain.levels import Realm
    from comity.record.models import Entry, Log

    parties = [one.public_id for one in _parties()]
    with transaction.atomic():
        Log.objects.get_or_create(realm=Realm.REAL.value, defaults={"origin": "bench.example/record"})
        drawn = random.Random(9)  # noqa: S311 - the same record each time
        for first in range(0, entries, AT_ONCE):
            span = range(first, min(first + AT_ONCE, entries))
            Entry.objects.bulk_create(_entry(drawn, number, parties) for number in span)
        Log.objects.filter(realm=Realm.REAL.value).update(size=entries)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def _parties() -> list[Any]:
    from comity.plain.levels import Level, Realm
    from comity.registry.models import Organisation

    rows = [
        Organisation(kind="party", realm=Realm.REAL, level=Level.PUBLIC, name=f"Party {number}", recorded_at=BEGUN)
        for number in range(PARTIES)
    ]
    return Organisation.objects.bulk_create(rows)


def _entry(drawn: random.Random, number: int, parties: Sequence[str]) -> Any:
    from comity.plain.levels import Level
    from comity.record.models import Entry

    act = _act(drawn, number)
    room = act.partition(".")[0]
    acting = parties[min(int(drawn.expovariate(0.02)), len(parties) - 1)]
    about = (
        f"organisation:{drawn.choice(parties)}" if room == "registry" else f"{_KINDS.get(room, 'text')}:{_name(drawn)}"
    )
    return Entry(
        log_id="real", index=number, type=act, at=BEGUN + number * APART, actor="seat:x",
        mandate=acting if room in {"registry", "texts"} else "", subject=about, subject_seq=1,
        level=Level.ROOM if number % 16 == 15 else Level.PUBLIC, leaf=LEAF, leaf_hash=number.to_bytes(32, "big"),
    )  # fmt: skip


_KINDS = {"decisions": "decision", "engagements": "engagement", "rules": "rule", "record": "entry"}


def _act(drawn: random.Random, number: int) -> str:
    """One of a few acts in most cases; at three places of the whole log, far from its end, one of the seldom ones."""
    from comity.record.words import TYPES

    if number in {7, 90, 4_000}:
        return SELDOM[number % 2]
    acts = sorted(TYPES, key=lambda name: name.partition(".")[2])
    return acts[min(int(drawn.expovariate(0.15)), len(acts) - 1)]


def _name(drawn: random.Random) -> str:
    """Of five thousand things, one."""
    return f"{drawn.randrange(5_000):016d}".translate(str.maketrans("0189", "abcd"))


def asked() -> Iterator[Any]:
    """Every choice, alone and with the others."""
    from django.db.models import Count

    from comity.record.models import Entry
    from comity.record.selection import Selection

    public = Entry.objects.filter(log="real", level=0, index__isnull=False)
    acting = public.exclude(mandate="").values("mandate").annotate(acts=Count("pk")).order_by("-acts")
    ranked = list(acting.values_list("mandate", flat=True))
    last = public.latest("index").at.date()
    days = (
        (None, None), (last, None), (None, date(2024, 1, 3)), (date(2024, 3, 1), date(2024, 3, 31)),
        (date(2024, 1, 1), last), (date(2019, 1, 1), date(2019, 12, 31)),
    )  # fmt: skip
    choices = itertools.product(
        ("", ranked[0], ranked[len(ranked) // 4], ranked[-1]),
        ("", "organisation", "text", "rule", "entry"),
        ("", *public.values_list("type", flat=True).order_by().distinct()[:6], "registry.reply_filed", *SELDOM),
        days,
        ("", public.filter(subject__startswith="text:").latest("index").subject),
    )
    for organisation, kind, act, (since, until), about in choices:
        yield Selection(organisation, kind, about, act, since, until)


def measured() -> list[float]:
    """Milliseconds of each choice, asked for once in an order that is drawn: its first page, and how many there are."""
    from comity.plain.levels import Realm
    from comity.record import selection

    drawn, all_choices, now, times = random.Random(3), list(asked()), datetime.now(UTC), []  # noqa: S311 - an order
    drawn.shuffle(all_choices)
    selection.occurring(Realm.REAL), selection.days(Realm.REAL)
    for one in all_choices:
        begin = time.perf_counter()
        selection.chosen(Realm.REAL, one, PAGE, at=now)
        selection.how_many(Realm.REAL, one, at=now)
        times.append(1000 * (time.perf_counter() - begin))
    return times
