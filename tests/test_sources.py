"""That a rule asked of many names each that breaks it."""

import pytest

from tests.sources import ROOT, for_each, nodes


def test_all_that_are_wrong_are_named_and_no_other():
    @for_each([1, 2, 3, 4], str)
    def even(number):
        assert number % 2 == 0, "odd"

    with pytest.raises(AssertionError) as told:
        even()

    lines = str(told.value).split("\n")
    assert [line for line in lines if line[:1].isdigit()] == ["1: odd", "3: odd"]


def test_nothing_to_look_at_is_a_mistake():
    with pytest.raises(AssertionError):
        for_each([])


def test_a_file_is_parsed_once():
    path = ROOT / "tests" / "sources.py"
    assert nodes(path) is nodes(path)
