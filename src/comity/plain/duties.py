"""States of a duty. They are computed from facts and a day, never typed in."""

from enum import StrEnum


class Duty(StrEnum):
    """The states, drawn as squares: full, half, struck, crossed, four corners, dot."""

    KEPT = "kept"
    LATE = "late"
    NIL = "nil"
    MISSED = "missed"
    SILENT = "silent"
    NOT_DUE = "not-due"
