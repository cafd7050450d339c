import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction

from comity.conftest import AT
from comity.plain.actors import SYSTEM, ActorKind, ActorRef
from comity.plain.ids import new_id
from comity.plain.levels import Level, Realm
from comity.plain.refs import Ref
from comity.record import actions, queries
from comity.record.actions import (
    ErasureStays,
    NothingToErase,
    append,
    batch_size,
    close_batch,
    close_due_batch,
    erase,
    forget_pseudonym,
    sequence,
)
from comity.record.core.evidence import check_evidence
from comity.record.core.jcs import Json
from comity.record.core.leaf import LeafTooLarge, NotForTheRecord
from comity.record.models import Arising, Disclosure, Entry, Log, Pseudonym, SubjectHead
from comity.record.selection import restricted_count
from comity.record.tests.conftest import Publish
from comity.record.told import evidence_of

TEXT = Ref("text", "a" * 16)
PARTY = Ref("organisation", "p" * 16)
TWINS = ((Realm.REAL, 0), (Realm.FICTION, 200))
AMINA = ActorRef(ActorKind.SEAT, "s" * 16, PARTY.id)
BASIS = "GDPR art. 17(1)(d)"


def leaf_of(entry: Entry) -> dict[str, object]:
    read: dict[str, object] = json.loads(bytes(entry.leaf))
    return read


@pytest.fixture
def adopted(db: None, at: datetime) -> Entry:
    facts: dict[str, Json] = {"words": "We reserve on clause 4.", "votes": 31}
    entry = append("texts.adopted", realm=Realm.FICTION, subject=TEXT, by=AMINA, at=at, facts=facts)
    sequence(Realm.FICTION)
    return Entry.objects.get(pk=entry.pk)


@pytest.mark.usefixtures("check_record")
class TestAppending:
    def test_the_leaf_shows_an_organisation_only_under_its_pseudonym(self, at: datetime) -> None:
        listed = append("registry.organisation_listed", realm=Realm.REAL, subject=PARTY, by=SYSTEM, at=at)
        acted = append("texts.drafted", realm=Realm.REAL, subject=TEXT, by=AMINA, at=at, because=[PARTY])
        pseudonym = Pseudonym.objects.get(subject=str(PARTY)).pseudonym
        assert leaf_of(listed)["subject"] == f"organisation:{pseudonym}"
        assert leaf_of(acted)["actor"] == f"org:{pseudonym}"
        assert leaf_of(acted)["because"] == [f"organisation:{pseudonym}"]
        for entry in (listed, acted):
            assert PARTY.id.encode() not in bytes(entry.leaf)
            assert AMINA.id.encode() not in bytes(entry.leaf)

    def test_an_organisation_has_another_pseudonym_in_the_other_realm(self, at: datetime) -> None:
        for realm in Realm:
            append("texts.drafted", realm=realm, subject=TEXT, by=AMINA, at=at)
        assert len(set(Pseudonym.objects.values_list("pseudonym", flat=True))) == 2

    def test_a_network_and_the_organisation_it_is_are_one_subject(self, at: datetime) -> None:
        append("registry.network_founded", realm=Realm.REAL, subject=Ref("network", PARTY.id), by=SYSTEM, at=at)
        second = append("registry.organ_established", realm=Realm.REAL, subject=PARTY, by=SYSTEM, at=at)
        assert second.subject_seq == 2
        assert len(queries.entries_of(Ref("network", PARTY.id))) == 2

    def test_each_entry_names_the_one_before_on_its_subject(self, at: datetime) -> None:
        first = append("texts.drafted", realm=Realm.REAL, subject=TEXT, by=SYSTEM, at=at)
        append("texts.drafted", realm=Realm.REAL, subject=Ref("text", "b" * 16), by=SYSTEM, at=at)
        third = append("texts.revised", realm=Realm.REAL, subject=TEXT, by=SYSTEM, at=at)
        assert (leaf_of(first)["subject_seq"], leaf_of(first)["prev"]) == (1, "")
        assert (leaf_of(third)["subject_seq"], leaf_of(third)["prev"]) == (2, bytes(first.leaf_hash).hex())

    def test_what_is_not_public_never_stands_behind_because(self, at: datetime) -> None:
        room = Ref("engagement", "e" * 16)
        append("engagements.convened", realm=Realm.REAL, subject=room, by=SYSTEM, at=at, level=Level.ROOM)
        text = append("texts.drafted", realm=Realm.REAL, subject=TEXT, by=SYSTEM, at=at, because=[room])
        assert leaf_of(text)["because"] == []
        assert queries.sources_of(TEXT) == [room]
        assert queries.results_of(room) == [TEXT]

    def test_the_thread_as_known_on_a_day_has_no_later_strands(self, at: datetime) -> None:
        room = Ref("engagement", "e" * 16)
        append("texts.drafted", realm=Realm.REAL, subject=TEXT, by=SYSTEM, at=at, because=[room, room])
        assert queries.results_of(room, known_by=at) == [TEXT]
        assert queries.results_of(room, known_by=at - timedelta(seconds=1)) == []
        assert queries.entry_of(TEXT, known_by=at - timedelta(seconds=1)) is None

    def test_a_person_is_refused_in_public_and_kept_in_a_sealed_entry(self, at: datetime) -> None:
        person = Ref("person", "q" * 16)
        with pytest.raises(NotForTheRecord):
            append("people.person_registered", realm=Realm.REAL, subject=person, by=SYSTEM, at=at)
        sealed = append(
            "people.person_registered", realm=Realm.REAL, subject=person, by=SYSTEM, at=at, level=Level.SEALED
        )
        assert leaf_of(sealed).keys() == {"v", "commit"}
        assert person.id.encode() not in bytes(sealed.leaf)

    def test_too_many_facts_are_refused_with_the_measure(self, at: datetime) -> None:
        facts = {f"field-{number}": number for number in range(40)}
        with pytest.raises(LeafTooLarge):
            append("texts.adopted", realm=Realm.REAL, subject=TEXT, by=SYSTEM, at=at, facts=facts)
        assert not Entry.objects.exists()


