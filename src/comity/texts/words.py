"""What texts, clauses, stances and amendments are called, in the reader's language."""

from collections.abc import Sequence
from datetime import date

from babel import Locale
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from comity.decisions.core import Outcome
from comity.plain.duties import Duty
from comity.plain.kinds import Note
from comity.registry.dates import day_in_words, day_of_year
from comity.rules.words import listed
from comity.texts.core.clauses import ClauseKind
from comity.texts.core.states import AmendmentState, TextState
from comity.texts.queries import Edition, PartyStanding, ReadingView, SignatureState, Signed, StandingKey, StandingRow

MOST_DAYS = 3
CLAUSE_KINDS = {
    ClauseKind.PREAMBLE: lazy("preamble"),
    ClauseKind.OPINION: lazy("opinion"),
    ClauseKind.FACT: lazy("fact"),
    ClauseKind.PROMISE: lazy("promise"),
    ClauseKind.RULE: lazy("rule"),
}
AMENDMENT_STATES = {
    AmendmentState.OPEN: lazy("open"),
    AmendmentState.AT_THE_VOTE: lazy("at the vote"),
    AmendmentState.ADOPTED: lazy("adopted, not yet taken up"),
    AmendmentState.NOT_ADOPTED: lazy("not adopted"),
    AmendmentState.MERGED: lazy("taken up"),
    AmendmentState.NOT_PUT: lazy("not put to the vote"),
    AmendmentState.WITHDRAWN: lazy("withdrawn"),
}
TEXT_STATES = {
    TextState.DRAFT: lazy("draft"),
    TextState.AT_THE_VOTE: lazy("at the vote"),
    TextState.NOT_ADOPTED: lazy("not adopted"),
    TextState.AWAITING_RECORD: lazy("adopted by vote, not yet recorded"),
    TextState.ADOPTED: lazy("adopted"),
    TextState.OPEN_FOR_SIGNATURE: lazy("open for signature"),
    TextState.PUBLISHED: lazy("signed and published"),
}
STANDING = {
    StandingKey.AGREED: lazy("Agreed"),
    StandingKey.RESERVED: lazy("Reserved"),
    StandingKey.AD_REFERENDUM: lazy("Ad referendum"),
    StandingKey.BOARD_REFUSED: lazy("Board did not agree"),
    StandingKey.DIVIDED: lazy("Divided"),
    StandingKey.AGAINST: lazy("Voted against"),
    StandingKey.ABSTAINED: lazy("Abstained"),
    StandingKey.NOT_TAKING_PART: lazy("Not taking part"),
}
SOURCES = {
    "verified": lazy("verified"),
    "stated": lazy("stated"),
    "self-reported": lazy("self-reported"),
}


def language(code: str) -> str:
    """A language's name as it stands in a sentence of the reader's language; its code when it is not known."""
    names = Locale.parse(get_language() or "en", sep="-").languages
    return str(names.get(code.replace("-", "_")) or names.get(code.partition("-")[0]) or code)


def clauses(labels: Sequence[str]) -> str:
    """``clause 4``, ``clauses 3, 5 and 7``, or ``clauses 3 to 7`` where the numbers follow each other."""
    if not labels:
        return _("the whole text")
    numbers = [int(label) for label in labels if label.isdigit()]
    if len(numbers) == len(labels) > 2 and numbers == list(range(numbers[0], numbers[0] + len(numbers))):
        return _("clauses %(first)s to %(last)s") % {"first": numbers[0], "last": numbers[-1]}
    told = ngettext("clause %(clauses)s", "clauses %(clauses)s", len(labels))
    return told % {"clauses": listed(labels)}


def stance(row: StandingRow) -> str:
    """The row's heading."""
    if row.clauses:
        return _("Reserved on %(clauses)s") % {"clauses": clauses(row.clauses)}
    return str(STANDING[row.key])


def _votes(number: int) -> str:
    return ngettext("%(n)s vote", "%(n)s votes", number) % {"n": number}


def _votes_for(number: int) -> str:
    return ngettext("%(n)s vote for", "%(n)s votes for", number) % {"n": number}


def together(row: StandingRow) -> str:
    """How many parties and votes agreed."""
    if not row.parties:
        return ""
    told = {"votes": _votes(row.votes), "n": len(row.parties)}
    return ngettext("%(n)s party, %(votes)s", "%(n)s parties, %(votes)s", len(row.parties)) % told


