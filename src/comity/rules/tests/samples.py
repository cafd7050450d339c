"""One version of a rule, for the leak suite."""

from datetime import date

from comity.rules.actions import adopt_rules
from comity.rules.models import RuleKind
from comity.site.tests.leaks.house import House, Made, State


def _rule(house: House, state: State, word: str) -> Made | None:
    """Rules bind everyone whom they touch: all of them are public."""
    if state is not State.PUBLIC:
        return None
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


SAMPLES = {"rule": _rule}
