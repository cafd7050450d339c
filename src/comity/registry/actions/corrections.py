"""What anyone may say against a page: a correction with its source; what an organisation says itself: a reply."""

from copy import copy
from datetime import datetime

from django.db import transaction

from comity.plain.actors import ActorKind, ActorRef, require
from comity.plain.levels import Realm
from comity.plain.refs import Ref
from comity.record import actions as record
from comity.registry import access, queries
from comity.registry.actions.checks import fit, ref_of
from comity.registry.actions.organisations import check_facts, restate_checked
from comity.registry.actions.sources import cite
from comity.registry.core import refusals
from comity.registry.core.names import require_honest
from comity.registry.models import Correction, Organisation, Reply

CORRECTABLE = (*queries.RESTATABLE, "membership", "other")
LONGEST_REPLY = 3000


@transaction.atomic
def propose_correction(
    organisation: Organisation,
    *,
    field: str,
    proposed: str,
    source_url: str,
    stated: str = "",
    by: ActorRef,
    at: datetime,
) -> Correction:
    """Propose a correction of what a page states, with its source; anyone may, and every proposal is kept."""
    require(access.may_propose_correction(by, organisation))
    if field not in CORRECTABLE:
        raise refusals.UnknownField(field=field)
    if not source_url.startswith(("https://", "http://")):
        raise refusals.NoSourceGiven(source=source_url)
    require_honest(proposed, "proposed")
    if field in queries.RESTATABLE:
        as_proposed = copy(organisation)
        setattr(as_proposed, field, proposed)
        check_facts(as_proposed)
    correction = Correction(
        organisation=organisation,
        field=field,
        stated=stated or (str(getattr(organisation, field)) if field in queries.RESTATABLE else ""),
        proposed=proposed,
        source_url=source_url,
        proposed_at=at,
        proposed_by="" if by.kind is ActorKind.ANONYMOUS else str(by),
    )
    fit(correction)
    correction.save(force_insert=True)
    record.append(
        "registry.correction_proposed",
        realm=Realm(organisation.realm),
        subject=Ref("correction", correction.public_id),
        by=by,
        at=at,
        facts={"organisation": organisation.public_id, "field": field, "proposed": proposed, "source": source_url},
        because=[ref_of(organisation)],
    )
    return correction


@transaction.atomic
def decide_correction(correction: Correction, *, accept: bool, reason: str, by: ActorRef, at: datetime) -> Correction:
    """Accept a correction, which states the fact anew, or not; either way with a reason, once."""
    require(access.may_decide_correction(by, correction, at))
    if correction.proposed_by and correction.proposed_by == str(by):
        raise refusals.DecidedByItsProposer()
    if not reason.strip():
        raise refusals.NoReasonGiven(correction=correction.public_id)
    state = "accepted" if accept else "not-accepted"
    claimed = Correction.objects.filter(pk=correction.pk, state="open").update(
        state=state, reason=reason, decided_by=str(by), decided_at=at
    )
    if not claimed:
        raise refusals.DecidedAlready(correction=correction.public_id)
    correction.refresh_from_db()
    organisation = correction.organisation
    if accept and correction.field in queries.RESTATABLE:
        source = cite(title=correction.source_url, url=correction.source_url, stated_on=at.date().isoformat())
        facts = {correction.field: correction.proposed}
        restate_checked(organisation, facts, source=source, by=by, at=at)
    record.append(
        "registry.correction_decided",
        realm=Realm(organisation.realm),
        subject=Ref("correction", correction.public_id),
        by=by,
        at=at,
        facts={"accepted": accept, "reason": reason},
        because=[ref_of(organisation)],
    )
    return correction


@transaction.atomic
def reply(organisation: Organisation, *, words: str, language: str, by: ActorRef, at: datetime) -> Reply:
    """File an organisation's own words about what its page says; they are shown wherever that is shown."""
    require(access.may_reply(by, organisation))
    if not words.strip() or len(words) > LONGEST_REPLY:
        raise refusals.NoWords(length=len(words))
    row = Reply(organisation=organisation, words=words, language=language, at=at)
    fit(row)
    row.save(force_insert=True)
    record.append(
        "registry.reply_filed",
        realm=Realm(organisation.realm),
        subject=Ref("reply", row.public_id),
        by=by,
        at=at,
        facts={"organisation": organisation.public_id, "words": words, "language": language},
        because=[ref_of(organisation)],
    )
    return row
