"""What the pages of this room show: the rows, cells and pictures of a conversation, put into the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.formats import number_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.deliberation import pictures, queries
from comity.deliberation.core.cells import Bound, Cell
from comity.deliberation.edges import principles_in
from comity.deliberation.models import Conversation, MapRun, MinorityReport, Principle, SourceRole, Statement
from comity.deliberation.words import cell_in_words, share_in_words, short
from comity.people.queries import linked
from comity.plain.kinds import Exit
from comity.plain.levels import Attribution
from comity.plain.place import Place
from comity.plain.refs import Ref
from comity.plain.things import Thing, things
from comity.record.queries import results_of, sources_of
from comity.registry.models import Link, LinkKind, Organisation


@dataclass(frozen=True)
class Figure:
    """One group's figure: in a table, and in a sentence."""

    letter: str
    sign: SafeString
    words: str
    short: str
    share: str
    exact: bool


def figures_of(cells: Sequence[Cell]) -> list[Figure]:
    """A statement's figures, group by group."""
    return [
        Figure(
            queries.GROUP_LETTERS[group],
            sign(group),
            cell_in_words(cell),
            short(cell),
            share_in_words(cell),
            cell.bound is Bound.EXACT,
        )
        for group, cell in enumerate(cells)
    ]


def sign(group: int) -> SafeString:
    """The sign of a group."""
    return mark_safe(pictures.sign(group))  # noqa: S308 - drawn by us from a number


def dots(cells: Sequence[Cell]) -> SafeString:
    """The line of dots of a statement."""
    return mark_safe(pictures.dots(cells))  # noqa: S308 - drawn by us from numbers


@dataclass(frozen=True)
class StatementRow:
    """A statement in a table."""

    statement: Statement
    figures: list[Figure]
    dots: SafeString
    voted: int | None
    silenced: bool
    author: Organisation | None


def statement_shown(statement: Statement, row: queries.Row | None, known_by: datetime) -> StatementRow:
    """A statement as a table shows it; its author only where the conversation is attributed."""
    named = statement.conversation.attribution != Attribution.NONE
    silenced = statement.silenced_at is not None and statement.silenced_at <= known_by
    return StatementRow(
        statement,
        figures_of(row.cells) if row else [],
        dots(row.cells) if row else SafeString(""),
        row.voted if row else None,
        silenced,
        statement.organisation if named else None,
    )


def figures(conversation: Conversation, run: MapRun | None, known_by: datetime) -> dict[str, int]:
    """How many took part and what was said, as far as it may be known: people are counted once the map is drawn."""
    stated = conversation.statements.filter(proposed_at__lte=known_by)
    result = (run.result or {}) if run else {}
    placed = sum(group["size"] for group in result.get("groups", ()))
    delegations = conversation.delegations.filter(since__lte=known_by)
    return {
        "statements": stated.count(),
        "delegations": delegations.count(),
        "people": placed + result.get("not_placed", 0),
        "placed": placed,
        "not_placed": result.get("not_placed", 0),
    }


def in_list(conversation: Conversation, known_by: datetime) -> dict[str, Any]:
    """A conversation's line in the list."""
    run = queries.run_of(conversation, known_by)
    result = (run.result or {}) if run else {}
    return {
        "conversation": conversation,
        "groups": len(result.get("groups", ())),
        "unites": len(result.get("unites", ())),
        "closed": conversation.closed_by(known_by),
        "figures": figures(conversation, run, known_by),
    }


@dataclass(frozen=True)
class GroupRow:
    """A group in words: the equal table beside the map."""

    letter: str
    sign: SafeString
    size: int
    own: Statement | None
    cell: str


