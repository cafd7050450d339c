"""Another day: what was known and in force on the day a visitor chooses, and what nobody could know yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.commitments.models import Commitment
from comity.commitments.queries import Promise, promises
from comity.plain.kinds import called
from comity.plain.place import Place
from comity.plain.time import end_of
from comity.registry.dates import short_day
from comity.rules.words import listed
from comity.site.home.promises import counts_in_words
from comity.site.pictures import day_line
from comity.texts.models import Adoption, AdReferendum, BoardAnswer
from comity.texts.queries.standing import boards_awaited


@dataclass(frozen=True)
class DayTry:
    """What was known and in force on the chosen day."""

    day: date
    first: date
    last: date
    finding: str
    passed: tuple[str, ...]
    unknown: tuple[str, ...]
    picture: str


def try_day(adoption: Adoption, now: list[Promise], asked: Mapping[str, str], place: Place) -> DayTry:
    """The state of the promises on the day asked for, by default a due day gone by; ``now`` is today's."""
    rows = Commitment.objects.visible_to(place.actor, place.at).filter(adoption=adoption)
    adopted = adoption.at.astimezone(UTC).date()
    day = _day_asked(asked.get("day", ""), now, adopted, place)
    known_by = end_of(day, place.at)
    then = promises(rows, day, known_by)
    return DayTry(
        day=day,
        first=adopted - timedelta(days=365),
        last=place.as_of,
        finding=counts_in_words(then) if then else _not_yet(adoption, known_by),
        passed=tuple(_clauses_due(then, day, place)),
        unknown=tuple(_unknown(adoption, known_by, place)),
        picture=_line(adoption, now, adopted, day, place),
    )


def _day_asked(text: str, now: list[Promise], adopted: date, place: Place) -> date:
    try:
        return min(date.fromisoformat(text), place.as_of)
    except ValueError:
        passed = sorted({promise.commitment.due for promise in now if promise.commitment.due <= place.as_of})
        return passed[len(passed) // 2] if passed else max(adopted, place.as_of - timedelta(days=30))


def _not_yet(adoption: Adoption, known_by: datetime) -> str:
    if adoption.at > known_by:
        return _("The text had not been adopted; it bound nobody.")
    return _("The text was adopted; no promise had been opened yet.")


def _clauses_due(then: list[Promise], day: date, place: Place) -> list[str]:
    """The clauses whose day was reached last by then: how many parties had kept them, and who had not."""
    reached = [promise for promise in then if promise.due <= day]
    if not reached:
        return []
    last = max(promise.due for promise in reached)
    told = []
    for label in sorted({promise.commitment.block.label for promise in reached if promise.due == last}):
        of_clause = [promise for promise in reached if promise.commitment.block.label == label and promise.due == last]
        open_ = [called(p.commitment.organisation, place).words for p in of_clause if not p.evidence]
        kept = ngettext("%(n)s party had kept it", "%(n)s parties had kept it", len(of_clause) - len(open_))
        words = {"clause": label, "due": short_day(last), "kept": kept % {"n": len(of_clause) - len(open_)}}
        sentence = _("Clause %(clause)s was due on %(due)s: %(kept)s.")
        if open_:
            words["open"] = listed(open_)
            sentence = _("Clause %(clause)s was due on %(due)s: %(kept)s, not yet %(open)s.")
        told.append(sentence % words)
    return told


def _unknown(adoption: Adoption, known_by: datetime, place: Place) -> list[str]:
    told = [
        _("whether the board of %(party)s would agree") % {"party": called(party, place).words}
        for party, _meets in boards_awaited(adoption.text, known_by)
    ]
    if adoption.at > known_by:
        told.append(_("what would be decided"))
    return told


def _line(adoption: Adoption, now: list[Promise], adopted: date, day: date, place: Place) -> str:
    """The days on which something changed, and those still awaited."""
    known_by = place.known_by
    changed = {adopted, *(promise.since for promise in now if promise.since)}
    awarded = BoardAnswer.objects.filter(awaited__adoption=adoption, at__lte=known_by).values_list("at", flat=True)
    changed |= {at.astimezone(UTC).date() for at in awarded}
    boards = AdReferendum.objects.filter(adoption=adoption, at__lte=known_by, answer=None)
    awaited = {row.board_meets for row in boards if row.board_meets and row.board_meets > place.as_of}
    words = {one: short_day(one, year=False) for one in {*changed, day, *awaited}}
    return day_line(words, day, awaited, _("The days on which something changed, and those awaited"))
