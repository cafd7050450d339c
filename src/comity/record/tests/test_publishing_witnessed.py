"""Witnesses honest, slow, hostile and down: what is published is cosigned by enough of them, and nothing else is."""

import contextlib
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from django.conf import settings

from comity.plain.levels import Realm
from comity.record import published
from comity.record.core.checkpoints import Checkpoint
from comity.record.core.notes import KeyKind, Note, SigningKey
from comity.record.core.policies import Policy
from comity.record.publishing import heads, witnesses
from comity.record.publishing.keys import key_of
from comity.record.publishing.refusals import PolicyUnreadable, WitnessAhead, WitnessDiffers
from comity.record.tests.conftest import Publish
from comity.record.tests.hostile import Witness, answered, witnessing
from comity.record.tests.test_publishing import FICTION, write
from comity.record.tests.witnesses import made, serving

pytestmark = pytest.mark.usefixtures("check_record", "publish_log")
BOUND = 20.0
"""Seconds in which a round with hostile witnesses ends, however busy the machine."""


def ask(*lines: str, controllers: str = "") -> None:
    """Write the operator's policy."""
    place = Path(settings.POLICIES) / "fiction"
    place.parent.mkdir(exist_ok=True)
    place.write_text("".join(f"{line}\n" for line in lines))
    place.with_name("fiction.controllers").write_text(controllers)


def named(*asked: Witness) -> list[str]:
    return [f"witness {one.name.split('/')[-1]} {one.verifier} {one.address}" for one in asked]


def ask_two_of(*asked: Witness) -> None:
    ask(*named(*asked), f"group q 2 {' '.join(one.name.split('/')[-1] for one in asked)}", "quorum q")


@pytest.fixture
def three() -> Iterator[list[Witness]]:
    with witnessing("example.org/w1", "example.org/w2", "example.org/w3") as asked:
        ask_two_of(*asked)
        yield asked


def cosigners() -> set[str]:
    return {one.name for one in published.standing(FICTION).cosigners}


def test_three_real_witnesses_cosign_what_is_published(publish_log: Publish, tmp_path: Path) -> None:
    log = key_of(FICTION, published.origin(FICTION), signed_before=False).verifier
    with ExitStack() as running:
        lines = []
        for number in (1, 2, 3):
            place = tmp_path / f"w{number}"
            key = made(place, log, name=f"witness.example.org/w{number}")
            lines.append(f"witness w{number} {key} {running.enter_context(serving(place)).address}")
        ask(*lines, "group q all w1 w2 w3", "quorum q", controllers="w1 One party\nw2 Another party\nw3 A monitor\n")
        for count in (3, 300, 1):
            write(count)
            assert publish_log().endswith("published, cosigned by w1, w2, w3")
            standing = published.standing(FICTION)
            assert standing.published == standing.numbered
            assert standing.independent
            assert [one.controller for one in standing.cosigners] == ["One party", "Another party", "A monitor"]
        known = published.head(FICTION)
        assert known is not None
        assert Policy.parse((published.folder(FICTION) / "policy").read_text()).met(one.key for one in known.cosigned)


def test_without_a_quorum_the_old_checkpoint_stays(publish_log: Publish, three: list[Witness]) -> None:
    write(1)
    publish_log()
    kept = published.checkpoint(FICTION)
    for one in three[:2]:
        one.misbehave = lambda handler: answered(handler, 500, b"")
    write(2)
    assert publish_log() == "fiction: 3 entries signed, waiting for witnesses: w1 answers 500; w2 answers 500"
    assert published.checkpoint(FICTION) == kept
    standing = published.standing(FICTION)
    assert (standing.published, standing.numbered) == (1, 3)
    assert standing.waiting_since is not None
    three[0].misbehave = None
    assert publish_log() == "fiction: 3 entries published, cosigned by w1, w3; w2 answers 500"
    assert published.standing(FICTION).lacking == ("w2",)


def test_a_witness_that_was_late_is_asked_again_and_closes_its_arc(publish_log: Publish, three: list[Witness]) -> None:
    three[2].misbehave = lambda handler: answered(handler, 500, b"")
    write(3)
    assert publish_log() == "fiction: 3 entries published, cosigned by w1, w2; w3 answers 500"
    kept = published.checkpoint(FICTION)
    assert publish_log() == ""
    assert published.checkpoint(FICTION) == kept
    three[2].misbehave = None
    assert publish_log() == "fiction: 3 entries published anew, cosigned by w1, w2, w3"
    assert cosigners() == {one.name.split("/")[-1] for one in three}
    three[2].misbehave = lambda handler: answered(handler, 500, b"")
    assert publish_log() == ""
    assert len(cosigners()) == 3


def drip(handler: BaseHTTPRequestHandler) -> None:
    for byte in b"HTTP/1.0 200 OK\r\nX: " + b"x" * 500:
        handler.wfile.write(bytes([byte]))
        handler.wfile.flush()
        time.sleep(0.1)


