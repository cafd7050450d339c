"""Every value erased: the proofs given before go on verifying, the list names each, and what comes back goes again."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from comity.conftest import AT, Cast
from comity.plain.actors import SYSTEM
from comity.plain.levels import Level, Realm
from comity.plain.refs import Ref
from comity.record import erasures, published, queries, restored, scrubbing
from comity.record.actions import append, close_batch, erase, forget_pseudonym, sequence
from comity.record.core.audit import ERASED
from comity.record.core.jcs import Json
from comity.record.core.tlog_proof import proved
from comity.record.models import Disclosure, Pseudonym, Residue
from comity.record.tests.conftest import Publish

FICTION = Realm.FICTION


@pytest.fixture
def kept(cast: Cast, publish_log: Publish, check_record: Callable[[], None]) -> dict[int, bytes]:
    """A published log of the cast's acts, and the proof of each entry as somebody took it then."""
    for level in (Level.PUBLIC, Level.ROOM):
        facts: dict[str, Json] = {"words": "Amina said so", "votes": 3}
        append(
            "texts.revised",
            realm=FICTION,
            subject=Ref("text", "t" * 16),
            by=cast.amina,
            at=AT,
            level=level,
            facts=facts,
        )
    sequence(FICTION)
    close_batch(FICTION, AT)
    publish_log(FICTION)
    return {index: bytes(published.proof(FICTION, index)) for index in range(published.numbered(FICTION))}


def erase_everything(at: datetime = AT) -> int:
    """Erase every value that stands in the log, and say how many."""
    count = 0
    for row in list(Disclosure.objects.filter(entry__log=FICTION.value).select_related("entry")):
        for field in sorted(row.fields, key=lambda name: name == "entry"):
            erase(row.entry, field, legal_basis="GDPR art. 17(1)", by=SYSTEM, at=at)
            count += 1
    return count


def salts() -> set[str]:
    """Those of all values but what is said of erasures."""
    rows = Disclosure.objects.filter(entry__log=FICTION.value).exclude(entry__type__in=(ERASED, erasures.FORGOTTEN))
    return {salt for fields in rows.values_list("fields", flat=True) for salt, _text in fields.values()}


def test_every_value_is_erased_and_every_proof_goes_on_verifying(kept: dict[int, bytes], publish_log: Publish) -> None:
    before = salts()
    assert len(before) > 20
    assert erase_everything() >= len(before)
    assert before.isdisjoint(salts())
    publish_log(FICTION)
    policy = published.policy(FICTION)
    for index, leaf in enumerate(queries.leaves(FICTION, len(kept))):
        proved(kept[index], leaf, policy)
        proved(bytes(published.proof(FICTION, index)), leaf, policy)


def test_the_list_names_each_erasure_and_holds_no_value(kept: dict[int, bytes]) -> None:
    """It is made from the log too, so that an erasure whose process died is on it at the next tick."""
    count = erase_everything()
    assert erasures.note_all(FICTION) == count
    assert erasures.note_all(FICTION) == 0
    listed = erasures.listed(FICTION)
    assert len(listed) == count
    assert set(erasures.bases(FICTION).values()) == {"GDPR art. 17(1)"}
    content = erasures.place().read_bytes()
    assert b"Amina" not in content
    assert b"GDPR" not in content
    assert erasures.listed(FICTION, AT.date() + timedelta(days=1)) == []
    assert erasures.listed(Realm.REAL) == []


def test_what_a_backup_brings_back_is_erased_again(kept: dict[int, bytes], cast: Cast) -> None:
    backup = {row.pk: dict(row.fields) for row in Disclosure.objects.all()}
    named = list(Pseudonym.objects.filter(subject=f"organisation:{cast.party.public_id}"))
    gone = erase_everything()
    forget_pseudonym(Ref("organisation", cast.party.public_id), realm=FICTION, legal_basis="asked", by=SYSTEM, at=AT)
    erasures.note_all(FICTION)
    for pk, fields in backup.items():
        Disclosure.objects.filter(pk=pk).update(fields=fields)
    Pseudonym.objects.bulk_create(named)
    (line,) = restored.catch_up(FICTION, AT)
    assert f"{gone + 1} values" in line
    assert salts() == set()
    assert list(restored.catch_up(FICTION, AT)) == []
    assert not Pseudonym.objects.filter(subject=f"organisation:{cast.party.public_id}").exists()


def test_an_entry_of_another_history_is_left_alone(kept: dict[int, bytes]) -> None:
    """Numbers and rows begin anew in another database; only the leaf says that it is the same entry."""
    erasures.note([erasures.Erasure(FICTION, "0" * 64, "words", 1, 1, AT)])
    assert list(restored.catch_up(FICTION, AT)) == []


def test_a_list_that_cannot_be_read_is_said_with_its_place(kept: dict[int, bytes]) -> None:
    Path(settings.HEADS).mkdir(parents=True, exist_ok=True)
    erasures.place().write_bytes(b"no database at all" * 100)
    with pytest.raises(erasures.ListRefused) as refused:
        erasures.listed(FICTION)
    assert str(erasures.place()) in str(refused.value)


def test_an_erasure_leaves_a_mark_until_the_bytes_are_gone(kept: dict[int, bytes]) -> None:
    erase_everything()
    assert set(Residue.objects.values_list("table", flat=True)) >= {"record_disclosure", "record_entry"}
    assert scrubbing.scrub() == ""  # in a transaction, as this test, nothing can be scrubbed
    assert Residue.objects.exists()


def test_since_a_day_takes_the_day_itself(kept: dict[int, bytes]) -> None:
    erase_everything(AT)
    erasures.note_all(FICTION)
    assert erasures.listed(FICTION, date(2026, 3, 2))
