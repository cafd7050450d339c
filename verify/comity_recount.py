#!/usr/bin/env python3
"""Recount a published decision without the house that published it.

    python3 comity_recount.py decision.json
    python3 comity_recount.py - < decision.json

Reads one decision file, checks the fingerprints of the rules it pins, rebuilds the electorate from the votes key and
the rights of each class, counts the votes under the majority in exact numbers, and compares every step with the result
that was published. Nothing is imported but Python's own library, and nothing is fetched.

Exit 0: every step agrees. Exit 1: a step differs; it is named. Exit 2: the file cannot be read or recounted.
Licence: EUPL-1.2.
"""

import hashlib
import json
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, NoReturn

FORMAT = "comity-decision/1"
Object = dict[str, Any]
Voting = dict[str, tuple[int, int]]
"""Allocated and registered votes by organisation."""
Given = dict[str, tuple[int, int, int, bool]]
"""For, against, abstained, and whether ad referendum, by organisation."""
Steps = list[tuple[str, Object]]
ORDER = ("eligible", "allocated", "present", "quorum", "votes", "needed", "result", "may-change")


class Unreadable(Exception):
    """The file does not hold what a recount needs."""


class Differs(Exception):
    """A step of the recount disagrees with what was published."""

    def __init__(self, step: str, published: str, recounted: str) -> None:
        super().__init__(step)
        self.step, self.published, self.recounted = step, published, recounted


def spelled(value: Any) -> bytes:
    """The canonical bytes of a JSON value: sorted names, no blanks, UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")


def fingerprint(value: Any) -> str:
    """SHA-256 of the canonical bytes, in hexadecimal."""
    return hashlib.sha256(spelled(value)).hexdigest()


def no_fractions(text: str) -> NoReturn:
    """Numbers in a decision are whole; a share is written as two numbers."""
    raise Unreadable(f"the number {text} is not whole; shares are written as [numerator, denominator]")


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object names each thing once."""
    names = [name for name, _ in pairs]
    for name in names:
        if names.count(name) > 1:
            raise Unreadable(f"the name {name!r} stands twice in one object")
    return dict(pairs)


def load(text: str) -> dict[str, Any]:
    """Read one decision file; raise Unreadable."""
    try:
        read = json.loads(text, parse_float=no_fractions, parse_constant=no_fractions, object_pairs_hook=once)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"this is not JSON: {error}") from error
    if not isinstance(read, dict) or read.get("format") != FORMAT:
        raise Unreadable(f"this is not a decision file of the format {FORMAT}")
    return read


def take(holder: Any, name: str, kind: type, where: str) -> Any:
    """One value of a wanted type; raise Unreadable naming the place."""
    if not isinstance(holder, dict) or name not in holder:
        raise Unreadable(f"{where}: {name!r} is missing")
    value = holder[name]
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise Unreadable(f"{where}.{name}: {value!r} is not {kind.__name__}")
    return value


def same(step: str, what: str, published: Any, recounted: Any) -> None:
    """Go on when both agree."""
    if published != recounted or isinstance(published, bool) != isinstance(recounted, bool):
        raise Differs(step, f"{what} {published}", f"{what} {recounted}")


def check_version(file: Object, facts: Object, name: str) -> Object:
    """The pinned version: its fingerprint, and that it was in force on the day."""
    version = take(file, name, dict, "file")
    document = take(version, "document", dict, name)
    stated = take(version, "sha256", str, name)
    same(name, "sha256", stated, fingerprint(document))
    same(name, "sha256 in the facts", take(facts, f"{name}_sha256", str, "facts"), stated)
    since, day = take(version, "in_force_from", str, name), take(facts, "day", str, "facts")
    if since > day:
        raise Differs(name, f"in force from {since}", f"not in force on {day}")
    parameters: Object = take(document, "parameters", dict, f"{name}.document")
    return parameters


def flag(holder: Object, name: str, default: bool) -> bool:
    """A value that is true or false, or its default."""
    return take(holder, name, bool, "rule") if name in holder else default


