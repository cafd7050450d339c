"""What pages and interface of this room begin with: the file, the thing it lies beside, and where that is read."""

from comity.files.circles import takes_files
from comity.files.kinds import FILE
from comity.files.models import Upload
from comity.files.queries import withdrawn_from
from comity.plain.levels import Level
from comity.plain.place import Place
from comity.plain.refs import Ref
from comity.plain.refusals import NotVisible, Withdrawn
from comity.plain.things import Thing, thing
from comity.registry.models import Governed


def file_named(place: Place, public_id: str) -> Upload:
    """The file, if this reader may see it and it lay there on the page's day; what was taken back is withdrawn."""
    gone = withdrawn_from(place.actor, place.at, place.realm)
    found: Upload | None = FILE.standing(place).filter(public_id=public_id).first()
    if found is None and gone.filter(public_id=public_id).exists():
        raise Withdrawn(kind="file")
    if found is None:
        raise NotVisible(kind="file")
    return found


def thing_named(place: Place, reference: str) -> Thing:
    """The thing named ``kind:id``, beside which files lie; not visible where there is none for this reader."""
    try:
        found = thing(Ref.parse(reference), place)
    except ValueError as error:
        raise NotVisible from error
    if found is None or not isinstance(found.row, Governed) or not takes_files(found.kind.name):
        raise NotVisible
    return found


def level_beside(found: Thing) -> Level:
    """How wide the circle of a thing is."""
    return Level(found.row.level)
