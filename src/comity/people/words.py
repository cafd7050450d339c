"""Seats in the reader's language."""

from django.utils.translation import gettext as _

from comity.people.models import Seat


def office_in_words(seat: Seat) -> str:
    """An office and who holds it, for those who may see the seats of their own organisation."""
    told = {"office": seat.title or seat.get_role_display(), "name": seat.person.name}
    return _("%(office)s, %(name)s") % told
