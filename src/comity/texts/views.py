"""Pages of texts and amendments, and a text in its other forms."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comity.decisions.queries import result_of
from comity.plain.kinds import notes_beside
from comity.plain.place import Place, place_of
from comity.plain.refs import Ref
from comity.plain.refusals import NotVisible
from comity.record.queries import entries_of
from comity.registry.edges import here, moved
from comity.texts import access, acts, exports, sheet, words
from comity.texts.core import amendments as algebra
from comity.texts.core.readings import amendment_readings, comparison
from comity.texts.core.states import TextState
from comity.texts.kinds import AMENDMENT, TEXT
from comity.texts.models import Amendment, Text, TextVersion
from comity.texts.queries import (
    Edition,
    StandingKey,
    adoption_on,
    amendment_state_on,
    as_worded,
    carried,
    decision_shown,
    edition_of,
    publication_on,
    signatures_on,
    standing_behind,
    text_state_on,
    title_in,
    version_on,
    words_in,
)
from comity.texts.queries.states import still_of

ORDER = (
    TextState.AT_THE_VOTE,
    TextState.OPEN_FOR_SIGNATURE,
    TextState.ADOPTED,
    TextState.PUBLISHED,
    TextState.AWAITING_RECORD,
    TextState.DRAFT,
    TextState.NOT_ADOPTED,
)


def edition_for(place: Place, text: Text) -> Edition:
    """The edition of the page's day; before its first version nothing stands at the address."""
    edition = edition_of(text, language=place.language, actor=place.actor, known_by=place.known_by)
    if edition is None:
        raise NotVisible(kind="text", day=place.as_of)
    return edition


@require_safe
def text_list(request: HttpRequest) -> HttpResponse:
    """Every text that the reader may see on the page's day, by where it stands, each with its dissent in one line."""
    place = place_of(request)
    rows = TEXT.standing(place)
    found: dict[TextState, list[dict[str, Any]]] = {}
    for text in rows.order_by("-recorded_at"):
        found.setdefault(text_state_on(text, place.known_by), []).append(_listed(text, place))
    groups = [(str(words.TEXT_STATES[state]), found[state]) for state in ORDER if state in found]
    told = {"groups": groups, "may_draft": bool(access.networks_to_draft_in(place.actor, place.at, place.realm))}
    return render(request, "texts/list.html", told)


def _listed(text: Text, place: Place) -> dict[str, Any]:
    known = place.known_by
    version, adoption, decision = version_on(text, known), adoption_on(text, known), decision_shown(text, known)
    assert version is not None
    promises = notes_beside("text", text, place)
    signatures = signatures_on(text, known)
    return {
        "text": text,
        "signed": words.signed_by(signatures) if signatures else "",
        "title": title_in(text, place.language, known),
        "kind": text.get_kind_display(),
        "result": words.result(result_of(decision)) if decision else "",
        "standing": [
            (words.stance(row), row)
            for row in standing_behind(text, known)
            if row.parties and row.key is not StandingKey.AGREED
        ],
        "version": (adoption.version if adoption else version).number,
        "states": words.promise_states(promises) if promises else [],
        "on": adoption.at.date() if adoption else version.at.date(),
    }


@require_safe
def text_page(request: HttpRequest, public_id: str, slug: str = "") -> HttpResponse:
    """A text with who stands behind it, its clauses with the dissent beside them, and its readings."""
    place = place_of(request)
    text = TEXT.one_of(TEXT.seen(place), public_id)
    elsewhere = moved(request, TEXT.address(text, place.language))
    if elsewhere:
        return elsewhere
    edition = edition_for(place, text)
    return render(request, "texts/text.html", _context(edition, place))


def _context(edition: Edition, place: Place) -> dict[str, Any]:
    text = edition.text
    day = f"?{place.question}" if place.question else ""
    return {
        "it": sheet.shown(edition, place),
        "text": text,
        "edition": edition,
        "state": edition.state.value,
        "signing": edition.state in {TextState.OPEN_FOR_SIGNATURE, TextState.PUBLISHED},
        "publication": publication_on(text, place.known_by),
        "allowed_signers": f"{place.prefix}/record/allowed_signers",
        "spoken": text.translations.filter(at__lte=place.known_by).exists(),
        "kind": text.get_kind_display(),
        "amendments": [(row, str(words.AMENDMENT_STATES[state])) for row, state in edition.amendments],
        "acts": acts.offered_on_text(text, place),
        "json_address": place.api(f"texts/{text.public_id}?on={place.as_of}"),
        "pdf_address": here(place, "text-pdf", public_id=text.public_id) + day,
        "txt_address": here(place, "text-plain", public_id=text.public_id) + day,
    }


