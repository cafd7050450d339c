"""The pages of signatures: who may sign where, what each form refuses, what is read by whom, and the evidence."""

import hashlib
import io
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from comity.people.access import SEATS_KEY
from comity.people.models import Seat
from comity.plain.actors import ActorRef
from comity.plain.levels import Level, Realm
from comity.plain.refs import Ref
from comity.record.copies import answer
from comity.record.publishing import publish
from comity.record.queries import entry_of
from comity.record.tests.copied import copied
from comity.record.tests.other import run
from comity.texts import actions
from comity.texts.models import PartySignature, Text
from comity.texts.queries import fingerprint, paper_of
from comity.texts.tests.congress import AT, VOTE, Congress, promise_clauses
from comity.texts.tests.signers import Signers, statement

OPEN, SIGN = AT + timedelta(days=1), AT + timedelta(days=2)
NOW = AT + timedelta(days=3)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("comity.site.middleware.now", lambda realm: NOW)


@pytest.fixture
def signers(congress: Congress) -> Signers:
    return Signers(congress)


@pytest.fixture
def text(congress: Congress) -> Text:
    text = statement(congress)
    actions.open_for_signature(text, by=congress.heads[0], at=OPEN)
    return text


def sitting(actor: ActorRef) -> Client:
    client, seat = Client(), Seat.objects.select_related("person").get(public_id=actor.id)
    client.force_login(seat.person)
    session = client.session
    session[SEATS_KEY] = {"fiction": actor.id}
    session.save()
    return client


def page(text: Text, of: str = "sign", ending: str = "") -> str:
    return f"/fiction/en/text/{of}/{text.public_id}{ending}"


