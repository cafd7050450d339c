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
    parser.add_argument("--name", required=True, help="the name the person goes by")
    parser.add_argument("--language", default="en", help="language of the interface (default en)")


def run(options: Namespace) -> int:
    """Open the account through the same actions as everywhere; the record names nobody."""
    from comity.site.cli import instance

    instance.open_instance()
    from comity.people.actions import make_operator, register_person

    at = datetime.now(UTC)
    person = register_person(
        name=options.name, email=options.email, language=options.language, password=_password(), by=SYSTEM, at=at
    )
    make_operator(person, by=SYSTEM, at=at)
    tell(f"{person.email} may run this instance; an operator sees no more than any reader.")
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
