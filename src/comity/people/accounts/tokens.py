"""Links of letters. Those that open an account hold the state of what they open, so that using them spends them."""

from django.contrib.auth.tokens import PasswordResetTokenGenerator

from comity.people.accounts.models import Recovery
from comity.people.models import Person


class Invitations(PasswordResetTokenGenerator):
    """An invitation holds until its account is opened, and no longer than three days."""

    key_salt = "comity.people.invitation"

    def _make_hash_value(self, user: Person, timestamp: int) -> str:
        return f"{user.public_id}{user.password}{user.email}{user.opened_at}{timestamp}"


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


INVITATIONS, RECOVERIES, STOPS, BROWSERS = Invitations(), Recoveries(), Stops(), Browsers()
