"""The Halmere Concord: a plainly fictional network, played through the product's own actions by its cast."""

from collections.abc import Callable, Iterator

from django.db import transaction

from comity.plain.levels import Realm
from comity.record.actions import sequence
from comity.site.story import agreeing, house, keeping, meeting, opinions, voting, writing
from comity.site.story.cast import Company

Chapter = Callable[[Company], None]

CHAPTERS: tuple[tuple[str, Chapter], ...] = (
    ("the Concord and its parties", house.found),
    ("parties of different families agree, and stand together for crews at sea", agreeing.begin),
    ("delegations meet in Ferrin", meeting.meet),
    ("statements are voted on", opinions.differ),
    ("the meetings of the year are counted", meeting.count_the_year),
    ("two principles are drawn", opinions.converge),
    ("a declaration is drafted and amended", writing.draft),
    ("the congress votes in Caldemar", voting.decide),
    ("agreements are signed and a coalition changes", agreeing.go_on),
    ("promises are kept, missed and passed over in silence", keeping.keep),
)


def play() -> Iterator[str]:
    """Play the story into the present database, chapter by chapter, yielding each chapter's name before it begins.

    Every step is an action with its actor and its own date; nothing is written behind the actions' back.
    """
    company = Company()
    for name, chapter in CHAPTERS:
        yield name
        with transaction.atomic():
            chapter(company)
        sequence(Realm.FICTION)