def chart_shown(conversation: Conversation, run: MapRun, place: Place) -> dict[str, Any]:
    """Everything a drawn map's page shows."""
    result = run.result or {}
    by_id = {one.public_id: one for one in conversation.statements.all()}
    groups = _groups(run, by_id)
    unites = [by_id[one] for one in result["unites"]]
    shown = unites[: queries_rows(result)]
    return {
        "title": _title(len(groups), len(unites)),
        "picture": _picture(result, groups),
        "groups": groups,
        "letters": [(row.letter, row.sign) for row in groups],
        "unites": [statement_shown(row.statement, row, place.known_by) for row in queries.rows_of(run, shown)],
        "united": len(unites),
        "lowest": _lowest(run, unites),
        "divides": [
            statement_shown(row.statement, row, place.known_by)
            for row in queries.rows_of(run, [by_id[one] for one in result["divides"]])
        ],
        "stability": result["stability"],
        "median": number_format(result["stability"]["median"], decimal_pos=2),
        "least": number_format(result["stability"]["least"], decimal_pos=2),
        "draws": len(result["stability"]["agreement"]),
        "shown": round(100 * result["shown"]),
        "rows_may_be_published": result["rows_may_be_published"],
        "small": any(bound_in(run, one) for one in [*shown, *(by_id[one] for one in result["divides"])]),
        "statements": len(result["statements"]),
    }


def queries_rows(result: dict[str, Any]) -> int:
    """The two tables have as many rows each."""
    return max(len(result["divides"]), 1)


def bound_in(run: MapRun, statement: Statement) -> bool:
    """Whether some figure of a statement is shown by its bound only."""
    return any(cell.bound is not Bound.EXACT for cell in queries.row_of(run, statement).cells)


def _lowest(run: MapRun, unites: Sequence[Statement]) -> str:
    """The lowest agreement that any group gives any uniting statement, as it may be read."""
    cells = [cell for row in queries.rows_of(run, unites) for cell in row.cells if cell.bound is not Bound.TOO_FEW]
    return share_in_words(min(cells, key=lambda cell: (cell.percent, cell.bound is not Bound.EXACT))) if cells else ""


def _groups(run: MapRun, by_id: dict[str, Statement]) -> list[GroupRow]:
    rows = []
    for at, group in enumerate((run.result or {})["groups"]):
        own = by_id.get(group["own"] or "")
        cell = share_in_words(queries.row_of(run, own).cells[at]) if own else ""
        rows.append(GroupRow(queries.GROUP_LETTERS[at], sign(at), group["size"], own, cell))
    return rows


def _title(groups: int, united: int) -> str:
    if groups == 1:
        return _("One group: the votes show no parting")
    first = ngettext("%(n)s group", "%(n)s groups", groups) % {"n": groups}
    if not united:
        return _("%(groups)s, no statement on which all of them agree") % {"groups": first}
    sentence = ngettext(
        "%(groups)s, %(n)s statement on which all of them agree",
        "%(groups)s, %(n)s statements on which all of them agree",
        united,
    )
    return sentence % {"groups": first, "n": united}


def _heading(row: GroupRow) -> str:
    told = {"letter": row.letter, "n": row.size}
    return ngettext("Group %(letter)s, %(n)s person", "Group %(letter)s, %(n)s people", row.size) % told


def _picture(result: dict[str, Any], groups: Sequence[GroupRow]) -> SafeString:
    scale = result["scale"]
    words = pictures.MapWords(
        title=ngettext(
            "Map of opinions: people in %(n)s group who voted alike",
            "Map of opinions: people in %(n)s groups who voted alike",
            len(groups),
        )
        % {"n": len(groups)},
        description=". ".join(
            f"{_heading(row)}: {row.own.words.rstrip('.')}" if row.own else _heading(row) for row in groups
        )
        + ".",
        groups=[
            pictures.GroupWords(_heading(row), row.own.words, row.own.language)
            if row.own
            else pictures.GroupWords(_heading(row))
            for row in groups
        ],
        scale=_("as far apart as two people who disagree on %(n)s of %(of)s statements")
        % {"n": scale["opposed"], "of": scale["of"]},
        centres=ngettext("where a group's centre fell in %(n)s draw", "where a group's centre fell in %(n)s draws", 20)
        % {"n": len(result["stability"]["agreement"])},
    )
    return mark_safe(pictures.opinion_map(result, words))  # noqa: S308 - drawn by us, every text escaped


