"""Measure the record: from a change to a cosigned checkpoint, numbering and writing, proofs, the audit of a whole log.

Run from the checkout: ``./comity bench record [--entries 1000000] [--changes 120] [--waiting 50000] [--listed 300000]
[--json]``. Peer: pymerkle, in its own interpreter, over as many entries; beside both stands what this machine's SHA-256
alone would take.

*Change to checkpoint*: a scratch house with its worker and three witnesses, each a process; one public entry at a time
is written and committed, and the checkpoint in its place is watched until it covers the entry. *Sequencing*: entries
that wait are numbered, written as tiles and bundles forced to the disk, read back, verified and signed. *Proofs*: a
path from tiles on disk, each of another entry, and its verification. *Audit*: ``verify/comity_verify.py`` over a log
on disk (hashes, chains, gaps), and what its signatures take. *List*: the first page and the count of a record in its
tables, by every choice of a reader alone and with the others (``record_list.py``).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import machine

ROOT = Path(__file__).resolve().parents[1]
PEER = ROOT / ".bench" / "bin" / "python"
VERIFIER, WITNESS = ROOT / "verify" / "comity_verify.py", ROOT / "witness" / "comity_witness.py"
GOALS = (
    "Goals: change to checkpoint p50 1.5 s, p99 5 s; sequencing 5,000/s; a proof at 1,000,000 in 2 ms p50 from at most "
    "5 tiles; audit of 1,000,000 in 10 s; a list by any choice among 300,000 in 50 ms p95."
)
WITNESSES = 3
WITHIN = 60.0
"""Seconds after which a change that no checkpoint covers ends the benchmark."""


def environment(home: Path, database: str = "") -> dict[str, str]:
    """The scratch house."""
    told = {
        "COMITY_HOME": str(home),
        "COMITY_SECRET_KEY": "a key for a scratch house that nobody signs in to",
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT / 'bench'}",
        "DJANGO_SETTINGS_MODULE": "comity.site.settings",
        "DATABASE_URL": database,
    }
    return {**os.environ, **told}


def run(command: Sequence[object], **options: Any) -> str:
    """What a command prints; it must end well."""
    done = subprocess.run(  # noqa: S603 - our own words
        [str(word) for word in command], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True, **options
    )
    return str(done.stdout)


def child(home: Path, task: str, *words: object, database: str = "") -> Any:
    """Run a task of this file in a process of its own over the scratch house; gives what it prints as JSON."""
    told = run([sys.executable, __file__, "--task", task, *words], env=environment(home, database))
    return json.loads(told.splitlines()[-1])


def quantiles(times: Sequence[float]) -> dict[str, float]:
    """Median, 99th percentile and most, in milliseconds."""
    hundred = statistics.quantiles(times, n=100, method="inclusive")
    return {"p50": round(hundred[49], 3), "p99": round(hundred[98], 3), "most": round(max(times), 3)}


# --- change to cosigned checkpoint ----------------------------------------------------------------------------------


def changes(database: str, count: int) -> dict[str, Any]:
    """Change to checkpoint, with a worker and three witnesses."""
    home = Path(tempfile.mkdtemp(prefix="comity-record-"))
    try:
        vkey = child(home, "found", database=database)
        with ExitStack() as running:
            parties = [running.enter_context(witness(home / f"witness-{n}", n, vkey)) for n in range(WITNESSES)]
            write_policy(home / "record-policy" / "real", parties)
            worker = subprocess.Popen(
                [sys.executable, "-m", "comity", "worker"], env=environment(home, database), stdout=subprocess.DEVNULL
            )
            running.callback(worker.wait, 20)
            running.callback(worker.terminate)
            told: dict[str, Any] = child(home, "change", count, database=database)
        return told
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def witness(folder: Path, number: int, log: str) -> Iterator[tuple[str, str]]:
    """A witness of its own; gives its key and its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    made = run([sys.executable, WITNESS, "init", folder, "--name", f"witness.example/w{number}"])
    run([sys.executable, WITNESS, "add-log", folder, log])
    serving = subprocess.Popen(  # noqa: S603 - our own words
        [sys.executable, str(WITNESS), "serve", str(folder), "--port", str(port)], stdout=subprocess.DEVNULL
    )
    try:
        key = re.search(r"witness\.example/w\d\+[0-9a-f]{8}\+\S+", made)
        assert key, made
        yield key[0], f"http://127.0.0.1:{port}"
    finally:
        serving.terminate()
        serving.wait(20)