@pytest.mark.usefixtures("check_record")
class TestSequencing:
    def test_numbers_come_after_the_commit_and_once_a_transaction(
        self, at: datetime, django_capture_on_commit_callbacks: Callable[..., object]
    ) -> None:
        with django_capture_on_commit_callbacks() as waiting:  # type: ignore[attr-defined]
            for _ in range(5):
                entry = append("texts.revised", realm=Realm.REAL, subject=TEXT, by=SYSTEM, at=at)
        assert entry.index is None
        assert len(waiting) == 1
        waiting[0]()
        assert list(Entry.objects.order_by("id").values_list("index", flat=True)) == [0, 1, 2, 3, 4]

    def test_an_entry_that_commits_late_with_a_lower_id_is_not_lost(self, at: datetime) -> None:
        late = append("texts.revised", realm=Realm.REAL, subject=TEXT, by=SYSTEM, at=at)
        other = append("texts.revised", realm=Realm.REAL, subject=Ref("text", "b" * 16), by=SYSTEM, at=at)
        Entry.objects.filter(pk=late.pk).update(level=Level.SEALED)  # not there yet, for the sequencer
        assert sequence(Realm.REAL) == 1
        Entry.objects.filter(pk=late.pk).update(level=Level.PUBLIC)
        assert sequence(Realm.REAL) == 1
        assert Entry.objects.get(pk=other.pk).index == 0
        assert Entry.objects.get(pk=late.pk).index == 1

    def test_sequencing_twice_changes_nothing(self, adopted: Entry) -> None:
        before = Log.objects.get(realm=Realm.FICTION).root
        assert sequence(Realm.FICTION) == 0
        assert Log.objects.get(realm=Realm.FICTION).root == before
        assert adopted.index == 0

    def test_the_tree_grows_over_the_edge_of_a_tile(self, at: datetime, publish_log: Publish) -> None:
        for size in (255, 256, 257, 300):
            while Entry.objects.count() < size:
                append("texts.revised", realm=Realm.REAL, subject=TEXT, by=SYSTEM, at=at)
            sequence(Realm.REAL)
            assert queries.check(Realm.REAL) == []
            assert len(queries.hashes(Realm.REAL, size)) == size
            publish_log(Realm.REAL)
            assert check_evidence(evidence_of(Realm.REAL, size - 1, at=AT)) == []

    def test_an_import_appends_in_few_queries(
        self, at: datetime, django_assert_max_num_queries: Callable[..., object]
    ) -> None:
        append("registry.organisation_listed", realm=Realm.REAL, subject=PARTY, by=SYSTEM, at=at)
        locks = 3 if connection.vendor == "postgresql" else 0
        with django_assert_max_num_queries(6 + locks):  # type: ignore[attr-defined]
            subject = Ref("organisation", new_id())
            append(
                "registry.organisation_listed", realm=Realm.REAL, subject=subject, by=SYSTEM, at=at, facts={"name": "X"}
            )


