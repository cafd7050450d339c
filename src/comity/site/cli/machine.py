"""What this machine offers to tests: a browser, its fonts, a PostgreSQL server; installed where it is Debian's root."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from comity.site.cli.command import CommandError, tell

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ON_MAC = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
BROWSER_PACKAGES = ("chromium", "fonts-noto-core", "fonts-noto-extra")
POSTGRES_PACKAGES = ("postgresql-15",)
OLDEST_POSTGRES = 15


def chromium() -> str | None:
    """Where a Chromium or Chrome stands: ``COMITY_CHROMIUM``, the search path, or macOS's folder."""
    named = os.environ.get("COMITY_CHROMIUM")
    found = [named, *(shutil.which(name) for name in BROWSERS), *(path for path in ON_MAC if Path(path).exists())]
    return next((path for path in found if path), None)


def postgres() -> Path | None:
    """The folder with ``initdb`` and ``postgres`` of version 15 or newer, or None."""
    folders = [Path(folder) for folder in os.environ.get("PATH", "").split(os.pathsep) if folder]
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    folders += [
        Path(found) / "bin"
        for root in ("/opt/homebrew/opt", "/usr/local/opt")
        for found in Path(root).glob("postgresql@*")
    ]
    real = [(folder / "initdb").resolve().parent for folder in folders if (folder / "initdb").exists()]
    return next((folder for folder in real if _version(folder) >= OLDEST_POSTGRES), None)


def _version(folder: Path) -> int:
    told = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False).stdout
    numbers = [word.split(".")[0] for word in told.split() if word[0].isdigit()]
    return int(numbers[0]) if numbers and numbers[0].isdigit() else 0


def want(what: str, packages: tuple[str, ...], there: Callable[[], object]) -> bool:
    """Whether something is there, after installing it where we are root on Debian or Ubuntu."""
    if there():
        return True
    if os.geteuid() or not shutil.which("apt-get"):
        return False
    tell(f"installing {what}: apt-get install {' '.join(packages)}")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update", "-q"], ["install", "-y", "-q", "--no-install-recommends", *packages]):
        done = subprocess.run(
            ["apt-get", *words], env=quiet, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )
        if done.returncode:
            raise CommandError(f"apt-get {words[0]} failed: {done.stdout.strip().splitlines()[-1:]}")
    return bool(there())
