"""``./comity record verify`` and ``copy``: auditing a log with the product's own code, and publishing a copy of one."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from comity.plain.levels import Realm
from comity.site.cli import erased
from comity.site.cli.command import ANSWERED, SAID_NO, Command, CommandError, tell


def arguments(parser: ArgumentParser) -> None:
    """Which of the two."""
    words = parser.add_subparsers(
        dest="word", metavar="verify|copy|publish|status|succeed|erased|recount", required=True
    )
    verify = words.add_parser("verify", help="audit a published copy; exit 1 names each entry that does not hold")
    verify.add_argument("place", metavar="PATH-or-URL", help="a copy, its zip, or an address (.../record/)")
    verify.add_argument(
        "--trusted",
        metavar="PLACE",
        action="append",
        type=Path,
        default=[],
        help="a checkpoint or a copy kept from earlier: the log must still contain it",
    )
    verify.add_argument("--policy", metavar="FILE", type=Path, help="keys and quorum by you, and not by the copy")
    verify.add_argument(
        "--openings", metavar="FILE", type=Path, help="what restricted entries say: their seals must fit"
    )
    copy = words.add_parser("copy", help="write a copy of this instance's log into a folder")
    copy.add_argument("folder", metavar="FOLDER", type=Path)
    erased.with_realm(copy)
    words.add_parser("publish", help="publish what is due of this instance's logs once, and say what was done")
    words.add_parser("status", help="how far this instance's logs are published, who has cosigned, what waits")
    succeed = words.add_parser("succeed", help="end a log that is dead, and begin another that commits to its end")
    succeed.add_argument(
        "ended", metavar="ORIGIN", help="the name of the log that ends, as ./comity record status tells it"
    )
    succeed.add_argument("--last", metavar="FILE", type=Path, help="a checkpoint of it that a witness or reader kept")
    succeed.add_argument("--key-exposed", action="store_true", help="end it because others may have read its key")
    erased.with_realm(succeed)
    erased.add_words(words)


def run(options: Namespace) -> int:
    """Do what the word says."""
    return _WORDS[str(options.word)](options)


def _verify(options: Namespace) -> int:
    from comity.site.cli import instance

    instance.open_house()
    from comity.record.copies import Brought, answer

    stands, lines = answer(options.place, Brought(options.trusted, options.policy, options.openings))
    print("\n".join(lines))
    return ANSWERED if stands else SAID_NO


def _copy(options: Namespace) -> int:
    from comity.site.cli import instance

    instance.open_instance()
    from comity.record.copies import write_copy
    from comity.record.published import head
    from comity.site.clock import now

    realm = Realm(options.realm)
    if head(realm) is None:
        raise CommandError(f"the {realm.value} log is not published yet: ./comity record publish, then copy it")
    checkpoint = write_copy(realm, options.folder, at=now(realm))
    tell(f"{options.folder}: {checkpoint.size} entries of {checkpoint.origin}")
    return ANSWERED


def _publish(_options: Namespace) -> int:
    from datetime import UTC, datetime

    from comity.site.cli import instance

    instance.open_instance()
    from comity.record.jobs import publish_or_say_why, waits
    from comity.record.published import standing

    for realm in Realm:
        line = publish_or_say_why(realm, datetime.now(UTC))
        print(line or f"{realm.value}: nothing was due: {standing(realm).published} entries stand published")
    return SAID_NO if any(waits(realm) for realm in Realm) else ANSWERED


def _succeed(options: Namespace) -> int:
    from datetime import UTC, datetime

    from comity.site.cli import instance

    instance.open_instance()
    from comity.record.publishing.refusals import NotPublished
    from comity.record.publishing.succession import Ending, succeed
    from comity.site.clock import now

    realm = Realm(options.realm)
    try:
        last = options.last.read_bytes() if options.last else b""
        said = Ending(options.ended, options.key_exposed, last)
        done = succeed(realm, said, at=now(realm), now=datetime.now(UTC))
    except (OSError, NotPublished) as error:
        raise CommandError(str(error)) from error
    tell(f"{done.ended} has ended; its files stand under {done.number}/, its key and its heads beside the new ones")
    tell(f"{done.begun} takes its place: ./comity record publish, then give its witnesses the key that status tells")
    return ANSWERED


def _status(_options: Namespace) -> int:
    from comity.site.cli import instance

    instance.open_instance()
    from comity.record.jobs import status, waits

    for realm in Realm:
        print("\n".join(status(realm)))
    return SAID_NO if any(waits(realm) for realm in Realm) else ANSWERED


_WORDS = {"verify": _verify, "copy": _copy, "publish": _publish, "status": _status, "succeed": _succeed, **erased.WORDS}
COMMAND = Command(
    name="record",
    purpose="audit a log's copy (verify) or write one (copy); publish this instance's logs, say how they stand",
    example="./comity record verify http://localhost:8000/fiction/record/",
    arguments=arguments,
    run=run,
)