@pytest.mark.django_db(transaction=True)
class TestOneTransaction:
    def test_an_entry_exists_if_and_only_if_its_change_does(self, at: datetime) -> None:
        class Killed(BaseException):
            pass

        def change(fails: bool) -> None:
            with transaction.atomic():
                append(
                    "texts.adopted", realm=Realm.REAL, subject=TEXT, by=AMINA, at=at, facts={"n": 1}, because=[PARTY]
                )
                if fails:
                    raise Killed

        with pytest.raises(Killed):
            change(fails=True)
        tables = (Entry, Disclosure, SubjectHead, Pseudonym, Arising, Log)
        assert [model.objects.count() for model in tables] == [0] * 6
        change(fails=False)
        assert Entry.objects.get().index == 0
        assert queries.check(Realm.REAL) == []

    def test_a_row_taken_back_inside_a_batch_leaves_no_entry_and_the_rest_is_numbered(self, at: datetime) -> None:
        with transaction.atomic():
            for number in range(6):
                try:
                    with transaction.atomic():
                        append("texts.revised", realm=Realm.REAL, subject=TEXT, by=SYSTEM, at=at, facts={"n": number})
                        if number in (0, 3):
                            raise NothingToErase(number=number)
                except NothingToErase:
                    continue
        assert list(Entry.objects.order_by("id").values_list("index", flat=True)) == [0, 1, 2, 3]
        assert queries.check(Realm.REAL) == []

    def test_a_sequencer_that_dies_leaves_the_entry_to_the_next_one(
        self, at: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def dies(log: Log, rows: object) -> int:
            connection.cursor().execute("UPDATE record_log SET size = 99")
            raise OSError("no space left on device")

        with monkeypatch.context() as broken:
            broken.setattr(actions, "_number", dies)
            append("texts.adopted", realm=Realm.REAL, subject=TEXT, by=SYSTEM, at=at)
        assert Entry.objects.get().index is None
        assert Log.objects.get().size == 0
        assert queries.check(Realm.REAL) == []
        append("texts.adopted", realm=Realm.REAL, subject=TEXT, by=SYSTEM, at=at)
        assert list(Entry.objects.order_by("index").values_list("index", flat=True)) == [0, 1]
        assert queries.check(Realm.REAL) == []

    @pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time")
    def test_many_writers_on_one_subject_make_one_chain_and_no_gap(self, at: datetime) -> None:
        def write(number: int) -> None:
            by = ActorRef(ActorKind.SEAT, "s" * 16, "pqr"[number % 3] * 16)
            for _ in range(6):
                append("texts.revised", realm=Realm.REAL, subject=TEXT, by=by, at=at, facts={"n": number})
            connection.close()

        with ThreadPoolExecutor(6) as writers:
            list(writers.map(write, range(6)))
        sequence(Realm.REAL)
        assert sorted(entry.index or 0 for entry in Entry.objects.all()) == list(range(36))
        assert sorted(entry.subject_seq or 0 for entry in Entry.objects.all()) == list(range(1, 37))
        assert Pseudonym.objects.count() == 3
        assert queries.check(Realm.REAL) == []


@pytest.mark.usefixtures("check_record")
class TestRestricted:
    def test_restricted_entries_wait_for_a_batch_and_show_nothing(self, at: datetime) -> None:
        waiting = [
            append(
                "security.warning_given",
                realm=Realm.REAL,
                subject=TEXT,
                by=AMINA,
                at=at,
                level=Level.ROOM,
                facts={"words": "quiet"},
            )
            for _ in range(3)
        ]
        sequence(Realm.REAL)
        assert queries.checkpoint(Realm.REAL) is None, "what is restricted does not show that a log has begun"
        assert set(Entry.objects.values_list("index", flat=True)) == {None}
        assert close_batch(Realm.REAL, at) == 64
        shown = {frozenset(leaf_of(entry)) for entry in Entry.objects.all()}
        assert shown == {frozenset({"v", "commit"})}
        assert {entry.subject_seq for entry in Entry.objects.all()} == {None}
        assert len({len(bytes(entry.leaf)) for entry in Entry.objects.all()}) == 1
        assert all(Entry.objects.get(pk=entry.pk).index is not None for entry in waiting)
        assert queries.entry_of(TEXT) is None

    @pytest.mark.parametrize("waiting", [0, 1, 64, 65, 200])
    def test_a_batch_is_full_whatever_waits_and_leaves_the_newest_waiting(self, waiting: int, at: datetime) -> None:
        for _ in range(waiting):
            append("security.warning_given", realm=Realm.REAL, subject=TEXT, by=SYSTEM, at=at, level=Level.ROOM)
        written = list(Entry.objects.order_by("id").values_list("id", flat=True))
        assert close_batch(Realm.REAL, at) == 64
        left = Entry.objects.filter(index__isnull=True).order_by("id").values_list("id", flat=True)
        assert list(left) == written[64:]

    @pytest.mark.parametrize(
        ("public", "size"), [(0, 64), (64, 64), (65, 128), (128, 128), (129, 256), (1024, 1024), (5000, 1024)]
    )
    def test_only_what_is_public_decides_the_size_of_a_batch(self, public: int, size: int) -> None:
        assert batch_size(public) == size

    def test_public_entries_since_the_last_batch_make_the_next_one_larger(self, at: datetime) -> None:
        for _ in range(70):
            append("texts.revised", realm=Realm.REAL, subject=TEXT, by=SYSTEM, at=at)
        sequence(Realm.REAL)
        assert [close_batch(Realm.REAL, at), close_batch(Realm.REAL, at)] == [128, 64]

    def test_a_record_looks_the_same_at_every_moment_with_no_restricted_entries_and_with_two_hundred_a_day(
        self, at: datetime
    ) -> None:
        """Two instances stand side by side: the logs of the two realms live the same public life."""
        for day in range(4):
            looks = [self.a_day(realm, at + timedelta(days=day), restricted) for realm, restricted in TWINS]
            assert looks[0] == looks[1]
        waiting = Entry.objects.filter(log=Realm.FICTION.value, index__isnull=True)
        assert waiting.count() == 800 - 64 - 64 - 128 - 64

    def a_day(self, realm: Realm, at: datetime, restricted: int) -> list[tuple[object, ...]]:
        """What anybody sees after each act: size, entries as seals, and length and form of every leaf."""
        seen = [self.look(realm)]
        for _ in range(restricted):
            append("security.warning_given", realm=realm, subject=TEXT, by=SYSTEM, at=at, level=Level.ROOM)
        sequence(realm)
        seen.append(self.look(realm))
        for number in range(70 if at.day == AT.day + 2 else 3):
            append("texts.revised", realm=realm, subject=TEXT, by=SYSTEM, at=at, facts={"number": number})
        sequence(realm)
        seen.append(self.look(realm))
        close_due_batch(realm, at + timedelta(hours=1))
        return [*seen, self.look(realm)]

    def look(self, realm: Realm) -> tuple[object, ...]:
        head = queries.checkpoint(realm)
        leaves = list(queries.leaves(realm, head.size)) if head else []
        forms = [(len(leaf), b'"type"' in leaf) for leaf in leaves]
        return head.size if head else None, restricted_count(realm), queries.last_instant(realm), forms

    def test_the_days_batch_is_closed_once_and_does_not_move_the_clock(self, at: datetime) -> None:
        append("texts.drafted", realm=Realm.REAL, subject=TEXT, by=SYSTEM, at=at)
        sequence(Realm.REAL)
        later = at + timedelta(hours=3)
        assert [close_due_batch(Realm.REAL, when) for when in (later, later, at, at + timedelta(days=1))] == [
            64,
            0,
            0,
            64,
        ]
        assert queries.last_instant(Realm.REAL) == at

    def test_the_order_in_a_batch_says_nothing_of_the_order_written(self, at: datetime) -> None:
        for _ in range(64):
            append("security.warning_given", realm=Realm.REAL, subject=TEXT, by=SYSTEM, at=at, level=Level.ROOM)
        close_batch(Realm.REAL, at)
        assert list(Entry.objects.order_by("id").values_list("index", flat=True)) != list(range(64))

    def test_a_public_entry_does_not_wait_for_the_batch(self, at: datetime) -> None:
        append("security.warning_given", realm=Realm.REAL, subject=TEXT, by=SYSTEM, at=at, level=Level.ROOM)
        public = append("texts.drafted", realm=Realm.REAL, subject=TEXT, by=SYSTEM, at=at)
        sequence(Realm.REAL)
        assert Entry.objects.get(pk=public.pk).index == 0


@pytest.mark.usefixtures("check_record")
class TestErasing:
    def test_value_and_salt_are_gone_and_every_proof_still_stands(
        self, adopted: Entry, at: datetime, publish_log: Publish
    ) -> None:
        publish_log()
        before = evidence_of(Realm.FICTION, 0, at=AT)
        salt = before.told.fields["words"].salt.hex()
        erase(adopted, "words", legal_basis=BASIS, by=SYSTEM, at=at)
        sequence(Realm.FICTION)
        kept = json.dumps(list(Disclosure.objects.values_list("fields", flat=True)))
        assert "reserve" not in kept
        assert salt not in kept
        publish_log()
        after = evidence_of(Realm.FICTION, 0, at=AT)
        assert (after.told.leaf, check_evidence(after), check_evidence(before)) == (before.told.leaf, [], [])
        assert set(after.told.fields) == {"votes"}

    def test_the_record_says_what_was_erased_and_on_which_ground(self, adopted: Entry, at: datetime) -> None:
        erase(adopted, "words", legal_basis=BASIS, by=SYSTEM, at=at)
        sequence(Realm.FICTION)
        entry = queries.entry_of(Ref("entry", "0"))
        assert entry is not None
        assert entry.type == "record.erased"
        assert queries.facts_of(entry) == {"index": 0, "field": "words", "legal_basis": BASIS}
        original = queries.entry_numbered(Realm.FICTION, 0)
        assert original is not None
        assert queries.erasure_of(original, "words") == entry
        assert queries.erasure_of(original, "votes") is None

    def test_what_was_erased_cannot_be_erased_again(self, adopted: Entry, at: datetime) -> None:
        erase(adopted, "words", legal_basis=BASIS, by=SYSTEM, at=at)
        for field in ("words", "never-there"):
            with pytest.raises(NothingToErase):
                erase(adopted, field, legal_basis=BASIS, by=SYSTEM, at=at)

    def test_an_erasure_cannot_itself_be_erased_but_its_ground_can(self, adopted: Entry, at: datetime) -> None:
        erasure = erase(adopted, "words", legal_basis="on the wish of Amina K.", by=SYSTEM, at=at)
        with pytest.raises(ErasureStays):
            erase(erasure, "field", legal_basis=BASIS, by=SYSTEM, at=at)
        erase(erasure, "legal_basis", legal_basis=BASIS, by=SYSTEM, at=at)

    @pytest.mark.parametrize("closed", [True, False])
    def test_a_restricted_entry_can_lose_a_value_or_all_it_says(self, closed: bool, at: datetime) -> None:
        entry = append(
            "people.person_registered",
            realm=Realm.REAL,
            subject=Ref("person", "q" * 16),
            by=SYSTEM,
            at=at,
            level=Level.SEALED,
            facts={"name": "Quiet Person", "language": "en"},
            because=[TEXT],
        )
        if closed:
            close_batch(Realm.REAL, at)
        erasure = erase(entry, "name", legal_basis=BASIS, by=SYSTEM, at=at)
        assert erasure.level == Level.SEALED
        assert queries.check(Realm.REAL) == []
        erase(entry, "entry", legal_basis=BASIS, by=SYSTEM, at=at)
        row = Entry.objects.get(pk=entry.pk)
        assert (row.type, row.subject, row.actor) == ("", "", "")
        assert queries.results_of(TEXT) == []
        close_batch(Realm.REAL, at)

    def test_a_forgotten_organisation_leaves_its_random_name_and_no_trace(self, at: datetime) -> None:
        append("registry.organisation_listed", realm=Realm.REAL, subject=PARTY, by=SYSTEM, at=at)
        append("texts.drafted", realm=Realm.REAL, subject=TEXT, by=AMINA, at=at, because=[PARTY])
        pseudonym = Pseudonym.objects.get(subject=str(PARTY)).pseudonym
        forget_pseudonym(PARTY, realm=Realm.REAL, legal_basis=BASIS, by=SYSTEM, at=at)
        assert queries.check(Realm.REAL) == []
        columns = [
            *Entry.objects.values_list("subject", "actor", "mandate"),
            *Arising.objects.values_list("thing", "source"),
            *SubjectHead.objects.values_list("subject"),
            *Pseudonym.objects.values_list("subject"),
        ]
        assert not [value for row in columns for value in row if PARTY.id in value or AMINA.id in value]
        again = append("registry.organisation_listed", realm=Realm.REAL, subject=PARTY, by=SYSTEM, at=at)
        assert leaf_of(again)["subject"] != f"organisation:{pseudonym}"
        with pytest.raises(NothingToErase):
            forget_pseudonym(Ref("organisation", "z" * 16), realm=Realm.REAL, legal_basis=BASIS, by=SYSTEM, at=at)
