"""The world of the leak suite: every kind in every state, with a word in each field, and a browser for each reader."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from importlib import import_module
from importlib.util import find_spec
from typing import Any
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.test import Client
from django.utils.encoding import iri_to_uri
from django.utils.functional import cached_property

from comity.conftest import OPERATOR
from comity.people.access import OPERATOR_SEAT, SEATS_KEY
from comity.people.actions import make_operator, register_person
from comity.people.models import Seat
from comity.plain.actors import ActorKind
from comity.plain.kinds import Exit, kind_named, kind_of_row
from comity.plain.levels import Realm
from comity.plain.place import Place
from comity.record.actions import close_batch, sequence
from comity.registry.models import Governed
from comity.registry.tests.factories import AT
from comity.site.clock import now
from comity.site.tests.leaks.house import House, Made, Reader, Sample, State, Way, canary, found
from comity.visibility.access import LEVELS_OF
from comity.visibility.actions import change_terms, raise_flag
from comity.visibility.queries import terms_of

FAR = datetime(2099, 1, 1, tzinfo=UTC)


def told_by_rooms() -> tuple[dict[str, Sample], dict[str, Way]]:
    """What each room's ``tests/samples.py`` declares: samples by kind, ways out by address."""
    samples: dict[str, Sample] = {}
    ways: dict[str, Way] = {}
    for room in settings.ROOMS:
        name = f"comity.{room}.tests.samples"
        if find_spec(name) is not None:
            told = import_module(name)
            samples |= told.SAMPLES
            ways |= told.WAYS
    return samples, ways


SAMPLES, WAYS = told_by_rooms()

NARROWING = (State.ORGANISATION, State.SEALED, State.FLAGGED, State.NETWORK)
CLOSED = {
    kind: next(state for state in NARROWING if state in sample.states)
    for kind, sample in SAMPLES.items()
    if not sample.states.isdisjoint(NARROWING)
}
"""The state in which a row of each kind stands in the real realm."""


@dataclass(frozen=True)
class Planted:
    """One row of the world: its kind, its state, the word that stands in all its fields."""

    kind: str
    """The name of a declared kind, or of something that stands at addresses and is none, e.g. a request."""
    state: State
    word: str
    made: Made
    realm: Realm = Realm.FICTION

    @property
    def row(self) -> Any:
        """The row itself."""
        return self.made.row

    @property
    def exits(self) -> frozenset[Exit]:
        """The exits that its kind declares."""
        declared = kind_named(self.kind)
        return declared.exits if declared else frozenset()


@dataclass(frozen=True)
class Answer:
    """What an address answered."""

    status: int
    headers: dict[str, str]
    body: bytes

    @cached_property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")

    @cached_property
    def everything(self) -> str:
        """Every byte that left: headers and body."""
        return "\n".join(f"{name}: {value}" for name, value in self.headers.items()) + "\n" + self.text


@dataclass(eq=False)
class Browser:
    """One reader's browser; it asks each address once, since nobody writes while it reads."""

    client: Client
    kept: dict[tuple[str, str], Answer] = field(default_factory=dict)

    def get(self, address: str) -> Answer:
        """The answer of an address, redirects not followed."""
        return self.ask("GET", address)

    def ask(self, method: str, address: str) -> Answer:
        """The answer to any method, with nothing sent.

        It asks the handler itself: the client would keep a copy of every template's context.
        """
        if (method, address) not in self.kept:
            path, _mark, question = iri_to_uri(address).partition("?")
            asked = {
                "REQUEST_METHOD": method,
                "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
                "QUERY_STRING": question,
            }
            response: Any = self.client.handler(self.client._base_environ(**asked))  # type: ignore[attr-defined]
            assert response.status_code < 500, f"{method} {address} breaks down"
            body = b"".join(response.streaming_content) if response.streaming else response.content
            self.kept[method, address] = Answer(response.status_code, dict(response.items()), body)
        return self.kept[method, address]


