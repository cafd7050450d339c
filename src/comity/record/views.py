"""The record for people: its latest entries, one entry with its proof, and the trial whether it can be falsified."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.plain.ids import is_id
from comity.plain.place import Place, place_of
from comity.plain.refs import Ref
from comity.plain.refusals import NotVisible
from comity.plain.things import thing, things
from comity.record import listing, pictures, queries
from comity.record.core import jcs, merkle
from comity.record.core.jcs import Json
from comity.record.core.proof import Proof, check_proof
from comity.record.listing import actor_word, party_of
from comity.record.queries import EntryView
from comity.record.words import TYPES, type_in_words

GROUP = 4
"""Fingerprints are shown in groups of so many digits."""


def record_page(request: HttpRequest) -> HttpResponse:
    """The entries that fit what the reader chose, newest first; the address is put into its one form before."""
    place = place_of(request)
    read = listing.asked(request.GET.dict(), place)
    if read.words != {name: text for name, text in request.GET.items() if name in listing.NAMES}:
        return redirect(request.path + listing.question(read.words))
    context = {
        "head": queries.checkpoint(place.realm),
        "restricted": queries.restricted_count(place.realm),
        "json_address": place.api(f"record/entries{listing.question(read.words) if read.selection else ''}"),
        "files": _files(request, place),
        **listing.listed(read, place, _number(request.GET.get("before", ""))),
    }
    return render(request, "record/record.html", context)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def entry_page(request: HttpRequest, index: int) -> HttpResponse:
    """One entry: what its seal says and does not say, its proof drawn, its values, and how to check it elsewhere."""
    place = place_of(request)
    proof = queries.proof(place.realm, index, at=place.at)
    entry = queries.entry_numbered(place.realm, index)
    context: dict[str, object] = {
        "index": index,
        "proof": proof,
        "fingerprint": groups(merkle.leaf_hash(proof.leaf).hex()),
        "stands": not check_proof(proof),
        "root": groups(proof.checkpoint.root.hex()),
        "steps": _steps(proof),
        "seal": mark_safe(_seal(proof)),  # noqa: S308 - drawn by us
        "picture": mark_safe(_picture(proof)),  # noqa: S308 - drawn by us, every label escaped
        "leaf": proof.leaf.decode(),
        "files": _files(request, place),
        "proof_address": _file(place, "record-proof", index),
        "json_address": place.api(f"record/entries/{index}"),
        "proof_file": request.build_absolute_uri(_file(place, "record-proof", index)),
    }
    if entry is None:
        return render(request, "record/entry_restricted.html", context)
    return render(request, "record/entry.html", context | _about(place, entry, proof))


def falsify_page(request: HttpRequest) -> HttpResponse:
    """Let anybody try another value in a copy of an entry, and show what the verifier says."""
    place = place_of(request)
    asked, field = request.GET.get("entry", ""), request.GET.get("field", "")
    if asked.isascii() and asked.isdigit() and len(asked) < 16:
        index = int(asked)
    elif example := queries.example_for_trial(place.realm, place.at):
        index, field = example[0], field or example[1]
    else:
        return render(request, "record/falsify.html", {"entry": None})
    entry = queries.entry_numbered(place.realm, index)
    if entry is None:
        raise NotVisible(entry=index)
    told = queries.given(entry, place.at).fields
    values = {name: queries.typed(jcs.decode(sealed.text)) for name, sealed in told.items()}
    field = field or next(iter(values), "")
    if values and field not in values:
        raise NotVisible(entry=index, field=field)
    given = request.GET.get("value")
    tried = given is not None and bool(values)
    answer = queries.falsify(place.realm, index, field, str(given), at=place.at) if tried else None
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


def groups(digits: str, count: int = 64) -> str:
    """The first digits of a fingerprint, in groups of four."""
    shown = digits[:count]
    return " ".join(shown[start : start + GROUP] for start in range(0, len(shown), GROUP))


def _prints(answer: queries.Answer) -> list[dict[str, str]]:
    """The fingerprints to compare, as written and of the altered copy."""
    return [
        {
            "name": _("Seal of the value"),
            "written": groups(answer.seal_written, 24),
            "given": groups(answer.seal_given, 24),
        },
        {
            "name": _("Fingerprint of the entry"),
            "written": groups(answer.fingerprint_written, 24),
            "given": groups(answer.fingerprint_given, 24),
        },
        {
            "name": _("Root of the record"),
            "written": groups(answer.root, 24),
            "given": groups(answer.root_given, 24),
        },
    ]


def _about(place: Place, entry: EntryView, proof: Proof) -> dict[str, object]:
    """What a public entry says beside its proof."""
    sources = queries.sources_of(entry.subject, known_by=place.at)
    results = queries.results_of(entry.subject, known_by=place.at)
    neighbours = queries.entries_of(entry.subject, known_by=place.at)
    where = [other.id for other in neighbours].index(entry.id) if entry.id in {other.id for other in neighbours} else 0
    named = things([entry.subject, *party_of(entry), *sources, *results], place)
    told = entry.subject in named or entry.subject in queries.readable_now({entry.subject}, place.realm, place.at)
    return {
        "entry": entry,
        "said": TYPES.get(entry.type),
        "thing": named.get(entry.subject),
        "party": next((named[ref] for ref in party_of(entry) if ref in named and told), None),
        "actor_word": actor_word(entry),
        "withheld": len(proof.withheld),
        "sources": [named[ref] for ref in sources if ref in named],
        "results": [named[ref] for ref in results if ref in named],
        "before": neighbours[where - 1] if where > 0 else None,
        "after": neighbours[where + 1] if where + 1 < len(neighbours) else None,
        "values": _values(place, entry, proof),
    }


def _values(place: Place, entry: EntryView, proof: Proof) -> list[dict[str, object]]:
    """Each sealed field: its value where it is given now, the mark of a withheld one, or why it is gone."""
    commit, facts = _commitments(place, entry), proof.fields
    values = {name: jcs.decode(sealed.text) for name, sealed in facts.items()}
    named = things([Ref("organisation", str(value)) for value in values.values() if _names(value)], place)
    return [
        {
            "name": name,
            "seal": commit[name],
            "salt": facts[name].salt.hex() if name in facts else "",
            "withheld": name in proof.withheld,
            "erased": name not in facts and name not in proof.withheld,
            "erasure": queries.erasure_of(entry, name) if name not in facts else None,
            "text": queries.typed(values[name]) if name in facts else "",
            "is_text": isinstance(values.get(name), str),
            "thing": named.get(Ref("organisation", str(values.get(name)))),
        }
        for name in sorted(commit)
    ]


def _names(value: Json) -> bool:
    return isinstance(value, str) and is_id(value)


def _commitments(place: Place, entry: EntryView) -> dict[str, str]:
    row = queries.entry_at(place.realm, entry.index or 0)
    leaf = jcs.decode(bytes(row.leaf)) if row else {}
    commit = leaf.get("commit") if isinstance(leaf, dict) else None
    return {name: str(seal) for name, seal in commit.items()} if isinstance(commit, dict) else {}


def _steps(proof: Proof) -> list[dict[str, object]]:
    return [
        {
            "number": number,
            "left": first < proof.index,
            "stands_for": _stands_for(first, last),
            "digits": sibling.hex(),
        }
        for number, (first, last, sibling) in enumerate(proof.path, start=1)
    ]


def _stands_for(first: int, last: int) -> str:
    if last - first == 1:
        return _("entry %(index)s") % {"index": _grouped(first)}
    return _("entries %(first)s to %(last)s") % {"first": _grouped(first), "last": _grouped(last - 1)}


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", "\u202f")


def _seal(proof: Proof) -> str:
    number = _grouped(proof.index)
    title = _("The seal of entry %(index)s: 36 rays show its fingerprint, no witness has signed yet") % {
        "index": number
    }
    return pictures.seal_picture(merkle.leaf_hash(proof.leaf), number, _("no witness"), title)


def _picture(proof: Proof) -> str:
    count, size = len(proof.path), _grouped(proof.checkpoint.size)
    words = pictures.ProofWords(
        title=_("The way from entry %(index)s to the root") % {"index": _grouped(proof.index)},
        description=ngettext(
            "%(count)s fingerprint joined to the entry's own gives the root of %(size)s entries; the table lists it.",
            "%(count)s fingerprints joined one after another give the root of %(size)s entries; the table lists them.",
            count,
        )
        % {"count": count, "size": size},
        root=ngettext("root of %(size)s entry", "root of %(size)s entries", proof.checkpoint.size) % {"size": size},
        entry=_("entry %(index)s") % {"index": _grouped(proof.index)},
        siblings=[_stands_for(first, last) for first, last, _sibling in proof.path],
    )
    return pictures.proof_picture(proof.index, proof.path, proof.checkpoint.root, words)


def _file(place: Place, name: str, *args: object) -> str:
    return reverse(f"{place.realm.value}-files:{name}", args=args)


def _files(request: HttpRequest, place: Place) -> dict[str, str]:
    """The addresses of the files for machines, whole, so that a command can be copied."""
    names = ("files", "checkpoint", "copy", "verifier")
    return {name: request.build_absolute_uri(_file(place, f"record-{name}")) for name in names}
