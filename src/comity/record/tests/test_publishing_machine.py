"""A log that grows, forgets, is published, dies half-way, loses its folder and gets old backups, in any order."""

import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from comity.plain.actors import SYSTEM
from comity.plain.levels import Level
from comity.plain.refs import Ref
from comity.record import published, queries
from comity.record.actions import append, close_batch, erase, sequence
from comity.record.core import merkle
from comity.record.core.checkpoints import Checkpoint, opened
from comity.record.core.notes import Note
from comity.record.core.tlog_proof import TlogProof
from comity.record.models import Entry
from comity.record.publishing import heads, publish, witnesses
from comity.record.publishing.refusals import DatabaseBehind, DatabaseDiffers
from comity.record.tests.backups import backup, restore
from comity.record.tests.hostile import witnessing
from comity.record.tests.test_publishing import AT, FICTION

STEPS = ("write", "fsync", "replace", "mkdir", "unlink", "rmdir")


class Dies(BaseException):
    """The process is gone: nothing of it catches this."""


class Log(RuleBasedStateMachine):
    """One log with three witnesses; the model knows which heads were ever signed and which proofs were handed out."""

    @initialize()
    def begin(self) -> None:
        """An empty log in folders of its own; whatever is written is rolled back at the end."""
        self.open = ExitStack()
        self.home = Path(self.open.enter_context(tempfile.TemporaryDirectory()))
        places = {name: self.home / name.lower() for name in ("RECORD", "HEADS", "KEYS", "POLICIES")}
        self.open.enter_context(override_settings(**places))
        self.open.enter_context(transaction.atomic())
        self.open.callback(transaction.set_rollback, True)
        self.asked = self.open.enter_context(witnessing("example.org/w1", "example.org/w2", "example.org/w3"))
        lines = [f"witness w{n} {one.verifier} {one.address}\n" for n, one in enumerate(self.asked)]
        places["POLICIES"].mkdir()
        (places["POLICIES"] / "fiction").write_text(f"{''.join(lines)}group q 2 w0 w1 w2\nquorum q\n")
        self.backups: list[str] = []
        self.proofs: list[bytes] = []
        self.roots: dict[int, bytes] = {}

    def teardown(self) -> None:
        """At the end the log is whole, and every old proof verifies."""
        if not hasattr(self, "open"):
            return
        with self.open:
            self.publish()

    @rule(count=st.sampled_from([1, 2, 7, 100, 256]), letter=st.sampled_from("abc"))
    def write(self, count: int, letter: str) -> None:
        for number in range(count):
            facts: dict[str, Any] = {"words": f"clause {number}"}
            append("texts.revised", realm=FICTION, subject=Ref("text", letter * 16), by=SYSTEM, at=AT, facts=facts)
        sequence(FICTION)

    @rule()
    def write_restricted(self) -> None:
        append("texts.revised", realm=FICTION, subject=Ref("text", "d" * 16), by=SYSTEM, at=AT, level=Level.ROOM)
        close_batch(FICTION, AT)

    @precondition(lambda self: Entry.objects.filter(type="texts.revised", disclosure__fields__has_key="words").exists())
    @rule()
    def forget(self) -> None:
        entry = Entry.objects.filter(disclosure__fields__has_key="words").order_by("?").first()
        assert entry is not None
        erase(entry, "words", legal_basis="for a test", by=SYSTEM, at=AT)
        sequence(FICTION)

    @rule()
    def publish(self) -> None:
        publish(FICTION, at=datetime.now(UTC))
        self.verify()

    @rule(point=st.integers(1, 60), step=st.sampled_from(STEPS))
    def die(self, point: int, step: str) -> None:
        """Publishing ends at the n-th step of a kind; another process starts anew."""
        true: Callable[..., Any] = getattr(os, step)
        left = [point]

        def dying(*of: Any, **named: Any) -> Any:
            left[0] -= 1
            if left[0] == 0:
                raise Dies
            return true(*of, **named)

        setattr(os, step, dying)
        try:
            publish(FICTION, at=datetime.now(UTC))
        except Dies:
            witnesses._MEMORY = witnesses._Memory()
        finally:
            setattr(os, step, true)

    @rule(number=st.integers(0, 2))
    def a_witness_fails(self, number: int) -> None:
        self.asked[number].misbehave = lambda handler: handler.send_error(500)

    @rule()
    def witnesses_are_well(self) -> None:
        for one in self.asked:
            one.misbehave = None

    @precondition(lambda self: heads.signed(FICTION) is not None)
    @rule()
    def lose_the_folder(self) -> None:
        shutil.rmtree(self.home / "record", ignore_errors=True)

    @rule()
    def keep_a_backup(self) -> None:
        self.backups = [*self.backups[-2:], backup()]

    @precondition(lambda self: bool(self.backups) and heads.signed(FICTION) is not None)
    @rule(which=st.integers(0, 2), more=st.booleans())
    def run_on_an_old_backup(self, which: int, more: bool) -> None:
        """What is older than the signed head signs nothing, nor does it when it has grown again; then truth is back."""
        signed = heads.signed(FICTION)
        assert signed is not None
        kept = self.backups[which % len(self.backups)]
        true = backup()
        restore(kept)
        size = published.numbered(FICTION)
        if size < signed.size:
            if more:
                self.write(signed.size - size + 1, "e")
            with pytest.raises((DatabaseBehind, DatabaseDiffers)):
                publish(FICTION, at=datetime.now(UTC))
            assert heads.signed(FICTION) == signed
        restore(true)

    def verify(self) -> None:
        """What is published is one history with all that was published before, and enough have cosigned it."""
        for one in self.asked:
            for head in one.shown:
                assert self.roots.setdefault(head.size, head.root) == head.root, "two heads of one size"
        assert queries.check(FICTION) == []
        known, signed = published.head(FICTION), heads.signed(FICTION)
        if known is None:
            return
        assert signed is not None
        assert published.policy(FICTION).met(one.key for one in known.cosigned)
        assert known.checkpoint.size <= signed.size == published.numbered(FICTION)
        hashes = [bytes(one) for one in Entry.objects.order_by("index").values_list("leaf_hash", flat=True)]
        assert Checkpoint.of(Note.parse(signed.note)).root == merkle.root_of(hashes[: signed.size])
        size = known.checkpoint.size
        for content in self.proofs[-10:]:
            proof = TlogProof.parse(content)
            old = opened(proof.checkpoint, published.vkeys(FICTION)[0]).checkpoint
            merkle.verify_inclusion(proof.index, old.size, hashes[proof.index], proof.path, old.root)
            if 0 < old.size < size:
                path = published.tree(FICTION).consistency(old.size)
                merkle.verify_consistency(old.size, size, path, old.root, known.checkpoint.root)
        if size:
            self.proofs.append(bytes(published.proof(FICTION, size - 1)))


def _run(examples: int, steps: int) -> None:
    run_state_machine_as_test(
        Log,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.django_db
def test_whatever_happens_to_a_log_its_history_stays_one() -> None:
    _run(examples=6, steps=12)


@pytest.mark.long
@pytest.mark.django_db
def test_whatever_happens_to_a_log_for_long_its_history_stays_one() -> None:
    _run(examples=150, steps=40)
