"""Compare our opinion map with red-dwarf 0.4.0 on real conversations: the same groups and voices, and CPU time.

Run from the checkout: ``PYTHONPATH=src .venv/bin/python bench/opinions.py [FOLDER] [--json] [--record]``; ``--record``
writes what the peer found, as fingerprints, for the test of the room. red-dwarf runs in an
interpreter of its own (``.bench``, built from ``locks/bench.txt``) and gets the votes as JSON; times are CPU seconds of
the computation alone, the least of three runs after one to warm up, each side on one thread.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
RECORDED = ROOT / "src" / "comity" / "deliberation" / "tests" / "red_dwarf.json"
FOLDER = ROOT.parent / "shared" / "data" / "polis"
PEER = ROOT / ".bench" / "bin" / "python"
RUNS = 3
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


def least_time(work: Callable[[], Any]) -> tuple[Any, float]:
    """The result of ``work`` and its least CPU seconds."""
    result, times = work(), []
    for _ in range(RUNS):
        begin = time.process_time()
        result = work()
        times.append(time.process_time() - begin)
    return result, min(times)


def red_dwarf(path: Path) -> None:
    """The peer's side: read votes from JSON, print groups, voices and time as JSON."""
    from reddwarf.implementations.base import run_pipeline  # type: ignore[import-not-found]

    told = json.loads(path.read_text())
    votes = [{"participant_id": p, "statement_id": s, "vote": v} for p, s, v in told["votes"]]
    result, seconds = least_time(lambda: run_pipeline(votes, mod_out_statement_ids=told["silenced"], random_state=0))
    placed = result.participants_df["cluster_id"].dropna()
    answer = {
        "seconds": seconds,
        "labels": {str(person): int(label) for person, label in placed.items()},
        "voices": {
            str(group): [[voice["tid"], voice["repful-for"] == "agree"] for voice in voices]
            for group, voices in result.repness.items()
        },
        "common": [[one["tid"], side == "agree"] for side in ("agree", "disagree") for one in result.consensus[side]],
        "consensus": {str(one): float(value) for one, value in result.group_aware_consensus["agree"].items()},
    }
    print(json.dumps(answer))


def _ask(told: dict[str, object]) -> dict[str, Any]:
    """What the peer answers in its own interpreter."""
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "votes.json"
        path.write_text(json.dumps(told))
        command = [str(PEER), __file__, "--peer", str(path)]
        run = subprocess.run(command, capture_output=True, check=True, env={**os.environ, **ONE_THREAD})  # noqa: S603 - our own words
    answer: dict[str, Any] = json.loads(run.stdout.splitlines()[-1])
    return answer


def fingerprints(peer: dict[str, Any]) -> dict[str, object]:
    """What the peer found, small enough to be kept beside a test: sizes, a digest of the groups, voices, consensus."""
    names: dict[int, int] = {}
    lines = [
        f"{person}:{names.setdefault(label, len(names))}"
        for person, label in sorted(peer["labels"].items(), key=lambda pair: int(pair[0]))
    ]
    return {
        "sizes": sorted(Counter(peer["labels"].values()).values(), reverse=True),
        "groups_sha256": hashlib.sha256("\n".join(lines).encode()).hexdigest(),
        "voices": [[[str(one), agrees] for one, agrees in voices] for voices in peer["voices"].values()],
        "common": [[str(one), agrees] for one, agrees in peer["common"]],
    }


