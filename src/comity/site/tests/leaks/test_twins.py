"""Two instances that differ only in restricted things answer an outsider byte for byte alike, wherever one may ask."""

import hashlib
import random
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comity.plain.levels import Realm
from comity.record.actions import close_batch, sequence
from comity.record.published import numbered
from comity.registry.tests.factories import AT
from comity.site.tests.leaks.house import House, Reader, State, found
from comity.site.tests.leaks.walk import ELSEWHERE, WHOLE, walked
from comity.site.tests.leaks.ways import address, blinded
from comity.site.tests.leaks.world import SAMPLES, WAYS, Answer, Browser, Planted, plant, signed_in

CLOSED_AFTERWARDS = frozenset({State.EMBARGOED, State.FLAGGED})
OUTSIDERS = (Reader.ANONYMOUS, Reader.OTHER, Reader.OPERATOR)
TOLD_OF = frozenset({"protection"})
"""What everybody is told of, and no more: how many meetings of a year are withheld."""
EXTRAS = sorted(
    (kind, state)
    for kind, sample in SAMPLES.items()
    if kind not in TOLD_OF
    for state in sample.states - {State.PUBLIC} - CLOSED_AFTERWARDS
)
WORLD_CLOCK = re.compile(r"(?<=in )[0-9.]+(?= seconds)")
"""What hangs on the clock on the wall: how long a verifier took."""
ALWAYS, MEASURED = frozenset({"Set-Cookie", "Expires"}), frozenset({"ETag", "Content-Length"})
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


@dataclass
class Chance:
    """The system's generator, made to repeat itself: what restricted things draw takes nothing from the public."""

    stream: str = "public"
    drawn: dict[str, int] = field(default_factory=dict)

    def __call__(self, count: int) -> bytes:
        number = self.drawn[self.stream] = self.drawn.get(self.stream, 0) + 1
        return hashlib.shake_256(f"{self.stream}:{number}".encode()).digest(count)


@dataclass
class Twin:
    """One of the two: what an outsider got at each address, and the ids of what is restricted there."""

    answers: dict[tuple[Reader, str], Answer]
    hidden: list[Planted]
    size: int
    """Of the log, after the day's batch of restricted entries."""


@pytest.fixture
def repeatable(monkeypatch: pytest.MonkeyPatch) -> Callable[[], Chance]:
    """Chance and clock as every twin meets them."""

    def begin() -> Chance:
        chance = Chance()
        monkeypatch.setattr(random, "_urandom", chance)
        monkeypatch.setattr("os.urandom", chance)
        return chance

    class Noon(datetime):
        @classmethod
        def now(cls, tz: object = None) -> "Noon":
            return cls(2026, 6, 1, 12, tzinfo=UTC)

    monkeypatch.setattr("comity.site.clock.datetime", Noon)
    return begin


@contextmanager
def aside(house: House, chance: Chance) -> Iterator[None]:
    """What happens here takes neither chance nor time from what is public."""
    clock, house.clock = house.clock, iter(AT + timedelta(hours=hour) for hour in range(900, 9000))
    chance.stream = f"restricted {len(chance.drawn)}"
    yield
    chance.stream, house.clock = "public", clock


def born(chance: Chance, extras: frozenset[tuple[str, State]], asked: list[str], each: int) -> Twin:
    """Found a house, do everything public and, between, what is restricted; walk it as each outsider; take it back."""
    with transaction.atomic():
        house, hidden = found(), []
        for name, sample in SAMPLES.items():
            for state in sorted(sample.states):
                if (name, state) in extras:
                    with aside(house, chance):
                        hidden.append(plant(house, name, state))
            if State.PUBLIC in sample.states:
                plant(house, name, State.PUBLIC)
        browsers = {reader: Browser(signed_in(house, reader)) for reader in OUTSIDERS}
        for realm in Realm:
            sequence(realm)
        guessed = [*asked, *(guess for one in hidden for guess in guesses(one))]
        answers = {
            (reader, here): answer
            for reader, browser in browsers.items()
            for here, answer in walked(browser, each=each, elsewhere=min(each // 2, ELSEWHERE))
        }
        answers |= {(reader, here): browser.get(here) for reader, browser in browsers.items() for here in guessed}
        close_batch(Realm.FICTION, NOON)
        twin = Twin(answers, hidden, numbered(Realm.FICTION))
        transaction.set_rollback(True)
    return twin


def guesses(planted: Planted) -> list[str]:
    """The addresses of a restricted thing, and those below them."""
    ways = [(route, way) for route, way in WAYS.items() if way.kind in {"*", planted.kind}]
    return [address(route, way, planted.row.public_id, planted.kind) for route, way in ways]


def told(answer: Answer) -> tuple[int, tuple[tuple[str, str], ...], bytes]:
    """Status, headers in their order, and bytes, those of a paper included."""
    body = blinded(answer).body
    timed = WORLD_CLOCK.sub("", body.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")
    measured = MEASURED if timed != answer.body else frozenset()
    headers = tuple((name, value) for name, value in answer.headers.items() if name not in ALWAYS | measured)
    return answer.status, headers, timed


def differing(bare: Twin, full: Twin) -> list[str]:
    """Where the two answer an outsider differently."""
    both = sorted(bare.answers.keys() | full.answers.keys())
    return [
        f"{reader} {here}"
        for reader, here in both
        if (reader, here) not in bare.answers
        or (reader, here) not in full.answers
        or told(bare.answers[reader, here]) != told(full.answers[reader, here])
    ]


def compared(begin: Callable[[], Chance], extras: frozenset[tuple[str, State]], each: int) -> None:
    """Bear both twins and hold them against each other."""
    full = born(begin(), extras, [], each)
    bare = born(begin(), frozenset(), [guess for one in full.hidden for guess in guesses(one)], each)
    assert len(full.hidden) == len(extras)
    assert differing(bare, full) == []
    assert full.size == bare.size, "restricted entries add nothing to the size of the record"


def test_twins_answer_an_outsider_alike(alone: None, repeatable: Callable[[], Chance]) -> None:
    compared(repeatable, frozenset(EXTRAS[::5]), each=1)


@pytest.mark.long
def test_twins_answer_an_outsider_alike_wherever_a_link_leads(alone: None, repeatable: Callable[[], Chance]) -> None:
    compared(repeatable, frozenset(EXTRAS), each=WHOLE)


@pytest.mark.long
@settings(max_examples=12, suppress_health_check=list(HealthCheck), deadline=None)
@given(extras=st.frozensets(st.sampled_from(EXTRAS), min_size=1))
def test_any_twins_answer_an_outsider_alike(
    alone: None, repeatable: Callable[[], Chance], extras: frozenset[tuple[str, State]]
) -> None:
    """Drawn pairs differ in what is restricted; each view is asked three times."""
    compared(repeatable, extras, each=3)
