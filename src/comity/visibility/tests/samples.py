"""By which exits the pages about who reads what lead out, for the leak suite."""

from comity.plain.kinds import Exit
from comity.site.tests.leaks.house import Sample, Way

OWN = "The id is that of a request or a review; only the seats that ask or decide it read it, as visibility/tests hold."

SAMPLES: dict[str, Sample] = {}
WAYS = {
    "visibility/<str:kind>/<str:public_id>": Way(Exit.PAGE, "*"),
    "visibility/<str:kind>/<str:public_id>/do/change": Way(Exit.ACT, "*"),
    "visibility/<str:kind>/<str:public_id>/do/flag": Way(Exit.ACT, "*"),
    "visibility/<str:kind>/<str:public_id>/do/unflag": Way(Exit.ACT, "*"),
    "visibility/<str:kind>/<str:public_id>/do/protect": Way(Exit.ACT, "*"),
    "protections": Way(Exit.DESK),
    "protections/<str:public_id>/do/decide": Way(facts=OWN),
    "protections/<str:public_id>/do/lift": Way(facts=OWN),
    "visibility-policy/<str:public_id>": Way(Exit.PAGE, "network"),
    "visibility-policy/<str:public_id>/do/adopt": Way(Exit.ACT, "network"),
    "links": Way(Exit.DESK),
    "links/<str:public_id>/do/hide": Way(facts=OWN),
    "links/<str:public_id>/do/review": Way(facts=OWN),
    "links/<str:public_id>/do/show": Way(facts=OWN),
}
