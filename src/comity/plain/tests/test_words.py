"""Ids, slugs, references and refusals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.plain.ids import ID_LENGTH, is_id, new_id, slug
from comity.plain.languages import direction
from comity.plain.refs import Ref
from comity.plain.refusals import NotVisible, Refusal


def test_ids_have_80_random_bits() -> None:
    ids = {new_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert all(is_id(one) and len(one) == ID_LENGTH for one in ids)


@given(st.text(max_size=200))
def test_a_slug_is_never_empty_and_holds_no_sign_an_address_could_trip_over(title: str) -> None:
    tail = slug(title)
    assert 0 < len(tail) <= 60
    assert not set(tail) & set("/?#% _<>\"'")


def test_a_slug_keeps_every_script() -> None:
    assert slug("Declaration on the Waters of the Halmere") == "declaration-on-the-waters-of-the-halmere"
    assert slug("حزب تجديد") == "حزب-تجديد"


def test_a_reference_reads_back() -> None:
    assert Ref.parse("text:abc") == Ref("text", "abc")
    with pytest.raises(ValueError, match="not a reference"):
        Ref.parse("text")


def test_a_refusal_tells_its_rule_and_what_broke_it() -> None:
    assert str(NotVisible()) == "Nothing that you may see stands at this address."
    assert str(NotVisible(row=7)) == "Nothing that you may see stands at this address. (row 7)"
    assert issubclass(NotVisible, Refusal)


def test_direction_follows_the_language_not_the_region() -> None:
    assert direction("ar") == "rtl"
    assert direction("ar-EG") == "rtl"
    assert direction("fr") == "ltr"
