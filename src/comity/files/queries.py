"""Reading the papers of an organisation's own room, and the files there and beside things."""

from datetime import datetime

from django.db.models import OuterRef, QuerySet, Subquery

from comity.files.models import Paper, PaperQuerySet, PaperVersion, Upload, UploadQuerySet
from comity.plain.actors import ActorRef
from comity.plain.kinds import kind_named
from comity.plain.levels import Realm
from comity.plain.place import Place
from comity.plain.refs import Ref
from comity.registry.models import Governed, Organisation


def seen_by(actor: ActorRef, at: datetime, realm: Realm) -> UploadQuerySet:
    """The files that a reader may see at an instant: by their own circle, and by that of what they lie beside."""
    rows = Upload.objects.visible_to(actor, at).in_realm(realm).with_what_it_lies_beside(actor, at, realm)
    return rows.select_related("network", "originator")


def withdrawn_from(actor: ActorRef, at: datetime, realm: Realm) -> UploadQuerySet:
    """The files that were taken back, and that this reader would see if they had not been."""
    rows = Upload.objects.withdrawn_from(actor, at).in_realm(realm)
    return rows.with_what_it_lies_beside(actor, at, realm)


def on_the_table(rows: PaperQuerySet) -> PaperQuerySet:
    """The papers not put away, the one written last first, each with the number and instant of its newest version."""
    newest = PaperVersion.objects.filter(paper=OuterRef("pk")).order_by("-number")
    dated = rows.filter(put_away_at=None).annotate(
        version=Subquery(newest.values("number")[:1]), written_at=Subquery(newest.values("at")[:1])
    )
    return dated.order_by("-written_at", "-pk")


def newest_version(paper: Paper) -> PaperVersion:
    """The version that stands."""
    found = paper.versions.order_by("-number").first()
    assert found is not None, "a paper is written with its first version"
    return found


def beside(ref: Ref, place: Place) -> "QuerySet[Upload]":
    """The files beside a thing that this reader may see and that lay there on the page's day, the newest first."""
    rows = _seen(place).filter(beside_kind=ref.kind, beside_id=ref.id)
    return rows.order_by("-recorded_at", "-pk")


def in_own_room(organisation: Organisation, place: Place) -> "QuerySet[Upload]":
    """The files an organisation keeps in its own room, the newest first."""
    return (
        _seen(place).filter(network=organisation, originator=organisation, beside_id="").order_by("-recorded_at", "-pk")
    )


def governed(ref: Ref | None) -> Governed | None:
    """The row beside which a file lies, whoever may read it: the record tells no more of one than of the other."""
    kind = kind_named(ref.kind) if ref else None
    found: Governed | None = kind.model._default_manager.filter(public_id=ref.id).first() if kind and ref else None
    return found


def _seen(place: Place) -> "QuerySet[Upload]":
    return seen_by(place.actor, place.at, place.realm).filter(recorded_at__lte=place.known_by)
