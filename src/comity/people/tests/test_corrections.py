"""Who decides a correction: the organisation concerned, whoever keeps its network's register, or the operator."""

import threading

import pytest
from django.db import connection

from comity.conftest import AT, OPERATOR, Cast
from comity.people.access import may_decide_correction
from comity.people.queries import corrections_for
from comity.plain.actors import ANONYMOUS, ActorRef
from comity.plain.refs import Ref
from comity.record.queries import entries_of
from comity.registry import actions
from comity.registry.core import refusals
from comity.registry.models import Correction, Organisation


def proposed(organisation: Organisation, by: ActorRef = ANONYMOUS) -> Correction:
    return actions.propose_correction(
        organisation, field="founded", proposed="1989", source_url="https://example.org/statute", by=by, at=AT
    )


def test_its_officers_decide_and_its_network_s_register_and_nobody_else(cast: Cast) -> None:
    correction = proposed(cast.party)
    for by, may in (
        (cast.amina, True),
        (cast.secretariat, True),
        (OPERATOR, True),
        (cast.boris, False),
        (cast.chen, False),
        (cast.dana, False),
        (cast.stranger, False),
        (ANONYMOUS, False),
    ):
        verdict = may_decide_correction(by, AT, correction)
        assert bool(verdict) is may, by
        assert may or verdict.reason


def test_the_list_of_what_waits_holds_what_one_decides(cast: Cast) -> None:
    ours, theirs = proposed(cast.party), proposed(cast.other_party)
    rows = Correction.objects.all()
    assert set(corrections_for(rows, cast.amina, AT)) == {ours}
    assert set(corrections_for(rows, cast.secretariat, AT)) == {ours, theirs}
    assert set(corrections_for(rows, OPERATOR, AT)) == {ours, theirs}
    assert not corrections_for(rows, cast.stranger, AT)


def test_nobody_decides_what_they_proposed_themselves(cast: Cast) -> None:
    correction = proposed(cast.party, by=cast.amina)
    with pytest.raises(refusals.DecidedByItsProposer):
        actions.decide_correction(correction, accept=True, reason="we know", by=cast.amina, at=AT)
    actions.decide_correction(correction, accept=True, reason="the statute says so", by=cast.secretariat, at=AT)


def test_of_two_who_decide_at_once_one_is_told_that_it_is_decided(cast: Cast) -> None:
    proposed(cast.party)
    first, second = Correction.objects.get(), Correction.objects.get()
    actions.decide_correction(first, accept=True, reason="the statute says so", by=cast.amina, at=AT)
    assert second.state == "open", "the second reader's page is stale"
    with pytest.raises(refusals.DecidedAlready):
        actions.decide_correction(second, accept=False, reason="no", by=cast.secretariat, at=AT)
    kept = Correction.objects.get()
    assert (kept.state, kept.reason) == ("accepted", "the statute says so")
    assert connection.in_atomic_block


@pytest.mark.django_db(transaction=True)
def test_of_two_connections_that_decide_in_the_same_moment_one_decides_and_the_other_is_told(cast: Cast) -> None:
    """Two threads with a connection each, let go together; nothing of the slower one stands, not even its entry."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite under test lies in memory, where connections lock whole tables; PostgreSQL is asked")
    row = proposed(cast.party)
    start, told = threading.Barrier(2, timeout=20), dict[str, object]()

    def decide(by: ActorRef, reason: str) -> None:
        try:
            seen = Correction.objects.get(pk=row.pk)
            start.wait()
            actions.decide_correction(seen, accept=reason == "yes", reason=reason, by=by, at=AT)
            told[reason] = None
        except refusals.DecidedAlready as refused:
            told[reason] = refused
        finally:
            connection.close()

    both = [threading.Thread(target=decide, args=given) for given in ((cast.amina, "yes"), (cast.secretariat, "no"))]
    for one in both:
        one.start()
    for one in both:
        one.join(timeout=30)
    row.refresh_from_db()
    assert sorted(told) == ["no", "yes"]
    assert told[row.reason] is None
    assert sum(refused is None for refused in told.values()) == 1
    ref = Ref("correction", row.public_id)
    assert len(entries_of(ref, type="registry.correction_decided")) == 1
