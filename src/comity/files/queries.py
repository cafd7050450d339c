"""Reading the papers of an organisation's own room."""

from django.db.models import OuterRef, Subquery

from comity.files.models import Paper, PaperQuerySet, PaperVersion


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
