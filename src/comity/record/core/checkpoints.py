"""Checkpoints as in C2SP tlog-checkpoint: what a log says of itself, and under whose signatures."""

import base64
from collections.abc import Iterable
from dataclasses import dataclass

from comity.record.core import merkle
from comity.record.core.notes import Malformed, Note, NotSigned, Signed, VerifierKey, number_of, printable, unbased


@dataclass(frozen=True)
class Checkpoint:
    """A log's name, its size in entries, its root of 32 bytes, and further lines, which ours never have."""

    origin: str
    size: int
    root: bytes
    more: tuple[str, ...] = ()

    def body(self) -> bytes:
        """The text that is signed: each on its line."""
        lines = (self.origin, str(self.size), base64.b64encode(self.root).decode(), *self.more)
        return "".join(f"{line}\n" for line in lines).encode()

    @classmethod
    def parse(cls, body: bytes) -> "Checkpoint":
        """Read the text of a checkpoint strictly, without its signatures; raise Malformed."""
        try:
            text = body.decode()
        except UnicodeDecodeError as error:
            raise Malformed(f"byte {error.start} of the checkpoint is not UTF-8") from error
        printable(text, "the checkpoint")
        lines = text.split("\n")
        if len(lines) < 4 or lines.pop():
            raise Malformed("a checkpoint is origin, size and root, each on a line that ends")
        if not all(lines):
            raise Malformed("a line of the checkpoint is empty")
        root = unbased(lines[2], "the root of the checkpoint")
        if len(root) != merkle.HASH:
            raise Malformed(f"the root of the checkpoint has {len(root)} bytes, not {merkle.HASH}")
        size = number_of(lines[1], "the size of the checkpoint")
        if size == 0 and root != merkle.EMPTY_ROOT:
            raise Malformed("the root of an empty log is the SHA-256 of nothing")
        return cls(lines[0], size, root, tuple(lines[3:]))

    @classmethod
    def of(cls, note: Note) -> "Checkpoint":
        """The checkpoint that a note holds; raise Malformed."""
        return cls.parse(note.text)


@dataclass(frozen=True)
class Opened:
    """A checkpoint that the log has signed, and who has cosigned it and when."""

    checkpoint: Checkpoint
    note: Note
    cosigned: tuple[Signed, ...]


def opened(content: bytes, log: VerifierKey, witnesses: Iterable[VerifierKey] = ()) -> Opened:
    """Read a signed checkpoint; raise Malformed, or NotSigned unless the log has signed it and no known line is false.

    Whether enough witnesses have cosigned it is for a policy to say.
    """
    note = Note.parse(content)
    checkpoint = Checkpoint.of(note)
    signed = note.opened([log, *witnesses])
    if all(one.key != log for one in signed):
        raise NotSigned(f"the log {log.name} has not signed it")
    if checkpoint.origin != log.name:
        raise NotSigned(f"the log {log.name} signs for another: {checkpoint.origin}")
    return Opened(checkpoint, note, tuple(one for one in signed if one.key != log))
