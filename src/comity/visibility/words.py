"""Who will read a thing, in sentences of the reader's language."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from comity.plain.levels import Attribution, Level
from comity.registry.dates import day_in_words, moment_in_words
from comity.registry.models import Governed
from comity.visibility.core import Terms
from comity.visibility.queries import terms_of

READERS = {
    Level.PUBLIC: lazy("Anyone can read this: on its page, by search, in feeds and through the interface."),
    Level.NETWORK: lazy("Only organisations that belong to the network read this."),
    Level.BODY: lazy("Only those who take part read this, and the organisation that wrote it."),
    Level.ORGANISATION: lazy(
        "Only the organisation that wrote it reads this; no secretariat and no page of the operator shows it."
    ),
    Level.ROOM: lazy("Only those who are in the room read this."),
    Level.SEALED: lazy("Only the persons named for it read this."),
}
ATTRIBUTIONS = {
    Attribution.PERSON: lazy("Words are attributed to persons by name."),
    Attribution.ROLE: lazy("Words are attributed to the office of whoever said them, without a name."),
    Attribution.ORGANISATION: lazy("Words are attributed to the organisation, not to a person."),
    Attribution.NONE: lazy("Words are attributed to nobody."),
}
LEVEL_NAMES = {
    Level.PUBLIC: lazy("Public"),
    Level.NETWORK: lazy("the network"),
    Level.BODY: lazy("those who take part"),
    Level.ORGANISATION: lazy("only your own organisation"),
    Level.ROOM: lazy("only this room"),
    Level.SEALED: lazy("named persons only"),
}
OFFERED = (Level.PUBLIC, Level.NETWORK, Level.BODY, Level.ORGANISATION)


def level_choices(levels: tuple[Level, ...] = OFFERED) -> list[tuple[int, object]]:
    """Levels to choose from, each with the whole sentence of who then reads it."""
    return [(int(level), READERS[level]) for level in levels]


def told_of_terms(terms: Terms) -> list[str]:
    """Who reads a thing under these terms, sentence by sentence."""
    sentences = [str(READERS[terms.level]), str(ATTRIBUTIONS[terms.attribution])]
    if terms.embargo_until:
        moment = moment_in_words(terms.embargo_until, terms.embargo_zone)
        told = {"moment": moment, "zone": terms.embargo_zone}
        sentences.append(
            _("It is under embargo until %(moment)s (%(zone)s): only its originator reads it before.") % told
        )
    if terms.review_on:
        sentences.append(_("Who reads it is reviewed on %(day)s.") % {"day": day_in_words(terms.review_on)})
    if terms.retain_until:
        day = day_in_words(terms.retain_until)
        sentences.append(_("It is kept until %(day)s; then it is erased, or reduced to a summary.") % {"day": day})
    return sentences


def told_of(row: Governed) -> list[str]:
    """Who reads a thing that stands; a raised safety flag comes before all else."""
    if row.safety_flag:
        return [_("A safety flag is raised: only the organisation that wrote it reads this until the flag is lifted.")]
    return told_of_terms(terms_of(row))
