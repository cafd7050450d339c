"""Names that pretend are refused where they enter, with what, where and the remedy; real names never are."""

import csv
import io

import pytest
from django.core.cache import cache
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from comity.conftest import AT, OPERATOR, SHARED_DATA
from comity.plain.actors import ANONYMOUS
from comity.plain.levels import Realm
from comity.registry import actions
from comity.registry.actions import Named
from comity.registry.core import refusals
from comity.registry.core.names import MOST_NAMES, mended, require_honest
from comity.registry.facts import FOLDER
from comity.registry.models import Correction, Organisation
from comity.registry.tests.factories import party

HOSTILE = [
    ("Green\u202eytrap", refusals.UnseenSign, "U+202E RIGHT-TO-LEFT OVERRIDE"),
    ("Green\u200b Party", refusals.UnseenSign, "U+200B ZERO WIDTH SPACE"),
    ("Green\u200d Party", refusals.UnseenSign, "U+200D ZERO WIDTH JOINER"),
    ("Green\x07", refusals.UnseenSign, "U+0007 control character"),
    ("Green\u3164", refusals.UnseenSign, "U+3164 HANGUL FILLER"),
    ("\u041fart\u0443 of P\u0435ace", refusals.MixedScripts, "P\u0435ace"),
    ("G" * 10_000, refusals.TooLong, "10000"),
]


@pytest.mark.parametrize(("name", "refusal", "said"), HOSTILE)
def test_a_name_that_is_not_what_it_looks_like_is_refused(name: str, refusal: type[Exception], said: str) -> None:
    with pytest.raises(refusal) as refused:
        require_honest(name)
    assert said in str(refused.value) or refusal is refusals.MixedScripts


@pytest.mark.parametrize(
    "name",
    [
        "\u0645\u062c\u0645\u0639 \u0646\u06cc\u0631\u0648\u200c\u0647\u0627",
        "\u041a\u041f\u0420\u0424 (KPRF)",
        "\u03bcParty",
        "La Gauche d\u2019avenir \u2013 L\u2019\u00c9lan",
        "\u56fd\u6c11\u6c11\u4e3b\u515a",
    ],
)
def test_names_of_several_scripts_and_joined_letters_stand(name: str) -> None:
    require_honest(name)
    assert mended(name) == name


@given(st.text(alphabet="abcopx\u0430\u0441\u043e\u0440 \u200b\u202e\u0416\u00df", max_size=40))
def test_what_was_mended_is_honest_and_stays_so(text: str) -> None:
    once = mended(text)
    require_honest(once)
    assert mended(once) == once


def test_no_name_of_our_own_facts_is_lost() -> None:
    with (FOLDER / "organisations.csv").open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            for name in (row["name"], row["native_name"], row["abbreviation"], *row["aliases"].split(";")):
                require_honest(mended(name))


@pytest.mark.data
def test_no_name_of_the_real_registry_is_lost() -> None:
    changed = []
    for table in ("parties.csv", "networks.csv", "wings.csv"):
        with (SHARED_DATA / "registry" / table).open(encoding="utf-8", newline="") as rows:
            for row in csv.DictReader(rows):
                for column in {"name", "name_en", "name_native", "abbreviation"} & set(row):
                    name = " ".join(row[column].split())
                    require_honest(mended(name))
                    if mended(name) != name:
                        changed.append(name)
    assert 0 < len(changed) < 30


@pytest.mark.django_db
def test_a_thousand_names_are_taken_and_one_more_is_told_the_bound() -> None:
    def listed(names: int) -> Organisation:
        return actions.list_organisation(
            realm=Realm.FICTION,
            kind="party",
            name="Tide",
            names=[Named(f"Tide {number}") for number in range(1, names)],
            by=OPERATOR,
            at=AT,
        )

    assert listed(MOST_NAMES).names.count() == MOST_NAMES
    with pytest.raises(refusals.TooManyNames):
        listed(MOST_NAMES + 1)


@pytest.mark.django_db
def test_a_hostile_name_comes_in_by_no_door() -> None:
    row = party("Tide")
    for enter in (
        party,
        lambda name: actions.restate(row, facts={"name": name}, by=OPERATOR, at=AT),
        lambda name: actions.restate(row, facts={}, names=[Named(name)], by=OPERATOR, at=AT),
        lambda name: actions.propose_correction(
            row, field="name", proposed=name, source_url="https://example.org", by=ANONYMOUS, at=AT
        ),
    ):
        for name, refusal, _ in HOSTILE:
            with pytest.raises((refusal, refusals.NoName)):
                enter(name)
    row.refresh_from_db()
    assert (row.name, Correction.objects.count()) == ("Tide", 0)


@pytest.mark.django_db
def test_a_script_in_a_correction_is_text_on_page_interface_and_feed(client: Client) -> None:
    row = party("Tide")
    script = "<script>alert(1)</script>"
    sent = {"field": "other", "proposed": script, "source_url": "https://example.org"}
    assert client.post(f"/fiction/en/correct/{row.public_id}", sent).status_code == 302
    answers = [client.get(f"/fiction/en/organisation/{row.public_id}/tide{end}") for end in ("", "/changes")]
    for answer in answers:
        assert script not in answer.content.decode()
    feed = client.get(f"/fiction/en/organisation/{row.public_id}/changes.atom").content.decode()
    assert "&lt;script&gt;" in feed
    assert script not in feed
    told = client.get(f"/fiction/api/v1/organisations/{row.public_id}")
    assert told["Content-Type"].startswith("application/json")
    assert told.json()["corrections"][0]["proposed"] == script


@pytest.mark.django_db
def test_a_refused_correction_loses_nothing_that_was_typed_and_keeps_nothing(client: Client) -> None:
    row = party("Tide")
    sent = {"field": "name", "proposed": "Tide\u202eedit", "source_url": "https://example.org/kept"}
    answer = client.post(f"/fiction/en/correct/{row.public_id}", sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Tide\u202eedit" in page
    assert "https://example.org/kept" in page
    assert "RIGHT-TO-LEFT OVERRIDE" in page
    assert not Correction.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("begun", ["=1+1", "+1+1", "-1+1", "@SUM(A1)"])
def test_a_formula_that_somebody_proposed_as_a_name_runs_in_no_table(client: Client, begun: str) -> None:
    row, tied = party("Tide"), party("Shore")
    asked = actions.propose_correction(
        tied, field="name", proposed=begun, source_url="https://example.org", by=ANONYMOUS, at=AT
    )
    actions.decide_correction(asked, accept=True, reason="So it is named.", by=OPERATOR, at=AT)
    actions.link(subject=row, object=tied, kind="agreement", standing="full", start="2001", by=OPERATOR, at=AT)
    table = client.get(f"/fiction/en/organisation/{row.public_id}.csv").content.decode()
    cells = [cell for line in csv.reader(io.StringIO(table)) for cell in line]
    assert f"'{begun}" in cells
    assert begun not in cells


@pytest.mark.django_db
def test_one_address_proposes_a_bounded_number_a_day_and_is_not_kept(client: Client) -> None:
    cache.clear()
    row = party("Tide")
    sent = {"field": "other", "proposed": "x", "source_url": "https://example.org"}
    states = [client.post(f"/fiction/en/correct/{row.public_id}", sent).status_code for _ in range(21)]
    assert states == [302] * 20 + [422]
    assert client.post(f"/fiction/en/correct/{row.public_id}", sent, REMOTE_ADDR="192.0.2.9").status_code == 302
