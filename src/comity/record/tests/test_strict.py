"""The table of what strict readers accept and refuse: one verdict, for one reason, in Python and in JavaScript."""

import base64
import hashlib
import hmac
import json
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from comity.record.core import audit, jcs, merkle
from comity.record.core.checkpoints import Checkpoint, opened
from comity.record.core.merkle import BadProof
from comity.record.core.notes import Malformed, Note, NotSigned, VerifierKey
from comity.record.core.policies import Policy
from comity.record.core.sshsig import PublicKey, SshSignature
from comity.record.core.tiles import TileName, unbundled
from comity.record.core.tlog_proof import TlogProof, proved
from comity.record.tests import strict_cases

Row = dict[str, Any]
SCRIPTS = Path(__file__).parents[1] / "static" / "record"
JUDGE = Path(__file__).with_name("strict.js")
TABLE: list[Row] = json.loads(strict_cases.TABLE.read_text())
REASONS = {
    "absent": "nobody was there",
    "ambiguous": "share the name",
    "base64": "base64",
    "canonical": "not-canonical|canonical JSON",
    "client": "not JSON with each name once",
    "control": "control character",
    "empty": "the SHA-256 of nothing",
    "extra": "line extra of the proof is empty",
    "false": "is not of this text",
    "fields": "a leaf of version 1|has the fields|has the wrong type",
    "flags": "flags|kept in two places",
    "form": "does not begin with|not an SSH signature|last line do not say",
    "frame": "frame of another site",
    "hash": "over 'sha256'",
    "id": "has the id",
    "index": "does not say its index",
    "integer": "shortest form",
    "key": "a key is written|another key",
    "kind": "kind that is not known|does not sign as a log",
    "length": r"bytes, not \d+",
    "line": "does not begin with a dash|is no line",
    "lines": "each on a line that ends|a line of the checkpoint is empty|lines of the signature",
    "long": "goes on after|too many follow",
    "many": "more than",
    "namespace": "it is a signature for",
    "number": "plain decimal number",
    "order": "in the order in which",
    "origin": "signs for another|not on",
    "outside": "is not in a tree|no earlier state",
    "path": "no path of a tile",
    "point": "beyond the field",
    "purpose": "something else than a signature",
    "quorum": "too few of the quorum|names no quorum",
    "reserved": "word of the policy|reserved field",
    "root": "another root|does not begin with the earlier|two roots|one root only",
    "shape": "too short|too long|must be empty",
    "short": "fewer than an id|ends before|too early",
    "site": "belongs to",
    "threshold": "cannot agree",
    "time": "no clock shows",
    "twice": "twice|in a group already",
    "type": "keys of the type",
    "undivided": "no empty line|no checkpoint after",
    "unended": "does not end",
    "unknown": "is not named above",
    "unsigned": "has not signed it|none of the known keys|no log of the policy",
    "unverified": "did not ask who",
    "utf-8": "is not UTF-8|is not ASCII|can't decode",
    "weak": "of small order",
}
"""What our own words say for each reason."""


def raw(given: Row, name: str) -> bytes:
    """What is given under a name, as bytes."""
    return base64.b64decode(given[f"{name}64"]) if f"{name}64" in given else given[name].encode()


def unbased(*written: str) -> list[bytes]:
    return [base64.b64decode(one) for one in written]


def read_vkey(given: Row) -> Any:
    key = VerifierKey.parse(given["vkey"])
    assert str(key) == given["vkey"]
    return [key.name, int(key.kind)]


def read_note(given: Row) -> Any:
    note = Note.parse(raw(given, "note"))
    assert bytes(note) == raw(given, "note")
    return [signed.key.name for signed in note.opened(VerifierKey.parse(key) for key in given["keys"])]


def read_body(given: Row) -> Any:
    checkpoint = Checkpoint.parse(raw(given, "body"))
    assert checkpoint.body() == raw(given, "body")
    return [checkpoint.origin, str(checkpoint.size), len(checkpoint.more)]


def read_checkpoint(given: Row) -> Any:
    witnesses = [VerifierKey.parse(key) for key in given["witnesses"]]
    known = opened(raw(given, "checkpoint"), VerifierKey.parse(given["log"]), witnesses)
    return [str(known.checkpoint.size), [one.key.name for one in known.cosigned]]


def read_inclusion(given: Row) -> Any:
    leaf, root = unbased(given["leaf"], given["root"])
    merkle.verify_inclusion(int(given["index"]), int(given["size"]), leaf, unbased(*given["path"]), root)


def read_consistency(given: Row) -> Any:
    older, newer = int(given["older"]), int(given["newer"])
    merkle.verify_consistency(older, newer, unbased(*given["path"]), *unbased(*given["roots"]))


def read_proof(given: Row) -> Any:
    known = proved(raw(given, "proof"), raw(given, "entry"), Policy.parse(given["policy"]))
    return [str(TlogProof.parse(raw(given, "proof")).index), str(known.checkpoint.size)]


