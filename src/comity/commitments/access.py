"""Who may file, verify, answer and move a promise."""

from datetime import datetime
from enum import StrEnum

from comity.commitments.models import Commitment
from comity.people.access import may_act
from comity.people.models import Role
from comity.plain.actors import ActorRef, Verdict
from comity.texts.access import DELEGATION, PEN, SPEAKS_FOR_IT
from comity.texts.models import Adoption


class Permission(StrEnum):
    """What this room lets somebody do."""

    COMMITMENTS_OPEN = "commitments:commitment:open"
    EVIDENCE_WRITE = "commitments:evidence:write"
    EVIDENCE_VERIFY = "commitments:evidence:verify"
    REPLY_WRITE = "commitments:reply:write"
    POSTPONEMENT_ASK = "commitments:postponement:ask"
    POSTPONEMENT_AGREE = "commitments:postponement:agree"


def may_open(by: ActorRef, at: datetime, adoption: Adoption) -> Verdict:
    """The network's pen opens the promises of an adopted text; a party whose board agreed opens its own."""
    network = adoption.text.network
    pen = may_act(by, at, organisation=network, network=network, roles=PEN)
    return pen or may_act(by, at, network=network, roles=SPEAKS_FOR_IT)


def may_file(by: ActorRef, at: datetime, commitment: Commitment) -> Verdict:
    """Evidence is filed by the party that promised."""
    return may_act(by, at, organisation=commitment.organisation, network=commitment.network, roles=DELEGATION)


def may_verify(by: ActorRef, at: datetime, commitment: Commitment) -> Verdict:
    """Evidence is verified by a monitor of the network, never by the party that filed it."""
    return may_act(by, at, organisation=commitment.network, network=commitment.network, roles=[Role.MONITOR])


def may_reply(by: ActorRef, at: datetime, commitment: Commitment) -> Verdict:
    """Only whoever speaks for the party says for it that a promise was not kept, and why."""
    return may_act(by, at, organisation=commitment.organisation, network=commitment.network, roles=SPEAKS_FOR_IT)


def may_ask_postponement(by: ActorRef, at: datetime, commitment: Commitment) -> Verdict:
    """A later day is asked for by whoever speaks for the party."""
    return may_reply(by, at, commitment)


def may_agree_postponement(by: ActorRef, at: datetime, commitment: Commitment) -> Verdict:
    """That an organ agreed to a later day is recorded by the network's secretariat; no party moves its own."""
    return may_act(by, at, organisation=commitment.network, network=commitment.network, roles=PEN)
