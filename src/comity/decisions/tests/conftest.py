"""A fictional concord of nine full members, a youth wing and an observer, with rules, made through the actions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from comity.decisions import actions
from comity.decisions.models import Decision
from comity.people.access import SEATS_KEY
from comity.people.actions import register_person
from comity.people.models import Role, Seat
from comity.people.queries import actor_of
from comity.people.tests.seats import grant_seat
from comity.plain.actors import ActorKind, ActorRef
from comity.plain.levels import Realm
from comity.plain.refs import Ref
from comity.registry import actions as registry
from comity.registry.models import LinkKind, MemberClass, NetworkKind, Organ, Organisation, OrganisationKind
from comity.rules.actions import adopt_rules
from comity.rules.models import RuleVersion

AT = datetime(2026, 4, 18, 14, 58, tzinfo=UTC)
OPERATOR = ActorRef(ActorKind.OPERATOR, "operator-of-tests")
BEFORE = AT - timedelta(days=30)
VOTES = {
    "Kelnian People's Assembly": 6,
    "Orvane Civic Union": 6,
    "Tesmari Centre": 5,
    "Orvane Labour League": 4,
    "Tesmari Green Accord": 2,
    "Lethmark Farmers and Fishers": 4,
    "Saravel Renewal": 4,
    "Ismaran Liberal Forum": 5,
    "Maroval Covenant": 4,
}
RIGHTS = {
    "full": {"may": ["attend", "speak", "vote"], "must": ["fee"], "article": "7"},
    "fraternal": {"may": ["attend", "speak", "vote"], "article": "8"},
    "observer": {"may": ["attend"], "article": "6"},
}


def prose(text: str, article: str = "14(2)") -> list[dict[str, str]]:
    return [{"article": article, "text": text, "language": "en"}]


def orders(majority: dict[str, Any], **more: Any) -> dict[str, Any]:
    rule = {
        "majority": {**majority, "article": "14(2)"},
        "quorum": {"base": "allocated", "fraction": [1, 2], "article": "12"},
        "ad_referendum": {"answer_within_days": 226, "article": "14(5)"},
        **more,
    }
    articles = {"eligible": "7", "allocated": "9", "present": "11", "votes": "13"}
    return {"decisions": {"joint-declaration": rule, "amendment": rule}, "rights": RIGHTS, "articles": articles}


THREE_QUARTERS = {"base": "allocated", "threshold": [3, 4]}
TWO_THIRDS_ALLOCATED = {"base": "allocated", "threshold": [2, 3]}


class Heads(dict[str, ActorRef]):
    """The head of each member's delegation, seated when first called."""

    def __init__(self, members: dict[str, Organisation]) -> None:
        super().__init__()
        self.members = members

    def __missing__(self, name: str) -> ActorRef:
        self[name] = seat(f"Head of {name}", self.members[name], Role.HEAD)
        return self[name]


@dataclass
class Concord:
    """The network, its organs and members by name, and one head and one secretariat seat each."""

    network: Organisation
    congress: Organ
    bureau: Organ
    members: dict[str, Organisation] = field(default_factory=dict)
    heads: "Heads" = field(init=False)
    secretariat: ActorRef = OPERATOR

    def __post_init__(self) -> None:
        self.heads = Heads(self.members)

    def adopt(self, **more: Any) -> RuleVersion:
        given: dict[str, Any] = {
            "network": self.network,
            "kind": "standing-orders",
            "title": "Standing orders",
            "prose": prose("A joint declaration is adopted by three quarters of the votes allocated."),
            "parameters": orders(THREE_QUARTERS),
            "adopted_by": "8th Congress",
            "adopted_on": date(2019, 5, 9),
            "in_force_from": date(2019, 6, 1),
            "by": self.secretariat,
            "at": BEFORE,
        }
        return adopt_rules(**(given | more))

    def key(self, votes: Mapping[str, int], organ: Organ | None = None) -> RuleVersion:
        allocations = {self.members[name].public_id: number for name, number in votes.items()}
        return self.adopt(
            kind="votes-key",
            title="Votes of 2026",
            organ=organ,
            prose=prose("Votes by fees and seats.", "9"),
            parameters={"allocations": allocations, "basis": "fees and seats", "article": "9"},
            adopted_by="Bureau",
            adopted_on=date(2026, 1, 20),
            in_force_from=date(2026, 2, 1),
        )

    def put(self, registered: Iterable[str] | Mapping[str, int] | None = None, **more: Any) -> Decision:
        if isinstance(registered, Mapping):
            there: Any = {self.members[name]: votes for name, votes in registered.items()}
        else:
            named = registered if registered is not None else [name for name in VOTES if name != "Maroval Covenant"]
            there = [self.members[name] for name in named]
        given: dict[str, Any] = {
            "topics": ["water"],
            "network": self.network,
            "organ": self.congress,
            "title": "Declaration on the Waters",
            "question": "Does the congress adopt the declaration?",
            "decision_type": "joint-declaration",
            "subject": Ref("organisation", self.network.public_id),
            "subject_digest": "0" * 64,
            "zone": "Etc/GMT-2",
            "registered": there,
            "by": self.secretariat,
            "at": AT,
        }
        return actions.open_decision(**(given | more))

    def give(
        self, decision: Decision, name: str, in_favour: int, against: int = 0, abstained: int = 0, **more: Any
    ) -> None:
        given: dict[str, Any] = {"by": self.heads[name], "at": AT + timedelta(minutes=5)}
        actions.cast(
            decision,
            organisation=self.members[name],
            in_favour=in_favour,
            against=against,
            abstained=abstained,
            **(given | more),
        )

    def vote_as_told(self, decision: Decision) -> None:
        """31 of 40: eight delegations vote, one ad referendum, one against."""
        for name, votes in VOTES.items():
            if name == "Ismaran Liberal Forum":
                self.give(decision, name, 0, votes)
            elif name != "Maroval Covenant":
                self.give(decision, name, votes, ad_referendum=name == "Saravel Renewal")

    def close(self, decision: Decision) -> Decision:
        return actions.close(decision, by=self.secretariat, at=AT + timedelta(minutes=14))


