"""By which exits the pages that belong to no single room lead out, for the leak suite."""

from comity.plain.kinds import Exit
from comity.site.tests.leaks.house import Sample, Way

SAMPLES: dict[str, Sample] = {}
WAYS = {
    "": Way(Exit.RELATED),
    "eyes": Way(Exit.RELATED),
    "search": Way(Exit.SEARCH, asks="?q={word}"),
    "search/suggest": Way(Exit.SUGGESTION, asks="?q={word}"),
    "thread/": Way(Exit.THREAD),
    "thread/<str:kind>/<str:public_id>": Way(Exit.THREAD, "*"),
    "feed.atom": Way(Exit.FEED),
    "preview/<slug:kind>/<str:public_id>.png": Way(Exit.PREVIEW, "*"),
    "embed/<slug:kind>/<str:public_id>": Way(Exit.PREVIEW, "*"),
    "embed/<slug:kind>/<str:public_id>/how": Way(Exit.PREVIEW, "*"),
    "root:": Way(facts="Leads to the home in the reader's language."),
    "root:robots.txt": Way(facts="Which addresses a search engine may ask for; it names no thing."),
    "root:sitemap.xml": Way(Exit.SITEMAP),
    "root:sitemap/<slug:kind>-<int:number>.xml": Way(Exit.SITEMAP, fill=(("number", "1"),)),
    "root:fiction/": Way(facts="Leads to the home of the fiction."),
    "root:fiction/<path:rest>": Way(facts="Leads to the same address with a language, whatever stands there."),
    "root:calendar/<str:key>.ics": Way(facts="Opened by a key alone; people/tests read it with one."),
    "root:fiction/calendar/<str:key>.ics": Way(facts="Opened by a key alone; people/tests read it with one."),
    "root:mission": Way(facts="Leads to the mission."),
    "root:mission/": Way(facts="Leads to the mission."),
    "mission": Way(facts="The mission, and where each row of it can be tried."),
    "api:openapi.json": Way(facts="The interface's own description."),
    "api:": Way(facts="Where the interface begins; it leads nowhere."),
    "api:kinds": Way(facts="The kinds of things, not the things."),
    "api:search": Way(Exit.SEARCH, asks="?q={word}"),
}
