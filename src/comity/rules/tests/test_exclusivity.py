"""An international's own rule warns where its member belongs to another one, and stops nothing."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from comity.conftest import AT, OPERATOR, Cast
from comity.people.access import CAST_KEY
from comity.plain.actors import ActorRef
from comity.plain.levels import Realm
from comity.registry.actions import found_network, link
from comity.registry.importing import import_registry
from comity.registry.models import Link, Organisation
from comity.rules.actions import OnlyInternationalsAreExclusive, adopt_rules
from comity.rules.core import UnreadableRule, parse_parameters
from comity.rules.models import RuleVersion


def network(name: str, kind: str = "international") -> Organisation:
    return found_network(
        name=name, realm=Realm.FICTION, network_kind=kind, time_zone="UTC", languages=["en"], by=OPERATOR, at=AT
    )


def exclusive(cast: Cast, **parameters: Any) -> RuleVersion:
    return adopt_rules(
        network=cast.network,
        kind="standing-orders",
        title="Statutes of the Test Shores",
        prose=[{"article": "4", "text": "Members belong to no other international.", "language": "en"}],
        parameters={"exclusive": {"article": "4", **parameters}},
        adopted_by="Congress",
        adopted_on=date(2026, 1, 1),
        in_force_from=date(2026, 1, 1),
        by=cast.secretariat,
        at=AT,
    )


def sit(settings: Any, actor: ActorRef) -> Client:
    settings.DEMO = True
    client = Client()
    session = client.session
    session[CAST_KEY] = actor.id
    session.save()
    return client


def stated(client: Client, to: Organisation, party: Organisation, **more: str) -> Any:
    told = {"subject": party.public_id, "kind": "membership", "standing": "full", "start": "2020", "for-good": "yes"}
    return client.post(f"/fiction/en/desk/network/{to.public_id}/link", told | more)


@pytest.fixture
def registrar(settings: Any) -> Client:
    settings.DEMO = True
    client = Client()
    session = client.session
    session[CAST_KEY] = "operator"
    session.save()
    return client


@pytest.mark.mission("S8", at="network/")
def test_the_registrar_is_warned_once_with_the_rule_and_states_it_all_the_same(cast: Cast, registrar: Client) -> None:
    version, other = exclusive(cast), network("Far International")
    first = stated(registrar, other, cast.party)
    shown = first.content.decode()
    assert first.status_code == 200
    assert "Article 4 of “Statutes of the Test Shores”" in shown
    assert "State the link all the same" in shown
    assert version.public_id in shown
    assert not Link.objects.filter(object=other).exists()
    assert stated(registrar, other, cast.party, **{"all-the-same": "1"}).status_code == 302
    assert Link.objects.filter(object=other, subject=cast.party).exists()


@pytest.mark.mission("S8", at="network/")
@pytest.mark.parametrize("kind", ["regional", "european-party", "interparliamentary"])
def test_no_rule_warns_of_a_network_that_is_no_international(cast: Cast, registrar: Client, kind: str) -> None:
    exclusive(cast)
    assert stated(registrar, network("Shore Region", kind), cast.party).status_code == 302


def test_without_a_rule_and_for_what_it_excepts_nobody_is_warned(cast: Cast, registrar: Client) -> None:
    other = network("Far International")
    assert stated(registrar, other, cast.other_party).status_code == 302
    exclusive(cast, **{"except": [other.public_id]})
    assert stated(registrar, other, cast.party).status_code == 302


def test_what_is_no_membership_warns_of_nothing(cast: Cast, registrar: Client) -> None:
    exclusive(cast)
    other = network("Far International")
    for kind in ("agreement", "coalition", "part"):
        assert stated(registrar, other, cast.party, kind=kind).status_code == 302


def test_on_its_page_only_those_who_act_read_it(cast: Cast, settings: Any) -> None:
    exclusive(cast)
    other = network("Far International")
    link(
        subject=cast.party, object=other, kind="membership", standing="full", start="2020", by=OPERATOR, at=AT,
    )  # fmt: skip
    page = f"/fiction/en/organisation/{cast.party.public_id}"
    said = "belong to no other international"

    def read(client: Client) -> str:
        return client.get(page, follow=True).content.decode()

    assert said in read(sit(settings, cast.amina))
    assert said in read(sit(settings, cast.secretariat))
    for outsider in (Client(), sit(settings, cast.chen), sit(settings, cast.stranger)):
        assert said not in read(outsider)


def test_only_an_international_rules_so_and_says_it_readably(cast: Cast) -> None:
    region = network("Shore Region", "regional")
    with pytest.raises(OnlyInternationalsAreExclusive):
        adopt_rules(
            network=region,
            kind="standing-orders",
            title="Orders",
            prose=[{"article": "1", "text": "None other.", "language": "en"}],
            parameters={"exclusive": {}},
            adopted_by="Congress",
            adopted_on=date(2026, 1, 1),
            in_force_from=date(2026, 1, 1),
            by=OPERATOR,
            at=AT,
        )
    malformed: list[Any] = [[], {"except": "x"}, {"among": []}, {"except": [1]}]
    for wrong in malformed:
        with pytest.raises(UnreadableRule):
            parse_parameters({"exclusive": wrong})
    assert parse_parameters({"exclusive": {"except": ["a"], "article": "3"}}).exclusive is not None


def test_the_rule_is_told_in_words_on_its_page(cast: Cast, client: Client) -> None:
    version = exclusive(cast)
    shown = client.get(f"/fiction/en/rule/{version.public_id}", follow=True).content.decode()
    assert "Members belong to no other international." in shown


@pytest.mark.mission("S8", at="network/")
def test_a_change_of_standing_warns_once_and_an_end_never(cast: Cast, registrar: Client) -> None:
    version, other = exclusive(cast), network("Far International")
    tie = link(
        subject=cast.party, object=other, kind="membership", standing="observer", start="2020", by=OPERATOR, at=AT
    )
    address = f"/fiction/en/desk/link/{tie.public_id}/standing"
    told = {"standing": "full", "on": "2026-02-01"}
    first = registrar.post(address, told)
    assert first.status_code == 200
    assert "Change the standing all the same" in first.content.decode()
    assert version.public_id in first.content.decode()
    assert tie.spells.count() == 1
    assert registrar.post(address, {**told, "all-the-same": "1"}).status_code == 302
    assert tie.spells.filter(standing="full").exists()
    assert registrar.post(address, {"standing": "former", "on": "2026-03-01"}).status_code == 302


@pytest.mark.django_db
def test_an_import_of_memberships_says_it_once_and_stops_nothing(tmp_path: Path) -> None:
    families = "near,Near Family,international\nfar,Far Family,international\n"
    (tmp_path / "networks.csv").write_text(f"network_id,name,kind\n{families}")
    (tmp_path / "parties.csv").write_text("party_id,name_en,country_iso3\np1,Party of One,FRA\n")
    rows = "party_id,network_id,status,from\n"
    (tmp_path / "memberships.csv").write_text(f"{rows}p1,near,full,2001\n")
    assert import_registry(tmp_path, at=AT).of("memberships.csv").warnings == []
    near = Organisation.objects.get(name="Near Family")
    adopt_rules(
        network=near, kind="standing-orders", title="Statutes of the Near", adopted_by="Congress",
        prose=[{"article": "4", "text": "Members belong to no other international.", "language": "en"}],
        parameters={"exclusive": {"article": "4"}}, adopted_on=date(2020, 1, 1), in_force_from=date(2020, 1, 1),
        by=OPERATOR, at=AT,
    )  # fmt: skip
    (tmp_path / "memberships.csv").write_text(f"{rows}p1,near,full,2001\np1,far,full,2010\n")
    report = import_registry(tmp_path, at=AT).of("memberships.csv")
    assert (report.taken, report.refused) == (1, [])
    (warning,) = report.warnings
    assert "Article 4 of “Statutes of the Near”" in warning
    assert import_registry(tmp_path, at=AT).of("memberships.csv").warnings == [], "nobody is warned again"
