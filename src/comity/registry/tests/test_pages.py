"""The public pages as a reader without an account walks them."""

import csv
import io
import json
from datetime import UTC, datetime

import pytest
from django.test import Client

from comity.conftest import AT, OPERATOR, Cast
from comity.plain.levels import Realm
from comity.plain.tables import FORMULA
from comity.registry.actions import change_standing, cite, end_link, link, list_organisation, name_territory, reply
from comity.registry.models import Correction, Link, LinkKind, MemberClass, Organisation, OrganisationKind

LATER = datetime(2026, 3, 9, 10, 0, tzinfo=UTC)


def page_of(client: Client, organisation: Organisation, question: str = "", language: str = "en") -> str:
    kind = "network" if organisation.kind == OrganisationKind.NETWORK else "organisation"
    prefix = "/fiction" if organisation.realm == Realm.FICTION else ""
    response = client.get(f"{prefix}/{language}/{kind}/{organisation.public_id}{question}", follow=True)
    assert response.status_code == 200, response.content[:400]
    return response.content.decode()


def membership(cast: Cast) -> Link:
    return Link.objects.get(subject=cast.party, object=cast.network)


def test_a_wrong_slug_leads_to_the_right_address_and_keeps_the_question(client: Client, cast: Cast) -> None:
    wrong = client.get(f"/fiction/en/organisation/{cast.party.public_id}/wrong?on=2026-03-01")
    assert wrong.status_code == 301
    assert wrong.headers["Location"] == (
        f"/fiction/en/organisation/{cast.party.public_id}/test-shore-union?on=2026-03-01"
    )
    network = client.get(f"/fiction/en/organisation/{cast.network.public_id}")
    assert network.headers["Location"].startswith(f"/fiction/en/network/{cast.network.public_id}/")


def test_the_realms_do_not_show_each_other(client: Client, cast: Cast) -> None:
    assert client.get(f"/en/organisation/{cast.party.public_id}").status_code == 404
    assert cast.party.name not in client.get("/en/organisation/").content.decode()
    assert client.get(f"/api/v1/organisations/{cast.party.public_id}").status_code == 404


def test_the_heading_counts_the_three_groups(client: Client, cast: Cast) -> None:
    source = cite(title="List of members", url="https://example.org/list", stated_on="2026-02")
    other = list_organisation(
        realm=Realm.FICTION, kind=OrganisationKind.PARTY, name="Harbour Party", by=OPERATOR, at=AT
    )
    link(
        subject=other,
        object=cast.network,
        kind=LinkKind.MEMBERSHIP,
        standing=MemberClass.STATED,
        source=source,
        by=OPERATOR,
        at=AT,
    )
    words = page_of(client, other)
    assert "1 whose dates nobody has stated" in words
    assert "stated by List of members," in words
    assert "February\xa02026" in words
    assert "1 in force" in page_of(client, cast.party)


def test_a_later_change_never_leaks_into_an_earlier_day(client: Client, cast: Cast) -> None:
    end_link(membership(cast), on="2026-03-08", reason="left after the vote", by=OPERATOR, at=LATER)
    before, after = page_of(client, cast.party, "?on=2026-03-05"), page_of(client, cast.party)
    assert "1 in force" in before
    assert "left after the vote" not in before.split('class="spans-table"')[0]
    assert "1 not in force" in after
    assert "left after the vote" in after


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "9999-12-31"])
def test_a_day_before_anything_was_founded_has_its_page_too(client: Client, cast: Cast, day: str) -> None:
    for kind, row in (("network", cast.network), ("organisation", cast.party)):
        assert client.get(f"/fiction/en/{kind}/{row.public_id}", {"on": day}, follow=True).status_code == 200
        assert client.get(f"/fiction/en/{kind}/{row.public_id}.csv", {"on": day}).status_code == 200
    assert client.get(f"/fiction/api/v1/networks/{cast.network.public_id}/members", {"on": day}).status_code == 200


def test_a_page_beyond_every_list_is_empty(client: Client, cast: Cast) -> None:
    answer = client.get("/fiction/api/v1/organisations", {"page": 10**30})
    assert answer.status_code == 200
    assert answer.json()["organisations"] == []


def test_an_observer_is_outlined_and_each_earlier_standing_stays(client: Client, cast: Cast) -> None:
    change_standing(membership(cast), standing=MemberClass.OBSERVER, on="2026-03-05", by=OPERATOR, at=LATER)
    words = page_of(client, cast.party)
    assert "observer" in words
    assert 'class="fill-paper line-accent span-open"' in words
    assert "full member" in words