def may_vote(rights: Object, member_class: str) -> bool:
    """Whether a class holds the right to vote."""
    held = take(rights, "rights", dict, "rights").get(member_class, [])
    if isinstance(held, dict):
        held = held.get("may")
    if not isinstance(held, list):
        raise Unreadable(f"rights.{member_class}: {held!r} is not a list of rights")
    return "vote" in held


def votes_by_key(allocations: Object, organisation: str) -> int:
    """The votes that the key gives to an organisation; none where it does not name it."""
    votes = take(allocations, organisation, int, "key.allocations") if organisation in allocations else 0
    if votes < 0:
        raise Unreadable(f"key.allocations.{organisation}: {votes} is not a number of votes")
    return votes


def electorate(facts: Object, rights: Object, key: Object) -> tuple[Voting, int]:
    """Those who hold votes, {organisation: (allocated, registered)}, rebuilt; and how many members hold none."""
    allocations = take(key, "allocations", dict, "key")
    voting: Voting = {}
    without, seen = 0, set()
    for member in take(facts, "electorate", list, "facts"):
        organisation = take(member, "organisation", str, "electorate")
        if organisation in seen:
            raise Differs("eligible", f"{organisation} twice", f"{organisation} once")
        seen.add(organisation)
        allocated = take(member, "allocated", int, organisation)
        registered = take(member, "registered", int, organisation)
        votes = may_vote(rights, take(member, "class", str, organisation))
        due = votes_by_key(allocations, organisation) if votes else 0
        if bool(allocated) != bool(due):
            raise Differs("eligible", f"{organisation} holds {allocated}", f"{organisation} holds {due}")
        same("allocated", f"{organisation}:", allocated, due)
        if not 0 <= registered <= allocated:
            raise Differs("present", f"{organisation} registered {registered}", f"at most {allocated} allocated")
        if due:
            voting[organisation] = (allocated, registered)
        else:
            without += 1
    return voting, without


def ballots(facts: Object, voting: Voting) -> Given:
    """The votes given, {organisation: (for, against, abstained, ad referendum)}; none more than registered."""
    given: Given = {}
    for vote in take(facts, "votes", list, "facts"):
        organisation = take(vote, "organisation", str, "votes")
        ways = [take(vote, way, int, organisation) for way in ("for", "against", "abstained")]
        if organisation in given:
            raise Differs("votes", f"{organisation} voted twice", "once")
        if organisation not in voting:
            raise Differs("votes", f"{organisation} voted", "it holds no vote")
        if min(ways) < 0 or sum(ways) > voting[organisation][1]:
            raise Differs("votes", f"{organisation} gave {ways}", f"{voting[organisation][1]} registered")
        given[organisation] = (ways[0], ways[1], ways[2], take(vote, "ad_referendum", bool, organisation))
    return given


def share(pair: Any, where: str) -> Fraction:
    """A fraction above 0 and up to 1, from two whole numbers."""
    whole = isinstance(pair, list) and len(pair) == 2 and all(type(part) is int for part in pair)
    if not whole or pair[1] <= 0 or not 0 < pair[0] <= pair[1]:
        raise Unreadable(f"{where}: {pair!r} is no share of a whole")
    return Fraction(*pair)


def least(fraction: Fraction, whole: int, strict: bool) -> int:
    """The least whole number that meets a share of a whole."""
    exact = fraction * whole
    reached = exact.numerator // exact.denominator
    return reached + 1 if strict or reached < exact else reached


def quorum_step(rule: Object, voting: Voting, given: Given) -> Object:
    """Whether enough was there."""
    quorum = rule.get("quorum")
    if quorum is None:
        return {"required": False}
    allocated = sum(votes for votes, _ in voting.values())
    registered = sum(there for _, there in voting.values())
    present = sum(voting[one][1] for one, ways in given.items() if sum(ways[:3]))
    came = sum(1 for _, there in voting.values() if there)
    bases = {
        "allocated": (allocated, registered),
        "entitled": (registered, present),
        "delegations": (len(voting), came),
    }
    base, strict = take(quorum, "base", str, "quorum"), flag(quorum, "strict", False)
    if base not in bases:
        raise Unreadable(f"quorum.base: {base!r} is not one of {', '.join(bases)}")
    fraction = share(quorum.get("fraction"), "quorum.fraction")
    whole, there = bases[base]
    needed = least(fraction, whole, strict)
    return {
        "required": True, "base": base, "fraction": [fraction.numerator, fraction.denominator], "strict": strict,
        "of": whole, "needed": needed, "there": there, "met": there >= needed,
    }  # fmt: skip


