"""What pages, interface and desks show of an agreement or a coalition on a day, gathered for one reader."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from comity.agreements import core, queries, words
from comity.agreements.core import Belonging, State
from comity.agreements.models import Adhesion, Agreement, Coalition, Handover, Signature, Translation
from comity.plain.blocks import Block
from comity.plain.levels import Level
from comity.plain.place import Place
from comity.plain.time import day_in
from comity.plain.wanted import Found, Part, Wanted
from comity.registry.models import Link, LinkKind, Organisation, Spell, spells_in_force


@dataclass(frozen=True)
class Party:
    """One party to an agreement and its signature, None where it has not signed by the day."""

    organisation: Organisation
    signature: Signature | None
    board: str
    """What its board said: ``agreed``, ``declined``, ``awaited``; empty where the party needs none."""
    bound_on: date | None
    families: list[Organisation]
    """The networks of which it is a member on the day: the two need share none."""


@dataclass(frozen=True)
class Sheet:
    """An agreement as it stood on the page's day."""

    agreement: Agreement
    state: State
    told: str
    """Where it stands, in a sentence."""
    parties: tuple[Party, Party]
    ended: bool
    """Whether its end was recorded by then."""
    renews: Agreement | None
    """The agreement it follows, where this reader may see that."""
    renewals: list[Agreement]
    translations: list[Translation]

    @property
    def word(self) -> str:
        """The state as a word."""
        return str(words.STATES[self.state])


def sheet_of(agreement: Agreement, place: Place, *, families: bool = False) -> Sheet:
    """Everything that may be shown of an agreement; with ``families`` also the networks of its parties."""
    signatures = {row.organisation_id: row for row in agreement.signatures.all() if row.at <= place.known_by}
    signed = _signed(agreement, signatures, place)
    days = agreement.days_known_by(place.known_by)
    state = core.state_of(days, signed, place.as_of)
    belong = families_of(agreement.parties, place) if families else {}
    first, second = (
        _party(party, signatures.get(party.pk), said, place, belong.get(party.pk, []))
        for party, said in zip(agreement.parties, signed, strict=True)
    )
    seen = Agreement.objects.visible_to(place.actor, place.at).filter(recorded_at__lte=place.known_by)
    earlier = seen.filter(pk=agreement.renews_id).first() if agreement.renews_id else None
    told = words.standing(state, days.starts, days.expires, days.ended_on)
    ended, renewals = days.ended_on is not None, list(seen.filter(renews=agreement).order_by("recorded_at", "pk"))
    translations = [row for row in agreement.translations.all() if row.at <= place.known_by]
    return Sheet(agreement, state, told, (first, second), ended, earlier, renewals, translations)


def _signed(agreement: Agreement, signatures: Mapping[int, Signature], place: Place) -> list[core.Signed | None]:
    """What each of the two had signed by the page's day."""
    rows = (signatures.get(party) for party in (agreement.originator_id, agreement.counterpart_id))
    return [row.signed(place.known_by) if row is not None else None for row in rows]


def standing_told(agreement: Agreement, signatures: Iterable[Signature], place: Place) -> str:
    """Where an agreement stood on the page's day, in a sentence."""
    by_party = {row.organisation_id: row for row in signatures}
    days = agreement.days_known_by(place.known_by)
    state = core.state_of(days, _signed(agreement, by_party, place), place.as_of)
    return words.standing(state, days.starts, days.expires, days.ended_on)


def _party(
    party: Organisation,
    row: Signature | None,
    signed: core.Signed | None,
    place: Place,
    families: list[Organisation],
) -> Party:
    stood = signed.by(place.as_of) if signed is not None else None
    bound_on = stood.bound_on() if stood else None
    return Party(party, row if stood is not None else None, board_of(stood), bound_on, families)


def board_of(signed: core.Signed | None) -> str:
    """What a party's board said of what it signed: ``agreed``, ``declined``, ``awaited``; empty where none is asked."""
    if signed is None or not signed.ad_referendum:
        return ""
    if signed.answered_on is None:
        return "awaited"
    return "agreed" if signed.agrees else "declined"


@dataclass(frozen=True)
class Member:
    """One party's belonging to a coalition, and the networks of which it is a member on the day."""

    adhesion: Adhesion
    belonging: Belonging
    families: list[Organisation]
    left: date | None
    """The day it left, where that was recorded by the page's day."""

    @property
    def word(self) -> str:
        """How it belongs, as a word."""
        return str(words.BELONGING[self.belonging])


@dataclass(frozen=True)
class Convening:
    """One party's convening of a coalition, from the day it took it over to the day it handed it on."""

    organisation: Organisation
    since: date | None = None
    """None for the party that founded it."""
    until: date | None = None
    reason: str = ""
    """Why it handed it on."""


def convenings_of(coalition: Coalition, place: Place) -> list[Convening]:
    """Who convened a coalition by the end of the page's day, one after the other; the last convened it then."""
    accepted = ((row.answered_at, row) for row in coalition.handovers.all() if row.accepts and row.answered_at)
    found: list[Convening] = []
    since: date | None = None
    for at, row in sorted(accepted, key=lambda pair: (pair[0], pair[1].pk)):
        if at > place.known_by:
            return [*found, Convening(row.giver, since)]
        day = day_in(row.taker.time_zone, at)
        found.append(Convening(row.giver, since, day, row.reason))
        since = day
    return [*found, Convening(coalition.originator, since)]


