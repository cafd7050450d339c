"""Amendments: sets of operations on spans of a hashed version.

Two operations conflict exactly when their intervals overlap, or when they put two different things at one point; equal
operations are the same change, whoever proposes them. Applying a set without conflict does not depend on its order.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import StrEnum

from comity.plain.refusals import BadInput, Refusal
from comity.texts.core.clauses import Clause, ClauseKind, joined, normal, span, spliced, tokens

MOST_OPERATIONS = 200


class Act(StrEnum):
    """What an operation does: replace words of a clause, take a clause out, or put a new one after it."""

    WORDS = "words"
    REMOVE = "remove"
    ADD = "add"


class SpanOutside(BadInput):
    """A span lies inside its clause: 0 <= start <= end <= number of tokens of the clause."""

    code = "span-outside"


class NoSuchClause(BadInput):
    """An operation names a clause of the version it amends."""

    code = "no-such-clause"


class NothingChanged(BadInput):
    """An amendment changes something: its replacement differs from the words it replaces."""

    code = "nothing-changed"


class UnreadableOperation(BadInput):
    """An operation has the fields act, clause, start, end and replacement."""

    code = "unreadable-operation"


class OperationsConflict(Refusal):
    """Operations that overlap cannot both be applied; choose one, or draft a compromise."""

    code = "operations-conflict"


@dataclass(frozen=True, order=True)
class Operation:
    """One change. WORDS: tokens ``start`` to ``end`` of ``clause`` become ``replacement`` (equal ends insert, an empty
    replacement deletes). REMOVE: the clause goes. ADD: the clause ``new`` with the words ``replacement`` stands after
    ``clause`` (an empty ``clause`` means before the first).
    """

    clause: str
    start: int
    end: int
    replacement: str
    act: Act = Act.WORDS
    new: str = ""
    new_kind: str = ""
    new_label: str = ""

    @property
    def change(self) -> tuple[str, int, int, str, str, str]:
        """What makes two operations the same change; the identifier of an added clause is not part of it."""
        return (self.clause, self.start, self.end, self.replacement, self.act.value, self.new_kind)

    def as_json(self) -> dict[str, str | int]:
        """The operation as it is stored and published."""
        plain: dict[str, str | int] = {
            "act": self.act.value,
            "clause": self.clause,
            "start": self.start,
            "end": self.end,
            "replacement": self.replacement,
        }
        if self.act is Act.ADD:
            plain |= {"new": self.new, "new_kind": self.new_kind, "new_label": self.new_label}
        return plain


def read_operation(stored: Mapping[str, object]) -> Operation:
    """Read one operation from JSON; raises UnreadableOperation that names the field."""
    texts = {name: stored.get(name, "") for name in ("clause", "replacement", "new", "new_kind", "new_label")}
    places = {name: stored.get(name, 0) for name in ("start", "end")}
    for name, value in texts.items():
        if not isinstance(value, str):
            raise UnreadableOperation(field=name)
    for name, place in places.items():
        if not isinstance(place, int) or isinstance(place, bool):
            raise UnreadableOperation(field=name)
    act = stored.get("act", Act.WORDS.value)
    if act not in {a.value for a in Act}:
        raise UnreadableOperation(field="act")
    if act == Act.ADD and texts["new_kind"] not in {kind.value for kind in ClauseKind}:
        raise UnreadableOperation(field="new_kind")
    return Operation(
        clause=str(texts["clause"]),
        start=int(str(places["start"])),
        end=int(str(places["end"])),
        replacement=str(texts["replacement"]),
        act=Act(str(act)),
        new=str(texts["new"]),
        new_kind=str(texts["new_kind"]),
        new_label=str(texts["new_label"]),
    )


def read_operations(text: str | Sequence[Mapping[str, object]]) -> tuple[Operation, ...]:
    """Read a list of operations, stored or as JSON text."""
    if isinstance(text, str):
        try:
            text = json.loads(text)
        except ValueError as error:
            raise UnreadableOperation(field="operations") from error
    if not isinstance(text, list) or not all(isinstance(item, Mapping) for item in text):
        raise UnreadableOperation(field="operations")
    return tuple(read_operation(item) for item in text)


def checked(clauses: Sequence[Clause], operations: Sequence[Operation]) -> tuple[Operation, ...]:
    """The operations in normal form: each inside the version, each changing something, none against another.

    Raises NoSuchClause, SpanOutside, NothingChanged, OperationsConflict and what ``clauses.normal`` raises.
    """
    by_uuid = {clause.uuid: clause for clause in clauses}
    if not 1 <= len(operations) <= MOST_OPERATIONS:
        raise NothingChanged(operations=len(operations))
    result = tuple(_checked(by_uuid, operation) for operation in operations)
    _refuse_conflicts(result)
    return result


def _checked(by_uuid: Mapping[str, Clause], operation: Operation) -> Operation:
    if operation.clause not in by_uuid and not (operation.act is Act.ADD and operation.clause == ""):
        raise NoSuchClause(clause=operation.clause)
    if operation.act is Act.REMOVE:
        return replace(operation, start=0, end=0, replacement="")
    if operation.act is Act.ADD:
        return replace(operation, start=0, end=0, replacement=normal(operation.replacement, operation.new_label))
    clause = by_uuid[operation.clause]
    parts = tokens(clause.words)
    if not 0 <= operation.start <= operation.end <= len(parts):
        raise SpanOutside(clause=clause.label, start=operation.start, end=operation.end, tokens=len(parts))
    words = normal(operation.replacement, clause.label) if operation.replacement.strip() else ""
    if [t.text for t in tokens(words)] == [t.text for t in parts[operation.start : operation.end]]:
        raise NothingChanged(clause=clause.label)
    return replace(operation, replacement=words)


def conflict(one: Operation, other: Operation) -> bool:
    """Whether two operations on one version cannot both be applied; equal changes never conflict."""
    if one.clause != other.clause or one.change == other.change:
        return False
    acts = {one.act, other.act}
    if Act.ADD in acts:
        return acts == {Act.ADD}
    if Act.REMOVE in acts:
        return True
    return _overlap(one, other)


def _overlap(one: Operation, other: Operation) -> bool:
    """Whether two intervals share words, one inserts inside the other, or both insert at one point."""
    if one.start == one.end and other.start == other.end:
        return one.start == other.start
    if one.start == one.end:
        return other.start < one.start < other.end
    if other.start == other.end:
        return one.start < other.start < one.end
    return max(one.start, other.start) < min(one.end, other.end)


def conflicts(operations: Sequence[Operation]) -> list[tuple[int, int]]:
    """Every pair of positions whose operations conflict."""
    return [
        (left, right)
        for left in range(len(operations))
        for right in range(left + 1, len(operations))
        if conflict(operations[left], operations[right])
    ]


def _refuse_conflicts(operations: Sequence[Operation]) -> None:
    pairs = conflicts(operations)
    if pairs:
        left, right = pairs[0]
        raise OperationsConflict(first=left + 1, second=right + 1)


def apply(clauses: Sequence[Clause], operations: Iterable[Operation]) -> tuple[Clause, ...]:
    """The clauses after all operations, whose spans are those of ``clauses``; the operations' order is irrelevant.

    Raises OperationsConflict, SpanOutside, NoSuchClause. A clause whose words are all deleted raises EmptyClause.
    """
    same: dict[tuple[str, int, int, str, str, str], Operation] = {}
    for operation in sorted(operations):
        same.setdefault(operation.change, operation)
    chosen = checked(clauses, list(same.values())) if same else ()
    result = _added(chosen, "")
    for clause in clauses:
        here = [operation for operation in chosen if operation.clause == clause.uuid]
        if not any(operation.act is Act.REMOVE for operation in here):
            result.append(_reworded(clause, [operation for operation in here if operation.act is Act.WORDS]))
        result += _added(chosen, clause.uuid)
    return tuple(result)


def _reworded(clause: Clause, operations: list[Operation]) -> Clause:
    if not operations:
        return clause
    cuts = sorted((operation.start, operation.end, operation.replacement) for operation in operations)
    return replace(clause, words=normal(joined(spliced(tokens(clause.words), cuts)), clause.label))


def _added(operations: Sequence[Operation], after: str) -> list[Clause]:
    return [
        Clause(operation.new, ClauseKind(operation.new_kind), operation.new_label, operation.replacement)
        for operation in operations
        if operation.act is Act.ADD and operation.clause == after
    ]


def changes_between(old: Sequence[Clause], new: Sequence[Clause]) -> tuple[Operation, ...]:
    """Operations that lead from one version to a later one: word differences inside clauses of the same uuid,
    clauses gone and clauses added. A clause that only moved or got another number is no change of words.
    """
    earlier = {clause.uuid: clause for clause in old}
    later = {clause.uuid for clause in new}
    found = [Operation(clause.uuid, 0, 0, "", Act.REMOVE) for clause in old if clause.uuid not in later]
    after = ""
    for clause in new:
        before = earlier.get(clause.uuid)
        if before is None:
            found.append(Operation(after, 0, 0, clause.words, Act.ADD, clause.uuid, clause.kind.value, clause.label))
        else:
            after = clause.uuid
            found += _word_changes(before, clause)
    return tuple(found)


def _word_changes(before: Clause, after: Clause) -> list[Operation]:
    old = [token.text for token in tokens(before.words)]
    parts = tokens(after.words)
    matcher = SequenceMatcher(None, old, [token.text for token in parts], autojunk=False)
    return [
        Operation(before.uuid, i1, i2, span(after.words, j1, j2))
        for tag, i1, i2, j1, j2 in matcher.get_opcodes()
        if tag != "equal"
    ]


class Fate(StrEnum):
    """What becomes of an operation when the version under it changes."""

    STANDS = "stands"
    ALREADY_MADE = "already-made"
    NEEDS_A_PERSON = "needs-a-person"


@dataclass(frozen=True)
class Rebased:
    """An operation carried to a later version: what became of it, and where it stands there (None unless it stands)."""

    fate: Fate
    operation: Operation | None = None


def rebase(operation: Operation, changes: Sequence[Operation]) -> Rebased:
    """Carry an operation through the changes from its version to a later one.

    An operation whose span a change touched is never altered silently: it needs a person. One that equals a change is
    already made. Otherwise its interval is shifted by what changed before it in its clause.
    """
    here = [change for change in changes if change.clause == operation.clause]
    if any(change.change == operation.change for change in here):
        return Rebased(Fate.ALREADY_MADE)
    if any(change.act is Act.REMOVE for change in here) or any(conflict(operation, change) for change in here):
        return Rebased(Fate.NEEDS_A_PERSON)
    if operation.act is not Act.WORDS:
        touched = operation.act is Act.REMOVE and any(change.act is Act.WORDS for change in here)
        return Rebased(Fate.NEEDS_A_PERSON) if touched else Rebased(Fate.STANDS, operation)
    shift = sum(
        len(tokens(change.replacement)) - (change.end - change.start)
        for change in here
        if change.act is Act.WORDS and _before(change, operation)
    )
    return Rebased(Fate.STANDS, replace(operation, start=operation.start + shift, end=operation.end + shift))


def _before(change: Operation, operation: Operation) -> bool:
    """Whether a change that does not conflict stands before an operation, insertions before what starts there."""
    return (change.start, change.end) < (operation.start, operation.end) and change.end <= operation.start
