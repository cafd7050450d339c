"""Where a party stands to a text it was asked about, in the order the house draws it."""

from enum import StrEnum


class Stance(StrEnum):
    """The stances, drawn as circles: full, ring, half, struck, dotted."""

    AGREED = "agreed"
    RESERVED = "reserved"
    AD_REFERENDUM = "ad-referendum"
    AGAINST = "against"
    ABSTAINED = "abstained"
    UNUSED = "unused"
