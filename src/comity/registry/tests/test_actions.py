"""What may be written, and what is refused."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from comity.conftest import OPERATOR
from comity.plain.actors import ANONYMOUS, ActorKind, ActorRef
from comity.plain.levels import Level, Realm
from comity.plain.refs import Ref
from comity.plain.refusals import NotAllowed, Refusal
from comity.plain.time import UnknownZone, UnreadableDate
from comity.record.queries import entries_of
from comity.registry import actions, queries
from comity.registry.about import about, facts_known
from comity.registry.actions import Named
from comity.registry.core import refusals
from comity.registry.models import Correction, Lineage, Link, Organisation, Spell
from comity.registry.tests.factories import AT, lands, member, network, party, source

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("check_record")]


def seat_of(organisation: Organisation) -> ActorRef:
    return ActorRef(ActorKind.SEAT, "someseat", organisation.public_id)


def test_an_organisation_is_listed_with_its_names_identifiers_and_record() -> None:
    lands("HAL", of=network())
    row = actions.list_organisation(
        realm=Realm.FICTION,
        kind="party",
        name="Tide Alliance",
        country="HAL",
        abbreviation="TA",
        names=[Named("Mareia", "native", "xx")],
        identifiers=[("wikidata", "Q1"), ("wikidata", "Q1")],
        source=source(),
        by=OPERATOR,
        at=AT,
    )
    assert {(name.text, name.role) for name in row.names.all()} == {
        ("Tide Alliance", "official"),
        ("TA", "abbreviation"),
        ("Mareia", "native"),
    }
    assert row.identifiers.count() == 1
    assert [entry.type for entry in entries_of(Ref("organisation", row.public_id))] == ["registry.organisation_listed"]


def test_the_realms_never_mix() -> None:
    real, fiction = party(realm=Realm.REAL), party()
    home = network(realm=Realm.REAL)
    with pytest.raises(refusals.RealmsNeverMix):
        member(fiction, home)
    with pytest.raises(refusals.RealmsNeverMix):
        actions.record_lineage(earlier=real, later=fiction, kind="split", by=OPERATOR, at=AT)
    with pytest.raises(refusals.RealmsNeverMix):
        party(parent=real, kind="wing", name="Youth of Elsewhere")


def test_a_country_is_known_in_its_realm_only() -> None:
    lands("XAA")
    with pytest.raises(refusals.NoSuchCountry) as refused:
        party(country="XAA")
    assert "./comity import regions FILE" in str(refused.value)
    assert party(country="XAA", realm=Realm.REAL).country == "XAA"
    lands("HAL", of=network(), code="concord")
    assert party(country="HAL").country == "HAL"
    with pytest.raises(refusals.NoSuchCountry):
        party(country="HAL", realm=Realm.REAL)


def test_a_network_can_name_a_territory_that_no_list_knows() -> None:
    home, other = network(), network()
    by = seat_of(home)
    actions.name_territory(
        network=home,
        code="ZED",
        label="Zedland",
        footnote="Its status is disputed; the bureau decided the name.",
        basis="Bureau, item 4",
        from_day=date(2026, 3, 1),
        by=by,
        at=AT,
    )
    listed = party(country="ZED")
    label = queries.region_label(listed.country, home, day=AT.date())
    assert (label.text, label.network) == ("Zedland", home)
    assert "disputed" in label.footnote
    with pytest.raises(NotAllowed):
        actions.name_territory(network=other, code="ZED", label="Z", from_day=date(2026, 3, 1), by=by, at=AT)
    with pytest.raises(refusals.NamedThatDayAlready):
        actions.name_territory(network=home, code="ZED", label="Z", from_day=date(2026, 3, 1), by=by, at=AT)


def test_one_identifier_names_one_organisation() -> None:
    party(identifiers=(("partyfacts", "7"), ("wikidata", "Q7")))
    assert party(identifiers=(("wikidata", "Q7"),)).pk
    with pytest.raises(refusals.DuplicateIdentifier) as refused:
        party(identifiers=(("partyfacts", "7"),))
    assert "partyfacts:7" in str(refused.value)


@pytest.mark.parametrize("kind", ["wing", "think-tank", "foundation"])
def test_a_wing_that_looks_like_a_person_is_refused_and_a_party_is_not(kind: str) -> None:
    with pytest.raises(refusals.LooksLikeAPerson):
        party("Jane Doe", kind=kind)
    assert party("Jane Doe").pk
    assert party("Jane Doe Foundation", kind=kind).pk


def test_dates_and_names_are_checked() -> None:
    with pytest.raises(refusals.DissolvedBeforeFounded):
        party(founded="2006", dissolved="1966")
    with pytest.raises(UnreadableDate):
        party(founded="June 2006")
    with pytest.raises(refusals.NoName):
        party("  x" * 200)
    with pytest.raises(UnknownZone):
        actions.found_network(
            name="N", realm=Realm.FICTION, network_kind="regional", time_zone="Nowhere/Else", by=OPERATOR, at=AT
        )


def test_a_tie_does_not_begin_before_the_party_when_that_is_certain() -> None:
    home = network()
    founded = party(founded="1921-09-03")
    with pytest.raises(refusals.BeforeFounding) as refused:
        member(founded, home, start="1919")
    assert "1921-09-03" in str(refused.value)
    assert "1919" in str(refused.value)
    assert member(founded, home, start="1921").pk


def test_overlapping_spells_are_refused_naming_both() -> None:
    home, tide = network(), party()
    member(tide, home, start="2004", end="2010", reason="left")
    with pytest.raises(refusals.OverlappingSpells) as refused:
        member(tide, home, standing="observer", start="2008")
    assert "full 2004 to 2010" in str(refused.value)
    assert "observer 2008 to open" in str(refused.value)
    member(tide, home, start="2010", reason="back")
    assert Link.objects.count() == 1
    with pytest.raises(refusals.SpellStandsAlready):
        member(tide, home, start="2010")


def test_an_ended_spell_says_why() -> None:
    home, tide = network(), party()
    with pytest.raises(refusals.NoEndReason):
        member(tide, home, start="2004", end="2010")
    with pytest.raises(refusals.NoEndReason):
        member(tide, home, ended=True)
    with pytest.raises(refusals.EndBeforeStart):
        member(tide, home, start="2010", end="2004", reason="left")
    tie = member(tide, home, start="2004")
    with pytest.raises(refusals.NoEndReason):
        actions.end_link(tie, on="2010", reason=" ", by=OPERATOR, at=AT)


def test_nobody_is_tied_to_themselves_and_only_networks_have_members() -> None:
    home, tide = network(), party()
    with pytest.raises(refusals.SelfTie):
        member(home, home)
    with pytest.raises(refusals.NotANetwork):
        member(home, tide)
    with pytest.raises(refusals.NotANetwork):
        actions.establish_organ(network=tide, name="Congress", by=OPERATOR, at=AT)


@pytest.mark.parametrize(
    ("primary", "start", "unverified"), [(True, "2024", False), (True, "", True), (False, "2024", True)]
)
def test_a_sanction_counts_only_with_a_dated_primary_source(primary: bool, start: str, unverified: bool) -> None:
    tie = member(party(), network(), standing="suspended", start=start, source=source(primary=primary))
    assert tie.spells.get().unverified is unverified


def test_what_was_replaced_stays_known() -> None:
    home, tide = network(), party()
    tie = member(tide, home, standing="observer", start="2001")
    later = AT + timedelta(days=10)
    actions.change_standing(tie, standing="full", on=date(2026, 3, 12), by=OPERATOR, at=later)
    before = queries.links_on(tide, date(2026, 3, 20), known_by=AT)
    after = queries.links_on(tide, date(2026, 3, 20), known_by=later)
    assert [view.standing for view in before.in_force] == ["observer"]
    assert [view.standing for view in after.in_force] == ["full"]
    assert after.in_force[0].history[0].spell.end == "2026-03-11"
    assert Spell.objects.filter(replaced_at=None).count() == 2
    actions.end_link(tie, on=date(2026, 5, 1), reason="left the network", by=OPERATOR, at=later + timedelta(days=60))
    with pytest.raises(refusals.NoOpenSpell):
        actions.end_link(tie, on=date(2026, 6, 1), reason="left again", by=OPERATOR, at=later + timedelta(days=61))


def test_lineage_runs_one_way() -> None:
    first, second, third = party(), party(), party()

    def follow(earlier: Organisation, later: Organisation) -> Lineage:
        return actions.record_lineage(earlier=earlier, later=later, kind="succession", by=OPERATOR, at=AT)

    follow(first, second)
    follow(second, third)
    for earlier, later in ((third, first), (second, first), (first, first)):
        with pytest.raises(refusals.CircularLineage):
            follow(earlier, later)
    with pytest.raises(refusals.LineageStandsAlready):
        follow(first, second)
    assert Lineage.objects.count() == 2


def test_facts_stated_anew_leave_what_was_known() -> None:
    row = party("Tide", founded="1990")
    later = AT + timedelta(days=3)
    actions.restate(row, facts={"name": "Tide Alliance", "founded": "1991"}, by=OPERATOR, at=later)
    restated = about(row, later).said.restatements
    assert facts_known(row, AT, restated)["founded"] == "1990"
    assert facts_known(row, later, restated)["name"] == "Tide Alliance"
    assert row.names.get(text="Tide").role == "former"
    with pytest.raises(refusals.DissolvedBeforeFounded):
        actions.restate(row, facts={"dissolved": "1950"}, by=OPERATOR, at=later)
    assert row.dissolved == ""


def test_a_correction_is_proposed_by_anyone_and_decided_once() -> None:
    row = party(founded="1990")
    proposal = actions.propose_correction(
        row, field="founded", proposed="1989", source_url="https://example.org/statute", by=ANONYMOUS, at=AT
    )
    assert proposal.stated == "1990"
    with pytest.raises(NotAllowed):
        actions.decide_correction(proposal, accept=True, reason="so it is", by=seat_of(party()), at=AT)
    actions.decide_correction(proposal, accept=True, reason="the statute says so", by=OPERATOR, at=AT)
    row.refresh_from_db()
    assert row.founded == "1989"
    assert row.source is not None
    with pytest.raises(refusals.DecidedAlready):
        actions.decide_correction(proposal, accept=False, reason="no", by=OPERATOR, at=AT)
    with pytest.raises(refusals.NoSourceGiven):
        actions.propose_correction(row, field="founded", proposed="1", source_url="my aunt", by=ANONYMOUS, at=AT)
    with pytest.raises(refusals.UnknownField):
        actions.propose_correction(row, field="colour", proposed="1", source_url="https://x.org", by=ANONYMOUS, at=AT)


def test_a_correction_that_cannot_be_is_refused_when_proposed_and_when_decided() -> None:
    row = party(founded="1990")

    def propose(field: str, proposed: str) -> Correction:
        return actions.propose_correction(
            row, field=field, proposed=proposed, source_url="https://example.org", by=ANONYMOUS, at=AT
        )

    with pytest.raises(refusals.DissolvedBeforeFounded):
        propose("dissolved", "1950")
    with pytest.raises(refusals.NoSuchCountry):
        propose("country", "QQQ")
    with pytest.raises(UnreadableDate):
        propose("founded", "long ago")
    proposal = propose("dissolved", "1995")
    actions.restate(row, facts={"founded": "1999"}, by=OPERATOR, at=AT)
    with pytest.raises(refusals.DissolvedBeforeFounded):
        actions.decide_correction(proposal, accept=True, reason="yes", by=OPERATOR, at=AT)
    proposal.refresh_from_db()
    assert proposal.state == "open"


def test_texts_fit_their_place_on_every_database() -> None:
    row = party()
    with pytest.raises(refusals.TooLong) as refused:
        actions.restate(row, facts={"abbreviation": "A" * 61}, by=OPERATOR, at=AT)
    assert refused.value.parameters == {"field": "abbreviation", "longest": 60}
    with pytest.raises(refusals.TooLong):
        actions.establish_organ(network=network(), name="N" * 201, by=OPERATOR, at=AT)
    with pytest.raises(refusals.TooLong):
        party(identifiers=(("wikidata", "Q" * 101),))
    with pytest.raises(refusals.TooLong):
        actions.link(
            subject=row, object=network(), kind="membership", standing="full", basis="b" * 301, by=OPERATOR, at=AT
        )


def test_a_reply_is_the_organisations_own() -> None:
    row, other = party(), party()
    answer = actions.reply(row, words="We left in 2019.", language="en", by=seat_of(row), at=AT)
    assert answer.organisation == row
    for by in (seat_of(other), OPERATOR, ANONYMOUS):
        with pytest.raises(NotAllowed):
            actions.reply(row, words="We left.", language="en", by=by, at=AT)
    with pytest.raises(refusals.NoWords):
        actions.reply(row, words=" ", language="en", by=seat_of(row), at=AT)


WRITES: dict[str, Callable[[ActorRef, Organisation, Organisation], object]] = {
    "registry:organisation:write": lambda by, home, tide: actions.list_organisation(
        realm=Realm.FICTION, kind="party", name="New", by=by, at=AT
    ),
    "registry:network:write": lambda by, home, tide: actions.establish_organ(
        network=home, name="Congress", by=by, at=AT
    ),
    "registry:network:write (tie)": lambda by, home, tide: actions.link(
        subject=tide, object=home, kind="membership", standing="full", start="2020", by=by, at=AT
    ),
    "registry:network:write (scheme)": lambda by, home, tide: actions.adopt_region_scheme(
        code="own",
        version="1",
        title="Own",
        regions=(),
        source="own",
        in_force_from=AT.date(),
        network=home,
        by=by,
        at=AT,
    ),
    "registry:correction:propose": lambda by, home, tide: actions.propose_correction(
        tide, field="name", proposed="Tides", source_url="https://example.org", by=by, at=AT
    ),
}


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("who", ["operator", "own network", "another network", "party", "anonymous"])
def test_who_may_write_what(write: str, who: str) -> None:
    home, other, tide = network(), network(), party()
    by = {
        "operator": OPERATOR,
        "own network": seat_of(home),
        "another network": seat_of(other),
        "party": seat_of(tide),
        "anonymous": ANONYMOUS,
    }[who]
    allowed = (
        who == "operator"
        or write == "registry:correction:propose"
        or (who == "own network" and write.startswith("registry:network:write"))
    )
    if allowed:
        assert WRITES[write](by, home, tide)
        return
    with pytest.raises(NotAllowed) as refused:
        WRITES[write](by, home, tide)
    assert refused.value.parameters["reason"]


def test_what_is_not_public_takes_no_corrections_from_outside() -> None:
    hidden = party(level=Level.ORGANISATION)
    with pytest.raises(NotAllowed):
        actions.propose_correction(
            hidden, field="name", proposed="X", source_url="https://example.org", by=ANONYMOUS, at=AT
        )


def test_every_refusal_bears_its_own_code() -> None:
    kinds = [kind for kind in vars(refusals).values() if isinstance(kind, type) and issubclass(kind, Refusal)]
    own = [kind for kind in kinds if kind.__module__ == refusals.__name__]
    assert len({kind.code for kind in own}) == len(own)
    assert all(kind.__doc__ for kind in own)
