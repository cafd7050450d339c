"""One real decision on one page: its sentence, its charts, a clause with its dissent, and four things to try."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.commitments.models import Commitment
from comity.commitments.queries import Promise, counted, promises
from comity.decisions.core import ADOPTED, Outcome
from comity.decisions.models import Decision
from comity.decisions.queries import result_of
from comity.plain.duties import Duty
from comity.plain.kinds import called, kind_of_row
from comity.plain.languages import direction
from comity.plain.levels import Realm
from comity.plain.place import Place
from comity.plain.thread import Stage
from comity.rules.words import listed
from comity.site.home.altered_entry import Falsified, try_to_falsify
from comity.site.home.another_day import DayTry, try_day
from comity.site.home.another_rule import RuleTry, try_rule
from comity.site.home.excerpt import Excerpt, excerpt_of
from comity.site.home.other_eyes import Eyes, four_readers
from comity.site.home.promises import squares
from comity.site.pictures import vote_strip
from comity.site.threads import Strand, ThreadView, thread_of
from comity.texts.core.clauses import ClauseKind
from comity.texts.models import Adoption, Text
from comity.texts.queries import StandingKey, StandingRow
from comity.texts.queries.edition import Edition, edition_of


@dataclass(frozen=True)
class Votes:
    """The result as numbers."""

    given: int
    against: int
    abstained: int
    unused: int
    base: int
    needed: int | None
    rest: tuple[str, ...]
    """Abstentions and votes not used, in words, where there are any."""
    picture: str


@dataclass(frozen=True)
class Showcase:
    """Everything the home of the story shows."""

    decision: Decision
    text: Text
    sentence: SafeString
    votes: Votes
    squares: str
    counts: Mapping[Duty, int]
    began: Strand | None
    began_by_reserving: bool
    clause: Excerpt | None
    clauses: int
    rule: RuleTry | None
    eyes: tuple[Eyes, ...]
    day: DayTry
    falsified: Falsified | None
    thread: ThreadView | None

    @property
    def decision_id(self) -> str:
        """The decision's id, for its JSON."""
        return self.decision.public_id


def shown_adoption(place: Place) -> Adoption | None:
    """The newest adopted decision that a reader may see, of a text that became promises, as known on the page's day."""
    known_by = place.known_by
    decisions = Decision.objects.visible_to(place.actor, place.at).in_realm(place.realm)
    texts = Text.objects.visible_to(place.actor, place.at)
    opened = Commitment.objects.visible_to(place.actor, place.at).filter(recorded_at__lte=known_by)
    rows = Adoption.objects.filter(
        decision__in=decisions.filter(outcome=ADOPTED, closed_at__lte=known_by),
        text__in=texts,
        at__lte=known_by,
        pk__in=opened.values("adoption_id"),
    )
    related = rows.select_related("decision__network", "decision__organ", "decision__rules", "text__network", "version")
    return related.order_by("-decision__closed_at").first()


def showcase(place: Place, asked: Mapping[str, str]) -> Showcase | None:
    """The home page's decision with the answers to what was asked; None while no such decision stands.

    The story's clock moves with every act, so in the demonstration an answer holds until the next act.
    """
    if place.realm is Realm.FICTION and settings.DEMO:
        return _held(place, tuple(sorted(asked.items())))
    return _computed(place, asked)


@lru_cache(maxsize=64)
def _held(place: Place, asked: tuple[tuple[str, str], ...]) -> Showcase | None:
    return _computed(place, dict(asked))


def _computed(place: Place, asked: Mapping[str, str]) -> Showcase | None:
    adoption = shown_adoption(place)
    outcome = result_of(adoption.decision) if adoption else None
    if adoption is None or outcome is None:
        return None
    known_by = place.known_by
    rows = Commitment.objects.visible_to(place.actor, place.at).filter(adoption=adoption)
    kept = promises(rows, place.as_of, known_by)
    edition = edition_of(adoption.text, language=place.language, actor=place.actor, known_by=known_by)
    assert edition is not None, "an adopted text has a version"
    thread = thread_of(adoption.decision, place)
    began = _began(thread)
    reserving = {
        party.organisation.pk for row in edition.standing if row.key is StandingKey.RESERVED for party in row.parties
    }
    return Showcase(
        decision=adoption.decision,
        text=adoption.text,
        sentence=_sentence(edition, outcome, kept, place),
        votes=_votes(outcome),
        squares=squares(kept),
        counts=counted(kept),
        began=began,
        began_by_reserving=bool(began and began.row.originator_id in reserving),
        clause=excerpt_of(edition, kept),
        clauses=adoption.version.blocks.exclude(kind=ClauseKind.PREAMBLE).count(),
        rule=try_rule(adoption.decision, asked, place),
        eyes=four_readers(place, adoption.text),
        day=try_day(adoption, kept, asked, place),
        falsified=try_to_falsify(adoption.decision, asked, place),
        thread=thread,
    )


