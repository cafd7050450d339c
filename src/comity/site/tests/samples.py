"""By which exits the pages that belong to no single room lead out, for the leak suite."""

from comity.plain.kinds import Exit
from comity.site.tests.leaks.house import Sample, Way

SAMPLES: dict[str, Sample] = {}
WAYS = {
    "": Way(Exit.RELATED),
    "eyes": Way(Exit.RELATED),
    "search": Way(Exit.SEARCH, asks="?q={word}"),
    "thread/": Way(Exit.THREAD),
    "thread/<str:kind>/<str:public_id>": Way(Exit.THREAD, "*"),
    "feed.atom": Way(Exit.FEED),
    "mission": Way(facts="The mission, and where each row of it can be tried."),
    "api:openapi.json": Way(facts="The interface's own description."),
    "api:": Way(facts="Where the interface begins; it leads nowhere."),
    "api:kinds": Way(facts="The kinds of things, not the things."),
    "api:search": Way(Exit.SEARCH, asks="?q={word}"),
}
