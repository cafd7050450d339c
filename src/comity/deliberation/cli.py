"""``comity opinions``: the opinion map of exported Polis conversations, without a database."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from comity.plain.refusals import BadInput

LETTERS = "ABCDEFGH"


def opinions(path: str | Path, as_json: bool = False) -> int:
    """Print groups, what unites and divides them and how sure that is, for one conversation or a folder of them.

    Returns 0 when at least one conversation was read, 2 otherwise; refused ones are named on stderr.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read when numpy loads: on tables this small, threads only cost
    from comity.deliberation.core.polis_files import conversations, read_conversation

    answered: list[dict[str, Any]] = []
    try:
        folders = conversations(Path(path))
    except BadInput as refusal:
        print(f"comity opinions: {refusal}", file=sys.stderr)
        return 2
    for folder in folders:
        try:
            answered.append(described(read_conversation(folder)))
        except BadInput as refusal:
            print(f"comity opinions: {folder.name}: {refusal}", file=sys.stderr)
            continue
        if not as_json:
            _print(answered[-1])
    if as_json:
        print(json.dumps({"conversations": answered}, ensure_ascii=False, indent=1))
    return 0 if answered else 2


def described(conversation: Any) -> dict[str, Any]:
    """One conversation's map as plain data. Shares are 0..1 or null; groups are named A, B, ... by size."""
    import numpy as np

    from comity.deliberation.core.agreement import adjusted_rand
    from comity.deliberation.core.opinions import Profile, draw_map, try_stability
    from comity.deliberation.core.reading import dividing, own_words, rows_to_show, uniting

    begin = time.process_time()
    chart = draw_map(conversation.votes, silenced=conversation.silenced)
    mapped = time.process_time()
    sure = try_stability(chart)
    tried = time.process_time()
    compat = draw_map(conversation.votes, silenced=conversation.silenced, profile=Profile.COMPAT)

    def against_published(labels: Any) -> float | None:
        if conversation.published is None:
            return None
        both = (labels >= 0) & (conversation.published >= 0)
        return round(adjusted_rand(labels[both], conversation.published[both]), 3) if both.any() else None

    def statement(one: int) -> dict[str, Any]:
        share = chart.counts.share()[:, one]
        return {
            "id": chart.votes.statement_ids[one],
            "words": conversation.words[one],
            "agree": {
                LETTERS[g]: None if np.isnan(share[g]) else round(float(share[g]), 3) for g in range(chart.groups)
            },
            "voted": int(chart.counts.seen[:, one].sum()),
        }

    united = uniting(chart)
    own = own_words(chart)
    return {
        "conversation": conversation.name,
        "topic": conversation.topic,
        "people": chart.votes.people,
        "placed": int(chart.placed.sum()),
        "statements": chart.votes.statements,
        "silenced": int(conversation.silenced.sum()),
        "votes": len(chart.votes.value),
        "profile": str(chart.profile),
        "groups": [
            {
                "name": LETTERS[group],
                "people": int(size),
                "own": None if own[group] is None else statement(int(own[group] or 0)),
                "voices": [{**statement(voice.statement), "agrees": voice.agrees} for voice in chart.voices[group]],
            }
            for group, size in enumerate(chart.sizes)
        ],
        "unites": [statement(one) for one in united],
        "divides": [statement(one) for one in dividing(chart, rows_to_show(len(united)))],
        "stability": {
            "median": round(sure.median, 3),
            "least": round(sure.least, 3),
            "draws": len(sure.agreement),
            "seed": sure.seed,
        },
        "variance_shown": round(chart.plane.shown, 3),
        "silhouette": round(chart.silhouette, 3),
        "agreement_with_published": {
            "comity": against_published(chart.labels),
            "polis-compat": against_published(compat.labels),
        },
        "cpu_seconds": {"map": round(mapped - begin, 4), "stability": round(tried - mapped, 4)},
    }


def _print(told: dict[str, Any]) -> None:
    sizes = ", ".join(f"{group['name']} {group['people']}" for group in told["groups"])
    title = f"{told['conversation']}: {told['topic']}" if told["topic"] else told["conversation"]
    sure = told["stability"]
    print(f"\n{title}")
    print(
        f"  {told['votes']} votes of {told['people']} people on {told['statements']} statements"
        f" ({told['silenced']} taken out by moderation); {told['placed']} placed"
    )
    print(f"  {len(told['groups'])} groups: {sizes}")
    for group in told["groups"]:
        if group["own"]:
            print(f"    {group['name']} says: {_short(group['own'])}")
    _table("what unites", "no statement is agreed with by two thirds of every group", told["unites"][:6])
    _table("what divides", "nothing", told["divides"])
    steady = "stable" if sure["median"] >= 0.7 else "not stable"
    print(
        f"  {steady}: {sure['median']:.2f}, at worst {sure['least']:.2f}"
        f" (agreement with {sure['draws']} maps that leave out a fifth of the statements)"
    )
    published = told["agreement_with_published"]
    if published["comity"] is not None:
        print(
            f"  agreement with the published groups: {published['comity']:.3f}"
            f" (polis-compat {published['polis-compat']:.3f}; published groups depend on their own past)"
        )
    spent = told["cpu_seconds"]
    print(f"  {spent['map']:.3f} s CPU for the map, {spent['stability']:.3f} s for {sure['draws']} draws")


def _table(title: str, otherwise: str, rows: list[dict[str, Any]]) -> None:
    print(f"  {title}:" if rows else f"  {title}: {otherwise}")
    for row in rows:
        shares = "  ".join(
            f"{name} {'  –' if share is None else f'{share:4.0%}'}" for name, share in row["agree"].items()
        )
        print(f"    {shares}  {_short(row)}")


def _short(row: dict[str, Any]) -> str:
    words = " ".join(row["words"].split()) or f"statement {row['id']}"
    return words if len(words) <= 100 else f"{words[:97]}..."
