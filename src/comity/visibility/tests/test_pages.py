"""Who reads what, as people meet it: forms, acts, the line of a closed meeting, counts, hidden links."""

from collections.abc import Callable
from datetime import timedelta

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
