"""How much one address may send without an account; the address itself is never kept."""

import hmac
from datetime import datetime
from secrets import token_bytes

from django.core.cache import cache

from comity.registry.core.refusals import TooManyProposals

PROPOSALS_A_DAY = 20
_SALT = token_bytes(32)
"""Lives as long as the process: what is counted tells nobody, later, which address it was."""


def count_proposal(address: str, at: datetime) -> None:
    """Count a proposal from a network address; TooManyProposals from the 21st on a day."""
    told = hmac.digest(_SALT, f"{at.date()} {address}".encode(), "sha256").hex()
    key = f"proposals:{told}"
    cache.add(key, 0, 86_400)
    if cache.incr(key) > PROPOSALS_A_DAY:
        raise TooManyProposals(most=PROPOSALS_A_DAY)
