"""The house that the leak suite walks: unlike readers, a rival network, and words that must not get out."""

import hashlib
import itertools
from base64 import b32encode
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from comity.conftest import OPERATOR
from comity.people.actions import register_person
from comity.people.models import Role, Seat
from comity.people.queries import actor_of
from comity.people.tests.seats import grant_seat
from comity.plain.actors import ANONYMOUS, ActorKind, ActorRef
from comity.plain.kinds import Exit
from comity.plain.levels import Level, Realm
from comity.registry.access import Circles, may_see
from comity.registry.models import Governed, Organisation
from comity.registry.queries import inside
from comity.registry.tests.factories import AT, member, network, party
from comity.texts.tests.congress import Congress, convene, seat


class State(StrEnum):
    """The states in which a row of each kind is made: the six levels, two that close a public row, and a public row
    about somebody of whom not everybody may know.
    """

    PUBLIC = "public"
    NETWORK = "network"
    BODY = "body"
    ORGANISATION = "organisation"
    ROOM = "room"
    SEALED = "sealed"
    EMBARGOED = "embargoed"
    FLAGGED = "flagged"
    UNNAMED = "unnamed"

    @property
    def level(self) -> Level:
        """The level that a row in this state has."""
        public = self in {State.EMBARGOED, State.FLAGGED, State.UNNAMED}
        return Level.PUBLIC if public else Level[self.name]


USUAL = frozenset(State) - {State.UNNAMED}
"""The states in which most kinds know rows."""


class Reader(StrEnum):
    """Who reads."""

    ANONYMOUS = "anonymous"
    MEMBER = "member"
    PARTICIPANT = "participant"
    OWN = "own"
    RIVAL = "rival"
    OTHER = "other-secretariat"
    SECRETARIAT = "secretariat"
    OPERATOR = "operator"


def canary(*of: object) -> str:
    """A word that stands nowhere else, the same in every run: fourteen letters from the digest of what it marks."""
    digest = hashlib.sha256(":".join(map(str, of)).encode()).digest()
    letters = b32encode(digest).decode().lower().translate(str.maketrans("234567", "bcdfgh"))
    return f"qz{letters[:12]}"


@dataclass(frozen=True)
class Made:
    """A row of a kind, the rows it stands behind, and who shares its circles beyond what the registry knows."""

    row: Any
    behind: tuple[Any, ...] = ()
    """Rows without which this one may not be seen either, e.g. the text of an amendment."""
    body: frozenset[str] = frozenset()
    """Public ids of the organisations that share it at level BODY."""
    room: frozenset[str] = frozenset()
    """Public ids of the organisations that share it at ROOM and SEALED."""
    seats: frozenset[str] | None = None
    """Where a room is of single seats: their public ids."""
    closed: tuple[Any, ...] = ()
    """Rows made with it that take its embargo and its safety flag."""
    read_by: Callable[[ActorRef], bool] | None = None
    """Of what is no governed row, e.g. a request: who reads it."""


@dataclass(frozen=True)
class Sample:
    """What makes one row of a kind through the room's actions, and the states in which the kind knows rows."""

    make: Callable[["House", State, str], Made]
    states: frozenset[State] = USUAL
    declared: bool = True
    """Whether it is of a declared kind; what is none, such as a request, says in ``Made.read_by`` who reads it."""


@dataclass(frozen=True)
class Way:
    """An address of the house: the exit that it is, and of what kind's single thing; or why no restricted row stands
    there.
    """

    exit: Exit | None = None
    kind: str = ""
    """The kind whose id the address names; ``*`` for any; empty where it gathers many things or none."""
    fill: tuple[tuple[str, str], ...] = ()
    """Other parts of the address."""
    asks: str = ""
    """What is asked there; ``{word}`` stands for the word planted in a row."""
    facts: str = ""
    """Where it is no exit: why nothing restricted can stand there."""


