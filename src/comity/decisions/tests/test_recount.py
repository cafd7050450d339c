"""Two implementations, one result: the product's count and the stand-alone verifier's, on random files."""

import copy
import importlib.util
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.decisions.published import (
    FORMAT,
    UnreadableDecisionFile,
    count_facts,
    decide_file,
    facts_digest,
    result_json,
)
from comity.plain.refusals import Refusal
from comity.rules.core import Base, QuorumBase, fingerprint

VERIFIER = Path(__file__).resolve().parents[4] / "verify" / "comity_recount.py"


def _load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("comity_recount", VERIFIER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


recount: Any = _load()

CLASSES = {"full": ["attend", "vote"], "fraternal": {"may": ["vote"], "must": []}, "observer": ["attend"]}


def _version(parameters: dict[str, Any]) -> dict[str, Any]:
    prose = [{"article": "1", "text": "As the parameters say.", "language": "en"}]
    return {
        "title": "Test orders",
        "number": 1,
        "in_force_from": "2020-01-01",
        "sha256": fingerprint(prose, parameters),
        "document": {"prose": prose, "parameters": parameters},
    }


def sealed(
    rule: dict[str, Any], members: list[dict[str, Any]], votes: list[dict[str, Any]], key: dict[str, int]
) -> Any:
    """A file as a decision's page would publish it, its result counted by the product."""
    versions = {
        "rules": _version({"decisions": {"test": rule}}),
        "key": _version({"allocations": key}),
        "rights": _version({"rights": CLASSES}),
    }
    facts = {
        "decision_type": "test",
        "day": date(2026, 4, 18).isoformat(),
        **{f"{name}_sha256": version["sha256"] for name, version in versions.items()},
        "electorate": members,
        "votes": votes,
    }
    file: dict[str, Any] = {"format": FORMAT, "title": "Test", **versions, "facts": facts}
    file["facts_sha256"] = facts_digest(facts)
    file["result"] = result_json(count_facts(file))
    return file


@st.composite
def shares(draw: st.DrawFn) -> list[int]:
    whole = draw(st.integers(1, 9))
    return [draw(st.integers(1, whole)), whole]


@st.composite
def rules(draw: st.DrawFn) -> dict[str, Any]:
    base = draw(st.sampled_from(Base))
    share = draw(shares())
    majority: dict[str, Any] = {"base": str(base)}
    if base is not Base.NO_DELEGATION_AGAINST:
        majority |= {"threshold": share, "strict": share[0] < share[1] and draw(st.booleans())}
    rule: dict[str, Any] = {"majority": majority}
    if draw(st.booleans()):
        rule["quorum"] = {"base": str(draw(st.sampled_from(QuorumBase))), "fraction": draw(shares())}
    if draw(st.booleans()):
        days = draw(st.none() | st.integers(0, 400))
        rule["ad_referendum"] = {"counts": draw(st.booleans()), "answer_within_days": days}
    return rule


@st.composite
def files(draw: st.DrawFn) -> dict[str, Any]:
    members, votes, key = [], [], {}
    for place in range(draw(st.integers(1, 7))):
        name, member_class = f"org{place}", draw(st.sampled_from([*CLASSES, "suspended", ""]))
        key[name] = draw(st.integers(0, 9))
        allocated = key[name] if member_class in {"full", "fraternal"} else 0
        registered = draw(st.integers(0, allocated))
        members.append(
            {
                "organisation": name,
                "class": member_class,
                "allocated": allocated,
                "registered": registered,
                "reason": "",
            }
        )
        ways = [draw(st.integers(0, registered))]
        ways.append(draw(st.integers(0, registered - ways[0])))
        ways.append(draw(st.integers(0, registered - sum(ways))))
        if sum(ways):
            given_ways = dict(zip(("for", "against", "abstained"), ways, strict=True))
            votes.append({"organisation": name, **given_ways, "ad_referendum": draw(st.booleans())})
    file: dict[str, Any] = sealed(draw(rules()), members, votes, key)
    return file


@settings(max_examples=200)
@given(files())
def test_both_implementations_agree(file: dict[str, Any]) -> None:
    read = recount.load(json.dumps(file))
    steps = recount.verdict(read)
    assert [name for name, _ in steps] == list(recount.ORDER)
    assert all(recount.lines(read, steps))


@settings(max_examples=100)
@given(files(), st.data())
def test_whatever_number_is_altered_the_recount_notices(file: dict[str, Any], data: st.DataObject) -> None:
    places = [(*path, name) for path, name in _numbers(file["facts"])]
    path = data.draw(st.sampled_from(places)) if places else None
    if path is None:
        return
    altered = copy.deepcopy(file)
    holder = altered["facts"]
    for part in path[:-1]:
        holder = holder[part]
    holder[path[-1]] += data.draw(st.sampled_from([-1, 1]))
    with pytest.raises(recount.Differs):
        recount.verdict(altered)


def _numbers(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[tuple[Any, ...], Any]]:
    if isinstance(value, dict):
        items: Any = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    else:
        return []
    found = []
    for name, inner in items:
        if isinstance(inner, int) and not isinstance(inner, bool):
            found.append((path, name))
        found += _numbers(inner, (*path, name))
    return found


MEMBERS = [
    {"organisation": "a", "class": "full", "allocated": 6, "registered": 6, "reason": ""},
    {"organisation": "b", "class": "full", "allocated": 4, "registered": 3, "reason": ""},
    {"organisation": "c", "class": "observer", "allocated": 0, "registered": 0, "reason": "no-right"},
]
VOTES = [
    {"organisation": "a", "for": 6, "against": 0, "abstained": 0, "ad_referendum": False},
    {"organisation": "b", "for": 0, "against": 3, "abstained": 0, "ad_referendum": False},
]


@pytest.fixture
def file() -> Any:
    rule = {"majority": {"base": "allocated", "threshold": [1, 2]}, "quorum": {"base": "allocated", "fraction": [1, 2]}}
    return sealed(rule, copy.deepcopy(MEMBERS), copy.deepcopy(VOTES), {"a": 6, "b": 4})


def _reseal(file: dict[str, Any]) -> None:
    """What a careful forger would do: make every fingerprint fit again."""
    for name in ("rules", "key", "rights"):
        digest = recount.fingerprint(file[name]["document"])
        file[name]["sha256"] = file["facts"][f"{name}_sha256"] = digest
    file["facts_sha256"] = recount.fingerprint(file["facts"])


def _vote(file: Any, way: str, votes: int) -> None:
    file["facts"]["votes"][0][way] = votes


FORGERIES: list[tuple[str, Callable[[Any], None]]] = [
    ("votes", lambda file: _vote(file, "for", 5)),
    ("votes", lambda file: _vote(file, "for", -1)),
    ("votes", lambda file: _vote(file, "for", 60)),
    ("votes", lambda file: file["facts"]["votes"].append({**VOTES[0], "organisation": "c"})),
    ("votes", lambda file: file["facts"]["votes"].append(VOTES[0])),
    ("eligible", lambda file: file["facts"]["electorate"][2].update(allocated=5)),
    ("eligible", lambda file: file["facts"]["electorate"][2].update({"class": "full", "allocated": 5})),
    ("allocated", lambda file: file["facts"]["electorate"][1].update(allocated=5)),
    ("present", lambda file: file["facts"]["electorate"][1].update(registered=5)),
    ("present", lambda file: file["facts"]["electorate"][0].update(registered=7)),
    ("present", lambda file: file["facts"]["electorate"][1].update(registered=4)),
    ("quorum", lambda file: _rule(file)["quorum"].update(fraction=[1, 1])),
    ("needed", lambda file: _rule(file)["majority"].update(threshold=[3, 4])),
    ("needed", lambda file: _rule(file)["majority"].update(base="cast")),
    ("result", lambda file: file["result"].update(outcome="not-adopted")),
    ("result", lambda file: file["result"]["steps"][6]["gives"].update(margin=2)),
    ("may-change", lambda file: file["facts"]["votes"][0].update(ad_referendum=True)),
]


def _rule(file: Any) -> Any:
    return file["rules"]["document"]["parameters"]["decisions"]["test"]


@pytest.mark.parametrize(("step", "forge"), FORGERIES)
def test_a_forgery_with_fitting_fingerprints_is_named_by_its_step(
    step: str, forge: Callable[[Any], None], file: Any
) -> None:
    forge(file)
    _reseal(file)
    with pytest.raises(recount.Differs) as found:
        recount.verdict(file)
    assert found.value.step == step or (step, found.value.step) == ("may-change", "votes")


@pytest.mark.parametrize("name", ["rules", "key", "rights"])
def test_an_altered_rule_no_longer_fits_its_fingerprint(name: str, file: Any) -> None:
    file[name]["document"]["prose"][0]["text"] = "As we please."
    with pytest.raises(recount.Differs) as found:
        recount.verdict(file)
    assert found.value.step == name


def test_a_rule_not_yet_in_force_is_named(file: Any) -> None:
    file["rules"]["in_force_from"] = "2026-04-19"
    with pytest.raises(recount.Differs) as found:
        recount.verdict(file)
    assert found.value.step == "rules"


UNREADABLE: list[tuple[str, Callable[[Any], None]]] = [
    ("base", lambda file: _rule(file)["majority"].update(base="everyone")),
    ("threshold", lambda file: _rule(file)["majority"].update(threshold=[1, 0])),
    ("threshold", lambda file: _rule(file)["majority"].pop("threshold")),
    ("fraction", lambda file: _rule(file)["quorum"].update(fraction=[3, 2])),
    ("quorum.base", lambda file: _rule(file)["quorum"].update(base="cast")),
    ("'for'", lambda file: file["facts"]["votes"][0].pop("for")),
    ("is not int", lambda file: _vote(file, "for", True)),
    ("electorate", lambda file: file["facts"].pop("electorate")),
    ("'test'", lambda file: file["rules"]["document"]["parameters"].update(decisions={})),
]


@pytest.mark.parametrize(("told", "break_it"), UNREADABLE)
def test_what_cannot_be_recounted_says_why(told: str, break_it: Callable[[Any], None], file: Any) -> None:
    break_it(file)
    _reseal(file)
    with pytest.raises(recount.Unreadable, match=told):
        recount.verdict(file)
    with pytest.raises(Refusal):
        count_facts(file)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("not json", "not JSON"),
        ("[]", "not a decision file"),
        ('{"format": "comity-decision/2"}', "not a decision file"),
        ('{"format": "comity-decision/1", "a": 1.5}', "not whole"),
        ('{"format": "comity-decision/1", "format": "comity-decision/1"}', "twice"),
        ('{"format": "comity-decision/1", "a": NaN}', "not whole"),
    ],
)
def test_what_is_no_decision_file_says_so(text: str, told: str) -> None:
    with pytest.raises(recount.Unreadable, match=told):
        recount.load(text)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The verifier as anyone would run it: alone, with Python's own library."""
    command = [sys.executable, "-I", str(VERIFIER), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_the_command_line_answers_with_its_exit_code(file: Any, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(json.dumps(file))
    said = run(str(good))
    assert said.returncode == 0
    assert "agrees with the published result" in said.stdout
    file["facts"]["votes"][1]["against"] = 2
    bad.write_text(json.dumps(file))
    said = run(str(bad))
    assert said.returncode == 1
    assert "DIFFERS at the step 'votes'" in said.stdout
    assert run().returncode == run(str(tmp_path / "missing.json")).returncode == 2


def test_the_products_own_command_names_the_step_too(file: Any, tmp_path: Path) -> None:
    path = tmp_path / "decision.json"
    path.write_text(json.dumps(file))
    assert decide_file(path).agrees
    assert decide_file(path).outcome.adopted
    file["facts"]["votes"][1]["against"] = 2
    path.write_text(json.dumps(file))
    assert decide_file(path).differs == "votes"
    path.write_text("{}")
    with pytest.raises(UnreadableDecisionFile):
        decide_file(path)