def drip_body(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _byte in range(500):
        handler.wfile.write(b"x")
        handler.wfile.flush()
        time.sleep(0.1)


def endless(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    while True:
        handler.wfile.write(b"x" * 65536)


def silent(_handler: BaseHTTPRequestHandler) -> None:
    time.sleep(5)


def says(status: int, body: bytes, **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    return lambda handler: answered(handler, status, body, **headers)


def of_another_key(handler: BaseHTTPRequestHandler) -> None:
    line = SigningKey("example.org/w9", KeyKind.COSIGNATURE, b"9" * 32).sign(b"x\n", time=1)
    answered(handler, 200, line.line().encode())


def false_line(handler: BaseHTTPRequestHandler) -> None:
    line = Witness("example.org/w1").key.sign(b"another text\n", time=int(time.time()))
    answered(handler, 200, line.line().encode())


@pytest.mark.parametrize(
    ("misbehave", "why"),
    [
        (drip, "does not answer in time"),
        (drip_body, "does not answer in time"),
        (silent, "does not answer in time"),
        (endless, "answers with more than 65536 bytes"),
        (says(200, b"y" * 1_000_000), "answers with more than 65536 bytes"),
        (says(200, b"\xff\xfe"), "answers with no cosignature: answers with something that is no text"),
        (says(200, b"thank you\n"), "answers with no cosignature: signature line 1"),
        (says(200, b""), "answers with no cosignature"),
        (of_another_key, "answers without a line of its own key"),
        (false_line, "answers with no cosignature: the signature of example.org/w1 is not of this text"),
        (says(302, b"", Location="http://127.0.0.1:1/"), "sends elsewhere (302), which is not followed"),
        (says(400, b""), "finds the request malformed or old (400)"),
        (says(403, b""), "does not trust the log's signature (403)"),
        (says(404, b""), "does not know this log (404): ask whoever runs it to add the log's key"),
        (says(409, b"99999999999\n"), "says that it has cosigned 99999999999 entries, more than the 1 that are signed"),
        (says(409, b"01\n"), "refuses the size 0 and names no other (409)"),
        (says(409, b"0\n"), "refuses the size 0 and names it (409)"),
        (says(422, b""), "does not continue what it cosigned before (422)"),
        (says(503, b"this witness has stopped\nmore\n"), 'answers 503, and says "this witness has stopped"'),
        (says(500, b'\x1b[1m"\xe2\x80\xae' + b"y" * 999), 'answers 500, and says "?[1m????' + "y" * 192 + '"'),
        (lambda handler: handler.wfile.write(b"SSH-2.0-OpenSSH\r\n"), "does not answer"),
        (lambda handler: handler.connection.shutdown(socket.SHUT_RDWR), "does not answer"),
    ],
)
def test_a_hostile_witness_costs_its_own_cosignature_and_no_more(
    publish_log: Publish, three: list[Witness], misbehave: Callable[[BaseHTTPRequestHandler], None], why: str
) -> None:
    three[0].misbehave = misbehave
    write(1)
    begun = time.monotonic()
    line = publish_log()
    assert time.monotonic() - begun < BOUND
    assert line.startswith("fiction: 1 entries published, cosigned by w2, w3; w1 ")
    assert why in line
    assert cosigners() == {"w2", "w3"}


def test_a_witness_that_names_another_size_each_time_is_left(publish_log: Publish, three: list[Witness]) -> None:
    sizes = iter([1, 2, 3, 1, 2, 3])
    three[0].misbehave = lambda handler: answered(handler, 409, f"{next(sizes)}\n".encode())
    write(9)
    assert "w1 names another size each time it is asked (409)" in publish_log()
    assert three[0].asked == witnesses.TRIES


def test_a_witness_that_is_down_is_named(publish_log: Publish, three: list[Witness]) -> None:
    with contextlib.closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        three[2].address = f"http://127.0.0.1:{taken.getsockname()[1]}"
        ask_two_of(*three)
        write(1)
        assert "w3 does not answer: Connection refused" in publish_log()


@pytest.mark.parametrize("address", ["", "ftp://127.0.0.1/", "http://127.0.0.1:port/", "nowhere"])
def test_an_address_that_leads_nowhere_is_named(publish_log: Publish, three: list[Witness], address: str) -> None:
    three[2].address = address
    ask_two_of(*three)
    write(1)
    line = publish_log()
    assert line.startswith("fiction: 1 entries published, cosigned by w1, w2; w3 ")


@pytest.mark.parametrize("hours", [-1, 1])
def test_with_a_clock_an_hour_off_nothing_is_published(publish_log: Publish, three: list[Witness], hours: int) -> None:
    write(1)
    line = publish_log(at=datetime.now(UTC) + timedelta(hours=hours))
    assert line.startswith("fiction: 1 entries signed, waiting for witnesses: w1 dates its cosignature ")
    assert line.count("set the clock that is off") == 3
    assert published.checkpoint(FICTION) is None
    assert "published, cosigned by w1, w2, w3" in publish_log()


def test_one_witness_with_a_clock_an_hour_off_is_named(publish_log: Publish, three: list[Witness]) -> None:
    three[1].clock = lambda: time.time() + 3600
    write(1)
    line = publish_log()
    assert line.startswith("fiction: 1 entries published, cosigned by w1, w3; w2 dates its cosignature ")


def test_a_witness_that_holds_more_under_our_signature_stops_the_log(
    publish_log: Publish, three: list[Witness]
) -> None:
    write(2)
    publish_log()
    key = key_of(FICTION, published.origin(FICTION), signed_before=True)
    larger = Checkpoint(key.name, 9, bytes(32)).body()
    three[1].note = Note(larger, [key.sign(larger)])
    witnesses._MEMORY = witnesses._Memory()
    before = heads.signed(FICTION)
    write(1)
    with pytest.raises(WitnessAhead, match="witness 'w2', holds 9, signed 2"):
        publish_log()
    assert heads.signed(FICTION) == before


def test_a_witness_that_holds_another_history_under_our_signature_stops_the_log_and_is_kept(
    publish_log: Publish, three: list[Witness]
) -> None:
    write(3)
    publish_log()
    key = key_of(FICTION, published.origin(FICTION), signed_before=True)
    other = Checkpoint(key.name, 2, bytes(32)).body()
    three[0].note = Note(other, [key.sign(other)])
    witnesses._MEMORY = witnesses._Memory()
    write(1)
    with pytest.raises(WitnessDiffers, match="evidence"):
        publish_log()
    (evidence,) = heads.path_of(FICTION).parent.glob("fiction.evidence-*")
    assert evidence.read_bytes().startswith(other)


def test_what_a_witness_holds_under_no_signature_of_ours_stops_nothing(
    publish_log: Publish, three: list[Witness]
) -> None:
    stranger = SigningKey(published.origin(FICTION), KeyKind.NOTE, b"s" * 32)
    larger = Checkpoint(stranger.name, 9, bytes(32)).body()
    three[1].note = Note(larger, [stranger.sign(larger)])
    write(1)
    assert "published, cosigned by w1, w3; w2 " in publish_log()


def test_a_witness_that_lost_its_store_is_told_from_the_beginning(publish_log: Publish, three: list[Witness]) -> None:
    write(5)
    publish_log()
    three[0].note = None
    write(300)
    assert "cosigned by w1, w2, w3" in publish_log()
    assert three[0].size == 305


def test_ten_minutes_later_the_cosignatures_are_fresh(publish_log: Publish, three: list[Witness]) -> None:
    write(1)
    now = datetime.now(UTC)
    publish_log(at=now)
    for one in three:
        one.clock = lambda: time.time() + 600
    assert publish_log(at=now + timedelta(minutes=9)) == ""
    assert "cosigned by w1, w2, w3" in publish_log(at=now + timedelta(minutes=10))
    times = [one.at for one in published.standing(FICTION).cosigners]
    assert min(times) > now + timedelta(minutes=9)


@pytest.mark.parametrize(
    ("said", "independent"),
    [
        ("", False),
        ("w1 One party\n", False),
        ("w1 One party\nw2 Another party\n", True),
        ("w1 One party\nw2 one  PARTY\nw3 One party\n", False),
        ("w1 One party\nw2 One party\nw3 Another party\n", True),
        ("log The secretariat\nw1 The secretariat\nw2 The secretariat\n", False),
        ("log The secretariat\nw1 The secretariat\nw2 A monitor\n", True),
    ],
)
def test_witnesses_in_one_hand_are_not_independent(
    publish_log: Publish, three: list[Witness], said: str, independent: bool
) -> None:
    ask_two_of(*three)
    (Path(settings.POLICIES) / "fiction.controllers").write_text(said)
    write(1)
    publish_log()
    assert published.standing(FICTION).independent is independent


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (["log example.org/other+7e14df5d+AZdKEBc1HCLZ3R6TcFSF4qmyyGwbb3bB0I/8S1gLFIHp", "quorum none"], "line"),
        (["quorum w1"], "not named above"),
        (["quorum none", "quorum none"], "twice"),
    ],
)
def test_a_policy_that_cannot_stand_publishes_nothing(publish_log: Publish, lines: list[str], why: str) -> None:
    ask(*lines)
    write(1)
    with pytest.raises(PolicyUnreadable, match=why):
        publish_log()
    assert heads.signed(FICTION) is None


def test_a_policy_of_another_log_is_refused_with_the_line_of_this_one(publish_log: Publish) -> None:
    other = SigningKey("example.org/other", KeyKind.NOTE, b"o" * 32).verifier
    ask(f"log {other}", "quorum none")
    write(1)
    with pytest.raises(PolicyUnreadable, match="the line of this one is: log localhost/fiction/record"):
        publish_log()
    assert heads.signed(Realm.FICTION) is None


def test_a_new_policy_is_published_with_the_next_checkpoint_that_meets_it(
    publish_log: Publish, three: list[Witness]
) -> None:
    ask("quorum none")
    write(1)
    assert publish_log() == "fiction: 1 entries published"
    ask_two_of(*three)
    assert publish_log() == "fiction: 1 entries published, cosigned by w1, w2, w3"
    assert published.policy(FICTION).quorum == "q"
    assert published.policy(FICTION).logs[0].key == published.vkeys(FICTION)[0]
