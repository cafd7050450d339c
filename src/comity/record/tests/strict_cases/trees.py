"""Proofs in the tree, proof files, tiles and bundles."""

from dataclasses import replace
from typing import Any

from comity.record.core import merkle
from comity.record.core.checkpoints import Checkpoint
from comity.record.core.notes import KeyKind, SigningKey
from comity.record.core.tlog_proof import FORM, TlogProof
from comity.record.tests.strict_cases.cases import LOG, W1, W2, Case, Rows, based, flipped, line, note, spare, vkey

ENTRIES = [b'{"commit":"%064x","v":1}' % number for number in range(11)]
LEAVES = [merkle.leaf_hash(entry) for entry in ENTRIES]


def inclusions() -> Rows:
    path, root, leaf = merkle.inclusion_proof(LEAVES, 5), merkle.root_of(LEAVES), LEAVES[5]
    usual: dict[str, Any] = {"index": 5, "size": 11, "leaf": leaf, "path": path, "root": root}

    def case(name: str, reason: str = "", **other: Any) -> Case:
        return Case("inclusion", name, {key: _as_given(value) for key, value in {**usual, **other}.items()}, reason)

    for index, size in ((0, 1), (0, 11), (5, 11), (10, 11), (7, 8)):
        held = LEAVES[:size]
        usual_there: dict[str, Any] = {
            "index": index,
            "size": size,
            "leaf": LEAVES[index],
            "root": merkle.root_of(held),
        }
        yield case(f"entry {index} of {size}", path=merkle.inclusion_proof(held, index), **usual_there)
    yield case("an index that is the size", "outside", index=11)
    yield case("an index beyond the size", "outside", index=12)
    yield case("a negative index", "outside", index=-1)
    yield case("no entries", "outside", index=0, size=0, path=[], root=merkle.EMPTY_ROOT)
    yield case("another index", "root", index=4)
    yield case("another size in which the path has the same shape: the signed checkpoint binds it", size=12)
    yield case("a larger size", "shape", size=17)
    yield case("an index 2^32 further on", "shape", index=5 + 2**32, size=11 + 2**32)
    yield case("another leaf", "root", leaf=LEAVES[4])
    yield case("another root", "root", root=flipped(root))
    yield case("a path with one bit changed", "root", path=[path[0], flipped(path[1]), *path[2:]])
    yield case("a path in the other order", "root", path=path[::-1])
    yield case("a path one too short", "shape", path=path[:-1])
    yield case("a path one too long", "shape", path=[*path, bytes(32)])
    yield case("no path", "shape", path=[])
    yield case("a leaf of 31 bytes", "length", leaf=leaf[:31])
    yield case("a leaf of 33 bytes", "length", leaf=leaf + b"\0")
    yield case("a sibling of 31 bytes", "length", path=[path[0][:31], *path[1:]])
    yield case("a sibling of nothing", "length", path=[b"", *path[1:]])
    yield case("a root of 33 bytes", "length", root=root + b"\0")
    yield case("a root and a leaf of nothing", "length", index=0, size=1, leaf=b"", path=[], root=b"")


def _as_given(value: Any) -> Any:
    if isinstance(value, bytes):
        return based(value)
    return [based(one) for one in value] if isinstance(value, list | tuple) else str(value)


def consistencies() -> Rows:
    def root(size: int) -> bytes:
        return merkle.root_of(LEAVES[:size])

    path, empty = merkle.consistency_proof(LEAVES, 6), merkle.EMPTY_ROOT
    usual: dict[str, Any] = {"older": 6, "newer": 11, "path": path, "roots": (root(6), root(11))}

    def case(name: str, reason: str = "", **other: Any) -> Case:
        return Case("consistency", name, {key: _as_given(value) for key, value in {**usual, **other}.items()}, reason)

    for older, newer in ((1, 2), (3, 7), (4, 8), (6, 11), (8, 11), (10, 11)):
        grown: dict[str, Any] = {
            "older": older,
            "newer": newer,
            "path": merkle.consistency_proof(LEAVES[:newer], older),
        }
        yield case(f"{older} to {newer}", roots=(root(older), root(newer)), **grown)
    yield case("no growth", newer=6, path=[], roots=(root(6), root(6)))
    yield case("from the empty log", older=0, path=[], roots=(empty, root(11)))
    yield case("from the empty log with another root", "root", older=0, path=[], roots=(root(1), root(11)))
    yield case("from the empty log with a path", "shape", older=0, roots=(empty, root(11)))
    yield case("two roots of one size", "root", newer=6, path=[], roots=(root(6), root(7)))
    yield case("a path where nothing grew", "shape", newer=6, roots=(root(6), root(6)))
    yield case("smaller than before", "outside", older=11, newer=6, roots=(root(11), root(6)))
    yield case("a negative size", "outside", older=-1, newer=6, roots=(empty, root(6)))
    yield case("another older root", "root", roots=(root(5), root(11)))
    yield case("another newer root", "root", roots=(root(6), root(10)))
    yield case("the roots in the other order", "root", roots=(root(11), root(6)))
    yield case("another older size", "shape", older=5)
    yield case("a path one too short", "shape", path=path[:-1])
    yield case("a path one too long", "shape", path=[*path, bytes(32)])
    yield case("no path", "shape", path=[])
    yield case("no path from a power of two", "shape", older=8, path=[], roots=(root(8), root(11)))
    yield case("a path with one bit changed", "root", path=[flipped(path[0]), *path[1:]])
    yield case("a sibling of 33 bytes", "length", path=[path[0] + b"\0", *path[1:]])
    yield case("a root of 31 bytes", "length", roots=(root(6)[:31], root(11)))


