"""Rules through the door: dated, hashed, of an organ before the network's, entered by the network's own secretariat."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from comity.conftest import Cast
from comity.people.access import SeatNotInForce
from comity.plain.actors import ANONYMOUS, SYSTEM, ActorKind, ActorRef
from comity.plain.levels import Realm
from comity.plain.refs import Ref
from comity.plain.refusals import BadInput, NotAllowed, Refusal
from comity.record.queries import entry_of
from comity.registry.actions import establish_organ, found_network
from comity.registry.models import Organ, Organisation
from comity.rules import queries, words
from comity.rules.access import may_adopt
from comity.rules.actions import (
    OrganOfAnotherNetwork,
    RuleBeforeItsAdoption,
    RuleOutOfOrder,
    RulesNotSpelledOut,
    VotesForNobody,
    adopt_rules,
)
from comity.rules.core import Right, UnreadableRule, fingerprint
from comity.rules.models import RuleVersion
from comity.rules.presets import presets

AT = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
OPERATOR = ActorRef(ActorKind.OPERATOR, "operator")
PROSE = [
    {"article": "14(2)", "text": "A declaration is adopted by three quarters of votes allocated.", "language": "en"}
]
THREE_QUARTERS = {"decisions": {"declaration": {"majority": {"base": "allocated", "threshold": [3, 4]}}}}
TWO_THIRDS = {"decisions": {"declaration": {"majority": {"base": "cast", "threshold": [2, 3]}}}}


def enter(network: Organisation, by: ActorRef, **more: Any) -> RuleVersion:
    given: dict[str, Any] = {
        "kind": "standing-orders",
        "title": "Standing orders",
        "prose": PROSE,
        "parameters": THREE_QUARTERS,
        "adopted_by": "8th Congress",
        "adopted_on": date(2019, 5, 9),
        "in_force_from": date(2019, 6, 1),
        "at": AT,
    }
    return adopt_rules(network=network, by=by, **(given | more))


def organ(network: Organisation, name: str) -> Organ:
    return establish_organ(network=network, name=name, by=SYSTEM, at=AT)


def test_a_version_is_dated_hashed_and_in_the_record(cast: Cast, check_record: Callable[[], None]) -> None:
    version = enter(cast.network, cast.secretariat)
    assert version.number == 1
    assert version.sha256 == fingerprint(version.prose, version.parameters)
    assert entry_of(Ref("rule", version.public_id), "rules.adopted") is not None
    check_record()


def test_the_next_version_closes_the_one_before_on_its_eve(cast: Cast) -> None:
    first = enter(cast.network, cast.secretariat)
    later = AT + timedelta(days=1)
    second = enter(
        cast.network,
        cast.secretariat,
        parameters=TWO_THIRDS,
        adopted_on=date(2026, 3, 3),
        in_force_from=date(2026, 4, 1),
        at=later,
    )
    assert first.in_force_until == date(2026, 3, 31)
    assert first.in_force_until_known(AT) is None
    assert second.in_force_until is None
    for day, expected in [
        (date(2019, 5, 31), None),
        (date(2019, 6, 1), first),
        (date(2026, 3, 31), first),
        (date(2026, 4, 1), second),
    ]:
        assert queries.version_on(cast.network, "standing-orders", day, known_by=later) == expected
    assert queries.version_on(cast.network, "standing-orders", date(2026, 4, 1), known_by=AT) == first
    assert [version.number for version in queries.history(cast.network, "standing-orders")] == [1, 2]


def test_a_rule_of_the_organ_goes_before_the_networks(cast: Cast) -> None:
    general = enter(cast.network, cast.secretariat)
    congress, bureau = organ(cast.network, "Congress"), organ(cast.network, "Bureau")
    own = enter(cast.network, cast.secretariat, organ=congress, parameters=TWO_THIRDS, in_force_from=date(2021, 1, 1))
    day = date(2026, 1, 1)
    assert queries.version_on(cast.network, "standing-orders", day, congress) == own
    assert queries.version_on(cast.network, "standing-orders", day, bureau) == general
    assert queries.version_on(cast.network, "standing-orders", date(2020, 1, 1), congress) == general


@pytest.fixture
def other_network(cast: Cast) -> Organisation:
    return found_network(
        name="Concord of Other Shores",
        realm=Realm.FICTION,
        network_kind="international",
        time_zone="Africa/Tunis",
        languages=["fr"],
        by=SYSTEM,
        at=AT,
    )


def test_who_may_enter_rules(cast: Cast, other_network: Organisation) -> None:
    for actor in (cast.amina, cast.boris, cast.chen, cast.dana, cast.stranger, ANONYMOUS, SYSTEM):
        verdict = may_adopt(actor, cast.network, AT)
        assert not verdict
        assert cast.network.name in verdict.reason
        with pytest.raises(NotAllowed):
            enter(cast.network, actor)
    assert may_adopt(cast.secretariat, cast.network, AT)
    assert may_adopt(OPERATOR, cast.network, AT)
    assert not may_adopt(cast.secretariat, other_network, AT)
    with pytest.raises(SeatNotInForce):
        enter(cast.network, cast.secretariat, at=datetime(2025, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("more", "refusal", "field"),
    [
        ({"prose": []}, RulesNotSpelledOut, "prose"),
        ({"prose": [{"article": "1", "text": " "}]}, RulesNotSpelledOut, "prose"),
        ({"prose": [*PROSE, *PROSE]}, RulesNotSpelledOut, "prose"),
        ({"prose": [{"article": "1", "text": "x", "language": "<en>"}]}, RulesNotSpelledOut, "prose"),
        ({"title": " "}, BadInput, "title"),
        ({"kind": "songbook"}, BadInput, "kind"),
        ({"adopted_by": ""}, BadInput, "adopted_by"),
        ({"in_force_from": date(2019, 5, 8)}, RuleBeforeItsAdoption, "in_force_from"),
        ({"review_by": date(2019, 6, 1)}, BadInput, "review_by"),
        ({"parameters": {"decisions": {"x": {}}}}, UnreadableRule, None),
        ({"parameters": {"decisions": {"x": {"majority": {"base": "cast", "threshold": 0.5}}}}}, UnreadableRule, None),
        ({"kind": "rights", "parameters": {"rights": {}}}, UnreadableRule, None),
        ({"kind": "votes-key", "parameters": {"allocations": {"nobody": 3}}}, VotesForNobody, "parameters"),
    ],
)
def test_bad_input_is_refused_by_name(
    cast: Cast, more: dict[str, Any], refusal: type[Refusal], field: str | None
) -> None:
    with pytest.raises(refusal) as refused:
        enter(cast.network, cast.secretariat, **more)
    assert refused.value.parameters.get("field") == field
    assert not RuleVersion.objects.exists()


def test_an_earlier_version_is_not_slipped_in(cast: Cast) -> None:
    enter(cast.network, cast.secretariat)
    with pytest.raises(RuleOutOfOrder):
        enter(cast.network, cast.secretariat, adopted_on=date(2010, 1, 1), in_force_from=date(2011, 1, 1))


@pytest.mark.mission(
    "S1", at="rule", missing="two networks in one instance: roles and delegates are walked in people and decisions"
)
def test_a_rule_of_one_network_has_no_effect_in_another(cast: Cast, other_network: Organisation) -> None:
    congress = organ(other_network, "Congress")
    enter(cast.network, cast.secretariat)
    assert queries.version_on(other_network, "standing-orders", date(2026, 1, 1), congress) is None
    with pytest.raises(OrganOfAnotherNetwork):
        enter(cast.network, cast.secretariat, organ=congress)


def test_differences_say_what_changed_in_words(cast: Cast) -> None:
    first = enter(cast.network, cast.secretariat)
    second = enter(
        cast.network,
        cast.secretariat,
        parameters=TWO_THIRDS,
        prose=[{"article": "14(2)", "text": "A declaration is adopted by two thirds of votes cast.", "language": "en"}],
        in_force_from=date(2022, 1, 1),
    )
    changes = words.differences(first, second, {})
    assert [change.about for change in changes] == ["Article 14(2)", "Declaration"]
    assert changes[1].before == "Adopted by: three quarters of votes allocated."
    assert changes[1].now == "Adopted by: two thirds of votes cast."


def test_every_preset_is_readable_and_names_its_source(cast: Cast) -> None:
    for number, preset in enumerate(presets().values()):
        assert preset.source["url"].startswith("https://")
        assert enter(
            cast.network,
            cast.secretariat,
            kind=preset.kind,
            prose=preset.prose,
            parameters=preset.parameters,
            organ=organ(cast.network, f"Organ {number}"),
        ).sha256


@pytest.mark.mission("S6", at="rule")
def test_the_preset_of_the_socialist_international_through_page_and_api(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    council = organ(cast.network, "Council")
    seat_client(client, cast.secretariat, monkeypatch)
    page = f"/fiction/en/rule/adopt/{cast.network.public_id}?preset=socialist-international"
    offered = client.get(page)
    assert offered.status_code == 200
    form = offered.context["form"]
    sent = {name: form.get_initial_for_field(field, name) or "" for name, field in form.fields.items()}
    sent |= {"title": "Rights in the council", "adopted_by": "25th Congress", "organ": council.public_id}
    sent |= {"adopted_on": "2020-01-01", "in_force_from": "2020-01-01", "kind": str(sent["kind"])}
    answer = client.post(page, sent)
    assert answer.status_code == 302, answer.content.decode()

    rights = client.get(f"/fiction/en/rule/rights/{cast.network.public_id}?organ={council.public_id}")
    assert "Observers may attend, but get no vote." in rights.content.decode()
    assert "Fraternal organisations may attend, speak and vote." in rights.content.decode()
    assert client.get(f"/fiction/en/rule/rights/{cast.network.public_id}").context["version"] is None

    told = client.get(f"/fiction/api/v1/networks/{cast.network.public_id}/rights?organ={council.public_id}").json()
    by_class = {row["member_class"]: row for row in told["classes"]}
    assert told["fictional"] is True
    assert by_class["observer"]["may"] == ["attend"]
    assert by_class["observer"]["vote"] is False
    assert "get no vote" in by_class["observer"]["reason"]
    assert by_class["fraternal"]["may"] == ["attend", "speak", "vote"]
    matrix = queries.matrix_on(cast.network, date(2026, 1, 1), council)
    assert matrix is not None
    assert not matrix.may("observer", Right.VOTE).held


def seat_client(client: Client, actor: ActorRef, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a client act from a seat at the tests' clock."""
    from comity.people.access import SEATS_KEY
    from comity.people.models import Seat

    monkeypatch.setattr("comity.site.middleware.now", lambda realm: AT)
    seat = Seat.objects.select_related("person").get(public_id=actor.id)
    client.force_login(seat.person)
    session = client.session
    session[SEATS_KEY] = {"fiction": seat.public_id}
    session.save()


