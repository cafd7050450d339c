"""Reads the CSV files that Polis exports for a conversation, as research on deliberation passes them on."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from comity.deliberation.core.votes import Ints, Mask, Votes, from_table, gather
from comity.plain.refusals import BadInput

MATRIX = "participants-votes.csv"
EVENTS = "votes.csv"
COMMENTS = "comments.csv"
SUMMARY = "summary.csv"
CELLS = {"": np.nan, "1": 1.0, "-1": -1.0, "0": 0.0, "1.0": 1.0, "-1.0": -1.0, "0.0": 0.0}


class NoConversation(BadInput):
    """A conversation is a folder with participants-votes.csv or votes.csv."""

    code = "no-conversation"


class UnreadableConversation(BadInput):
    """A Polis file is UTF-8 CSV with the columns of the export; the refusal names file, row and column."""

    code = "unreadable-conversation"


@dataclass(frozen=True)
class Conversation:
    """One exported conversation.

    ``silenced`` (S) marks statements that moderation rejected; ``published`` (P) the group that Polis published for
    each person, -1 for none, or None where the export has no groups.
    """

    name: str
    topic: str
    votes: Votes
    words: tuple[str, ...]
    silenced: Mask
    published: Ints | None


def conversations(folder: Path) -> list[Path]:
    """The folder itself when it is a conversation, else the conversations in it, by name. Raises NoConversation."""
    if not folder.is_dir():
        raise NoConversation(path=str(folder), remedy="name a folder")
    if _is_conversation(folder):
        return [folder]
    found = sorted(inner for inner in folder.iterdir() if inner.is_dir() and _is_conversation(inner))
    if not found:
        raise NoConversation(path=str(folder), remedy=f"put {MATRIX} or {EVENTS} there")
    return found


def _is_conversation(folder: Path) -> bool:
    return (folder / MATRIX).is_file() or (folder / EVENTS).is_file()


def read_conversation(folder: Path) -> Conversation:
    """Read one conversation: votes from the matrix, or from the vote events where there is no matrix.

    Raises NoConversation and UnreadableConversation.
    """
    if not _is_conversation(folder):
        raise NoConversation(path=str(folder), remedy=f"put {MATRIX} or {EVENTS} there")
    published: Ints | None = None
    if (folder / MATRIX).is_file():
        votes, published = _read_matrix(folder / MATRIX)
    else:
        votes = _read_events(folder / EVENTS)
    said = _read_comments(folder / COMMENTS) if (folder / COMMENTS).is_file() else {}
    words = tuple(said.get(one, ("", 1))[0] for one in votes.statement_ids)
    silenced = np.array([said.get(one, ("", 1))[1] == -1 for one in votes.statement_ids], dtype=bool)
    return Conversation(folder.name, _topic(folder / SUMMARY), votes, words, silenced, published)


def _rows(path: Path) -> Iterator[list[str]]:
    """The rows of a CSV file; refuses what is not UTF-8 or not CSV."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            yield from csv.reader(lines, strict=True)
    except UnicodeDecodeError as error:
        raise UnreadableConversation(
            file=path.name, reason=f"not UTF-8 at byte {error.start}", remedy="save it as UTF-8"
        ) from error
    except csv.Error as error:
        raise UnreadableConversation(file=path.name, reason=str(error), remedy="export it again") from error


def _columns(path: Path, header: list[str], needed: tuple[str, ...]) -> dict[str, int]:
    places = {name.strip(): index for index, name in enumerate(header)}
    for name in needed:
        if name not in places:
            raise UnreadableConversation(
                file=path.name, row=1, column=name, reason="the column is missing", remedy="export it again"
            )
    return places


def _read_matrix(path: Path) -> tuple[Votes, Ints | None]:
    rows = _rows(path)
    header = next(rows, [])
    places = _columns(path, header, ("participant",))
    first = max(places.get(name, 0) for name in ("participant", "xid", "group-id", "n-disagree")) + 1
    statements = header[first:]
    if not statements or len(set(statements)) != len(statements):
        raise UnreadableConversation(
            file=path.name, row=1, reason="no statement columns, or one twice", remedy="export it again"
        )
    people: dict[str, int] = {}
    cells: list[list[float]] = []
    groups: list[int] = []
    for number, row in enumerate(rows, start=2):
        if len(row) != len(header):
            raise UnreadableConversation(
                file=path.name,
                row=number,
                reason=f"{len(row)} columns instead of {len(header)}",
                remedy="export it again",
            )
        person = row[places["participant"]]
        if people.setdefault(person, number) != number:
            raise UnreadableConversation(
                file=path.name, row=number, column="participant", reason=f"{person} stands in row {people[person]} too",
                remedy="keep one row a person",
            )  # fmt: skip
        cells.append([_cell(path, number, name, text) for name, text in zip(statements, row[first:], strict=True)])
        groups.append(_group(path, number, row[places["group-id"]]) if "group-id" in places else -1)
    table = np.array(cells, dtype=np.float64).reshape(len(people), len(statements))
    return from_table(list(people), statements, table), np.array(groups) if "group-id" in places else None


def _cell(path: Path, row: int, column: str, text: str) -> float:
    try:
        return CELLS[text.strip()]
    except KeyError as error:
        raise UnreadableConversation(
            file=path.name, row=row, column=column, reason=f"{text!r} is no vote", remedy="write 1, -1, 0 or nothing"
        ) from error


def _group(path: Path, row: int, text: str) -> int:
    if not text.strip():
        return -1
    try:
        return int(float(text))
    except ValueError as error:
        raise UnreadableConversation(
            file=path.name,
            row=row,
            column="group-id",
            reason=f"{text!r} is no group",
            remedy="write a number or nothing",
        ) from error


def _read_events(path: Path) -> Votes:
    """Vote events in the order of the file; a later one replaces an earlier one of the same cell."""
    rows = _rows(path)
    places = _columns(path, next(rows, []), ("comment-id", "voter-id", "vote"))
    events: list[tuple[str, str, int]] = []
    for number, row in enumerate(rows, start=2):
        if len(row) <= max(places["comment-id"], places["voter-id"], places["vote"]):
            raise UnreadableConversation(
                file=path.name, row=number, reason="the row is cut short", remedy="export it again"
            )
        value = _cell(path, number, "vote", row[places["vote"]] or "?")
        events.append((row[places["voter-id"]], row[places["comment-id"]], int(value)))
    return gather(events)


def _read_comments(path: Path) -> dict[str, tuple[str, int]]:
    """Words and moderation (1 accepted, 0 open, -1 rejected) of each statement."""
    rows = _rows(path)
    places = _columns(path, next(rows, []), ("comment-id", "moderated", "comment-body"))
    said: dict[str, tuple[str, int]] = {}
    for number, row in enumerate(rows, start=2):
        if len(row) <= max(places.values()):
            raise UnreadableConversation(
                file=path.name, row=number, reason="the row is cut short", remedy="export it again"
            )
        moderated = row[places["moderated"]].strip()
        if moderated not in ("1", "0", "-1"):
            raise UnreadableConversation(
                file=path.name, row=number, column="moderated", reason=f"{moderated!r} is no decision",
                remedy="write 1, 0 or -1",
            )  # fmt: skip
        said[row[places["comment-id"]]] = (row[places["comment-body"]], int(moderated))
    return said


def _topic(path: Path) -> str:
    if not path.is_file():
        return ""
    return next((row[1] for row in _rows(path) if len(row) > 1 and row[0] == "topic"), "")
