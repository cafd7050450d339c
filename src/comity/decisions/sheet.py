"""What a decision's page shows, gathered for one reader and one day. Before the close: nobody's votes but one's own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from comity.decisions import core, pictures, queries, words
from comity.decisions.models import Decision, Entitlement, Vote
from comity.decisions.pictures import Bloc, Threshold
from comity.decisions.queries import Recount
from comity.plain.kinds import Called, Note, called, notes_beside
from comity.plain.place import Place
from comity.plain.stances import Stance
from comity.registry.dates import day_in_words
from comity.registry.models import Organisation
from comity.rules.core import Base

LEGEND = {
    Stance.AGREED: gettext_lazy("Full circle: for."),
    Stance.RESERVED: gettext_lazy("Ring with a white core: for, with a reservation."),
    Stance.AD_REFERENDUM: gettext_lazy("Half: for, ad referendum."),
    Stance.AGAINST: gettext_lazy("Struck: against."),
    Stance.ABSTAINED: gettext_lazy("Open circle: abstained."),
    Stance.UNUSED: gettext_lazy("Dotted: not used."),
}
WORDS = {
    Stance.AGREED: gettext_lazy("agreed"),
    Stance.RESERVED: gettext_lazy("agreed with a reservation"),
    Stance.AD_REFERENDUM: gettext_lazy("agreed ad referendum"),
    Stance.AGAINST: gettext_lazy("voted against"),
    Stance.ABSTAINED: gettext_lazy("abstained"),
    Stance.UNUSED: gettext_lazy("registered, gave no vote"),
}


class State(StrEnum):
    """Where a decision stands on the page's day."""

    NOT_YET = "not-yet"
    OPEN = "open"
    CLOSED = "closed"


def state_of(decision: Decision, known_by: datetime) -> State:
    """Where a decision stood at an instant."""
    if decision.opened_at > known_by:
        return State.NOT_YET
    return State.CLOSED if decision.closed_by(known_by) else State.OPEN


@dataclass(frozen=True)
class NoteRow:
    """What a room above says beside a delegation's votes."""

    mark: str
    words: str
    at: datetime
    address: str


@dataclass(frozen=True)
class DelegationRow:
    """One delegation's line: its votes, where it stands, and what it says of it."""

    organisation: Organisation
    held: Entitlement
    tally: core.Delegation
    stance: Stance
    word: str
    notes: tuple[NoteRow, ...]
    blocs: tuple[Bloc, ...]

    @property
    def marks(self) -> list[tuple[Stance, range, str]]:
        """For a phone: each way with as many marks as votes, twelve at most, and the words beside."""
        return [(bloc.stance, range(min(bloc.votes, 12)), bloc.told) for bloc in self.blocs]


def delegation_rows(decision: Decision, place: Place, known_by: datetime) -> list[DelegationRow]:
    """All delegations of a closed decision in the order of the picture: for first, unused last, the larger before."""
    beside: dict[str, list[Note]] = {}
    for note in notes_beside("decision", decision, replace(place, as_of=place.at.date())):
        if note.at <= known_by:
            beside.setdefault(note.organisation, []).append(note)
    given = queries.votes_of(decision)
    tally = {row.organisation: row for row in queries.tally_of(decision).rows}
    rows = [
        _row(held, tally[held.organisation.public_id], given.get(held.organisation_id), beside, place)
        for held in queries.delegations(decision)
    ]
    order = list(Stance)
    return sorted(rows, key=lambda row: (order.index(row.stance), -row.held.allocated, row.organisation.name))


def _row(
    held: Entitlement, tally: core.Delegation, vote: Vote | None, beside: Mapping[str, Sequence[Note]], place: Place
) -> DelegationRow:
    notes = beside.get(held.organisation.public_id, [])
    reserved = any(note.mark == Stance.RESERVED for note in notes)
    blocs = _blocs(called(held.organisation, place), tally, reserved=reserved)
    stance = blocs[0].stance
    shown = tuple(NoteRow(n.mark, n.words, n.at, f"{place.prefix}/{n.address}" if n.address else "") for n in notes)
    return DelegationRow(held.organisation, held, tally, stance, _word(held, vote, blocs), shown, blocs)


def _word(held: Entitlement, vote: Vote | None, blocs: Sequence[Bloc]) -> str:
    if vote is None and not held.registered:
        return _("not registered")
    ways = [bloc for bloc in blocs if bloc.stance is not Stance.UNUSED]
    if len(ways) > 1:
        return _("its votes divided")
    return str(WORDS[blocs[0].stance])


def _blocs(name: Called, tally: core.Delegation, *, reserved: bool) -> tuple[Bloc, ...]:
    in_favour = Stance.RESERVED if reserved else Stance.AGREED
    if tally.ad_referendum:
        in_favour = Stance.AD_REFERENDUM
    ways = [
        (in_favour, tally.in_favour),
        (Stance.AGAINST, tally.against),
        (Stance.ABSTAINED, tally.abstained),
        (Stance.UNUSED, tally.unused),
    ]
    return tuple(
        Bloc(name.words, name.language, votes, stance, words.stance_told(stance, votes))
        for stance, votes in ways
        if votes
    )


@dataclass(frozen=True)
class VotePicture:
    """The vote drawn wide and narrow, with its caption."""

    wide: str
    narrow: str
    under: str
    caption: str
    legend: str


