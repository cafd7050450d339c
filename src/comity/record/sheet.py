"""What the page of an entry shows: what it says, how it stands, who has seen it, its values, its proof drawn."""

import re
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.plain.ids import is_id
from comity.plain.place import Place
from comity.plain.refs import Ref
from comity.plain.things import things
from comity.record import pictures, published, queries, seals, witnessing
from comity.record.core import jcs
from comity.record.core.audit import read_leaf
from comity.record.core.evidence import Evidence, Told, check_evidence
from comity.record.core.jcs import Json
from comity.record.core.merkle import BadProof
from comity.record.core.notes import Malformed
from comity.record.listing import actor_word, party_of, question
from comity.record.published import NotPublishedYet
from comity.record.queries import EntryView
from comity.record.seals import Seal
from comity.record.told import chain_of, told_of
from comity.record.trial import typed
from comity.record.words import TYPES

GROUP = 4
"""Fingerprints are shown in groups of so many digits."""
DIGEST = re.compile(r"[0-9a-f]{64}")
"""A value that is a fingerprint is read as digits, not as words."""


@dataclass(frozen=True)
class Proved:
    """How an entry stands: its evidence where it is published, and whether that holds."""

    told: Told
    evidence: Evidence | None
    damaged: bool = False
    """Whether the published files that would prove it cannot be read."""

    @property
    def altered(self) -> bool:
        """Whether what stands in the database is not what was published."""
        return self.evidence is not None and bool(check_evidence(self.evidence))


def proved(index: int, place: Place) -> Proved:
    """An entry as it stands now; raise NotVisible where there is none."""
    told = told_of(place.realm, index, at=place.at)
    try:
        return Proved(told, Evidence(told, published.proof(place.realm, index)))
    except NotPublishedYet:
        return Proved(told, None)
    except (LookupError, Malformed, BadProof):
        return Proved(told, None, damaged=True)


def entry_sheet(index: int, place: Place) -> dict[str, Any]:
    """Everything that the page of an entry shows, public or not."""
    found, standing = proved(index, place), published.standing(place.realm)
    entry = queries.entry_numbered(place.realm, index)
    shown = seals.Shown(standing, len(published.policy(place.realm).witnesses))
    seal = seals.seal_in(shown, index, entry.at if entry else standing.waiting_since)
    return {
        "index": index,
        "origin": published.origin(place.realm),
        "found": found,
        "seal": seal,
        "standing": standing,
        "seal_picture": _seal(found.told, seal),
        "fingerprint": groups(found.told.leaf_hash.hex()),
        "leaf": found.told.leaf.decode(errors="replace"),
        "witnesses": witnessing.witnesses(place.realm, standing),
        "hands": witnessing.hands_of(standing),
        "policy": witnessing.policy_in_words(place.realm),
        **_drawn(found.evidence),
        **(_about(place, entry, found.told) if entry else {"entry": None}),
    }


def _drawn(evidence: Evidence | None) -> dict[str, object]:
    if evidence is None:
        return {"steps": [], "picture": "", "root": "", "size": 0}
    return {
        "steps": _steps(evidence),
        "picture": _picture(evidence),
        "root": groups(evidence.checkpoint.root.hex()),
        "size": evidence.checkpoint.size,
    }


def groups(digits: str, count: int = 64) -> str:
    """The first digits of a fingerprint, in groups of four."""
    shown = digits[:count]
    return " ".join(shown[start : start + GROUP] for start in range(0, len(shown), GROUP))


def _about(place: Place, entry: EntryView, told: Told) -> dict[str, object]:
    """What a public entry says beside its proof."""
    sources = queries.sources_of(entry.subject, known_by=place.at)
    results = queries.results_of(entry.subject, known_by=place.at)
    named = things([entry.subject, *party_of(entry), *sources, *results], place)
    readable = entry.subject in queries.readable_now({entry.subject}, place.realm, place.at)
    seen = entry.subject in named or readable
    hidden = {} if seen else queries.drawn(place.realm.value, [entry.subject])
    return {
        "entry": entry,
        "said": TYPES.get(entry.type),
        "subject": queries.shown_ref(entry.subject, hidden),
        "thing": named.get(entry.subject),
        "party": next((named[ref] for ref in party_of(entry) if ref in named and seen), None),
        "actor_word": actor_word(entry),
        "withheld": len(told.withheld),
        "sources": [named[ref] for ref in sources if ref in named],
        "results": [named[ref] for ref in results if ref in named],
        "chain": chain_of(entry),
        "chain_question": question({"about": str(entry.subject)}) if seen else "",
        "values": _values(place, entry, told),
    }


