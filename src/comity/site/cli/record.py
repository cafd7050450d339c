"""``./comity record verify`` and ``copy``: auditing a log with the product's own code, and publishing a copy of one."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from comity.plain.levels import Realm
from comity.site.cli.command import ANSWERED, SAID_NO, Command, CommandError, tell


def arguments(parser: ArgumentParser) -> None:
    """Which of the two."""
    words = parser.add_subparsers(dest="word", metavar="verify|copy", required=True)
    verify = words.add_parser("verify", help="audit a published copy; exit 1 names each entry that does not hold")
    verify.add_argument("place", metavar="PATH-or-URL", help="the folder of a copy, or its address (.../record/)")
    verify.add_argument(
        "--trusted",
        metavar="FILE",
        action="append",
        type=Path,
        default=[],
        help="a checkpoint or list of fingerprints kept from earlier: the log must still contain it",
    )
    copy = words.add_parser("copy", help="write a copy of this instance's log into a folder")
    copy.add_argument("folder", metavar="FOLDER", type=Path)
    copy.add_argument(
        "--realm", choices=[realm.value for realm in Realm], default=Realm.REAL.value, help="which log (default real)"
    )


def run(options: Namespace) -> int:
    """Verify or copy."""
    return _verify(options) if options.word == "verify" else _copy(options)


def _verify(options: Namespace) -> int:
    from comity.site.cli import instance

    instance.open_house()
    from comity.record.exports import answer

    stands, lines = answer(options.place, trusted=options.trusted)
    print("\n".join(lines))
    return ANSWERED if stands else SAID_NO


def _copy(options: Namespace) -> int:
    from comity.site.cli import instance

    instance.open_instance()
    from comity.record.exports import write_copy
    from comity.record.queries import checkpoint as checkpoint_of
    from comity.site.clock import now

    if checkpoint_of(Realm(options.realm)) is None:
        raise CommandError(f"the {options.realm} log of this instance has no entry yet")
    realm = Realm(options.realm)
    checkpoint = write_copy(realm, options.folder, at=now(realm))
    tell(f"{options.folder}: {checkpoint.size} entries of {checkpoint.origin}")
    return ANSWERED


COMMAND = Command(
    name="record",
    purpose="audit a log's published copy (verify), or publish one of this instance's logs (copy)",
    example="./comity record verify http://localhost:8000/fiction/record/",
    arguments=arguments,
    run=run,
)
