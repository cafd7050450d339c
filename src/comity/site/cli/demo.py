"""``./comity demo``: the real registry and one played story, on this machine, without any account."""

import os
import subprocess
import sys
import webbrowser
from argparse import ArgumentParser, Namespace
from pathlib import Path

from comity.site.cli import behind, preparing, serving
from comity.site.cli.command import ANSWERED, Command

HOST = "127.0.0.1"


def arguments(parser: ArgumentParser) -> None:
    """Where it answers, whether a browser opens, whether it starts over."""
    parser.add_argument("--port", type=int, default=8000, help="port to answer on (default 8000)")
    parser.add_argument("--no-browser", action="store_true", help="do not open a browser")
    parser.add_argument("--fresh", action="store_true", help="start over: a new database, the story played anew")


def run(options: Namespace) -> int:
    """Build what is missing, serve it, print the address when a page comes back."""
    serving.refuse_taken_port(HOST, options.port, "demo")
    home = Path(os.environ.get("COMITY_HOME", "var")).resolve() / "demo"
    if answer := _prepare(home, fresh=options.fresh):
        return answer
    environment = preparing.environment_of_demo(home)
    os.environ.clear()
    os.environ.update(environment)
    with subprocess.Popen([sys.executable, "-m", behind.__name__, str(home), str(os.getpid())]) as working:
        try:
            serving.serve(HOST, options.port, ready=lambda address: _welcome(address, browser=not options.no_browser))
        finally:
            working.terminate()
    return ANSWERED


def _prepare(home: Path, *, fresh: bool) -> int:
    """Build the demo, or bring its static files up to date, or do nothing because everything stands."""
    environment = preparing.environment_of_demo(home)
    work = ["build", str(home)]
    if preparing.stands(home) and not fresh:
        if preparing.static_stands(home, Path(environment["COMITY_FRONTEND"])):
            return ANSWERED
        work = ["ready"]
    return subprocess.run([sys.executable, "-m", preparing.__name__, *work], env=environment, check=False).returncode


def _welcome(address: str, *, browser: bool) -> None:
    print(f"Comity answers at {address}   (Ctrl-C ends it)", flush=True)
    if browser and sys.stdout.isatty() and _has_screen():
        webbrowser.open(address)


def _has_screen() -> bool:
    return sys.platform == "darwin" or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


COMMAND = Command(
    name="demo",
    purpose="the real registry and one played story in a plainly fictional network, served on this machine",
    example="./comity demo --port 8080",
    arguments=arguments,
    run=run,
)
