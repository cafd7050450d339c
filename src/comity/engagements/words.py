"""Terms of an engagement in the reader's language: what its house rule asks, and the disclaimer of its capacity."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.engagements.models import Capacity, Engagement, HouseRule


def disclaimer(engagement: Engagement) -> str:
    """The public disclaimer that follows from the capacity; it stands on every page of the engagement."""
    if engagement.capacity == Capacity.PERSONAL:
        return _(
            "Those who take part act as individual members. They speak neither for a parliament, nor for a government, "
            "nor for their party, and nothing said here binds any of them."
        )
    if engagement.capacity == Capacity.PARLIAMENT:
        told = {"parliament": engagement.on_behalf_of}
        return _(
            "Those who take part act on behalf of %(parliament)s. They do not speak for a government, and nothing said "
            "here binds the state."
        ) % told  # fmt: skip
    if engagement.capacity == Capacity.GROUP:
        return _(
            "Those who take part act for a group of parties. They speak neither for a parliament nor for a government, "
            "and a party outside the group is not bound."
        )
    return _(
        "Those who take part act for their parties. They speak neither for a parliament nor for a government, and "
        "nothing said here binds a state."
    )


def house_rule(engagement: Engagement) -> str:
    """What the house rule asks of those who take part."""
    return {
        HouseRule.PUBLIC: _("What is said may be reported with the name of who said it."),
        HouseRule.NON_ATTRIBUTED: _("What is said may be used, but not who said it, nor for which party."),
        HouseRule.CLOSED: _("What is said stays in the room; only that the meeting took place is public."),
    }[HouseRule(engagement.house_rule)]


def withheld_in(year: int, number: int) -> str:
    """The one sentence that the public learns of meetings whose existence is protected."""
    told = {"n": number, "year": year}
    return ngettext(
        "%(n)s engagement is withheld in %(year)s.", "%(n)s engagements are withheld in %(year)s.", number
    ) % told  # fmt: skip


def year_told(year: int, told: Mapping[str, int]) -> str:
    """What the counts of a year find."""
    said = {
        "year": year,
        "all": told["meetings"],
        "restricted": told["restricted"],
        "protected": told["existence_protected"],
    }
    words = ngettext(
        "In %(year)s there is %(all)s meeting: what is said is not read by everybody at %(restricted)s, and the "
        "existence of %(protected)s is protected.",
        "In %(year)s there are %(all)s meetings: what is said is not read by everybody at %(restricted)s of them, and "
        "the existence of %(protected)s is protected.",
        told["meetings"],
    )
    return words % said


def participants_in_band(band: tuple[int, int | None]) -> str:
    """About how many take part in a meeting that the reader may not read."""
    first, last = band
    if not first:
        return _("nobody is registered yet")
    if last is None:
        return _("%(first)s or more") % {"first": first}
    return _("%(first)s to %(last)s") % {"first": first, "last": last}
