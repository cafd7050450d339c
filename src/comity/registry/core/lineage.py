"""Lineage runs one way: nobody comes after themselves."""

from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

Node = TypeVar("Node", bound=Hashable)


def closes_circle(earlier: Node, later: Node, followers: Callable[[set[Node]], Iterable[Node]]) -> bool:
    """Whether ``earlier -> later`` would close a circle, a self-link included.

    ``followers`` returns those that directly follow any of a set of nodes; it is called once per generation.
    """
    if earlier == later:
        return True
    seen = {later}
    frontier = {later}
    while frontier:
        frontier = set(followers(frontier)) - seen
        if earlier in frontier:
            return True
        seen |= frontier
    return False
