"""What changed: every recorded thing on its day, nothing later, nothing hidden; and pages that stay light."""

import gzip
from datetime import UTC, datetime

from django.test import Client

from comity.conftest import OPERATOR, Cast
from comity.plain.levels import Level, Realm
from comity.registry import actions
from comity.registry.models import Link, LinkKind, MemberClass, Name, OrganisationKind

LATER = datetime(2026, 3, 9, 10, 0, tzinfo=UTC)
SCRIPT = "<script>alert(1)</script>"


def page(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def changed(cast: Cast) -> str:
    party = cast.party
    actions.restate(party, facts={"founded": "1991"}, by=OPERATOR, at=LATER)
    tie = Link.objects.get(subject=party, object=cast.network)
    actions.change_standing(tie, standing=MemberClass.OBSERVER, on="2026-03-08", by=OPERATOR, at=LATER)
    proposed = actions.propose_correction(
        party, field="name", proposed=SCRIPT, source_url="https://example.org/act", by=cast.chen, at=LATER
    )
    actions.decide_correction(proposed, accept=False, reason="Not its name.", by=OPERATOR, at=LATER)
    actions.reply(party, words="We stand by it.", language="en", by=cast.amina, at=LATER)
    actions.record_lineage(earlier=cast.other_party, later=party, kind="split", by=OPERATOR, at=LATER)
    return f"/fiction/en/organisation/{party.public_id}"


def test_every_kind_of_change_stands_with_its_day(client: Client, cast: Cast) -> None:
    base = changed(cast)
    words = page(client, f"{base}/changes")
    for told in ("Stated anew", "Correction proposed", "Correction not accepted", "Reply", "Link", "Before and after"):
        assert told in words
    assert "9\xa0March\xa02026" in words
    assert "<script>alert" not in words
    assert f"{base}/changes" in client.get(base, follow=True).content.decode()


def test_nothing_later_stands_on_an_earlier_day(client: Client, cast: Cast) -> None:
    base = changed(cast)
    before = page(client, f"{base}/changes?on=2026-03-05")
    assert "We stand by it." not in before
    assert "observer" not in before


def test_a_tie_to_what_may_not_be_seen_is_no_change(client: Client, cast: Cast) -> None:
    hidden = actions.list_organisation(
        realm=Realm.FICTION, kind=OrganisationKind.PARTY, name="Quiet Partners", level=Level.ORGANISATION, by=OPERATOR,
        at=LATER,
    )  # fmt: skip
    actions.link(subject=cast.party, object=hidden, kind=LinkKind.AGREEMENT, standing="full", by=OPERATOR, at=LATER)
    actions.record_lineage(earlier=hidden, later=cast.party, kind="split", by=OPERATOR, at=LATER)
    base = f"/fiction/en/organisation/{cast.party.public_id}"
    for address in (f"{base}/changes", f"{base}/changes.atom", base):
        assert "Quiet Partners" not in client.get(address, follow=True).content.decode()
    assert client.get(f"/fiction/en/organisation/{hidden.public_id}/changes").status_code == 404
    assert client.get(f"/fiction/en/organisation/{hidden.public_id}/changes.atom").status_code == 404


def test_the_feed_is_atom_says_fiction_and_names_each_change_once(client: Client, cast: Cast) -> None:
    base = changed(cast)
    answer = client.get(f"{base}/changes.atom")
    assert answer.headers["Content-Type"].startswith("application/atom+xml")
    body = answer.content.decode()
    keys = [part.partition("</id>")[0] for part in body.split("<id>")[2:]]
    assert len(keys) == len(set(keys)) >= 7
    assert "Fiction, what changed" in body
    assert SCRIPT not in body


def test_a_thousand_long_names_leave_the_page_light(client: Client, cast: Cast) -> None:
    Name.objects.bulk_create(
        Name(
            organisation=cast.party,
            text=f"{n} " + chr(945 + n % 20) * 290,
            fold=f"{n}",
            role="alias",
            recorded_at=cast.party.recorded_at,
        )
        for n in range(1000)
    )
    base = f"/fiction/en/organisation/{cast.party.public_id}"
    body = client.get(base, follow=True).content
    assert len(gzip.compress(body)) < 60_000
    assert f"{base}/all/names" in body.decode()
    assert "Page 1 of" in page(client, f"{base}/all/names")
    assert "999 " in page(client, f"{base}/all/names?page=6")


def test_a_name_stands_from_the_day_it_was_recorded(client: Client, cast: Cast) -> None:
    actions.restate(
        cast.party, facts={}, names=[actions.Named("Parti de la rive", "alias", "fr")], by=OPERATOR, at=LATER
    )
    base = f"/fiction/en/organisation/{cast.party.public_id}"
    assert "Parti de la rive" in client.get(base, follow=True).content.decode()
    assert "Parti de la rive" not in client.get(f"{base}?on=2026-03-05", follow=True).content.decode()
    assert "Parti de la rive" not in client.get(f"{base}?known_by=2026-03-05", follow=True).content.decode()
    assert "recorded 9\xa0March\xa02026" in page(client, f"{base}/all/names")
    assert "Parti de la rive" in page(client, f"{base}/changes")


def test_a_name_whose_day_of_record_nobody_kept_says_so_and_stays(client: Client, cast: Cast) -> None:
    Name.objects.filter(organisation=cast.party).update(recorded_at=LATER, recorded_exactly=False)
    Name.objects.filter(organisation=cast.party, role="official").update(text="Old Harbour Party")
    base = f"/fiction/en/organisation/{cast.party.public_id}"
    assert "recorded before 9\xa0March\xa02026" in client.get(f"{base}?on=2026-03-05", follow=True).content.decode()
    assert "recorded before 9\xa0March\xa02026" in page(client, f"{base}/all/names")
    names = client.get(f"/fiction/api/v1/organisations/{cast.party.public_id}").json()["names"]
    assert {name["recorded_exactly"] for name in names} == {False}


def test_a_name_replaced_later_is_borne_on_the_days_before(client: Client, cast: Cast) -> None:
    before = cast.party.name
    actions.restate(cast.party, facts={"name": "Party of the New Shore"}, by=OPERATOR, at=LATER)
    base = f"/fiction/en/organisation/{cast.party.public_id}"
    known = client.get(f"{base}?known_by=2026-03-05", follow=True).content.decode()
    assert f'<dt>English</dt><dd class="name"><span lang="en" dir="auto">{before}' in known
    assert f'<dt>Formerly</dt><dd class="name"><span lang="en" dir="auto">{before}' in page(client, f"{base}/all/names")
