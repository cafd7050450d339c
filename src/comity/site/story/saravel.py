"""The past of one party: a former name, a merger, a suspension, ties that ended and one whose dates nobody stated."""

from comity.plain.levels import Realm
from comity.registry.actions import (
    Named,
    change_standing,
    cite,
    end_link,
    found_network,
    link,
    list_organisation,
    record_lineage,
)
from comity.registry.models import (
    LinkKind,
    MemberClass,
    NetworkKind,
    Organisation,
    OrganisationKind,
    Source,
    Standing,
    WingKind,
)
from comity.site.story.cast import BEGIN, Company

NAMES = (
    Named("حزب تجديد سارافيل", "native", "ar", "2011-04-09"),
    Named("Обновление Саравела", "alias", "ru", "2011"),
    Named("Saravel National Renewal", "former", "en", "1994-10-02", "2011-04-09"),
    Named("حركة التجديد الوطني", "former", "ar", "1994-10-02", "2011-04-09"),
)


def give_past(company: Company, source: Source) -> None:
    """State Saravel Renewal's ties with the Concord and with others, each from its source."""
    saravel = company.parties["saravel"]
    _standing_in_concord(company, saravel, source)
    _wing_and_institute(company, saravel, source)
    _agreements(company, saravel, source)
    _league(company, saravel)
    _merger(company, saravel, source)


def _standing_in_concord(company: Company, saravel: Organisation, source: Source) -> None:
    by = company.register
    membership = link(
        subject=saravel,
        object=company.network,
        kind=LinkKind.MEMBERSHIP,
        standing=MemberClass.OBSERVER,
        start="2004-06-12",
        source=source,
        by=by,
        at=BEGIN,
    )
    council = cite(
        title="Minutes of the Council of the Halmere Concord (fiction), 2016",
        url="",
        stated_on="2016-11-22",
        standing=Standing.VERIFIED,
        primary=True,
    )
    steps = (
        (MemberClass.FULL, "2012-06-14", source),
        (MemberClass.SUSPENDED, "2016-03-14", council),
        (MemberClass.FULL, "2016-11-23", council),
    )
    for standing, day, cited in steps:
        change_standing(membership, standing=standing, on=day, source=cited, by=by, at=BEGIN)


def _wing_and_institute(company: Company, saravel: Organisation, source: Source) -> None:
    by = company.register
    youth = list_organisation(
        realm=Realm.FICTION,
        kind=OrganisationKind.WING,
        wing_kind=WingKind.YOUTH,
        name="Southern Shore Youth Union",
        country=saravel.country,
        parent=saravel,
        source=source,
        by=by,
        at=BEGIN,
    )
    institute = list_organisation(
        realm=Realm.FICTION,
        kind=OrganisationKind.THINK_TANK,
        name="Institute for Public Reform",
        country=saravel.country,
        source=source,
        by=by,
        at=BEGIN,
    )
    part, affiliate = LinkKind.PART, MemberClass.AFFILIATE
    link(
        subject=youth,
        object=saravel,
        kind=part,
        standing=affiliate,
        start="2009-03-01",
        source=source,
        by=by,
        at=BEGIN,
    )
    link(
        subject=institute,
        object=saravel,
        kind=part,
        standing=affiliate,
        start="1998",
        end="2011",
        end_reason="it became independent before the merger",
        source=source,
        by=by,
        at=BEGIN,
    )


def _agreements(company: Company, saravel: Organisation, source: Source) -> None:
    by = company.register
    link(
        subject=saravel,
        object=company.parties["centre"],
        kind=LinkKind.AGREEMENT,
        standing=MemberClass.PARTNER,
        start="2022-06-11",
        end="2027-06-11",
        end_reason="agreed for five years",
        basis="Agreement on drinking water",
        source=source,
        by=by,
        at=BEGIN,
    )
    exchange = link(
        subject=saravel,
        object=company.parties["kelnian"],
        kind=LinkKind.AGREEMENT,
        standing=MemberClass.PARTNER,
        start="2019-02-01",
        basis="Exchange of local councillors",
        source=source,
        by=by,
        at=BEGIN,
    )
    end_link(exchange, on="2024-01-31", reason="its five years were over", source=source, by=by, at=BEGIN)


def _league(company: Company, saravel: Organisation) -> None:
    by = company.register
    stated = cite(
        title="Members' page of the League of Reform Parties (fiction)",
        url="",
        stated_on="2025-03-03",
        standing=Standing.STATED,
    )
    league = found_network(
        name="League of Reform Parties",
        realm=Realm.FICTION,
        network_kind=NetworkKind.INTERNATIONAL,
        time_zone="UTC",
        languages=["en"],
        public_source=stated,
        by=by,
        at=BEGIN,
    )
    link(
        subject=saravel,
        object=league,
        kind=LinkKind.MEMBERSHIP,
        standing=MemberClass.MEMBER,
        source=stated,
        by=by,
        at=BEGIN,
    )


def _merger(company: Company, saravel: Organisation, source: Source) -> None:
    by = company.register
    harbour = list_organisation(
        realm=Realm.FICTION,
        kind=OrganisationKind.PARTY,
        name="Harbour Democrats",
        country=saravel.country,
        founded="1999",
        dissolved="2011-04-09",
        source=source,
        by=by,
        at=BEGIN,
    )
    record_lineage(earlier=harbour, later=saravel, kind="merger", at_date="2011-04-09", source=source, by=by, at=BEGIN)
