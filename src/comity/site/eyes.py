"""The same text as four people may see it: a reader, an author, a rival, the secretariat. Only in the played story."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from comity.people.models import Role, Seat
from comity.people.queries import actor_of, cast
from comity.plain.actors import ANONYMOUS, ActorRef
from comity.plain.kinds import all_kinds
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
    """The four pairs of eyes on one text of the story; none outside the demonstration's fiction."""
    if text is None or place.realm is not Realm.FICTION or not settings.DEMO:
        return ()
    seats = cast(Realm.FICTION, place.at)
    author = _seat_of(seats, text.originator)
    rival = next((seat for seat in seats if _is_rival(seat, text)), None)
    office = next((seat for seat in seats if seat.role == Role.SECRETARIAT), None)
    lookers = [
        (_("a reader"), None),
        (_("author"), author),
        (_("rival"), rival),
        (_("secretariat"), office),
    ]
    restricted = _restricted(text.network, seats, place)
    return tuple(_eyes(role, seat, text, place, restricted) for role, seat in lookers if seat or role == lookers[0][0])


def _seat_of(seats: Sequence[Seat], organisation: Organisation) -> Seat | None:
    own = [seat for seat in seats if seat.organisation_id == organisation.pk]
    return next((seat for seat in own if seat.role == Role.HEAD), own[0] if own else None)


def _is_rival(seat: Seat, text: Text) -> bool:
    """A party that belongs to the network, did not begin the text, and has nothing in the margin of it."""
    dissenting = Dissent.objects.filter(text=text).values_list("organisation_id", flat=True)
    aside = {text.originator_id, text.network_id, *dissenting}
    return seat.role == Role.HEAD and seat.organisation_id not in aside


def _visible_rows(network: Organisation, actor: ActorRef, place: Place) -> Iterable[tuple[str, Any, str, str, str]]:
    for kind in all_kinds():
        if not issubclass(kind.model, Governed):
            continue
        for row in kind.visible(actor, place.at, place.realm).filter(network=network).exclude(level=Level.PUBLIC):
            yield (
                kind.name,
                row,
                kind.title(row),
                kind.language_of(row),
                kind.address(row, place.language),
            )


def _restricted(network: Organisation, seats: Sequence[Seat], place: Place) -> set[tuple[str, int]]:
    """Every restricted thing that anybody of the cast sees, so that each can be told how many it misses."""
    actors = {seat.organisation_id: actor_of(seat) for seat in seats}.values()
    return {(name, row.pk) for actor in actors for name, row, *_rest in _visible_rows(network, actor, place)}


def _eyes(role: str, seat: Seat | None, text: Text, place: Place, restricted: set[tuple[str, int]]) -> Eyes:
    actor = actor_of(seat) if seat else ANONYMOUS
    more = [
        (Seen(name, title, language, row.level, row.attribution, address), (name, row.pk))
        for name, row, title, language, address in _visible_rows(text.network, actor, place)
    ]
    sees = Text.objects.visible_to(actor, place.at).filter(pk=text.pk).exists()
    return Eyes(
        role=role,
        organisation=seat.organisation.name if seat else "",
        sees_text=sees,
        amendments=Amendment.objects.visible_to(actor, place.at).filter(text=text).count(),
        dissent=Dissent.objects.filter(text=text).count() if sees else 0,
        more=tuple(seen for seen, _key in more),
        not_seen=len(restricted - {key for _seen, key in more}),
    )
