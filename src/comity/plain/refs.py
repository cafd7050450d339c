"""How one room names another room's thing without importing it: its kind and its public id."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Ref:
    """A thing by kind and public id, e.g. ``text:k3f7...``."""

    kind: str
    id: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"

    @classmethod
    def parse(cls, text: str) -> "Ref":
        """Read ``kind:id``; raise ValueError otherwise."""
        kind, colon, public_id = text.partition(":")
        if not (kind and colon and public_id):
            raise ValueError(f"not a reference: {text!r}")
        return cls(kind, public_id)