def _began(view: ThreadView | None) -> Strand | None:
    """The meeting from which the decision arose, if any stands."""
    meetings = view.stages[list(Stage).index(Stage.MEET)].strands if view else ()
    return meetings[0] if meetings else None


def _votes(outcome: Outcome) -> Votes:
    count, tally = outcome.count, outcome.tally
    base = max(count.base_votes if count.needed is not None else 0, tally.allocated)
    parts = [
        (tally.abstained, ngettext("%(n)s abstained", "%(n)s abstained", tally.abstained)),
        (tally.unused, ngettext("%(n)s not used", "%(n)s not used", tally.unused)),
    ]
    rest = [words % {"n": number} for number, words in parts if number]
    title = _("%(given)s for, %(against)s against, %(abstained)s abstained, %(unused)s not used, of %(base)s votes") % {
        "given": tally.in_favour,
        "against": tally.against,
        "abstained": tally.abstained,
        "unused": tally.unused,
        "base": base,
    }
    label = _("%(n)s needed") % {"n": count.needed}
    given = {"given": tally.in_favour, "against": tally.against, "abstained": tally.abstained}
    picture = vote_strip(**given, base=base, needed=count.needed, title=title, label=label)
    return Votes(**given, rest=tuple(rest), unused=tally.unused, base=base, needed=count.needed, picture=picture)


def _linked(address: str, words: str, language: str = "") -> SafeString:
    if language:
        return format_html('<a href="{}" lang="{}" dir="{}">{}</a>', address, language, direction(language), words)
    return format_html('<a href="{}">{}</a>', address, words)


def _address(row: Any, place: Place) -> str:
    kind = kind_of_row(row)
    return kind.address(row, place.language) if kind else ""


def _sentence(edition: Edition, outcome: Outcome, kept: list[Promise], place: Place) -> SafeString:
    """The decision as one sentence with its numbers; each number leads to where it comes from."""
    decision, text, standing = _address(edition.decision, place), _address(edition.text, place), edition.standing
    told = {
        "votes": _linked(decision, _votes_in_words(outcome)),
        "network": called(edition.text.network, place).words,
        "text": _linked(text, edition.title.bound, edition.title.language),
        "total": len(kept),
        "states": _linked(f"{text}#promises", _states_in_words(kept)),
    }
    reserved = [row for row in edition.standing if row.key is StandingKey.RESERVED and row.parties]
    boards = sum(len(row.parties) for row in standing if row.key is StandingKey.AD_REFERENDUM)
    if reserved:
        told["reserved"] = _reserved(reserved, text)
    if boards:
        words = ngettext("one party %(awaits)s", "%(n)s parties %(awaits)s", boards)
        awaits = _linked(f"{text}#ad-referendum", ngettext("awaits its board", "await their boards", boards))
        told["boards"] = format_html(_placed(words), n=boards, awaits=awaits)
    return format_html(_placed(_whole(bool(reserved), bool(boards))), **told)


def _placed(message: str) -> str:
    """A message's ``%(name)s`` places as the ``{name}`` places of format_html, which escapes what it puts there."""
    return message.replace("{", "{{").replace("}", "}}").replace("%(", "{").replace(")s", "}")


def _whole(reserved: bool, boards: bool) -> str:
    if reserved and boards:
        return _(
            "With %(votes)s, the %(network)s adopted the %(text)s; %(reserved)s, %(boards)s, "
            "and of %(total)s promises %(states)s."
        )
    if reserved:
        return _(
            "With %(votes)s, the %(network)s adopted the %(text)s; %(reserved)s, and of %(total)s promises %(states)s."
        )
    if boards:
        return _(
            "With %(votes)s, the %(network)s adopted the %(text)s; %(boards)s, and of %(total)s promises %(states)s."
        )
    return _("With %(votes)s, the %(network)s adopted the %(text)s; of %(total)s promises %(states)s.")


def _votes_in_words(outcome: Outcome) -> str:
    told = {"given": outcome.tally.in_favour, "allocated": outcome.tally.allocated}
    return _("%(given)s of %(allocated)s allocated votes") % told


def _reserved(rows: list[StandingRow], text: str) -> SafeString:
    parties = sum(len(row.parties) for row in rows)
    clauses = sorted({clause for row in rows for clause in row.clauses})
    words = ngettext("one party %(reserved)s", "%(n)s parties %(reserved)s", parties)
    reserved = ngettext("reserved clause %(clauses)s", "reserved clauses %(clauses)s", len(clauses))
    link = _linked(f"{text}#clause-{clauses[0]}" if clauses else text, reserved % {"clauses": listed(clauses)})
    return format_html(_placed(words), n=parties, reserved=link)


def _states_in_words(kept: list[Promise]) -> str:
    counts = counted(kept)
    told = {
        "kept": counts.get(Duty.KEPT, 0) + counts.get(Duty.LATE, 0),
        "silent": counts.get(Duty.SILENT, 0),
    }
    return _("%(kept)s are kept and %(silent)s silent") % told
