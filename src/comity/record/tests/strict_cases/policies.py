"""Policies and their quorums."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from comity.record.core.notes import KeyKind, SigningKey, VerifierKey
from comity.record.tests.strict_cases.cases import (
    LOG,
    ML_DSA,
    STRANGER,
    W1,
    W2,
    W3,
    Case,
    Rows,
    vkey,
)


def policies() -> Rows:
    log, w1, w2, w3 = (vkey(key) for key in (LOG, W1, W2, W3))
    head = f"log {log}\nwitness w1 {w1}\nwitness w2 {w2}\n"

    def case(name: str, policy: str | bytes, reason: str = "", told: Any = None) -> Case:
        given = {"policy": policy.encode() if isinstance(policy, str) else policy}
        return Case("policy", name, given, reason, told if told or reason else [1, 2, 0])

    def fake(number: int, kind: KeyKind) -> str:
        return str(VerifierKey(f"example.org/{number}", kind, hashlib.sha256(b"%d" % number).digest()))

    yield case("nobody need cosign", "quorum none\n", told=[0, 0, 0])
    yield case("one witness", f"{head}quorum w1\n")
    yield case("a group", f"{head}group g any w1 w2\nquorum g\n", told=[1, 2, 1])
    yield case("a group by number", f"{head}group g 2 w1 w2\nquorum g\n", told=[1, 2, 1])
    yield case("groups of groups", f"{head}group a all w1\ngroup b all w2\ngroup c 1 a b\nquorum c\n", told=[1, 2, 3])
    yield case(
        "addresses",
        f"log {log} https://log.example.org/\nwitness w1 {w1} https://w.example.org/\nquorum w1\n",
        told=[1, 1, 0],
    )
    yield case(
        "spaces, tabs, comments and empty lines",
        f"\n# a word\n \t#another\n\t{head.replace(' ', chr(9) * 2)} \t\n  quorum \t w1  \n",
    )
    yield case("the quorum before further lines", f"quorum none\n{head}")
    yield case("a name beyond ASCII", f"log {log}\nwitness свидетель {w1}\nquorum свидетель\n", told=[1, 1, 0])
    yield case(
        "a name that holds a no-break space", f"log {log}\nwitness a\u00a0b {w1}\nquorum a\u00a0b\n", told=[1, 1, 0]
    )
    yield case("names in capitals differ", f"log {log}\nwitness W {w1}\nwitness w {w2}\nquorum W\n")
    yield case("a witness that signs as a log does", f"witness w1 {vkey(STRANGER)}\nquorum w1\n", told=[0, 1, 0])
    many = "".join(f"witness w{n} {fake(n, KeyKind.COSIGNATURE)}\n" for n in range(40))
    groups = "".join(f"group g{n} any w{n}\n" for n in range(40))
    logs = "".join(f"log {fake(n + 100, KeyKind.NOTE)}\n" for n in range(40))
    yield case("forty of each", f"{logs}{many}{groups}quorum g39\n", told=[40, 40, 40])
    yield case("no quorum", head, "quorum")
    yield case("nothing", "", "unended")
    yield case("only a newline", "\n", "quorum")
    yield case("two quorums", f"{head}quorum w1\nquorum w2\n", "twice")
    yield case("a quorum that nobody named", f"{head}quorum w3\n", "unknown")
    yield case("a quorum before its witness", f"quorum w1\n{head}", "unknown")
    yield case("a quorum of two", f"{head}quorum w1 w2\n", "line")
    yield case("a quorum of nothing", f"{head}quorum\n", "line")
    yield case("a quorum of any", f"{head}quorum any\n", "unknown")
    yield case("no newline at the end", f"{head}quorum w1", "unended")
    yield case("CR and LF", f"{head}quorum w1\n".replace("\n", "\r\n"), "control")
    yield case("a zero byte", f"{head}# \0\nquorum w1\n", "control")
    yield case("a delete sign", f"{head}# \x7f\nquorum w1\n", "control")
    yield case("a form feed", f"{head}\fquorum w1\n", "control")
    yield case("a no-break space for a space", f"{head}quorum\u00a0w1\n", "line")
    yield case("words in capitals", f"{head}Quorum w1\n", "line")
    yield case("another word", f"{head}mirror m {w3}\nquorum w1\n", "line")
    for name in ("none", "all", "any"):
        yield case(f"a witness named {name}", f"log {log}\nwitness {name} {w1}\nquorum none\n", "reserved")
        yield case(f"a group named {name}", f"{head}group {name} any w1\nquorum w1\n", "reserved")
    yield case("a name twice", f"{head}witness w1 {w3}\nquorum w1\n", "twice")
    yield case("a group with a witness's name", f"{head}group w1 any w2\nquorum w1\n", "twice")
    yield case("a key twice", f"{head}witness w3 {w1}\nquorum w1\n", "twice")
    renamed = str(replace(W1.verifier, name="other.example.org"))
    yield case("a key twice under two names", f"{head}witness w3 {renamed}\nquorum w1\n", "twice")
    yield case("a log twice", f"{head}log {log}\nquorum w1\n", "twice")
    yield case(
        "a log's key twice under two names", f"{head}log {replace(LOG.verifier, name='other')}\nquorum w1\n", "twice"
    )
    yield case("a log with a witness's key", f"log {w1}\nquorum none\n", "kind")
    yield case("a log with a key of a kind not known", f"log {ML_DSA}\nquorum none\n", "kind")
    yield case("a witness with a key of a kind not known", f"log {log}\nwitness q {ML_DSA}\nquorum q\n", "kind")
    yield case("such a witness of whom nobody asks", f"log {log}\nwitness q {ML_DSA}\nquorum none\n", "kind")
    yield case("a key with another id", f"witness w1 {w1.replace('+', '+0', 1)}\nquorum w1\n", "key")
    yield case("a member that nobody named", f"{head}group g any w1 w3\nquorum g\n", "unknown")
    yield case("a member named later", f"log {log}\ngroup g any w1\nwitness w1 {w1}\nquorum g\n", "unknown")
    yield case("a group of itself", f"{head}group g any g\nquorum g\n", "unknown")
    yield case("a member of none", f"{head}group g any none\nquorum g\n", "unknown")
    yield case("a member in two groups", f"{head}group g any w1\ngroup h any w1\nquorum g\n", "twice")
    yield case("a member twice in a group", f"{head}group g any w1 w1\nquorum g\n", "twice")
    yield case("a group of nobody", f"{head}group g any\nquorum w1\n", "line")
    for threshold, reason in (
        *(
            ("0", "threshold"),
            ("3", "threshold"),
            ("-1", "number"),
            ("+1", "number"),
            ("01", "number"),
            ("1.0", "number"),
        ),
        *(("ANY", "number"), ("most", "number"), (str(2**64), "number")),
    ):
        yield case(f"a group of {threshold}", f"{head}group g {threshold} w1 w2\nquorum g\n", reason)
    yield case("a log with two addresses", f"log {log} https://a https://b\nquorum none\n", "line")
    yield case("a log without a key", "log\nquorum none\n", "line")
    yield case("a witness without a key", f"log {log}\nwitness w1\nquorum none\n", "line")


def quorums() -> Rows:
    head = "".join(f"witness w{number} {vkey(key)}\n" for number, key in enumerate((W1, W2, W3), 1))

    def case(rule: str, keys: Sequence[SigningKey], told: bool) -> Case:
        names = " and ".join(key.name[-2:] for key in keys) or "nobody"
        given = {"policy": head + rule, "keys": [vkey(key) for key in keys]}
        return Case("quorum", f"{rule.strip()!r}: {names}", given, told=told)

    yield case("quorum none\n", [], told=True)
    yield case("quorum w1\n", [W1], told=True)
    yield case("quorum w1\n", [W2, W3], told=False)
    two = "group g 2 w1 w2 w3\nquorum g\n"
    yield case(two, [W1, W3], told=True)
    yield case(two, [W1, W1], told=False)
    yield case(two, [W2], told=False)
    rivals = "group left any w1\ngroup right any w2 w3\ngroup all-of-them all left right\nquorum all-of-them\n"
    yield case(rivals, [W1, W3], told=True)
    yield case(rivals, [W2, W3], told=False)
    yield case(rivals, [W1, STRANGER], told=False)
