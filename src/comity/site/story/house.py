"""Chapter 1: the Concord, its parties, its organs, its rules, and the seats of those who act."""

from comity.people.actions import accept_seat, offer_seat, register_person
from comity.people.models import Role as SeatRole
from comity.people.queries import actor_of, operator
from comity.plain.actors import ActorRef
from comity.plain.levels import Realm
from comity.registry.actions import (
    Named,
    RegionGiven,
    adopt_region_scheme,
    cite,
    establish_organ,
    found_network,
    link,
    list_organisation,
)
from comity.registry.models import LinkKind, MemberClass, NetworkKind, Organisation, OrganisationKind, Source, Standing
from comity.rules.actions import adopt_rules
from comity.site.story.cast import BEGIN, COUNTRIES, PARTIES, ZONE, Company, day, on
from comity.site.story.saravel import NAMES, give_past
from comity.site.story.statutes import KEY, ORDERS, RIGHTS
from comity.site.story.wording import NETWORK_NAMES, PARTY_NAMES

JOINED = {"saravel": "2012-06-14", "maroval": "2009", "lethmark": "1998-05-02", "green": "2006-10-07"}
FIRST_MEMBERS = "1992-06-20"


def found(company: Company) -> None:
    """Register the Concord and its parties, seat the cast, and enter the rules its congresses adopted."""
    _found_network(company)
    for sheet, name in enumerate(PARTIES, start=1):
        _list_party(company, name, register(sheet))
    give_past(company, register(list(PARTIES).index("saravel") + 1))
    _seat_offices(company)
    for name in PARTIES:
        _seat_party(company, name)
    _adopt_rules(company)


def register(sheet: int) -> Source:
    """A sheet of the Concord's own register, the source of what stands here about its members."""
    title = f"Register of the Halmere Concord (fiction), sheet {sheet}"
    return cite(title=title, url="", stated_on="2025-08-01", standing=Standing.VERIFIED, primary=True)


def _found_network(company: Company) -> None:
    by = company.register
    company.network = found_network(
        name="Halmere Concord",
        names=[Named(text, "official", language) for language, text in NETWORK_NAMES.items()],
        realm=Realm.FICTION,
        network_kind=NetworkKind.REGIONAL,
        time_zone=ZONE,
        languages=["en", "ar"],
        founded=FIRST_MEMBERS,
        public_source=register(0),
        by=by,
        at=BEGIN,
    )
    adopt_region_scheme(
        code="halmere-shores",
        version="1",
        title="Shores of the Halmere",
        regions=[RegionGiven(code=code, label=label) for code, label in COUNTRIES.items()],
        source="invented for the story",
        in_force_from=day(1992, 6, 20),
        network=company.network,
        by=by,
        at=BEGIN,
    )
    for organ in ("Congress", "Council", "Bureau"):
        company.organs[organ] = establish_organ(network=company.network, name=organ, by=by, at=BEGIN)


def _list_party(company: Company, name: str, source: Source) -> None:
    role, by = PARTIES[name], company.register
    party = list_organisation(
        realm=Realm.FICTION,
        kind=OrganisationKind.PARTY,
        name=role.name,
        country=role.country,
        founded="1994-10-02" if name == "saravel" else "1989",
        names=NAMES if name == "saravel" else _names(name),
        source=source,
        by=by,
        at=BEGIN,
    )
    company.parties[name] = party
    if name != "saravel":
        link(
            subject=party,
            object=company.network,
            kind=LinkKind.MEMBERSHIP,
            standing=MemberClass.FULL,
            start=JOINED.get(name, FIRST_MEMBERS),
            source=source,
            by=by,
            at=BEGIN,
        )


def _names(name: str) -> list[Named]:
    return [Named(text, "official", language) for language, text in PARTY_NAMES[name].items()]


def _seat(company: Company, person: str, organisation: Organisation, role: SeatRole, title: str) -> ActorRef:
    first, last = person.lower().split()
    account = register_person(
        name=person,
        email=f"{first}.{last}@halmere.example",
        language="en",
        realm=Realm.FICTION,
        by=company.register,
        at=BEGIN,
    )
    seat = offer_seat(
        person=account,
        organisation=organisation,
        role=role,
        title=title,
        network=company.network,
        start=BEGIN.date(),
        by=company.register,
        at=BEGIN,
    )
    return actor_of(accept_seat(seat, by=operator(account), at=BEGIN))


def _seat_offices(company: Company) -> None:
    for office, (person, role, title) in {
        "secretariat": ("Marc Olden", SeatRole.SECRETARIAT, "congress officer"),
        "facilitator": ("Wanda Ferro", SeatRole.FACILITATOR, "facilitator of the talks in Ferrin"),
        "rapporteur": ("Teo Lindqar", SeatRole.RAPPORTEUR, "rapporteur for the declaration"),
        "monitor": ("Thandi Moor", SeatRole.MONITOR, "monitor of promises"),
    }.items():
        company.offices[office] = _seat(company, person, company.network, role, title)


def _seat_party(company: Company, name: str) -> None:
    role, party = PARTIES[name], company.parties[name]
    company.officers[name] = _seat(company, role.officer, party, SeatRole.OFFICER, "international secretary")
    company.heads[name] = _seat(company, role.head, party, SeatRole.HEAD, "head of delegation")


def _adopt_rules(company: Company) -> None:
    by, network = company.offices["secretariat"], company.network
    for orders in ORDERS:
        adopt_rules(
            network=network,
            kind="standing-orders",
            title="Standing orders of the Halmere Concord",
            by=by,
            at=BEGIN,
            **orders,
        )
    adopt_rules(network=network, kind="rights", title="Rights by class of membership", by=by, at=BEGIN, **RIGHTS)
    allocations = {company.parties[name].public_id: role.votes for name, role in PARTIES.items()}
    parameters = {"allocations": allocations, "article": "9"}
    adopt_rules(
        network=network,
        kind="votes-key",
        title="Key of votes",
        parameters=parameters,
        by=by,
        at=on(2026, 1, 20),
        **KEY,
    )
