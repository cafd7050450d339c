"""Search by name: hits by kind of question and times, at two sizes, on both databases, beside their own trigrams.

Run by ``./comity bench search [--each N] [--sizes 5000 100000] [--databases sqlite postgresql]``. The first size has
the organisations of ``../shared/data/registry`` as they are; larger ones are filled up with names that recombine words
of real ones, country by country. Each database and size runs in an interpreter of its own, on a private database that
is gone afterwards. The peers answer the same questions over the same keys in the same run: SQLite FTS5 (tokenizer
trigram, OR of all trigrams, bm25), PostgreSQL pg_trgm (``%``, ordered by similarity, gin index).
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles
from typing import TYPE_CHECKING, Any

import machine

if TYPE_CHECKING:
    from comity.registry.tests.questions import Bearer, Question

ROOT = Path(__file__).resolve().parents[1]
PARTIES = ROOT.parent / "shared" / "data" / "registry" / "parties.csv"
REAL, LARGE = 5_000, 100_000
FIRST = 5
PEER_EACH = {"sqlite": {REAL: 60, LARGE: 10}, "postgresql": {REAL: 60, LARGE: 40}}
"""Questions of each kind that the peer is asked: where it needs half a second each, few."""


def bearers(size: int) -> list[Bearer]:
    """The real parties, and beyond their number recombined ones."""
    from comity.registry.tests.questions import real_bearers

    real = real_bearers(PARTIES)
    return real if size <= REAL else [*real, *_recombined(real, size - len(real))]


def _recombined(real: Sequence[Bearer], count: int) -> Iterator[Bearer]:
    from comity.registry.tests.questions import Bearer, different

    drawn = random.Random(2)  # noqa: S311 - a seeded draw, no secret
    by_country: dict[str, list[Bearer]] = {}
    for bearer in real:
        by_country.setdefault(bearer.country, []).append(bearer)
    for number in range(len(real), len(real) + count):
        model = drawn.choice(real)
        alike = by_country[model.country]
        names = tuple(_mixed(name, at, alike, drawn) for at, name in enumerate(model.names))
        yield Bearer(number, different(*names), "".join(word[0] for word in names[0].split())[:60], model.country)


def _mixed(name: str, at: int, alike: Sequence[Bearer], drawn: random.Random) -> str:
    """A name of as many words, every second one from another name of the same country in the same place."""
    words = name.split()
    other = drawn.choice(alike).names
    others = (other[at] if at < len(other) else name).split() or words
    return " ".join(drawn.choice((word, drawn.choice(others))) for word in words)


def asked(questions: Sequence[Question], answer: Callable[[Question], list[Any]], hit: Callable[..., bool]) -> Any:
    """Hits in percent and times in milliseconds, by kind."""
    told: dict[str, dict[str, Any]] = {}
    for question in questions:
        begin, cpu = time.perf_counter(), time.process_time()
        found = answer(question)
        one = told.setdefault(question.kind, {"hits": 0, "times": [], "cpu": [], "missed": []})
        one["times"].append((time.perf_counter() - begin) * 1000)
        one["cpu"].append((time.process_time() - cpu) * 1000)
        if hit(question, found):
            one["hits"] += 1
        else:
            one["missed"].append((question.typed, question.meant))
    return told


def summary(told: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Percent of hits by kind; p50 and p95 over all, and p95 of the CPU time of this process, without the server."""
    times = [one for kind in told.values() for one in kind["times"]]
    cpu = [one for kind in told.values() for one in kind["cpu"]]
    return {
        "hits": {kind: round(100 * one["hits"] / len(one["times"]), 1) for kind, one in told.items()},
        "p50": round(quantiles(times, n=2)[0], 1),
        "p95": round(quantiles(times, n=20)[-1], 1),
        "cpu": round(quantiles(cpu, n=20)[-1], 1),
        "missed": {kind: one["missed"][:8] for kind, one in told.items()},
    }


