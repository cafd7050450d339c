"""Who may see a thing: six levels, how words are attributed, and the realm it belongs to."""

from enum import IntEnum, StrEnum


class Level(IntEnum):
    """The six levels of visibility, from everyone to named case handlers. A larger number is a narrower circle."""

    PUBLIC = 0
    NETWORK = 1
    BODY = 2
    ORGANISATION = 3
    ROOM = 4
    SEALED = 5


class Attribution(StrEnum):
    """To whom words are attributed."""

    PERSON = "person"
    ROLE = "role"
    ORGANISATION = "organisation"
    NONE = "none"


class Realm(StrEnum):
    """The real world and the played story never share a list, a search, a chart or a log."""

    REAL = "real"
    FICTION = "fiction"
