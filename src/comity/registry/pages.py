"""A list turned page by page: each page begins behind the last row of the one before, never at a number of rows."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse

MOST = 200
"""So many rows stand in one answer of the interface."""


def page(rows: Any, order: Sequence[str], after: str, size: int) -> tuple[list[Any], str]:
    """The next rows in an order that ends with a key, and the id of the last where more follow.

    An id that is not among the rows begins no page: then the list begins at its beginning.
    """
    found = list(_behind(rows, order, after).order_by(*order)[: size + 1])
    return found[:size], found[size - 1].public_id if len(found) > size else ""


def _behind(rows: Any, order: Sequence[str], after: str) -> Any:
    names = [name.removeprefix("-") for name in order]
    last = rows.order_by().filter(public_id=after).values(*names).first() if after else None
    if last is None:
        return rows
    later, alike = Q(), Q()
    for name, signed in zip(names, order, strict=True):
        later |= alike & Q(**{f"{name}__{'lt' if signed.startswith('-') else 'gt'}": last[name]})
        alike &= Q(**{name: last[name]})
    return rows.filter(later)


def answered(request: HttpRequest, response: HttpResponse, rows: Any, order: Sequence[str]) -> list[Any]:
    """The rows of one answer of the interface, from behind ``?after=`` on; where more follow, its head says where."""
    found, last = page(rows, order, request.GET.get("after", ""), MOST)
    point_onward(request, response, last)
    return found


def point_onward(request: HttpRequest, response: HttpResponse, last: str) -> None:
    """Name the next page in the head of an answer (RFC 8288); nothing where none follows."""
    if last:
        question = request.GET.copy()
        question["after"] = last
        response.headers["Link"] = f'<{request.path}?{question.urlencode()}>; rel="next"'
