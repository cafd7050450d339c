"""What waits for a party's signature, and for its own board, on its desks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from comity.people.desk import Ask, Due, due_by
from comity.people.models import Seat
from comity.people.queries import actor_of
from comity.plain.duties import Duty
from comity.plain.kinds import called
from comity.plain.place import Place
from comity.plain.time import day_in
from comity.registry.dates import short_day
from comity.registry.edges import here
from comity.texts.access import SPEAKS_FOR_IT, may_sign
from comity.texts.kinds import TEXT
from comity.texts.models import AdReferendum, SignOff, Text
from comity.texts.queries import Signed, publication_on, signatures_on


@due_by
def boards(seat: Seat, place: Place) -> Iterable[Due]:
    """What the seat's party agreed to subject to its board, answered or not."""
    if seat.acts_as(place.at) not in SPEAKS_FOR_IT:
        return []
    rows = AdReferendum.objects.filter(organisation=seat.organisation, at__lte=place.known_by)
    if seat.network_id:
        rows = rows.filter(adoption__text__network=seat.network)
    seen = TEXT.standing(place)
    rows = rows.filter(adoption__text__in=seen.values("pk")).select_related("adoption__text__network", "answer")
    return [_board(_after_vote(row), place) for row in rows]


@dataclass(frozen=True)
class _Awaited:
    """What a board is to decide: agreed at a vote, or signed, subject to it."""

    text: Text
    at: datetime
    meets: date | None
    answered_at: datetime | None
    what: str
    """The last part of its key."""
    act: str
    """Where the answer is reported: the name of an act on the text."""
    effect: str
    source: str


def _after_vote(row: AdReferendum) -> _Awaited:
    answer = getattr(row, "answer", None)
    effect = _("Until it agrees, the clauses put to it do not bind your party.")
    source = row.article or _("ad referendum")
    answered_at = answer.at if answer else None
    return _Awaited(row.adoption.text, row.at, row.board_meets, answered_at, "board", "answer", effect, source)


def _after_signing(own: Signed, text: Text) -> _Awaited:
    row, answered_at = own.row, own.answer.at if own.answer else None
    effect = _("Until it agrees, the signature does not bind your party.")
    return _Awaited(
        text, row.at, row.board_meets, answered_at, "board-on-signature", "board", effect, _("ad referendum")
    )


def _board(awaited: _Awaited, place: Place) -> Due:
    text, zone = awaited.text, awaited.text.network.time_zone
    known = awaited.answered_at is not None and awaited.answered_at <= place.known_by
    answered = day_in(zone, awaited.answered_at) if known and awaited.answered_at else None
    until = awaited.meets or day_in(zone, awaited.at)
    told = {"text": called(text, place).words}
    if answered:
        state = Duty.KEPT if answered <= until or awaited.meets is None else Duty.LATE
    else:
        state = Duty.SILENT if awaited.meets and awaited.meets < place.as_of else Duty.NOT_DUE
    return Due(
        key=f"text:{text.public_id}:{awaited.what}",
        words=_("Say what your board decided on “%(text)s”") % told,
        until=until,
        zone=zone,
        state=state,
        owed_to=text.network,
        level=text.entered_as(place.at),
        address=here(place, "text-act", public_id=text.public_id, act=awaited.act),
        act=_("Record what the board said"),
        effect=awaited.effect,
        source=awaited.source,
        duty=_("Own board: %(text)s") % told,
        note=_board_note(awaited, answered=short_day(answered) if answered else ""),
        asks=(
            Ask("agrees", _("Your board"), choices=(("yes", _("agrees")), ("no", _("does not agree")))),
            Ask("words", _("Its words"), words=6000, required=False),
            Ask("language", given=place.language),
        ),
    )


def _board_note(awaited: _Awaited, *, answered: str) -> str:
    if answered:
        return _("answered %(day)s") % {"day": answered}
    return "" if awaited.meets else _("no day named")


@due_by
def signatures(seat: Seat, place: Place) -> Iterable[Due]:
    """Each joint statement that awaits the signature of the seat's party, and the board's word on one signed so far."""
    if seat.acts_as(place.at) not in SPEAKS_FOR_IT:
        return
    texts = TEXT.standing(place)
    rows = SignOff.objects.filter(version__text__in=texts.values("pk"), at__lte=place.known_by)
    rows = rows.exclude(taken_back_at__lte=place.known_by).select_related("version__text__network")
    for row in rows:
        if may_sign(actor_of(seat), place.at, row.version.text, seat.organisation):
            yield from _on_statement(row, seat, place)


def _on_statement(opened: SignOff, seat: Seat, place: Place) -> Iterable[Due]:
    """A party that withdrew, or whose board refused, has decided: it may sign again, and is not asked to."""
    text = opened.version.text
    signed = [one for one in signatures_on(text, place.known_by) if one.row.version_id == opened.version_id]
    own = next((one for one in reversed(signed) if one.row.organisation_id == seat.organisation_id), None)
    published = publication_on(text, place.known_by)
    if own is None and (published is None or published.at > place.known_by):
        yield _to_sign(opened, published.at if published else None, place)
    if own is not None and own.row.ad_referendum and own.withdrawal is None:
        yield _board(_after_signing(own, text), place)


def _to_sign(opened: SignOff, published: datetime | None, place: Place) -> Due:
    text, zone = opened.version.text, opened.version.text.network.time_zone
    told = {"text": called(text, place).words}
    return Due(
        key=f"text:{text.public_id}:signature",
        words=_("“%(text)s” awaits your party’s signature") % told,
        until=published or day_in(zone, opened.at),
        zone=zone,
        state=Duty.NOT_DUE,
        owed_to=text.network,
        level=text.entered_as(place.at),
        address=here(place, "text-sign", public_id=text.public_id),
        act=_("Read and sign"),
        effect=_("Your party signs or does not; nothing is taken for its signature."),
        source=_("joint statement"),
        duty=_("Signature: %(text)s") % told,
        note="" if published else _("open since %(day)s") % {"day": short_day(day_in(zone, opened.at))},
    )