def file_of(armored: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("words.txt.sig", armored.encode())


def test_the_paper_on_the_page_is_the_file_byte_for_byte(
    congress: Congress, signers: Signers, text: Text, check_record: Callable[[], None]
) -> None:
    signers.key(1)
    client = sitting(congress.heads[1])
    words = client.get(page(text, "paper", ".txt")).content
    assert words.decode() == paper_of(text, NOW)
    shown = client.get(page(text)).content.decode()
    assert hashlib.sha256(words).hexdigest() in shown
    assert "ssh-keygen -Y sign -n comity.text" in shown


def test_a_file_is_taken_up_and_the_second_is_refused(
    congress: Congress, signers: Signers, text: Text, check_record: Callable[[], None]
) -> None:
    client, given = sitting(congress.heads[1]), signers.given(text, 1, NOW)
    sent: dict[str, Any] = {"paper_sha256": given.paper_sha256}
    assert client.post(page(text), {**sent, "file": file_of(given.armored)}).status_code == 302
    assert "There is nothing to sign here" in client.get(page(text)).content.decode()
    assert client.post(page(text), {**sent, "file": file_of(given.armored)}).status_code == 422
    row = PartySignature.objects.get()
    base = f"/fiction/en/text/signature/{row.public_id}"
    assert client.get(f"{base}.sig").content.decode() == given.armored
    assert client.get(f"{base}.txt").content.decode() == paper_of(text, NOW)


def _stale(given: actions.SignatureGiven) -> dict[str, Any]:
    return {"paper_sha256": "0" * 64, "file": file_of(given.armored)}


REFUSED: dict[str, tuple[Callable[[actions.SignatureGiven], dict[str, Any]], str]] = {
    "nothing": (lambda given: {"paper_sha256": given.paper_sha256}, "Choose the .sig file"),
    "an empty file": (
        lambda given: {"paper_sha256": given.paper_sha256, "file": SimpleUploadedFile("a.sig", b"")},
        "empty",
    ),
    "no signature": (
        lambda given: {"paper_sha256": given.paper_sha256, "file": file_of("hello")},
        "not a signature file as ssh-keygen writes it",
    ),
    "other signs": (
        lambda given: {"paper_sha256": given.paper_sha256, "file": file_of("é")},
        "other signs than ASCII",
    ),
    "a large file": (
        lambda given: {"paper_sha256": given.paper_sha256, "file": file_of("A" * 40_000)},
        "at most 30,000 bytes",
    ),
    "the words of another day": (_stale, "Something was filed beside this text while you read it"),
}


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_what_is_no_signature_is_refused_at_its_field(
    name: str, congress: Congress, signers: Signers, text: Text, check_record: Callable[[], None]
) -> None:
    sent, told = REFUSED[name]
    refused = sitting(congress.heads[1]).post(page(text), sent(signers.given(text, 1, NOW)))
    assert refused.status_code == 422
    assert told in refused.content.decode()
    assert not PartySignature.objects.exists()


def test_who_signs_where(congress: Congress, text: Text, check_record: Callable[[], None]) -> None:
    shown = sitting(congress.heads[1]).get(page(text)).content.decode()
    assert "Your seat holds no key yet" in shown
    for actor in (congress.delegates[1], congress.secretariat, congress.monitor):
        assert sitting(actor).get(page(text)).status_code == 403
    assert Client().get(page(text)).status_code == 404
    drafted = statement(congress, title="Another statement")
    assert "There is nothing to sign here" in sitting(congress.heads[1]).get(page(drafted)).content.decode()
    assert sitting(congress.heads[1]).get(page(drafted, "paper", ".txt")).status_code == 404


def test_signatures_are_read_by_whoever_reads_the_text(
    congress: Congress, signers: Signers, text: Text, check_record: Callable[[], None]
) -> None:
    row = signers.sign(text, 1, SIGN)
    for ending in ("sig", "txt"):
        path = f"/fiction/en/text/signature/{row.public_id}.{ending}"
        assert Client().get(path).status_code == 404
        assert sitting(congress.heads[3]).get(path).status_code == 200
    kept = row.paper_sha256
    assert Client().get(f"/fiction/record/signatures/{kept}.txt").status_code == 404
    actions.set_publication(text, minute=None, by=congress.heads[0], at=SIGN)
    assert Client().get(f"/fiction/en/text/signature/{row.public_id}.sig").status_code == 200
    assert Client().get(f"/fiction/record/signatures/{kept}.txt").content.decode() == paper_of(text, SIGN)
    for wrong in (f"{kept}.sig", f"{'0' * 64}.sig", f"{kept}.exe", "nothing"):
        assert Client().get(f"/fiction/record/signatures/{wrong}").status_code == 404


def test_every_exit_tells_who_signed_and_who_withdrew(
    congress: Congress, signers: Signers, text: Text, client: Client, check_record: Callable[[], None]
) -> None:
    signers.sign(text, 1, SIGN)
    signers.sign(text, 2, SIGN, ad_referendum=True)
    actions.set_publication(text, minute=None, by=congress.heads[0], at=SIGN)
    told = {"organisation": congress.parties[1], "by": congress.heads[1], "at": NOW}
    actions.withdraw_signature(text, reason="We think otherwise.", **told)  # type: ignore[arg-type]
    address = f"/fiction/en/text/{text.public_id}/joint-statement-on-the-tides"
    shown = client.get(address).content.decode().replace("\u00a0", " ")
    assert "<s>" in shown
    assert "withdrawn on 5 March 2026" in shown
    assert "We think otherwise." in shown
    plain = client.get(page(text, "", ".txt").replace("//", "/")).content.decode()
    assert "[Second Tide Party]: signed on 4 March 2026; withdrawn on 5 March 2026" in " ".join(plain.split())
    assert "Not yet put to the vote" not in plain
    told_as_json = client.get(f"/fiction/api/v1/texts/{text.public_id}").json()
    assert [(one["state"], one["binds"]) for one in told_as_json["signatures"]] == [
        ("withdrawn", False),
        ("ad-referendum", False),
    ]
    assert told_as_json["signatures"][0]["reason"] == "We think otherwise."
    listed = client.get("/fiction/en/text/").content.decode()
    assert "1 party has signed. 1 has withdrawn." in listed
    assert client.get(page(text, "", ".pdf").replace("//", "/")).status_code == 200


def test_acts_on_a_statement_by_their_pages(
    congress: Congress, signers: Signers, check_record: Callable[[], None]
) -> None:
    text = statement(congress)
    head, other = sitting(congress.heads[0]), sitting(congress.heads[1])

    def act(client: Client, name: str, **told: object) -> int:
        return client.post(f"/fiction/en/text/act/{text.public_id}/{name}", told).status_code

    assert act(other, "open") == 403
    assert act(head, "open") == 302
    assert act(head, "open") == 422
    assert act(head, "take-back") == 302
    assert act(head, "open") == 302
    signers.sign(text, 1, NOW, ad_referendum=True)
    assert act(head, "publish", minute="2026-03-29T02:30", zone="Europe/Paris") == 422
    assert act(head, "publish", minute="2026-03-01T12:00", zone="Europe/Paris") == 422
    assert act(head, "publish", minute="2026-05-01T12:00", zone="Nowhere/At all") == 422
    assert act(head, "publish", minute="2026-05-01T12:00", zone="Europe/Paris") == 302
    assert act(other, "board", agrees="yes", words="", language="en") == 302
    assert act(other, "withdraw", reason="", language="en") == 422
    assert act(other, "withdraw", reason="We think otherwise.", language="en") == 302


def evidence_of(client: Client, text: Text, type: str) -> dict[str, bytes]:
    publish(Realm.FICTION, at=datetime.now(UTC))
    entry = entry_of(Ref("text", text.public_id), type)
    assert entry is not None
    packed = client.get(f"/fiction/record/evidence/{entry.index}.zip?language=en").content
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}


