"""Ranks: there is always room, and they stay short where elements are mostly added."""

import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cjops.documents import RankError, rank_between, spread

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
# Many at the edges of the alphabet, where counters overflow.
RANKS = st.text("01Vyz" + DIGITS, min_size=1, max_size=8).filter(lambda rank: rank[-1] != "0")
MANY = 10_000


def assert_between(lower: str | None, rank: str, upper: str | None) -> None:
    assert rank
    assert set(rank) <= set(DIGITS)
    assert not rank.endswith("0")
    assert lower is None or lower.encode() < rank.encode()
    assert upper is None or rank.encode() < upper.encode()


@settings(deadline=None, max_examples=500)
@given(RANKS, RANKS)
def test_there_is_a_rank_between_any_two(one: str, other: str) -> None:
    lower, upper = sorted((one, other))
    if lower == upper:
        with pytest.raises(RankError):
            rank_between(lower, upper)
    else:
        assert_between(lower, rank_between(lower, upper), upper)


@settings(deadline=None, max_examples=500)
@given(RANKS)
def test_there_is_a_rank_above_and_below_any(rank: str) -> None:
    assert_between(rank, rank_between(rank, None), None)
    assert_between(None, rank_between(None, rank), rank)


@settings(deadline=None)
@given(st.text(DIGITS, max_size=5), st.text(DIGITS, max_size=5))
def test_ranks_that_others_wrote_are_used_or_refused(one: str, other: str) -> None:
    lower, upper = sorted((one, other))
    try:
        rank = rank_between(lower, upper)
    except RankError:
        # Nothing fits between a rank and the same one with zeros behind it.
        assert upper.startswith(lower)
        assert not upper[len(lower) :].strip("0")
    else:
        assert_between(lower, rank, upper)
        assert_between(rank, rank_between(rank, upper), upper)


@settings(deadline=None)
@given(st.lists(st.integers(0, 50), max_size=150))
def test_any_sequence_of_insertions_keeps_the_order(positions: list[int]) -> None:
    ranks: list[str] = []
    for wanted in positions:
        position = min(wanted, len(ranks))
        lower = ranks[position - 1] if position else None
        upper = ranks[position] if position < len(ranks) else None
        ranks.insert(position, rank_between(lower, upper))
    assert ranks == sorted(set(ranks))


@settings(deadline=None)
@given(st.integers(0, 2000))
def test_spread_ranks_are_in_order_and_leave_room(count: int) -> None:
    ranks = spread(count)
    assert len(ranks) == count
    for lower, upper in pairwise([None, *ranks, None]):
        assert_between(lower, rank_between(lower, upper), upper)
        assert upper is None or not upper.endswith("0")


def test_the_first_rank_stands_in_the_middle() -> None:
    assert rank_between(None, None) == "V"


def test_a_spread_of_five_hundred_takes_two_digits_each() -> None:
    assert max(map(len, spread(500))) == 2


def test_a_spread_is_not_negative() -> None:
    with pytest.raises(ValueError, match="not negative"):
        spread(-1)


def test_ten_thousand_appended_stay_short() -> None:
    ranks: list[str] = []
    for _ in range(MANY):
        ranks.append(rank_between(ranks[-1] if ranks else None, None))
    assert ranks == sorted(set(ranks))
    assert max(map(len, ranks)) <= 5


def test_ten_thousand_prepended_stay_short() -> None:
    rank = rank_between(None, None)
    for _ in range(MANY):
        following, rank = rank, rank_between(None, rank)
        assert rank < following
        assert len(rank) <= 6


def test_ten_thousand_after_one_another_between_two_stay_short() -> None:
    last = "V"
    for _ in range(MANY):
        previous, last = last, rank_between(last, "W")
        assert_between(previous, last, "W")
        assert len(last) <= 8


def test_ten_thousand_each_right_behind_one_stay_short() -> None:
    first = "W"
    for _ in range(MANY):
        following, first = first, rank_between("V", first)
        assert_between("V", first, following)
        assert len(first) <= 8


def test_ten_thousand_each_between_the_last_two_stay_correct() -> None:
    lower, upper = "V", "W"
    for turn in range(MANY):
        rank = rank_between(lower, upper)
        assert lower < rank < upper
        if turn % 2:
            lower = rank
        else:
            upper = rank


def test_ten_thousand_at_random_stay_short() -> None:
    chance = random.Random(1)
    ranks = ["V"]
    for _ in range(MANY):
        position = chance.randint(0, len(ranks))
        lower = ranks[position - 1] if position else None
        upper = ranks[position] if position < len(ranks) else None
        ranks.insert(position, rank_between(lower, upper))
    assert ranks == sorted(set(ranks))
    assert max(map(len, ranks)) <= 12


@pytest.mark.parametrize(
    ("lower", "upper"),
    [
        ("b", "a"),
        ("a", "a"),
        ("a", "a0"),
        ("a", "a000"),
        (None, "0"),
        (None, ""),
        ("a-", "b"),
        ("a", "é"),
        ("a\n", None),
        (None, "٣"),
    ],
)
def test_where_nothing_fits_or_fits_the_alphabet_is_refused(
    lower: str | None, upper: str | None
) -> None:
    with pytest.raises(RankError):
        rank_between(lower, upper)
