"""Why a log is not signed or not published; each says what to do."""

from comity.plain.refusals import Refusal


class NotPublished(Refusal):
    """The record was not published. What was published before stays as it is."""

    code = "not-published"
    status = 503


class DatabaseBehind(NotPublished):
    """The database holds fewer entries than the log has signed, so nothing more is signed. An older copy of the
    database stands here: bring its newest state back, or begin a new log as docs/record.md says.
    """

    code = "database-behind"


class DatabaseDiffers(NotPublished):
    """The database holds other entries than the log has signed, so nothing more is signed. Bring the true database
    back, or begin a new log as docs/record.md says.
    """

    code = "database-differs"


class PublishedAhead(NotPublished):
    """A checkpoint is published that the store of signed heads does not know, so nothing more is signed. Bring the
    newest store of heads back, or begin a new log as docs/record.md says.
    """

    code = "published-ahead"


class WitnessAhead(NotPublished):
    """A witness holds a larger checkpoint under this log's own signature, so nothing more is signed. Bring the newest
    database and store of heads back, or begin a new log as docs/record.md says.
    """

    code = "witness-ahead"


class WitnessDiffers(NotPublished):
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


class KeyMissing(NotPublished):
    """The log has signed before and its key is not here. Bring the key back; a log never changes its key, so without it
    a new log begins, as docs/record.md says.
    """

    code = "key-missing"


class KeyUnreadable(NotPublished):
    """The log's key cannot be read, or is not the key that signed before. Bring the true one back."""

    code = "key-unreadable"


class PolicyUnreadable(NotPublished):
    """The policy of the record cannot be read, so nothing is published. Mend the line that is named."""

    code = "policy-unreadable"
