"""What is done with papers and files."""

from comity.files.actions.papers import (
    LONGEST_PAPER,
    PaperPutAway,
    WrittenMeanwhile,
    put_away,
    write_paper,
    write_version,
)
from comity.files.actions.uploads import (
    AlreadyTakenBack,
    DraftingShows,
    Empty,
    NotBesideAnything,
    TooLarge,
    WiderThanItsThing,
    take_back,
    upload,
)

__all__ = [
    "LONGEST_PAPER",
    "AlreadyTakenBack",
    "DraftingShows",
    "Empty",
    "NotBesideAnything",
    "PaperPutAway",
    "TooLarge",
    "WiderThanItsThing",
    "WrittenMeanwhile",
    "put_away",
    "take_back",
    "upload",
    "write_paper",
    "write_version",
]
