"""What pages show of rules on a day: rights by class as a table, and the votes that each organ allocates."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from comity.plain.blocks import Block
from comity.plain.place import Place
from comity.plain.wanted import Found, Part, Wanted
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


def keys_of(in_force: Iterable[RuleVersion], place: Place) -> Keys:
    """Votes by organ: the network's own key, and that of each organ which has one, of its versions in force."""
    keys = [version for version in in_force if version.document.kind == RuleKind.VOTES_KEY]
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


READ = (
    *("public_id", "number", "parameters", "adopted_by", "in_force_from", "document__kind", "document__title"),
    *("document__network__realm", "document__organ__name"),
)
"""What a network's page reads of a version."""


def _asked(network: Organisation, place: Place) -> Sequence[Wanted]:
    """The versions of a network's rules that had begun on the page's day."""
    return [Wanted(queries.begun(network, place.as_of, place.known_by), READ)]


def _told(network: Organisation, place: Place, begun: Found) -> Iterator[Block]:
    """What stands of a network's rules on its page: rights by class, and who holds how many votes in which organ."""
    in_force = queries.newest_of_each(begun.rows)
    rights = queries.rights_among(in_force)
    matrix = queries.matrix_of(rights) if rights is not None else None
    told = {"version": matrix.version, **_turned(matrix_shown(matrix.version))} if matrix else {}
    yield Block("rules/block_rights.html", {"network": network, **told})
    keys = keys_of(in_force, place)
    if keys.rows:
        yield Block("rules/block_votes.html", {"keys": keys})


ON_NETWORK = Part(_asked, _told)
