"""RFC 8785, by the vectors of the RFC and against the reference implementation."""

import enum
import hashlib
import struct
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from cjops.documents import NotCanonical, canonical, digest

from .strategies import JSON, SCALARS

# RFC 8785, appendix B: the bits of a double, and how it is written.
NUMBERS = [
    ("0000000000000000", "0"),
    ("8000000000000000", "0"),
    ("0000000000000001", "5e-324"),
    ("8000000000000001", "-5e-324"),
    ("7fefffffffffffff", "1.7976931348623157e+308"),
    ("ffefffffffffffff", "-1.7976931348623157e+308"),
    ("4340000000000000", "9007199254740992"),
    ("c340000000000000", "-9007199254740992"),
    ("4430000000000000", "295147905179352830000"),
    ("44b52d02c7e14af5", "9.999999999999997e+22"),
    ("44b52d02c7e14af6", "1e+23"),
    ("44b52d02c7e14af7", "1.0000000000000001e+23"),
    ("444b1ae4d6e2ef4e", "999999999999999700000"),
    ("444b1ae4d6e2ef4f", "999999999999999900000"),
    ("444b1ae4d6e2ef50", "1e+21"),
    ("3eb0c6f7a0b5ed8c", "9.999999999999997e-7"),
    ("3eb0c6f7a0b5ed8d", "0.000001"),
    ("41b3de4355555553", "333333333.3333332"),
    ("41b3de4355555554", "333333333.33333325"),
    ("41b3de4355555555", "333333333.3333333"),
    ("41b3de4355555556", "333333333.3333334"),
    ("41b3de4355555557", "333333333.33333343"),
    ("becbf647612f3696", "-0.0000033333333333333333"),
    ("43143ff3c1cb0959", "1424953923781206.2"),
]


@pytest.mark.parametrize(("bits", "text"), NUMBERS)
def test_numbers_are_written_as_ecmascript_writes_them(bits: str, text: str) -> None:
    (number,) = struct.unpack(">d", bytes.fromhex(bits))
    assert canonical(number).decode() == text


@pytest.mark.parametrize("bits", ["7fffffffffffffff", "7ff0000000000000", "fff0000000000000"])
def test_what_is_not_finite_is_refused(bits: str) -> None:
    (number,) = struct.unpack(">d", bytes.fromhex(bits))
    with pytest.raises(NotCanonical, match="not finite") as caught:
        canonical({"steps": [{"share": number}]})
    assert (caught.value.code, caught.value.pointer) == ("not_finite", "/steps/0/share")


def test_text_numbers_and_literals_of_the_rfc() -> None:
    value = {
        "numbers": [333333333.33333329, 1e30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/",
        "literals": [None, True, False],
    }
    assert canonical(value) == (
        b'{"literals":[null,true,false],'
        b'"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        b'"string":"\xe2\x82\xac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )


def test_names_sort_by_utf16_units() -> None:
    names = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    in_order = ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]
    text = canonical(dict.fromkeys(names, 0)).decode()
    assert text == "{" + ",".join(canonical(name).decode() + ":0" for name in in_order) + "}"


def test_numbers_on_the_quick_way_are_written_alike() -> None:
    assert canonical([1.0, -0.0, 0.5, 1e-4, 1e-5, 1e15, 1e16, 100.0]) == (
        b"[1,0,0.5,0.0001,0.00001,1000000000000000,10000000000000000,100]"
    )


@settings(deadline=None)
@given(JSON | st.dictionaries(st.text(max_size=3), SCALARS))
def test_the_quick_way_writes_what_the_reference_writes(value: Any) -> None:
    assert canonical(value) == rfc8785.dumps(value)


@settings(deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_number_is_written_as_the_reference_writes_it(number: float) -> None:
    assert canonical([number]) == rfc8785.dumps([number])


class Kind(enum.StrEnum):
    EMAIL = "email"


def test_text_of_another_class_is_text() -> None:
    assert canonical({"kind": Kind.EMAIL}) == b'{"kind":"email"}'


def test_the_argument_is_left_alone() -> None:
    value = {"share": 1.0, "list": [1.0, {"deep": 2.0}]}
    canonical(value)
    assert str(value) == "{'share': 1.0, 'list': [1.0, {'deep': 2.0}]}"


def nested(depth: int) -> Any:
    value: Any = []
    for _ in range(depth - 1):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("value", "code", "pointer"),
    [
        ({"steps": [{1: "x"}]}, "name_not_string", "/steps/0"),
        ({None: 1}, "name_not_string", ""),
        ({"a": 2**53}, "integer_too_large", "/a"),
        ({"a": -(2**53)}, "integer_too_large", "/a"),
        ({"a": 2**70}, "integer_too_large", "/a"),
        ({"a/b": {"c~d": 2**60}}, "integer_too_large", "/a~1b/c~0d"),
        (["\ud800"], "lone_surrogate", "/0"),
        ({"\udfff": 1}, "lone_surrogate", ""),
        ({"tags": ("a", "b")}, "not_json", "/tags"),
        ({"at": datetime(2024, 1, 1, tzinfo=UTC)}, "not_json", "/at"),
        ({"id": UUID(int=1)}, "not_json", "/id"),
        ({"tags": {"a"}}, "not_json", "/tags"),
        (b"bytes", "not_json", ""),
        (nested(101), "too_deep", "/0" * 100),
        (nested(5000), "too_deep", "/0" * 100),
    ],
)
def test_what_json_cannot_say_is_refused_with_its_place(
    value: object, code: str, pointer: str
) -> None:
    with pytest.raises(NotCanonical) as caught:
        canonical(value)
    assert (caught.value.code, caught.value.pointer) == (code, pointer)


def test_the_largest_integers_are_written() -> None:
    assert canonical([2**53 - 1, 1 - 2**53]) == b"[9007199254740991,-9007199254740991]"


def test_a_hundred_levels_are_written() -> None:
    assert canonical(nested(100)) == b"[" * 100 + b"]" * 100


def test_a_digest_is_the_sha256_of_the_canonical_json() -> None:
    assert (
        digest({"b": 1.0, "a": "开户"}) == hashlib.sha256('{"a":"开户","b":1}'.encode()).hexdigest()
    )


def test_a_digest_tells_true_from_one() -> None:
    assert digest({"a": True}) != digest({"a": 1})


def test_a_digest_puts_collections_in_order_and_leaves_other_lists() -> None:
    first, second = {"key": "a", "rank": "V"}, {"key": "b", "rank": "F"}
    assert digest({"steps": [first, second]}) == digest({"steps": [second, first]})
    assert digest({"tags": ["a", "b"]}) != digest({"tags": ["b", "a"]})
