"""Fragments for the frames of other sites: public things alone, made for anybody, asking nobody else; only they may."""

import re
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest
from django.test import Client
from lxml import html

from comity.commitments import actions
from comity.people.access import CAST_KEY
from comity.plain.levels import Level
from comity.registry.tests.factories import party
from comity.site.embeds import FRAGMENTS, ROWS
from comity.texts.models import Adoption
from comity.texts.tests.congress import VOTE, Congress, convene

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    """A day on which the promises are past their day."""
    monkeypatch.setattr("comity.site.middleware.now", lambda realm: NOW)


@pytest.fixture
def congress(db: None) -> Congress:
    """Three parties."""
    return convene(3)


@pytest.fixture
def adoption(congress: Congress) -> Adoption:
    """A text adopted by all three, its promises opened."""
    adoption = congress.adopted(congress.draft())
    actions.open_commitments(adoption, by=congress.secretariat, at=VOTE)
    return adoption


def paths(congress: Congress, adoption: Adoption) -> dict[str, str]:
    ids = {
        "organisation": congress.parties[0].public_id,
        "network": congress.network.public_id,
        "text": adoption.text.public_id,
        "decision": adoption.decision.public_id,
    }
    assert set(ids) == set(FRAGMENTS)
    return {kind: f"/fiction/en/embed/{kind}/{public_id}" for kind, public_id in ids.items()}


def body(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.mission("S48", at="network")
def test_each_fragment_may_stand_in_any_frame_and_no_other_page_may(
    client: Client, congress: Congress, adoption: Adoption
) -> None:
    for kind, path in paths(congress, adoption).items():
        answer = client.get(path)
        policy = answer.headers["Content-Security-Policy"]
        assert "frame-ancestors *" in policy
        assert "script-src" not in policy
        assert "Set-Cookie" not in answer.headers
        page = client.get(f"/fiction/en/{kind}/{path.rpartition('/')[2]}", follow=True)
        assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
        assert f"{path}/how" in page.content.decode()
        assert "frame-ancestors 'none'" in client.get(f"{path}/how").headers["Content-Security-Policy"]


def test_a_fragment_runs_no_script_asks_only_the_house_and_leads_back(
    client: Client, congress: Congress, adoption: Adoption
) -> None:
    for kind, path in paths(congress, adoption).items():
        said = body(client, path)
        assert "<script" not in said
        asked = re.findall(r'<(?:link rel="stylesheet"|img|iframe)[^>]*(?:href|src)="([^"]+)"', said)
        assert asked
        assert all(address.startswith("/static/") for address in asked)
        assert f'href="/fiction/en/{kind}/' in said
        assert all("noopener" in link for link in re.findall(r"<a [^>]+>", said))
        assert "Fiction." in said


def test_what_a_fragment_says(client: Client, congress: Congress, adoption: Adoption) -> None:
    where = paths(congress, adoption)
    assert "3 members are in force" in body(client, where["network"])
    ledger = body(client, where["text"])
    assert "Promises under it: 12 silent" in ledger
    assert f"{ROWS} of 12; all of them on the page" in ledger
    assert "Declaration on Tides" in body(client, where["decision"])
    assert "voted" in body(client, where["organisation"]) or "silent" in body(client, where["organisation"])


def test_language_and_colours_are_chosen_in_the_address(client: Client, congress: Congress, adoption: Adoption) -> None:
    path = paths(congress, adoption)["network"]
    arabic = body(client, path.replace("/en/", "/ar/"))
    assert '<html lang="ar" dir="rtl"' in arabic
    assert '<html lang="en" dir="ltr" class="dark"' in body(client, f"{path}?theme=dark")
    assert '<html lang="en" dir="ltr">' in body(client, f'{path}?theme="><script>')


def test_the_line_to_copy_is_one_frame_with_the_whole_address(
    client: Client, congress: Congress, adoption: Adoption
) -> None:
    path = paths(congress, adoption)["text"]
    said = body(client, f"{path}/how?language=fr&theme=light")
    found = re.search(r"<textarea[^>]*>(.*?)</textarea>", said, re.S)
    assert found
    line = unescape(found[1])
    assert line.startswith(
        f'<iframe src="http://testserver{path.replace("/en/", "/fr/")}?theme=light" title="Declaration'
    )
    assert 'referrerpolicy="no-referrer"' in line
    assert client.get(path.replace("/en/", "/fr/")).status_code == 200


def test_a_name_that_holds_markup_stays_words_in_the_line_that_is_copied(client: Client, db: None) -> None:
    own = party('Party "of" <script>alert(1)</script>')
    said = body(client, f"/fiction/en/embed/organisation/{own.public_id}/how")
    found = re.search(r"<textarea[^>]*>(.*?)</textarea>", said, re.S)
    assert found
    copied = html.fragment_fromstring(unescape(found[1]), create_parent=True)
    assert [element.tag for element in copied.iter()] == ["div", "iframe"]
    assert copied[0].get("title") == 'Party "of" <script>alert(1)</script>'


def test_a_fragment_is_made_for_anybody_also_where_a_seat_asks(
    client: Client, congress: Congress, settings: Any
) -> None:
    settings.DEMO = True
    own = party("Behind the Door", level=Level.ORGANISATION)
    never = client.get("/fiction/en/embed/organisation/aaaaaaaaaaaaaaaa")
    outside = client.get(f"/fiction/en/embed/organisation/{congress.parties[0].public_id}")
    session = client.session
    session[CAST_KEY] = congress.heads[0].id
    session.save()
    assert client.get(f"/fiction/en/embed/organisation/{congress.parties[0].public_id}").content == outside.content
    assert never.status_code == 404
    for tail in ("", "/how"):
        assert client.get(f"/fiction/en/embed/organisation/{own.public_id}{tail}").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["engagement", "contact", "nothing", "entry"])
def test_what_is_no_fragment_is_not_found(client: Client, kind: str) -> None:
    assert client.get(f"/fiction/en/embed/{kind}/aaaaaaaaaaaaaaaa").status_code == 404


@pytest.mark.django_db
def test_no_fragment_stands_in_the_sitemap(client: Client) -> None:
    party("Open Door")
    index = client.get("/sitemap.xml").content.decode()
    parts = re.findall(r"<loc>http://testserver([^<]+)</loc>", index)
    assert not any("/embed/" in client.get(part).content.decode() for part in parts)
