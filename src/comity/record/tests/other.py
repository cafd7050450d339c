"""The stand-alone verifier, loaded from its file as a second opinion."""

import contextlib
import importlib.util
import io
import subprocess
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

VERIFIER = Path(__file__).resolve().parents[4] / "verify" / "comity_verify.py"


@cache
def second_opinion() -> ModuleType:
    """The verifier as a module; it imports nothing of ours."""
    spec = importlib.util.spec_from_file_location("comity_verify", VERIFIER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["comity_verify"] = module
    spec.loader.exec_module(module)
    return module


def judged(place: Path, *arguments: str) -> bool:
    """Whether the verifier says yes, without a process of its own."""
    answer: int = second_opinion().main([str(place), *arguments])
    return answer == 0


def run(*arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    """Run the verifier's command line in this process, which starts none for each of many."""
    said, errors = io.StringIO(), io.StringIO()
    words = [str(word) for word in arguments]
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(errors):
        code = second_opinion().main(words)
    return subprocess.CompletedProcess(words, code, said.getvalue(), errors.getvalue())


def alone(*arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    """Run the verifier as a reader would, in a Python that cannot see our code."""
    command = [sys.executable, "-I", str(VERIFIER), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
