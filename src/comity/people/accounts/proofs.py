"""What a session has proved of its person, and which seats that opens.

A seat opens to whoever proved two things: a passkey (the device, and the finger or code that unlocks it), or a password
and a code. An organisation that vouches for its people through its identity provider opens its own seats, no others.
A password alone, or a link from a letter, opens only the page on which a second factor is set up, and only while there
is none.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

PROOF_KEY = "proof"
"""Session: how its person proved who she is (``by``), when (``at``) and, where it was an organisation, which one."""

FRESH = timedelta(minutes=15)
"""How long a proof is good for changing the ways in; after that it is asked again."""


class Proof(StrEnum):
    """How a person proved who she is."""

    LINK = "link"
    PASSWORD = "password"  # noqa: S105 - names a proof
    CODE = "code"
    PASSKEY = "passkey"
    ORGANISATION = "organisation"


WHOLE = frozenset({Proof.CODE, Proof.PASSKEY})
"""Proofs that open every seat of the account."""


def written(by: Proof, at: datetime, organisation: str = "") -> dict[str, str]:
    """A proof as a session keeps it."""
    return {"by": str(by), "at": at.isoformat(), "organisation": organisation}


def proof_of(session: Mapping[str, Any]) -> Proof | None:
    """How the person of a session proved who she is."""
    by = session.get(PROOF_KEY, {}).get("by")
    return Proof(by) if by else None


def voucher(session: Mapping[str, Any]) -> str:
    """The organisation (public id) on whose word alone a session rests; empty where it rests on the person's own."""
    return str(session[PROOF_KEY]["organisation"]) if proof_of(session) is Proof.ORGANISATION else ""


def opens_seat_of(session: Mapping[str, Any], organisation: str) -> bool:
    """Whether what was proved opens a seat of an organisation (public id; empty for the operator's place)."""
    by = proof_of(session)
    return by in WHOLE or (by is Proof.ORGANISATION and bool(organisation) and voucher(session) == organisation)


def fresh(session: Mapping[str, Any], at: datetime) -> bool:
    """Whether the person herself proved who she is lately enough to change her ways in."""
    if proof_of(session) in {None, Proof.ORGANISATION}:
        return False
    return at - datetime.fromisoformat(session[PROOF_KEY]["at"]) < FRESH
