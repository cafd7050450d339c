"""The table of cases once more, judged by the stand-alone verifier, which shares no line with our readers."""

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest

from comity.record.tests.other import second_opinion
from comity.record.tests.test_strict import TABLE, Row, raw, unbased

OTHER = second_opinion()
UNREAD = {"a number that reads back as such an integer"}
"""It reads canonical text alone, in which such a number stands as an integer, and refuses that."""


def other_vkey(given: Row) -> Any:
    key = OTHER.read_key(given["vkey"])
    return [key.name, key.kind]


def other_note(given: Row) -> Any:
    signed = OTHER.signed_by(raw(given, "note"), [OTHER.read_key(key) for key in given["keys"]])
    _believe(signed)
    return [key.name for key in signed]


def other_body(given: Row) -> Any:
    head = OTHER.read_body(raw(given, "body"))
    return [head.origin, str(head.size), raw(given, "body").count(b"\n") - 3]


def other_checkpoint(given: Row) -> Any:
    log, content = OTHER.read_key(given["log"]), raw(given, "checkpoint")
    signed = OTHER.signed_by(content, [log, *(OTHER.read_key(key) for key in given["witnesses"])])
    head = OTHER.read_head(content)
    _believe(log in signed and head.origin == log.name)
    return [str(head.size), [key.name for key in signed if key != log]]


def other_inclusion(given: Row) -> Any:
    leaf, root, *path = unbased(given["leaf"], given["root"], *given["path"])
    _believe({len(one) for one in (leaf, root, *path)} == {32})  # it reads no hash of another length
    _believe(OTHER.root_of_path(int(given["index"]), int(given["size"]), leaf, path) == root)


def other_proof(given: Row) -> Any:
    proof, policy = OTHER.read_proof(raw(given, "proof")), OTHER.read_policy(given["policy"].encode())
    head = OTHER.read_head(proof.checkpoint)
    leaf = OTHER.leaf_print(raw(given, "entry"))
    _believe(OTHER.root_of_path(proof.entry, head.size, leaf, proof.path) == head.root)
    logs = [key for key in policy.logs if key.name == head.origin]
    problems, _ = OTHER.who_signed(proof.checkpoint, head, OTHER.Trust(logs, policy))
    _believe(not problems)
    return [str(proof.entry), str(head.size)]


def other_bundle(given: Row) -> Any:
    entries, whole = OTHER.split_bundle(base64.b64decode(given["bundle"]))
    _believe(whole and len(entries) == given["count"])
    return [len(entry) for entry in entries]


def other_policy(given: Row) -> Any:
    policy = OTHER.read_policy(given["policy"].encode())
    return [len(policy.logs), len(policy.witnesses), len(policy.groups)]


def other_quorum(given: Row) -> Any:
    return OTHER.read_policy(given["policy"].encode()).met([OTHER.read_key(key) for key in given["keys"]])


def other_canonical(given: Row) -> Any:
    return OTHER.canonical(json.loads(given["json"])).decode()


def other_entry(given: Row) -> Any:
    OTHER.read_leaf(raw(given, "entry"))


def other_sshsig(given: Row) -> Any:
    signature, (kind, key) = OTHER.read_signature(given["sig"].encode()), given["key"].split(" ")
    _believe(OTHER.Parts(signature.key).text() == kind and signature.key == base64.b64decode(key))
    _believe(signature.namespace == given["namespace"])
    OTHER.check_signature(signature, given["message"].encode(), given["origin"])


def _believe(holds: object) -> None:
    if not holds:
        raise OTHER.No("it does not hold")


OTHERS: dict[str, Callable[[Row], Any]] = {
    name.removeprefix("other_"): reader for name, reader in globals().items() if name.startswith("other_")
}


@pytest.mark.parametrize("form", sorted(OTHERS))
def test_the_stand_alone_verifier_judges_as_the_table_says(form: str) -> None:
    wrong = []
    for row in (row for row in TABLE if row["form"] == form and row["name"] not in UNREAD):
        try:
            refused, told = None, OTHERS[form](row["given"])
        except (OTHER.No, *OTHER.UNREADABLE) as error:
            refused, told = str(error) or repr(error), None
        as_told = row.get("told") is None or told == row["told"]
        if (refused is None) is not (row["reason"] is None) or (refused is None and not as_told):
            wrong.append((row["name"], row["reason"], refused, told))
    assert wrong == []