LATER = VOTE + timedelta(days=1)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("comity.site.middleware.now", lambda realm: LATER + timedelta(days=1))


@pytest.mark.usefixtures("later")
@pytest.mark.parametrize("type", ["texts.signed", "texts.adopted"])
def test_the_evidence_holds_signatures_that_check_offline(
    type: str, congress: Congress, signers: Signers, client: Client, tmp_path: Path
) -> None:
    text = congress.draft(*promise_clauses(1))
    congress.adopted(text)
    for place in (0, 1):
        signers.sign(text, place, LATER)
    files = evidence_of(client, text, type)
    names = [f"{party.public_id}.txt" for party in congress.parties[:2]]
    expected = set(names[1:] if type == "texts.signed" else names)
    assert {name for name in files if name.endswith(".sig")} == {f"{name}.sig" for name in expected}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    commands = [line.strip() for line in files["README.txt"].decode().splitlines() if "ssh-keygen -Y" in line]
    assert len(set(commands)) == len(expected)
    for command in [*set(commands), "sha256sum -c --quiet manifest", f"{sys.executable} -I comity_verify.py ."]:
        said = subprocess.run(
            ["/bin/sh", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60
        )
        assert said.returncode == 0, (command, said.stdout, said.stderr)
    shutil.copy(tmp_path / "text.txt", tmp_path / expected.pop())
    again = [sys.executable, "-I", "comity_verify.py", "."]
    assert subprocess.run(again, cwd=tmp_path, capture_output=True, check=False, timeout=60).returncode == 1


def test_a_copy_of_the_log_proves_what_was_signed_before_a_statement_was_public(
    congress: Congress, signers: Signers, text: Text, tmp_path: Path, check_record: Callable[[], None]
) -> None:
    for place in (1, 2):
        signers.sign(text, place, SIGN + timedelta(microseconds=7))
    actions.set_publication(text, minute=None, by=congress.heads[0], at=NOW)
    copied(Realm.FICTION, tmp_path, at=NOW)
    for stands, lines in (answer(tmp_path), (run(tmp_path).returncode == 0, run(tmp_path).stdout.splitlines())):
        assert stands, lines
        assert "2 signatures of organisations hold" in lines
    path = next((tmp_path / "signatures").glob("*.sig"))
    path.write_text(path.read_text().replace("U1NIU0lH", "U1NIU0lI"))
    for stands, lines in (answer(tmp_path), (run(tmp_path).returncode == 0, run(tmp_path).stdout.splitlines())):
        assert not stands
        assert "is not the file of that fingerprint" in lines[0]


def test_a_key_of_a_network_level_text_tells_nothing_of_it(
    congress: Congress, signers: Signers, text: Text, client: Client, check_record: Callable[[], None]
) -> None:
    """What is signed behind closed doors enters the record as a bare seal."""
    signers.sign(text, 1, SIGN)
    assert entry_of(Ref("text", text.public_id)) is None
    assert text.level == Level.NETWORK
    assert fingerprint(paper_of(text, SIGN) or "") not in client.get("/fiction/record/allowed_signers").content.decode()
