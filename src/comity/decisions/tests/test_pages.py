"""What a reader sees, and the pictures behind it: a third party needs nothing but the published file."""

import html
import json
import re
import subprocess
import sys
from datetime import date
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from comity.decisions import pictures
from comity.decisions.kinds import DECISION
from comity.decisions.models import Decision
from comity.decisions.pictures import Bloc, Threshold
from comity.decisions.tests.conftest import VOTES, Concord, as_seat
from comity.decisions.views import VERIFIER
from comity.plain.languages import CODES
from comity.plain.stances import Stance
from comity.rules.presets import presets


def text_of(page: str) -> str:
    """The words of a page; the signs that hold a formula in its direction left out."""
    words = html.unescape(re.sub(r"<[^>]+>", " ", page)).replace("\u2066", "").replace("\u2069", "")
    return " ".join(words.split())


@pytest.mark.mission("S56", at="decision")
def test_a_third_party_recounts_the_published_file(adopted: Decision, client: Client, tmp_path: Path) -> None:
    """File and verifier come from the page; the verifier runs alone, outside the house, and says the same."""
    page = client.get(DECISION.address(adopted, "en")).content.decode()
    file_address = next(
        link for link in re.findall(r'href="([^"]+)"', page) if link.endswith(f"{adopted.public_id}.json")
    )
    tool_address = next(link for link in re.findall(r'href="([^"]+)"', page) if link.endswith("comity_recount.py"))
    path, tool = tmp_path / "decision-1.json", tmp_path / "comity_recount.py"
    path.write_bytes(client.get(file_address).content)
    tool.write_bytes(client.get(tool_address).content)
    command = [sys.executable, "-I", str(tool), str(path)]
    said = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, cwd=tmp_path)
    assert said.returncode == 0, said.stdout + said.stderr
    shown = html.unescape(
        re.sub(r"<[^>]+>", "", page.split('<pre class="code"')[1].split("</pre>")[0].split(">", 1)[1])
    )
    assert shown.split("\n", 1)[1].strip() == said.stdout.strip()
    told = json.loads(path.read_text())
    assert told["fictional"] is True
    assert {"rules", "key", "rights", "facts", "result"} <= set(told)
    assert [step["step"] for step in told["result"]["steps"]][3] == "quorum"
    told["facts"]["votes"][0]["for"] -= 1
    path.write_text(json.dumps(told))
    said = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, cwd=tmp_path)
    assert said.returncode == 1
    assert "DIFFERS at the step 'votes'" in said.stdout


@pytest.mark.mission("S66", at="decision", missing="notice period, consolidated text and review of a change of rules")
def test_a_change_of_statutes_needs_three_quarters_of_all_votes_and_stays_verified(
    empty_concord: Concord, client: Client, tmp_path: Path
) -> None:
    """After the European Green Party: absent votes count against; a later change of the rules changes no result."""
    preset, concord = presets()["european-greens"], empty_concord
    concord.adopt(kind="rights", title="Rights", parameters={"rights": {"full": ["vote"]}})
    concord.adopt(kind=preset.kind, prose=preset.prose, parameters=preset.parameters)
    concord.key(VOTES)
    absent = ("Maroval Covenant", "Ismaran Liberal Forum", "Saravel Renewal")
    there = [name for name in VOTES if name not in absent]
    statutes = concord.put(there, title="Change of the statutes", decision_type="statutes")
    resolution = concord.put(there, title="Resolution", decision_type="resolution")
    for decision in (statutes, resolution):
        for name in there:
            concord.give(decision, name, VOTES[name])
        concord.close(decision)
    told = text_of(client.get(DECISION.address(statutes, "en")).content.decode())
    assert "Not adopted: 27 of 40 allocated votes for, 3 short of what is needed" in told
    assert Decision.objects.get(pk=resolution.pk).adopted

    before = client.get(f"/fiction/en/decision/{statutes.public_id}.json").content
    lenient = {"decisions": {"statutes": {"majority": {"base": "cast", "threshold": [1, 2], "strict": True}}}}
    concord.adopt(parameters=lenient, adopted_on=date(2026, 4, 18), in_force_from=date(2026, 4, 19))
    after = client.get(f"/fiction/en/decision/{statutes.public_id}.json").content
    assert after == before
    path = tmp_path / "decision.json"
    path.write_bytes(after)
    command = [sys.executable, "-I", str(settings.CHECKOUT / VERIFIER), str(path)]
    said = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (said.returncode, "not-adopted 27 < 30" in said.stdout) == (0, True)


