"""What rules show on a network's page: rights by class, and the votes that each organ allocates, wings included."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from comity.conftest import AT, OPERATOR, Cast
from comity.plain.levels import Realm
from comity.registry.actions import establish_organ, link, list_organisation
from comity.registry.models import LinkKind, MemberClass, OrganisationKind, WingKind
from comity.rules.actions import adopt_rules


def page_of(client: Client, cast: Cast, question: str = "") -> str:
    answer = client.get(f"/fiction/en/network/{cast.network.public_id}{question}", follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def adopted(cast: Cast, **given: Any) -> None:
    adopt_rules(
        network=cast.network,
        adopted_by="First Congress",
        adopted_on=date(2020, 1, 1),
        in_force_from=date(2020, 2, 1),
        prose=[{"article": "1", "text": "As it says.", "language": "en"}],
        by=cast.secretariat,
        at=AT,
        **given,
    )


@pytest.mark.django_db
def test_a_network_without_a_registered_statute_says_so(client: Client, cast: Cast) -> None:
    assert "No statute of this network is registered by this day" in page_of(client, cast)


@pytest.mark.django_db
@pytest.mark.mission("S6", at="network")
def test_s6_the_page_of_a_network_says_what_each_class_may_do(client: Client, cast: Cast) -> None:
    rights = {
        "full": {"may": ["attend", "speak", "vote"], "article": "6"},
        "observer": {"may": ["attend"], "article": "6"},
        "fraternal": {"may": ["attend", "speak", "vote"], "article": "7"},
    }
    adopted(cast, kind="rights", title="Rights by class", parameters={"rights": rights})
    section = page_of(client, cast).split('id="rights"')[1].split("</section>")[0]
    for row, answers in (("attend", ["yes", "yes", "yes"]), ("vote", ["yes", "no", "yes"])):
        cells = section.split(f'<th scope="row">{row}</th>')[1].split("</tr>")[0]
        assert [word for word in cells.replace(">", " ").replace("<", " ").split() if word in {"yes", "no"}] == answers
    assert "observer" in section.lower()
    assert "no vote" in section
    assert "No statute" in page_of(client, cast, "?on=2020-01-31")


@pytest.mark.django_db
@pytest.mark.mission("S15", at="network")
def test_s15_a_wing_holds_votes_of_its_own_in_one_organ_and_none_in_another(client: Client, cast: Cast) -> None:
    wing = list_organisation(
        realm=Realm.FICTION,
        kind=OrganisationKind.WING,
        wing_kind=WingKind.YOUTH,
        name="Test Shore Youth",
        parent=cast.party,
        by=OPERATOR,
        at=AT,
    )
    link(
        subject=wing,
        object=cast.network,
        kind=LinkKind.MEMBERSHIP,
        standing=MemberClass.ASSOCIATE,
        start="2010",
        by=OPERATOR,
        at=AT,
    )
    votes = {"Congress": {cast.party: 6, wing: 2}, "Bureau": {cast.party: 1}}
    for name, held in votes.items():
        adopted(
            cast,
            kind="votes-key",
            title=f"Votes in the {name}",
            organ=establish_organ(network=cast.network, name=name, by=OPERATOR, at=AT),
            parameters={"allocations": {row.public_id: number for row, number in held.items()}},
        )
    page = page_of(client, cast)
    section = page.split('id="votes-held"')[1].split("</section>")[0]
    assert section.index("Congress") < section.index("Bureau")
    row = section.split("Test Shore Youth")[1].split("</tr>")[0]
    assert row.index('<td class="num">2</td>') < row.index("none")
    wings = page.split('id="wings"')[1].split("</section>")[0]
    assert "Test Shore Youth" in wings
    assert "youth wing" in wings
    assert "associate" in wings