def seat(name: str, organisation: Organisation, role: Role, network: Organisation | None = None) -> ActorRef:
    person = register_person(
        name=name,
        email=f"{len(Seat.objects.all())}@example.org",
        language="en",
        by=OPERATOR,
        at=BEFORE,
        realm=Realm.FICTION,
    )
    return actor_of(
        grant_seat(
            person=person,
            organisation=organisation,
            role=role,
            title="",
            network=network,
            start=date(2026, 1, 1),
            by=OPERATOR,
            at=BEFORE,
        )
    )


def make_concord(name: str = "Halmere Test Concord") -> Concord:
    network = registry.found_network(
        name=name,
        realm=Realm.FICTION,
        network_kind=NetworkKind.INTERNATIONAL,
        time_zone="Etc/GMT-2",
        languages=["en"],
        by=OPERATOR,
        at=BEFORE,
    )
    congress, bureau = (
        registry.establish_organ(network=network, name=organ, by=OPERATOR, at=BEFORE)
        for organ in ("Congress", "Bureau")
    )
    office = seat("Secretary", network, Role.SECRETARIAT, network)
    return Concord(network, congress, bureau, secretariat=office)


def member(concord: Concord, name: str, kind: str = OrganisationKind.PARTY, standing: str = MemberClass.FULL) -> None:
    parent = concord.members["Orvane Civic Union"] if kind == OrganisationKind.WING else None
    row = registry.list_organisation(realm=Realm.FICTION, kind=kind, name=name, parent=parent, by=OPERATOR, at=BEFORE)
    registry.link(
        subject=row,
        object=concord.network,
        kind=LinkKind.MEMBERSHIP,
        standing=standing,
        start="2010-01-01",
        by=OPERATOR,
        at=BEFORE,
    )
    concord.members[name] = row


@pytest.fixture
def empty_concord(db: None) -> Concord:
    """Members and organs, no rules yet."""
    concord = make_concord()
    for name in VOTES:
        member(concord, name)
    member(concord, "Orvane Youth Union", OrganisationKind.WING, MemberClass.FRATERNAL)
    member(concord, "Guests of the Shore", standing=MemberClass.OBSERVER)
    return concord


@pytest.fixture
def concord(empty_concord: Concord) -> Concord:
    """With standing orders and a votes key."""
    empty_concord.adopt()
    empty_concord.key(VOTES)
    return empty_concord


@pytest.fixture
def adopted(concord: Concord) -> Decision:
    """The decision of the fiction: 31 of 40."""
    decision = concord.put()
    concord.vote_as_told(decision)
    return concord.close(decision)


@pytest.fixture(autouse=True)
def story_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests come an hour after the vote opened."""
    monkeypatch.setattr("comity.site.middleware.now", lambda realm: AT + timedelta(hours=1))


def as_seat(client: Client, actor: ActorRef) -> Client:
    """Let a client act from a seat."""
    row = Seat.objects.select_related("person").get(public_id=actor.id)
    client.force_login(row.person)
    session = client.session
    session[SEATS_KEY] = {"fiction": row.public_id}
    session.save()
    return client