def proofs() -> Rows:
    body = Checkpoint(LOG.name, len(LEAVES), merkle.root_of(LEAVES)).body()
    head = note(body, LOG, W1, W2)
    asked = f"log {vkey(LOG)}\nwitness w1 {vkey(W1)}\nwitness w2 {vkey(W2)}\ngroup two any w1 w2\nquorum two\n"
    whole = bytes(TlogProof(5, merkle.inclusion_proof(LEAVES, 5), head))

    def case(
        name: str, proof: bytes, reason: str = "", *, entry: bytes = ENTRIES[5], policy: str = asked, index: str = "5"
    ) -> Case:
        told = None if reason else [index, str(len(LEAVES))]
        return Case("proof", name, {"proof": proof, "entry": entry, "policy": policy}, reason, told)

    def edited(old: str, new: str) -> bytes:
        assert old.encode() in whole
        return whole.replace(old.encode(), new.encode(), 1)

    first = based(merkle.inclusion_proof(LEAVES, 5)[0])
    yield case("a proof", whole)
    yield case("with extra data", edited("index", f"extra {based(b'anything')}\nindex"))
    yield case(
        "of the first entry", bytes(TlogProof(0, merkle.inclusion_proof(LEAVES, 0), head)), entry=ENTRIES[0], index="0"
    )
    alone = note(Checkpoint(LOG.name, 1, LEAVES[0]).body(), LOG, W1)
    one = bytes(TlogProof(0, [], alone))
    yield replace(case("of the only entry", one, entry=ENTRIES[0]), told=["0", "1"])
    yield case("cosigned by one of the two", whole.replace(line(W2, body), b""))
    twin = SigningKey(LOG.name, KeyKind.NOTE, bytes([8] * 32))
    named = f"log {vkey(twin)}\n{asked}"
    yield case("signed by one of two keys that the policy names for the log", whole, policy=named)
    twice = whole.replace(line(LOG, body), line(LOG, body) + line(twin, body[:-1]))
    yield case("with a false line of the other", twice, "false", policy=named)
    yield case("of another entry", whole, "root", entry=ENTRIES[4])
    yield case("cosigned by nobody", whole.replace(line(W2, body), b"").replace(line(W1, body), b""), "quorum")
    yield case("not signed by the log", whole.replace(line(LOG, body), b""), "unsigned")
    both = asked.replace(" any ", " all ")
    yield case("cosigned by one where both must", whole.replace(line(W2, body), b""), "quorum", policy=both)
    yield case("of a log that the policy does not name", whole, "unsigned", policy=asked.split("\n", 1)[1])
    for what, old, new, reason in (
        ("another first line", "tlog-proof@v1", "tlog-proof@v2", "form"),
        ("a space after the first line", "@v1\n", "@v1 \n", "form"),
        ("CR and LF", "@v1\n", "@v1\r\n", "form"),
        ("no index", "index 5\n", "", "index"),
        ("an index with a sign", "index 5", "index +5", "number"),
        ("an index with a leading zero", "index 5", "index 05", "number"),
        ("a negative index", "index 5", "index -5", "number"),
        ("an index with a space", "index 5", "index  5", "number"),
        ("an index in words", "index 5", "index five", "number"),
        ("an index beyond 2^63", "index 5", f"index {2**63}", "number"),
        ("an index that is the size", "index 5", "index 11", "outside"),
        ("another index", "index 5", "index 4", "root"),
        ("two indexes", "index 5\n", "index 5\nindex 5\n", "base64"),
        ("a name in capitals", "index 5", "Index 5", "index"),
        ("extra data that are not base64", "index 5", "extra !\nindex 5", "base64"),
        ("extra data that are empty", "index 5", "extra \nindex 5", "extra"),
        ("extra data twice", "index 5", "extra YQ==\nextra YQ==\nindex 5", "index"),
        ("extra data after the index", "index 5\n", "index 5\nextra YQ==\n", "base64"),
        ("a hash of 31 bytes", first, based(bytes(31)), "length"),
        ("a hash of 33 bytes", first, based(bytes(33)), "length"),
        ("a hash without its last sign", first, first.rstrip("="), "base64"),
        ("a hash with bits to spare", first, spare(first), "base64"),
        ("a hash with a space after it", first, f"{first} ", "base64"),
        ("another hash", first, based(bytes(32)), "root"),
        ("a hash too few", f"{first}\n", "", "shape"),
        ("a hash too many", first, f"{first}\n{first}", "shape"),
        ("64 hashes", first, "\n".join([first] * 64), "many"),
        ("an empty line too many", "\n\nlog", "\n\n\nlog", "lines"),
        ("an empty line among the hashes", f"{first}\n", f"{first}\n\n", "lines"),
        ("letters beyond ASCII", "index 5", "index ٥", "utf-8"),
    ):
        yield case(what, edited(old, new), reason)
    yield case("no checkpoint", whole[: whole.index(b"\n\n") + 2], "undivided")
    yield case("no empty line before the checkpoint", edited("\n\nlog", "\nlog"), "base64")
    yield case("nothing", b"", "form")
    yield case("only the first line", f"{FORM}\n".encode(), "undivided")


