"""Every kind of page of the house, in a real browser: accessible, mirrored, alone, never too wide, and none left out.

Each page is visited twice: in English and in Arabic, once in a wide window and once on a phone, once light and once
dark. Which of these go together changes from page to page, so that each meets each.
"""

import pytest
from django.test import Client
from playwright.sync_api import Browser, Route

from comity.record import listing
from comity.site.tests.visits import Debt, Fault, owed, tab, visited
from comity.site.tests.walk import HEAVIEST, Walk
from comity.site.tests.walks import Seats

NOT_WALKED = {
    "sign-in/organisation/<str:provider_id>": "It leads to another house at once.",
    "sign-in/organisation/<str:provider_id>/back": "It is opened by another house alone, and leads on.",
    "account/sessions": "Two buttons of the account; asked without a form, it leads back there.",
    "conversation/<str:public_id>/all/votes.csv": "It is a file, which conversations of a few people have not.",
    "withheld/<int:year>.csv": "It is a file, of a year that is over and was counted.",
}
"""Addresses at which nobody gets a page on any walk, and why."""
LOOKS = (Debt.ANSWER, Debt.POLICY, Debt.DIRECTION, Debt.AXE, Debt.WIDTH)


def test_links_lead_somewhere(walk: Walk) -> None:
    assert not walk.broken, "\n" + "\n".join(walk.broken.values())


@pytest.mark.django_db
def test_every_address_that_is_a_page_is_walked_or_says_why_not(walk: Walk, seats: Seats) -> None:
    left = {name: told for name, told in seats.found.closed.items() if name not in NOT_WALKED}
    assert left == {}, "let somebody of comity.site.tests.seated open it, or say in NOT_WALKED why nobody does"
    assert NOT_WALKED.keys() <= seats.found.closed.keys(), "what is walked has no reason not to be: take it out"
    assert len(walk.pages) >= 50
    assert len(seats.visited) >= 80


def test_every_public_page_is_accessible_and_fits(public_faults: list[Fault]) -> None:
    wrong = owed(public_faults, *LOOKS)
    assert not wrong, "\n" + "\n".join(wrong)


@pytest.mark.django_db
def test_every_page_of_a_seat_is_accessible_and_fits(seats: Seats) -> None:
    wrong = owed(seats.faults, *LOOKS)
    assert not wrong, "\n" + "\n".join(wrong)


@pytest.mark.django_db
def test_every_page_of_a_seat_is_read_at_400_percent_by_keyboard_and_on_paper(seats: Seats) -> None:
    wrong = owed(seats.faults, Debt.ZOOM, Debt.KEYBOARD, Debt.PAPER)
    assert not wrong, "\n" + "\n".join(wrong)


@pytest.mark.django_db
def test_the_page_of_a_fault_of_ours_is_accessible_and_fits(
    demo: str, chromium: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What breaks down inside a page is shown at its address; no more is on paper than the sentence."""

    def breaks(*asked: object) -> None:
        raise RuntimeError(asked)

    def told(route: Route) -> None:
        answer = client.get(route.request.url.removeprefix(demo))
        route.fulfill(status=answer.status_code, headers=dict(answer.items()), body=answer.content)

    monkeypatch.setattr(listing, "listed", breaks)
    client = Client(raise_request_exception=False)
    with tab(chromium, demo) as opened:
        opened.page.context.route("**/fiction/*/record/", told)
        wrong = owed(visited(opened, f"{demo}/fiction/en/record/", "a fault of ours", 500), *LOOKS, Debt.ZOOM)
    assert not wrong, "\n" + "\n".join(wrong)


@pytest.mark.django_db
def test_every_page_of_a_seat_is_light(seats: Seats) -> None:
    assert {name: told for name, told in seats.weights.items() if told >= HEAVIEST} == {}
