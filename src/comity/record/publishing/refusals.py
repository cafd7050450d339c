"""Why a log is not signed or not published; each says what to do."""

from comity.plain.refusals import Refusal


class NotPublished(Refusal):
    """The record was not published. What was published before stays as it is."""

    code = "not-published"
    status = 503


class Dead(NotPublished):
    """The log cannot go on from what it has signed."""


class DatabaseBehind(Dead):
    """The database holds fewer entries than the log has signed, so nothing more is signed. An older copy of the
    database stands here: bring its newest state back, or begin a new log as docs/record.md says.
    """

    code = "database-behind"


class DatabaseDiffers(Dead):
    """The database holds other entries than the log has signed, so nothing more is signed. Bring the true database
    back, or begin a new log as docs/record.md says.
    """

    code = "database-differs"


class PublishedAhead(Dead):
    """A checkpoint is published that the store of signed heads does not know, so nothing more is signed. Bring the
    newest store of heads back, or begin a new log as docs/record.md says.
    """

    code = "published-ahead"


class HeadsMissing(Dead):
    """The log has its key and no store of signed heads, so what it signed is not known and nothing more is signed.
    Bring the newest store of heads back, or begin a new log as docs/record.md says.
    """

    code = "heads-missing"


class WitnessAhead(Dead):
    """A witness holds a larger checkpoint under this log's own signature, so nothing more is signed. Bring the newest
    database and store of heads back, or begin a new log as docs/record.md says.
    """

    code = "witness-ahead"


class WitnessDiffers(Dead):
    """A witness holds another history under this log's own signature, so nothing more is signed. Keep both checkpoints
    as evidence, and find out who else has the log's key; docs/record.md says how.
    """

    code = "witness-differs"


class HeadMoved(NotPublished):
    """Another process has signed meanwhile, so this one signs nothing. Let one worker alone publish a log."""

    code = "head-moved"


class TileDiffers(NotPublished):
    """A file of the log stands already and holds other bytes, so nothing is signed. If no checkpoint covers it, remove
    it and publish again; otherwise a disk or a hand has changed what was published.
    """

    code = "tile-differs"


class NotAsWritten(NotPublished):
    """What was read back is not what the entries say, so nothing is signed. Look at the disk and the memory of this
    machine, then remove the named file and publish again.
    """

    code = "not-as-written"


class DiskRefuses(NotPublished):
    """The disk did not take or give a file of the log, so nothing new is published. Make room, or make the folder
    writable for the instance's user, then publish again.
    """

    code = "disk-refuses"


class KeyReadable(NotPublished):
    """Others on this machine may read the log's key, so it signs nothing. If nobody has read it, take their right away:
    chmod 600.
    """

    code = "key-readable"


class KeyMissing(Dead):
    """The log has signed before and its key is not here. Bring the key back; a log never changes its key, so without it
    a new log begins, as docs/record.md says.
    """

    code = "key-missing"


class KeyUnreadable(Dead):
    """The log's key cannot be read, or is not the key that signed before. Bring the true one back."""

    code = "key-unreadable"


class PolicyUnreadable(NotPublished):
    """The policy of the record cannot be read, so nothing is published. Mend the line that is named."""

    code = "policy-unreadable"


class SuccessionBegun(NotPublished):
    """The log has ended and another is to take its place, which was not brought to its end, so nothing is signed. Give
    the command again: ./comity record succeed.
    """

    code = "succession-begun"


class NotThisLog(NotPublished):
    """No log here that could end bears that name. Name the one that is to end."""

    code = "not-this-log"


class OtherOrigin(NotPublished):
    """What stands here is of a log that COMITY_ORIGIN does not name, so nothing ends. Set it to the name that is
    told.
    """

    code = "other-origin"


class LogLives(NotPublished):
    """This log lives, and only a dead one is succeeded: one whose key, signed heads or database cannot go on from what
    it has signed. If others may have read its key, say so: --key-exposed.
    """

    code = "log-lives"


class AtWork(NotPublished):
    """Another process is publishing this log. Stop the worker, then give the command again."""

    code = "at-work"


class AsideTaken(NotPublished):
    """Where the dead log is to be put something stands already, so nothing is moved. See what it is, and put it
    away.
    """

    code = "aside-taken"
