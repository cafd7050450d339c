"""Links of letters. Those that open an account hold the state of what they open, so that using them spends them."""

from django.contrib.auth.tokens import PasswordResetTokenGenerator

from comity.people.accounts.models import Recovery
from comity.people.models import Person, Seat


class Openings(PasswordResetTokenGenerator):
    """The link with which an operator begins anew; it holds until a way in is set up, and no longer than three days."""

    key_salt = "comity.people.opening"

    def _make_hash_value(self, user: Person, timestamp: int) -> str:
        return f"{user.public_id}{user.password}{user.email}{user.opened_at}{timestamp}"


class Invitations(PasswordResetTokenGenerator):
    """The link in the letter of a seat: it accepts that seat, and opens the account while its holder has not.

    It holds until she sets up a way in, and no longer than three days.
    """

    key_salt = "comity.people.invitation"

    def _make_hash_value(self, user: Seat, timestamp: int) -> str:  # type: ignore[override]  # of a seat
        person = Person.objects.get(pk=user.person_id)
        return f"{user.public_id}{person.password}{person.email}{person.opened_at}{timestamp}"


class Recoveries(PasswordResetTokenGenerator):
    """The link of a confirmed recovery: one day of waiting, then two days in which it opens the account."""

    key_salt = "comity.people.recovery"

    def _make_hash_value(self, user: Recovery, timestamp: int) -> str:  # type: ignore[override]  # of a recovery
        person = Person.objects.get(pk=user.person_id)
        return f"{user.public_id}{user.opens_at}{user.used_at}{user.stopped_at}{person.password}{timestamp}"


class Stops(PasswordResetTokenGenerator):
    """The link with which the mailbox's reader stops a recovery."""

    key_salt = "comity.people.recovery-stop"

    def _make_hash_value(self, user: Recovery, timestamp: int) -> str:  # type: ignore[override]  # of a recovery
        return f"{user.public_id}{user.used_at}{user.stopped_at}{timestamp}"


class Browsers(PasswordResetTokenGenerator):
    """The link that makes the browser in which it is opened known to the account; it signs nobody in."""

    key_salt = "comity.people.browser"

    def _make_hash_value(self, user: Person, timestamp: int) -> str:
        return f"{user.public_id}{user.password}{user.email}{timestamp}"


OPENINGS, INVITATIONS = Openings(), Invitations()
RECOVERIES, STOPS, BROWSERS = Recoveries(), Stops(), Browsers()
