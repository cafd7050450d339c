"""A fictional congress of some parties with its rules and everyone seated, made through actions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from comity.decisions.actions import cast, close
from comity.decisions.models import Decision
from comity.people.actions import register_person
from comity.people.models import Role
from comity.people.queries import actor_of
from comity.people.tests.seats import grant_seat
from comity.plain.actors import SYSTEM, ActorKind, ActorRef
from comity.plain.levels import Realm
from comity.registry.actions import establish_organ, found_network, link, list_organisation
from comity.registry.models import LinkKind, MemberClass, Organ, Organisation, OrganisationKind
from comity.rules.actions import adopt_rules
from comity.rules.models import RuleKind
from comity.texts import actions
from comity.texts.core.clauses import ClauseKind
from comity.texts.core.drafts import ClauseDraft
from comity.texts.models import Adoption, Text

AT = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
VOTE = datetime(2026, 4, 18, 18, 0, tzinfo=UTC)
DUE = date(2026, 10, 18)
OPERATOR = ActorRef(ActorKind.OPERATOR, "operator")
NUMBERS = ["First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth", "Eleventh"]


@dataclass(frozen=True)
class Congress:
    """The network, its parties in order, the seat that heads each, and the network's own seats."""

    network: Organisation
    organ: Organ
    parties: tuple[Organisation, ...]
    heads: tuple[ActorRef, ...]
    delegates: tuple[ActorRef, ...]
    secretariat: ActorRef
    monitor: ActorRef

    def draft(self, *clauses: ClauseDraft, title: str = "Declaration on Tides", at: datetime = AT) -> Text:
        """A text drafted by the first party."""
        return actions.draft(
            topics=["water"],
            network=self.network,
            title=title,
            language="en",
            kind="declaration",
            blocks=clauses or promise_clauses(4),
            originator=self.parties[0],
            by=self.heads[0],
            at=at,
        )

    def put(self, text: Text, at: datetime = VOTE, decision_type: str = "joint-declaration") -> Decision:
        """Put a text to the vote with every party registered."""
        return actions.put_to_vote(
            text,
            organ=self.organ,
            decision_type=decision_type,
            zone="UTC",
            registered=dict.fromkeys(self.parties, 4),
            by=self.secretariat,
            at=at,
        )

    def vote(self, decision: Decision, ways: Mapping[int, str] | None = None, at: datetime = VOTE) -> Decision:
        """Let all parties vote for it, except those whose way is "against", "abstain", "ad-referendum" or "away"."""
        for place, party in enumerate(self.parties):
            way = (ways or {}).get(place, "for")
            if way == "away":
                continue
            cast(
                decision,
                organisation=party,
                in_favour=4 if way in {"for", "ad-referendum"} else 0,
                against=4 if way == "against" else 0,
                abstained=4 if way == "abstain" else 0,
                ad_referendum=way == "ad-referendum",
                by=self.heads[place],
                at=at + timedelta(minutes=1),
            )
        return close(decision, by=self.secretariat, at=at + timedelta(minutes=5))

    def adopted(self, text: Text, ways: Mapping[int, str] | None = None, at: datetime = VOTE) -> Adoption:
        """Put it to the vote, vote, adopt."""
        decision = self.vote(self.put(text, at), ways, at)
        return actions.adopt(text, decision=decision, by=self.secretariat, at=at + timedelta(minutes=10))


def promise_clauses(count: int, addressees: tuple[str, ...] = ()) -> tuple[ClauseDraft, ...]:
    """An opinion and some promises."""
    opinion = ClauseDraft("c0", ClauseKind.OPINION, "1", "The tides are the common concern of all shores.")
    promises = [
        ClauseDraft(
            f"c{n}",
            ClauseKind.PROMISE,
            str(n + 1),
            f"Each party will publish table {n} of the tides from 1 March to 31 May, every month.",
            DUE + timedelta(days=n),
            addressees,
        )
        for n in range(1, count + 1)
    ]
    return (opinion, *promises)


def convene(count: int = 10, name: str = "Concord of Ten Tides", realm: Realm = Realm.FICTION) -> Congress:
    """Found a network of ``count`` parties, 4 votes each, with rules in force and seats granted."""
    network = found_network(
        name=name,
        realm=realm,
        network_kind="international",
        time_zone="UTC",
        languages=["en", "ar"],
        by=SYSTEM,
        at=AT,
    )
    organ = establish_organ(network=network, name="Congress", by=SYSTEM, at=AT)
    parties = tuple(_party(network, f"{number} Tide Party") for number in NUMBERS[:count])
    secretariat = seat(network, Role.SECRETARIAT, network)
    _rules(network, parties, secretariat)
    return Congress(
        network=network,
        organ=organ,
        parties=parties,
        heads=tuple(seat(party, Role.HEAD, network) for party in parties),
        delegates=tuple(seat(party, Role.DELEGATE, network) for party in parties),
        secretariat=secretariat,
        monitor=seat(network, Role.MONITOR, network),
    )


def _party(network: Organisation, name: str) -> Organisation:
    party = list_organisation(realm=Realm(network.realm), kind=OrganisationKind.PARTY, name=name, by=SYSTEM, at=AT)
    link(
        subject=party,
        object=network,
        kind=LinkKind.MEMBERSHIP,
        standing=MemberClass.FULL,
        start="2001",
        by=SYSTEM,
        at=AT,
    )
    return party


def seat(organisation: Organisation, role: Role, network: Organisation | None) -> ActorRef:
    """A person seated for an organisation in a role."""
    mark = f"{organisation.public_id[:8]}.{role.value}.{network.public_id[:6] if network else 'all'}"
    person = register_person(name=f"Holder {mark}", email=f"{mark}@example.org", language="en", by=OPERATOR, at=AT)
    row = grant_seat(
        person=person,
        organisation=organisation,
        role=role,
        title=role.value,
        network=network,
        start=date(2026, 1, 1),
        by=OPERATOR,
        at=AT,
    )
    return actor_of(row)


def _rules(network: Organisation, parties: tuple[Organisation, ...], secretariat: ActorRef) -> None:
    majority = {"base": "allocated", "threshold": [3, 4], "article": "14"}
    day = date(2025, 1, 1)
    prose = [{"article": "14", "text": "Three quarters of the allocated votes adopt.", "language": "en"}]
    everything = ["attend", "speak", "table", "amend", "vote"]
    adopt_rules(
        network=network,
        kind=RuleKind.STANDING_ORDERS,
        title="Standing orders",
        prose=prose,
        parameters={
            "decisions": {"joint-declaration": {"majority": majority}, "amendment": {"majority": majority}},
            "rights": {"full": everything, "observer": ["attend"]},
        },
        by=secretariat,
        at=AT,
        adopted_by="Congress",
        adopted_on=day,
        in_force_from=day,
    )
    adopt_rules(
        network=network,
        kind=RuleKind.VOTES_KEY,
        title="Key of votes",
        prose=prose,
        parameters={"allocations": {party.public_id: 4 for party in parties}},
        by=secretariat,
        at=AT,
        adopted_by="Congress",
        adopted_on=day,
        in_force_from=day,
    )