def test_the_page_tells_the_whole_count(adopted: Decision, client: Client) -> None:
    told = text_of(client.get(DECISION.address(adopted, "en")).content.decode())
    for sentence in (
        "Adopted by 31 of 40 allocated votes, one more than needed",
        "Members that hold votes on 18\u00a0April\u00a02026. Full members: 9. Without a vote: 2",
        "Not registered: Maroval Covenant",
        "3/4 × 40 = 30, exact, nothing rounded",
        "31 ≥ 30",
        "If the competent organ of Saravel Renewal refuses, the decision stands; that party is not bound",
        "by 30\u00a0November\u00a02026",
        "Vote 30, the one that carried the text, was given ad referendum by Saravel Renewal.",
    ):
        assert " ".join(sentence.split()) in told, sentence


RECOUNTED = {
    "": "of 40 allocated votes the text needs 30, and has 31.",
    "two-thirds-allocated": "the base stays 40. The text needs 27 and has 31. The result is the same.",
    "two-thirds-cast": "the base: 36 instead of 40. The text needs 24 and has 31. The result is the same.",
    "without-ad-referendum": "27 votes for are counted instead of 31, and 30 are needed. The text would not",
    "no-delegation-against": "1 was, with 5 votes. The text would not be adopted.",
    "as-we-please": "This is the rule that counted",
}


def test_change_the_rule(adopted: Decision, client: Client) -> None:
    for rule, sentence in RECOUNTED.items():
        page = client.get(f"{DECISION.address(adopted, 'en')}?rule={rule}").content.decode()
        assert sentence in text_of(page), rule
        assert page.count(" checked") == 1


def test_another_decision_of_the_sitting_is_counted_under_the_chosen_rule(concord: Concord, client: Client) -> None:
    first = concord.put()
    concord.vote_as_told(first)
    first = concord.close(first)
    amendment = concord.put(title="Amendment 3", decision_type="amendment")
    for name, ways in {
        "Kelnian People's Assembly": (6, 0, 0),
        "Orvane Civic Union": (6, 0, 0),
        "Tesmari Centre": (0, 5, 0),
        "Orvane Labour League": (4, 0, 0),
        "Tesmari Green Accord": (2, 0, 0),
        "Lethmark Farmers and Fishers": (4, 0, 0),
        "Saravel Renewal": (0, 3, 1),
        "Ismaran Liberal Forum": (0, 0, 5),
    }.items():
        concord.give(amendment, name, *ways)
    amendment = concord.close(amendment)
    assert not amendment.adopted
    told = text_of(client.get(f"{DECISION.address(first, 'en')}?rule=two-thirds-cast").content.decode())
    assert "0 of 1 ends the same way. Amendment 3 would have been adopted with 22 of 30." in told
    assert "Not adopted: 22 of 40 allocated votes for, 8 short of what is needed" in told


def test_every_page_opens_in_every_language(concord: Concord, adopted: Decision) -> None:
    still_open = concord.put(title="Still open")
    head = as_seat(Client(), concord.heads["Tesmari Centre"])
    office = as_seat(Client(), concord.secretariat)
    casting, opening = f"decision/cast/{still_open.public_id}", f"decision/open/{concord.network.public_id}"
    for language in CODES:
        for path in ("decision/", casting, f"{casting}?way=divide"):
            assert head.get(f"/fiction/{language}/{path}").status_code == 200
        for path in (
            f"decision/close/{still_open.public_id}",
            opening,
            f"{opening}?organ={concord.congress.public_id}",
        ):
            assert office.get(f"/fiction/{language}/{path}").status_code == 200
        for row in (adopted, still_open):
            assert head.get(DECISION.address(row, language)).status_code == 200


