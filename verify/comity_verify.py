#!/usr/bin/env python3
"""Verify a Comity record without Comity: Python 3.10 or later, standard library only, written apart from the product.

    python3 comity_verify.py FOLDER                        a published copy in a folder
    python3 comity_verify.py https://example.org/record/   the same from an address
    python3 comity_verify.py entry-1204.json               the proof of one entry
    python3 comity_verify.py FOLDER --trusted FILE         and it must continue what FILE showed earlier

FILE is a `checkpoint` or a `hashes.txt` that you kept from earlier; --trusted may be given several times. Prints one
line `yes, N entries, root ...` or one `no: entry N ...` for each thing wrong. Exits 0 for yes, 1 for no, 2 when there
is nothing to verify.

What is checked: each leaf's fingerprint, SHA-256(0x00 || leaf), against the list; the Merkle root over the list, nodes
being SHA-256(0x01 || left || right) as in RFC 6962, against the checkpoint; each subject's own numbering and the
fingerprint of its previous entry; every disclosed value against its seal, HMAC-SHA256(salt, RFC 8785 JSON of the
value); and that no value is missing unless an entry of the record says that it was erased, or the copy names it as
withheld: not everybody might read it when the copy was taken. Withheld values cannot be checked; they are counted and
named after the answer.
"""

import argparse
import base64
import hashlib
import hmac
import json
import math
import re
import sys
import urllib.error
import urllib.request
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

Problem = tuple[int | None, str]
Head = tuple[str, int, bytes]
Values = dict[int, dict[str, tuple[bytes, Any]]]
Withheld = dict[int, set[str]]


class NothingToVerify(Exception):
    """No copy stands at that place."""


class No(Exception):
    """The file cannot be a true copy at all."""


# --- canonical JSON (RFC 8785) --------------------------------------------------------------------------------------


def canonical(value: Any) -> bytes:
    """The one way to write a JSON value; raise ValueError for values that have none."""
    out: list[str] = []
    _write(value, out)
    return "".join(out).encode("utf-8")


def _write(value: Any, out: list[str]) -> None:
    if value is None or value is True or value is False:
        out.append({None: "null", True: "true", False: "false"}[value])
    elif isinstance(value, str):
        out.append(json.dumps(value, ensure_ascii=False))
    elif isinstance(value, (int, float)):
        out.append(_number(value))
    elif isinstance(value, list):
        out.append("[")
        for place, item in enumerate(value):
            out.append("," if place else "")
            _write(item, out)
        out.append("]")
    elif isinstance(value, dict):
        out.append("{")
        for place, key in enumerate(sorted(value, key=lambda text: text.encode("utf-16-be"))):
            out.append(("," if place else "") + json.dumps(key, ensure_ascii=False) + ":")
            _write(value[key], out)
        out.append("}")
    else:
        raise ValueError(f"not JSON: {value!r}")


def _number(value: Any) -> str:
    """A number as JavaScript prints it."""
    if isinstance(value, int):
        if not -(2**53) < value < 2**53:
            raise ValueError(f"integer too large: {value}")
        return str(value)
    if not math.isfinite(value):
        raise ValueError("not a JSON number")
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    _, figures, scale = Decimal(repr(abs(value))).as_tuple()
    digits = "".join(map(str, figures)).rstrip("0")
    exponent = int(scale) + len(figures) - 1
    if 0 <= exponent < 21:
        whole = digits.ljust(exponent + 1, "0")
        return sign + whole[: exponent + 1] + ("." + whole[exponent + 1 :] if len(whole) > exponent + 1 else "")
    if -7 < exponent < 0:
        return sign + "0." + "0" * (-exponent - 1) + digits
    return sign + digits[0] + ("." + digits[1:] if len(digits) > 1 else "") + f"e{exponent:+d}"


def parsed(text: bytes) -> Any:
    """Read JSON strictly: no doubled keys, no NaN, no Infinity."""

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({key for key, _ in pairs}) < len(pairs):
            raise ValueError("a key stands twice")
        return dict(pairs)

    def constant(name: str) -> None:
        raise ValueError(f"{name} is not JSON")

    return json.loads(text.decode("utf-8"), object_pairs_hook=members, parse_constant=constant)