def standing(party: PartyStanding) -> str:
    """What one party gave, and what follows from it, in one line."""
    told = {"votes": _votes_for(party.votes), "day": day_in_words(party.answer.at.date()) if party.answer else ""}
    messages = {
        StandingKey.RESERVED: _("%(votes)s; agrees to all other clauses"),
        StandingKey.BOARD_REFUSED: _("%(votes)s; not bound: its board did not agree, %(day)s"),
        StandingKey.DIVIDED: _("%(votes)s; a delegation that divides its votes does not bind its party"),
    }
    if party.key in messages:
        return messages[party.key] % told
    if party.key is StandingKey.AD_REFERENDUM:
        return _awaiting(party)
    if party.key is StandingKey.NOT_TAKING_PART:
        return _unused(party)
    return _("%(votes)s; its board agreed, %(day)s") % told if party.answer is not None else _votes(party.votes)


def _unused(party: PartyStanding) -> str:
    unused = ngettext("%(n)s vote not used", "%(n)s votes not used", party.votes) % {"n": party.votes}
    reason = any(row.kind == "non-participation" for row in party.dissent)
    return unused if reason else _("%(unused)s; it has given no reason") % {"unused": unused}


def _awaiting(party: PartyStanding) -> str:
    told = {"votes": _votes_for(party.votes)}
    awaited = party.awaited
    if awaited is None or awaited.board_meets is None:
        plain = _("%(votes)s; not bound until its board agrees") % told
    else:
        plain = _("%(votes)s; not bound until its board agrees, %(day)s") % (
            told | {"day": day_in_words(awaited.board_meets)}
        )
    if not party.reserved_on:
        return plain
    return _("%(plain)s; it reserves %(clauses)s") % {"plain": plain, "clauses": clauses(party.reserved_on)}


def result(outcome: Outcome | None) -> str:
    """The votes and what was needed."""
    if outcome is None:
        return ""
    told = {"given": outcome.count.in_favour, "needed": outcome.count.needed, "allocated": outcome.tally.allocated}
    if outcome.count.needed is None:
        return _("%(given)s votes for, of %(allocated)s allocated.") % told
    return _("%(given)s of %(allocated)s allocated votes; %(needed)s were needed.") % told


def promise_states(notes: Sequence[Note]) -> list[tuple[str, bool]]:
    """How many promises are in each state, in words; True where the words are set bold (missed, silent)."""
    counts = {duty: [note for note in notes if note.mark == duty] for duty in Duty}
    if len(counts[Duty.NOT_DUE]) == len(notes) and not any(note.words for note in notes):
        return [(_("none due yet"), False)]
    messages = {
        Duty.KEPT: ngettext("%(n)s kept", "%(n)s kept", len(counts[Duty.KEPT])),
        Duty.LATE: ngettext("%(n)s kept late", "%(n)s kept late", len(counts[Duty.LATE])),
        Duty.NIL: ngettext("%(n)s nil", "%(n)s nil", len(counts[Duty.NIL])),
        Duty.MISSED: ngettext("%(n)s missed (with reply)", "%(n)s missed (with reply)", len(counts[Duty.MISSED])),
        Duty.SILENT: ngettext("%(n)s silent", "%(n)s silent", len(counts[Duty.SILENT])),
    }
    told = [
        (messages[duty] % {"n": len(counts[duty])}, duty in {Duty.MISSED, Duty.SILENT})
        for duty in messages
        if counts[duty]
    ]
    moved = [note for note in counts[Duty.NOT_DUE] if note.words]
    waiting = len(counts[Duty.NOT_DUE]) - len(moved)
    if waiting:
        told.append((ngettext("%(n)s not due yet", "%(n)s not due yet", waiting) % {"n": waiting}, False))
    for until in sorted({note.words for note in moved}):
        number = sum(note.words == until for note in moved)
        words = ngettext("%(n)s moved to %(day)s", "%(n)s moved to %(day)s", number)
        told.append((words % {"n": number, "day": day_in_words(date.fromisoformat(until))}, False))
    return told


def promises_due(notes: Sequence[Note], due: date | None) -> str:
    """How many promises hang on a clause, and until when."""
    told = {"n": len(notes), "day": day_in_words(due) if due else ""}
    return ngettext("%(n)s promise, due %(day)s:", "%(n)s promises, due %(day)s:", len(notes)) % told


def origin(view: ReadingView, edition: Edition) -> str:
    """Where a reading stands, and what became of it."""
    on = day_in_words(view.on) if view.on else ""
    if view.version is not None:
        told = {"version": view.version.number, "how": _how(view), "day": on}
        return _("version %(version)s; %(how)s, %(day)s") % told
    assert view.amendment is not None
    told = {
        "number": view.amendment.number,
        "sponsor": edition.name(view.amendment.originator),
        "fate": _fate(view),
        "day": on,
    }
    return _("amendment %(number)s, %(sponsor)s; %(fate)s, %(day)s") % told


