"""The thread: eight stages from a meeting to an account of what came of it."""

from enum import StrEnum


class Stage(StrEnum):
    """The stages, in their natural order."""

    MEET = "meet"
    DIFFER = "differ"
    CONVERGE = "converge"
    DRAFT = "draft"
    DECIDE = "decide"
    PROMISE = "promise"
    KEEP = "keep"
    ACCOUNT = "account"
