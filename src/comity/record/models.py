"""The record's tables. Only this room touches them; entries are never altered, disclosures may be erased."""

from typing import Any

from django.db import models

from comity.plain.ids import ID_LENGTH, new_id
from comity.plain.levels import Level, Realm

REALMS = [(realm.value, realm.value) for realm in Realm]
HASH = 32
TILE = 256


class KindOf(models.Func):
    """What stands before the colon of a ``kind:id``, written without parameters, so that an index serves it."""

    template = "substr(%(expressions)s, 1, instr(%(expressions)s, ':') - 1)"
    output_field = models.CharField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        """The same in PostgreSQL's words."""
        return self.as_sql(compiler, connection, template="split_part(%(expressions)s, ':', 1)", **context)


def _listed(name: str, *columns: Any) -> models.Index:
    """An index by which numbered entries are found, and in the order of their list.

    By what stands behind the number a reader's other choices are judged, without a look at the rows.
    """
    return models.Index(*columns, name=f"entry_listed_by_{name}", condition=models.Q(index__isnull=False))


class Log(models.Model):
    """One transparency log: the real one, or the fiction's."""

    realm = models.CharField(max_length=10, choices=REALMS, primary_key=True)
    origin = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField(default=0)
    frontier = models.JSONField(default=list)
    """Hex roots of the perfect subtrees along the right edge, largest first."""
    root = models.BinaryField(max_length=HASH)
    batch_on = models.DateField(null=True)
    """The day (UTC) of the last batch of restricted entries."""

    def __str__(self) -> str:
        return self.origin


class Entry(models.Model):
    """One entry, written in the transaction of the change it records; the sequencer gives its ``index`` afterwards."""

    log = models.ForeignKey(Log, on_delete=models.PROTECT, related_name="entries")
    index = models.PositiveBigIntegerField(null=True)
    leaf = models.BinaryField()
    """The RFC 8785 bytes that are hashed."""
    leaf_hash = models.BinaryField(max_length=HASH)
    type = models.CharField(max_length=60)
    at = models.DateTimeField()
    actor = models.CharField(max_length=60)
    """The acting ``kind:id``; it never stands in the leaf."""
    mandate = models.CharField(max_length=60, blank=True)
    """The public id of the organisation for which a seat acted; the leaf shows its pseudonym."""
    subject = models.CharField(max_length=60)
    """The subject's ``kind:id``; the leaf shows it only when the entry is public, organisations under a pseudonym."""
    subject_seq = models.PositiveIntegerField(null=True)
    level = models.PositiveSmallIntegerField(choices=[(level.value, level.name) for level in Level])

    class Meta:
        constraints = [models.UniqueConstraint(fields=["log", "index"], name="one_entry_per_index")]
        indexes = [
            models.Index(fields=["subject", "id"], name="entry_by_subject"),
            models.Index(fields=["log", "at"], name="entry_by_time"),
            models.Index(fields=["log"], name="entry_pending", condition=models.Q(index__isnull=True)),
            _listed("type", "log", "level", "type", "index"),
            _listed("kind", "log", "level", KindOf("subject"), "index"),
            _listed("mandate", "log", "level", "mandate", "index", "type", "subject"),
        ]

    def __str__(self) -> str:
        return f"{self.log_id}/{self.index}"


class Tile(models.Model):
    """Up to 256 fingerprints in their order, as in a C2SP level-0 tile: the order apart from the entries themselves."""

    log = models.ForeignKey(Log, on_delete=models.PROTECT)
    number = models.PositiveBigIntegerField()
    hashes = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["log", "number"], name="one_tile_per_number")]

    def __str__(self) -> str:
        return f"{self.log_id}/{self.number}"


class Disclosure(models.Model):
    """The values behind an entry's commitments, each with its salt; erasing destroys value and salt, not the leaf."""

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="disclosure")
    fields = models.JSONField()
    """``{field: [salt hex, canonical JSON of the value]}``; an erased field is gone."""

    def __str__(self) -> str:
        return f"disclosure of {self.entry_id}"


