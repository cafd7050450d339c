"""Every address of the house. Each room's pages stand twice: in the real realm and in the fiction."""

from importlib import import_module
from importlib.util import find_spec

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, include, path, register_converter

from comity.people.calendar import calendar
from comity.plain.languages import CODES
from comity.plain.levels import Realm
from comity.plain.place import place_of
from comity.site import sitemap

Patterns = list[URLPattern | URLResolver]


class LanguageCode:
    """The language part of an address."""

    regex = "|".join(CODES)

    def to_python(self, value: str) -> str:
        """As it stands."""
        return value

    def to_url(self, value: str) -> str:
        """As it stands."""
        return value


register_converter(LanguageCode, "lang")


def root(request: HttpRequest) -> HttpResponse:
    """Lead to the home in the reader's language: the story in the demo, the real house elsewhere."""
    home = "/fiction" if settings.DEMO else ""
    return redirect(f"{home}/{place_of(request).language}/")


def unspoken(request: HttpRequest, rest: str = "") -> HttpResponse:
    """An address without a language negotiates one; one that has a language and leads nowhere is not found.

    Nor is a file of the interface or the record that does not exist: those have no language.
    """
    if rest.split("/", maxsplit=1)[0] in CODES or rest.startswith(("api/", "record/")):
        raise Http404
    place = place_of(request)
    query = f"?{request.META['QUERY_STRING']}" if request.META.get("QUERY_STRING") else ""
    return redirect(f"{place.prefix}/{rest}{query}")


def _of_rooms(module: str) -> Patterns:
    """The patterns that each room brings in the named module, where it has one."""
    found: Patterns = []
    for room in settings.ROOMS:
        name = f"comity.{room}.{module}"
        if room != "site" and find_spec(name) is not None:
            found += import_module(name).urlpatterns
    return found


def _pages() -> Patterns:
    pages = [*import_module("comity.site.urls_pages").urlpatterns, *_of_rooms("urls")]
    if settings.DEMO:
        pages += _of_rooms("urls_demo")
    return pages


PAGES = _pages()
FILES = _of_rooms("urls_files")


def _api(realm: Realm) -> Patterns:
    return import_module("comity.site.api").urls(realm)  # type: ignore[no-any-return]  # ninja builds it


urlpatterns: Patterns = [
    path("", root, name="root"),
    path("robots.txt", sitemap.robots, name="robots"),
    path("sitemap.xml", sitemap.index, name="sitemap"),
    path("sitemap/<slug:kind>-<int:number>.xml", sitemap.part, name="sitemap-part"),
    path("fiction/", unspoken),
    path("fiction/api/v1/", include(_api(Realm.FICTION))),
    path("fiction/record/", include((FILES, "files"), namespace="fiction-files"), {"realm": Realm.FICTION}),
    path("fiction/<lang:lang>/", include((PAGES, "pages"), namespace="fiction"), {"realm": Realm.FICTION}),
    path("api/v1/", include(_api(Realm.REAL))),
    path("record/", include((FILES, "files"), namespace="real-files"), {"realm": Realm.REAL}),
    path("<lang:lang>/", include((PAGES, "pages"), namespace="real"), {"realm": Realm.REAL}),
    path("fiction/calendar/<str:key>.ics", calendar, {"realm": Realm.FICTION}, name="fiction-calendar"),
    path("calendar/<str:key>.ics", calendar, {"realm": Realm.REAL}, name="calendar"),
    path("mission", unspoken, {"rest": "mission"}),
    path("mission/", unspoken, {"rest": "mission"}),
    path("fiction/<path:rest>", unspoken),
]
