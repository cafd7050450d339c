"""Sources: one row for each page, data set or document, as of one day."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from comity.plain.time import PartialDate
from comity.registry.actions.checks import BATCH, LONGEST, one_of
from comity.registry.core.names import require_honest
from comity.registry.models import Source, Standing


@dataclass(frozen=True)
class SourceGiven:
    """A source as it is stated: page, data set or document, and the partial date on which it said so."""

    title: str
    url: str
    stated_on: str
    licence: str = ""
    standing: str = "stated"
    primary: bool = False

    def key(self) -> tuple[str, str, str, str, bool]:
        """What makes it one source."""
        return self.title[:LONGEST], self.url, self.stated_on, self.standing, self.primary


def cite(
    *, title: str, url: str, stated_on: str, standing: str = Standing.STATED, primary: bool = False, licence: str = ""
) -> Source:
    """The source of that title, address, day, standing and rank: the one known, or a new one."""
    PartialDate.parse(stated_on)
    one_of(standing, Standing.values, "standing")
    require_honest(title[:LONGEST], "source_title")
    source, _ = Source.objects.get_or_create(
        title=title[:LONGEST],
        url=url,
        stated_on=stated_on,
        standing=standing,
        primary=primary,
        defaults={"licence": licence},
    )
    return source


@transaction.atomic
def cite_many(given: Iterable[SourceGiven]) -> dict[SourceGiven, Source]:
    """The sources of an import, the known and the new, in a few statements."""
    wanted = list(dict.fromkeys(given))
    found: dict[tuple[str, str, str, str, bool], Source] = {}
    for start in range(0, len(wanted), BATCH):
        some = wanted[start : start + BATCH]
        Source.objects.bulk_create(
            (
                Source(
                    title=source.title[:LONGEST],
                    url=source.url,
                    stated_on=str(PartialDate.parse(source.stated_on)),
                    standing=source.standing,
                    primary=source.primary,
                    licence=source.licence,
                )
                for source in some
            ),
            ignore_conflicts=True,
        )
        for row in Source.objects.filter(url__in={source.url for source in some}):
            found[row.title, row.url, row.stated_on, row.standing, row.primary] = row
    return {source: found[source.key()] for source in wanted}
