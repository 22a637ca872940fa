"""Fields of content as people read them on a change: never as code."""

import pytest

from cjops.documents import MISSING
from governance.presenting.asset_words import label, leaves, words

NAMES = {"channels": {"display": "Display"}}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (("body",), "Body"),
        (("timezone",), "Time zone"),
        (("files", "300x250", "file"), "300 × 250"),
        (("files", "poster", "alt"), "Poster as PDF, in words"),
        (("variables", "first_name", "sample"), "Variable “first_name”, sample"),
        (("rights", "valid_until"), "Rights: last day"),
        (("claims", "rate", "reference"), "Statement “rate”, what it rests on"),
    ],
)
def test_a_field_has_a_name(path, expected):
    assert label(path) == expected


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        (("kind",), "in-app", "In-app message"),
        (("channel",), "display", "Display"),
        (("format",), "mjml", "MJML"),
        (("layout",), "full", "Whole screen"),
        (("language",), "zh-Hans", "Simplified Chinese"),
        (("status",), MISSING, "In use"),
        (("adapted_from",), [{"asset": "welcome", "version": 2}], "welcome, version 2"),
        (("rights",), {"source": "An agency"}, "Rights: source: An agency"),
        (("tags",), [], ""),
    ],
)
def test_a_value_is_said_in_words(path, value, expected):
    assert words(path, value, NAMES) == expected


def test_what_has_parts_is_taken_apart_and_what_stays_is_left_out():
    before = {"name": {"sample": "Maya", "fallback": "you"}}
    after = {"name": {"sample": "Jun", "fallback": "you"}, "city": {"sample": "Berlin"}}
    assert list(leaves(("variables",), before, after)) == [
        (("variables", "name", "sample"), "Maya", "Jun"),
        (("variables", "city", "sample"), MISSING, "Berlin"),
    ]


def test_a_field_that_was_left_out_is_all_new():
    assert list(leaves(("files",), MISSING, {"picture": {"file": "ab", "alt": "A sun"}})) == [
        (("files", "picture", "file"), MISSING, "ab"),
        (("files", "picture", "alt"), MISSING, "A sun"),
    ]
