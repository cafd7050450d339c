"""Who reads what, as people meet it: forms, acts, the line of a closed meeting, counts, hidden links."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.test import Client

from comity.conftest import OPERATOR, Cast
from comity.engagements.kinds import ENGAGEMENT
from comity.engagements.models import Engagement
from comity.engagements.tests.factories import CONVENED, talks
from comity.engagements.tests.test_pages import TERMS, Sit, page, sit
from comity.plain.levels import Level
from comity.registry.models import Link
from comity.visibility import actions
from comity.visibility.models import LinkReview, Protection
from comity.visibility.queries import terms_of
from comity.visibility.tests.factories import closed_talks

pytestmark = pytest.mark.django_db
HOUSE = "/fiction/en"
__all__ = ["sit"]


@pytest.mark.mission("S88", at="withheld")
def test_closed_meetings_are_lines_and_protected_ones_a_count_a_year(cast: Cast, sit: Sit) -> None:
    amina, dana, reader = sit(cast.amina), sit(cast.dana), Client()
    terms = {**TERMS, "network": cast.network.public_id, "title": "Canary zq7", "level": "2", "house_rule": "closed"}
    asked = {**terms, "protect_until": "2026-09-01", "protect_reason": "a guest is at risk"}
    assert amina.post(f"{HOUSE}/engagement/new", asked).status_code == 302
    shown = page(reader, f"{HOUSE}/engagement/")
    assert "1 engagement is withheld in 2026." in shown
    assert "Meetings that you may not read" not in shown
    waiting = Protection.objects.get()
    desk = page(dana, f"{HOUSE}/protections")
    assert waiting.public_id in desk
    assert "a guest is at risk" in desk
    assert "zq7" not in desk
    decide = f"{HOUSE}/protections/{waiting.public_id}/do/decide"
    assert amina.post(decide, {"verdict": "approve", "reason": "me too"}).status_code == 403
    assert dana.post(decide, {"verdict": "approve", "reason": "good reason"}).status_code == 302
    counts = reader.get("/fiction/api/v1/withheld").json()
    assert [(row["year"], row["restricted"], row["existence_protected"]) for row in counts] == [(2026, 1, 1)]
    assert "the existence of 1 is protected" in page(reader, f"{HOUSE}/withheld")
    assert reader.get("/fiction/api/v1/closed-meetings").json() == []
    assert amina.post(f"{HOUSE}/protections/{waiting.public_id}/do/lift").status_code == 302
    (line,) = reader.get("/fiction/api/v1/closed-meetings").json()
    assert (line["house_rule"], line["first_day"], line["participants_from"]) == ("closed", "2026-04-10", 0)
    listed = page(reader, f"{HOUSE}/engagement/")
    assert "Meetings that you may not read" in listed
    assert "withheld in 2026" not in listed
    hidden = Engagement.objects.get()
    for text in (listed, page(reader, f"{HOUSE}/withheld")):
        assert "zq7" not in text
        assert hidden.public_id not in text
    assert reader.get(ENGAGEMENT.address(hidden, "en")).status_code == 404
    assert reader.get(f"{HOUSE}/visibility/engagement/{hidden.public_id}").status_code == 404


def test_the_form_says_who_will_read_it_before_anything_is_saved(cast: Cast, sit: Sit) -> None:
    amina = sit(cast.amina)
    form = page(amina, f"{HOUSE}/engagement/new?kind=dialogue")
    assert "Who will read this" in form
    assert "Only those who take part read this" in form
    twice = {**TERMS, "network": cast.network.public_id, "embargo": "2026-10-25T02:30", "embargo_zone": "Europe/Paris"}
    assert amina.post(f"{HOUSE}/engagement/new", twice).status_code == 422
    skipped = {**twice, "embargo": "2026-03-29T02:30"}
    assert amina.post(f"{HOUSE}/engagement/new", skipped).status_code == 422
    past = {**twice, "embargo": "2026-01-29T02:30"}
    assert amina.post(f"{HOUSE}/engagement/new", past).status_code == 422
    assert not Engagement.objects.exists()
    assert amina.post(f"{HOUSE}/engagement/new", {**twice, "embargo_fold": "1"}).status_code == 302
    row = Engagement.objects.get()
    assert "Europe/Paris" in page(amina, f"{HOUSE}/visibility/engagement/{row.public_id}")


def test_opening_to_everybody_takes_a_second_step(cast: Cast, sit: Sit) -> None:
    row, amina = closed_talks(cast), sit(cast.amina)
    act = f"{HOUSE}/visibility/engagement/{row.public_id}/do/change"
    terms = {"level": "0", "attribution": "organisation", "embargo_zone": "UTC", "reason": "it is over"}
    step = amina.post(act, terms)
    assert step.status_code == 200
    assert "What will be permanent, and where" in step.content.decode()
    row.refresh_from_db()
    assert row.level == Level.BODY
    assert amina.post(act, {**terms, "for-good": "yes"}).status_code == 302
    row.refresh_from_db()
    assert row.level == Level.PUBLIC
    for other in (cast.chen, cast.secretariat):
        assert sit(other).post(act, {**terms, "level": "3"}).status_code == 404
    assert amina.post(act, {**terms, "level": "1", "reason": ""}).status_code == 422


def test_the_safety_flag_closes_every_page_at_once(cast: Cast, sit: Sit) -> None:
    row, boris, reader = talks(cast), sit(cast.boris), Client()
    address = ENGAGEMENT.address(row, "en")
    assert reader.get(address).status_code == 200
    assert boris.post(f"{HOUSE}/visibility/engagement/{row.public_id}/do/flag", {"reason": "danger"}).status_code == 302
    assert reader.get(address).status_code == 404
    assert row.title not in page(reader, f"{HOUSE}/engagement/")
    assert row.public_id not in reader.get("/fiction/api/v1/engagements").content.decode()
    assert boris.get(address).status_code == 200


def test_a_link_is_hidden_at_once_at_every_exit_and_reviewed_later(cast: Cast, sit: Sit) -> None:
    reader, amina, boris = Client(), sit(cast.amina), sit(cast.boris)
    link = Link.objects.get(subject=cast.party)
    party, network = cast.party.public_id, cast.network.public_id
    exits = [f"{HOUSE}/organisation/{party}", f"{HOUSE}/network/{network}", f"{HOUSE}/network/{network}.csv",
             f"/fiction/api/v1/organisations/{party}/links", f"/fiction/api/v1/networks/{network}/members"]  # fmt: skip

    def told() -> list[bool]:
        texts = [reader.get(at, follow=True).content.decode() for at in exits]
        return [
            (cast.network.name if party in at else cast.party.name) in text
            for at, text in zip(exits, texts, strict=True)
        ]

    assert all(told())
    assert sit(cast.chen).get(f"{HOUSE}/links/{link.public_id}/do/hide").status_code == 404
    assert boris.post(f"{HOUSE}/links/{link.public_id}/do/hide", {"reason": "arrests"}).status_code == 302
    assert not any(told())
    row = talks(cast, level=Level.NETWORK, organisation=cast.other_party, by=cast.chen)
    assert Engagement.objects.visible_to(cast.amina, CONVENED).filter(pk=row.pk).exists()
    review = LinkReview.objects.get()
    assert "arrests" in page(amina, f"{HOUSE}/links")
    assert "arrests" not in page(sit(cast.chen), f"{HOUSE}/links")
    decide = f"{HOUSE}/links/{review.public_id}/do/review"
    assert amina.post(decide, {"verdict": "show", "reason": "x"}).status_code == 404
    secretariat = sit(cast.secretariat)
    assert secretariat.post(decide, {"verdict": "hide", "reason": "the danger is real"}).status_code == 302
    assert secretariat.post(decide, {"verdict": "show", "reason": "again"}).status_code != 302
    assert not any(told())
    show = f"{HOUSE}/links/{review.public_id}/do/show"
    assert "What will be permanent" in amina.post(show).content.decode()
    assert amina.post(show, {"for-good": "yes"}).status_code == 302
    assert all(told())


def test_a_network_shows_and_adopts_its_defaults(cast: Cast, sit: Sit) -> None:
    address = f"{HOUSE}/visibility-policy/{cast.network.public_id}"
    assert "The table of the house" in page(Client(), address)
    told = {"kind": "engagement/", "level": "1", "attribution": "role", "why": "Our orders", "from_day": "2030-01-01"}
    assert sit(cast.amina).post(f"{address}/do/adopt", told).status_code == 403
    assert sit(cast.secretariat).post(f"{address}/do/adopt", told).status_code == 302
    assert "Our orders" in page(Client(), address)


def test_what_awaits_a_second_person_is_due_on_the_right_desks(cast: Cast, check_record: Callable[[], None]) -> None:
    from comity.people.desk import due_from
    from comity.people.queries import seat_of
    from comity.plain.levels import Realm
    from comity.plain.place import Place

    at = CONVENED + timedelta(hours=1)
    row = closed_talks(cast)
    actions.ask_protection(row, reason="risk", until=(at + timedelta(days=90)).date(), by=cast.amina, at=at)
    actions.hide_link(Link.objects.get(subject=cast.party), reason="risk", by=cast.amina, at=at)

    def due(actor: object) -> set[str]:
        stands = Place(Realm.FICTION, "en", actor, at, at.date())  # type: ignore[arg-type]
        seat = seat_of(stands.actor, at)
        return {one.key.partition(":")[0] for one in due_from(seat, stands)} if seat else set()

    assert {"protection", "link-review"} <= due(cast.secretariat)
    assert "protection" in due(cast.dana)
    assert not {"protection", "link-review"} & (due(cast.amina) | due(cast.chen))
    assert OPERATOR


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """A day on which what these tests arrange has come due."""
    at = CONVENED + timedelta(days=20)
    monkeypatch.setattr("comity.site.middleware.now", lambda realm: at)
    return at


def test_a_protection_is_decided_on_the_desk_of_a_second_person(cast: Cast, sit: Sit, later: datetime) -> None:
    row, dana, chen = closed_talks(cast), sit(cast.dana), sit(cast.chen)
    until = (later + timedelta(days=90)).date()
    asked = actions.ask_protection(row, reason="a guest is at risk", until=until, by=cast.amina, at=later)
    address = f"{HOUSE}/desk?do=protection%3A{asked.public_id}%3Adecide"
    opened = page(dana, address)
    assert "a guest is at risk" in opened
    assert "zq7" not in opened
    refused = dana.post(address, {"verdict": "refuse", "reason": ""})
    assert refused.status_code == 422
    assert "checked" in refused.content.decode().split('value="refuse"', 1)[1].split(">", 1)[0]
    for unasked in (chen, sit(cast.amina)):
        answer = unasked.post(address, {"verdict": "approve", "reason": "let it be so"})
        assert answer.status_code == 404
        assert "a guest is at risk" not in answer.content.decode()
    done = dana.post(address, {"verdict": "approve", "reason": "a good reason"})
    assert done.headers["Location"].startswith(f"{HOUSE}/desk?done=protection%3A")
    asked.refresh_from_db()
    assert (asked.state, asked.decision_reason) == ("approved", "a good reason")
    late = sit(cast.secretariat).post(address, {"verdict": "refuse", "reason": "my own long reason"})
    assert late.status_code == 404
    assert "my own long reason" in late.content.decode(), "what was written is not lost"


def test_who_reads_a_thing_is_reviewed_on_the_desk_and_opened_only_by_a_second_step(
    cast: Cast, sit: Sit, later: datetime
) -> None:
    row, amina = closed_talks(cast), sit(cast.amina)
    sooner = replace(terms_of(row), review_on=later.date() - timedelta(days=1))
    actions.change_terms(row, sooner, reason="soon again", by=cast.amina, at=CONVENED + timedelta(hours=1))
    address = f"{HOUSE}/desk?do=engagement%3A{row.public_id}%3Areview"
    assert "Review who reads" in page(amina, address)
    terms = {"level": "2", "attribution": "organisation", "embargo_zone": "UTC", "reason": "still so"}
    refused = amina.post(address, {**terms, "review_on": later.date().isoformat()})
    assert refused.status_code == 422
    assert "still so" in refused.content.decode()
    opening = amina.post(address, {**terms, "level": "0"})
    assert "What will be permanent, and where" in opening.content.decode()
    row.refresh_from_db()
    assert row.level == Level.BODY
    done = amina.post(address, {**terms, "review_on": "2027-01-01"})
    assert done.status_code == 302
    assert f"{row.public_id}%3Areview" not in page(amina, f"{HOUSE}/desk")
    actions.raise_flag(row, reason="danger", by=cast.amina, at=later)
    flagged = f"{HOUSE}/desk?do=engagement%3A{row.public_id}%3Aunflag"
    assert "Keep it raised" in page(amina, flagged)
    assert amina.post(flagged, {"reason": "the danger is over"}).status_code == 302
    row.refresh_from_db()
    assert not row.safety_flag
