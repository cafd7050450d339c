"""What must stand before pages are served.

Runs as a process of its own: the server's processes then begin without a Django that was set up for something else.
"""

import hashlib
import json
import os
import secrets
import shutil
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from comity.plain.refusals import Refusal
from comity.site.cli.command import ANSWERED, BAD_USAGE, CommandError, Steps, tell

HOUSE = Path(__file__).resolve().parents[2]
WRITING_FOLDERS = {"plain", "core", "migrations", "actions", "queries", "data", "story"}
WRITING_FILES = {"core", "models", "actions", "queries", "access", "facts", "importing", "intake"}
MADE_FROM = "made-from.json"
STATIC_MADE_FROM = "static.made-from"
SECRET = "secret"  # noqa: S105 - the name of the file


def environment_of_demo(home: Path) -> dict[str, str]:
    """The settings under which the demo in this folder runs; none of a real instance's reach it."""
    ours = {
        "COMITY_DATABASE",
        "DATABASE_URL",
        "DJANGO_SETTINGS_MODULE",
        "COMITY_ORIGIN",
        "COMITY_RECORD",
        "COMITY_HEADS",
        "COMITY_KEYS",
        "COMITY_POLICIES",
        "COMITY_HTTPS",
        "COMITY_HOSTS",
    }
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    kept.setdefault("COMITY_FRONTEND", str(Path(os.environ.get("COMITY_HOME", home.parent)) / "frontend"))
    secret = home / SECRET
    return kept | {
        "COMITY_HOME": str(home),
        "COMITY_DEMO": "1",
        "COMITY_SECRET_KEY": secret.read_text() if secret.exists() else "",
    }


def digest(paths: Iterator[Path]) -> str:
    """A hash over the names and contents of files."""
    told = hashlib.sha256()
    for path in sorted(paths):
        told.update(str(path.relative_to(HOUSE)).encode() + b"\0" + path.read_bytes())
    return told.hexdigest()


def writers() -> Iterator[Path]:
    """The files on which the content of a demo depends: the facts, the story, and whatever writes rows."""
    for path in HOUSE.rglob("*"):
        inside = set(path.relative_to(HOUSE).parts)
        if not path.is_file() or inside & {"tests", "__pycache__", "static"}:
            continue
        if inside & WRITING_FOLDERS or (path.suffix == ".py" and path.stem.split("_")[0] in WRITING_FILES):
            yield path


def stands(home: Path) -> bool:
    """Whether this folder holds a whole demo made by this version."""
    note = home / MADE_FROM
    return note.is_file() and bool(json.loads(note.read_text()) == {"writers": digest(writers())})


def static_digest(frontend: Path) -> str:
    """A hash over names, sizes and times of all static files: the rooms' own and the built front-end's."""
    folders = [*sorted(HOUSE.glob("*/static")), frontend]
    files = sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())
    return hashlib.sha256(repr([(str(p), p.stat().st_size, p.stat().st_mtime_ns) for p in files]).encode()).hexdigest()


def static_stands(home: Path, frontend: Path) -> bool:
    """Whether the static files of this folder were collected from the present ones."""
    note = home / STATIC_MADE_FROM
    return note.is_file() and (home / "static").is_dir() and note.read_text() == static_digest(frontend)


# -- inside the process of its own -------------------------------------------------------------------------------------


def build(home: Path) -> None:
    """Build the demo beside its place and put it there when it is whole; an older one stays until then."""
    place, building = home, home.with_name(f"{home.name}.building")
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True)
    _write_secret(building, kept=place / SECRET)
    made_from = digest(writers())
    environment = environment_of_demo(building)
    os.environ.clear()
    os.environ.update(environment)
    from comity.site.cli import instance

    instance.open_house()
    from comity.site.story import CHAPTERS, play

    steps = Steps(4 + len(CHAPTERS))
    steps.begin("Database")
    _make_tables()
    steps.begin("Registry: real networks and parties, from the facts file")
    _load_facts()
    for chapter in play():
        steps.begin(f"The story: {chapter}")
    steps.begin("Record: every entry in its place, the whole log verified, signed and published")
    _seal()
    steps.begin("Style sheets, fonts and pictures")
    collect_static()
    steps.end()
    (building / MADE_FROM).write_text(json.dumps({"writers": made_from}))
    _swap(building, place)


def _write_secret(home: Path, *, kept: Path) -> None:
    secret = home / SECRET
    secret.touch(mode=0o600)
    secret.write_text(kept.read_text() if kept.exists() else secrets.token_urlsafe(48))


def _make_tables() -> None:
    from django.db import connection

    from comity.site.cli import instance

    # A demo that is not whole is thrown away, so the disk need not keep up with each row: _swap writes it through.
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=OFF")
    instance.migrate()


def _load_facts() -> None:
    from comity.registry import facts

    report = facts.load(at=datetime.now(UTC))
    if report.refused:
        raise CommandError(f"a row of the facts file was refused: {report.refused[0]}")


def _seal() -> None:
    from comity.plain.levels import Realm
    from comity.record.actions import close_due_batch, sequence
    from comity.record.publishing import publish
    from comity.record.queries import check
    from comity.site.clock import now

    for realm in Realm:
        sequence(realm)
        close_due_batch(realm, now(realm))
        faults = check(realm)
        if faults:
            raise CommandError(f"the record of the {realm.value} realm does not verify: {faults[0]}")
        publish(realm, at=datetime.now(UTC))


def _swap(building: Path, place: Path) -> None:
    from django.db import connections

    connections.close_all()
    for path in building.glob("*.sqlite3"):
        with path.open("rb+") as database:
            os.fsync(database.fileno())
    old = place.with_name(f"{place.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if place.exists():
        place.rename(old)
    building.rename(place)
    shutil.rmtree(old, ignore_errors=True)


def collect_static() -> None:
    """Bring static files into ``STATIC_ROOT``, with hashed names and compressed, unless they are there unchanged."""
    from django.conf import settings
    from django.core.management import call_command

    home, frontend = Path(settings.HOME), Path(settings.FRONTEND)
    if static_stands(home, frontend):
        return
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    (home / STATIC_MADE_FROM).write_text(static_digest(frontend))


def make_ready() -> None:
    """See to database and static files of the instance that the environment names."""
    from comity.site.cli import instance

    instance.open_instance()
    collect_static()


def main(words: Sequence[str]) -> int:
    """``build HOME`` or ``ready``."""
    try:
        if words[0] == "build":
            build(Path(words[1]))
        else:
            make_ready()
    except (CommandError, Refusal) as error:
        tell(f"\ncomity: {error}")
        return BAD_USAGE
    return ANSWERED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