# --- the tree (RFC 6962) --------------------------------------------------------------------------------------------


def leaf_print(leaf: bytes) -> bytes:
    """The fingerprint of one leaf."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def tree_root(prints: list[bytes]) -> bytes:
    """The root over fingerprints, level by level; an odd one at the end rises as it is."""
    if not prints:
        return hashlib.sha256().digest()
    level = prints
    while len(level) > 1:
        pairs = zip(level[0::2], level[1::2], strict=False)
        above = [hashlib.sha256(b"\x01" + left + right).digest() for left, right in pairs]
        level = above + ([level[-1]] if len(level) % 2 else [])
    return level[0]


def root_of_path(index: int, size: int, leaf: bytes, path: list[bytes]) -> bytes:
    """The root to which a leaf leads by its siblings; raise No when their number is wrong."""
    if not 0 <= index < size:
        raise No(f"entry {index} is not one of {size}")
    sides: list[str] = []
    start, stop = 0, size
    while stop - start > 1:
        half = 1
        while half * 2 < stop - start:
            half *= 2
        if index < start + half:
            sides.append("right")
            stop = start + half
        else:
            sides.append("left")
            start += half
    if len(sides) != len(path):
        raise No(f"entry {index} of {size} needs {len(sides)} siblings, not {len(path)}")
    here = leaf
    for side, sibling in zip(reversed(sides), path, strict=True):
        both = here + sibling if side == "right" else sibling + here
        here = hashlib.sha256(b"\x01" + both).digest()
    return here


# --- reading a copy -------------------------------------------------------------------------------------------------


def fetch(place: str, name: str, size: int | None = None) -> bytes:
    """One file of a copy, from a folder or an address; a live record is asked for as many entries as its checkpoint."""
    try:
        if place.startswith(("http://", "https://")):
            address = f"{place.rstrip('/')}/{name}" + ("" if size is None else f"?size={size}")
            with urllib.request.urlopen(address, timeout=60) as answer:  # noqa: S310
                content: bytes = answer.read()
                return content
        return (Path(place) / name).read_bytes()
    except (OSError, ValueError, urllib.error.URLError) as error:
        raise NothingToVerify(f"{place}: no {name} ({error})") from error


def read_checkpoint(body: bytes) -> Head:
    """Origin, size and root of a checkpoint; signatures after a blank line are not looked at."""
    text = body.decode("utf-8", "replace").split("\n\n")[0].rstrip("\n") + "\n"
    found = re.fullmatch(r"([^\n]+)\n(0|[1-9]\d{0,18})\n([A-Za-z0-9+/]{43}=)\n", text)
    if found is None or not body.startswith(text.encode()):
        raise No("the checkpoint is not origin, size and base64 root, each on a line")
    root = base64.b64decode(found[3])
    if base64.b64encode(root).decode() != found[3]:
        raise No("the checkpoint's root is not canonical base64")
    return found[1], int(found[2]), root


def lines_of(text: bytes) -> list[bytes]:
    """The lines of a file; each ends with a newline."""
    if text and not text.endswith(b"\n"):
        raise No("a file of the copy breaks off in its last line")
    return text.split(b"\n")[:-1]


def read_prints(text: bytes) -> list[bytes]:
    """The fingerprints of a hashes.txt."""
    prints = []
    for number, line in enumerate(lines_of(text)):
        if re.fullmatch(rb"[0-9a-f]{64}", line) is None:
            raise No(f"entry {number}: its line in hashes.txt is not a fingerprint")
        prints.append(bytes.fromhex(line.decode()))
    return prints


UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, RecursionError)


def value_of(kept: Any) -> tuple[bytes, Any]:
    """A disclosed value with its salt; it must have a canonical form."""
    canonical(kept["value"])
    return bytes.fromhex(kept["salt"]), kept["value"]


def names_of(listed: Any) -> set[str]:
    """The names of withheld values; raise TypeError when they are not a list of different texts."""
    if not isinstance(listed, list) or not all(isinstance(name, str) for name in listed):
        raise TypeError(listed)
    if len(set(listed)) < len(listed):
        raise TypeError(listed)
    return set(listed)


def read_values(text: bytes, problems: list[Problem]) -> tuple[Values, Withheld]:
    """The disclosed values, by entry and field, and the names of those withheld, by entry."""
    values: Values = {}
    withheld: Withheld = {}
    for number, line in enumerate(lines_of(text), start=1):
        try:
            row = parsed(line)
            index = row["index"]
            fields = {name: value_of(kept) for name, kept in row["fields"].items()}
            names = names_of(row.get("withheld", []))
            if type(index) is not int:
                raise TypeError(index)
        except UNREADABLE:
            problems.append((None, f"line {number} of disclosures.jsonl cannot be read"))
            continue
        if index in values:
            problems.append((index, "values are disclosed for it twice"))
        values[index] = fields
        if names:
            withheld[index] = names
    return values, withheld


def read_leaf(line: bytes) -> dict[str, Any]:
    """A leaf; raise ValueError when it is not one, written canonically."""
    leaf = parsed(line)
    if canonical(leaf) != line:
        raise ValueError("not canonical JSON")
    if not isinstance(leaf, dict) or leaf.get("v") != 1:
        raise ValueError("not a leaf of version 1")
    public = {"v", "type", "at", "actor", "subject", "subject_seq", "prev", "because", "commit"}
    if set(leaf) == {"v", "commit"} and isinstance(leaf["commit"], str):
        return leaf
    if set(leaf) != public or not isinstance(leaf["commit"], dict) or not isinstance(leaf["because"], list):
        raise ValueError("it has other fields than a leaf")
    texts = [leaf[key] for key in ("type", "at", "actor", "subject", "prev")]
    texts += [*leaf["because"], *leaf["commit"].values()]
    if type(leaf["subject_seq"]) is not int or not all(isinstance(text, str) for text in texts):
        raise ValueError("a field has the wrong type")
    return leaf


# --- what is checked ------------------------------------------------------------------------------------------------


def compare(found: list[bytes], listed: list[bytes], by: str) -> Iterable[Problem]:
    """Find what makes two lists of fingerprints differ: altered, taken out, added, out of order."""
    in_found, in_listed = set(found), set(listed)
    here = there = 0
    while here < len(found) or there < len(listed):
        left = found[here] if here < len(found) else None
        right = listed[there] if there < len(listed) else None
        if left == right:
            here, there = here + 1, there + 1
        elif left is not None and right is not None and left not in in_listed and right not in in_found:
            yield there, f"was altered: its fingerprint is {short(left)}, {by} has {short(right)}"
            here, there = here + 1, there + 1
        elif right is not None and right not in in_found:
            yield there, f"was taken out: no leaf has the fingerprint {short(right)} that {by} has"
            there += 1
        elif left is not None and left not in in_listed:
            yield here, f"was added: {by} has not its fingerprint {short(left)}"
            here += 1
        elif left is None or right is None:
            yield (here if right is None else there), "stands once too often or too seldom"
            here, there = here + (left is not None), there + (right is not None)
        else:
            yield there, "its order was changed: another entry stands in its place"
            here, there = here + 1, there + 1


def short(fingerprint: bytes) -> str:
    """The first digits of a fingerprint."""
    return fingerprint.hex()[:16] + "..."


def chains(leaves: list[dict[str, Any] | None], found: list[bytes], listed: list[bytes]) -> Iterable[Problem]:
    """Each subject counts its own entries and names the fingerprint of the one before."""
    gone: set[str] = {one.hex() for one in set(listed) - set(found)}
    last: dict[str, tuple[int, int]] = {}
    for index, leaf in enumerate(leaves):
        if leaf is None or "type" not in leaf:
            continue
        subject, seq, prev = leaf["subject"], leaf["subject_seq"], leaf["prev"]
        before, count = last.get(subject, (-1, 0))
        last[subject] = (index, seq)
        told = {found[before].hex(), listed[before].hex() if before < len(listed) else ""} if count else {""}
        if prev in gone:
            continue
        if seq > count + 1:
            yield index, f"is number {seq} of {subject}, but only {count} stand before it: one was taken out"
        elif seq <= count:
            yield index, f"is number {seq} of {subject}, but follows number {count}: the order was changed"
        elif prev not in told and count:
            yield (
                before,
                f"was altered: entry {index}, next of {subject}, names its fingerprint as {prev[:16]}...",
            )
        elif prev not in told:
            yield index, f"was altered: it is the first of {subject} and names one before it"
        for source in leaf["because"]:
            if source not in last and not gone:
                yield index, f"arises from {source}, of which nothing was recorded before"


def seals(leaf: dict[str, Any], fields: dict[str, tuple[bytes, Any]], index: int) -> Iterable[Problem]:
    """Every disclosed value must be the one under its seal."""
    for name, (salt, value) in sorted(fields.items()):
        seal = hmac.new(salt, canonical(value), hashlib.sha256).hexdigest()
        written = leaf["commit"].get(name)
        if written is None:
            yield index, f"a value of {name} is disclosed that its leaf never sealed"
        elif seal != written:
            yield (
                index,
                f"the value of {name} was altered: its seal is {seal[:16]}..., written was {written[:16]}...",
            )


def withholds(leaf: dict[str, Any], fields: Iterable[str], names: set[str], index: int) -> Iterable[Problem]:
    """A withheld name must be one of the seals, not disclosed as well, and not of an entry that tells an erasure."""
    for name in sorted(names):
        if name not in leaf["commit"]:
            yield index, f"a value of {name} is withheld that its leaf never sealed"
        elif name in fields:
            yield index, f"the value of {name} is both disclosed and withheld"
        elif leaf["type"] == "record.erased":
            yield index, f"the value of {name} is withheld, though it says what was erased"


def disclosures(leaves: list[dict[str, Any] | None], values: Values, withheld: Withheld) -> Iterable[Problem]:
    """Values against seals; a value is missing only when an entry says that it was erased, or it is withheld."""
    erased: set[tuple[Any, Any]] = set()
    for index, leaf in enumerate(leaves):
        said = values.get(index, {})
        if leaf and leaf.get("type") == "record.erased" and "index" in said and "field" in said:
            erased.add((said["index"][1], said["field"][1]))
    for index, fields in values.items():
        leaf = leaves[index] if isinstance(index, int) and 0 <= index < len(leaves) else None
        if leaf is None or "type" not in leaf:
            yield index, "values are disclosed for it, but no public leaf holds their seals"
        else:
            yield from seals(leaf, fields, index)
            yield from withholds(leaf, fields, withheld.get(index, set()), index)
    for index, leaf in enumerate(leaves):
        for name in leaf["commit"] if leaf and "type" in leaf else ():
            if name in values.get(index, {}) or name in withheld.get(index, ()):
                continue
            if (index, name) not in erased:
                yield index, f"the value of {name} is missing, and no erasure of it is on record"


def continues(prints: list[bytes], head: Head, trusted: bytes) -> Iterable[Problem]:
    """Whether the copy begins with what a file kept from earlier showed."""
    try:
        origin, size, root = read_checkpoint(trusted)
    except No:
        kept = read_prints(trusted)
        yield from compare(prints[: len(kept)], kept, "your kept list")
        return
    if origin != head[0]:
        yield None, f"this is the log {head[0]}, the trusted checkpoint is of {origin}"
    elif size > len(prints):
        yield None, f"entries {len(prints)} to {size - 1} are gone: the trusted checkpoint counts {size}"
    elif tree_root(prints[:size]) != root:
        yield None, f"an entry before number {size} was altered since the trusted checkpoint"


def verify_copy(place: str, trusted: list[bytes]) -> tuple[Head, list[Problem], Withheld]:
    """Everything wrong with a copy, and what it withholds."""
    problems: list[Problem] = []
    head = read_checkpoint(fetch(place, "checkpoint"))
    lines = lines_of(fetch(place, "leaves.jsonl", head[1]))
    listed = read_prints(fetch(place, "hashes.txt", head[1]))
    values, withheld = read_values(fetch(place, "disclosures.jsonl", head[1]), problems)
    found = [leaf_print(line) for line in lines]
    leaves: list[dict[str, Any] | None] = []
    problems += compare(found, listed, "the list")
    for kept in trusted:
        problems += continues(found, head, kept)
    for index, line in enumerate(lines):
        try:
            leaves.append(read_leaf(line))
        except (ValueError, RecursionError) as error:
            leaves.append(None)
            problems.append((index, f"its leaf cannot be read: {error}"))
    problems += chains(leaves, found, listed)
    problems += disclosures(leaves, values, withheld)
    if head[1] != len(listed):
        problems.append((None, f"the list has {len(listed)} fingerprints, the checkpoint counts {head[1]}"))
    root = tree_root(listed)
    if root != head[2]:
        problems.append((None, f"the list leads to root {short(root)}, the checkpoint says {short(head[2])}"))
    return head, problems, withheld


def verify_proof(text: bytes, trusted: list[bytes]) -> tuple[str, list[Problem], Withheld]:
    """Everything wrong with the proof of one entry, and what it withholds."""
    try:
        proof = parsed(text)
        head = read_checkpoint(proof["checkpoint"].encode())
        index, line = proof["index"], base64.b64decode(proof["leaf"], validate=True)
        path = [bytes.fromhex(one) for one in proof["path"]]
        values = {name: value_of(kept) for name, kept in proof["disclosed"].items()}
        names = names_of(proof.get("withheld", []))
        leaf = read_leaf(line)
    except UNREADABLE as error:
        raise No(f"the proof cannot be read: {error}") from error
    if type(index) is not int or any(len(one) != 32 for one in path):
        raise No("the proof's index or fingerprints are malformed")
    problems: list[Problem] = []
    root = root_of_path(index, head[1], leaf_print(line), path)
    if root != head[2]:
        problems.append((index, f"was altered: it leads to root {short(root)}, the checkpoint says {short(head[2])}"))
    if "type" in leaf:
        problems += [*seals(leaf, values, index), *withholds(leaf, values, names, index)]
    elif values or names:
        problems.append((index, "values are disclosed or withheld for a leaf that shows no seals"))
    for kept in trusted:
        if read_checkpoint(kept) != head:
            problems.append((None, "the proof is for another checkpoint than the trusted one"))
    return f"yes, entry {index} of {head[1]}, root {head[2].hex()}", problems, {index: names} if names else {}


def unchecked(withheld: Withheld) -> Iterable[str]:
    """The lines that say how many values were withheld, and of which entries."""
    count = sum(len(names) for names in withheld.values())
    if count:
        yield f"{count} value{'' if count == 1 else 's'} withheld, which cannot be checked:"
    for index, names in sorted(withheld.items()):
        yield f"  entry {index}: {', '.join(sorted(names))}"


def told(problem: Problem) -> str:
    """One line of the answer no."""
    index, what = problem
    return f"no: the log: {what}" if index is None else f"no: entry {index}: {what}"


def main(arguments: list[str] | None = None) -> int:
    """Read the command line, answer, return the exit code."""
    reader = argparse.ArgumentParser(
        description=(__doc__ or "").split("\n", 1)[0],
        epilog="example: python3 comity_verify.py https://example.org/record/ --trusted checkpoint-of-may",
    )
    reader.add_argument("copy", metavar="COPY", help="folder or address of a published copy, or a proof file")
    reader.add_argument(
        "--trusted", metavar="FILE", action="append", default=[], help="a checkpoint or hashes.txt kept from earlier"
    )
    given = reader.parse_args(arguments)
    try:
        trusted = [Path(name).read_bytes() for name in given.trusted]
        if Path(given.copy).is_file():
            yes, problems, withheld = verify_proof(Path(given.copy).read_bytes(), trusted)
        else:
            head, problems, withheld = verify_copy(given.copy, trusted)
            yes = f"yes, {head[1]} entries, root {head[2].hex()}"
    except No as error:
        print(f"no: {error}")
        return 1
    except (NothingToVerify, OSError) as error:
        print(f"nothing to verify: {error}", file=sys.stderr)
        return 2
    for problem in dict.fromkeys(problems):
        print(told(problem))
    if not problems:
        print(yes)
    for line in unchecked(withheld):
        print(line)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
