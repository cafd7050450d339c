"""Write the dump of one resolved issue: the story as it plays today, as SQL text."""

import gzip
import os
import sqlite3
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent


def main(number: str) -> None:
    """Play the story into a fresh SQLite file and write its SQL to ``NNN.sql.gz``."""
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "story.sqlite3"
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "comity.site.settings",
            "COMITY_DATABASE": str(database),
            "COMITY_SECRET_KEY": "only-for-a-dump",
        }
        sys.path.insert(0, str(HERE.parents[1] / "src"))
        _play()
        with sqlite3.connect(database) as connection, gzip.GzipFile(HERE / f"{number}.sql.gz", "wb", 9, mtime=0) as out:
            for line in connection.iterdump():
                out.write(f"{line}\n".encode())


def _play() -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from comity.site.story import play

    for chapter in play():
        print(chapter)


if __name__ == "__main__":
    main(sys.argv[1])
