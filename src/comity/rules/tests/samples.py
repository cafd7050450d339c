"""One version of a rule, for the leak suite."""

from datetime import date

from comity.plain.kinds import Exit
from comity.rules.actions import adopt_rules
from comity.rules.models import RuleKind
from comity.site.tests.leaks.house import House, Made, Sample, State, Way


def _rule(house: House, state: State, word: str) -> Made:
    """Rules bind everyone whom they touch: all of them are public."""
    return Made(
        adopt_rules(
            network=house.network,
            organ=house.congress.organ,
            kind=RuleKind.RIGHTS,
            title=f"Rights, {word}",
            prose=[{"article": "3", "text": f"Members speak of {word}.", "language": "en"}],
            parameters={"rights": {"full": ["attend", "speak", "vote"]}},
            by=house.congress.secretariat,
            at=house.now(),
            adopted_by=f"Congress of {word}",
            adopted_on=date(2025, 1, 1),
            in_force_from=date(2025, 1, 1),
        )
    )


SAMPLES = {"rule": Sample(_rule, frozenset({State.PUBLIC}))}
WAYS = {
    "rule/": Way(Exit.LIST),
    "rule/network/<str:network_id>": Way(Exit.LIST, "network"),
    "rule/rights/<str:network_id>": Way(Exit.PAGE, "network"),
    "rule/adopt/<str:network_id>": Way(Exit.ACT, "network"),
    "rule/<str:public_id>": Way(Exit.PAGE, "rule"),
    "rule/<str:public_id>/<str:slug>": Way(Exit.PAGE, "rule"),
    "api:networks/<public_id>/rules": Way(Exit.API, "network"),
    "api:networks/<public_id>/rights": Way(Exit.API, "network"),
    "api:rules/<public_id>": Way(Exit.API, "rule"),
}
