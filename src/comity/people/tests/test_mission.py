"""Rows of the mission walked as a user walks them: signed in, through forms, without touching a model."""

import json
import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client

from comity.conftest import AT
from comity.people.access import OPERATOR_SEAT
from comity.people.actions import make_operator, register_person
from comity.people.tests.holder import WORDS, begin, sign_in
from comity.plain.actors import SYSTEM
from comity.plain.levels import Realm
from comity.registry.models import Link, Organisation
from comity.rules.models import RuleVersion
from comity.rules.queries import version_on

HERE = "/fiction/en"
ORDERS = {
    "decisions": {
        "joint-declaration": {
            "majority": {"base": "allocated", "threshold": [3, 4], "strict": False, "article": "14(2)"},
            "quorum": {"base": "allocated", "fraction": [1, 2], "article": "12"},
        }
    }
}


class Walker(Client):
    """Somebody at a browser."""

    def sends(self, path: str, **given: object) -> Any:
        """Fill in a form and send it; it must lead on."""
        answer = self.pressed(f"{HERE}/{path}", given)
        assert answer.status_code == 302, f"{path}: {answer.status_code} {_errors(answer)}"
        return answer

    def refused(self, path: str, **given: object) -> str:
        """Send a form that a rule refuses, and read why."""
        answer = self.pressed(f"{HERE}/{path}", given)
        assert answer.status_code in {403, 404, 409, 422}, answer.status_code
        told: str = answer.content.decode()
        return told

    def pressed(self, address: str, given: dict[str, object]) -> Any:
        """Send a form; where what it writes is public for good, read what that means and press the second button."""
        answer = self.post(address, given)
        asked = answer.status_code == 200 and 'name="for-good"' in answer.content.decode()
        return self.post(address, {**given, "for-good": "yes"}) if asked else answer

    def reads(self, path: str) -> str:
        """Read a page."""
        answer = self.get(f"{HERE}/{path}", follow=True)
        assert answer.status_code == 200, answer.status_code
        return answer.content.decode()


def _errors(answer: Any) -> str:
    return " | ".join(re.findall(r'class="error"[^>]*>(.*?)</(?:p|div)>', answer.content.decode(), re.S))


def operator() -> Walker:
    """The operator of the instance, signed in."""
    person = register_person(
        name="Ola", email="ola@example.org", language="en", password=WORDS, by=SYSTEM, at=AT, realm=Realm.FICTION
    )
    make_operator(person, by=SYSTEM, at=AT)
    walker = Walker()
    sign_in(walker, "ola@example.org")
    walker.sends("seats", seat=OPERATOR_SEAT)
    return walker


def found(walker: Walker, name: str) -> Organisation:
    """Found a network on its form."""
    walker.sends(
        "desk/networks/found",
        name=name,
        name_language="en",
        network_kind="international",
        time_zone="Africa/Tunis",
        languages="en fr",
    )
    return Organisation.objects.get(name=name)


def listed(walker: Walker, name: str, kind: str = "party", **more: str) -> Organisation:
    """List an organisation on its form."""
    walker.sends("desk/organisations/list", kind=kind, name=name, name_language="en", **more)
    return Organisation.objects.get(name=name)


def tied(walker: Walker, party: Organisation, network: Organisation, standing: str = "full", **more: str) -> None:
    """Link an organisation to a network on its form."""
    given = {"subject": party.public_id, "kind": "membership", "standing": standing, "start": "2001-05-04"} | more
    walker.sends(f"desk/network/{network.public_id}/link", **given)


def seated(
    walker: Walker, name: str, organisation: Organisation, role: str, network: Organisation | None = None
) -> Walker:
    """Give somebody a seat on its form, and let them begin with the invitation."""
    email = f"{name.lower()}@example.org"
    given = {"name": name, "email": email, "role": role, "start": "2026-01-01", "title": name}
    if network is not None:
        given["network"] = network.public_id
    answer = walker.post(f"{HERE}/desk/organisation/{organisation.public_id}/seats", given)
    assert answer.status_code == 302, _errors(answer)
    other = Walker()
    begin(other, email)
    sign_in(other, email)
    return other


def orders_sent(walker: Walker, network: Organisation) -> Any:
    """Enter standing orders on their form."""
    return walker.post(
        f"{HERE}/rule/adopt/{network.public_id}",
        {
            "kind": "standing-orders",
            "title": "Standing orders",
            "adopted_by": "1st Congress",
            "adopted_on": "2026-02-01",
            "in_force_from": "2026-02-02",
            "language": "en",
            "prose": "14(2): A joint declaration needs three quarters of the allocated votes.",
            "parameters": json.dumps(ORDERS),
        },
    )