def _on_thread(refs: Sequence[Ref], place: Place) -> list[Thing]:
    return [found for found in things(refs, place).values() if Exit.THREAD in found.kind.exits]


def led_to(principle: Principle, place: Place) -> list[Thing]:
    """What arose from a principle, as this reader may see it."""
    return _on_thread(results_of(Ref("principle", principle.public_id), known_by=place.known_by), place)


def arose_from(conversation: Conversation, place: Place) -> list[Thing]:
    """What a conversation arose from."""
    return _on_thread(sources_of(Ref("conversation", conversation.public_id), known_by=place.known_by), place)


@dataclass(frozen=True)
class ReportShown:
    """A minority report in the margin."""

    report: MinorityReport
    letter: str
    size: int
    row: StatementRow | None


def reports_on(principle: Principle, place: Place) -> list[ReportShown]:
    """The minority reports that stood on the page's day, by group."""
    filed = principle.minority_reports.filter(filed_at__lte=place.known_by).select_related("statement", "organisation")
    run = queries.run_of(principle.conversation, place.known_by)
    groups = ((run.result or {}) if run else {}).get("groups", ())
    shown = []
    for report in filed.order_by("group"):
        row = queries.rows_of(run, [report.statement]) if run and report.statement else []
        shown.append(
            ReportShown(
                report,
                queries.GROUP_LETTERS[report.group],
                groups[report.group]["size"] if report.group < len(groups) else 0,
                statement_shown(row[0].statement, row[0], place.known_by) if row else None,
            )
        )
    return shown


def principle_shown(principle: Principle, place: Place) -> dict[str, Any]:
    """A principle with its support, its dissent and what it led to: none of them is ever shown without the others."""
    run = queries.run_of(principle.conversation, place.known_by)
    return {
        "principle": principle,
        "support": figures_of(queries.support_of(run, principle)) if run else [],
        "reports": reports_on(principle, place),
        "led_to": led_to(principle, place),
    }


def principles_of(conversation: Conversation, place: Place) -> list[dict[str, Any]]:
    """The principles drawn by the page's day."""
    return [principle_shown(principle, place) for principle in principles_in(conversation, place)]


def viewpoints(principle: Principle, role: SourceRole, place: Place) -> list[StatementRow]:
    """The viewpoints that fed a principle, or that it overruled, with each group's agreement."""
    named = principle.sources.filter(role=role).select_related("statement__conversation", "statement__organisation")
    stated = [source.statement for source in named.order_by("statement__number")]
    run = queries.run_of(principle.conversation, place.known_by)
    counted = {row.statement.pk: row for row in queries.rows_of(run, stated)} if run else {}
    return [statement_shown(one, counted.get(one.pk), place.known_by) for one in stated]


def letters_in(run: MapRun | None) -> list[tuple[str, SafeString]]:
    """The groups of a map, with their signs."""
    count = len((run.result or {}).get("groups", ())) if run else 0
    return [(queries.GROUP_LETTERS[at], sign(at)) for at in range(count)]


def groups_without_report(principle: Principle) -> list[str]:
    """The groups that have filed no report yet."""
    filed = set(principle.minority_reports.values_list("group", flat=True))
    run = MapRun.objects.filter(conversation=principle.conversation).first()
    return [letter for at, (letter, _sign) in enumerate(letters_in(run)) if at not in filed]


def members_to_admit(conversation: Conversation, place: Place) -> Any:
    """The organisations of the network, from which people may be admitted."""
    network = conversation.network
    ties = Link.objects.filter(object=network, kind__in=[LinkKind.MEMBERSHIP, LinkKind.PART]).values("subject_id")
    members = [row.pk for row in Organisation.objects.filter(pk__in=ties) if linked(row, network, place.at)]
    return Organisation.objects.filter(pk__in=members).order_by("name")
