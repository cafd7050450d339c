"""Every dump of an earlier day migrates to today, and its record still verifies."""

import gzip
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
DUMPS = sorted(HERE.glob("*.sql.gz"))
AUDIT = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from comity.plain.levels import Realm
from comity.record.queries import check
faults = [fault for realm in Realm for fault in check(realm)]
assert not faults, faults
from comity.record.models import Entry
print(Entry.objects.count())
"""


@pytest.mark.parametrize("dump", DUMPS, ids=lambda path: path.name)
def test_a_dump_migrates_to_today_and_its_record_verifies(dump: Path, tmp_path: Path) -> None:
    database = tmp_path / "restored.sqlite3"
    with sqlite3.connect(database) as connection:
        connection.executescript(gzip.decompress(dump.read_bytes()).decode())
    environment = {
        **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
        "DJANGO_SETTINGS_MODULE": "comity.site.settings",
        "COMITY_DATABASE": str(database),
        "COMITY_SECRET_KEY": "only-for-a-test",
        "PYTHONPATH": str(HERE.parents[1] / "src"),
    }
    done = subprocess.run([sys.executable, "-c", AUDIT], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 0


def test_there_is_a_dump() -> None:
    assert DUMPS