class SubjectHead(models.Model):
    """The last public entry of one subject, so that the next can name it and an omission shows."""

    log = models.ForeignKey(Log, on_delete=models.PROTECT)
    subject = models.CharField(max_length=60)
    seq = models.PositiveIntegerField()
    leaf_hash = models.BinaryField(max_length=HASH)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["log", "subject"], name="one_head_per_subject")]

    def __str__(self) -> str:
        return f"{self.subject}@{self.seq}"


class Pseudonym(models.Model):
    """The erasable directory: which random name an organisation bears in the leaves of one log."""

    log = models.ForeignKey(Log, on_delete=models.PROTECT)
    subject = models.CharField(max_length=60)
    pseudonym = models.CharField(max_length=ID_LENGTH, unique=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["log", "subject"], name="one_pseudonym_per_subject")]

    def __str__(self) -> str:
        return self.pseudonym


class Arising(models.Model):
    """One strand of the thread: a thing, and what it arises from."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT)
    thing = models.CharField(max_length=60)
    source = models.CharField(max_length=60)

    class Meta:
        indexes = [
            models.Index(fields=["thing"], name="arising_by_thing"),
            models.Index(fields=["source"], name="arising_by_source"),
        ]

    def __str__(self) -> str:
        return f"{self.thing} <- {self.source}"


class SigningKey(models.Model):
    """The public half of a key with which an organisation signs for a time; it lies beside the log, erasable."""

    public_id = models.CharField(max_length=ID_LENGTH, unique=True, default=new_id, editable=False)
    realm = models.CharField(max_length=10, choices=REALMS)
    organisation = models.CharField(max_length=ID_LENGTH)
    """Its public id."""
    holder = models.CharField(max_length=60)
    """The ``kind:id`` of the seat that signs with it; only the organisation is told."""
    label = models.CharField(max_length=60, blank=True)
    """What its holder calls it; only the organisation is told."""
    line = models.TextField()
    """Type and base64, as in a ``.pub`` file; empty once erased."""
    fingerprint = models.CharField(max_length=60)
    """As ``ssh-keygen -l`` shows it."""
    origin = models.CharField(max_length=200, blank=True)
    """The one site on which it signs, where it is a passkey."""
    credential = models.CharField(max_length=1400, blank=True)
    """Under which name a browser finds the passkey: base64url."""
    valid_after = models.DateTimeField()
    valid_before = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_because = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["realm", "fingerprint"], name="one_organisation_per_key"),
            models.CheckConstraint(
                condition=models.Q(valid_before=None) | models.Q(valid_before__gt=models.F("valid_after")),
                name="key_ends_after_it_begins",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "realm"], name="key_by_organisation")]

    def __str__(self) -> str:
        return self.fingerprint


class SignedPaper(models.Model):
    """The exact words under which signatures stand, kept by their fingerprint."""

    realm = models.CharField(max_length=10, choices=REALMS)
    subject = models.CharField(max_length=60)
    """The ``kind:id`` of the thing whose words these are."""
    sha256 = models.CharField(max_length=64)
    words = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["realm", "subject", "sha256"], name="one_paper_per_fingerprint")]

    def __str__(self) -> str:
        return self.sha256


class Signature(models.Model):
    """An SSH signature of an organisation under a paper, verified when it came; it is never altered."""

    public_id = models.CharField(max_length=ID_LENGTH, unique=True, default=new_id, editable=False)
    paper = models.ForeignKey(SignedPaper, on_delete=models.PROTECT, related_name="signatures")
    key = models.ForeignKey(SigningKey, on_delete=models.PROTECT, related_name="signatures")
    sha256 = models.CharField(max_length=64)
    """Of the ``.sig`` file."""
    armored = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["paper", "sha256"], name="one_row_per_signature")]

    def __str__(self) -> str:
        return self.sha256


class Residue(models.Model):
    """A table from which something was erased, and whose files may still hold its bytes until they are scrubbed."""

    table = models.CharField(max_length=63)

    def __str__(self) -> str:
        return self.table