def write_policy(path: Path, parties: Sequence[tuple[str, str]]) -> None:
    """All three witnesses must cosign."""
    lines = [f"witness w{number} {key} {url}" for number, (key, url) in enumerate(parties)]
    names = " ".join(f"w{number}" for number in range(len(parties)))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([*lines, f"group all-of-them all {names}", "quorum all-of-them", ""]))


def found() -> str:
    """Make the tables, write the first entry, publish it without a witness; gives the log's key."""
    django_set_up()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    from datetime import UTC, datetime

    from comity.plain.levels import Realm
    from comity.record import published
    from comity.record.publishing import publish

    _append(0)
    publish(Realm.REAL, at=datetime.now(UTC))
    return str(published.vkeys(Realm.REAL)[0])


def change(count: str) -> dict[str, Any]:
    """Write one entry after another, and wait for each until a cosigned checkpoint covers it."""
    django_set_up()
    from comity.plain.levels import Realm
    from comity.record import published

    drawn, times = random.Random(5), []  # noqa: S311 - pauses between changes
    for number in range(int(count)):
        time.sleep(drawn.random() * 0.6)
        begin = time.perf_counter()
        _append(number + 1)
        until = begin + WITHIN
        wanted = published.numbered(Realm.REAL)
        while (head := published.head(Realm.REAL)) is None or head.checkpoint.size < wanted:
            if time.perf_counter() > until:
                raise SystemExit(f"change {number} is under no checkpoint after {WITHIN:.0f} s")
            time.sleep(0.005)
        times.append(time.perf_counter() - begin)
    head = published.head(Realm.REAL)
    assert head is not None
    return {"changes": len(times), "witnesses": len(head.cosigned), **quantiles(times)}


def _append(number: int) -> None:
    from datetime import UTC, datetime

    from django.db import transaction

    from comity.plain.actors import SYSTEM
    from comity.plain.levels import Realm
    from comity.plain.refs import Ref
    from comity.record.actions import append

    subject = Ref("text", f"{number % 40:016d}".translate(str.maketrans("0189", "abcd")))
    with transaction.atomic():
        append("texts.revised", realm=Realm.REAL, subject=subject, by=SYSTEM, at=datetime.now(UTC), facts={"n": number})


def django_set_up() -> None:
    """Open the scratch house in this process."""
    import django

    django.setup()


# --- sequencing -----------------------------------------------------------------------------------------------------


def sequencing(database: str, waiting: int) -> dict[str, Any]:
    """Number, write, verify and sign entries that wait."""
    home = Path(tempfile.mkdtemp(prefix="comity-record-"))
    try:
        child(home, "found", database=database)
        told: dict[str, Any] = child(home, "sequence", waiting, database=database)
        return told
    finally:
        shutil.rmtree(home, ignore_errors=True)


def sequence(waiting: str) -> dict[str, Any]:
    """Let so many entries wait, then publish them, in one round."""
    django_set_up()
    from datetime import UTC, datetime

    from comity.plain.levels import Level, Realm
    from comity.record import published
    from comity.record.core import merkle
    from comity.record.models import Entry
    from comity.record.publishing import publish

    pattern = bytes(Entry.objects.get(index=0).leaf)
    at = datetime.now(UTC)
    for first in range(0, int(waiting), 5_000):
        rows = []
        for number in range(first, min(first + 5_000, int(waiting))):
            subject = f"text:{number:016d}".translate(str.maketrans("0189", "abcd"))
            leaf = re.sub(rb'"subject":"[^"]+"', f'"subject":"{subject}"'.encode(), pattern)
            rows.append(
                Entry(
                    log_id="real", type="texts.revised", at=at, actor="system", subject=subject, subject_seq=1,
                    level=Level.PUBLIC, leaf=leaf, leaf_hash=merkle.leaf_hash(leaf),
                )
            )  # fmt: skip
        Entry.objects.bulk_create(rows)
    begin = time.perf_counter()
    publish(Realm.REAL, at=at)
    took = time.perf_counter() - begin
    head = published.head(Realm.REAL)
    assert head is not None
    assert head.checkpoint.size == int(waiting) + 1
    return {"entries": int(waiting), "seconds": round(took, 2), "per_second": round(int(waiting) / took)}


