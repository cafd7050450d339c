"""The same text as four people may see it: a reader, an author, a rival, the secretariat. Only in the played story."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from django.conf import settings
from django.utils.translation import gettext as _

from comity.people.models import Role, Seat
from comity.people.queries import actor_of, cast
from comity.plain.actors import ANONYMOUS, ActorRef
from comity.plain.kinds import all_kinds, called
from comity.plain.levels import Level, Realm
from comity.plain.place import Place
from comity.registry.models import Governed, Organisation
from comity.site.pictures import eyes_picture
from comity.texts.models import Amendment, Dissent, Text


@dataclass(frozen=True)
class Seen:
    """One thing that a pair of eyes sees and a reader does not."""

    kind: str
    title: str
    language: str
    level: int
    attribution: str
    address: str


@dataclass(frozen=True)
class Eyes:
    """One of the four: who looks, what of the text they see, and what besides."""

    role: str
    organisation: str
    sees_text: bool
    amendments: int
    dissent: int
    more: tuple[Seen, ...]
    not_seen: int
    """How many restricted things of the network stand outside this circle; shown in the story alone."""

    @property
    def picture(self) -> str:
        """A page in small: the public lines, the brace, and a frame for each thing seen besides."""
        return eyes_picture([seen.level for seen in self.more])


def four_readers(place: Place, text: Text | None) -> tuple[Eyes, ...]:
    """The four pairs of eyes on one text of the story; none outside the demonstration's fiction.

    The story's clock moves with every act, so what was computed at one instant holds until the next act.
    """
    if text is None or place.realm is not Realm.FICTION or not settings.DEMO:
        return ()
    return _four(text.pk, place.language, place.at)


@lru_cache(maxsize=16)
def _four(text_pk: int, language: str, at: datetime) -> tuple[Eyes, ...]:
    text = Text.objects.visible_to(ANONYMOUS, at).select_related("network", "originator").get(pk=text_pk)
    stands = Place(Realm.FICTION, language, ANONYMOUS, at, at.date())
    seats = cast(Realm.FICTION, at)
    rival = next((seat for seat in seats if _is_rival(seat, text)), None)
    office = next((seat for seat in seats if seat.role == Role.SECRETARIAT), None)
    lookers = [(_("author"), _seat_of(seats, text.originator)), (_("rival"), rival), (_("secretariat"), office)]
    seen = {seat.organisation_id: _seen_by(text.network, replace(stands, actor=actor_of(seat))) for seat in seats}
    restricted = {address for things in seen.values() for address in things}
    found = [_eyes((_("a reader"), ""), ANONYMOUS, text, at, ({}, len(restricted)))]
    for role, seat in lookers:
        if seat is not None:
            own = seen[seat.organisation_id]
            party = called(seat.organisation, stands).words
            found.append(_eyes((role, party), actor_of(seat), text, at, (own, len(restricted))))
    return tuple(found)


def _seat_of(seats: Sequence[Seat], organisation: Organisation) -> Seat | None:
    own = [seat for seat in seats if seat.organisation_id == organisation.pk]
    return next((seat for seat in own if seat.role == Role.HEAD), own[0] if own else None)


def _is_rival(seat: Seat, text: Text) -> bool:
    """A party that belongs to the network, did not begin the text, and has nothing in the margin of it."""
    if seat.role != Role.HEAD or seat.organisation_id in {text.originator_id, text.network_id}:
        return False
    return not Dissent.objects.filter(text=text, organisation=seat.organisation_id).exists()


def _seen_by(network: Organisation, stands: Place) -> dict[str, Seen]:
    """By address, what an actor sees of a network that is not public: each thing through its own kind's rule."""
    found = {}
    for kind in all_kinds():
        if not issubclass(kind.model, Governed):
            continue
        for row in kind.seen(stands).filter(network=network).exclude(level=Level.PUBLIC):
            address, name = kind.address(row, stands.language), called(row, stands, kind)
            told = (kind.name, name.words, name.language, row.level, row.attribution, address)
            found[address] = Seen(*told)
    return found


def _eyes(
    who: tuple[str, str], actor: ActorRef, text: Text, at: datetime, more: tuple[Mapping[str, Seen], int]
) -> Eyes:
    """One pair of eyes: role and organisation, and of how many restricted things it sees which."""
    own, restricted = more
    sees = Text.objects.visible_to(actor, at).filter(pk=text.pk).exists()
    return Eyes(
        role=who[0],
        organisation=who[1],
        sees_text=sees,
        amendments=Amendment.objects.visible_to(actor, at).filter(text=text).count(),
        dissent=Dissent.objects.filter(text=text, at__lte=at).count() if sees else 0,
        more=tuple(own.values()),
        not_seen=restricted - len(own),
    )
