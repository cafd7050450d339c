"""The congress that the tests of this room meet in."""

import pytest

from comity.texts.tests.congress import Congress, convene


@pytest.fixture
def congress(db: None) -> Congress:
    """Five parties, four votes each; fifteen of twenty adopt."""
    return convene(5)