def _values(place: Place, entry: EntryView, told: Told) -> list[dict[str, object]]:
    """Each sealed field: its value where it is given now, the mark of a withheld one, or why it is gone."""
    commit = _commitments(told)
    values = {name: jcs.decode(sealed.text) for name, sealed in told.fields.items()}
    named = things([ref for name, value in values.items() for ref in _named(name, value)], place)
    return [
        {
            "name": name,
            "seal": commit[name],
            "salt": told.fields[name].salt.hex() if name in values else "",
            "withheld": name in told.withheld,
            "erased": name not in values and name not in told.withheld,
            "erasure": _erasure(place, entry, name) if name not in values else None,
            "text": typed(values[name]) if name in values else "",
            "is_text": _is_words(values.get(name)),
            "is_empty": name in values and values[name] in ("", [], {}),
            "thing": next((named[ref] for ref in _named(name, values.get(name)) if ref in named), None),
        }
        for name in sorted(commit)
    ]


def _is_words(value: Json) -> bool:
    return isinstance(value, str) and not DIGEST.fullmatch(value)


def _erasure(place: Place, entry: EntryView, name: str) -> dict[str, object] | None:
    """The entry that says why a value is gone, and the ground that it gives."""
    erasure = queries.erasure_of(entry, name)
    if erasure is None:
        return None
    basis = queries.given(erasure, place.at).fields.get("legal_basis")
    return {"index": erasure.index, "at": erasure.at, "basis": jcs.decode(basis.text) if basis else ""}


def _named(name: str, value: Json) -> list[Ref]:
    """What a value may name: an organisation, or a thing of the kind that its field is called by."""
    kinds = dict.fromkeys(["organisation", name])
    return [Ref(kind, value) for kind in kinds] if isinstance(value, str) and is_id(value) else []


def _commitments(told: Told) -> dict[str, str]:
    try:
        return dict(read_leaf(told.leaf).commit or {})
    except ValueError:
        return {}


def _steps(evidence: Evidence) -> list[dict[str, object]]:
    return [
        {
            "number": number,
            "left": first < evidence.told.index,
            "stands_for": _stands_for(first, last),
            "digits": sibling.hex(),
        }
        for number, (first, last, sibling) in enumerate(evidence.way(), start=1)
    ]


def _stands_for(first: int, last: int) -> str:
    if last - first == 1:
        return _("entry %(index)s") % {"index": grouped(first)}
    return _("entries %(first)s to %(last)s") % {"first": grouped(first), "last": grouped(last - 1)}


def grouped(number: int) -> str:
    """A number in groups of three."""
    return f"{number:,}".replace(",", "\u202f")


def _seal(told: Told, seal: Seal) -> SafeString:
    number = grouped(told.index)
    words = {"index": number, "seen": seal.seen, "of": seal.of}
    if not seal.covered:
        below = _("waiting")
        title = _("The seal of entry %(index)s: 36 rays show its fingerprint; it waits for witnesses")
    elif seal.of:
        below = _("%(seen)s of %(of)s") % words
        title = _("The seal of entry %(index)s: 36 rays show its fingerprint, %(seen)s of %(of)s arcs are closed")
    else:
        below = _("no witness")
        title = _("The seal of entry %(index)s: 36 rays show its fingerprint, no witness has signed")
    arcs = pictures.Arcs(seal.seen, seal.of, seal.independent)
    drawn = pictures.seal_picture(told.leaf_hash, number, below, title % words, arcs)
    return mark_safe(drawn)  # noqa: S308 - drawn by us, every label escaped


def _picture(evidence: Evidence) -> SafeString:
    way, checkpoint, index = evidence.way(), evidence.checkpoint, evidence.told.index
    count, size = len(way), grouped(checkpoint.size)
    words = pictures.ProofWords(
        title=_("The way from entry %(index)s to the root") % {"index": grouped(index)},
        description=ngettext(
            "%(count)s fingerprint joined to the entry's own gives the root of %(size)s entries; the table lists it.",
            "%(count)s fingerprints joined one after another give the root of %(size)s entries; the table lists them.",
            count,
        )
        % {"count": count, "size": size},
        root=ngettext("root of %(size)s entry", "root of %(size)s entries", checkpoint.size) % {"size": size},
        entry=_("entry %(index)s") % {"index": grouped(index)},
        siblings=[_stands_for(first, last) for first, last, _sibling in way],
    )
    return mark_safe(pictures.proof_picture(index, way, checkpoint.root, words))  # noqa: S308 - drawn by us


def files_of(place: Place, index: int | None = None) -> dict[str, str]:
    """The addresses of the files for machines, those about one entry too."""
    names = ["files", "checkpoint", "copy", "verifier", "policy", "vkeys", "controllers"]
    found = {name: file_address(place, f"record-{name}") for name in names}
    if index is not None:
        about = {"proof": "tlog-proof", "disclosed": "disclosed", "evidence": "evidence"}
        found |= {name: file_address(place, f"record-{named}", index) for name, named in about.items()}
    return found


def file_address(place: Place, name: str, *args: object) -> str:
    """The path of a file of the place's log."""
    return reverse(f"{place.realm.value}-files:{name}", args=args)