def compare(folder: Path) -> dict[str, object]:
    """Both sides on one conversation, with statements and people as numbers."""
    import numpy as np

    from comity.deliberation.core.agreement import adjusted_rand, matched
    from comity.deliberation.core.opinions import Profile, draw_map
    from comity.deliberation.core.polis_files import read_conversation

    conversation = read_conversation(folder)
    votes, names = conversation.votes, [int(one) for one in conversation.votes.statement_ids]
    people = [int(one) for one in votes.person_ids]
    cast = zip(votes.person.tolist(), votes.statement.tolist(), votes.value.tolist(), strict=True)
    told = {
        "votes": [[people[p], names[s], int(v)] for p, s, v in cast],
        "silenced": [names[at] for at in np.flatnonzero(conversation.silenced)],
    }
    peer = _ask(told)
    ours, seconds = least_time(lambda: draw_map(votes, silenced=conversation.silenced, profile=Profile.COMPAT))
    _, own_seconds = least_time(lambda: draw_map(votes, silenced=conversation.silenced))
    theirs = np.array([peer["labels"].get(str(person), -1) for person in people])
    both = ours.placed & (theirs >= 0)
    partner = matched(theirs[both], ours.labels[both])
    kept = [int(one) for one in ours.votes.statement_ids]
    same_voices = all(
        [[kept[voice.statement], voice.agrees] for voice in ours.voices[group]] == peer["voices"][str(partner[group])]
        for group in range(ours.groups)
    )
    same_common = [[kept[one.statement], one.agrees] for one in ours.common] == peer["common"]
    gap = max(abs(float(ours.consensus[at]) - peer["consensus"][str(name)]) for at, name in enumerate(kept))
    return {
        "peer": fingerprints(peer),
        "conversation": folder.name,
        "people": votes.people,
        "statements": votes.statements,
        "votes": len(votes.value),
        "same_people_placed": bool(np.array_equal(ours.placed, theirs >= 0)),
        "agreement": round(adjusted_rand(ours.labels[both], theirs[both]), 6),
        "same_voices": same_voices,
        "same_common_ground": same_common,
        "largest_consensus_gap": gap,
        "sizes": ours.sizes.tolist(),
        "red_dwarf_seconds": round(peer["seconds"], 4),
        "compat_seconds": round(seconds, 4),
        "comity_seconds": round(own_seconds, 4),
        "ratio": round(peer["seconds"] / seconds, 1),
        "ratio_comity": round(peer["seconds"] / own_seconds, 1),
    }


def main(arguments: list[str]) -> int:
    """Compare every conversation of the folder; exit 1 when any group or voice differs."""
    if arguments[:1] == ["--peer"]:
        red_dwarf(Path(arguments[1]))
        return 0
    if os.environ.get("OMP_NUM_THREADS") != "1":
        os.execve(sys.executable, [sys.executable, __file__, *arguments], {**os.environ, **ONE_THREAD})  # noqa: S606
    if not PEER.is_file():
        print("bench: .bench is missing; ./comity bench builds it from locks/bench.txt", file=sys.stderr)
        return 2
    from comity.deliberation.core.polis_files import conversations

    folder = next((Path(one) for one in arguments if not one.startswith("-")), FOLDER)
    rows = [compare(one) for one in conversations(folder)]
    if "--record" in arguments:
        found = {str(row["conversation"]): row["peer"] for row in rows}
        told = {"peer": "red-dwarf 0.4.0", "recorded": date.today().isoformat(), "conversations": found}  # noqa: DTZ011
        RECORDED.write_text(json.dumps(told, indent=1) + "\n")
    for row in rows:
        del row["peer"]
    if "--json" in arguments:
        print(json.dumps({"peer": "red-dwarf 0.4.0", "python": sys.version.split()[0], "rows": rows}, indent=1))
    else:
        for row in rows:
            voices, common = ("same" if row[key] else "differ" for key in ("same_voices", "same_common_ground"))
            print(
                f"{row['conversation']:<28} {row['people']:>5} x {row['statements']:<4} ARI {row['agreement']:.3f}"
                f"  voices {voices}  common {common}"
                f"  red-dwarf {row['red_dwarf_seconds']:.3f} s,"
                f" polis-compat {row['compat_seconds']:.4f} s ({row['ratio']} x),"
                f" comity {row['comity_seconds']:.4f} s ({row['ratio_comity']} x)"
            )
    same = all(row["agreement"] == 1.0 and row["same_voices"] and row["same_common_ground"] for row in rows)
    return 0 if same else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
