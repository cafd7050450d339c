"""The command line answers as documented: 0, 1 or 2, one clear line, help with an example; setup does things once."""

import os
import socket
import subprocess
import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import pytest

from comity.site.cli import catalogues, house, serving
from comity.site.cli.command import BAD_USAGE, Command, CommandError
from comity.site.cli.house import COMMANDS

CHECKOUT = Path(__file__).resolve().parents[4]


def comity(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own, without the setup before it."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("COMITY_", "DJANGO_", "DATABASE_"))
    }
    return subprocess.run(
        [sys.executable, "-m", "comity", *words],
        env=kept | {"PYTHONPATH": str(CHECKOUT / "src")} | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def setup() -> ModuleType:
    """``bootstrap.py``, loaded by its path: it is no part of the package."""
    loader = SourceFileLoader("bootstrap", str(CHECKOUT / "bootstrap.py"))
    spec = spec_from_loader("bootstrap", loader)
    assert spec is not None
    module = module_from_spec(spec)
    sys.modules["bootstrap"] = module
    loader.exec_module(module)
    return module


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_helps_with_an_example(command: Command, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        house.main([command.name, "--help"])
    told = capsys.readouterr().out
    assert left.value.code == 0
    assert command.example in told


def test_an_unknown_word_is_bad_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        house.main(["demolish"])
    assert left.value.code == BAD_USAGE
    assert "demolish" in capsys.readouterr().err


def test_an_unknown_option_is_bad_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        house.main(["tick", "--tock"])
    assert left.value.code == BAD_USAGE
    assert "--tock" in capsys.readouterr().err


def test_an_error_is_one_clear_line_on_stderr() -> None:
    done = comity("docs", "nowhere")
    assert (done.returncode, done.stdout) == (BAD_USAGE, "")
    assert done.stderr == "comity docs: there is no page 'nowhere'; ./comity docs lists them\n"


def test_a_real_instance_needs_its_secret(tmp_path: Path) -> None:
    done = comity("serve", COMITY_HOME=str(tmp_path))
    assert done.returncode == BAD_USAGE
    assert "COMITY_SECRET_KEY" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_taken_port_is_named_before_any_work(tmp_path: Path) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        with pytest.raises(CommandError, match=f"port {port}"):
            serving.refuse_taken_port("127.0.0.1", port, "demo")
        done = comity("demo", "--no-browser", "--port", str(port), COMITY_HOME=str(tmp_path))
    assert done.returncode == BAD_USAGE
    assert f"--port {port + 1}" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_new_database_gets_its_tables_and_ticks(tmp_path: Path) -> None:
    done = comity("tick", COMITY_HOME=str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "comity.sqlite3").exists()
    assert "0 entries" in done.stdout


def test_an_operator_is_made_with_a_password_from_stdin(tmp_path: Path) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(CHECKOUT / "src"),
        "COMITY_HOME": str(tmp_path),
        "COMITY_SECRET_KEY": "k" * 50,
    }
    done = subprocess.run(
        [sys.executable, "-m", "comity", "createoperator", "ada@example.org", "--name", "Ada Quill"],
        env=environment,
        input="a long and private phrase\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "ada@example.org" in done.stderr
    for address, status, told in (("Ada@example.org", 0, "/en/account/begin/"), ("eve@example.org", 2, "")):
        again = subprocess.run(
            [sys.executable, "-m", "comity", "createoperator", address, "--reopen"],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert again.returncode == status, again.stderr
        assert again.stdout.startswith(told)
        assert bool(again.stdout) == (status == 0)


def test_output_cut_short_by_its_reader_is_no_fault() -> None:
    done = subprocess.run(  # noqa: S602
        f"{sys.executable} -m comity docs architecture | head -1",
        shell=True,
        env=os.environ | {"PYTHONPATH": str(CHECKOUT / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.startswith("# ")
    assert done.stderr == ""


def test_what_is_stamped_is_not_done_again(setup: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup, "STAMPS", tmp_path / "stamps")
    monkeypatch.setattr(setup, "environment_stands", lambda: True)
    assert [step.name for step in setup.steps_for("tick")] == ["uv", "run"]
    for step in setup.steps_for("tick"):
        setup.stamp(step.name, step.value)
    assert setup.steps_for("tick") == []
    assert [step.name for step in setup.steps_for("check")] == ["dev"]


def test_a_lost_environment_is_made_again_with_everything_in_it(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setup, "environment_stands", lambda: False)
    assert [step.name for step in setup.steps_for("tick")][:3] == ["python", "uv", "run"]


def test_node_comes_from_its_lock_only_where_the_machine_has_none(
    setup: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setup, "STAMPS", tmp_path / "stamps")
    monkeypatch.setattr(setup, "FRONTEND", tmp_path / "frontend")
    monkeypatch.setattr(setup, "environment_stands", lambda: True)
    monkeypatch.setattr(setup, "system_node", lambda: None)
    assert [step.name for step in setup.steps_for("demo")] == ["uv", "run", "node", "frontend"]
    monkeypatch.setattr(setup, "system_node", lambda: "/usr/bin/node")
    assert [step.name for step in setup.steps_for("demo")] == ["uv", "run", "frontend"]


def test_a_failed_step_shows_its_last_lines(setup: ModuleType) -> None:
    with pytest.raises(setup.SetupError, match="no such luck"):
        setup.run("luck", [sys.executable, "-c", "print('no such luck'); raise SystemExit(3)"])


def test_a_missing_venv_module_is_named_in_one_line(setup: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(setup.os, "geteuid", lambda: 1000)
    with pytest.raises(setup.SetupError, match=r"^python3-venv is missing: sudo apt-get install python3\.\d+-venv$"):
        setup.make_environment()


def test_locks_hold_hashes_and_no_address() -> None:
    locks = [*(CHECKOUT / "locks").glob("*.txt"), CHECKOUT / "frontend" / "package-lock.json"]
    assert len(locks) >= 5
    for lock in locks:
        text = lock.read_text()
        assert "sha256:" in text or "sha512-" in text
        assert "://" not in text.replace("https://opencollective.com", "").replace("https://github.com/sponsors", "")
        assert '"resolved"' not in text


def test_a_refusal_states_its_rule_in_the_catalogues(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    room = tmp_path / "porch"
    (room / "templates" / "porch").mkdir(parents=True)
    (room / "apps.py").touch()
    (room / "actions.py").write_text(
        "from django.utils.translation import gettext as _, ngettext\n"
        "class DoorShut(Refusal):\n"
        '    """The door is shut\n    at night."""\n'
        "words = _('Come in.')\n"
        "more = ngettext('%(n)s guest', '%(n)s guests', 2)\n"
    )
    (room / "templates" / "porch" / "door.html").write_text("{% load i18n %}{% trans 'Knock, please.' %}")
    monkeypatch.setattr(catalogues, "HOUSE", tmp_path)
    monkeypatch.setattr(catalogues, "_REFUSALS", set())
    said = {sentence.english for sentence in catalogues.sentences(room)}
    assert said == {"The door is shut at night.", "Come in.", ("%(n)s guest", "%(n)s guests"), "Knock, please."}


def test_a_translation_must_be_whole_and_keep_its_placeholders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    room = tmp_path / "porch"
    room.mkdir()
    (room / "apps.py").touch()
    (room / "views.py").write_text("a = _('Come in.')\nb = _('%(n)s waits.')\nc = _('Mind the step.')\n")
    monkeypatch.setattr(catalogues, "HOUSE", tmp_path)
    monkeypatch.setattr(catalogues, "TRANSLATED", ("fr",))
    catalogues.update()
    path = catalogues.catalogue_path(room, "fr")
    text = path.read_text()
    text = text.replace('msgid "Come in."\nmsgstr ""', 'msgid "Come in."\nmsgstr "Entrez."')
    text = text.replace('msgid "%(n)s waits."\nmsgstr ""', 'msgid "%(n)s waits."\nmsgstr "%(m)s attend."')
    path.write_text(text)
    catalogues.update()
    assert "Entrez." in path.read_text()
    found = "\n".join(catalogues.faults())
    assert "Come in." not in found
    assert "not translated: 'Mind the step.'" in found
    assert "%(n)s waits." in found