def test_anyone_proposes_a_correction_and_it_stands_in_the_history(client: Client, cast: Cast) -> None:
    form = f"/fiction/en/correct/{cast.party.public_id}"
    assert client.get(form).status_code == 200
    unsourced = client.post(form, {"field": "founded", "proposed": "1991", "source_url": ""})
    assert unsourced.status_code == 422
    assert not Correction.objects.exists()
    given = {"field": "founded", "proposed": "1991-04-09", "source_url": "https://example.org/register"}
    assert client.post(form, given).status_code == 302
    words = page_of(client, cast.party)
    assert "1991-04-09" in words
    assert "https://example.org/register" in words


def test_a_reply_stands_in_the_organisations_own_words(client: Client, cast: Cast) -> None:
    reply(cast.party, words="We answered in time.", language="en", by=cast.amina, at=LATER)
    assert "We answered in time." in page_of(client, cast.party)
    assert "We answered in time." not in page_of(client, cast.party, "?on=2026-03-05")


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_pages_stand_in_every_language(client: Client, cast: Cast, language: str) -> None:
    words = page_of(client, cast.party, language=language)
    assert f'<html lang="{language}"' in words
    assert "style=" not in words
    page_of(client, cast.network, language=language)
    assert client.get(f"/fiction/{language}/network/").status_code == 200
    assert client.get(f"/fiction/{language}/organisation/?q=shore&kind=party").status_code == 200


def test_a_real_page_says_that_listing_is_no_endorsement_and_attributes_its_source(client: Client, db: None) -> None:
    source = cite(
        title="Wikipedia infobox", url="https://en.wikipedia.org/wiki/Example", stated_on="2026", licence="CC BY-SA 4.0"
    )
    row = list_organisation(
        realm=Realm.REAL,
        kind=OrganisationKind.PARTY,
        name="Example listed for a test",
        source=source,
        by=OPERATOR,
        at=AT,
    )
    words = page_of(client, row)
    assert "Listing is no endorsement" in words
    assert "CC BY-SA 4.0" in words
    assert "When it was founded: no source states it." in words
    assert f"/en/correct/{row.public_id}" in words


def test_a_networks_own_name_for_a_territory_stands_with_its_footnote(client: Client, cast: Cast) -> None:
    name_territory(
        network=cast.network,
        code="QAD",
        label="Sar Qadim (the northern shore)",
        footnote="This name decides nothing about its status.",
        from_day=AT.date(),
        by=cast.secretariat,
        at=AT,
    )
    assert "This name decides nothing about its status." in page_of(client, cast.network)


def test_a_cell_that_a_spreadsheet_would_run_is_quoted(client: Client, cast: Cast) -> None:
    end_link(membership(cast), on="2026-03-01", reason='=HYPERLINK("x")', by=OPERATOR, at=AT)
    text = client.get(f"/fiction/en/organisation/{cast.party.public_id}.csv").content.decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert rows[0]["end_reason"].startswith("'=")
    assert not any(cell.startswith(FORMULA) for row in rows for cell in row.values())


def test_the_interface_says_the_same_as_the_page(client: Client, cast: Cast) -> None:
    answer = client.get(f"/fiction/api/v1/organisations/{cast.party.public_id}/links?on=2026-03-02")
    told = json.loads(answer.content)
    assert told["fictional"] is True
    assert [one["organisation"]["id"] for one in told["in_force"]] == [cast.network.public_id]
    members = json.loads(client.get(f"/fiction/api/v1/networks/{cast.network.public_id}/members").content)
    assert {one["organisation"]["id"] for one in members["in_force"]} == {
        cast.party.public_id,
        cast.other_party.public_id,
    }
    earlier = client.get(
        f"/fiction/api/v1/organisations/{cast.party.public_id}/links?on=2026-03-02&known_by=2026-03-01"
    )
    assert json.loads(earlier.content)["in_force"] == []
    listed = json.loads(client.get("/fiction/api/v1/organisations?q=shore&kind=party").content)
    assert listed["count"] == 2
    sheet = json.loads(client.get(f"/fiction/api/v1/organisations/{cast.party.public_id}").content)
    assert sheet["endorsed"] is False
    assert json.loads(client.get("/fiction/api/v1/networks").content)["count"] == 1
