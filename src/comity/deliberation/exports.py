"""Tables to take away: statements with each group's agreement, and the votes themselves where they tell of nobody."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comity.deliberation import queries
from comity.deliberation.edges import conversation_named
from comity.deliberation.models import MapRun
from comity.deliberation.words import cell_in_words
from comity.plain.place import place_of
from comity.plain.refusals import NotVisible, Refusal
from comity.plain.tables import csv_of
from comity.registry.exports import taken_along


class RowsTellTooMuch(Refusal):
    """Votes are published row by row only when no group is small and none was of one mind on a statement."""

    code = "rows-tell-too-much"
    status = 403


@require_safe
def statements_csv(request: HttpRequest, public_id: str) -> HttpResponse:
    """Every statement with each group's agreement as it may be shown."""
    place = place_of(request)
    conversation = conversation_named(place, public_id)
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
    return taken_along(csv_of(header, rows), f"statements-{public_id}", place)


@require_safe
def votes_csv(request: HttpRequest, public_id: str) -> HttpResponse:
    """The votes without names or parties, one row a person in random order; refused where they tell of somebody."""
    place = place_of(request)
    conversation = conversation_named(place, public_id)
    run = queries.run_of(conversation, place.known_by)
    if run is None or run.result is None:
        raise NotVisible()
    _require_harmless(run)
    votes, _silenced = queries.sealed_votes(conversation)
    cells = [[""] * votes.statements for _person in range(votes.people)]
    for person, statement, value in zip(votes.person, votes.statement, votes.value, strict=True):
        cells[int(person)][int(statement)] = str(int(value))
    return taken_along(csv_of(votes.statement_ids, cells), f"votes-{public_id}", place)


def _require_harmless(run: MapRun) -> None:
    if not (run.result or {}).get("rows_may_be_published"):
        raise RowsTellTooMuch()
