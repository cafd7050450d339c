"""The demo's command: whole or not there at all, not built a second time, and apart from a real instance."""

import re
import urllib.request
from pathlib import Path

import pytest

from comity.record.core.checkpoints import opened
from comity.record.core.notes import VerifierKey
from comity.record.core.tlog_proof import TlogProof
from comity.record.tests.witnesses import soon
from comity.site.cli import preparing
from comity.site.tests.browser import served_demo


def body(address: str) -> str:
    with urllib.request.urlopen(address, timeout=60) as reply:  # noqa: S310
        return str(reply.read().decode())


def test_a_second_start_uses_what_is_there(demo: str, demo_home: Path) -> None:
    with served_demo(demo_home) as (address, told):
        assert body(f"{address}/fiction/en/") is not None
        assert "1/" not in told.read_text()


def test_the_bare_address_leads_to_the_story(demo: str) -> None:
    with urllib.request.urlopen(f"{demo}/", timeout=60) as reply:  # noqa: S310
        assert reply.url == f"{demo}/fiction/en/"


def test_the_numeric_address_answers_too(demo: str) -> None:
    assert body(demo.replace("localhost", "127.0.0.1") + "/fiction/en/")


def test_the_demo_keeps_its_secret_to_itself(demo: str, demo_home: Path) -> None:
    secret = demo_home / "demo" / preparing.SECRET
    assert secret.stat().st_mode & 0o077 == 0
    assert len(secret.read_text()) >= 40


def test_a_demo_of_another_version_does_not_stand(demo: str, demo_home: Path, tmp_path: Path) -> None:
    assert preparing.stands(demo_home / "demo")
    (tmp_path / preparing.MADE_FROM).write_text('{"writers": "of last week"}')
    assert not preparing.stands(tmp_path)


def test_nothing_of_a_real_instance_reaches_the_demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://comity@db/comity")
    monkeypatch.setenv("COMITY_SECRET_KEY", "of the real instance")
    settings = preparing.environment_of_demo(tmp_path)
    assert settings["COMITY_DEMO"] == "1"
    assert "DATABASE_URL" not in settings
    assert settings["COMITY_SECRET_KEY"] == ""
    assert settings["COMITY_HOME"] == str(tmp_path)


def test_both_logs_of_the_demo_stand_under_a_signed_checkpoint(demo: str) -> None:
    for log in ("record", "fiction/record"):
        key = VerifierKey.parse(body(f"{demo}/{log}/vkeys").split()[0])
        head = opened(body(f"{demo}/{log}/checkpoint").encode(), key).checkpoint
        assert head.size > 100
        proof = TlogProof.parse(body(f"{demo}/{log}/proof/{head.size - 1}.tlog-proof").encode())
        assert opened(proof.checkpoint, key).checkpoint.size >= head.size


@pytest.mark.parametrize(("log", "pages"), [("record", "en"), ("fiction/record", "fiction/en")])
def test_three_witnesses_cosign_both_logs_and_none_is_independent(demo: str, log: str, pages: str) -> None:
    key, *witnesses = map(VerifierKey.parse, body(f"{demo}/{log}/vkeys").split())
    assert [one.name for one in witnesses] == ["localhost/w1", "localhost/w2", "localhost/w3"]
    soon(lambda: len(opened(body(f"{demo}/{log}/checkpoint").encode(), key, witnesses).cosigned) == 3)
    assert len(set(re.findall(r"(?m)^(?:log|w[123]) (.+)$", body(f"{demo}/{log}/controllers")))) == 1
    assert "no independent witness" in body(f"{demo}/{pages}/record/")
    entry = body(f"{demo}/{pages}/entry/1")
    assert "No independent witness: all who signed are run by \u2068whoever runs this demo\u2069" in entry
    assert "3 arcs, 3 witnesses: 3 closed" in entry
