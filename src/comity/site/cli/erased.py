"""``./comity record erased`` and ``recount``: what backups still hold, and the count of a year computed anew."""

from argparse import ArgumentParser, Namespace
from datetime import date
from typing import TYPE_CHECKING, Any

from comity.plain.levels import Realm
from comity.site.cli.command import ANSWERED, SAID_NO, CommandError

if TYPE_CHECKING:
    from comity.record.erasures import Erasure


def add_words(words: Any) -> None:
    """The two words, and what they take."""
    erased = words.add_parser("erased", help="each erasure since a day: what a backup of that day holds")
    erased.add_argument("--since", metavar="DATE", type=date.fromisoformat, help="a day, as 2031-05-01 (default: all)")
    recount = words.add_parser("recount", help="count a year anew as of its checkpoint; exit 1 where it differs")
    recount.add_argument("year", metavar="YEAR", type=int)
    with_realm(recount)


def with_realm(parser: ArgumentParser) -> None:
    """Let a word take which log it is about."""
    parser.add_argument(
        "--realm", choices=[realm.value for realm in Realm], default=Realm.REAL.value, help="which log (default real)"
    )


def list_erased(options: Namespace) -> int:
    """Each erasure since a day, a line each: log, day, entry, field, legal ground."""
    from comity.site.cli import instance

    instance.open_instance()
    from comity.record.erasures import bases, listed, place

    found = [(realm, one) for realm in Realm for one in listed(realm, options.since)]
    grounds = {realm: bases(realm) for realm in Realm}
    for realm, one in found:
        print(_line(realm, one, grounds[realm].get((one.thing, one.field), "its entry is not in this database")))
    print(_told(len(found), options.since, str(place())))
    return ANSWERED


def _line(realm: Realm, one: "Erasure", ground: str) -> str:
    if not one.field:
        what = f"pseudonym {one.thing}"
    else:
        entry = f"entry {one.number}" if one.number is not None else f"an entry without number, row {one.entry}"
        what = f"{entry}  {one.field}"
    return f"{realm.value}  {one.at:%Y-%m-%d}  {what}  ({ground})"


def _told(count: int, since: date | None, place: str) -> str:
    if not count:
        return "nothing was erased" + (f" since {since}" if since else "")
    of = f"a backup from before {since} " if since else "a backup from before them "
    values = "1 value" if count == 1 else f"{count} values"
    return f"{of}still holds {values}; once it is restored they are erased again by themselves, by the list in {place}"


def recount(options: Namespace) -> int:
    """Compute the report of a year again from the log as of its checkpoint, and hold it against what was published."""
    from comity.site.cli import instance

    instance.open_instance()
    from hashlib import sha256

    from comity.engagements.yearly import latest, regenerated
    from comity.site.clock import now

    realm = Realm(options.realm)
    stands = latest(realm, options.year, now(realm))
    if stands is None:
        raise CommandError(f"the {realm.value} log has no count of {options.year}")
    found = sha256(regenerated(stands)).hexdigest()
    if found != stands.report_hash:
        print(f"no: counted again the report has SHA-256 {found}, published was {stands.report_hash}")
        return SAID_NO
    total = stands.total
    print(
        f"yes: {options.year}, as of {stands.snapshot.size} entries: {total.meetings} meetings, "
        f"{total.restricted} as a bare seal, {total.existence_protected} protected; SHA-256 {found}"
    )
    return ANSWERED


WORDS = {"erased": list_erased, "recount": recount}
