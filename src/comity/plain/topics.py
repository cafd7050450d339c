"""How the things of a kind come by their topics: each kind says it once, and the check asks that each does."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Within:
    """A thing is filed as what it stands in: of which kind that is, and the way to it in a query."""

    kind: str
    path: str
    """E.g. ``adoption__text``."""


@dataclass(frozen=True)
class Filed:
    """By hand, by what the thing stands in, all alike by their kind, or not at all; the last two say why."""

    by_hand: bool = False
    within: tuple[Within, ...] = ()
    always: tuple[str, ...] = ()
    """Codes of topics."""
    why: str = ""

    @property
    def said(self) -> bool:
        """Whether a kind has said anything."""
        return bool(self.by_hand or self.within or self.always or self.why)

    @property
    def bears_topics(self) -> bool:
        """Whether things of the kind stand under topics."""
        return bool(self.by_hand or self.within or self.always)


BY_HAND = Filed(by_hand=True)
UNSAID = Filed()


def within(kind: str, path: str) -> Filed:
    """Filed as the thing it stands in."""
    return Filed(within=(Within(kind, path),))


def not_filed(why: str) -> Filed:
    """Under no topic, and why."""
    return Filed(why=why)