def _how(view: ReadingView) -> str:
    if view.amendment is not None:
        return view.amendment.merged_as or _("from amendment %(number)s") % {"number": view.amendment.number}
    assert view.next is not None
    return view.next.note or _("changed in version %(number)s") % {"number": view.next.number}


def _fate(view: ReadingView) -> str:
    assert view.amendment is not None
    assert view.state is not None
    if view.state is AmendmentState.NOT_ADOPTED and view.outcome is not None:
        told = {"given": view.outcome.count.in_favour, "allocated": view.outcome.tally.allocated}
        return _("not adopted, %(given)s of %(allocated)s") % told
    if view.state is AmendmentState.NOT_PUT and view.amendment.not_put_because:
        return _("not put to the vote: %(reason)s") % {"reason": view.amendment.not_put_because}
    return str(AMENDMENT_STATES[view.state])


def changed_since(edition: Edition) -> str:
    """What changed since adoption, and on which days; empty before adoption."""
    if edition.adoption is None:
        return ""
    days = [day_of_year(changed) for changed in edition.changed]
    if not days:
        return _("Nothing has changed since adoption.")
    told = {"n": len(days), "days": listed(days[-MOST_DAYS:])}
    if len(days) > MOST_DAYS:
        return _("Changed on %(n)s days since adoption, last on %(days)s.") % told
    return _("Changed since adoption on %(days)s.") % told


def to_come(edition: Edition) -> str:
    """What is known to come: boards that have not answered, and reviews."""
    told = [
        _("%(day)s, the board of %(party)s") % {"day": day_in_words(meets), "party": edition.name(party)}
        if meets
        else _("the board of %(party)s, on a day it has not named") % {"party": edition.name(party)}
        for party, meets in edition.boards
    ]
    return _("Known to come: %(things)s.") % {"things": listed(told)} if told else ""


def effect_of_board(numbers: Sequence[str], agreed: bool | None, answered: date | None) -> str:
    """What an agreement ad referendum means, before and after the board's answer."""
    told = {"clauses": clauses(numbers), "day": day_in_words(answered) if answered else ""}
    if agreed is None:
        return _("No promise of this party under %(clauses)s is counted until its board agrees.") % told
    if agreed:
        return _("This party is bound by %(clauses)s since %(day)s, when its board agreed.") % told
    return _("This party is not bound by %(clauses)s: its board did not agree, %(day)s.") % told


def default_effect(numbers: Sequence[str]) -> str:
    """What a reservation means where its party states no effect."""
    return _("This party is not bound by %(clauses)s.") % {"clauses": clauses(numbers)}


def signature(signed: Signed) -> str:
    """What a party's signature is, and what follows from it, in one line."""
    told = {"day": day_in_words(signed.row.at.date()), "version": signed.row.version.number}
    if signed.withdrawal is not None:
        return _("signed on %(day)s; withdrawn on %(end)s") % (
            told | {"end": day_in_words(signed.withdrawal.at.date())}
        )
    if signed.state is SignatureState.OF_EARLIER_VERSION:
        return _("signed version %(version)s on %(day)s; that version was taken back") % told
    if signed.row.ad_referendum:
        return _signed_ad_referendum(signed)
    if signed.earlier_paper:
        return _("signed on %(day)s, before what was last filed beside the text") % told
    return _("signed on %(day)s") % told


def _signed_ad_referendum(signed: Signed) -> str:
    told = {"day": day_in_words(signed.row.at.date())}
    if signed.answer is not None:
        told["end"] = day_in_words(signed.answer.at.date())
        if signed.answer.agrees:
            return _("signed ad referendum on %(day)s; its board agreed on %(end)s") % told
        return _("signed ad referendum on %(day)s; not bound: its board did not agree, %(end)s") % told
    if signed.row.board_meets is None:
        return _("signed ad referendum on %(day)s; not bound until its board agrees") % told
    told["end"] = day_in_words(signed.row.board_meets)
    return _("signed ad referendum on %(day)s; not bound until its board agrees, %(end)s") % told


def signed_by(signatures: Sequence[Signed]) -> str:
    """How many parties' names stand under a text, and how many were struck."""
    stand = sum(signed.stands for signed in signatures)
    struck = sum(signed.state is SignatureState.WITHDRAWN for signed in signatures)
    told = ngettext("%(n)s party has signed.", "%(n)s parties have signed.", stand) % {"n": stand}
    if not struck:
        return told
    withdrawn = ngettext("%(n)s has withdrawn.", "%(n)s have withdrawn.", struck) % {"n": struck}
    return f"{told} {withdrawn}"
