"""What every template knows of the reader's place."""

from django.conf import settings
from django.http import HttpRequest

from comity.plain.languages import LANGUAGES, direction
from comity.plain.levels import Realm
from comity.plain.place import place_of


def place(request: HttpRequest) -> dict[str, object]:
    """Realm, language and reader for the templates; whether an act has a page of its own or stands on a desk."""
    stands_in = getattr(request, "stands_in", "")
    frame = {"stands_in": stands_in or "site/base.html", "in_place": bool(stands_in)}
    if not hasattr(request, "place"):
        return frame
    here = place_of(request)
    return {
        **frame,
        "place": here,
        "fiction": here.realm is Realm.FICTION,
        "languages": LANGUAGES,
        "direction": direction(here.language),
        "demo": settings.DEMO,
    }
