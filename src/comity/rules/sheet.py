"""What pages show of rules on a day: rights by class as a table, and the votes that each organ allocates."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from comity.plain.blocks import Block
from comity.plain.place import Place
from comity.registry.models import Organ, Organisation
from comity.rules import queries, words
from comity.rules.core import Right, parse_votes_key
from comity.rules.models import RuleKind, RuleVersion

RIGHTS_SHOWN = (
    Right.ATTEND,
    Right.SPEAK,
    Right.TABLE,
    Right.AMEND,
    Right.BLOCK,
    Right.NOMINATE,
    Right.VOTE,
    Right.STAND,
)


def matrix_shown(version: RuleVersion) -> dict[str, Any]:
    """The rights of a version as a table: columns that some class holds, rows by class with the reason about votes."""
    rights = queries.matrix_of(version)
    if rights is None:
        return {}
    columns = [right for right in RIGHTS_SHOWN if any(right in row.may for row in rights.rows) or right is Right.VOTE]
    return {
        "columns": [(right, words.RIGHTS[right]) for right in columns],
        "rows": [
            {
                "name": words.class_name(row.member_class),
                "cells": [(words.RIGHTS[right], right in row.may) for right in columns],
                "duties": words.listed(words.duty(name) for name in row.must),
                "reason": words.reason(rights.may(row.member_class, Right.VOTE)),
            }
            for row in rights.rows
        ],
    }


@dataclass(frozen=True)
class Allocated:
    """The votes of one organisation: a number for each organ of the table, None where that organ's key gives none."""

    organisation: Organisation
    votes: list[int | None]


@dataclass(frozen=True)
class Keys:
    """The votes that the keys of a network's organs allocate on a day."""

    organs: list[tuple[Organ | None, RuleVersion]]
    rows: list[Allocated]

    @property
    def totals(self) -> list[int]:
        """All votes of each organ."""
        return [sum(row.votes[at] or 0 for row in self.rows) for at in range(len(self.organs))]


def keys_on(network: Organisation, place: Place) -> Keys:
    """Votes by organ: the network's own key, and that of each organ which has one."""
    in_force = queries.rules_in_force(network, place.as_of, place.known_by)
    keys = [row.version for row in in_force if row.version.document.kind == RuleKind.VOTES_KEY]
    allocated = [parse_votes_key(key.parameters).allocations for key in keys]
    ids = {public_id for votes in allocated for public_id in votes}
    seen = Organisation.objects.visible_to(place.actor, place.at).in_realm(place.realm).filter(public_id__in=ids)
    rows = [Allocated(row, [votes.get(row.public_id) for votes in allocated]) for row in seen]
    rows.sort(key=lambda row: ([-(votes or 0) for votes in row.votes], row.organisation.name))
    return Keys([(key.document.organ, key) for key in keys], rows)


def _turned(matrix: dict[str, Any]) -> dict[str, Any]:
    """The same table with a row for each act and a column for each class."""
    acts = [(word, [row["cells"][at][1] for row in matrix["rows"]]) for at, (_, word) in enumerate(matrix["columns"])]
    return {"classes": matrix["rows"], "acts": acts}


def on_network(network: Organisation, place: Place) -> Iterator[Block]:
    """What stands of a network's rules on its page: rights by class, and who holds how many votes in which organ."""
    matrix = queries.matrix_on(network, place.as_of, known_by=place.known_by)
    told = {"version": matrix.version, **_turned(matrix_shown(matrix.version))} if matrix else {}
    yield Block("rules/block_rights.html", {"network": network, **told})
    keys = keys_on(network, place)
    if keys.rows:
        yield Block("rules/block_votes.html", {"keys": keys})
