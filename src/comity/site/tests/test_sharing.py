"""What leaves the house for search engines and for those who share a page: only what is public, fiction marked."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.template.loader import get_template
from django.test import Client

from comity.conftest import AT, OPERATOR, Cast
from comity.plain.findings import told
from comity.plain.kinds import Exit, all_kinds
from comity.plain.levels import Level, Realm
from comity.registry.actions import list_organisation
from comity.registry.models import Organisation, OrganisationKind
from comity.site import previews, sitemap

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def listed(realm: Realm, name: str, level: Level = Level.PUBLIC) -> Organisation:
    return list_organisation(
        realm=realm, kind=OrganisationKind.PARTY, name=name, country="", level=level, by=OPERATOR, at=AT
    )


def addresses(client: Client) -> list[str]:
    """Every address that the sitemap and its parts name."""
    index = client.get("/sitemap.xml")
    assert index.status_code == 200
    found = []
    for part in re.findall(r"<loc>http://testserver([^<]+)</loc>", index.content.decode()):
        answer = client.get(part)
        assert answer.status_code == 200
        ElementTree.fromstring(answer.content)  # noqa: S314 - our own
        found += re.findall(r"<loc>http://testserver([^<]+)</loc>", answer.content.decode())
    return found


@pytest.mark.django_db
def test_the_sitemap_names_what_is_public_and_real_in_each_language_and_nothing_else(client: Client) -> None:
    public = listed(Realm.REAL, "Invented Party of the Open Door")
    hidden = listed(Realm.REAL, "Invented Party behind the Door", Level.ORGANISATION)
    played = listed(Realm.FICTION, "Party of the Tale")
    named = addresses(client)
    for code in ("en", "fr", "es", "ar"):
        assert f"/{code}/organisation/{public.public_id}/invented-party-of-the-open-door" in named
    assert not [path for path in named if hidden.public_id in path or played.public_id in path or "fiction" in path]
    assert {"/en/", "/en/organisation/", "/fr/text/", "/ar/decision/", "/en/record/"} <= set(named)
    part = client.get("/sitemap/organisation-1.xml").content.decode()
    assert part.count('hreflang="x-default"') == 4
    assert all(client.get(path, follow=True).status_code == 200 for path in named)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["organisation-2", "organisation-0", "nothing-1", "pages-2", "contact-1"])
def test_a_part_that_does_not_exist_is_not_found(client: Client, path: str) -> None:
    listed(Realm.REAL, "Invented Party")
    assert client.get(f"/sitemap/{path}.xml").status_code == 404


@pytest.mark.django_db
def test_a_long_sitemap_is_divided(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemap, "EACH", 2)
    rows = [listed(Realm.REAL, f"Invented Party {number}") for number in range(5)]
    index = client.get("/sitemap.xml").content.decode()
    assert index.count("organisation-") == 3
    named = addresses(client)
    assert all(f"/en/organisation/{row.public_id}/" in " ".join(named) for row in rows)
    assert sitemap.EACH * 4 <= sitemap.MOST


@pytest.mark.django_db
def test_robots_are_sent_to_the_sitemap_and_away_from_the_tale(client: Client) -> None:
    said = client.get("/robots.txt").content.decode()
    assert "Disallow: /fiction/" in said
    assert "Sitemap: http://testserver/sitemap.xml" in said


def test_each_kind_that_has_a_picture_has_a_finding() -> None:
    shared = [kind.name for kind in all_kinds() if Exit.PREVIEW in kind.exits]
    assert [name for name in shared if not told(name)] == []
    assert {"organisation", "network", "text", "decision", "commitment", "engagement"} <= set(shared)
    assert {"contact", "paper"}.isdisjoint(shared)


@pytest.mark.django_db
def test_a_picture_is_drawn_once_and_says_fiction_where_it_is(
    client: Client, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(previews, "_folder", lambda place, kind: tmp_path / kind)
    drawn: list[dict[str, object]] = []
    draw = previews._drawn

    def watched(shown: dict[str, object]) -> bytes:
        drawn.append(shown)
        return draw(shown)

    monkeypatch.setattr(previews, "_drawn", watched)
    path = f"/fiction/en/preview/network/{cast.network.public_id}.png"
    first, second = client.get(path), client.get(path)
    assert first.status_code == 200
    assert first.headers["Content-Type"] == "image/png"
    assert first.content.startswith(SIGNATURE)
    assert int.from_bytes(first.content[16:20]) == previews.WIDTH
    assert int.from_bytes(first.content[20:24]) == previews.HEIGHT
    assert first.content == second.content
    assert len(drawn) == 1
    assert drawn[0]["watermark"] == "FICTION"
    assert "2 members are in force" in str(drawn[0]["finding"])
    assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    arabic = client.get(path.replace("/en/", "/ar/"))
    assert arabic.content != first.content


@pytest.mark.django_db
def test_what_an_outsider_may_not_see_has_no_picture_and_what_was_drawn_is_thrown_away(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(previews, "_folder", lambda place, kind: tmp_path / kind)
    row = listed(Realm.REAL, "Invented Party of the Open Door")
    path = f"/en/preview/organisation/{row.public_id}.png"
    assert client.get(path).status_code == 200
    kept = list((tmp_path / "organisation").glob("*.png"))
    assert len(kept) == 1
    Organisation.objects.filter(pk=row.pk).update(level=Level.ORGANISATION)
    assert client.get(path).status_code == 404
    assert not kept[0].exists()
    for wrong in ("/en/preview/organisation/abc.png", "/en/preview/contact/aaaaaaaaaaaaaaaa.png"):
        assert client.get(wrong).status_code == 404


@pytest.mark.django_db
def test_the_head_of_a_page_names_its_finding_its_languages_and_its_picture(client: Client, cast: Cast) -> None:
    page = client.get(f"/fiction/en/network/{cast.network.public_id}", follow=True).content.decode()
    head = page.split("</head>")[0]
    assert '<meta name="description" content="2 members are in force on ' in head
    assert '<meta property="og:description" content="2 members are in force on ' in head
    assert f"/fiction/en/preview/network/{cast.network.public_id}.png" in head
    assert head.count('rel="alternate" hreflang=') == 5
    assert 'rel="canonical"' in head
    assert "<script>" not in head
    assert "ld+json" not in head
    assert "itemscope" not in page, "what is invented claims no type in the words of schema.org"
    assert 'content="noindex"' in head


@pytest.mark.django_db
def test_a_real_page_says_in_microdata_what_it_is(client: Client) -> None:
    row = listed(Realm.REAL, 'Invented "Quoted" <Party>')
    page = client.get(f"/en/organisation/{row.public_id}", follow=True).content.decode()
    head = page.split("</head>")[0]
    assert 'itemtype="https://schema.org/Organization"' in page
    assert 'og:title" content="Invented &quot;Quoted&quot; &lt;Party&gt;"' in head
    assert 'itemprop="description"' in head
    address = re.search(r'rel="canonical" href="http://testserver([^"]+)"', head)
    assert address
    assert client.get(address[1]).status_code == 200


@pytest.mark.parametrize("name", ["500.html", "403_csrf.html", "404.html"])
def test_a_page_of_a_fault_stands_without_a_request(name: str) -> None:
    assert "<title>" in get_template(name).render({})
