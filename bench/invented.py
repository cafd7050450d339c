"""An invented house of any size for the benchmarks: written in bulk into a scratch database, for nobody to see.

Everything is drawn from a seed. The rows are those that the actions would write; they are written without them,
because a hundred thousand organisations with their entries in the record would take hours.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

AT = datetime(2026, 1, 10, 9, 0, tzinfo=UTC)
SYLLABLES = ("ha", "lor", "me", "tes", "vin", "sa", "ra", "kel", "no", "dru", "pim", "ost", "fa", "ly", "gor", "thu")
WORDS = ("Union", "League", "Party", "Movement", "Alliance", "Assembly", "Front", "Renewal", "Forum", "Accord")
COUNTRIES = ("HAL", "LET", "SAR", "TES", "KEL", "DRU", "OST", "VIN")
BATCH = 2000
SUBJECTS = 20
"""How many organisations have a full page of some 210 rows."""
LINKS, EARLIER, NAMES, ALIASES, PARTS, RESTATED, CORRECTED = 60, 30, 6, 10, 6, 14, 10


def place_name(draw: random.Random) -> str:
    """A name that nothing bears."""
    return "".join(draw.choices(SYLLABLES, k=3)).capitalize()


def in_batches(rows: Iterable[Any], model: type[Any]) -> list[Any]:
    """Write rows in bulk; gives them with their keys."""
    made: list[Any] = []
    rows = iter(rows)
    while batch := list(islice(rows, BATCH)):
        made += model.objects.bulk_create(batch)
    return made


def grow(size: int) -> list[str]:
    """Bring the number of organisations to ``size``; gives the public ids of those with a full page."""
    from django.db import transaction

    from comity.registry.models import Identifier, Organisation

    with transaction.atomic():
        sources = _sources() if not Organisation.objects.exists() else []
        if sources:
            _subjects(random.Random(1), sources)  # noqa: S311 - a seeded draw, no secret
        have = Organisation.objects.count()
        in_batches(_organisations(random.Random(have), size - have), Organisation)  # noqa: S311 - a seeded draw, no secret
        _dress(random.Random(have), have)  # noqa: S311 - a seeded draw, no secret
    named = Identifier.objects.filter(scheme="bench").order_by("pk")
    return list(named.values_list("organisation__public_id", flat=True)[:SUBJECTS])


def _sources() -> list[Any]:
    from comity.registry.models import Source

    rows = [
        Source(
            title=f"List of members {n}", url=f"https://example.org/list/{n}", stated_on="2025-07", licence="CC0-1.0"
        )
        for n in range(40)
    ]
    return in_batches(rows, Source)


def _organisations(draw: random.Random, many: int) -> Iterator[Any]:
    from comity.plain.levels import Level, Realm
    from comity.registry.models import Organisation

    for n in range(max(many, 0)):
        yield Organisation(
            kind="network" if n % 300 == 0 else "party",
            network_kind="international" if n % 300 == 0 else "",
            realm=Realm.REAL,
            level=Level.PUBLIC if draw.random() < 0.98 else Level.ORGANISATION,
            name=f"{place_name(draw)} {place_name(draw)} {draw.choice(WORDS)}",
            country=draw.choice(COUNTRIES),
            founded=str(draw.randint(1900, 2020)),
            recorded_at=AT,
        )


def _dress(draw: random.Random, already: int) -> None:
    """Two names, and one membership, for each organisation that has none yet."""
    from comity.registry.core.names import fold
    from comity.registry.models import Link, LinkKind, Name, Organisation, Spell

    bare = Organisation.objects.order_by("pk")[already:]
    networks = list(Organisation.objects.filter(kind="network"))
    rows = list(bare.only("pk", "name", "kind"))
    in_batches(
        (
            Name(organisation=row, text=text, fold=fold(text), language=language, role=role, recorded_at=AT)
            for row in rows
            for text, language, role in ((row.name, "en", "official"), (f"{row.name} al-sharq", "ar", "native"))
        ),
        Name,
    )
    ties = (
        Link(subject=row, object=draw.choice(networks), kind=LinkKind.MEMBERSHIP, recorded_at=AT)
        for row in rows
        if row.kind == "party" and networks
    )
    made = in_batches(ties, Link)
    in_batches((Spell(link=tie, standing="full", start="2001", recorded_at=AT) for tie in made), Spell)


def _subjects(draw: random.Random, sources: list[Any]) -> None:
    """The organisations whose pages are measured, each with rows of every kind that a page shows."""
    from comity.registry.models import Identifier, Organisation

    rows = in_batches(_organisations(draw, 200), Organisation)
    rows = [row for row in rows if row.kind == "party" and not row.level]
    for nth, row in enumerate(rows[:SUBJECTS]):
        Identifier.objects.create(organisation=row, scheme="bench", value=str(nth))
        Identifier.objects.create(organisation=row, scheme="wikidata", value=f"Q{nth}")
        Organisation.objects.filter(pk=row.pk).update(source=sources[nth])
        others = [other for other in rows if other.pk != row.pk]
        draw.shuffle(others)
        _tied(draw, row, others, sources)
        _said(draw, row, others, sources)


def _tied(draw: random.Random, row: Any, others: list[Any], sources: list[Any]) -> None:
    from comity.registry.models import Lineage, Link, LinkKind, Organisation, Spell

    kinds = [LinkKind.AGREEMENT, LinkKind.COALITION, LinkKind.PART]
    Link.objects.filter(subject=row).delete()
    new = [
        Link(subject=row, object=other, kind=kinds[n % 3], basis="Protocol of 2001", recorded_at=AT)
        for n, other in enumerate(others[:LINKS])
    ]
    links = in_batches(new, Link)
    spells = [
        Spell(link=tie, standing="full", start=f"{2003 + n % 15}-0{1 + n % 9}", source=sources[n % 12], recorded_at=AT)
        for n, tie in enumerate(links)
    ]
    spells += [
        Spell(link=tie, standing="observer", start="1999", end="2002-06", end_reason="standing changed", recorded_at=AT)
        for tie in links[:EARLIER]
    ]
    in_batches(spells, Spell)
    for other in others[LINKS : LINKS + PARTS]:
        Organisation.objects.filter(pk=other.pk).update(parent=row, kind="wing", wing_kind="youth")
    for n, other in enumerate(others[LINKS + PARTS : LINKS + PARTS + 4]):
        ends = (row, other) if n % 2 else (other, row)
        Lineage.objects.create(earlier=ends[0], later=ends[1], kind="split", at="1998", recorded_at=AT)


def _said(draw: random.Random, row: Any, others: list[Any], sources: list[Any]) -> None:
    from comity.registry.core.names import fold
    from comity.registry.models import Correction, Name, Reply, Restatement

    languages = ("fr", "es", "ar", "pt", "ru", "el")
    names = [(f"{row.name} {code}", code, "native") for code in languages[:NAMES]]
    names += [(f"{row.name} also {n}", "", "alias") for n in range(ALIASES)]
    in_batches(
        (
            Name(
                organisation=row,
                text=text,
                fold=fold(text),
                language=code,
                role=role,
                valid_from="1990-04",
                source=sources[1],
                recorded_at=AT,
            )
            for text, code, role in names
        ),
        Name,
    )
    days = [AT + timedelta(days=n) for n in range(RESTATED)]
    in_batches(
        (Restatement(organisation=row, field="founded", before="1989", after="1990", recorded_at=day) for day in days),
        Restatement,
    )
    in_batches(
        (
            Correction(
                organisation=row,
                field="founded",
                stated="1990",
                proposed="1991-05",
                source_url="https://example.org/act",
                proposed_at=day,
                state="not-accepted",
                reason="Its own register says otherwise.",
                decided_at=day,
            )
            for day in days[:CORRECTED]
        ),
        Correction,
    )
    Reply.objects.create(organisation=row, words="We stand by what we said.", language="en", at=AT)


LEVELS = ((0, 0.60), (1, 0.80), (3, 0.95), (2, 1.0))
"""Sixty in a hundred public, twenty of the network, fifteen of one party, five of those who take part."""


def convene(items: int) -> list[Any]:
    """Bring the number of engagements to ``items`` at mixed levels; gives readers: one without a seat, then members."""
    from comity.engagements.models import Engagement, Participation
    from comity.plain.actors import ANONYMOUS, ActorKind, ActorRef
    from comity.plain.levels import Realm
    from comity.plain.place import Place
    from comity.registry.models import Organisation

    draw = random.Random(7)  # noqa: S311 - a seeded draw, no secret
    networks = list(Organisation.objects.filter(kind="network", level=0)[:20])
    parties = list(Organisation.objects.filter(kind="party", level=0)[:1500])
    made = in_batches(
        (_engagement(draw, nth, networks, parties) for nth in range(Engagement.objects.count(), items)), Engagement
    )
    in_batches(
        (
            Participation(
                engagement=row, organisation=one, heads_count=2, accepted_rule="public", registered_at=row.recorded_at
            )
            for row in made
            for one in draw.sample(parties, 2)
        ),
        Participation,
    )
    now = AT + timedelta(days=300)
    seats = [ActorRef(ActorKind.SEAT, row.public_id, organisation=row.public_id) for row in parties[:19]]
    return [
        Place(realm=Realm.REAL, language="en", actor=actor, at=now, as_of=now.date()) for actor in (ANONYMOUS, *seats)
    ]


def _engagement(draw: random.Random, nth: int, networks: list[Any], parties: list[Any]) -> Any:
    from comity.engagements.models import Engagement

    share = draw.random()
    level = next(level for level, upto in LEVELS if share <= upto)
    starts = AT - timedelta(hours=draw.randint(0, 20 * 365 * 24))
    return Engagement(
        network=draw.choice(networks),
        originator=draw.choice(parties),
        level=level,
        content_level=level,
        kind=draw.choice(("visit", "congress", "forum", "exchange", "dialogue")),
        title=f"Meeting {nth}",
        capacity="party",
        place=place_name(draw),
        zone="UTC",
        starts=starts,
        ends=starts + timedelta(hours=3),
        house_rule="public",
        recorded_at=AT,
    )
