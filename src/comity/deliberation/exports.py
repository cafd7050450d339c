"""Tables to take away: statements with each group's agreement, and the votes themselves where they tell of nobody."""

from __future__ import annotations

import csv
from io import StringIO

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comity.deliberation import queries
from comity.deliberation.kinds import conversation_of
from comity.deliberation.models import MapRun
from comity.deliberation.words import cell_in_words
from comity.plain.place import place_of
from comity.plain.refusals import NotVisible, Refusal


class RowsTellTooMuch(Refusal):
    """Votes are published row by row only when no group is small and none was of one mind on a statement."""

    code = "rows-tell-too-much"
    status = 403


def _csv(rows: list[list[str]], name: str) -> HttpResponse:
    """A table as CSV; a cell that a spreadsheet would take for a formula is kept from being one."""
    table = StringIO()
    writer = csv.writer(table)
    for row in rows:
        writer.writerow([f"'{cell}" if cell[:1] in {"=", "+", "@", "\t"} else cell for cell in row])
    response = HttpResponse(table.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


@require_safe
def statements_csv(request: HttpRequest, public_id: str) -> HttpResponse:
    """Every statement with each group's agreement as it may be shown."""
    place = place_of(request)
    conversation = conversation_of(place, public_id)
    run = queries.run_of(conversation, place.known_by)
    if run is None or run.result is None:
        raise NotVisible()
    letters = queries.GROUP_LETTERS[: len(run.result["groups"])]
    header = [
        _("number"),
        _("statement"),
        *(_("group %(letter)s, %%") % {"letter": one} for one in letters),
        _("voted"),
    ]
    rows = [
        [str(row.statement.number), row.statement.words, *map(cell_in_words, row.cells), str(row.voted)]
        for row in queries.rows_of(run, conversation.statements.all())
    ]
    return _csv([header, *rows], f"statements-{public_id}")


@require_safe
def votes_csv(request: HttpRequest, public_id: str) -> HttpResponse:
    """The votes without names or parties, one row a person in random order; refused where they tell of somebody."""
    place = place_of(request)
    conversation = conversation_of(place, public_id)
    run = queries.run_of(conversation, place.known_by)
    if run is None or run.result is None:
        raise NotVisible()
    _require_harmless(run)
    votes, _silenced = queries.sealed_votes(conversation)
    cells = [[""] * votes.statements for _person in range(votes.people)]
    for person, statement, value in zip(votes.person, votes.statement, votes.value, strict=True):
        cells[int(person)][int(statement)] = str(int(value))
    return _csv([list(votes.statement_ids), *cells], f"votes-{public_id}")


def _require_harmless(run: MapRun) -> None:
    if not (run.result or {}).get("rows_may_be_published"):
        raise RowsTellTooMuch()
