"""Whatever is public names its state by a tag, is not sent again while that holds, and has another once it changed."""

from typing import Any

from django.test import Client

from comity.plain.kinds import Exit, all_kinds
from comity.plain.levels import Realm
from comity.record.actions import sequence
from comity.site.tests.leaks.house import House, State, found
from comity.site.tests.leaks.ways import address, routes
from comity.site.tests.leaks.world import SAMPLES, WAYS

WORD, LATER = "qzearlier", "qzlater"
OF_SEATS = frozenset({Exit.ACT, Exit.DESK})
"""Exits that hold a form's token or a person's own things: no cache keeps them."""
GATHERING = frozenset({Exit.LIST, Exit.API, Exit.FEED, Exit.EXPORT})
NOTHING_NEW = frozenset(
    {"withheld", "withheld/<int:year>.csv", "api:withheld", "api:withheld/years", "api:closed-meetings", "rule/"}
)
"""What counts closed things alone, and the rules, of which one stands at a time."""


def planted(house: House, word: str, but: str = "") -> dict[str, str]:
    """One public thing of each kind that knows public things: its id."""
    made = {
        kind.name: SAMPLES[kind.name].make(house, State.PUBLIC, word).row.public_id
        for kind in all_kinds()
        if kind.name != but and State.PUBLIC in SAMPLES[kind.name].states
    }
    for realm in Realm:
        sequence(realm)
    return made


def public_addresses(ids: dict[str, str]) -> dict[tuple[str, str], str]:
    """By route and kind: an address at which something public stands."""
    found: dict[tuple[str, str], str] = {}
    for route in routes():
        way = WAYS[route]
        if way.exit not in OF_SEATS:
            kinds = list(ids) if way.kind == "*" else [way.kind] if way.kind in {"", *ids} else []
            found |= {(route, kind): address(route, way, ids.get(kind, ""), kind, word=WORD) for kind in kinds}
    return found


def asked(address: str, tag: str = "") -> Any:
    """What an address, or the one to which it leads, answers to whoever comes for the first time."""
    answer: Any = Client().get(address, headers={"if-none-match": tag} if tag else {})
    onward = answer.headers.get("Location", "")
    return asked(onward, tag) if answer.status_code == 301 and onward != address else answer


def test_what_is_public_is_sent_again_only_when_it_changed(db: None) -> None:
    house = found()
    before = {
        name: (address, answer.headers.get("ETag", ""))
        for name, address in public_addresses(planted(house, WORD)).items()
        if (answer := asked(address)).status_code == 200 and not answer.cookies
    }
    assert sorted(name for name, (_address, tag) in before.items() if not tag) == []
    assert len(before) >= 100
    planted(house, LATER, but="rule")
    changed = set()
    for name, (place, tag) in before.items():
        answer = asked(place, tag)
        if answer.status_code == 200:
            assert answer.headers["ETag"] != tag, name
            changed.add(name[0])
        else:
            assert (answer.status_code, answer.content) == (304, b""), name
    gathering = {route for route, way in WAYS.items() if way.exit in GATHERING and not way.kind}
    assert gathering - NOTHING_NEW - changed == set()
    assert len(changed) < len({route for route, _kind in before}), "and what did not change is not sent again"
