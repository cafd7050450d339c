"""What a drafter hands in: clauses with their sources, translations with their marks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from comity.texts.core.clauses import Clause, ClauseKind, find_span, tokens


@dataclass(frozen=True)
class CitationDraft:
    """A source of a clause. It supports ``phrase``, which stands once in the clause; without one, the whole clause."""

    title: str
    standing: str
    phrase: str = ""
    url: str = ""
    stated_on: str = ""
    thing: str = ""
    """``kind:id`` of a thing of this house that the clause leans on."""


@dataclass(frozen=True)
class ClauseDraft:
    """A clause as handed in, with its sources."""

    uuid: str
    kind: ClauseKind
    label: str
    words: str
    due: date | None = None
    addressees: tuple[str, ...] = ()
    citations: tuple[CitationDraft, ...] = ()

    def clause(self) -> Clause:
        """The clause without its sources."""
        return Clause(self.uuid, self.kind, self.label, self.words, self.due, self.addressees)


@dataclass(frozen=True)
class TranslationDraft:
    """The words of one part in another language: of ``title``, ``block:{uuid}``, ``dissent:{id}`` or ``board:{id}``.

    ``marks`` says where a letter or a source number of the original stands: the phrase it belongs to.
    """

    of: str
    words: str
    effect: str = ""
    marks: Mapping[str, str] = field(default_factory=dict)


def place_of(words: str, phrase: str) -> tuple[int, int]:
    """The tokens that a citation supports: those of its phrase, or the whole clause when it stands there not once."""
    found = find_span(words, phrase) if phrase else None
    return found or (0, len(tokens(words)))
