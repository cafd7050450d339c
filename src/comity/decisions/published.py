"""The decision file as plain data: written for anyone to recount, and read back by ``comity decide FILE``."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from comity.decisions import core
from comity.plain.refusals import BadInput, Refusal
from comity.record.core import jcs
from comity.rules.core import fingerprint, parse_parameters, parse_votes_key, refuse_fractions

FORMAT = "comity-decision/1"


class UnreadableDecisionFile(BadInput):
    """A decision file is JSON of the format comity-decision/1, as a decision's page offers it."""

    code = "unreadable-decision-file"


def facts_digest(facts: Mapping[str, Any]) -> str:
    """SHA-256 over the canonical JSON (RFC 8785) of the counted facts; it stands in the record's entry of the close."""
    refuse_fractions(facts)
    return jcs.digest(facts)


def result_json(outcome: core.Outcome) -> dict[str, Any]:
    """An outcome with its steps as it stands in the file."""
    steps = [{"step": str(step.name), "gives": dict(step.gives), "article": step.article} for step in outcome.steps]
    return {"outcome": outcome.name, "steps": steps}


def count_facts(file: Mapping[str, Any]) -> core.Outcome:
    """Count the facts of a file under the rules it carries; raise UnreadableDecisionFile or a refusal of the count."""
    try:
        facts = file["facts"]
        rules = parse_parameters(file["rules"]["document"]["parameters"])
        key = parse_votes_key(file["key"]["document"]["parameters"])
        rights = parse_parameters(file["rights"]["document"]["parameters"])
        rows = core.electorate({row["organisation"]: row["class"] for row in facts["electorate"]}, rights, key)
        registered = {row["organisation"]: row["registered"] for row in facts["electorate"]}
        given = {vote["organisation"]: vote for vote in facts["votes"]}
        tally = core.Tally(tuple(_delegation(row, registered, given) for row in rows if row.allocated))
        rule = rules.decisions[facts["decision_type"]]
        day = date.fromisoformat(facts["day"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UnreadableDecisionFile(what=f"{type(error).__name__}: {error}") from error
    strangers = sorted(set(given) - {row.organisation for row in tally.rows})
    if strangers:
        raise core.UncountableVotes(organisation=strangers[0], what="it voted and holds no vote")
    return core.decide(rows, tally, rule, articles=rules.articles, key_article=key.article, day=day)


_NO_VOTE: dict[str, Any] = {"for": 0, "against": 0, "abstained": 0, "ad_referendum": False}


def _delegation(row: core.Entitled, registered: Mapping[str, int], given: Mapping[str, Any]) -> core.Delegation:
    vote = given.get(row.organisation) or _NO_VOTE
    return core.Delegation(
        organisation=row.organisation,
        allocated=row.allocated,
        registered=registered[row.organisation],
        in_favour=vote["for"],
        against=vote["against"],
        abstained=vote["abstained"],
        ad_referendum=vote["ad_referendum"],
    )


@dataclass(frozen=True)
class FileDecision:
    """What a decision file gives when counted again, and the first thing in which it disagrees with itself."""

    title: str
    outcome: core.Outcome
    differs: str

    @property
    def agrees(self) -> bool:
        """Whether the published result is what the facts give."""
        return not self.differs


def decide_file(path: Path) -> FileDecision:
    """Count a decision file with the product's own code; the stand-alone verifier is a second implementation."""
    try:
        file = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise UnreadableDecisionFile(path=str(path), what=str(error)) from error
    if not isinstance(file, dict) or file.get("format") != FORMAT:
        raise UnreadableDecisionFile(
            path=str(path), what="the format is not named", remedy=f'it begins with "{FORMAT}"'
        )
    try:
        outcome = count_facts(file)
    except Refusal as refusal:
        raise UnreadableDecisionFile(path=str(path), **refusal.parameters) from refusal
    return FileDecision(str(file.get("title", "")), outcome, _first_difference(file, outcome))


def _first_difference(file: Mapping[str, Any], outcome: core.Outcome) -> str:
    for name in ("rules", "key", "rights"):
        document = file[name]["document"]
        digest = fingerprint(document.get("prose", []), document["parameters"])
        if not digest == file[name].get("sha256") == file["facts"].get(f"{name}_sha256"):
            return name
    counted, published = result_json(outcome), file.get("result", {})
    stated = {step.get("step"): step.get("gives") for step in published.get("steps", [])}
    for step in counted["steps"]:
        if stated.get(step["step"]) != step["gives"]:
            return str(step["step"])
    if published.get("outcome") != counted["outcome"]:
        return "result"
    return "" if file.get("facts_sha256") == facts_digest(file["facts"]) else "facts"
