"""What is kept for readers without a session is never older than what was written, and holds nothing of a seat."""

import gzip
from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from comity.conftest import OPERATOR, Cast
from comity.plain.actors import ANONYMOUS
from comity.plain.levels import Realm
from comity.record.publishing import publish
from comity.registry import actions
from comity.registry.models import Correction, Link, LinkKind, MemberClass, OrganisationKind
from comity.site import kept

pytestmark = pytest.mark.django_db(transaction=True)
LATER = datetime(2026, 3, 9, 10, 0, tzinfo=UTC)
Act = Callable[[Cast], object]


@pytest.fixture
def reader(settings: Any) -> Client:
    """A reader without a session, of a house that keeps pages."""
    settings.PAGE_MEMORY = 1024 * 1024
    return Client()


def page_of(cast: Cast) -> str:
    return f"/fiction/en/organisation/{cast.party.public_id}/test-shore-union"


def _tie(cast: Cast) -> Link:
    return Link.objects.get(subject=cast.party, object=cast.network)


def _propose(cast: Cast) -> Correction:
    return actions.propose_correction(
        cast.party,
        field="founded",
        proposed="1991",
        source_url="https://example.org/act",
        by=ANONYMOUS,
        at=LATER,
    )


ACTS: dict[str, Act] = {
    "restate": lambda c: actions.restate(c.party, facts={"founded": "1992"}, by=OPERATOR, at=LATER),
    "rename the network": lambda c: actions.restate(
        c.network, facts={"name": "Concord of Other Shores"}, by=OPERATOR, at=LATER
    ),
    "end a link": lambda c: actions.end_link(_tie(c), on="2026-03-08", reason="left", by=OPERATOR, at=LATER),
    "change a standing": lambda c: actions.change_standing(
        _tie(c), standing=MemberClass.OBSERVER, on="2026-03-08", by=OPERATOR, at=LATER
    ),
    "link": lambda c: actions.link(
        subject=c.party, object=c.other_party, kind=LinkKind.AGREEMENT, standing="full", by=OPERATOR, at=LATER
    ),
    "list a part": lambda c: actions.list_organisation(
        realm=Realm.FICTION, kind=OrganisationKind.WING, name="Shore Youth", parent=c.party, by=OPERATOR, at=LATER
    ),
    "lineage": lambda c: actions.record_lineage(
        earlier=c.other_party, later=c.party, kind="merger", at_date="1999", by=OPERATOR, at=LATER
    ),
    "propose": _propose,
    "decide": lambda c: actions.decide_correction(
        _propose(c), accept=False, reason="Its source says otherwise.", by=OPERATOR, at=LATER
    ),
    "reply": lambda c: actions.reply(c.party, words="We stand by it.", language="en", by=c.amina, at=LATER),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS.keys())
def test_every_act_that_changes_a_page_changes_its_tag_at_once(reader: Client, cast: Cast, act: Act) -> None:
    before = reader.get(page_of(cast))
    assert reader.get(page_of(cast), HTTP_IF_NONE_MATCH=before.headers["ETag"]).status_code == 304
    act(cast)
    after = reader.get(page_of(cast), HTTP_IF_NONE_MATCH=before.headers["ETag"], follow=True)
    assert after.status_code == 200
    assert after.headers["ETag"] != before.headers["ETag"]


def test_what_is_kept_is_told_without_asking_the_database_and_with_all_its_headers(
    reader: Client, cast: Cast, django_assert_num_queries: Callable[[int], object]
) -> None:
    first = reader.get(page_of(cast))
    with django_assert_num_queries(0):  # type: ignore[attr-defined]  # a context manager
        second = reader.get(page_of(cast))
        unchanged = reader.get(page_of(cast), HTTP_IF_NONE_MATCH=f'"other", {first.headers["ETag"]}')
    assert second.content == first.content
    assert dict(second.items()) == dict(first.items())
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    for answer in (first, second, unchanged):
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert {"Accept-Language", "Cookie"} <= set(answer.headers["Vary"].split(", "))


