"""Who has seen a log, in words: each witness with whoever runs it, what the policy asks for, and who is independent."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from comity.plain.levels import Realm
from comity.record import published
from comity.record.core.policies import NONE, Policy
from comity.record.published import Cosigner, Standing


def witnesses(realm: Realm, standing: Standing) -> list[dict[str, object]]:
    """Every witness that the policy knows: who runs it, and when it signed the published checkpoint, if it did."""
    watched, hands = published.policy(realm), published.controllers(realm)
    signed = {one.name: one for one in standing.cosigners}
    return [
        _witness(name, party.key.name, hands.get(name, ""), signed.get(name))
        for name, party in watched.witnesses.items()
    ]


def _witness(name: str, key: str, controller: str, signed: Cosigner | None) -> dict[str, object]:
    return {"name": name, "key": key, "controller": controller, "at": signed.at if signed else None}


def hands_of(standing: Standing) -> list[str]:
    """Who runs the witnesses that have signed, each once, as the operator says it."""
    return list(dict.fromkeys(one.controller for one in standing.cosigners if one.controller))


@dataclass(frozen=True)
class Asked:
    """What a policy asks for: a witness by whoever runs it, and by its name where one runs several; or so many."""

    words: str
    members: tuple["Asked", ...] = ()


def policy_in_words(realm: Realm) -> Asked | None:
    """What the policy of a log asks for; None where it asks nobody."""
    watched = published.policy(realm)
    return None if watched.quorum == NONE else _asked(watched, watched.quorum, published.controllers(realm))


def _asked(watched: Policy, name: str, hands: Mapping[str, str]) -> Asked:
    if name in watched.witnesses:
        hand, key = hands.get(name, ""), watched.witnesses[name].key.name
        shared = [hands.get(other, "") for other in watched.witnesses].count(hand) > 1
        return Asked(f"{hand} ({key})" if hand and shared else hand or key)
    group = watched.groups[name]
    members = tuple(_asked(watched, member, hands) for member in group.members)
    return Asked(_how_many(group.threshold, len(members)), members)


def _how_many(threshold: int, members: int) -> str:
    if threshold == members:
        return _("all of these")
    if threshold == 1:
        return _("one of these")
    return _("%(number)s of these") % {"number": threshold}
