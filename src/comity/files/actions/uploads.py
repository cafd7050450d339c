"""Taking a file in, and giving it back."""

import hashlib
from datetime import datetime

from django.conf import settings
from django.db import transaction

from comity.files import access, store, words
from comity.files.core.cleaning import clean
from comity.files.core.types import type_of
from comity.files.models import Upload
from comity.files.queries import governed
from comity.plain.actors import ActorRef, require
from comity.plain.levels import Attribution, Level
from comity.plain.refs import Ref
from comity.plain.refusals import BadInput, Refusal
from comity.record import actions as record
from comity.registry.core.names import require_honest
from comity.registry.core.refusals import RealmsNeverMix
from comity.registry.models import Organisation


class TooLarge(BadInput):
    """The file is larger than this instance takes in."""

    code = "too-large"


class Empty(BadInput):
    """The file is empty; choose another."""

    code = "empty-file"


class DraftingShows(BadInput):
    """The document shows more than its words; settle that first, or say that it may stay."""

    code = "drafting-shows"


class WiderThanItsThing(BadInput):
    """A file is shown to no wider circle than the thing it lies beside."""

    code = "wider-than-its-thing"


class NotBesideAnything(BadInput):
    """In an organisation's own room a file is for that organisation only."""

    code = "not-beside-anything"


class AlreadyTakenBack(Refusal):
    """A file is taken back once."""

    code = "already-taken-back"


@transaction.atomic
def upload(
    content: bytes,
    *,
    title: str,
    language: str,
    level: Level,
    organisation: Organisation,
    network: Organisation,
    beside: Ref | None = None,
    level_beside: Level = Level.PUBLIC,
    drafting_may_stay: bool = False,
    by: ActorRef,
    at: datetime,
) -> Upload:
    """Take a file in, cleaned, at a level of its own: beside a thing of a network, or into one's own room."""
    require(access.may_upload(by, at, organisation, network, beside))
    if organisation.realm != network.realm:
        raise RealmsNeverMix(organisation=organisation.name)
    _check(content, title, level, beside, level_beside)
    kind = type_of(content)
    cleaned = clean(content, kind)
    if cleaned.shows_drafting and not drafting_may_stay:
        raise DraftingShows(field="drafting_may_stay", reason=words.drafting_refused(cleaned))
    row = Upload.objects.create(
        network=network,
        originator=organisation,
        level=level,
        attribution=Attribution.ORGANISATION,
        title=title.strip(),
        language=language,
        beside_kind=beside.kind if beside else "",
        beside_id=beside.id if beside else "",
        type=kind,
        size=len(cleaned.content),
        digest=hashlib.sha256(cleaned.content).hexdigest(),
        place=store.put(cleaned.content),
        removed=sorted(cleaned.removed),
        changes=cleaned.changes,
        comments=cleaned.comments,
        hidden=cleaned.hidden,
        recorded_at=at,
    )
    _record(row, "files.uploaded", by, at, because=[beside] if beside else [])
    return row


def _check(content: bytes, title: str, level: Level, beside: Ref | None, level_beside: Level) -> None:
    if not title.strip():
        raise BadInput(field="title", remedy="write a title")
    require_honest(title, "title")
    if not content:
        raise Empty(field="file")
    if len(content) > settings.UPLOAD_MOST:
        raise TooLarge(field="file", reason=words.too_large())
    if beside is None and level != Level.ORGANISATION:
        raise NotBesideAnything(field="level")
    if beside is not None and level < level_beside:
        raise WiderThanItsThing(field="level")


@transaction.atomic
def take_back(row: Upload, *, by: ActorRef, at: datetime) -> Upload:
    """Take a file back: nobody reads it any more, its bytes are destroyed, the entry that it was there stays."""
    require(access.may_take_back(by, at, row))
    if not Upload.objects.filter(pk=row.pk, taken_back_at=None).update(taken_back_at=at):
        raise AlreadyTakenBack(file=row.title)
    row.refresh_from_db()
    _record(row, "files.taken_back", by, at)
    transaction.on_commit(lambda: store.remove(row.place))
    return row


def _entered_as(row: Upload, at: datetime) -> Level:
    """What it lies beside may be closed for a time: then the record tells no more of the file than of that."""
    found = governed(row.beside)
    return max(row.entered_as(at), found.entered_as(at)) if found else row.entered_as(at)


def _record(row: Upload, type: str, by: ActorRef, at: datetime, because: list[Ref] | None = None) -> None:
    record.append(
        type,
        realm=row.realm,
        subject=Ref("file", row.public_id),
        by=by,
        at=at,
        level=_entered_as(row, at),
        facts={"organisation": row.originator.public_id, "type": row.type, "digest": row.digest, "size": row.size},
        because=because or [],
    )