@dataclass
class House:
    """Who there is. The clock goes an hour with each act."""

    congress: Congress
    rival_network: Organisation
    readers: dict[Reader, ActorRef]
    preparer: ActorRef
    """Who prepares for the head of the own party."""
    clock: Iterator[datetime] = field(
        default_factory=lambda: (AT + timedelta(hours=hour) for hour in itertools.count(1))
    )

    def now(self) -> datetime:
        """The instant of the next act."""
        return next(self.clock)

    @property
    def realm(self) -> Realm:
        """Where it stands."""
        return Realm(self.network.realm)

    @property
    def network(self) -> Organisation:
        """The network that governs."""
        return self.congress.network

    @property
    def own(self) -> Organisation:
        """The party whose things are restricted."""
        return self.congress.parties[0]

    @property
    def participant(self) -> Organisation:
        """A party that takes part in what is shared at level BODY."""
        return self.congress.parties[1]

    @property
    def rival(self) -> Organisation:
        """A party of the same network that takes part in nothing it need not."""
        return self.congress.parties[2]

    def speaks_for(self, organisation: Organisation) -> ActorRef | None:
        """Who closes what an organisation began: the head of a party, the secretariat for the network."""
        if organisation == self.network:
            return self.congress.secretariat
        heads = dict(zip(self.congress.parties, self.congress.heads, strict=True))
        return heads.get(organisation)

    def ids(self, organisations: Iterable[Organisation]) -> frozenset[str]:
        """Their public ids."""
        return frozenset(organisation.public_id for organisation in organisations)

    def allows(self, made: Made, reader: Reader, at: datetime) -> bool:
        """What the single check says: may this reader see the row, and each row that it stands behind."""
        if made.read_by is not None:
            return made.read_by(self.readers[reader])
        return all(self._one(made, row, self.readers[reader], at) for row in (made.row, *made.behind))

    def _one(self, made: Made, row: Any, actor: ActorRef, at: datetime) -> bool:
        if isinstance(row, Organisation):
            known = {row.public_id, *made.body}  # whoever shares a thing with a protected organisation knows it
            return row.level == Level.PUBLIC or bool(actor.organisation and actor.organisation in known)
        if not isinstance(row, Governed):
            return True
        own = Organisation.objects.filter(public_id=actor.organisation).first() if actor.organisation else None
        circles = Circles(own.pk, inside(actor, at)) if own else Circles()
        in_room = actor.id in made.seats if made.seats is not None else actor.organisation in made.room
        in_body = actor.organisation in made.body
        return bool(may_see(row, actor, at, circles, in_body=in_body, in_room=in_room))


def found(realm: Realm = Realm.FICTION) -> House:
    """A network of three full members and an associate, another network, and somebody seated for each."""
    congress = convene(3, "Concord of the Quiet Shore", realm)
    associate = party("Associate of the Quiet Shore", realm=realm)
    member(associate, congress.network, standing="associate", start="2005")
    elsewhere = network("Concord of the Far Shore", realm)
    readers = {
        Reader.ANONYMOUS: ANONYMOUS,
        Reader.MEMBER: seat(associate, Role.HEAD, congress.network),
        Reader.PARTICIPANT: congress.heads[1],
        Reader.OWN: congress.heads[0],
        Reader.RIVAL: congress.heads[2],
        Reader.OTHER: seat(elsewhere, Role.SECRETARIAT, elsewhere),
        Reader.SECRETARIAT: congress.secretariat,
        Reader.OPERATOR: ActorRef(ActorKind.OPERATOR, OPERATOR.id),
    }
    return House(congress, elsewhere, readers, _preparer(congress))


def _preparer(congress: Congress) -> ActorRef:
    head = Seat.objects.select_related("organisation").get(public_id=congress.heads[0].id)
    person = register_person(name="Pat", email=f"pat.{head.public_id}@example.org", language="en", by=OPERATOR, at=AT)
    beside = grant_seat(
        person=person,
        organisation=head.organisation,
        role=Role.PREPARER,
        title="preparer",
        start=head.start,
        for_seat=head,
        by=OPERATOR,
        at=AT,
    )
    return actor_of(beside)