def measure(database: str, size: int, each: int) -> dict[str, Any]:
    """Everything of one database and size, inside the interpreter of its own."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    from comity.plain.actors import ANONYMOUS
    from comity.plain.levels import Realm
    from comity.registry.core.search import key_of
    from comity.registry.importing import ensure_regions
    from comity.registry.models import SearchKey
    from comity.registry.queries import region_label
    from comity.registry.search.asked import Asked, organisations_asked
    from comity.registry.tests.questions import Question, fill, questions

    ensure_regions(datetime.now(UTC))
    given = bearers(size)
    begin = time.perf_counter()
    placed = fill(given, datetime.now(UTC))
    filled = time.perf_counter() - begin
    keys: dict[int, set[str]] = {}
    for organisation, key in SearchKey.objects.values_list("organisation_id", "key"):
        keys.setdefault(organisation, set()).add(key)
    at = datetime.now(UTC)

    def ours(question: Question) -> list[int]:
        found = organisations_asked(Asked(question.typed), Realm.REAL, ANONYMOUS, at)
        return [hit.organisation for hit in found[:FIRST]]

    def borne(question: Question, found: list[int]) -> bool:
        return any(key_of(question.meant) in keys[one] for one in found)

    def itself(question: Question, found: list[int]) -> bool:
        return found[:1] == [placed[question.bearer.number]]

    drawn = questions(given, each)
    borne_in = {(one.country, key, one.number) for one in given for key in keys.get(placed[one.number], ())}
    alone = Counter((country, key) for country, key, _number in borne_in)
    with_country = [
        Question("with its country", f"{one.meant} {region_label(one.bearer.country).text}", one.meant, one.bearer)
        for one in questions(given, each, seed=3)
        if one.kind in ("abbreviation", "one slip") and alone[one.bearer.country, key_of(one.meant)] == 1
    ]
    organisations_asked(Asked("warm up"), Realm.REAL, ANONYMOUS, at)
    told = asked(drawn, ours, borne) | asked(with_country, ours, itself)
    few = PEER_EACH[database].get(size, 20)
    peer = asked(questions(given, few), PEERS[database](), borne)
    return {
        "filled": round(filled, 1),
        "keys": sum(map(len, keys.values())),
        "ours": summary(told),
        "peer": summary(peer),
    }


def _fts5() -> Callable[[Question], list[Any]]:
    from django.db import connection

    from comity.registry.core.search import key_of

    cursor = connection.cursor()
    cursor.execute("CREATE VIRTUAL TABLE peer USING fts5(key, organisation UNINDEXED, tokenize='trigram')")
    cursor.execute("INSERT INTO peer SELECT key, organisation_id FROM registry_searchkey")

    def answer(question: Question) -> list[Any]:
        key = key_of(question.typed)
        threes = {key[at : at + 3] for at in range(len(key) - 2)} or {key}
        words = " OR ".join(f'"{three}"' for three in sorted(threes))
        cursor.execute("SELECT organisation FROM peer WHERE peer MATCH %s ORDER BY bm25(peer) LIMIT 20", [words])
        return list(dict.fromkeys(row[0] for row in cursor.fetchall()))[:FIRST]

    return answer


def _pg_trgm() -> Callable[[Question], list[Any]]:
    from django.db import connection

    from comity.registry.core.search import key_of

    cursor = connection.cursor()
    cursor.execute("CREATE EXTENSION pg_trgm")
    cursor.execute("CREATE INDEX peer ON registry_searchkey USING gin (key gin_trgm_ops)")
    cursor.execute("VACUUM ANALYZE registry_searchkey")

    def answer(question: Question) -> list[Any]:
        key = key_of(question.typed)
        cursor.execute(
            "SELECT organisation_id FROM registry_searchkey WHERE key %% %s ORDER BY similarity(key, %s) DESC LIMIT 20",
            [key, key],
        )
        return list(dict.fromkeys(row[0] for row in cursor.fetchall()))[:FIRST]

    return answer


PEERS = {"sqlite": _fts5, "postgresql": _pg_trgm}
PEER_NAMES = {"sqlite": "SQLite FTS5 trigram, bm25", "postgresql": "PostgreSQL pg_trgm %"}


@contextmanager
def database_of(name: str) -> Iterator[dict[str, str]]:
    """The environment of a private database."""
    from comity.site.cli.machine import postgres
    from comity.site.cli.postgres import server

    home = {"COMITY_SECRET_KEY": "bench", "DJANGO_SETTINGS_MODULE": "comity.site.settings"}
    with tempfile.TemporaryDirectory(prefix="comity-search-") as folder:
        if name == "sqlite":
            yield home | {"COMITY_DATABASE": f"{folder}/search.sqlite3", "COMITY_HOME": folder}
            return
        binaries = postgres()
        if binaries is None:
            raise SystemExit("no PostgreSQL server is installed here: ask for --databases sqlite")
        with server(binaries) as url:
            yield home | {"DATABASE_URL": url, "COMITY_HOME": folder}


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--each", type=int, default=60, help="questions of each kind")
    parser.add_argument("--sizes", type=int, nargs="+", default=[REAL, LARGE])
    parser.add_argument("--databases", nargs="+", choices=sorted(PEERS), default=["sqlite", "postgresql"])
    parser.add_argument("--missed", action="store_true", help="name some questions that were missed")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        print(json.dumps(measure(options.databases[0], options.sizes[0], options.each)))
        return
    begun = machine.load()
    kinds = ("accent dropped", "transliterated", "one slip", "abbreviation", "with its country")
    print(f"| database, organisations | {' | '.join(kinds)} | p50 / p95 ms (p95 of CPU) |")
    print("| --- " * (len(kinds) + 2) + "|")
    for size in options.sizes:
        for name in options.databases:
            told = _apart(name, size, options.each)
            for title, one in ((f"{name}, {size:,}", told["ours"]), (f"{PEER_NAMES[name]}, {size:,}", told["peer"])):
                hits = " | ".join(f"{one['hits'][kind]} %" if kind in one["hits"] else "" for kind in kinds)
                print(f"| {title} | {hits} | {one['p50']} / {one['p95']} ({one['cpu']}) |", flush=True)
                if options.missed:
                    print(json.dumps(one["missed"], ensure_ascii=False, indent=1), file=sys.stderr)
            print(f"{name} {size}: {told['keys']} keys, filled in {told['filled']} s", file=sys.stderr)
    print(f"\n{machine.told(begun)}")


def _apart(name: str, size: int, each: int) -> dict[str, Any]:
    with database_of(name) as environment:
        command = [sys.executable, __file__, "--inside", "--databases", name, "--sizes", str(size), "--each", str(each)]
        kept = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "COMITY_DATABASE")}
        done = subprocess.run(command, env=kept | environment, stdout=subprocess.PIPE, check=True)  # noqa: S603 - our own words
        return json.loads(done.stdout)  # type: ignore[no-any-return]


if __name__ == "__main__":
    main()
