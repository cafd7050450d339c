"""A drawn map as plain data, to be kept, hashed and shown: what ``MapRun`` stores and pages and interface read.

Coordinates and shares are rounded to four decimals, so that the same votes give the same bytes everywhere.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from comity.deliberation.core.cells import rows_may_be_published
from comity.deliberation.core.opinions import OpinionMap, Stability
from comity.deliberation.core.reading import dividing, lowest_agreement, own_words, rows_to_show, scale_of, uniting

DIGITS = 4
SCALE_SHARE = 0.2
"""The scale bar stands for opposing each other on about a fifth of the statements."""


def drawn(chart: OpinionMap, sure: Stability) -> dict[str, Any]:
    """The map as JSON: groups, people (place and group, in the order of the votes' people), statements, sureness."""
    united, own = uniting(chart), own_words(chart)
    names = chart.votes.statement_ids
    opposed = max(1, round(chart.votes.statements * SCALE_SHARE))
    lowest = lowest_agreement(chart)[united] if united else np.array([])
    return {
        "profile": str(chart.profile),
        "groups": [
            {
                "size": int(chart.sizes[group]),
                "centre": _rounded(chart.centres[group]),
                "own": names[chosen] if (chosen := own[group]) is not None else None,
                "voices": [[names[voice.statement], voice.agrees] for voice in chart.voices[group]],
            }
            for group in range(chart.groups)
        ],
        "people": [
            [*_rounded(place), int(group)]
            for place, group in zip(chart.plane.people, chart.labels, strict=True)
            if group >= 0
        ],
        "not_placed": int((~chart.placed).sum()),
        "statements": {
            name: {
                "agree": chart.counts.agree[:, at].tolist(),
                "disagree": chart.counts.disagree[:, at].tolist(),
                "seen": chart.counts.seen[:, at].tolist(),
                "consensus": _rounded(chart.consensus[at]),
                "silenced": bool(chart.silenced[at]),
            }
            for at, name in enumerate(names)
        },
        "unites": [names[one] for one in united],
        "lowest_united": _rounded(lowest.min()) if united else None,
        "divides": [names[one] for one in dividing(chart, rows_to_show(len(united)))],
        "stability": {
            "median": _rounded(sure.median),
            "least": _rounded(sure.least),
            "steady": sure.steady,
            "agreement": _rounded(sure.agreement),
            "centres": [
                [_rounded(centre) if not np.isnan(centre).any() else None for centre in draw] for draw in sure.centres
            ],
            "seed": sure.seed,
        },
        "shown": _rounded(chart.plane.shown),
        "silhouette": _rounded(chart.silhouette),
        "scale": {"opposed": opposed, "of": chart.votes.statements, "length": _rounded(scale_of(chart, opposed))},
        "rows_may_be_published": rows_may_be_published(chart.counts, chart.sizes),
    }


def _rounded(value: Any) -> Any:
    """A number, or an array of them as lists, to four decimals; -0.0 is 0.0."""
    rounded = np.round(np.asarray(value, dtype=np.float64), DIGITS) + 0.0
    return rounded.tolist()
