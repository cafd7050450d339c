import json
import struct
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.record.core import jcs
from comity.record.core.jcs import Json, NotCanonical
from comity.record.tests.other import second_opinion

# RFC 8785, appendix B: the bits of a number, and how it is written
NUMBERS = {
    "0000000000000000": "0",
    "8000000000000000": "0",
    "0000000000000001": "5e-324",
    "8000000000000001": "-5e-324",
    "7fefffffffffffff": "1.7976931348623157e+308",
    "ffefffffffffffff": "-1.7976931348623157e+308",
    "4340000000000000": "9007199254740992",
    "c340000000000000": "-9007199254740992",
    "4430000000000000": "295147905179352830000",
    "44b52d02c7e14af5": "9.999999999999997e+22",
    "44b52d02c7e14af6": "1e+23",
    "44b52d02c7e14af7": "1.0000000000000001e+23",
    "444b1ae4d6e2ef4e": "999999999999999700000",
    "444b1ae4d6e2ef4f": "999999999999999900000",
    "444b1ae4d6e2ef50": "1e+21",
    "3eb0c6f7a0b5ed8c": "9.999999999999997e-7",
    "3eb0c6f7a0b5ed8d": "0.000001",
    "41b3de4355555553": "333333333.3333332",
    "41b3de4355555554": "333333333.33333325",
    "41b3de4355555555": "333333333.3333333",
    "41b3de4355555556": "333333333.3333334",
    "41b3de4355555557": "333333333.33333343",
    "becbf647612f3696": "-0.0000033333333333333333",
    "43143ff3c1cb0959": "1424953923781206.2",
}
OTHER = second_opinion()
numbers = st.floats(allow_nan=False, allow_infinity=False).filter(lambda x: not 2**53 <= abs(x) < 1e21)
scalars = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | numbers | st.text()
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4), max_leaves=12
)


@pytest.mark.parametrize(("bits", "written"), NUMBERS.items())
def test_numbers_are_written_as_the_standard_writes_them(bits: str, written: str) -> None:
    value = struct.unpack(">d", bytes.fromhex(bits))[0]
    assert jcs.number(value) == written
    assert OTHER._number(value) == written


def test_the_standards_own_example_comes_out_byte_for_byte() -> None:
    value: Json = {
        "numbers": [333333333.33333329, 1e30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/",
        "literals": [None, True, False],
    }
    expected = (
        '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )
    assert jcs.encode(value) == expected.encode()


def test_keys_are_ordered_by_utf16_units() -> None:
    keys = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    ordered = list(json.loads(jcs.encode(dict.fromkeys(keys))))
    assert ordered == ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]


@given(values)
def test_reading_back_gives_the_same_value_and_the_same_bytes(value: Json) -> None:
    written = jcs.encode(value)
    assert jcs.decode(written) == value
    assert jcs.encode(jcs.decode(written)) == written


@given(values)
def test_both_implementations_write_the_same_bytes(value: Json) -> None:
    assert OTHER.canonical(value) == jcs.encode(value)


def test_an_enumeration_is_written_as_its_value() -> None:
    class Side(StrEnum):
        LEFT = "left"

    assert jcs.encode({"side": Side.LEFT}) == b'{"side":"left"}'


@pytest.mark.parametrize(
    "value",
    [float("nan"), float("inf"), 2**53, -(2**53), 1e20, "\ud800", {"\udfff": 1}, {1: "a"}, b"bytes", {1, 2}],
)
def test_what_json_cannot_hold_is_refused(value: Json) -> None:
    with pytest.raises(NotCanonical):
        jcs.encode(value)


def test_a_value_nested_beyond_reason_is_refused_and_does_not_fall() -> None:
    value: Json = []
    for _ in range(5000):
        value = [value]
    with pytest.raises(NotCanonical):
        jcs.encode(value)
    with pytest.raises(NotCanonical):
        jcs.decode("[" * 100_000)


@pytest.mark.parametrize("text", ['{"a":1,"a":2}', "NaN", "[Infinity]", "{", b"\xff"])
def test_what_is_not_strict_json_is_not_read(text: str | bytes) -> None:
    with pytest.raises(NotCanonical):
        jcs.decode(text)