def base_of(base: str, voting: Voting, counted: Given, given: Given) -> int:
    """How many votes a majority is taken of. ``counted`` leaves out votes ad referendum where they do not count."""
    cast = sum(ways[0] + ways[1] for ways in counted.values())
    bases = {
        "cast": cast,
        "cast-with-abstentions": cast + sum(ways[2] for ways in counted.values()),
        "present": sum(voting[one][1] for one, ways in given.items() if sum(ways[:3])),
        "entitled": sum(there for _, there in voting.values()),
        "allocated": sum(votes for votes, _ in voting.values()),
        "no-delegation-against": len(voting),
    }
    if base not in bases:
        raise Unreadable(f"majority.base: {base!r} is not one of {', '.join(bases)}")
    return bases[base]


def recount(file: Object) -> Steps:
    """Every step from the facts, [(name, gives)]; raises Differs where the facts contradict the pinned rules."""
    facts = take(file, "facts", dict, "file")
    rules, key, rights = (check_version(file, facts, name) for name in ("rules", "key", "rights"))
    kind = take(facts, "decision_type", str, "facts")
    rule = take(take(rules, "decisions", dict, "rules"), kind, dict, "rules.decisions")
    voting, without = electorate(facts, rights, key)
    given = ballots(facts, voting)
    board = take(rule, "ad_referendum", dict, "rule") if "ad_referendum" in rule else {}
    counts = flag(board, "counts", True)
    counted = {one: ways if counts or not ways[3] else (0, ways[1], ways[2], True) for one, ways in given.items()}
    quorum = quorum_step(rule, voting, given)
    needed, met, margin = majority_step(take(rule, "majority", dict, "rule"), voting, counted, given)
    in_favour = sum(ways[0] for ways in counted.values())
    adopted = met and quorum.get("met", True)
    allocated = sum(votes for votes, _ in voting.values())
    totals = [sum(ways[place] for ways in given.values()) for place in range(3)]
    waiting = sorted(one for one, ways in given.items() if ways[3] and ways[0])
    await_votes = sum(ways[0] for ways in given.values() if ways[3])
    came = [there for _, there in voting.values() if there]
    return [
        ("eligible", {"delegations": len(voting), "without_vote": without}),
        ("allocated", {"votes": allocated}),
        ("present", {"delegations": len(came), "votes": sum(came)}),
        ("quorum", quorum),
        ("votes", {
            "for": totals[0], "against": totals[1], "abstained": totals[2],
            "unused": allocated - sum(totals), "ad_referendum": await_votes,
        }),
        ("needed", needed | {"ad_referendum_counts": counts}),
        ("result", {"outcome": "adopted" if adopted else "not-adopted", "for": in_favour, "margin": margin}),
        ("may-change", {
            "ad_referendum": waiting, "votes": await_votes,
            "until": until(facts, board.get("answer_within_days")) if waiting else None,
        }),
    ]  # fmt: skip


def until(facts: Object, days: Any) -> str | None:
    """The day by which boards answer, where the rule says within how many days."""
    if days is None:
        return None
    try:
        return (date.fromisoformat(facts["day"]) + timedelta(days=days)).isoformat()
    except (ValueError, TypeError, OverflowError) as error:
        raise Unreadable(f"facts.day or answer_within_days: {error}") from error


def majority_step(majority: Object, voting: Voting, counted: Given, given: Given) -> tuple[Object, bool, int]:
    """What is needed, whether it is met, and by how much."""
    base = take(majority, "base", str, "majority")
    whole = base_of(base, voting, counted, given)
    in_favour = sum(ways[0] for ways in counted.values())
    against = sum(ways[1] for ways in counted.values())
    opposed = sum(1 for ways in counted.values() if ways[1])
    if base == "no-delegation-against":
        return {"base": base, "of": whole, "against": opposed}, in_favour > 0 and not opposed, -against
    threshold, strict = share(majority.get("threshold"), "majority.threshold"), flag(majority, "strict", False)
    exact, needed = threshold * whole, max(1, least(threshold, whole, strict))
    gives = {
        "base": base, "of": whole, "threshold": [threshold.numerator, threshold.denominator], "strict": strict,
        "exact": [exact.numerator, exact.denominator], "needed": needed,
    }  # fmt: skip
    return gives, in_favour >= needed, in_favour - needed


