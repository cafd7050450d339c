"""A log whose tables were changed by hand: the audit names each entry."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db.models import F

from comity.conftest import AT
from comity.plain.actors import SYSTEM, ActorKind, ActorRef
from comity.plain.levels import Level, Realm
from comity.plain.refs import Ref
from comity.record import published
from comity.record.actions import append, close_batch, sequence
from comity.record.core import merkle
from comity.record.core.audit import Fault, Wrong
from comity.record.models import Disclosure, Entry, Log, SubjectHead, Tile
from comity.record.publishing import publish
from comity.record.queries import check

AMINA = ActorRef(ActorKind.SEAT, "s" * 16, "p" * 16)


@pytest.fixture
def log(db: None, at: datetime) -> None:
    """Twelve public entries on three subjects, then a batch of restricted ones."""
    for number in range(12):
        append(
            "texts.revised",
            realm=Realm.REAL,
            subject=Ref("text", "abc"[number % 3] * 16),
            by=AMINA if number % 2 else SYSTEM,
            at=at,
            facts={"words": f"Clause {number}", "votes": number},
        )
    sequence(Realm.REAL)
    append(
        "security.warning_given",
        realm=Realm.REAL,
        subject=Ref("text", "a" * 16),
        by=AMINA,
        at=at,
        level=Level.ROOM,
        facts={"words": "quiet"},
    )
    close_batch(Realm.REAL, at)
    assert check(Realm.REAL) == []


def entry(index: int) -> Entry:
    return Entry.objects.get(index=index)


def rows(**changed: object) -> Callable[[], object]:
    return lambda: Entry.objects.filter(index=5).update(**changed)


def alter_leaf(keep_hash: bool, last: bool = False) -> Callable[[], object]:
    def alter() -> None:
        row = entry(11 if last else 5)
        row.leaf = bytes(row.leaf).replace(b"revised", b"revized")
        row.type = "texts.revized"
        if not keep_hash:
            row.leaf_hash = merkle.leaf_hash(bytes(row.leaf))
        row.save()

    return alter


def alter_everything() -> None:
    """Leaf, fingerprint, tile, root and checkpoint rewritten to fit: the chain of the subject still tells."""
    alter_leaf(keep_hash=False)()
    hashes = [bytes(row.leaf_hash) for row in Entry.objects.order_by("index")]
    rewrite_tree(hashes)


def rewrite_tree(hashes: list[bytes]) -> None:
    edge, size = merkle.extended([], 0, hashes)
    Tile.objects.update(hashes=b"".join(hashes))
    Log.objects.update(root=merkle.edge_root(edge), frontier=[node.hex() for node in edge], size=size)


def alter_value() -> None:
    kept = Disclosure.objects.get(entry__index=5)
    kept.fields["words"][1] = '"Clause 6"'
    kept.save()


def drop_value() -> None:
    kept = Disclosure.objects.get(entry__index=5)
    del kept.fields["words"]
    kept.save()


def take_out() -> None:
    Disclosure.objects.get(entry__index=5).delete()
    entry(5).delete()


def take_out_and_close_the_gap() -> None:
    take_out()
    for row in Entry.objects.filter(index__gt=5).order_by("index"):
        Entry.objects.filter(pk=row.pk).update(index=F("index") - 1)


def swap() -> None:
    first, second = entry(5), entry(6)
    Entry.objects.filter(pk=first.pk).update(index=1000)
    Entry.objects.filter(pk=second.pk).update(index=5)
    Entry.objects.filter(pk=first.pk).update(index=6)


def put_in() -> None:
    row = entry(5)
    row.pk = None
    row._state.adding = True
    row.index = Entry.objects.count()
    row.save()


def alter_tile() -> None:
    tile = Tile.objects.get()
    run = bytearray(bytes(tile.hashes))
    run[5 * 32] ^= 1
    tile.hashes = bytes(run)
    tile.save()


FORGERIES = {
    "leaf": alter_leaf(keep_hash=True),
    "leaf and its fingerprint": alter_leaf(keep_hash=False),
    "all that hangs on a leaf": alter_everything,
    "type": rows(type="texts.adopted"),
    "time": rows(at="2020-01-01T00:00:00Z"),
    "actor": rows(mandate="z" * 16),
    "subject": rows(subject="text:zzzzzzzzzzzzzzzz"),
    "number of its subject": rows(subject_seq=40),
    "level": rows(level=Level.SEALED),
    "value": alter_value,
    "value dropped": drop_value,
    "taken out": take_out,
    "taken out, gap closed": take_out_and_close_the_gap,
    "order": swap,
    "tile": alter_tile,
}


@pytest.mark.usefixtures("log")
@pytest.mark.parametrize("forgery", FORGERIES)
def test_each_alteration_of_the_tables_is_named(forgery: str) -> None:
    FORGERIES[forgery]()
    faults = check(Realm.REAL)
    assert 5 in {fault.index for fault in faults}
    assert all(str(fault).startswith(("entry ", "the log")) for fault in faults)


@pytest.mark.usefixtures("log")
def test_an_entry_put_in_is_named() -> None:
    put_in()
    assert any(fault.wrong in (Wrong.ADDED, Wrong.CHAIN) and fault.index == 76 for fault in check(Realm.REAL))


@pytest.mark.usefixtures("log")
def test_the_last_entry_of_a_subject_is_named_by_its_head() -> None:
    alter_leaf(keep_hash=False, last=True)()
    hashes = [bytes(row.leaf_hash) for row in Entry.objects.order_by("index")]
    rewrite_tree(hashes)
    assert [fault.index for fault in check(Realm.REAL)] == [11]


@pytest.mark.usefixtures("log")
def test_entries_cut_off_at_the_end_are_told_by_the_heads() -> None:
    Disclosure.objects.filter(entry__index__in=(11, *range(12, 76))).delete()
    Entry.objects.filter(index__gte=11).delete()
    hashes = [bytes(row.leaf_hash) for row in Entry.objects.order_by("index")]
    rewrite_tree(hashes)
    assert [(fault.wrong, fault.subject) for fault in check(Realm.REAL)] == [(Wrong.REMOVED, "text:cccccccccccccccc")]


@pytest.mark.usefixtures("log")
@pytest.mark.parametrize("changed", [{"type": "security.warning_taken"}, {"subject": "text:zzzz"}, {"actor": "system"}])
def test_a_restricted_row_must_say_what_it_sealed(changed: dict[str, str]) -> None:
    restricted = Entry.objects.get(type="security.warning_given")
    Entry.objects.filter(pk=restricted.pk).update(**changed)
    assert [fault.index for fault in check(Realm.REAL)] == [restricted.index]


@pytest.mark.usefixtures("log")
@pytest.mark.parametrize("field", ["words", "entry"])
def test_a_restricted_value_must_be_what_was_sealed(field: str) -> None:
    restricted = Entry.objects.get(type="security.warning_given")
    kept = Disclosure.objects.get(entry=restricted)
    kept.fields[field][0] = "00" * 32
    kept.save()
    assert [fault.index for fault in check(Realm.REAL)] == [restricted.index]
    del kept.fields[field]
    kept.save()
    assert [(fault.index, fault.wrong) for fault in check(Realm.REAL)] == [(restricted.index, Wrong.MISSING_VALUE)]


@pytest.mark.usefixtures("log")
def test_an_entry_not_yet_numbered_is_audited_too(at: datetime) -> None:
    pending = append("texts.revised", realm=Realm.REAL, subject=Ref("text", "a" * 16), by=SYSTEM, at=at)
    assert check(Realm.REAL) == []
    Entry.objects.filter(pk=pending.pk).update(type="texts.adopted")
    assert [fault.wrong for fault in check(Realm.REAL)] == [Wrong.ROW]


@pytest.mark.usefixtures("log")
@pytest.mark.parametrize("changed", [{"size": 27}, {"root": bytes(32)}, {"frontier": ["00" * 32] * 3}])
def test_an_altered_state_of_the_tree_is_told(changed: dict[str, object]) -> None:
    Log.objects.update(**changed)
    assert Wrong.ROOT in {fault.wrong for fault in check(Realm.REAL)}


@pytest.mark.usefixtures("log")
def test_a_head_that_was_altered_is_told() -> None:
    SubjectHead.objects.filter(subject="text:" + "a" * 16).update(leaf_hash=bytes(32))
    assert check(Realm.REAL) == [
        Fault(9, "text:" + "a" * 16, Wrong.ALTERED, "was altered: the head of its subject has another fingerprint")
    ]


@pytest.mark.usefixtures("log")
def test_tables_rewritten_throughout_are_told_by_the_tiles_that_were_published() -> None:
    """The last entry of a subject, its head, tile and root all made to fit: what was published still names it."""
    publish(Realm.REAL, at=AT)
    assert check(Realm.REAL) == []
    alter_leaf(keep_hash=False, last=True)()
    SubjectHead.objects.filter(subject="text:" + "c" * 16).update(leaf_hash=bytes(entry(11).leaf_hash))
    rewrite_tree([bytes(row.leaf_hash) for row in Entry.objects.order_by("index")])
    faults = check(Realm.REAL)
    assert {fault.index for fault in faults} == {None, 11}
    assert {fault.wrong for fault in faults} == {Wrong.UNLIKE_TRUSTED, Wrong.ALTERED}


@pytest.mark.usefixtures("log")
def test_a_published_tile_that_is_gone_or_altered_is_told() -> None:
    publish(Realm.REAL, at=AT)
    tile = published.folder(Realm.REAL) / "tile" / "0" / "000.p" / "76"
    run = bytearray(tile.read_bytes())
    run[5 * 32] ^= 1
    tile.write_bytes(bytes(run))
    assert [fault.index for fault in check(Realm.REAL)] == [5]
    tile.unlink()
    assert [fault.wrong for fault in check(Realm.REAL)] == [Wrong.UNREADABLE]


@pytest.mark.usefixtures("log")
def test_entries_rolled_back_behind_what_is_published_are_told() -> None:
    publish(Realm.REAL, at=AT)
    Disclosure.objects.filter(entry__index__gte=70).delete()
    Entry.objects.filter(index__gte=70).delete()
    rewrite_tree([bytes(row.leaf_hash) for row in Entry.objects.order_by("index")])
    assert {fault.index for fault in check(Realm.REAL)} == {None, *range(70, 76)}
