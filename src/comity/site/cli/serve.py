"""``./comity serve``: the pages of a real instance."""

import os
import subprocess
import sys
from argparse import ArgumentParser, Namespace

from comity.site.cli import preparing, serving
from comity.site.cli.command import ANSWERED, Command, CommandError

SECRET_LENGTH = 40


def arguments(parser: ArgumentParser) -> None:
    """Where to listen."""
    parser.add_argument("--address", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (default 8000)")
    parser.add_argument("--workers", type=int, default=1, help="processes (default 1)")


def run(options: Namespace) -> int:
    """See to database and static files, then serve until stopped."""
    if len(os.environ.get("COMITY_SECRET_KEY", "")) < SECRET_LENGTH:
        raise CommandError(f"set COMITY_SECRET_KEY to {SECRET_LENGTH} or more random characters, and keep it secret")
    serving.refuse_taken_port(options.address, options.port, "serve")
    done = subprocess.run([sys.executable, "-m", preparing.__name__, "ready"], check=False)
    if done.returncode:
        return done.returncode
    serving.serve(
        options.address, options.port, workers=options.workers, ready=lambda address: print(address, flush=True)
    )
    return ANSWERED


COMMAND = Command(
    name="serve",
    purpose="serve the pages of this instance (settings: ./comity docs settings)",
    example="COMITY_SECRET_KEY=... COMITY_HOSTS=comity.example.org ./comity serve --port 8000",
    arguments=arguments,
    run=run,
)