@dataclass
class World:
    """The house, what was planted in it, and its readers' browsers."""

    house: House
    planted: dict[tuple[str, State], Planted]
    real: dict[str, Planted]
    """One closed row of each kind in the real realm, where none of these readers has a seat."""
    at: datetime
    browsers: dict[Reader, Browser]
    verdicts: dict[tuple[str, State, Reader], bool] = field(default_factory=dict)

    def place(self, reader: Reader) -> Place:
        """Where a reader stands."""
        return Place(Realm.FICTION, "en", self.house.readers[reader], self.at, self.at.date())

    def allows(self, planted: Planted, reader: Reader) -> bool:
        """What the single check says of a row and a reader."""
        asked = planted.kind, planted.state, reader
        if asked not in self.verdicts:
            self.verdicts[asked] = self.house.allows(planted.made, reader, self.at)
        return self.verdicts[asked]

    def hidden_from(self, reader: Reader) -> Iterator[Planted]:
        """What a reader may not see."""
        fiction = (one for one in self.planted.values() if not self.allows(one, reader))
        return itertools.chain(fiction, self.real.values())


def plant(house: House, kind: str, state: State) -> Planted:
    """One row of a kind in a state, through the room's own actions."""
    word = canary(house.realm, kind, state)
    made = SAMPLES[kind].make(house, state, word)
    assert SAMPLES[kind].declared == (made.read_by is None), f"say who reads {kind!r}"
    if state in {State.EMBARGOED, State.FLAGGED}:
        _close(house, made, state, word)
    return Planted(kind, state, word, made, house.realm)


def _close(house: House, made: Made, state: State, word: str) -> None:
    """Put a row and what was made with it under an embargo or a safety flag, as its originator does.

    What stands in no row of ``LEVELS_OF`` is offered no form of that, and is closed in its table.
    """
    for row in dict.fromkeys((made.row, *made.behind, *made.closed)):
        if isinstance(row, Governed):
            row.refresh_from_db()
            reason = f"For the sake of {word}." if row == made.row else "With what it carries."
            _closed_by_its_originator(house, row, state, reason)


def _closed_by_its_originator(house: House, row: Governed, state: State, reason: str) -> None:
    kind = kind_of_row(row)
    speaks = house.speaks_for(row.originator)
    at = house.now()
    if speaks is None or kind is None or kind.name not in LEVELS_OF:
        given = {"embargo_until": FAR} if state is State.EMBARGOED else {"safety_flag": True}
        type(row)._base_manager.filter(pk=row.pk).update(**given)
        row.refresh_from_db()
    elif state is State.EMBARGOED:
        change_terms(row, replace(terms_of(row), embargo_until=FAR), reason=reason, by=speaks, at=at)
    else:
        raise_flag(row, reason=reason, by=speaks, at=at)


def build() -> World:
    """Every kind in every state."""
    house = found()
    planted = {
        (kind, state): plant(house, kind, state)
        for kind, sample in SAMPLES.items()
        for state in State
        if state in sample.states
    }
    real = found(Realm.REAL)
    planted_there = {kind: plant(real, kind, state) for kind, state in CLOSED.items()}
    browsers = {reader: Browser(signed_in(house, reader)) for reader in Reader}
    for realm in Realm:
        sequence(realm)
    close_batch(Realm.FICTION, house.now())
    return World(house, planted, planted_there, now(Realm.FICTION), browsers)


def signed_in(house: House, reader: Reader) -> Client:
    """A client that reads from a reader's seat."""
    client, actor = Client(), house.readers[reader]
    if actor.kind is ActorKind.ANONYMOUS:
        return client
    if actor.kind is ActorKind.OPERATOR:
        person = register_person(name="Olga", email="olga@example.org", language="en", by=OPERATOR, at=AT)
        make_operator(person, by=OPERATOR, at=AT)
        chosen = OPERATOR_SEAT
    else:
        person = Seat.objects.select_related("person").get(public_id=actor.id).person
        chosen = actor.id
    client.force_login(person)
    session = client.session
    session[SEATS_KEY] = {"fiction": chosen}
    session.save()
    return client