# --- the list -------------------------------------------------------------------------------------------------------


def lists(database: str, entries: int) -> dict[str, Any]:
    """The list of a record of so many entries, by every choice."""
    home = Path(tempfile.mkdtemp(prefix="comity-record-"))
    try:
        told: dict[str, Any] = child(home, "list", entries, database=database)
        return told
    finally:
        shutil.rmtree(home, ignore_errors=True)


def list_of(entries: str) -> dict[str, Any]:
    """Fill the tables, then ask for the list by every choice."""
    django_set_up()
    import record_list
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    record_list.fill(int(entries))
    times = record_list.measured()
    p95 = statistics.quantiles(times, n=100, method="inclusive")[94]
    return {"entries": int(entries), "choices": len(times), "p95": round(p95, 3), **quantiles(times)}


# --- proofs and audit -----------------------------------------------------------------------------------------------


def proofs(folder: Path, asked: int = 2_000) -> dict[str, Any]:
    """Paths from tiles on disk, each with nothing kept from the one before, and their verification."""
    from comity.record.core import merkle
    from comity.record.core.checkpoints import Checkpoint
    from comity.record.core.notes import Note
    from comity.record.core.tiles import TileName, Tree

    head = Checkpoint.of(Note.parse((folder / "checkpoint").read_bytes()))
    drawn = random.Random(5)  # noqa: S311 - which entries are asked for
    made, verified, older, reads = [], [], [], 0

    def read(name: TileName) -> bytes:
        return (folder / name.path).read_bytes()

    for _ in range(asked):
        index = drawn.randrange(head.size)
        begin = time.perf_counter()
        tree = Tree(head.size, read)
        path = tree.inclusion(index)
        made.append(1000 * (time.perf_counter() - begin))
        reads = max(reads, tree.reads)
        leaf = tree.leaf(index)
        begin = time.perf_counter()
        merkle.verify_inclusion(index, head.size, leaf, path, head.root)
        verified.append(1000 * (time.perf_counter() - begin))
        begin = time.perf_counter()
        Tree(head.size, read).consistency(1 + drawn.randrange(head.size))
        older.append(1000 * (time.perf_counter() - begin))
    return {
        "entries": head.size, "reads": reads, "inclusion": quantiles(made), "verified": quantiles(verified),
        "consistency": quantiles(older),
    }  # fmt: skip


def audit(folder: Path, python: Path = Path(sys.executable)) -> dict[str, Any]:
    """The stand-alone verifier over the log on disk."""
    begin = time.perf_counter()
    run([python, VERIFIER, folder, "--without-values"])
    return {"seconds": round(time.perf_counter() - begin, 2)}