def picture_of(outcome: core.Outcome, rows: Sequence[DelegationRow]) -> VotePicture:
    """The half circle (where the fraction falls between seats; else the strip), the strip for a phone, the caption."""
    count = outcome.count
    blocs = _in_base(rows, count.majority.base)
    threshold = _threshold(count)
    title = words.title_sentence(outcome)
    told = _(", ").join(
        _("%(name)s: %(votes)s") % {"name": bloc.name, "votes": bloc.told} for bloc in pictures.in_order(blocs)
    )
    under = _("of %(base)s") % {"base": words.base_words(count.majority.base, count.base_votes)}
    if count.exact is None:
        under = _("votes for, of %(base)s") % {"base": words.base_words(Base.ALLOCATED, outcome.tally.allocated)}
    narrow = pictures.strip(blocs, threshold, title=title, told=told)
    wide = pictures.hemicycle(blocs, threshold, number=count.in_favour, under=under, title=title, told=told)
    used = [stance for stance in Stance if any(bloc.stance is stance for bloc in blocs)]
    return VotePicture(
        wide or pictures.strip(blocs, threshold, title=title, told=told, width=784),
        narrow,
        under,
        _carrying(outcome, blocs),
        " ".join(str(LEGEND[stance]) for stance in used),
    )


def _in_base(rows: Sequence[DelegationRow], base: Base) -> list[Bloc]:
    """The votes of which the majority is taken; others are left out of the picture, never of the table."""
    blocs = [bloc for row in rows for bloc in row.blocs]
    if base in {Base.ALLOCATED, Base.NO_DELEGATION_AGAINST}:
        return blocs
    given = [bloc for bloc in blocs if bloc.stance is not Stance.UNUSED]
    if base is Base.CAST:
        return [bloc for bloc in given if bloc.stance is not Stance.ABSTAINED]
    if base is Base.CAST_WITH_ABSTENTIONS:
        return given
    for row in rows:
        left = row.tally.registered - row.tally.in_favour - row.tally.against - row.tally.abstained
        if left and (base is Base.ENTITLED or row.tally.took_part):
            told = words.stance_told(Stance.UNUSED, left)
            given.append(Bloc(row.blocs[0].name, row.blocs[0].language, left, Stance.UNUSED, told))
    return given


def _threshold(count: core.Count) -> Threshold | None:
    if count.needed is None:
        return None
    told = ngettext("%(votes)s needed", "%(votes)s needed", count.needed) % {"votes": count.needed}
    return Threshold(count.majority.threshold, told)


def _carrying(outcome: core.Outcome, blocs: Sequence[Bloc]) -> str:
    """Who gave the vote that carried the text, where it was reserved or ad referendum."""
    needed, place = outcome.count.needed, 0
    if not outcome.adopted or needed is None:
        return ""
    for bloc in pictures.in_order(blocs):
        place += bloc.votes
        if place < needed:
            continue
        told = {"number": needed, "party": bloc.name}
        if bloc.stance is Stance.AD_REFERENDUM:
            return _("Vote %(number)s, the one that carried the text, was given ad referendum by %(party)s.") % told
        if bloc.stance is Stance.RESERVED:
            return (
                _("Vote %(number)s, the one that carried the text, was given with a reservation by %(party)s.") % told
            )
        return ""
    return ""


@dataclass(frozen=True)
class OptionRow:
    """One rule to choose on the page."""

    recount: Recount
    words: str
    note: str
    bar: str
    verdict: str
    needed: str
    chosen: bool


def option_rows(decision: Decision, options: Sequence[Recount], chosen: Recount) -> list[OptionRow]:
    """The rules to choose, each with its bar and its result."""
    whole = max(option.count.base_votes for option in options if option.count.needed is not None or len(options) == 1)
    rows = []
    for option in options:
        note, day = words.option_note(option, decision)
        count = option.count
        rows.append(
            OptionRow(
                recount=option,
                words=words.option(option),
                note=note % {"day": day_in_words(day)} if day else note,
                bar=""
                if count.needed is None
                else pictures.rule_bar(
                    in_favour=count.in_favour,
                    base=count.base_votes,
                    whole=whole,
                    needed=count.needed,
                    chosen=option.key == chosen.key,
                ),
                verdict=words.verdict(option),
                needed="–" if count.needed is None else str(count.needed),
                chosen=option.key == chosen.key,
            )
        )
    return rows


@dataclass(frozen=True)
class SittingRow:
    """Another decision of the sitting and, where a rule was chosen, how it would have ended."""

    decision: Decision
    told: str
    outcome: core.Outcome


def sitting_rows(decision: Decision, place: Place, known_by: datetime) -> list[SittingRow]:
    """The other decisions of the sitting that were closed by then."""
    rows = []
    for other in queries.same_sitting(decision, place.actor, known_by):
        outcome = queries.counted(other)
        rows.append(SittingRow(other, words.title_sentence(outcome), outcome))
    return rows


def sitting_under(rows: Sequence[SittingRow], chosen: Recount) -> tuple[str, list[str]]:
    """How many others end the same way under the chosen rule, and those that do not, each in a sentence."""
    if not rows:
        return "", []
    changed, same = [], 0
    for row in rows:
        other = queries.recount_under(row.decision, chosen.majority, ad_referendum_counts=chosen.ad_referendum_counts)
        if other.same:
            same += 1
        else:
            changed.append(words.in_sitting(row.decision, other))
    told = {"same": same, "all": len(rows)}
    sentence = ngettext(
        "The other decision of this sitting under that rule: %(same)s of %(all)s ends the same way.",
        "Other decisions of this sitting under that rule: %(same)s of %(all)s end the same way.",
        len(rows),
    )
    return sentence % told, changed
