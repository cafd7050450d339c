"""The public things of this room, and what it says beside texts and organisations."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from django.utils.translation import gettext as _

from comity.commitments.models import (
    Commitment,
    CommitmentQuerySet,
    Evidence,
    EvidenceQuerySet,
    Postponement,
    Reply,
)
from comity.commitments.queries import Filed, Promise, promise_on, promises
from comity.commitments.words import state
from comity.plain.actors import ActorRef
from comity.plain.duties import Duty
from comity.plain.findings import tell
from comity.plain.ids import slug
from comity.plain.kinds import Awaited, Called, Exit, Kind, Note, call_by, called, declare, note_beside
from comity.plain.levels import Realm
from comity.plain.place import Place
from comity.plain.thread import Stage
from comity.plain.topics import within
from comity.plain.wanted import Found, Part, Wanted
from comity.registry.dates import day_in_words
from comity.texts.models import Translation
from comity.visibility.queries import part_of


def _commitments(actor: ActorRef, at: datetime, realm: Realm) -> CommitmentQuerySet:
    rows = Commitment.objects.visible_to(actor, at).in_realm(realm)
    return rows.select_related("network", "originator", "organisation", "block", "adoption__text__network")


def _evidence(actor: ActorRef, at: datetime, realm: Realm) -> EvidenceQuerySet:
    rows = Evidence.objects.visible_to(actor, at).filter(commitment__network__realm=realm)
    return rows.select_related("commitment__network", "commitment__organisation", "commitment__block")


def _title(commitment: Commitment) -> str:
    told = {"clause": commitment.block.label, "party": commitment.organisation.name}
    return _("Clause %(clause)s, %(party)s") % told


def _headings(rows: CommitmentQuerySet) -> Iterable[tuple[int, str]]:
    """The words of the clause, and the same as translated."""
    yield from rows.values_list("pk", "block__words")
    known = dict(rows.values_list("pk", "block__uuid"))
    texts = rows.values("adoption__text_id")
    promised = Translation.objects.filter(text__in=texts, of__in={f"block:{uuid}" for uuid in known.values()})
    translated: dict[str, list[str]] = {}
    for of, words in promised.values_list("of", "words"):
        translated.setdefault(of, []).append(words)
    yield from ((pk, words) for pk, uuid in known.items() for words in translated.get(f"block:{uuid}", ()))


def _days(commitment: Commitment) -> tuple[date, date]:
    day = commitment.recorded_at.date()
    return day, day


LINE = (
    *("public_id", "recorded_at", "block__label", "block__uuid", "network__realm", "network__time_zone"),
    *(f"organisation__{name}" for name in ("public_id", "kind", "realm", "name", "name_language")),
)
"""What a line about a promise is made from."""
LATER = ("commitment_id", "due", "asked_at", "agreed_at")
COMMITMENT = declare(
    Kind(
        name="commitment",
        model=Commitment,
        title=_title,
        visible=_commitments,
        realm_of=lambda row: row.realm,
        exits=frozenset(
            {
                *(Exit.PAGE, Exit.LIST, Exit.API, Exit.FEED, Exit.THREAD, Exit.EXPORT),
                *(Exit.SITEMAP, Exit.PREVIEW, Exit.METADATA),
            }
        ),
        stage=Stage.PROMISE,
        filed=within("text", "adoption__text"),
        dated=_days,
        line=LINE,
        awaited=lambda row: {Stage.KEEP: row.due},
        headings=_headings,
    )
)
part_of("commitment", lambda row: row.adoption.text)

EVIDENCE = declare(
    Kind(
        name="evidence",
        model=Evidence,
        title=lambda row: row.title,
        visible=_evidence,
        realm_of=lambda row: row.commitment.realm,
        exits=frozenset({Exit.PAGE, Exit.FEED, Exit.THREAD, Exit.SITEMAP, Exit.PREVIEW, Exit.METADATA}),
        stage=Stage.KEEP,
        filed=within("text", "commitment__adoption__text"),
        recorded="at",
        dated=lambda row: (row.kept_on, row.kept_on),
    )
)


def _called(commitment: Commitment, place: Place) -> Called:
    told = {"clause": commitment.block.label, "party": called(commitment.organisation, place).words}
    return Called(_("Clause %(clause)s, %(party)s") % told)


call_by("commitment", _called)


def address_of(commitment: Commitment) -> str:
    """Its address without realm and language."""
    return f"commitment/{commitment.public_id}/{slug(_title(commitment))}"


def _note(promise: Promise) -> Note:
    commitment = promise.commitment
    began = promise.since or commitment.recorded_at.date()
    words = promise.due.isoformat() if promise.moved else ""
    return Note(
        organisation=commitment.organisation.public_id,
        mark=promise.state,
        words=words,
        at=datetime.combine(began, time.min, tzinfo=UTC),
        address=address_of(commitment),
        anchor=commitment.block.uuid,
    )


def beside_text(text: Any, place: Place) -> Iterable[Note]:
    """One note for each promise: the party, its state, beside which clause; ``words`` is the day it was moved to."""
    at = place.known_by
    rows = Commitment.objects.visible_to(place.actor, at).filter(adoption__text=text)
    return [_note(promise) for promise in promises(rows, at.date(), at)]


def _promised(organisation: Any, place: Place) -> Sequence[Wanted]:
    """What a party promised, and what was filed about it."""
    rows = Commitment.objects.visible_to(place.actor, place.known_by).filter(organisation=organisation)
    text = (f"adoption__text__{name}" for name in ("title", "language", "network_id"))
    of = {"commitment__in": rows.values("pk")}
    return [
        Wanted(rows.select_related("adoption__text", "block", "organisation", "network"), (*LINE, "due", *text)),
        Wanted(Evidence.objects.filter(**of), ("commitment_id", "kept_on", "at", "verification__at"), by=("at", "pk")),
        Wanted(Reply.objects.filter(**of), ("commitment_id", "at"), by=("at", "pk")),
        Wanted(Postponement.objects.filter(**of), LATER, by=("asked_at", "pk")),
    ]


def _promises_told(organisation: Any, place: Place, promised: Found, *filed: Found) -> Iterable[Note]:
    """The same in words: the clause, the text, the day."""
    at = place.known_by

    def told(commitment: Commitment) -> Note:
        about = ([row for row in found.rows if row.commitment_id == commitment.pk] for found in filed)
        return _told(promise_on(commitment, at.date(), at, Filed(*about)), place)

    return [told(commitment) for commitment in promised.rows]


def _told(promise: Promise, place: Place) -> Note:
    note = _note(promise)
    told = {
        "clause": promise.commitment.block.label,
        "text": called(promise.commitment.adoption.text, place).words,
        "day": day_in_words(promise.due),
    }
    messages = {
        Duty.KEPT: _("Clause %(clause)s of “%(text)s”, due %(day)s: kept"),
        Duty.LATE: _("Clause %(clause)s of “%(text)s”, due %(day)s: kept late"),
        Duty.MISSED: _("Clause %(clause)s of “%(text)s”, due %(day)s: missed, and the party has answered"),
        Duty.SILENT: _("Clause %(clause)s of “%(text)s”, due %(day)s: silent, no word from the party"),
        Duty.NOT_DUE: _("Clause %(clause)s of “%(text)s”, due %(day)s: not due yet"),
    }
    awaited = Awaited(promise.due, _("It keeps clause %(clause)s of “%(text)s”, and shows it.") % told)
    due = awaited if promise.state is Duty.NOT_DUE else None
    return Note(note.organisation, note.mark, messages[promise.state] % told, note.at, note.address, awaited=due)


note_beside("text", beside_text)
note_beside("organisation", Part(_promised, _promises_told), Commitment)


def _commitment_told(commitment: Commitment, place: Place) -> str:
    told = {
        "party": called(commitment.organisation, place).words,
        "clause": commitment.block.label,
        "text": called(commitment.adoption.text, place).words,
        "state": state(promise_on(commitment, place.as_of, place.known_by)),
    }
    return _("%(party)s, clause %(clause)s of “%(text)s”: %(state)s") % told


def _evidence_told(evidence: Evidence, place: Place) -> str:
    told = {
        "party": called(evidence.commitment.organisation, place).words,
        "clause": evidence.commitment.block.label,
        "day": day_in_words(evidence.kept_on),
    }
    return _("%(party)s states that it kept clause %(clause)s on %(day)s.") % told


tell("commitment", _commitment_told)
tell("evidence", _evidence_told)