def paths() -> Rows:
    good = (
        *("tile/0/000", "tile/0/255", "tile/0/x001/000", "tile/0/x001/x234/067", "tile/0/x001/x234/067.p/112"),
        *("tile/1/000.p/1", "tile/7/000.p/255", "tile/entries/000", "tile/entries/x999/999.p/7"),
        "tile/0/x018/x014/x398/x509/x481/983",
    )
    for path in good:
        yield Case("path", path, {"path": path})
    for path in (
        *("", "tile", "tile/0", "tile/0/", "tile/0/0", "tile/0/00", "tile/0/0000", "tile/0/1000", "tile/0/x000/000"),
        *("tile/0/x001", "tile/0/001/000", "tile/0/X001/000", "tile/0/x001/x000", "tile/0/x01/000", "tile/0/x1000/000"),
        *("tile/00/000", "tile/01/000", "tile/+1/000", "tile/-1/000", "tile/8/000", "tile/64/000", "tile/a/000"),
        *(
            "tile/0/000.p/0",
            "tile/0/000.p/01",
            "tile/0/000.p/256",
            "tile/0/000.p/1000",
            "tile/0/000.p",
            "tile/0/000.p/",
        ),
        *("tile/0/000.P/1", "tile/0/000/1", "tile/0/000.p/+1", "tile/0/000.p/1/", "tile/0/000\n", " tile/0/000"),
        *("/tile/0/000", "tile/0/000?", "tile//000", "tile/0/../000", "tile/0/%30%30%30", "tile/0/٠٠٠", "tile/8/0/000"),
        *("tile/Entries/000", "tile/entries/0", "tile/data/000", "tile/0/" + "x001/" * 6 + "000", "tile/0/000.p/1.p/1"),
    ):
        yield Case("path", path, {"path": path}, "path")


def bundles() -> Rows:
    def case(name: str, bundle: bytes, count: int, reason: str = "", told: Any = None) -> Case:
        return Case("bundle", name, {"bundle": based(bundle), "count": count}, reason, told)

    yield case("two entries", b"\0\1a\0\2bc", 2, told=[1, 2])
    yield case("an empty entry", b"\0\0", 1, told=[0])
    yield case("nothing", b"", 0, told=[])
    yield case("fewer than it says", b"\0\1a", 2, "short")
    yield case("one more than it says", b"\0\1a\0\2bc", 1, "long")
    yield case("half a length", b"\0\1a\0", 2, "short")
    yield case("an entry that ends early", b"\0\2a", 1, "short")
    yield case("a byte too many", b"\0\1ab", 1, "long")
    yield case("nothing where one should be", b"", 1, "short")
