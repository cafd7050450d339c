"""Which public keys of Ed25519 (RFC 8032) are taken: those that stand for one point, under which nobody can forge.

RFC 8032 and OpenSSL take more: under a key of small order the same few bytes are a signature of every text.
"""

PRIME = 2**255 - 19


def weakness(public: bytes) -> str:
    """Why these 32 bytes are no key under which only its holder signs, to follow its name; empty for a good key."""
    y = int.from_bytes(public, "little") % 2**255  # the highest bit says which of the two points at y is meant
    if y >= PRIME:
        return "does not stand in its one form: its coordinate lies beyond the field of Ed25519"
    if _of_small_order(y):
        return "is of small order: anybody can sign in its name; make a new key"
    return ""


def _of_small_order(y: int) -> bool:
    """Whether 8 P = 0 holds for the points at y of the curve -x^2 + y^2 = 1 + d x^2 y^2, where d = -121665/121666.

    y is 1 or -1 for those of order 1 and 2, and 0 for order 4. A point of order 8 is one whose double has y = 0, which
    says x^2 = -y^2; with this the curve's equation becomes d y^4 + 2 y^2 = 1.
    """
    square = y * y
    return y * (square - 1) * (121665 * square * square - 243332 * square + 121666) % PRIME == 0