@require_safe
def text_pdf(request: HttpRequest, public_id: str) -> HttpResponse:
    """The text as a tagged PDF, dissent included."""
    place = place_of(request)
    edition = edition_for(place, TEXT.one_of(TEXT.seen(place), public_id))
    response = HttpResponse(exports.pdf(edition, place), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{exports.file_name(edition)}.pdf"'
    return response


@require_safe
def text_plain(request: HttpRequest, public_id: str) -> HttpResponse:
    """The text as plain words, dissent included."""
    place = place_of(request)
    edition = edition_for(place, TEXT.one_of(TEXT.seen(place), public_id))
    return HttpResponse(exports.plain(edition, place), content_type="text/plain; charset=utf-8")


def _version(text: Text, asked: str, place: Place, otherwise: TextVersion) -> TextVersion:
    if not asked.isdigit():
        return otherwise
    found = text.versions.filter(number=int(asked[:6]), at__lte=place.known_by).first()
    if found is None:
        raise NotVisible(kind="version", number=asked)
    return found


@require_safe
def compare(request: HttpRequest, public_id: str) -> HttpResponse:
    """Two versions clause by clause, what went and what came."""
    place = place_of(request)
    text = TEXT.one_of(TEXT.seen(place), public_id)
    edition = edition_for(place, text)
    later = _version(text, request.GET.get("later", ""), place, edition.version)
    before = text.versions.filter(number__lt=later.number, at__lte=place.known_by).order_by("-number").first()
    earlier = _version(text, request.GET.get("earlier", ""), place, before or later)
    told = {
        "text": text,
        "edition": edition,
        "earlier": earlier,
        "later": later,
        "rows": _compared(earlier, later),
    }
    return render(request, "texts/compare.html", told)


def _compared(earlier: TextVersion, later: TextVersion) -> list[dict[str, Any]]:
    old = {block.uuid: block for block in earlier.blocks.all()}
    new = {block.uuid: block for block in later.blocks.all()}
    order = [*new, *(uuid for uuid in old if uuid not in new)]
    return [
        {
            "uuid": uuid,
            "label": (new.get(uuid) or old[uuid]).label,
            "pieces": comparison(
                old[uuid].words if uuid in old else "",
                new[uuid].words if uuid in new else "",
            ),
            "same": uuid in old and uuid in new and old[uuid].words == new[uuid].words,
            "added": uuid not in old,
            "removed": uuid not in new,
        }
        for uuid in order
    ]


@require_safe
def languages(request: HttpRequest, public_id: str) -> HttpResponse:
    """The words in the drafting language and in the languages they were put into, side by side."""
    place = place_of(request)
    text = TEXT.one_of(TEXT.seen(place), public_id)
    edition = edition_for(place, text)
    spoken = [code for code in _translated_into(text) if code != text.language]
    asked = request.GET.get("with", "")
    default = next((code for code in text.authentic if code != text.language), "")
    chosen = asked if asked in spoken else default if default in spoken else (spoken or [""])[0]
    translated = words_in(text, chosen, place.known_by) if chosen else {}
    blocks = list(edition.version.blocks.all())
    rows = []
    for block in blocks:
        found = translated.get(f"block:{block.uuid}")
        rows.append((block, found, found is not None and not still_of(found, block.words)))
    told = {
        "text": text,
        "edition": edition,
        "rows": rows,
        "chosen": chosen,
        "offered": [(code, words.language(code), code in text.authentic) for code in spoken],
        "title": translated.get("title"),
        "original": words.language(text.language),
        "other": words.language(chosen),
    }
    return render(request, "texts/languages.html", told)


def _translated_into(text: Text) -> list[str]:
    return sorted(set(text.translations.values_list("language", flat=True)))


@require_safe
def amendment_page(request: HttpRequest, public_id: str, slug: str = "") -> HttpResponse:
    """An amendment: its changes against the version it counts in, and what became of it."""
    place = place_of(request)
    amendment: Amendment = AMENDMENT.one_of(AMENDMENT.standing(place), public_id)
    elsewhere = moved(request, AMENDMENT.address(amendment, place.language))
    if elsewhere:
        return elsewhere
    return render(request, "texts/amendment.html", _amendment(amendment, place))


def _amendment(amendment: Amendment, place: Place) -> dict[str, Any]:
    amendment = as_worded(amendment, place.known_by)
    state = amendment_state_on(amendment, place.known_by)
    edition = edition_for(place, amendment.text)
    operations = algebra.read_operations(amendment.operations)
    clauses = amendment.version.clauses()
    ref = Ref("amendment", amendment.public_id)
    return {
        "amendment": amendment,
        "edition": edition,
        "state": str(words.AMENDMENT_STATES[state]),
        "fate": _fate(amendment, state.value),
        "changes": _changes(clauses, operations),
        "readings": amendment_readings(clauses, operations),
        "carried": [fate.fate.value for fate in carried(amendment, edition.versions[-1])],
        "decision": sheet.link_to(f"decision:{amendment.decision.public_id}", place) if amendment.decision else None,
        "acts": acts.offered_on_amendment(amendment, place),
        "entries": entries_of(ref, known_by=place.known_by),
    }


def _fate(amendment: Amendment, state: str) -> str:
    if state == "merged" and amendment.merged_into:
        how = amendment.merged_as or _("as proposed")
        return _("Taken up into version %(number)s: %(how)s.") % {"number": amendment.merged_into.number, "how": how}
    if state == "not-put" and amendment.not_put_because:
        return _("Not put to the vote: %(reason)s.") % {"reason": amendment.not_put_because}
    return ""


def _changes(clauses: Any, operations: Any) -> list[dict[str, Any]]:
    after = {clause.uuid: clause for clause in algebra.apply(clauses, operations)}
    before = {clause.uuid: clause for clause in clauses}
    touched = {operation.new or operation.clause for operation in operations}
    return [
        {
            "label": (after.get(uuid) or before[uuid]).label,
            "pieces": comparison(
                before[uuid].words if uuid in before else "", after[uuid].words if uuid in after else ""
            ),
            "added": uuid not in before,
            "removed": uuid not in after,
        }
        for uuid in [*before, *(uuid for uuid in after if uuid not in before)]
        if uuid in touched
    ]
