"""What is begun from another thing begins with its topics, and stands in its thread."""

import re

import pytest
from django.test import Client

from comity.conftest import Cast
from comity.engagements.kinds import ENGAGEMENT
from comity.engagements.tests.factories import talks
from comity.engagements.tests.test_pages import Sit, page, sit
from comity.plain.levels import Level
from comity.record.queries import results_of
from comity.texts.models import Text

__all__ = ["sit"]
HOUSE = "/fiction/en"
CLAUSE = {
    "clause-TOTAL_FORMS": "1",
    "clause-INITIAL_FORMS": "0",
    "clause-0-kind": "opinion",
    "clause-0-words": "Peace is what we are for.",
}


def chosen(html: str) -> set[str]:
    """The values that are chosen in a form as it stands."""
    return set(re.findall(r'<(?:input|option)[^>]*value="([^"]+)"[^>]*(?:checked|selected)', html))


def first_link(html: str, words: str) -> str:
    """The address of a link by its words."""
    (address,) = re.findall(rf'href="([^"]+)">{words}<', html)
    return str(address)


@pytest.mark.mission("S17", at="text")
def test_a_text_begun_from_a_meeting_begins_with_its_topics_and_may_change_them(cast: Cast, sit: Sit) -> None:
    meeting, amina = talks(cast, topics=["peace", "water"]), sit(cast.amina)
    address = first_link(page(amina, ENGAGEMENT.address(meeting, "en")), "Begin a text from it")
    form = page(amina, address)
    assert meeting.title in form
    assert {"peace", "water", cast.network.public_id} <= chosen(form)
    told = {
        "network": cast.network.public_id,
        "title": "What we agree on",
        "kind": "declaration",
        "language": "en",
        "level": "0",
        "topics": ["peace", "climate"],
        "for-good": "yes",
    }
    answer = amina.post(address, told | CLAUSE)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    filed = Client().get(answer.headers["Location"]).content.decode()
    assert "topic/climate" in filed
    assert "topic/water" not in filed
    assert Text.objects.get().public_id in {ref.id for ref in results_of(ENGAGEMENT.ref(meeting))}


def test_what_one_may_not_see_proposes_nothing_and_without_it_no_topic_is_chosen(cast: Cast, sit: Sit) -> None:
    closed = talks(cast, level=Level.ORGANISATION, title="Quiet talks zq9", topics=["peace"])
    chen = sit(cast.chen)
    for arises in (f"engagement:{closed.public_id}", "engagement:aaaaaaaaaaaaaaaa", "x", ""):
        form = page(chen, f"{HOUSE}/text/new?arises={arises}")
        assert "zq9" not in form
        assert "peace" not in chosen(form)
    assert "Begin a text from it" not in page(Client(), ENGAGEMENT.address(talks(cast, title="Open talks"), "en"))


def test_a_conversation_on_a_meeting_begins_with_its_topics(cast: Cast, sit: Sit) -> None:
    meeting, amina = talks(cast, topics=["water"]), sit(cast.amina)
    address = first_link(page(amina, ENGAGEMENT.address(meeting, "en")), "Open a conversation on it")
    assert {"water", meeting.public_id} <= chosen(page(amina, address))
