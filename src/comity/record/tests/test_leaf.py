import hashlib
import hmac
import json

import pytest

from comity.record.core import leaf
from comity.record.core.leaf import LeafTooLarge, NotForTheRecord, PublicFacts


def facts(**changed: object) -> PublicFacts:
    said: dict[str, object] = {
        "type": "texts.adopted",
        "at": "2026-04-18T17:12:58Z",
        "actor": "org:aaaabbbbccccdddd",
        "subject": "text:aaaaaaaaaaaaaaaa",
        "subject_seq": 1,
        "prev": "",
    }
    return PublicFacts(**{**said, **changed})  # type: ignore[arg-type]


def test_a_public_leaf_holds_commitments_and_no_value() -> None:
    fields = leaf.sealed_all({"words": "We reserve on clause 4.", "votes": 31})
    written = leaf.public_leaf(facts(), fields)
    read = json.loads(written)
    assert b"reserve" not in written
    assert set(read) == {"v", "type", "at", "actor", "subject", "subject_seq", "prev", "because", "commit"}
    salt = fields["votes"].salt
    assert len(salt) == 32
    assert read["commit"]["votes"] == hmac.new(salt, b"31", hashlib.sha256).hexdigest()


def test_the_same_value_never_has_the_same_seal() -> None:
    seals = {leaf.seal("yes").commitment() for _ in range(50)}
    assert len(seals) == 50


@pytest.mark.parametrize(
    "changed",
    [
        {"subject": "person:aaaaaaaaaaaaaaaa"},
        {"because": ["person:aaaaaaaaaaaaaaaa"]},
        {"subject": "text:Amina Karim of Orvane"},
        {"actor": "seat:aaaabbbbccccdddd"},
        {"actor": "Amina Karim"},
        {"type": "texts.adopted by acclamation"},
        {"type": "adopted"},
    ],
)
def test_persons_and_free_text_never_stand_in_a_leaf(changed: dict[str, object]) -> None:
    with pytest.raises(NotForTheRecord):
        leaf.public_leaf(facts(**changed), {})


@pytest.mark.parametrize("name", ["Amina Karim", "", "a" * 61, "entry"])
def test_a_field_has_a_short_name_of_its_own(name: str) -> None:
    with pytest.raises(NotForTheRecord):
        leaf.sealed_all({name: 1})


def test_a_leaf_beyond_two_kilobytes_is_refused_with_its_measure() -> None:
    fields = leaf.sealed_all({f"field-{number}": number for number in range(40)})
    with pytest.raises(LeafTooLarge) as refusal:
        leaf.public_leaf(facts(), fields)
    assert refusal.value.parameters["limit"] == 2048


def test_nobody_can_tell_a_decoy_from_a_restricted_entry() -> None:
    real, decoy = leaf.restricted_leaf(leaf.seal({"type": "security.told"})), leaf.decoy_leaf()
    shapes = [
        {name: (type(value), len(str(value))) for name, value in json.loads(one).items()} for one in (real, decoy)
    ]
    assert shapes[0] == shapes[1]
    assert len(real) == len(decoy)
