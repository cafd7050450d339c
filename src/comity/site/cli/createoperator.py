"""``./comity createoperator``: the first account of an instance, of a person who runs it."""

import os
import sys
from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime
from getpass import getpass

from comity.plain.actors import SYSTEM
from comity.site.cli.command import ANSWERED, Command, CommandError, tell


def arguments(parser: ArgumentParser) -> None:
    """Who it is."""
    parser.add_argument("email", metavar="EMAIL", help="the address with which the operator signs in")
    parser.add_argument("--name", default="", help="the name the person goes by; needed for a new account")
    parser.add_argument("--language", default="en", help="language of the interface (default en)")
    parser.add_argument(
        "--reopen",
        action="store_true",
        help="for the last operator, who lost every way to sign in: print a link that begins anew",
    )


def run(options: Namespace) -> int:
    """Open the account through the same actions as everywhere; the record names nobody."""
    from comity.site.cli import instance

    instance.open_instance()
    from comity.people.actions import make_operator, register_person

    at = datetime.now(UTC)
    if options.reopen:
        return _reopen(options.email.strip().lower(), at)
    if not options.name.strip():
        raise CommandError('a new account needs a name: --name "Ada Quill"')
    person = register_person(
        name=options.name, email=options.email, language=options.language, password=_password(), by=SYSTEM, at=at
    )
    make_operator(person, by=SYSTEM, at=at)
    tell(f"{person.email} may run this instance; an operator sees no more than any reader.")
    tell("The first sign-in asks for a passkey or a code generator; the password alone opens nothing.")
    return ANSWERED


def _reopen(email: str, at: datetime) -> int:
    """Let an operator begin anew; whoever has this machine has its database, so no second person is asked."""
    from comity.people.accounts.actions.ways_in import start_anew
    from comity.people.accounts.letters import link
    from comity.people.accounts.tokens import OPENINGS
    from comity.people.models import Person

    person = Person.objects.filter(email=email, is_operator=True, is_active=True).first()
    if person is None:
        raise CommandError(f"no operator has the address {email}")
    start_anew(person, by=SYSTEM, at=at)
    path = link("", person, "account-begin", public_id=person.public_id, token=OPENINGS.make_token(person))
    tell("Every earlier way to sign in has ended. Within three days, open on this instance:")
    print(path)
    return ANSWERED


def _password() -> str:
    """Asked twice where a person watches, else the first line of stdin: never an argument that others can list."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip(os.linesep)
    password = getpass("Password: ")
    if password != getpass("Once more: "):
        raise CommandError("the two passwords differ")
    return password


COMMAND = Command(
    name="createoperator",
    purpose="open the account of a person who runs this instance; the password is asked, or read from stdin",
    example='./comity createoperator ada@example.org --name "Ada Quill"',
    arguments=arguments,
    run=run,
)
