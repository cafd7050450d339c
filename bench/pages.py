"""Measure the public pages: requests a second, CPU a request and queries, made anew and from memory, at four sizes.

Run from the checkout: ``./comity bench pages [--sizes 1000,5000,10000,100000] [--seconds 5] [--json]``. A house of
invented organisations is built in a scratch folder; granian serves it with two workers of one thread each; wrk (or,
where it is missing, a generator in Python, which is slower than the server) asks with sixteen connections for twenty
pages of some 210 rows. CPU is user and system time of the server's processes. Generator, server and database share
the machine. "In process" is one process without server and generator, each page made twelve times, the least of its
CPU times: what else the machine does weighs least on it. The peer, adhocracy-plus, was measured so; it cannot be
installed here, and its recorded figure is printed beside ours.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import machine

ROOT = Path(__file__).resolve().parents[1]
PEER, PEER_CPU_MS = "adhocracy-plus e7b4517d", 74
"""A page in process, recorded earlier: its sources are on no package index."""
GOALS = (
    "Goals: made anew 200/s, 7.4 ms in process, 12 queries; from memory and unchanged 3,000/s; list 50 ms, "
    "count 50 ms, facets 100 ms."
)
WORKERS, THREADS, CONNECTIONS = 2, 1, 16
ASKED = 40
"""So often each list is asked for, by readers with and without a seat."""


def environment(home: Path, memory: int, database: str) -> dict[str, str]:
    """What the server is started with."""
    told = {
        "COMITY_HOME": str(home),
        "COMITY_SECRET_KEY": "a key for a scratch house that nobody signs in to",
        "COMITY_PAGE_MEMORY": str(memory),
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT / 'bench'}",
        "DJANGO_SETTINGS_MODULE": "comity.site.settings",
    }
    return {**os.environ, **told, "DATABASE_URL": database}


def child(home: Path, task: str, *words: str, database: str = "", memory: int = 0) -> Any:
    """Run a task of this file in a process of its own over the scratch house; gives what it prints as JSON."""
    command = [sys.executable, __file__, "--task", task, *words]
    done = subprocess.run(  # noqa: S603 - our own words
        command, env=environment(home, memory, database), cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
    )
    return json.loads(done.stdout.splitlines()[-1])


def free_port() -> int:
    """A port that nothing holds."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(home: Path, memory: int, database: str = "") -> Iterator[tuple[int, int]]:
    """Serve the scratch house; gives the port and the process id of the server."""
    port = free_port()
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", str(WORKERS), "--blocking-threads",
        str(THREADS), "--host", "127.0.0.1", "--port", str(port), "--log-level", "error",
        "comity.site.wsgi:application",
    ]  # fmt: skip
    process = subprocess.Popen(command, env=environment(home, memory, database), cwd=ROOT)  # noqa: S603 - our own words
    try:
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(timeout=20)


def cpu_of(pid: int) -> float:
    """User and system seconds of a process and its children so far."""
    seconds = 0.0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(folder.name) == pid or int(fields[1]) == pid:
            seconds += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return seconds


def load(port: int, paths: list[str], seconds: int, headers: dict[str, str]) -> tuple[int, int]:
    """Ask for these paths in turn for so long; gives how many answers came, and how many were neither 200 nor 304."""
    if shutil.which("wrk") is None:
        return load_in_python(port, paths, seconds, headers)
    lines = ", ".join(json.dumps(path) for path in paths)
    named = ", ".join(
        f"[{json.dumps(name)}] = {json.dumps(value)}" for name, value in {"Host": "127.0.0.1", **headers}.items()
    )
    script = (
        f"local paths = {{{lines}}}\nlocal headers = {{{named}}}\nlocal n = 0\n"
        "request = function()\n n = n + 1\n return wrk.format('GET', paths[n % #paths + 1], headers)\nend\n"
    )
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as lua:
        lua.write(script)
        lua.flush()
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", lua.name, f"http://127.0.0.1:{port}"]
        told = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout  # noqa: S603 - our own words
    count = re.search(r"(\d+) requests in", told)
    wrong = re.search(r"Non-2xx or 3xx responses: (\d+)", told)
    return int(count[1]) if count else 0, int(wrong[1]) if wrong else 0


