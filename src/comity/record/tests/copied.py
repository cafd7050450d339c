"""A copy of what a test has done: the log published, then copied, as the worker and an auditor would."""

from datetime import datetime
from pathlib import Path

from comity.plain.levels import Realm
from comity.record.copies import write_copy
from comity.record.core.checkpoints import Checkpoint
from comity.record.publishing import publish


def copied(realm: Realm, folder: Path, *, at: datetime) -> Checkpoint:
    """Publish a log and write its copy into a folder; return the checkpoint."""
    publish(realm, at=at)
    return write_copy(realm, folder, at=at)


def words_of(folder: Path) -> str:
    """Everything in the files of a folder, as text as far as it is."""
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file()).decode("utf-8", "replace")
