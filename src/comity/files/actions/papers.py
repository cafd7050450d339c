"""Writing papers, writing them anew, and putting them away. The record gets a bare seal: no words, no title."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from comity.files import access
from comity.files.models import Paper, PaperKind, PaperVersion
from comity.people.access import acting
from comity.plain.actors import ActorRef, require
from comity.plain.levels import Level
from comity.plain.refs import Ref
from comity.plain.refusals import BadInput, Refusal
from comity.record import actions as record
from comity.registry.core.names import require_honest
from comity.registry.models import Organisation

LONGEST_PAPER = 100_000


class PaperPutAway(Refusal):
    """A paper that was put away is not written on; take its words into a new one."""

    code = "paper-put-away"


class WrittenMeanwhile(Refusal):
    """Somebody of the organisation wrote a newer version meanwhile: read it, then write yours on top of it."""

    code = "written-meanwhile"


@transaction.atomic
def write_paper(
    *,
    organisation: Organisation,
    kind: str,
    title: str,
    words: str,
    language: str,
    because: Ref | None = None,
    by: ActorRef,
    at: datetime,
) -> Paper:
    """Write a paper that the organisation alone can read."""
    require(access.may_write(by, at, organisation))
    if kind not in PaperKind.values:
        raise BadInput(field="kind", value=kind, remedy=f"one of {', '.join(PaperKind.values)}")
    if not title.strip():
        raise BadInput(field="title", remedy="write a title")
    require_honest(title, "title", longest=200)
    paper = Paper.objects.create(
        network=organisation,
        originator=organisation,
        level=Level.ORGANISATION,
        kind=kind,
        title=title.strip(),
        language=language,
        because=str(because) if because else "",
        recorded_at=at,
    )
    _add_version(paper, words, by, at)
    _record("files.paper_written", paper, by, at)
    return paper


@transaction.atomic
def write_version(paper: Paper, *, words: str, after: int, by: ActorRef, at: datetime) -> PaperVersion:
    """Write a paper anew on top of version ``after``; that and all before it stay."""
    require(access.may_write(by, at, paper.network))
    if Paper.objects.select_for_update().get(pk=paper.pk).put_away_at is not None:
        raise PaperPutAway()
    newest = paper.versions.aggregate(newest=Max("number"))["newest"]
    if newest != after:
        raise WrittenMeanwhile(version=newest)
    version = _add_version(paper, words, by, at)
    _record("files.version_written", paper, by, at)
    return version


@transaction.atomic
def put_away(paper: Paper, *, by: ActorRef, at: datetime) -> Paper:
    """Take a paper off the table; its versions stay readable to the organisation."""
    require(access.may_put_away(by, at, paper))
    if not Paper.objects.filter(pk=paper.pk, put_away_at=None).update(put_away_at=at):
        raise PaperPutAway()
    paper.put_away_at = at
    _record("files.paper_put_away", paper, by, at)
    return paper


def _add_version(paper: Paper, words: str, by: ActorRef, at: datetime) -> PaperVersion:
    if not words.strip():
        raise BadInput(field="words", remedy="write what the paper says")
    if len(words) > LONGEST_PAPER:
        raise BadInput(field="words", value=len(words), remedy=f"at most {LONGEST_PAPER} characters")
    number = paper.versions.count() + 1
    return PaperVersion.objects.create(paper=paper, number=number, words=words.strip(), seat=acting(by, at), at=at)


def _record(type_: str, paper: Paper, by: ActorRef, at: datetime) -> None:
    record.append(
        type_, realm=paper.realm, subject=Ref("paper", paper.public_id), by=by, at=at, level=Level.ORGANISATION
    )
