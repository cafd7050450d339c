"""The words under which a party signs: a version of a text, and everything that stands beside it, as plain text.

The form, ``comity-text/1``, never changes: its headings are English whatever the reader speaks, its lines are not
wrapped, it ends with one newline. Whoever holds the file holds what was signed, dissent included.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

FORM = "comity-text/1"
FICTION = "FICTION: nothing here describes a real organisation."


@dataclass(frozen=True)
class Stood:
    """One line of who stood behind the text at its vote: the stance in words, and the names of the parties."""

    stance: str
    parties: Sequence[str]


@dataclass(frozen=True)
class Said:
    """What a party says beside a text. ``closing`` is one line after its words: effect, or what its board answered."""

    kind: str
    party: str
    on: str = ""
    """The clause and the phrase it concerns; empty for the whole text."""
    words: str = ""
    closing: str = ""


@dataclass(frozen=True)
class PaperClause:
    """A clause: its number as printed, its words, and for a promise the day and to whom it is addressed."""

    label: str
    words: str
    due: str = ""
    addressees: Sequence[str] = ()


@dataclass(frozen=True)
class Paper:
    """A version of a text with what stands beside it."""

    public_id: str
    network: str
    kind: str
    version: int
    sha256: str
    language: str
    title: str
    clauses: Sequence[PaperClause]
    standing: Sequence[Stood] = ()
    said: Sequence[Said] = ()
    fictional: bool = False

    def words(self) -> str:
        """The whole paper, UTF-8 text."""
        lines = [*self._head(), "", self.title]
        for clause in self.clauses:
            lines += ["", *_clause(clause)]
        if self.standing:
            lines += ["", "Who stood behind it at the vote", *(_stood(row) for row in self.standing)]
        if self.said:
            lines += ["", "What parties say beside it"]
        for said in self.said:
            lines += ["", *_said(said)]
        return "\n".join(lines) + "\n"

    def _head(self) -> Iterable[str]:
        yield FORM
        if self.fictional:
            yield FICTION
        yield f"text: {self.public_id}"
        yield f"network: {self.network}"
        yield f"kind: {self.kind}"
        yield f"version: {self.version}"
        yield f"version-sha256: {self.sha256}"
        yield f"language: {self.language}"


def _clause(clause: PaperClause) -> Iterable[str]:
    yield f"{clause.label}. {clause.words}" if clause.label else clause.words
    if clause.due:
        yield f"    To be kept by {clause.due}"
    if clause.addressees:
        yield f"    Addressed to {'; '.join(clause.addressees)}"


def _stood(row: Stood) -> str:
    return f"    {row.stance}: {'; '.join(row.parties)}"


def _said(said: Said) -> Iterable[str]:
    yield f"{said.kind}: {said.party}{f', on {said.on}' if said.on else ''}"
    yield from (f"    {paragraph}" for paragraph in said.words.split("\n") if said.words)
    if said.closing:
        yield f"    {said.closing}"
