"""Search over the names of organisations in every script, by one way for both databases, for one reader."""

from comity.plain.levels import Realm
from comity.registry.core.search import GRAMS

__all__ = ["first_gram"]


def first_gram(realm: Realm) -> int:
    """The number at which the trigrams of a realm begin: the realms share no count."""
    return GRAMS if realm is Realm.FICTION else 0
