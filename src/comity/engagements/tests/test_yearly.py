"""The count of a year: what it counts, when, its report made again from its checkpoint, and how a monitor checks it."""

import hashlib
import hmac
import json
from argparse import Namespace
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from comity.conftest import AT, Cast
from comity.engagements import actions, core, jobs, yearly
from comity.engagements.core import Sign, YearCount
from comity.engagements.exports import openings
from comity.engagements.tests.factories import ENDS, talks
from comity.people.tests.test_desk import seated
from comity.plain.actors import SYSTEM, ActorRef
from comity.plain.duties import Duty
from comity.plain.levels import Level, Realm
from comity.plain.place import Place
from comity.plain.refusals import NotAllowed
from comity.record import snapshots
from comity.record.actions import append, close_batch, erase, sequence
from comity.record.copies import write_copy
from comity.record.core.leaf import WHOLE
from comity.record.publishing import publish
from comity.record.queries import leaves, written_about
from comity.record.tests.other import alone
from comity.site.cli import erased
from comity.site.cli.command import ANSWERED, SAID_NO, CommandError
from comity.visibility import actions as visibility
from comity.visibility.core import Terms

FICTION = Realm.FICTION
NEXT_YEAR = datetime(2027, 1, 3, 9, tzinfo=UTC)


def a_year(cast: Cast) -> None:
    """Two open meetings, three behind seals; the existence of one is protected, one is flagged."""
    talks(cast, title="Open talks")
    talks(cast, title="More open talks")
    talks(cast, title="Quiet talks", level=Level.ROOM)
    hidden = talks(cast, title="Hidden talks", level=Level.ROOM)
    flagged = talks(cast, title="Endangered talks", level=Level.BODY)
    asked = visibility.ask_protection(
        hidden, reason="a partner is in danger", until=date(2026, 12, 1), by=cast.amina, at=AT + timedelta(days=1)
    )
    visibility.decide_protection(asked, approve=True, reason="well founded", by=cast.dana, at=AT + timedelta(days=2))
    visibility.raise_flag(flagged, reason="threats", by=cast.boris, at=AT + timedelta(days=3))
    sequence(FICTION)
    close_batch(FICTION, AT + timedelta(days=4))


def count(at: datetime = NEXT_YEAR) -> yearly.Published:
    return actions.count_year(FICTION, 2026, by=SYSTEM, at=at)


@pytest.fixture
def year(cast: Cast, check_record: Callable[[], None]) -> Cast:
    """The cast, after a year of meetings."""
    a_year(cast)
    return cast


def test_a_year_is_counted_from_its_entries(year: Cast) -> None:
    stands = count()
    assert stands.total == YearCount("", 5, 3, 2)
    assert stands.counts == (YearCount(year.network.public_id, 5, 3, 2),)
    assert stands.report is not None
    assert stands.report.decode() == (
        f"year,network,meetings,restricted,existence_protected\r\n2026,{year.network.public_id},5,3,2\r\n"
    )


@pytest.mark.mission(
    "S45",
    at="withheld",
    missing="the standard reports of organisations and networks, their signatures, and publication duties as data, "
    "which come with reviews and obligations: one report of the house is made so",
)
def test_the_report_made_again_from_its_checkpoint_has_the_published_bytes(year: Cast, client: Client) -> None:
    """Also after the log has grown, and after what was counted was opened to everybody."""
    stands = count()
    talks(year, title="Later talks", level=Level.ROOM, at=NEXT_YEAR)
    sequence(FICTION)
    close_batch(FICTION, NEXT_YEAR + timedelta(days=1))
    given_out = client.get("/fiction/en/withheld/2026.csv").content
    assert hashlib.sha256(given_out).hexdigest() == stands.report_hash
    assert yearly.regenerated(stands) == given_out
    page = client.get("/fiction/en/withheld").content.decode()
    assert "kept" in page  # computed from the day of the entry: nobody types that a report is in time


def test_a_report_from_a_checkpoint_that_never_was_is_refused(year: Cast) -> None:
    stands = count()
    then = stands.snapshot
    with pytest.raises(snapshots.NoSuchSnapshot):
        snapshots.as_of(FICTION, then.size - 1, then.root)
    with pytest.raises(snapshots.NoSuchSnapshot):
        snapshots.as_of(FICTION, then.size + 1000, then.root)


