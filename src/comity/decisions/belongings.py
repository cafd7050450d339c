"""What belongs to an entry about a decision: its file of rules, facts and result, and the program that recounts it."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from comity.decisions import queries
from comity.decisions.kinds import DECISION
from comity.plain.belongings import Belonging, belongs_to
from comity.plain.place import Place

RECOUNT = "comity_recount.py"


def _of_decision(public_id: str, facts: Mapping[str, Any], place: Place) -> Iterable[Belonging]:
    decision = DECISION.seen(place).filter(public_id=public_id, closed_at__lte=place.at).first()
    path = settings.CHECKOUT / "verify" / RECOUNT
    if decision is None or not path.is_file():
        return
    content = json.dumps(queries.decision_file(decision), ensure_ascii=False, indent=1)
    yield Belonging(
        "decision.json",
        content.encode(),
        _("the rules in force, who was entitled, the votes and the result, to be counted again"),
        (f"python3 {RECOUNT} decision.json",),
    )
    yield Belonging(RECOUNT, path.read_bytes(), _("the program that counts it again, written apart from this house"))


belongs_to("decision", _of_decision)
