"""The public thing of this room: the decision, at the fifth stage of the thread; and what it puts on desks."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _in_words
from django.utils.translation import gettext_lazy as _

from comity.decisions.models import Decision, DecisionQuerySet, Vote
from comity.decisions.queries import day_of, local_day, result_of
from comity.decisions.words import OUTCOMES, own_vote, title_sentence
from comity.people.desk import Act, offer
from comity.people.models import Role, Seat
from comity.plain.actors import ActorRef
from comity.plain.blocks import Block, block_on
from comity.plain.findings import tell
from comity.plain.ids import slug
from comity.plain.kinds import Exit, Kind, Note, called, declare, note_beside
from comity.plain.levels import Realm
from comity.plain.place import Place
from comity.plain.stances import Stance
from comity.plain.thread import Stage
from comity.plain.topics import BY_HAND
from comity.plain.wanted import Found, Part, Wanted
from comity.registry.dates import day_in_words
from comity.registry.edges import here
from comity.registry.models import Organ


def _visible(actor: ActorRef, at: datetime, realm: Realm) -> DecisionQuerySet:
    rows = Decision.objects.visible_to(actor, at).in_realm(realm)
    return rows.select_related(
        "network", "originator", "organ", "rules__document", "key__document", "rights__document__network"
    )


def _days(decision: Decision) -> tuple[date, date]:
    return day_of(decision), local_day(decision, decision.closed_at or decision.opened_at)


LINE = ("public_id", "title", "language", "opened_at", "closed_at", "zone", "network__realm")
"""What a line about a decision is made from."""
DECISION = declare(
    Kind(
        name="decision",
        model=Decision,
        title=lambda row: row.title,
        visible=_visible,
        realm_of=lambda row: Realm(row.network.realm),
        exits=frozenset(
            {
                *(Exit.PAGE, Exit.LIST, Exit.API, Exit.SEARCH, Exit.SUGGESTION, Exit.FEED, Exit.THREAD, Exit.EXPORT),
                *(Exit.SITEMAP, Exit.PREVIEW, Exit.METADATA),
            }
        ),
        stage=Stage.DECIDE,
        filed=BY_HAND,
        dated=_days,
        line=LINE,
        language_of=lambda row: row.language,
    )
)


def _votes(organisation: Any, place: Place) -> Sequence[Wanted]:
    """The votes of an organisation in the decisions this reader may see, once each is closed."""
    closed = Decision.objects.visible_to(place.actor, place.known_by).filter(closed_at__lte=place.known_by)
    rows = Vote.objects.filter(organisation=organisation, decision__in=closed).select_related("decision__network")
    given = ("in_favour", "against", "abstained", "ad_referendum", "at")
    return [Wanted(rows, (*given, "decision__outcome", *(f"decision__{name}" for name in LINE)))]


def _voted(organisation: Any, place: Place, votes: Found) -> Iterable[Note]:
    """How an organisation voted, in words."""
    in_order = sorted(votes.rows, key=lambda vote: (vote.decision.closed_at, vote.pk))
    return [_told(vote, organisation, place) for vote in in_order]


def _told(vote: Vote, organisation: Any, place: Place) -> Note:
    decision = vote.decision
    told = {"votes": own_vote(vote), "title": called(decision, place).words, "outcome": OUTCOMES[decision.outcome]}
    return Note(
        organisation=organisation.public_id,
        mark=_stance(vote),
        words=_in_words("%(votes)s on “%(title)s”: %(outcome)s") % told,
        at=decision.closed_at or vote.at,
        address=f"decision/{decision.public_id}/{slug(decision.title)}",
    )


def _stance(vote: Vote) -> Stance:
    if vote.in_favour:
        return Stance.AD_REFERENDUM if vote.ad_referendum else Stance.AGREED
    return Stance.AGAINST if vote.against else Stance.ABSTAINED


def _decided_by(organ: Organ, place: Place) -> Sequence[Wanted]:
    """What an organ had decided by the page's day, the last of it."""
    rows = DECISION.standing(place).filter(organ=organ, closed_at__lte=place.known_by)
    return [Wanted(rows, LINE, newest=1, by=("closed_at", "pk"))]


def _on_organ(organ: Organ, place: Place, decided: Found) -> Iterable[Block]:
    """How often an organ decided, and what last."""
    return [Block("decisions/of_organ.html", {"count": decided.count, "last": row}) for row in decided.rows]


note_beside("organisation", Part(_votes, _voted), Vote)
block_on("organ", Part(_decided_by, _on_organ))


def _told_in_a_sentence(decision: Decision, place: Place) -> str:
    closed = decision.closed_at is not None and decision.closed_at <= place.known_by
    outcome = result_of(decision) if closed else None
    told = {"day": day_in_words(day_of(decision))}
    return title_sentence(outcome) if outcome else _in_words("Put to the vote on %(day)s; not decided yet.") % told


tell("decision", _told_in_a_sentence)


def _open(place: Place, seat: Seat | None) -> str:
    assert seat is not None
    return here(place, "decision-open", network_id=seat.organisation.public_id)


def _list(place: Place, seat: Seat | None) -> str:
    return here(place, "decision-list")


offer(Act(_("Put a question to the vote"), _open, frozenset({Role.SECRETARIAT}), of_networks=True))
offer(Act(_("Give your organisation's votes in an open decision"), _list, frozenset({Role.HEAD, Role.OFFICER})))
