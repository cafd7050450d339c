"""The record for people: its latest entries, one entry with its proof, and the trial whether it can be falsified."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comity.plain.languages import CODES
from comity.plain.place import place_of
from comity.plain.refusals import NotVisible
from comity.plain.things import thing
from comity.record import handed_on, listing, published, queries, sheet, trial
from comity.record.core import jcs
from comity.record.ended import ended
from comity.record.exports import of_its_bytes
from comity.record.selection import restricted_count
from comity.record.told import told_of
from comity.record.words import type_in_words


def record_page(request: HttpRequest) -> HttpResponse:
    """The entries that fit what the reader chose, newest first; the address is put into its one form before."""
    place = place_of(request)
    read = listing.asked(request.GET.dict(), place)
    if read.words != {name: text for name, text in request.GET.items() if name in listing.NAMES}:
        return redirect(request.path + listing.question(read.words))
    context = {
        "origin": published.origin(place.realm),
        "standing": published.standing(place.realm),
        "witnesses": len(published.policy(place.realm).witnesses),
        "ended": ended(place.realm, place.at),
        "restricted": restricted_count(place.realm),
        "json_address": place.api(f"record/entries{listing.question(read.words) if read.selection else ''}"),
        "files": _whole(request, sheet.files_of(place)),
        **listing.listed(read, place, _number(request.GET.get("before", ""))),
    }
    return render(request, "record/record.html", context)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def entry_page(request: HttpRequest, index: int) -> HttpResponse:
    """One entry: what its seal says and does not say, who has seen it, its values, its proof, how to check it."""
    place = place_of(request)
    context = {
        **sheet.entry_sheet(index, place),
        "files": _whole(request, sheet.files_of(place, index)),
        "json_address": place.api(f"record/entries/{index}"),
        "folder": handed_on.folder_of(place.realm, index),
    }
    name = "record/entry.html" if context["entry"] else "record/entry_restricted.html"
    return render(request, name, context)


def falsify_page(request: HttpRequest) -> HttpResponse:
    """Let anybody try another value in a copy of an entry, and show what the verifier says."""
    place = place_of(request)
    asked, field = request.GET.get("entry", ""), request.GET.get("field", "")
    if (number := _number(asked)) is not None:
        index = number
    elif example := trial.example_for_trial(place.realm, place.at):
        index, field = example[0], field or example[1]
    else:
        return render(request, "record/falsify.html", {"entry": None})
    entry = queries.entry_numbered(place.realm, index)
    if entry is None:
        raise NotVisible(entry=index)
    told = queries.given(entry, place.at).fields
    values = {name: trial.typed(jcs.decode(sealed.text)) for name, sealed in told.items()}
    field = field or next(iter(values), "")
    if values and field not in values:
        raise NotVisible(entry=index, field=field)
    given = request.GET.get("value")
    tried = given is not None and bool(values)
    answer = trial.falsify(place.realm, index, field, str(given), at=place.at) if tried else None
    context = {
        "entry": entry,
        "title": type_in_words(entry.type),
        "thing": thing(entry.subject, place),
        "values": values,
        "field": field,
        "value": values.get(field, "") if given is None else given,
        "long": len(values.get(field, "")) > 80,
        "answer": answer,
        "prints": _prints(answer) if answer else [],
    }
    return render(request, "record/falsify.html", context)


def _prints(answer: trial.Answer) -> list[dict[str, str]]:
    """The fingerprints to compare, as written and of the altered copy."""
    return [
        {
            "name": _("Seal of the value"),
            "written": sheet.groups(answer.seal_written, 24),
            "given": sheet.groups(answer.seal_given, 24),
        },
        {
            "name": _("Fingerprint of the entry"),
            "written": sheet.groups(answer.fingerprint_written, 24),
            "given": sheet.groups(answer.fingerprint_given, 24),
        },
        {
            "name": _("Root of the record"),
            "written": sheet.groups(answer.root, 24),
            "given": sheet.groups(answer.root_given, 24),
        },
    ]


def _whole(request: HttpRequest, files: dict[str, str]) -> dict[str, str]:
    """Addresses with the site's own before them, so that a command can be copied."""
    return {name: request.build_absolute_uri(path) for name, path in files.items()}


@require_safe
def disclosed_file(request: HttpRequest, index: int) -> HttpResponseBase:
    """The values of one entry with their salts, as anybody may read them now."""
    place = place_of(request)
    return of_its_bytes(request, told_of(place.realm, index, at=place.at).disclosed(), "application/json")


@require_safe
def evidence_file(request: HttpRequest, index: int) -> HttpResponseBase:
    """The evidence of one entry as a zip: what it says, its proof, and what checks both without this house."""
    place = place_of(request)
    asked = request.GET.get("language", "")
    spoken = replace(place, language=asked if asked in CODES else place.language)
    folder = handed_on.folder_of(place.realm, index)
    content = handed_on.zipped(handed_on.evidence_files(index, spoken), folder)
    answered = of_its_bytes(request, content, "application/zip")
    answered.headers["Content-Disposition"] = f'attachment; filename="{folder}.zip"'
    return answered