def test_late_is_computed() -> None:
    assert core.count_due(2026) == date(2027, 1, 31)
    assert core.count_duty(2026, date(2027, 1, 31), date(2027, 5, 1)) is Duty.KEPT
    assert core.count_duty(2026, date(2027, 2, 1), date(2027, 5, 1)) is Duty.LATE
    assert core.count_duty(2026, None, date(2027, 2, 1)) is Duty.SILENT
    assert core.count_duty(2026, None, date(2027, 1, 31)) is Duty.NOT_DUE


def test_the_clock_counts_each_year_once(year: Cast) -> None:
    assert jobs.periodic(FICTION, datetime(2027, 1, 1, 23, 59, tzinfo=UTC)) == []
    assert jobs.periodic(FICTION, datetime(2028, 2, 2, tzinfo=UTC)) == [
        "fiction: the meetings of 2026 counted",
        "fiction: the meetings of 2027 counted",
    ]
    assert jobs.periodic(FICTION, datetime(2028, 2, 3, tzinfo=UTC)) == []
    in_time = yearly.years(
        FICTION, datetime(2028, 3, 1, tzinfo=UTC), date(2028, 3, 1), at=datetime(2028, 3, 1, tzinfo=UTC)
    )
    assert [(one.year, one.duty) for one in in_time] == [(2027, Duty.LATE), (2026, Duty.LATE)]
    assert yearly.years(Realm.REAL, NEXT_YEAR, NEXT_YEAR.date(), at=NEXT_YEAR) == []


def test_nobody_counts_a_year_that_is_not_over_nor_twice_nor_by_hand(year: Cast) -> None:
    with pytest.raises(actions.YearNotOver):
        count(datetime(2026, 12, 31, 23, 59, tzinfo=UTC))
    with pytest.raises(NotAllowed):
        actions.count_year(FICTION, 2026, by=year.secretariat, at=NEXT_YEAR)
    count()
    with pytest.raises(actions.CountedAlready):
        count()


def test_what_found_no_room_in_time_is_in_a_correction_when_the_next_year_is_counted(cast: Cast) -> None:
    a_year(cast)
    talks(cast, title="Late talks", level=Level.ROOM, at=AT + timedelta(days=290))
    jobs.periodic(FICTION, NEXT_YEAR)
    close_batch(FICTION, NEXT_YEAR)
    assert jobs.periodic(FICTION, NEXT_YEAR + timedelta(days=60)) == []
    told = jobs.periodic(FICTION, datetime(2028, 1, 2, tzinfo=UTC))
    assert told == ["fiction: the count of 2026 corrected", "fiction: the meetings of 2027 counted"]
    stands = yearly.latest(FICTION, 2026, datetime(2028, 1, 3, tzinfo=UTC))
    assert stands is not None
    assert stands.total == YearCount("", 6, 4, 2)


def test_what_was_erased_since_is_not_counted_away(year: Cast) -> None:
    count()
    row = written_about(_meeting("Quiet talks"), yearly.CONVENED)
    assert row is not None
    erase(row, WHOLE, legal_basis="GDPR art. 17", by=SYSTEM, at=NEXT_YEAR)
    with pytest.raises(actions.CountedAlready):
        count(NEXT_YEAR + timedelta(days=1))


def _meeting(title: str) -> Any:
    from comity.engagements.models import Engagement
    from comity.plain.refs import Ref

    return Ref("engagement", Engagement.objects.get(title=title).public_id)


def read_by(actor: ActorRef, at: datetime = NEXT_YEAR) -> list[dict[str, Any]]:
    """What an actor opens, each line checked against the leaf that stands in the log."""
    place = Place(FICTION, "en", actor, at, at.date())
    told = [json.loads(line) for _index, line in openings(place)]
    log = list(leaves(FICTION, 100_000))
    for one in told:
        assert json.loads(log[one["index"]])["commit"] == sealed(one)
        for name, value in one["fields"].items():
            assert one["value"]["commit"][name] == sealed(value)
    return told


def sealed(one: dict[str, Any]) -> str:
    text = json.dumps(one["value"], separators=(",", ":"), sort_keys=True, ensure_ascii=False)
    return hmac.new(bytes.fromhex(one["salt"]), text.encode(), hashlib.sha256).hexdigest()