@pytest.mark.mission("S1", at="network")
def test_s1_two_networks_in_one_instance_and_nothing_of_one_has_effect_in_the_other(
    db: None, check_record: object
) -> None:
    ola = operator()
    first, second = found(ola, "Concord of the First Shore"), found(ola, "Concord of the Second Shore")
    ola.sends(f"desk/network/{first.public_id}/organ", name="Congress")
    party = listed(ola, "Shore Renewal")
    tied(ola, party, first)
    selma = seated(ola, "Selma", first, "secretariat")
    delegate = seated(ola, "Amina", party, "delegate", network=first)
    elsewhere = f"desk/network/{second.public_id}"

    # a role: the first network's secretariat acts there, and is nobody in the second
    selma.sends(f"desk/network/{first.public_id}/organ", name="Bureau")
    assert "This needs a seat in one of these roles at Concord of the Second Shore" in selma.refused(
        f"{elsewhere}/organ", name="Bureau"
    )
    selma.refused(f"{elsewhere}/link", subject=party.public_id, kind="membership", standing="full")
    selma.refused(f"{elsewhere}/territory", code="QAA", label="x", from_day="2026-03-01")
    selma.refused(f"desk/organisation/{second.public_id}/seats", name="X", email="x@example.org", role="delegate")
    assert "Bureau" in selma.reads(f"network/{first.public_id}")
    assert "Bureau" not in selma.reads(f"network/{second.public_id}")

    # a rule: adopted in the first, it orders nothing in the second, and cannot be entered there
    answer = orders_sent(selma, first)
    assert answer.status_code == 302, _errors(answer)
    assert orders_sent(selma, second).status_code == 403
    version = RuleVersion.objects.get()
    day, now = date(2026, 3, 2), datetime(2027, 1, 1, tzinfo=UTC)
    assert version_on(first, "standing-orders", day, known_by=now) == version
    assert version_on(second, "standing-orders", day, known_by=now) is None
    assert "Standing orders" in delegate.reads(f"rule/network/{first.public_id}")
    assert "Standing orders" not in delegate.reads(f"rule/network/{second.public_id}").split("<main", 1)[1]

    # a delegate: her seat is for the first network, so her party cannot send it into the second
    officer = seated(ola, "Olga", party, "officer")
    page = f"desk/organisation/{party.public_id}/seats"
    told = officer.refused(
        page, name="Bo", email="bo@example.org", role="delegate", start="2026-03-01", network=second.public_id
    )
    assert "Shore Renewal does not belong to Concord of the Second Shore" in told
    delegate.refused(f"{elsewhere}/organ", name="Council")
    assert "Africa/Tunis" in ola.reads(f"network/{first.public_id}")


@pytest.mark.mission("S2", at="organisation")
def test_s2_links_on_a_day_are_exactly_those_in_force_and_ended_ones_stay_with_their_reason(
    db: None, check_record: object
) -> None:
    ola = operator()
    networks = [found(ola, f"Concord {name}") for name in ("East", "West", "North", "South")]
    party = listed(ola, "Shore Renewal", founded="1990")
    tied(ola, party, networks[0], start="2001-05-04")
    tied(ola, party, networks[1], start="2003", end="2010-06-30", end_reason="left over the budget")
    tied(ola, party, networks[2], start="2015-01-01")
    tied(ola, party, networks[3], standing="stated", start="", source_title="Yearbook", source_day="2026-02")
    link = Link.objects.get(object=networks[2])
    ola.sends(f"desk/link/{link.public_id}/end", on="2020-12-31", reason="merged into another network")

    def in_force(day: str) -> set[str]:
        answer = Client().get(f"/fiction/api/v1/organisations/{party.public_id}/links?on={day}")
        told = json.loads(answer.content)
        groups = [{one["id"] for one in told[name]} for name in ("in_force", "not_in_force", "date_unknown")]
        assert sum(map(len, groups)) == len(set.union(*groups)) == 4
        assert [one["organisation"]["name"] for one in told["date_unknown"]][-1:] == ["Concord South"]
        return {one["organisation"]["name"].removeprefix("Concord ") for one in told["in_force"]}

    assert in_force("2001-05-03") == set()
    assert in_force("2001-05-04") == {"East"}
    assert in_force("2005-01-01") == {"East", "West"}
    assert in_force("2010-06-30") == {"East", "West"}
    assert in_force("2010-07-01") == {"East"}
    assert in_force("2020-12-31") == {"East", "North"}
    assert in_force("2021-01-01") == {"East"}

    page = Walker().reads(f"organisation/{party.public_id}")
    assert "1 in force, 2 not in force, 1 whose dates nobody has stated" in page
    assert "left over the budget" in page
    assert "merged into another network" in page
    assert "stated by Yearbook, February\xa02026" in page


@pytest.mark.mission("S14", at="network")
def test_s14_an_organisation_of_a_disputed_territory_is_listed_under_the_networks_own_name_for_it(
    db: None, check_record: object
) -> None:
    ola = operator()
    network, other = found(ola, "Concord of the First Shore"), found(ola, "Concord of the Second Shore")
    given = {"kind": "party", "name": "Party of the Strait", "name_language": "en", "country": "X-STRAIT"}
    assert "let a network name the territory" in ola.refused("desk/organisations/list", **given)

    selma = seated(ola, "Selma", network, "secretariat")
    footnote = "This name is used without prejudice to the status of the territory."
    selma.sends(
        f"desk/network/{network.public_id}/territory",
        code="X-STRAIT",
        label="The Strait (northern shore)",
        footnote=footnote,
        basis="Bureau, 3 March 2021",
        from_day="2021-03-03",
    )
    party = listed(ola, "Party of the Strait", country="X-STRAIT")
    tied(selma, party, network)
    page = Walker().reads(f"organisation/{party.public_id}")
    assert "The Strait (northern shore)" in page
    assert footnote in page
    assert "Concord of the First Shore" in page
    members = Walker().reads(f"network/{network.public_id}")
    assert "The Strait (northern shore)" in members
    assert footnote in members

    # another network names it otherwise, and each name stands as that network's own
    sven = seated(ola, "Sven", other, "secretariat")
    sven.sends(
        f"desk/network/{other.public_id}/territory", code="X-STRAIT", label="North Strait", from_day="2022-01-01"
    )
    page = Walker().reads(f"organisation/{party.public_id}")
    assert "North Strait" in page
    assert "The Strait (northern shore)" in page
