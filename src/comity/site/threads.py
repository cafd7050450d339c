"""The thread of a thing: what it arises from and what arose from it, over eight stages, as one reader may see it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.plain.kinds import Exit, Kind, kind_of_row, kinds_recorded_as
from comity.plain.place import Place
from comity.plain.refs import Ref
from comity.plain.things import Thing, named, things
from comity.plain.thread import Stage
from comity.record.queries import results_of_all, sources_of_all
from comity.registry.dates import day_in_words, span_in_words

WORDS = {
    Stage.MEET: gettext_lazy("meet"),
    Stage.DIFFER: gettext_lazy("differ"),
    Stage.CONVERGE: gettext_lazy("converge"),
    Stage.DRAFT: gettext_lazy("draft"),
    Stage.DECIDE: gettext_lazy("decide"),
    Stage.PROMISE: gettext_lazy("promise"),
    Stage.KEEP: gettext_lazy("keep"),
    Stage.ACCOUNT: gettext_lazy("account"),
}
MISSING = {
    Stage.MEET: gettext_lazy("Missing: nobody has recorded a meeting from which this arose."),
    Stage.DIFFER: gettext_lazy(
        "Missing: nobody has recorded a conversation in which the parties' views were asked for."
    ),
    Stage.CONVERGE: gettext_lazy("Missing: nobody has recorded a principle that was drawn from the views."),
    Stage.DRAFT: gettext_lazy("Missing: no text has been drafted from this."),
    Stage.DECIDE: gettext_lazy("Missing: no organ has decided on this yet."),
    Stage.PROMISE: gettext_lazy("Missing: no promise of a party has come of this yet."),
    Stage.KEEP: gettext_lazy("Missing: no party has filed evidence that it kept a promise."),
    Stage.ACCOUNT: gettext_lazy("Missing: nobody has given an account of what came of it yet."),
}
DEPTH = 12
"""Steps in one direction; a natural thread has eight stages, amendments and adoptions between them."""


@dataclass(frozen=True)
class Strand:
    """One thing on the thread."""

    ref: Ref
    kind: Kind
    row: Any
    title: str
    language: str
    address: str
    first: date | None
    last: date | None
    here: bool

    @property
    def days(self) -> str:
        """Its days in words, where anybody stated them."""
        return span_in_words(self.first, self.last) if self.first and self.last else ""


@dataclass(frozen=True)
class StageView:
    """One stage of the thread: what stands there, or that nothing does."""

    stage: Stage
    strands: tuple[Strand, ...] = ()
    due: date | None = None
    """When something is due here, as the things that stand say; only for a missing stage."""

    @property
    def word(self) -> str:
        """The stage in the reader's language."""
        return str(WORDS[self.stage])

    @property
    def here(self) -> bool:
        """Whether the page's own thing stands at this stage."""
        return any(strand.here for strand in self.strands)

    @property
    def missing(self) -> bool:
        """Whether nothing that this reader may see stands here on that day."""
        return not self.strands

    @property
    def first(self) -> date | None:
        """The first day of the stage."""
        return min((strand.first for strand in self.strands if strand.first), default=None)

    @property
    def last(self) -> date | None:
        """The last day of the stage."""
        return max((strand.last for strand in self.strands if strand.last), default=None)

    @property
    def missing_in_words(self) -> str:
        """That nothing stands here, what would, and by when where that is known."""
        if self.due:
            return _("Not yet: %(stage)s, due %(day)s.") % {"stage": self.word, "day": day_in_words(self.due)}
        return str(MISSING[self.stage])

    @property
    def leading(self) -> Strand | None:
        """Where a click on the stage leads, and whose dates it bears: the page's own thing, else the first."""
        own = [strand for strand in self.strands if strand.here]
        return next(iter(own or self.strands), None)


@dataclass(frozen=True)
class ThreadView:
    """The eight stages of one thing's thread."""

    ref: Ref
    stages: tuple[StageView, ...]
    sources: tuple[Strand, ...] = field(default=())
    results: tuple[Strand, ...] = field(default=())
    own_title: str = ""

    @property
    def title(self) -> str:
        """The title of the thing whose thread this is."""
        return next((strand.title for stage in self.stages for strand in stage.strands if strand.here), self.own_title)

    @property
    def present(self) -> int:
        """How many stages stand."""
        return len(self.stages) - len(self.missing)

    @property
    def missing(self) -> tuple[StageView, ...]:
        """The stages at which nothing stands."""
        return tuple(stage for stage in self.stages if stage.missing)


def _walk(start: Ref, place: Place, *, up: bool) -> dict[Ref, Thing]:
    """Everything visible in one direction, level by level; it goes no further behind what may not be seen."""
    step = sources_of_all if up else results_of_all
    found: dict[Ref, Thing] = {}
    seen, level = {start}, [start]
    for _depth in range(DEPTH):
        following = [ref for ref in step(level, known_by=place.known_by) if ref not in seen]
        seen.update(following)
        visible = things(following, place)
        found |= visible
        level = [ref for ref in following if ref in visible or not kinds_recorded_as(ref.kind)]
        if not level:
            break
    return found


def _strand(found: Thing, *, here: bool = False) -> Strand:
    days = found.kind.dated(found.row)
    return Strand(
        ref=found.ref,
        kind=found.kind,
        row=found.row,
        title=found.title,
        language=found.language,
        address=found.address,
        first=days[0] if days else None,
        last=days[1] if days else None,
        here=here,
    )


def _strands(start: Ref, place: Place, *, up: bool) -> list[Strand]:
    return [_strand(found) for found in _walk(start, place, up=up).values() if Exit.THREAD in found.kind.exits]


def _in_time(strands: Iterable[Strand]) -> list[Strand]:
    return sorted(strands, key=lambda strand: (strand.first or date.max, strand.title))


def _stage(stage: Stage, every: Iterable[Strand]) -> StageView:
    every = list(every)
    own = tuple(_in_time(strand for strand in every if strand.kind.stage is stage))
    awaited = [strand.kind.awaited(strand.row).get(stage) for strand in every] if not own else []
    return StageView(stage, own, min((day for day in awaited if day), default=None))


def thread_of(row: Any, place: Place) -> ThreadView | None:
    """The thread of one row; None for a row of no declared kind."""
    kind = kind_of_row(row)
    if kind is None:
        return None
    own = kind.ref(row)
    sources, results = _strands(own, place, up=True), _strands(own, place, up=False)
    here = _strand(named(row, kind, place), here=True)
    by_ref = {strand.ref: strand for strand in [*sources, *results]} | {own: here}
    stages = tuple(_stage(stage, by_ref.values()) for stage in Stage)
    return ThreadView(own, stages, tuple(_in_time(sources)), tuple(_in_time(results)), here.title)


def thread_on(request: HttpRequest, row: Any, place: Place) -> ThreadView | None:
    """The thread of a row, walked once for each request."""
    walked = _walked(request)
    key = (type(row), row.pk)
    if key not in walked:
        walked[key] = thread_of(row, place)
    return walked[key]


def remember_thread(request: HttpRequest, row: Any, view: ThreadView | None) -> None:
    """Let the ribbon of this page show a thread that was walked already."""
    _walked(request)[type(row), row.pk] = view


def _walked(request: HttpRequest) -> dict[tuple[type[Any], object], ThreadView | None]:
    found: dict[tuple[type[Any], object], ThreadView | None] = request.__dict__.setdefault("threads_walked", {})
    return found