def compare(file: Object, steps: Steps) -> None:
    """Hold the recount against what was published, step by step."""
    result = take(file, "result", dict, "file")
    published = take(result, "steps", list, "result")
    names = [take(step, "step", str, "result.steps") for step in published]
    if tuple(names) != ORDER:
        raise Differs(next((n for n in ORDER if n not in names), "result"), f"steps {names}", f"steps {list(ORDER)}")
    for stated, (name, gives) in zip(published, steps, strict=True):
        stands = take(stated, "gives", dict, name)
        for what in sorted(set(stands) | set(gives)):
            same(name, what, stands.get(what), gives.get(what))
    same("result", "outcome", take(result, "outcome", str, "result"), dict(steps)["result"]["outcome"])
    same("facts", "sha256", take(file, "facts_sha256", str, "file"), fingerprint(file["facts"]))


def verdict(file: Object) -> Steps:
    """Recount and compare one decision file that is loaded; return its steps. Raises Unreadable or Differs."""
    steps = recount(file)
    compare(file, steps)
    return steps


def lines(file: Object, steps: Steps) -> Iterator[tuple[str, str]]:
    """What was counted, a line a step."""
    gives, rules = dict(steps), file["rules"]
    needed, quorum, votes, result = gives["needed"], gives["quorum"], gives["votes"], gives["result"]
    reach = f"{quorum['needed']} {'met' if quorum['met'] else 'not met'}" if quorum["required"] else "none"
    yield "rules", f"{rules.get('title', '')} v{rules.get('number', '')}, in force {rules['in_force_from']}"
    yield (
        "eligible",
        (
            f"{gives['eligible']['delegations']}   allocated {gives['allocated']['votes']}   "
            f"registered {gives['present']['votes']}   quorum {reach}"
        ),
    )
    ways = "   ".join(f"{way} {votes[way]}" for way in ("for", "against", "abstained") if votes[way] or way == "for")
    yield "votes", f"{ways}   not used {votes['unused']}"
    if needed["base"] == "no-delegation-against":
        yield "needed", "no delegation against"
        yield result["outcome"], f"{needed['against']} against"
    else:
        numerator, denominator = needed["threshold"]
        exact = Fraction(*needed["exact"])
        share_told = f"{'more than ' if needed['strict'] else ''}{numerator}/{denominator} of {needed['of']}"
        whole = "" if exact == needed["needed"] else f", so {needed['needed']}"
        yield "needed", f"{share_told} ({needed['base']}) = {exact}{whole}"
        sign = ">=" if result["for"] >= needed["needed"] else "<"
        yield result["outcome"], f"{result['for']} {sign} {needed['needed']}"


def main(arguments: list[str]) -> int:
    """Recount the file named on the command line; return the exit code."""
    if len(arguments) != 1 or arguments[0] in ("-h", "--help"):
        print(__doc__, file=sys.stdout if arguments in (["-h"], ["--help"]) else sys.stderr)
        return 0 if arguments in (["-h"], ["--help"]) else 2
    try:
        if arguments[0] == "-":
            text = sys.stdin.buffer.read().decode("utf-8")
        else:
            with open(arguments[0], encoding="utf-8") as opened:
                text = opened.read()
        file = load(text)
        steps = verdict(file)
    except (OSError, UnicodeDecodeError, Unreadable) as error:
        print(f"comity_recount: {error}", file=sys.stderr)
        return 2
    except Differs as difference:
        print(f"{difference.step:<12}published: {difference.published}")
        print(f"{'':<12}recounted: {difference.recounted}")
        print(f"DIFFERS at the step {difference.step!r}")
        return 1
    for name, told in lines(file, steps):
        print(f"{name:<12}{told}")
    print(f"{'fingerprint':<12}{file['facts_sha256']}")
    print("agrees with the published result")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
