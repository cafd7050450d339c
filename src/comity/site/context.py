"""What every template knows of the reader's place."""

from django.conf import settings
from django.http import HttpRequest

from comity.plain.languages import LANGUAGES, direction
from comity.plain.levels import Realm
from comity.plain.place import place_of


def place(request: HttpRequest) -> dict[str, object]:
    """Realm, language and reader for the templates."""
    if not hasattr(request, "place"):
        return {}
    here = place_of(request)
    return {
        "place": here,
        "fiction": here.realm is Realm.FICTION,
        "languages": LANGUAGES,
        "direction": direction(here.language),
        "demo": settings.DEMO,
    }