def load_in_python(port: int, paths: list[str], seconds: int, headers: dict[str, str]) -> tuple[int, int]:
    """The same without wrk: slower than what it measures, so that its figures are lower bounds."""
    counts = [[0, 0] for _ in range(CONNECTIONS)]
    until = time.monotonic() + seconds

    def ask(own: list[int]) -> None:
        line = http.client.HTTPConnection("127.0.0.1", port)
        while time.monotonic() < until:
            line.request("GET", paths[own[0] % len(paths)], headers=headers)
            answer = line.getresponse()
            answer.read()
            own[0] += 1
            own[1] += answer.status not in {200, 304}

    threads = [threading.Thread(target=ask, args=(own,)) for own in counts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(own[0] for own in counts), sum(own[1] for own in counts)


def measured(port: int, pid: int, paths: list[str], seconds: int, headers: dict[str, str]) -> dict[str, float]:
    """Requests a second, and CPU milliseconds a request of the server alone, once every worker has made each page."""
    for _ in range(2 * WORKERS):
        tags(port, paths)
    load(port, paths, 1, headers)
    begin, cpu = time.monotonic(), cpu_of(pid)
    count, wrong = load(port, paths, seconds, headers)
    took, spent = time.monotonic() - begin, cpu_of(pid) - cpu
    if wrong or not count:
        raise SystemExit(f"{wrong} of {count} answers were neither 200 nor 304")
    return {"per_second": round(count / took, 1), "cpu_ms": round(1000 * spent / count, 2)}


def tags(port: int, paths: list[str]) -> str:
    """The tags of all these pages in one header; a connection for each, so that all workers are asked."""
    told = []
    for path in paths:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        line.request("GET", path)
        answer = line.getresponse()
        answer.read()
        line.close()
        told.append(answer.getheader("ETag", ""))
    return ", ".join(told)


def pages(home: Path, size: int, seconds: int) -> dict[str, Any]:
    """One size: the page made anew, from memory, and unchanged."""
    paths = child(home, "grow", str(size))
    shape = child(home, "shape", *paths)
    with served(home, 0) as (port, pid):
        anew = measured(port, pid, paths, seconds, {})
    with served(home, 64) as (port, pid):
        kept = measured(port, pid, paths, seconds, {})
        unchanged = measured(port, pid, paths[:1], seconds, {"If-None-Match": tags(port, paths[:1])})
    return {"organisations": size, **shape, "anew": anew, "kept": kept, "unchanged": unchanged}


def lists(home: Path, items: int, database: str) -> dict[str, Any]:
    """The list of engagements, its count and its facets for readers drawn from a seed, through the ORM."""
    told: dict[str, Any] = child(home, "lists", str(items), database=database)
    return told


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--sizes", default="1000,5000,10000,100000")
    asked.add_argument("--items", type=int, default=100_000)
    asked.add_argument("--seconds", type=int, default=5)
    asked.add_argument("--json", action="store_true")
    asked.add_argument("--task", nargs="+")
    options = asked.parse_args()
    if options.task:
        print(json.dumps(TASKS[options.task[0]](*options.task[1:])))
        return
    home = Path(tempfile.mkdtemp(prefix="comity-pages-"))
    begun = machine.load()
    try:
        child(home, "prepare")
        found = [pages(home, int(size), options.seconds) for size in options.sizes.split(",")]
        listed = {"SQLite": lists(home, options.items, "")} if options.items else {}
        listed |= on_postgres(home, options.items) if options.items else {}
    finally:
        shutil.rmtree(home, ignore_errors=True)
    tell(found, listed, begun, as_json=options.json)


def on_postgres(home: Path, items: int) -> dict[str, Any]:
    """The lists on a PostgreSQL server of our own; nothing where none is installed."""
    from comity.site.cli.postgres import server

    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not folders:
        return {}
    with server(folders[-1]) as url:
        child(home, "prepare", database=url)
        child(home, "grow", "2000", database=url)
        return {"PostgreSQL": lists(home, items, url)}


def tell(found: list[dict[str, Any]], listed: dict[str, Any], begun: float, *, as_json: bool) -> None:
    """Print the figures as tables, or as JSON."""
    if as_json:
        print(json.dumps({"pages": found, "lists": listed}, indent=1))
        return
    print(f"{machine.told(begun)}\n")
    print(
        "| organisations | rows | kB (gzip) | queries | in process, CPU ms | anew /s | CPU ms | kept /s | CPU ms "
        "| 304 /s | CPU ms |"
    )
    print("| --- " * 11 + "|")
    for row in found:
        cells = [row["organisations"], row["rows"], f"{row['kb']} ({row['gzip_kb']})", row["queries"], row["alone"]]
        cells += [row[way][name] for way in ("anew", "kept", "unchanged") for name in ("per_second", "cpu_ms")]
        print("| " + " | ".join(str(cell) for cell in cells) + " |")
    for row in found:
        ratio = PEER_CPU_MS / row["alone"]
        print(f"\nAt {row['organisations']:,} organisations the peer takes {ratio:.1f} times as long.", end="")
    print(f"\n\nPeer: {PEER}, {PEER_CPU_MS} ms CPU a page, in process, recorded earlier; not run here. {GOALS}\n")
    if listed:
        print("| engagements of mixed levels | fifty newest | count | facets |")
        print("| --- | --- | --- | --- |")
        for name, row in listed.items():
            cells = [f"{row[what]['wall']} ({row[what]['cpu']})" for what in ("list", "count", "facets")]
            print(f"| {row['items']:,} on {name}: p95 ms (CPU of the process) | {' | '.join(cells)} |")


def _django() -> None:
    import django

    django.setup()


def prepare() -> str:
    """Make the tables, and the static files that pages name."""
    _django()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    return "ready"


def grow(size: str) -> list[str]:
    """Bring the house to a size; gives the addresses of its full pages."""
    _django()
    import invented

    from comity.registry.exports import address_of
    from comity.registry.models import Organisation

    ids = invented.grow(int(size))
    return [address_of(row, "en") for row in Organisation.objects.filter(public_id__in=ids)]


def shape(*paths: str) -> dict[str, Any]:
    """Rows, bytes and queries of the first page made anew, and the CPU time of all of them in this process."""
    _django()
    import gzip

    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(SERVER_NAME="localhost")
    client.get(paths[0])
    with CaptureQueriesContext(connection) as asked:
        body = client.get(paths[0]).content
    rows = len(re.findall(rb'<tr|<li id="source|<div><dt', body))
    return {
        "rows": rows,
        "kb": round(len(body) / 1000),
        "gzip_kb": round(len(gzip.compress(body)) / 1000),
        "queries": len(asked),
        "alone": round(alone(paths), 2),
    }


def alone(paths: Sequence[str]) -> float:
    """CPU milliseconds of a page in this process, through the entry point: of each page the least of twelve."""
    from django.test.client import RequestFactory

    from comity.site.wsgi import application

    asked = RequestFactory(SERVER_NAME="localhost")
    least = dict.fromkeys(paths, float("inf"))
    for _ in range(12):
        for path in paths:
            environ = asked.generic("GET", path).environ
            begin = time.process_time()
            answer = application(environ, _started)
            b"".join(answer)
            answer.close()
            least[path] = min(least[path], 1000 * (time.process_time() - begin))
    return statistics.mean(least.values())


def _started(status: str, headers: list[tuple[str, str]], problem: object = None) -> Callable[[bytes], object]:
    assert status.startswith("200"), status
    return lambda body: None


def ask_lists(items: str) -> dict[str, Any]:
    """Ask for list, count and facets as an anonymous reader and as members of organisations in turn."""
    _django()
    import invented
    from django.db import connection

    readers = invented.convene(int(items))
    with connection.cursor() as cursor:  # as a running database does by itself; these rows came past the product
        cursor.execute("VACUUM (ANALYZE)" if connection.vendor == "postgresql" else "ANALYZE")
    from comity.engagements import queries

    spent: dict[str, list[tuple[float, float]]] = {"list": [], "count": [], "facets": []}
    for nth in range(ASKED):
        place = readers[nth % len(readers)]
        for name, work in _asks(queries, place):
            begin, cpu = time.perf_counter(), time.process_time()
            work()
            spent[name].append((1000 * (time.perf_counter() - begin), 1000 * (time.process_time() - cpu)))
    told = {
        name: {"wall": _p95(wall for wall, _ in times), "cpu": _p95(cpu for _, cpu in times)}
        for name, times in spent.items()
    }
    return {"items": int(items), **told}


def _p95(times: Iterable[float]) -> float:
    return round(statistics.quantiles(times, n=20)[-1], 1)


def _asks(queries: Any, place: Any) -> list[tuple[str, Callable[[], object]]]:
    from comity.engagements.models import Engagement

    return [
        ("list", lambda: queries.page_of(place, queries.Asked())),
        ("count", lambda: Engagement.objects.visible_to(place.actor, place.at).count()),
        ("facets", lambda: queries.facets(place)),
    ]


TASKS: dict[str, Callable[..., Any]] = {"prepare": prepare, "grow": grow, "shape": shape, "lists": ask_lists}

if __name__ == "__main__":
    main()
