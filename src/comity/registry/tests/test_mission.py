"""The public record page of an organisation, walked by a reader without an account."""

import csv
import io
import json
import re
from datetime import timedelta

import pytest
from django.test import Client

from comity.conftest import AT, OPERATOR, Cast
from comity.engagements.actions import convene
from comity.plain.levels import Level, Realm
from comity.record.actions import sequence
from comity.registry.actions import cite, link, list_organisation, reply
from comity.registry.models import LinkKind, MemberClass, OrganisationKind


@pytest.mark.mission("S25", at="organisation", missing="obligations filed, late and nil come with their own room")
def test_s25_anyone_reads_an_organisations_record_with_a_source_for_each_figure_and_takes_it_along(
    client: Client, cast: Cast, check_record: object
) -> None:
    source = cite(title="Register of agreements", url="https://example.org/agreements", stated_on="2026-02")
    partner = list_organisation(
        realm=Realm.FICTION, kind=OrganisationKind.PARTY, name="Partner of the Shore", by=OPERATOR, at=AT
    )
    link(
        subject=cast.party,
        object=partner,
        kind=LinkKind.AGREEMENT,
        standing=MemberClass.PARTNER,
        start="2024-05-01",
        source=source,
        by=OPERATOR,
        at=AT,
    )
    convene(
        topics=["water"],
        network=cast.network,
        kind="visit",
        title="Visit to the northern shore",
        capacity="party",
        place="Caldemar",
        country="",
        zone="UTC",
        starts=AT + timedelta(days=1),
        ends=AT + timedelta(days=2),
        house_rule="public",
        level=Level.PUBLIC,
        organisation=cast.party,
        by=cast.amina,
        at=AT,
    )
    reply(cast.party, words="We keep what we sign.", language="en", by=cast.amina, at=AT)

    sequence(Realm.FICTION)

    # without login
    answer = client.get(f"/fiction/en/organisation/{cast.party.public_id}", follow=True)
    assert answer.status_code == 200
    assert not client.session.keys()
    page = answer.content.decode()

    # each figure cites its source: acts by their entry of the record, outside facts by a mark that repeats at the foot
    visit = re.search(r"Visit to the northern shore.*?</tr>", page, re.S)
    assert visit is not None
    entry = re.search(r'href="(/fiction/[^"]+)">entry', visit[0])
    assert entry is not None
    assert client.get(entry[1]).status_code == 200
    assert re.search(r"Engagements · 1", page)
    foot = set(re.findall(r'id="(source-\d+)"', page))
    assert set(re.findall(r'href="#(source-\d+)"', page)) == foot
    assert "Register of agreements" in page
    assert "We keep what we sign." in page

    # taken along: the same links as a table and as JSON, each with its source and the day asked
    addresses = re.findall(r'href="([^"]+)">(?:Links as CSV|as JSON)<', page)
    table = list(csv.DictReader(io.StringIO(client.get(addresses[0]).content.decode())))
    told = json.loads(client.get(addresses[1]).content)
    assert {row["other_name"] for row in table} == {"Partner of the Shore", "Concord of Test Shores"}
    assert {row["source_title"] for row in table} == {"Register of agreements", ""}
    assert all(row["as_of"] and row["recorded_at"] and row["fictional"] == "true" for row in table)
    record = [address for address in re.findall(r'href="([^"]+)"', page) if "/record" in address and "?on=" in address]
    acts = list(csv.DictReader(io.StringIO(client.get(record[0]).content.decode())))
    assert acts == [act for act in acts if act["entry"] and act["entry_type"] and act["fictional"] == "true"]
    assert "Visit to the northern shore" in {act["what"] for act in acts}
    told_of_acts = json.loads(client.get(record[1]).content)
    assert [act["what"] for act in told_of_acts["acts"]] == [act["what"] for act in acts]
    assert {one["id"] for group in ("in_force", "date_unknown") for one in told[group]} == {
        tie.public_id for tie in cast.party.links_out.all()
    }
