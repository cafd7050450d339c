"""States of agreements and coalitions in the reader's language."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from comity.agreements.core import Belonging, State
from comity.registry.dates import day_in_words

STATES = {
    State.PROPOSED: lazy("proposed"),
    State.AWAITING: lazy("awaits a board"),
    State.DECLINED: lazy("not agreed"),
    State.TO_COME: lazy("agreed, not in force yet"),
    State.IN_FORCE: lazy("in force"),
    State.EXPIRED: lazy("expired"),
    State.ENDED: lazy("ended"),
}
BELONGING = {
    Belonging.AWAITING: lazy("awaits its board"),
    Belonging.DECLINED: lazy("its board did not agree"),
    Belonging.BELONGS: lazy("belongs"),
    Belonging.LEFT: lazy("left"),
}

LAST_DAYS = {
    "ahead": lazy("last day still to come"),
    "passed": lazy("last day passed"),
    "open": lazy("no last day named"),
}


def standing(state: State, starts: date, expires: date | None, ended_on: date | None) -> str:
    """Where an agreement stands, as one sentence with its day."""
    told = {
        "first": day_in_words(starts),
        "last": day_in_words(expires) if expires else "",
        "end": day_in_words(ended_on) if ended_on else "",
    }
    if state is State.EXPIRED:
        return _("Expired: its last day was %(last)s.") % told
    if state is State.ENDED:
        return _("Ended on %(end)s.") % told
    if state is State.IN_FORCE:
        return (_("In force until %(last)s.") if expires else _("In force, until one of its parties ends it.")) % told
    return {
        State.PROPOSED: _("Proposed: it binds nobody until both parties have signed."),
        State.AWAITING: _("Signed, and not in force: a board has not answered yet."),
        State.DECLINED: _("Not agreed: the board of a party declined."),
        State.TO_COME: _("Agreed by both parties; in force from %(first)s."),
    }[state] % told


def belonging_told(number: int, networks: int) -> str:
    """How many parties belong to a coalition, and of how many networks they are members."""
    parties = ngettext("%(n)s party belongs", "%(n)s parties belong", number) % {"n": number}
    of = ngettext("members of %(n)s network", "members of %(n)s networks", networks) % {"n": networks}
    return _("%(parties)s, %(networks)s.") % {"parties": parties, "networks": of} if networks else f"{parties}."


def between(names: Sequence[str]) -> str:
    """The two parties of an agreement."""
    return _("%(one)s and %(other)s") % {"one": names[0], "other": names[1]}


def listed(names: Iterable[str]) -> str:
    """Names in a row."""
    return _(", ").join(names)