@pytest.mark.mission("S88", at="withheld")
def test_a_monitor_and_the_parties_check_the_count_by_opening_what_they_may_know(year: Cast) -> None:
    stands = count()
    monitors = read_by(year.dana)
    assert [one["value"]["type"] for one in monitors] == ["visibility.protection_approved"]
    assert [one["fields"]["network"]["value"] for one in monitors] == [year.network.public_id]
    own = read_by(year.amina)
    kinds = [one["value"]["type"] for one in own]
    assert kinds.count("engagements.convened") == stands.total.restricted
    meetings = {one["value"]["subject"] for one in own if one["value"]["type"] in yearly.PROTECTING}
    assert len(meetings) == stands.total.existence_protected
    public = [json.loads(leaf) for leaf in leaves(FICTION, stands.snapshot.size)]
    convened = [leaf for leaf in public if leaf.get("type") == "engagements.convened" and leaf["at"][:4] == "2026"]
    assert len(convened) == stands.total.meetings - stands.total.restricted


def verified(folder: Path, reader: ActorRef) -> tuple[int, str]:
    """What the stand-alone verifier says of a published copy and of what a reader opens."""
    sequence(FICTION)
    publish(FICTION, at=datetime.now(UTC))
    write_copy(FICTION, folder, at=NEXT_YEAR)
    place = Place(FICTION, "en", reader, NEXT_YEAR, NEXT_YEAR.date())
    opened = folder.with_suffix(".openings.jsonl")
    opened.write_bytes(b"".join(line for _index, line in sorted(openings(place))))
    told = alone(folder, "--openings", opened)
    return told.returncode, told.stdout


def test_the_verifier_takes_the_openings_and_says_how_many_were_counted(year: Cast, tmp_path: Path) -> None:
    count()
    code, told = verified(tmp_path / "monitor", year.dana)
    assert code == 0, told
    assert "existence_protected in 2026: 1 opened, 2 counted" in told
    code, told = verified(tmp_path / "party", year.amina)
    assert code == 0, told
    assert "restricted in 2026: 3 opened, 3 counted" in told
    assert "existence_protected in 2026: 2 opened, 2 counted" in told


@pytest.mark.parametrize("name", ["meetings", "restricted", "existence_protected"])
def test_a_count_that_leaves_out_a_seal_is_found_by_whoever_opens_it(year: Cast, tmp_path: Path, name: str) -> None:
    """Written past the count, as an operator with the database might."""
    now = snapshots.present(FICTION)
    facts = dict(yearly.facts_of(now, 2026, yearly.count(now, 2026)))
    facts[name] = int(str(facts[name])) - 1
    append(yearly.COUNTED, realm=FICTION, subject=yearly.about(FICTION, 2026), by=SYSTEM, at=NEXT_YEAR, facts=facts)
    code, told = verified(tmp_path / "copy", year.amina)
    assert code == 1
    assert "no: entry" in told


def test_nobody_opens_what_her_seat_may_not_know(year: Cast) -> None:
    assert read_by(year.chen) == []
    assert read_by(year.stranger) == []
    assert {one["value"]["type"] for one in read_by(year.secretariat)} == {"visibility.protection_approved"}


def test_an_opening_tells_no_value_but_the_network(year: Cast) -> None:
    told = json.dumps(read_by(year.amina))
    assert "Quiet talks" not in told
    assert {name for one in read_by(year.amina) for name in one["fields"]} == {"network"}


def test_the_openings_are_a_seats_alone_and_are_kept_by_nobody(year: Cast, client: Client) -> None:
    assert client.get("/fiction/en/withheld/openings.jsonl").status_code == 403
    seated(client, year.dana)
    answered = client.get("/fiction/en/withheld/openings.jsonl")
    assert answered.status_code == 200
    assert "no-store" in answered["Cache-Control"]
    assert "private" in answered["Cache-Control"]


def test_the_entry_of_a_count_binds_no_hash_over_the_counted_seals(year: Cast) -> None:
    """Of one counted seal such a hash could be tried on every leaf of the year."""
    facts = yearly.facts_of(snapshots.present(FICTION), 2026, yearly.count(snapshots.present(FICTION), 2026))
    assert set(facts) == {"year", "size", "root", "meetings", "restricted", "existence_protected", "counts", "report"}


def test_a_flag_on_a_text_is_no_meeting(year: Cast) -> None:
    from comity.plain.refs import Ref

    append(
        "visibility.flag_raised", realm=FICTION, subject=Ref("text", "t" * 16), by=year.amina, at=AT,
        level=Level.SEALED, facts={"reason": "threats", "network": year.network.public_id},
    )  # fmt: skip
    close_batch(FICTION, AT + timedelta(days=5))
    assert count().total.existence_protected == 2