def test_one_act_a_screen_and_buttons_that_name_it(concord: Concord) -> None:
    decision = concord.put()
    head = as_seat(Client(), concord.heads["Saravel Renewal"])
    path = f"/fiction/en/decision/cast/{decision.public_id}"
    first = text_of(head.get(path).content.decode())
    for words in (
        "4 votes for",
        "4 votes for, ad referendum",
        "4 votes against",
        "Abstain with 4 votes",
        "Divide the votes",
    ):
        assert words in first
    assert not decision.votes.exists()
    second = head.get(f"{path}?way=for-ad-referendum")
    assert "Cast 4 votes for, ad referendum" in second.content.decode()
    form = second.context["form"]
    sent = {"way": "for-ad-referendum"} | {
        name: form.get_initial_for_field(field, name) for name, field in form.fields.items()
    }
    sent["ad_referendum"] = "on"
    assert head.post(path, sent).status_code == 302
    vote = decision.votes.get()
    assert (vote.in_favour, vote.ad_referendum) == (4, True)
    assert "4 for, ad referendum" in text_of(head.get(DECISION.address(decision, "en")).content.decode())
    again = head.post(path, sent)
    assert again.status_code == 422
    assert "Votes given stand" in again.content.decode()


def test_a_ballot_is_chosen_confirmed_and_cast_on_the_desk(concord: Concord) -> None:
    decision = concord.put()
    head, desk = as_seat(Client(), concord.heads["Saravel Renewal"]), "/fiction/en/desk"
    key = f"decision%3A{decision.public_id}%3Avote"
    assert f'href="?do={key}#do"' in head.get(desk).content.decode()
    first = head.get(f"{desk}?do={key}").content.decode()
    assert decision.question in first
    ways = dict(re.findall(r'href="(\?do=[^"]+way=([a-z-]+))"', html.unescape(first)))
    assert len(ways) == 5
    assert not decision.votes.exists(), "nothing is cast by choosing"
    address = f"{desk}?do={key}&way=for-ad-referendum"
    assert address.removeprefix(desk) in ways
    second = head.get(address)
    told = text_of(second.content.decode())
    assert "Cast 4 votes for, ad referendum" in told
    assert "Under the standing orders a vote given stands" in told
    sent = {"way": "for-ad-referendum", "in_favour": "40", "against": "0", "abstained": "0", "ad_referendum": "on"}
    refused = head.post(address, sent)
    assert refused.status_code in {409, 422}
    assert 'class="error"' in refused.content.decode().split('id="do"', 1)[1].split("</li>", 1)[0]
    done = head.post(address, {**sent, "in_favour": "4"})
    assert done.headers["Location"] == f"{desk}?done={key}#first"
    assert decision.votes.get().ad_referendum
    assert "4 for, ad referendum" in text_of(head.get(done.headers["Location"]).content.decode())
    assert as_seat(Client(), concord.heads["Tesmari Centre"]).get(address).status_code == 200
    assert decision.votes.count() == 1


def test_who_may_not_vote_is_told_why(concord: Concord) -> None:
    decision = concord.put()
    path = f"/fiction/en/decision/cast/{decision.public_id}"
    assert Client().get(path).status_code == 403
    assert as_seat(Client(), concord.secretariat).get(path).status_code == 403
    absent = as_seat(Client(), concord.heads["Maroval Covenant"]).get(path)
    assert "did not register with credentials" in absent.content.decode()
    closing = f"/fiction/en/decision/close/{decision.public_id}"
    refused = as_seat(Client(), concord.heads["Saravel Renewal"]).post(closing)
    assert refused.status_code == 403
    assert "its own secretariat" in refused.content.decode()