def test_no_kept_page_is_told_to_a_seat_and_none_of_a_seat_is_kept(reader: Client, cast: Cast) -> None:
    reader.get(page_of(cast))
    seated = Client()
    session = seated.session
    session["anything"] = 1
    session.save()
    answer = seated.get(page_of(cast))
    assert "ETag" not in answer.headers
    assert not answer.headers.get("Content-Encoding")


def test_a_page_with_a_token_against_forgery_is_neither_kept_nor_compressed(reader: Client, cast: Cast) -> None:
    address = f"/fiction/en/correct/{cast.party.public_id}"
    for _ in range(2):
        answer = reader.get(address, HTTP_ACCEPT_ENCODING="gzip")
        assert "csrfmiddlewaretoken" in answer.content.decode()
        assert "ETag" not in answer.headers
        assert "Content-Encoding" not in answer.headers


def test_compressed_and_plain_are_the_same_words(reader: Client, cast: Cast) -> None:
    plain = reader.get(page_of(cast))
    small = reader.get(page_of(cast), HTTP_ACCEPT_ENCODING="br, gzip")
    assert small.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(small.content) == plain.content
    assert int(small.headers["Content-Length"]) == len(small.content) < len(plain.content)
    assert "Content-Encoding" not in reader.get(page_of(cast), HTTP_ACCEPT_ENCODING="gzip;q=0, br").headers


@pytest.mark.parametrize("asked", ['"', "W/", "\x80\xff\udcff", '"' * 5000, "W/W/W/", ",,,;", '"a" "b"', "\0"])
def test_a_weird_question_for_a_tag_is_answered_in_full(reader: Client, cast: Cast, asked: str) -> None:
    answer = reader.get(page_of(cast), HTTP_IF_NONE_MATCH=asked)
    assert answer.status_code == 200


def test_an_embargo_ends_with_its_minute(reader: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    reader.get(page_of(cast))
    told: list[object] = []
    monkeypatch.setattr(kept.Memory, "keep", lambda *given: told.append(given))
    reader.get(page_of(cast))
    assert not told
    monkeypatch.setattr(kept, "minute", lambda: 1)
    reader.get(page_of(cast))
    assert told


def test_languages_and_questions_are_kept_apart(reader: Client, cast: Cast) -> None:
    answers = {
        reader.get(page_of(cast)).content,
        reader.get(page_of(cast).replace("/en/", "/fr/")).content,
        reader.get(page_of(cast) + "?on=2026-03-04").content,
    }
    assert len(answers) == 3


def test_the_memory_is_bounded() -> None:
    memory = kept.Memory(20_000)
    answer = kept.Answer((), b"x" * 4000, '"tag"')
    memory.get("now", 0)
    for key in range(50):
        memory.keep("now", key, answer)
    held = [key for key in range(50) if memory.get("now", key)]
    assert held == [48, 49]
    assert memory.get("later", 49) is None


def test_only_an_answer_for_anyone_is_kept() -> None:
    def answer(status: int = 200, said: str = "", cookies: bool = False) -> object:
        headers = {"Cache-Control": said} if said else {}
        made = SimpleNamespace(status_code=status, streaming=False, cookies=cookies, get=headers.get)
        made.has_header = headers.__contains__
        return made

    assert kept.for_anyone(answer())  # type: ignore[arg-type]  # what it looks at
    for other in (answer(404), answer(said="private"), answer(said="max-age=0, no-store"), answer(cookies=True)):
        assert not kept.for_anyone(other)  # type: ignore[arg-type]


def test_what_is_kept_is_no_older_than_the_published_checkpoint(reader: Client, cast: Cast) -> None:
    waiting = reader.get("/fiction/en/record/").content
    assert reader.get("/fiction/en/record/").content == waiting
    publish(Realm.FICTION, at=datetime.now(UTC))
    assert reader.get("/fiction/en/record/").content != waiting
