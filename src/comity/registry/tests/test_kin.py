"""What came before and after: drawn, told in a sentence, the same as a table; nothing that lies ahead or is hidden."""

from xml.etree import ElementTree

import pytest
from django.test import Client

from comity.conftest import OPERATOR
from comity.plain.levels import Level
from comity.registry import actions
from comity.registry.models import Organisation
from comity.registry.tests.factories import AT, party

SVG = "{http://www.w3.org/2000/svg}"


def page(client: Client, row: Organisation, question: str = "") -> str:
    answer = client.get(f"/fiction/en/organisation/{row.public_id}{question}", follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def picture(body: str) -> ElementTree.Element:
    begin = body.index('<svg class="lineage')
    svg = body[begin : body.index("</svg>", begin) + 6]
    return ElementTree.fromstring(svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))  # noqa: S314 - our own page


@pytest.fixture
def merged(db: None) -> Organisation:
    row = party("Harbour & Hills", founded="2001-05-01")
    old = party("Harbour <List>", founded="1990", dissolved="2001-05-01")
    hills = party("Hills", founded="1992")
    for earlier in (old, hills):
        actions.record_lineage(earlier=earlier, later=row, kind="merger", at_date="2001-05-01", by=OPERATOR, at=AT)
    return row


@pytest.mark.usefixtures("db")
def test_the_picture_has_a_bar_for_each_and_a_tie_on_the_day(client: Client, merged: Organisation) -> None:
    body = page(client, merged)
    drawn = picture(body)
    assert [text.text for text in drawn.iter(f"{SVG}text")] == ["Harbour <List>", "Hills", "Harbour & Hills"]
    assert len(list(drawn.iter(f"{SVG}circle"))) == 2
    assert drawn.find(f"{SVG}title").text == "2 organisations came before it"  # type: ignore[union-attr]
    assert "Hills: 1992" in drawn.find(f"{SVG}desc").text  # type: ignore[union-attr, operator]
    hatched = [rect for rect in drawn.iter(f"{SVG}rect") if rect.get("fill") == "url(#hatch)"]
    assert len(hatched) >= 2  # the partial year of a founding, and a predecessor of which nobody states its end


def test_the_heading_is_the_finding_and_the_table_says_the_same(client: Client, merged: Organisation) -> None:
    body = page(client, merged)
    assert '<h2 id="family">2 organisations came before it</h2>' in body
    table = body[body.index('<table class="data kin">') :]
    table = table[: table.index("</table>")]
    assert table.count("<tr>") == 3
    assert table.count("1\xa0May\xa02001") == 3


def test_what_lies_ahead_of_the_day_is_not_drawn(client: Client, merged: Organisation) -> None:
    body = page(client, merged, "?on=2000-01-01")
    assert "came before it" not in body
    assert "Hills</a>" not in body


def test_a_relative_that_may_not_be_seen_is_in_no_sentence(client: Client, merged: Organisation) -> None:
    quiet = party("Quiet Ones", level=Level.ORGANISATION)
    actions.record_lineage(earlier=quiet, later=merged, kind="merger", at_date="2001-05-01", by=OPERATOR, at=AT)
    body = page(client, merged)
    assert "2 organisations came before it" in body
    assert "Quiet Ones" not in body


def test_the_page_says_when_it_was_last_changed(client: Client, merged: Organisation) -> None:
    assert "Last changed 2\xa0March\xa02026." in page(client, merged)
