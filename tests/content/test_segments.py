"""Text messages are split as the standard says, and as an implementation of its own does."""

import random

import pytest

from content.segments import GSM, GSM_DOUBLE, INSTEAD, segmentation, segments
from tests.content import sms_oracle

EVERY = sorted(GSM | GSM_DOUBLE)
BEYOND = ["’", "好", "あ", "é́", "😀", "👩‍👩‍👧", "\U00010348", "\uffe5", "ç", "\u200b", "𠮷"]
LENGTHS = [0, 1, 66, 67, 68, 69, 70, 71, 133, 134, 135, 152, 153, 154, 159, 160, 161, 305, 306, 307]


def generated(count: int):
    """Messages of all kinds; the same ones each time."""
    rng = random.Random(20270301)
    yield from EVERY
    yield from (character * length for character in ("a", "€", "好", "😀") for length in LENGTHS)
    for number in range(count):
        length = rng.choice([*LENGTHS, rng.randrange(900)])
        rare = rng.choice([0, 0, 0, 0.02, 0.5])
        double = rng.choice([0, 0.05, 0.5, 1])
        yield "".join(
            rng.choice(BEYOND)
            if rng.random() < rare
            else rng.choice(sorted(GSM_DOUBLE) if rng.random() < double else EVERY)
            for _ in range(length)
        ) + (EVERY[number % len(EVERY)] if number % 3 else "")


def test_two_thousand_messages_are_split_as_another_implementation_splits_them():
    checked = 0
    for text in generated(2_000):
        ours, (alphabet, parts) = segmentation(text), sms_oracle.messages(text)
        assert (ours.alphabet, list(ours.parts)) == (alphabet, parts), repr(text)
        assert segments(text) == len(parts)
        checked += 1
    assert checked > 2_000


def test_the_alphabets_are_the_same_128_and_10():
    points = {chr(point) for point in sms_oracle.SEPTETS}
    assert points == GSM | GSM_DOUBLE
    assert (len(GSM), len(GSM_DOUBLE)) == (127, 10)


def test_parts_are_the_text_and_fit():
    for text in generated(200):
        found = segmentation(text)
        assert "".join(found.parts) == text
        assert all(0 < units <= found.per_part for units in found.units)
        assert found.count in (0, 1) or found.per_part in (153, 67)


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("a" * 152 + "€" + "b" * 20, (152, 22)),
        ("a" * 151 + "€" + "b" * 20, (153, 20)),
        ("好" * 66 + "😀" + "好" * 10, (66, 12)),
        ("好" * 65 + "😀" + "好" * 10, (67, 10)),
    ],
)
def test_nothing_that_takes_two_places_is_split(text, units):
    assert segmentation(text).units == units


def test_characters_that_force_unicode_are_named_with_their_place():
    found = segmentation("It’s 5 – and it’s 好").forcing
    assert [(one.character, one.position, one.count, one.instead) for one in found] == [
        ("’", 2, 2, "'"),
        ("–", 7, 1, "-"),
        ("好", 18, 1, None),
    ]


def test_what_is_proposed_instead_forces_nothing():
    for proposed in INSTEAD.values():
        assert segmentation(proposed).alphabet == "gsm-7"


def test_the_places_left_are_counted():
    assert segmentation("").left == 160
    assert segmentation("a" * 150).left == 10
    assert segmentation("a" * 161).left == 153 - 8