def signatures(count: int = 2_000) -> dict[str, float]:
    """What checking one signature takes: of a checkpoint, and of a passkey's curve."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    message, plain, curve = b"a text " * 20, Ed25519PrivateKey.generate(), ec.generate_private_key(ec.SECP256R1())
    signed, of_curve = plain.sign(message), curve.sign(message, ec.ECDSA(hashes.SHA256()))
    return {
        "ed25519_ms": _each(count, lambda: plain.public_key().verify(signed, message)),
        "p256_ms": _each(count, lambda: curve.public_key().verify(of_curve, message, ec.ECDSA(hashes.SHA256()))),
    }


def _each(count: int, work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    for _ in range(count):
        work()
    return round(1000 * (time.perf_counter() - begin) / count, 3)


def floor(entries: int) -> dict[str, float]:
    """What SHA-256 alone would take for the tree of so many entries: in CPython, and in C."""
    node, sha256 = b"\1" + bytes(64), hashlib.sha256
    begin = time.perf_counter()
    for _ in range(200_000):
        sha256(node).digest()
    cpython = (time.perf_counter() - begin) / 200_000
    told = {"cpython_seconds": round(2 * entries * cpython, 2)}
    if openssl := shutil.which("openssl"):
        out = run([openssl, "speed", "-elapsed", "-seconds", "1", "-bytes", "65", "sha256"], stderr=subprocess.DEVNULL)
        speed = re.search(r"^sha256\s+([\d.]+)k", out, re.M)
        if speed:
            told["c_seconds"] = round(2 * entries * 65 / (float(speed[1]) * 1000), 2)
    return told


# --- the peer -------------------------------------------------------------------------------------------------------


def peer(entries: int) -> dict[str, Any]:
    """Pymerkle over as many entries: in memory, one by one as it takes them, and its proof from there."""
    told: dict[str, Any] = json.loads(run([PEER, __file__, "--peer", entries]).splitlines()[-1])
    return told


def as_peer(entries: int) -> dict[str, Any]:
    """Inside the peer's interpreter."""
    from pymerkle import InmemoryTree, verify_inclusion  # type: ignore[import-not-found]

    tree = InmemoryTree(algorithm="sha256")
    begin = time.perf_counter()
    for number in range(entries):
        tree.append_entry(b"entry %d" % number + b"." * 90)
    appended = time.perf_counter() - begin
    begin = time.perf_counter()
    tree.get_root()
    root = time.perf_counter() - begin
    drawn, made = random.Random(5), []  # noqa: S311 - which entries are asked for
    for _ in range(200):
        number = 1 + drawn.randrange(entries)
        begin = time.perf_counter()
        proof = tree.prove_inclusion(number, entries)
        made.append(1000 * (time.perf_counter() - begin))
        verify_inclusion(tree.get_leaf(number), tree.get_root(entries), proof)
    return {
        "entries": entries, "append_seconds": round(appended, 1), "per_second": round(entries / appended),
        "root_ms": round(1000 * root, 2), "inclusion": quantiles(made),
    }  # fmt: skip


# --- all of it ------------------------------------------------------------------------------------------------------


def databases() -> Iterator[tuple[str, str]]:
    """SQLite, and PostgreSQL where a server of our own can be run: name and address."""
    from comity.site.cli.machine import postgres
    from comity.site.cli.postgres import server

    yield "SQLite", ""
    binaries = postgres()
    if binaries:
        with server(binaries) as url:
            yield "PostgreSQL", url


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--entries", type=int, default=1_000_000)
    asked.add_argument("--changes", type=int, default=120)
    asked.add_argument("--waiting", type=int, default=50_000)
    asked.add_argument("--listed", type=int, default=300_000)
    asked.add_argument("--json", action="store_true")
    asked.add_argument("--task", nargs="+")
    asked.add_argument("--peer", type=int)
    options = asked.parse_args()
    if options.task:
        print(json.dumps(TASKS[options.task[0]](*options.task[1:])))
    elif options.peer:
        print(json.dumps(as_peer(options.peer)))
    else:
        measure(options)


def measure(options: argparse.Namespace) -> None:
    """Everything, one after another."""
    begun, told = machine.load(), dict[str, Any]()
    for name, url in databases():
        told[f"change to cosigned checkpoint, {name}"] = changes(url, options.changes)
    for name, url in databases():
        told[f"sequencing, {name}"] = sequencing(url, options.waiting)
    for name, url in databases():
        told[f"list by every choice, {name}"] = lists(url, options.listed)
    folder = Path(tempfile.mkdtemp(prefix="comity-log-"))
    try:
        import record_log

        record_log.write_log(folder, options.entries)
        told["proof from tiles"] = proofs(folder)
        told["audit, comity_verify.py"] = audit(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    told["one signature checked"] = signatures()
    told["floor of SHA-256"] = floor(options.entries)
    told["peer pymerkle, in memory"] = peer(options.entries)
    tell(told, begun, as_json=options.json)


def tell(told: dict[str, Any], begun: float, *, as_json: bool) -> None:
    """Print what was measured, and how often the peer takes as long."""
    if as_json:
        print(json.dumps(told))
        return
    print(machine.told(begun))
    for name, figures in told.items():
        print(f"{name}: " + ", ".join(f"{key} {value}" for key, value in figures.items()))
    ours, theirs = told["sequencing, SQLite"]["per_second"], told["peer pymerkle, in memory"]["per_second"]
    print(f"Entries a second, durable and signed, over the peer's in memory: {ours / theirs:.2f}")
    print(GOALS)


TASKS: dict[str, Callable[..., Any]] = {"found": found, "change": change, "sequence": sequence, "list": list_of}

if __name__ == "__main__":
    main()