def read_path(given: Row) -> Any:
    assert TileName.parse(given["path"]).path == given["path"]


def read_bundle(given: Row) -> Any:
    return [len(entry) for entry in unbundled(base64.b64decode(given["bundle"]), given["count"])]


def read_policy(given: Row) -> Any:
    policy = Policy.parse(given["policy"])
    assert Policy.parse(str(policy)) == policy
    return [len(policy.logs), len(policy.witnesses), len(policy.groups)]


def read_quorum(given: Row) -> Any:
    return Policy.parse(given["policy"]).met(VerifierKey.parse(key) for key in given["keys"])


def read_canonical(given: Row) -> Any:
    return jcs.text(jcs.decode(given["json"]))


def read_commitment(given: Row) -> Any:
    text = jcs.encode(jcs.decode(given["json"]))
    return hmac.new(bytes.fromhex(given["salt"]), text, hashlib.sha256).hexdigest()


def read_entry(given: Row) -> Any:
    try:
        audit.read_leaf(raw(given, "entry"))
    except ValueError as error:
        raise Malformed(str(error)) from error


def read_sshsig(given: Row) -> Any:
    signature, key = SshSignature.parse(given["sig"]), PublicKey.parse(given["key"])
    assert signature.armored() == given["sig"]
    expected = given["namespace"], given["origin"]
    signature.check(given["message"].encode(), key=key, namespace=expected[0], origin=expected[1])


READERS: dict[str, Callable[[Row], Any]] = {
    name.removeprefix("read_"): reader for name, reader in globals().items() if name.startswith("read_")
}


def verdict(row: Row) -> tuple[str | None, Any]:
    """Why it is refused, in our words, or None and what was read in it."""
    try:
        return None, READERS[row["form"]](row["given"])
    except (Malformed, NotSigned, BadProof, UnicodeDecodeError) as error:
        return str(error), None
    except jcs.NotCanonical as error:
        return error.code, None


def test_the_table_is_the_one_that_its_cases_make() -> None:
    assert strict_cases.TABLE.read_text() == strict_cases.written(), "run python -m comity.record.tests.strict_cases"


def test_the_table_names_each_case_once_and_every_reason() -> None:
    named = Counter((row["form"], row["name"]) for row in TABLE)
    assert [case for case, count in named.items() if count > 1] == []
    assert {row["reason"] for row in TABLE} - {None} == set(REASONS) - {"order"}


@pytest.mark.parametrize("form", sorted(READERS))
def test_python_judges_as_the_table_says(form: str) -> None:
    rows = [row for row in TABLE if row["form"] == form]
    wrong = []
    for row in rows:
        refused, told = verdict(row)
        as_told = refused is None and (row.get("told") is None or told == row["told"])
        if not (as_told if row["reason"] is None else re.search(REASONS[row["reason"]], refused or "accepted")):
            wrong.append((row["name"], row["reason"], refused, told))
    assert wrong == []
    assert rows


def differing(judged: list[list[Any]]) -> list[tuple[str, str, Any, Any]]:
    """Where JavaScript's verdicts are not the table's."""
    wrong = []
    for row, (reason, told) in zip(TABLE, judged, strict=True):
        if reason != row["reason"] or (row.get("told") is not None and told != row["told"]):
            wrong.append((row["form"], row["name"], row["reason"], [reason, told]))
    return wrong


@pytest.mark.skipif(shutil.which("node") is None, reason="Node.js is not installed here")
def test_node_judges_as_the_table_says(tmp_path: Path) -> None:
    for script in (*SCRIPTS.glob("*.js"), JUDGE):
        shutil.copy(script, tmp_path)
    (tmp_path / "package.json").write_text('{"type":"module"}')
    (tmp_path / "table.json").write_text(json.dumps(TABLE))
    program = """
import { readFileSync } from "node:fs";
import { judged } from "./strict.js";
console.log(JSON.stringify(await judged("./", JSON.parse(readFileSync("table.json", "utf8")))));
"""
    (tmp_path / "run.js").write_text(program)
    ran = subprocess.run(["node", "run.js"], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120)
    assert ran.stderr == ""
    assert differing(json.loads(ran.stdout)) == []


def test_ssh_keygen_accepts_every_signature_that_the_table_accepts(tmp_path: Path) -> None:
    accepted = [row["given"] for row in TABLE if row["form"] == "sshsig" and row["reason"] is None]
    assert accepted
    signers, signature = tmp_path / "allowed_signers", tmp_path / "text.sig"
    for given in accepted:
        signers.write_text(f"party {given['key']}\n")
        signature.write_text(given["sig"])
        command = [
            "ssh-keygen",
            "-Y",
            "verify",
            "-f",
            signers,
            "-I",
            "party",
            "-n",
            given["namespace"],
            "-s",
            signature,
        ]
        ran = subprocess.run(command, input=given["message"].encode(), capture_output=True, check=False, timeout=60)
        assert ran.returncode == 0, ran.stderr