def test_the_form_names_the_field_that_cannot_be_read(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    seat_client(client, cast.secretariat, monkeypatch)
    page = f"/fiction/en/rule/adopt/{cast.network.public_id}"
    sent = {
        "kind": "standing-orders",
        "title": "Standing orders",
        "adopted_by": "8th Congress",
        "adopted_on": "2019-05-09",
        "in_force_from": "2019-06-01",
        "language": "en",
        "prose": "14(2): Three quarters.\n\n15: Half.",
        "parameters": json.dumps({"decisions": {"x": {"majority": {"base": "all", "threshold": [1, 2]}}}}),
    }
    answer = client.post(page, sent)
    assert answer.status_code == 422
    assert "decisions.x.majority.base" in answer.context["form"].errors["parameters"][0]
    answer = client.post(page, sent | {"parameters": "{", "prose": "no number"})
    assert set(answer.context["form"].errors) == {"parameters", "prose"}
    answer = client.post(page, sent | {"parameters": json.dumps(TWO_THIRDS), "in_force_from": "2019-05-01"})
    assert set(answer.context["form"].errors) == {"in_force_from"}
    answer = client.post(page, sent | {"parameters": json.dumps(TWO_THIRDS)})
    assert answer.status_code == 302
    shown = client.get(answer.headers["Location"]).content.decode()
    assert "two thirds of votes cast" in shown


def test_strangers_are_told_who_enters_rules(cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    page = f"/fiction/en/rule/adopt/{cast.network.public_id}"
    assert client.get(page).status_code == 403
    seat_client(client, cast.amina, monkeypatch)
    assert client.get(page).status_code == 403


def test_pages_of_a_rule(cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("comity.site.middleware.now", lambda realm: AT)
    version = enter(cast.network, cast.secretariat)
    for path in ("rule/", f"rule/network/{cast.network.public_id}", f"rule/rights/{cast.network.public_id}"):
        assert client.get(f"/fiction/en/{path}").status_code == 200
        assert client.get(f"/fiction/ar/{path}").status_code == 200
    moved = client.get(f"/fiction/en/rule/{version.public_id}/old-title")
    assert moved.status_code == 301
    page = client.get(moved.headers["Location"])
    assert page.status_code == 200
    assert "three quarters of votes allocated" in page.content.decode()
    assert client.get(f"/en/rule/{version.public_id}/standing-orders").status_code == 404
    listed = client.get(f"/fiction/api/v1/networks/{cast.network.public_id}/rules?on=2026-03-02").json()
    assert [row["id"] for row in listed["rules"]] == [version.public_id]
    early = client.get(f"/fiction/api/v1/networks/{cast.network.public_id}/rules?on=2026-03-01").json()
    assert early["rules"] == []
    one = client.get(f"/fiction/api/v1/rules/{version.public_id}").json()
    assert one["sha256"] == version.sha256
    assert client.get(f"/fiction/api/v1/networks/{cast.network.public_id}/rights").status_code == 404
