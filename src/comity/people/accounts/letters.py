"""What is written to the holders of accounts. An envelope says nothing but that something waits."""

from datetime import datetime

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from comity.mail import actions as mail
from comity.people.models import Person
from comity.plain.languages import CODES
from comity.plain.levels import Realm


def link(house: str, person: Person, name: str, realm: Realm = Realm.REAL, **parts: str) -> str:
    """The full address of a page, in the language of whoever gets it."""
    return f"{house}{reverse(f'{realm.value}:{name}', kwargs={'lang': _spoken(person), **parts})}"


def _spoken(person: Person) -> str:
    return person.language if person.language in CODES else "en"


def _write(person: Person, body: str, at: datetime, once: str = "") -> None:
    subject = _("Your account at Comity")
    mail.write(to=person.email, language=_spoken(person), subject=subject, body=body, at=at, once=once)


def invite(person: Person, address: str, *, at: datetime) -> None:
    """The offer of a seat to whoever reads the mailbox: nobody else accepts it, and opens the account with it."""
    with translation.override(_spoken(person)):
        _write(
            person,
            _(
                "An organisation offers you a seat. This link says which; within three days you accept it there, and "
                "open your account if you have none yet:\n\n%(address)s\n\n"
                "If you expected no seat, leave the letter alone: a seat that nobody accepts counts for nothing."
            )
            % {"address": address},
            at,
        )


def tell_of_seat(person: Person, address: str, *, at: datetime) -> None:
    """Somebody who signs in is offered one more seat."""
    with translation.override(_spoken(person)):
        _write(
            person,
            _(
                "An organisation offers you a seat. It counts for nothing until you accept it; sign in to accept or "
                "decline it:\n\n%(address)s"
            )
            % {"address": address},
            at,
        )


def tell_of_ways_in(person: Person, address: str, *, at: datetime) -> None:
    """A way into the account was set up or removed."""
    with translation.override(_spoken(person)):
        _write(
            person,
            _(
                "The ways to sign in to your account have changed. If you did not do this, end the other sessions and "
                "ask an officer of your organisation for help at once:\n\n%(address)s"
            )
            % {"address": address},
            at,
        )


def tell_of_guesses(person: Person, address: str, *, at: datetime) -> None:
    """Strangers tried the account too often; its holder need not wait for them. One letter a day, no more."""
    with translation.override(_spoken(person)):
        _write(
            person,
            _(
                "Somebody tried to sign in to your account too often, from browsers that it does not know; those are "
                "now refused for a while. Nothing was opened. If you want to sign in yourself, open this link in the "
                "browser that you use; it lets that browser try at once:\n\n%(address)s"
            )
            % {"address": address},
            at,
            once=f"guesses {person.public_id} {at.date()}",
        )


def tell_of_recovery(person: Person, stop: str, *, at: datetime) -> None:
    """Somebody asked for a new way into the account."""
    with translation.override(_spoken(person)):
        _write(
            person,
            _(
                "Somebody says that every way to sign in to your account is lost. A second person of each organisation "
                "that gave you a seat must now confirm that it is you; talk to them, not by this address.\n\n"
                "If it was not you, stop it here:\n\n%(stop)s"
            )
            % {"stop": stop},
            at,
        )


def send_recovery(person: Person, address: str, stop: str, opens_at: datetime, *, at: datetime) -> None:
    """The recovery was confirmed: the link opens the account after the waiting time."""
    told = {"address": address, "stop": stop, "opens": f"{opens_at:%Y-%m-%d %H:%M}"}
    with translation.override(_spoken(person)):
        _write(
            person,
            _(
                "It was confirmed that you ask for a new way to sign in. From %(opens)s Universal Time this link opens "
                "your account, once, for two days; every earlier way to sign in then ends:\n\n%(address)s\n\n"
                "If it was not you, stop it before then:\n\n%(stop)s"
            )
            % told,
            at,
        )


def ask_to_confirm(officer: Person, address: str, *, at: datetime) -> None:
    """Something about a colleague waits on an officer's desk."""
    with translation.override(_spoken(officer)):
        _write(
            officer, _("Something waits for a second person on your desk:\n\n%(address)s") % {"address": address}, at
        )


def tell_of_keys(person: Person, address: str, *, at: datetime) -> None:
    """A key with which somebody signs for her organisation was issued, replaced or revoked by a colleague."""
    with translation.override(_spoken(person)):
        _write(
            person,
            _(
                "The keys with which your organisation signs have changed. If you expected no such change, revoke the "
                "key there and talk to whoever holds it:\n\n%(address)s"
            )
            % {"address": address},
            at,
        )
