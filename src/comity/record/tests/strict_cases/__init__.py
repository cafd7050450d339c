"""What a strict reader accepts and what it refuses, case by case, with true signatures of fixed test keys.

``python -m comity.record.tests.strict_cases`` writes the table ``strict.json``, which Python and JavaScript both read.
"""

import json
from pathlib import Path
from typing import Any

from comity.record.tests.strict_cases import policies, signed, ssh, trees, values

TABLE = Path(__file__).parents[1] / "strict.json"
MAKERS = (
    *(signed.keys, signed.notes, signed.bodies, signed.checkpoints),
    *(trees.inclusions, trees.consistencies, trees.proofs, trees.paths, trees.bundles),
    *(policies.policies, policies.quorums, values.values, ssh.ssh_signatures),
)


def table() -> list[dict[str, Any]]:
    """All cases, in the order in which they stand in the table."""
    return [case.row() for maker in MAKERS for case in maker()]


def written() -> str:
    """The table as its file holds it: one case a line."""
    return "[\n" + ",\n".join(json.dumps(row) for row in table()) + "\n]\n"