def test_a_text_is_put_from_its_own_page(concord: Concord) -> None:
    path = f"/fiction/en/decision/open/{concord.network.public_id}?organ={concord.congress.public_id}"
    office = as_seat(Client(), concord.secretariat)
    sent = {
        "subject": "/fiction/en/text/abcdefghijklmnop/x",
        "title": "T",
        "question": "Q?",
        "decision_type": "amendment",
    }
    answer = office.post(path, sent)
    assert answer.status_code == 422
    assert "subject" in answer.context["form"].errors


def test_the_api_answers_with_dissent_and_recounts(adopted: Decision, client: Client) -> None:
    told = client.get(f"/fiction/api/v1/decisions/{adopted.public_id}").json()
    assert told["fictional"] is True
    assert told["outcome"] == "adopted"
    assert {row["rule"]: row["outcome"] for row in told["recounts"]}["without-ad-referendum"] == "not-adopted"
    saravel = next(row for row in told["delegations"] if row["name"] == "Saravel Renewal")
    assert (saravel["stance"], saravel["ad_referendum"], saravel["notes"]) == ("ad-referendum", True, [])
    file = client.get(f"/fiction/api/v1/decisions/{adopted.public_id}/file").json()
    assert file == client.get(told["file"]).json()
    for address in (told["file"], f"/fiction/api/v1/decisions/{adopted.public_id}/file"):
        earlier = client.get(address, {"on": "2026-01-01"})
        assert earlier.status_code == 409, "before the close there is no file"


names = st.text("abc defghij", min_size=1, max_size=30)
bloc = st.builds(Bloc, names, st.just("en"), st.integers(1, 9), st.sampled_from(Stance), st.just("some"))
blocs = st.lists(bloc, min_size=1, max_size=12)


@given(st.integers(1, 400), st.integers(1, 12))
def test_the_line_falls_between_seats_in_every_row(units: int, divisor: int) -> None:
    seats = units * divisor
    rows = pictures.rows_of_seats(seats, divisor)
    if seats > pictures.MOST_SEATS:
        assert rows is None
        return
    assert rows is not None
    assert sum(rows) == seats
    assert rows == sorted(rows)
    assert all(count % divisor == 0 and count for count in rows)


def test_forty_seats_stand_in_rows_of_eight_twelve_and_twenty() -> None:
    assert pictures.rows_of_seats(40, 4) == [8, 12, 20]
    assert pictures.rows_of_seats(40, 3) is None


@given(st.lists(st.tuples(st.floats(-220, 10), st.floats(20, 70)), min_size=1, max_size=14))
def test_labels_swept_apart_never_overlap(labels: list[tuple[float, float]]) -> None:
    labels.sort()
    middles = pictures.swept([middle for middle, _ in labels], [height for _, height in labels])
    for (above, below), ((_, high), (_, low)) in zip(pairwise(middles), pairwise(labels), strict=True):
        assert below - above >= (high + low) / 2 - 1e-6


@given(blocs)
def test_a_picture_shows_every_vote_and_escapes_names(votes: list[Bloc]) -> None:
    drawn = pictures.hemicycle(
        [Bloc("<&>", "en", 1, Stance.AGREED, "one"), *votes], None, number=1, under="of all", title="a < b", told="all"
    )
    assert drawn is not None
    assert "<&>" not in drawn
    assert "style=" not in drawn
    total = 1 + sum(bloc.votes for bloc in votes)
    reserved = sum(bloc.votes for bloc in votes if bloc.stance is Stance.RESERVED)
    assert drawn.count("<circle") == total + reserved


def test_the_strip_marks_where_the_rule_is_met() -> None:
    drawn = pictures.strip(
        [Bloc("A", "en", 30, Stance.AGREED, "30 for"), Bloc("B", "en", 10, Stance.UNUSED, "10 not used")],
        Threshold(Fraction(3, 4), "30 needed"),
        title="t",
        told="d",
    )
    assert "30 needed" in drawn
    assert drawn.count("<rect") == 30
