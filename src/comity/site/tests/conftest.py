"""The browser and the demo, for every test of the site."""

import pytest

from comity.site.tests.browser import chromium, demo, demo_home, new_context, page
from comity.site.tests.walk import walk
from comity.site.tests.walks import public_faults, seats

__all__ = ["chromium", "demo", "demo_home", "new_context", "page", "public_faults", "seats", "walk"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever opens the browser or the demo is a browser test, marked or not."""
    for item in items:
        if {"chromium", "demo"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.browser)