signs = st.builds(
    Sign,
    meeting=st.sampled_from(["m1", "m2", "m3", "m4"]),
    network=st.sampled_from(["", "n1", "n2"]),
    convened=st.booleans(),
    sealed=st.booleans(),
)


@given(st.lists(signs, max_size=20), st.randoms())
def test_the_order_of_the_entries_and_saying_it_twice_change_no_count(found: list[Sign], random: Any) -> None:
    shuffled = [*found, *found[:3]]
    random.shuffle(shuffled)
    assert core.counted(found) == core.counted(shuffled)
    assert core.report_of(2026, core.counted(found)) == core.report_of(2026, reversed(core.counted(shuffled)))
    for one in core.counted(found):
        assert 0 <= one.restricted <= one.meetings


def test_a_value_that_was_erased_stands_in_no_table(cast: Cast, check_record: Callable[[], None]) -> None:
    """Of a report: in its own row, the draft it was prepared in, the record, and whatever is derived from them."""
    word = "qzheronreport"
    day = AT.date() + timedelta(days=60)
    meeting = talks(cast, terms=Terms(Level.PUBLIC, retain_until=day))
    actions.report(meeting, words=f"They spoke of {word}.", language="en", by=cast.amina, at=ENDS)
    assert {"engagements_engagement", "record_disclosure"} <= tables_saying(word)
    actions.erase_report(meeting, by=SYSTEM, at=AT + timedelta(days=90))
    assert tables_saying(word) == set()


def tables_saying(word: str) -> set[str]:
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 - the database's own names
            if word in repr(cursor.fetchall()):
                found.add(table)
    return found


def test_the_command_counts_a_year_again(year: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    asked = Namespace(year=2026, realm="fiction")
    with pytest.raises(CommandError, match="the fiction log has no count of 2026"):
        erased.recount(asked)
    told = count()
    assert erased.recount(asked) == ANSWERED
    assert f"5 meetings, 3 as a bare seal, 2 protected; SHA-256 {told.report_hash}" in capsys.readouterr().out
    facts = {**yearly.facts_of(told.snapshot, 2026, told.counts or ()), "report": "0" * 64}
    append(yearly.COUNTED, realm=FICTION, subject=yearly.about(FICTION, 2026), by=SYSTEM, at=NEXT_YEAR, facts=facts)
    assert erased.recount(asked) == SAID_NO
    assert capsys.readouterr().out.startswith("no: counted again")


def years_told(client: Client) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = client.get("/fiction/api/v1/withheld/years").json()
    return told


def test_the_interface_names_the_signed_entry_of_each_year_and_its_proof(year: Cast, client: Client) -> None:
    assert years_told(client) == []
    talks(year, title="Later talks", at=NEXT_YEAR)
    (before,) = years_told(client)
    assert (before["year"], before["state"], before["due"], before["count"]) == (2026, "not-due", "2027-01-31", None)
    stands = count()
    sequence(FICTION)
    (told,) = years_told(client)
    counted = told["count"]
    assert (told["fictional"], told["year"], told["state"], told["corrected"]) == (True, 2026, "kept", False)
    assert counted["published"] is False
    publish(FICTION, at=NEXT_YEAR)
    counted = years_told(client)[0]["count"]
    assert counted["published"] is True
    entry = client.get(f"/fiction/api/v1/record/entries/{counted['index']}").json()
    assert entry["entry"]["type"] == "visibility.year_counted"
    for name in ("size", "root", "meetings", "restricted", "existence_protected", "counts"):
        assert counted[name] == entry["facts"][name], name
    assert (counted["proof"], counted["evidence"]) == (entry["proof"], entry["evidence"])
    for address in (counted["address"], counted["proof"], counted["evidence"]):
        assert client.get(address).status_code == 200
    report = client.get(counted["report"]).content
    assert hashlib.sha256(report).hexdigest() == counted["report_sha256"] == stands.report_hash


def test_numbers_by_network_are_not_told_once_not_everybody_may_read_one(year: Cast, client: Client) -> None:
    count()
    sequence(FICTION)
    year.network.level = Level.ROOM
    year.network.save()
    told = years_told(client)[0]["count"]
    assert (told["counts"], told["report"]) == (None, "")
    assert told["meetings"] == 5
    assert year.network.public_id not in str(told)
