"""The Concord's own rules, as its congresses adopted them. Invented, like the Concord."""

from datetime import date
from typing import Any


def _article(number: str, text: str) -> dict[str, str]:
    return {"article": number, "text": text, "language": "en"}


def _majority(base: str, *threshold: int, article: str = "14(2)") -> dict[str, Any]:
    if not threshold:
        return {"base": base, "article": article}
    return {"base": base, "threshold": list(threshold), "strict": False, "article": article}


QUORUM = {"base": "allocated", "fraction": [1, 2], "article": "12"}
AD_REFERENDUM = {"allowed": True, "counts": True, "answer_within_days": 240, "article": "14(5)"}
STEPS = {"eligible": "7", "allocated": "9", "present": "11", "votes": "13"}

_COMMON = [
    _article("7", "Full members vote in the congress. A suspended member does not."),
    _article("9", "The Bureau allocates the votes of the year by fees paid and seats held, and publishes the key."),
    _article("11", "A delegation takes part when its credentials were registered before the sitting."),
    _article("12", "The congress can decide when delegations with half of the allocated votes are registered."),
    _article("13", "Delegations vote openly. Votes not used remain allocated."),
]
_AD_REFERENDUM = _article(
    "14(5)",
    "A delegation may agree ad referendum. Its votes count. Its party is bound when its own competent organ agrees, "
    "and the decision stands if that organ refuses.",
)


def _orders(
    declaration: dict[str, Any], amendment: dict[str, Any], article: str, adopted: tuple[str, date], since: date
) -> dict[str, Any]:
    rule = {"quorum": QUORUM, "ad_referendum": AD_REFERENDUM, "votes_may_change": False}
    return {
        "prose": [*_COMMON, _article("14(2)", article), _AD_REFERENDUM],
        "parameters": {
            "decisions": {
                "joint-declaration": {"majority": declaration, **rule},
                "amendment": {"majority": amendment, **rule},
            },
            "articles": STEPS,
        },
        "adopted_by": adopted[0],
        "adopted_on": adopted[1],
        "in_force_from": since,
    }


ORDERS = (
    _orders(
        _majority("no-delegation-against"),
        _majority("no-delegation-against"),
        "A joint declaration is adopted when no delegation votes against it.",
        ("1st Congress of the Halmere Concord", date(1992, 6, 20)),
        date(1992, 6, 20),
    ),
    _orders(
        _majority("allocated", 2, 3),
        _majority("allocated", 2, 3),
        "A joint declaration, and an amendment to one, is adopted when two thirds of the votes allocated are given for "
        "it.",
        ("5th Congress of the Halmere Concord", date(2007, 10, 6)),
        date(2008, 1, 1),
    ),
    _orders(
        _majority("allocated", 3, 4),
        _majority("allocated", 3, 4),
        "A joint declaration, and an amendment to one, is adopted when three quarters of the votes allocated to full "
        "members are given for it. Votes not used remain allocated.",
        ("8th Congress of the Halmere Concord", date(2019, 5, 9)),
        date(2019, 6, 1),
    ),
)

RIGHTS: dict[str, Any] = {
    "prose": [
        _article("6", "Full members attend, speak, table, amend, vote and stand. Observers attend and speak."),
    ],
    "parameters": {
        "rights": {
            "full": {
                "may": ["attend", "speak", "table", "amend", "co-sponsor", "nominate", "vote", "stand"],
                "must": ["fee"],
                "article": "6",
            },
            "observer": {"may": ["attend", "speak"], "article": "6"},
            "suspended": {"may": ["attend"], "article": "7"},
        }
    },
    "adopted_by": "8th Congress of the Halmere Concord",
    "adopted_on": date(2019, 5, 9),
    "in_force_from": date(2019, 6, 1),
}

KEY: dict[str, Any] = {
    "prose": [_article("9", "Votes of 2026, from the fees paid for 2025 and the seats held on 1 January 2026.")],
    "adopted_by": "Bureau of the Halmere Concord",
    "adopted_on": date(2026, 1, 20),
    "in_force_from": date(2026, 2, 1),
}