def offer_on(coalition: Coalition, place: Place) -> Handover | None:
    """The offer to convene a coalition that waits for an answer, for the seats of the two parties and nobody else."""
    for row in coalition.handovers.all():
        waits = row.answered_at is None and row.withdrawn_at is None
        own = place.actor.organisation in {row.giver.public_id, row.taker.public_id}
        if waits and own and place.today and row.answer_by >= day_in(row.taker.time_zone, place.at):
            return row
    return None


@dataclass(frozen=True)
class Gathering:
    """A coalition as it stood on the page's day."""

    coalition: Coalition
    convenings: list[Convening]
    """Who convened it by then, one after the other."""
    offer: Handover | None
    over: bool
    members: list[Member]
    """Those that belong or await their board."""
    others: list[Member]
    """Those that left, or whose board did not agree."""
    told: str

    @property
    def convenor(self) -> Organisation:
        """Who convened it on the day, as far as this reader may know."""
        return self.convenings[-1].organisation if self.convenings else self.coalition.originator


def gathering_of(coalition: Coalition, place: Place) -> Gathering:
    """Everything that may be shown of a coalition."""
    rows = coalition.adhesions.filter(at__lte=place.known_by).select_related("organisation", "seat")
    every = list(rows.order_by("at", "pk"))
    may_know = _known_to(place, coalition, every)
    stood = [(row, _belonging(row, place)) for row in every if may_know(row.organisation)]
    families = families_of([row.organisation for row, how in stood if how is not None], place)
    members = [
        Member(row, how, families.get(row.organisation_id, []), row.left_known_by(place.known_by))
        for row, how in stood
        if how is not None
    ]
    inside = [one for one in members if one.belonging in {Belonging.BELONGS, Belonging.AWAITING}]
    belong = [one for one in inside if one.belonging is Belonging.BELONGS]
    networks = {network.pk for one in belong for network in one.families}
    over = coalition.until is not None and coalition.until < place.as_of
    told = words.belonging_told(len(belong), len(networks))
    return Gathering(
        coalition,
        [one for one in convenings_of(coalition, place) if may_know(one.organisation)],
        offer_on(coalition, place),
        over,
        inside,
        [one for one in members if one not in inside],
        told,
    )


def _known_to(place: Place, coalition: Coalition, adhesions: Iterable[Adhesion]) -> Callable[[Organisation], bool]:
    """Of which parties the reader may know: of all where her own belongs, else of those that are not protected."""
    parties = {coalition.originator.public_id, *(row.organisation.public_id for row in adhesions)}
    return lambda party: place.actor.organisation in parties or party.level == Level.PUBLIC


def _belonging(row: Adhesion, place: Place) -> Belonging | None:
    signed = row.signed(place.known_by)
    return core.belonging(signed, row.left_known_by(place.known_by), place.as_of) if signed is not None else None


def families_of(organisations: Iterable[Organisation], place: Place) -> dict[int, list[Organisation]]:
    """The networks of which each is surely a member on the page's day, by the organisation's key."""
    seen = Organisation.objects.visible_to(place.actor, place.at)
    links = (
        Link.objects.filter(subject__in=list(organisations), kind=LinkKind.MEMBERSHIP, hidden_at=None, object__in=seen)
        .filter(spells__in=Spell.objects.filter(spells_in_force(place.known_by)))
        .select_related("object")
        .distinct()
        .order_by("object__name")
    )
    found: dict[int, list[Organisation]] = {}
    for link in links:
        found.setdefault(link.subject_id, []).append(link.object)
    return found


PARTY = ("public_id", "kind", "realm", "name", "name_language", "time_zone")
"""What naming a party and reckoning its days reads of it."""
ACT = ("ad_referendum", "at", "answered_at", "agrees", "organisation__time_zone")


def _agreed_and_joined(organisation: Organisation, place: Place) -> Sequence[Wanted]:
    """What an organisation agreed with others, who signed it, and the coalitions that it joined."""
    agreements = queries.agreements(place).of(organisation)
    signatures = Signature.objects.filter(agreement__in=agreements.values("pk"), at__lte=place.known_by)
    adhesions = Adhesion.objects.filter(
        organisation=organisation, at__lte=place.known_by, coalition__in=queries.coalitions(place)
    ).select_related("coalition__originator", "organisation")
    parties = (f"{end}__{name}" for end in ("originator", "counterpart") for name in PARTY)
    agreed = ("public_id", "title", "language", "scope", "starts", "expires", "ended_on", "ended_at", *parties)
    coalition = (f"coalition__{name}" for name in ("public_id", "title", "language", "originator__realm"))
    return [
        Wanted(agreements, agreed),
        Wanted(signatures.select_related("organisation"), ("agreement_id", *ACT)),
        Wanted(adhesions, ("left_on", "left_at", *ACT, *coalition)),
    ]


def _on_organisation(
    organisation: Organisation, place: Place, agreements: Found, signatures: Found, adhesions: Found
) -> Iterator[Block]:
    """The same as a section of its page."""
    joined = [
        (row.coalition, words.BELONGING[how]) for row in adhesions.rows if (how := _belonging(row, place)) is not None
    ]
    agreed = sorted(agreements.rows, key=lambda row: (row.starts, row.pk), reverse=True)
    told = [
        (row, standing_told(row, [one for one in signatures.rows if one.agreement_id == row.pk], place))
        for row in agreed
    ]
    if told or joined:
        yield Block(
            "agreements/block_organisation.html", {"of": organisation, "agreements": told, "coalitions": joined}
        )


ON_ORGANISATION = Part(_agreed_and_joined, _on_organisation)
