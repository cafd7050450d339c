"""Where a text, a version or an amendment stands at an instant, and the words of its translations."""

import hashlib
from datetime import datetime

from comity.decisions.models import Decision
from comity.plain.refs import Ref
from comity.record.queries import entries_of, facts_of
from comity.texts.core import amendments, states
from comity.texts.core.states import AmendmentFacts, AmendmentState, Ballot, SigningOff, TextState
from comity.texts.models import (
    Adoption,
    Amendment,
    Poll,
    Publication,
    SignOff,
    Text,
    TextKind,
    TextVersion,
    Translation,
)


def latest_version(text: Text) -> TextVersion:
    """The newest version."""
    version = text.versions.order_by("-number").first()
    assert version is not None
    return version


def version_on(text: Text, known_by: datetime) -> TextVersion | None:
    """The version that stood at an instant; None before the first."""
    return text.versions.filter(at__lte=known_by).order_by("-number").first()


def adoption_on(text: Text, known_by: datetime) -> Adoption | None:
    """The adoption as known at an instant."""
    rows = Adoption.objects.filter(text=text, at__lte=known_by)
    return rows.select_related("version", "decision", "text__network").first()


def version_at_vote(text: Text, known_by: datetime) -> TextVersion | None:
    """The version last put to the vote, or before parties for signature, by an instant; None when none was."""
    poll = Poll.objects.filter(version__text=text, at__lte=known_by).select_related("version").order_by("-at").first()
    opened = sign_off_on(text, known_by)
    if opened is not None and (poll is None or poll.at < opened.at):
        return opened.version
    return poll.version if poll else None


def sign_off_on(text: Text, known_by: datetime) -> SignOff | None:
    """The opening for signature that stands at an instant: the last one, unless it was taken back."""
    rows = SignOff.objects.filter(version__text=text, at__lte=known_by).select_related("version__text")
    row = rows.order_by("-at", "-id").first()
    return None if row is None or (row.taken_back_at is not None and row.taken_back_at <= known_by) else row


def publication_on(text: Text, known_by: datetime) -> Publication | None:
    """When a signed statement is published, as set by an instant; the minute itself may still lie ahead."""
    opened = sign_off_on(text, known_by)
    return Publication.objects.filter(sign_off=opened, set_at__lte=known_by).first() if opened else None


def _ballot(decision: Decision | None) -> Ballot | None:
    return Ballot(decision.opened_at, decision.closed_at, decision.adopted) if decision else None


def text_state_on(text: Text, known_by: datetime) -> TextState:
    """Where the text stood at an instant."""
    poll = Poll.objects.filter(version__text=text, at__lte=known_by).select_related("decision").order_by("-at").first()
    adoption = adoption_on(text, known_by)
    version = version_on(text, known_by) or latest_version(text)
    ballot = _ballot(poll.decision) if poll else None
    return states.text_state(ballot, adoption.at if adoption else None, version.at, known_by, _signing(text, known_by))


def _signing(text: Text, known_by: datetime) -> SigningOff | None:
    if text.kind != TextKind.STATEMENT:
        return None
    opened, publication = sign_off_on(text, known_by), publication_on(text, known_by)
    return SigningOff(opened.at, None, publication.at if publication else None) if opened else None


def amendment_state_on(amendment: Amendment, known_by: datetime) -> AmendmentState:
    """What the amendment was at an instant."""
    facts = AmendmentFacts(
        ballot=_ballot(amendment.decision),
        merged=amendment.merged_into.at if amendment.merged_into else None,
        not_put=amendment.not_put_at,
        withdrawn=amendment.withdrawn_at,
    )
    return states.amendment_state(facts, known_by)


def as_worded(amendment: Amendment, known_by: datetime) -> Amendment:
    """The amendment with the operations it had at an instant: one restated later is read back from the record.

    A proposal counts in the version of its day, so a version younger than the proposal shows a restatement.
    """
    if amendment.version.at <= amendment.recorded_at:
        return amendment
    worded = ("texts.amendment_proposed", "texts.amendment_restated")
    entries = entries_of(Ref("amendment", amendment.public_id), known_by=known_by)
    told = [facts for entry in entries if entry.type in worded for facts in [facts_of(entry)] if "operations" in facts]
    version = TextVersion.objects.filter(text=amendment.text_id, sha256=told[-1]["against"]).first() if told else None
    if version is not None:
        amendment.version, amendment.operations = version, told[-1]["operations"]
    return amendment


def carried(amendment: Amendment, version: TextVersion) -> list[amendments.Rebased]:
    """Each operation of an amendment as it stands against a later version: shifted, already made, or for a person."""
    operations = amendments.read_operations(amendment.operations)
    if amendment.version_id == version.pk:
        return [amendments.Rebased(amendments.Fate.STANDS, operation) for operation in operations]
    changes = amendments.changes_between(amendment.version.clauses(), version.clauses())
    return [amendments.rebase(operation, changes) for operation in operations]


def words_in(text: Text, language: str, known_by: datetime) -> dict[str, Translation]:
    """The newest translation of each part into a language."""
    rows = Translation.objects.filter(text=text, language=language, at__lte=known_by).order_by("at", "id")
    return {row.of: row for row in rows}


def still_of(translation: Translation, source: str) -> bool:
    """Whether a translation is of these very words, or of earlier ones."""
    return translation.source_sha256 == hashlib.sha256(source.encode()).hexdigest()
