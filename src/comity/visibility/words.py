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
        sentences.append(_embargo(terms.level) % {"moment": moment, "zone": terms.embargo_zone})
    if terms.review_on:
        sentences.append(_("Who reads it is reviewed on %(day)s.") % {"day": day_in_words(terms.review_on)})
    if terms.retain_until:
        day = day_in_words(terms.retain_until)
        sentences.append(
            _("It is kept until %(day)s; then its organisation is asked to close it, or to keep it longer.")
            % {"day": day}
        )
    return sentences


def _embargo(level: Level) -> str:
    """What an embargo does at a level: it keeps a wide circle out, and asks a narrow one not to pass it on."""
    if level <= Level.NETWORK:
        return _("It is under embargo until %(moment)s (%(zone)s): only its originator reads it before.")
    return _("It is under embargo until %(moment)s (%(zone)s): whoever reads it passes nothing on before.")


def told_of(row: Governed) -> list[str]:
    """Who reads a thing that stands; a raised safety flag comes before all else."""
    if row.safety_flag:
        return [_("A safety flag is raised: only the organisation that wrote it reads this until the flag is lifted.")]
    return told_of_terms(terms_of(row))


CHANGES = {
    "terms": lazy("Who reads this was changed."),
    "flag-raised": lazy("A safety flag was raised: it was closed at once."),
    "flag-lifted": lazy("The safety flag was lifted."),
}
STATES = {
    "asked": lazy("asked; a second person decides"),
    "approved": lazy("approved by a second person"),
    "refused": lazy("refused"),
    "lifted": lazy("lifted"),
    "expired": lazy("its time has passed"),
}
REVIEWS = {
    "open": lazy("hidden at once; its review is open"),
    "hidden": lazy("reviewed; it stays hidden"),
    "shown": lazy("reviewed; it is shown again"),
    "withdrawn": lazy("the party took its request back; it is shown again"),
}
KINDS = {
    "engagement": lazy("meeting"),
    "agreement": lazy("agreement of two parties"),
    "coalition": lazy("coalition"),
    "conversation": lazy("question put to parties"),
    "principle": lazy("principle"),
    "text": lazy("text"),
    "amendment": lazy("amendment"),
    "decision": lazy("decision"),
    "commitment": lazy("promise"),
    "contact": lazy("contact note"),
    "paper": lazy("paper of a party's own room"),
    "file": lazy("file"),
    "complaint": lazy("complaint"),
}
BODIES = {
    "": lazy("any"),
    "dialogue": lazy("dialogue"),
    "friendship-group": lazy("friendship group"),
    "party": lazy("a party alone"),
}
WHY = {
    ("engagement", ""): lazy(
        "That a meeting takes place and under which rule is public; what is said follows its house rule."
    ),
    ("engagement", "dialogue"): lazy(
        "A facilitated dialogue is quieter: those who take part read it and the public sees that the room exists."
    ),
    ("engagement", "friendship-group"): lazy("A friendship group meets in the open; each mission may be narrowed."),
    ("agreement", ""): lazy("What a party proposes is read by the two until both have signed; then it may be opened."),
    ("coalition", ""): lazy("A coalition and who belongs to it are public."),
    ("conversation", ""): lazy("A question is put in the open and nobody learns who voted how."),
    ("principle", ""): lazy("What came of a question stands in the open with the views it overruled."),
    ("text", ""): lazy(
        "A draft is read by the network until its originator opens it; an adopted text belongs to everybody."
    ),
    ("text", "party"): lazy("A party's own draft is its own until it hands it in."),
    ("amendment", ""): lazy(
        "An amendment stands beside the words that it would change, for whoever reads those words."
    ),
    ("decision", ""): lazy("An open vote is public for each delegation when its result stands."),
    ("commitment", ""): lazy("A promise in an adopted text is public with its evidence."),
    ("contact", ""): lazy("An informal contact is for those who took part and is attributed to nobody."),
    ("paper", ""): lazy("A mandate or briefing is read by its own organisation alone."),
    ("file", ""): lazy("A file has a level of its own; it takes none from what it is attached to."),
    ("complaint", ""): lazy("A complaint is read by two named handlers."),
}
"""Why the table of the house proposes what it does, by kind and body."""
