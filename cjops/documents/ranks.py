"""Ranks: short strings that sort, with room for another one between any two.

A rank is the fraction behind "0." in base 62, with the digits 0-9A-Za-z, whose order as digits is
their order as bytes. A rank does not end in "0", because nothing fits between "a" and "a0". Bytes
must be compared as bytes: in PostgreSQL by COLLATE "C".

Elements are mostly added at one end, or one after the other at one place. There, halving would add
a digit every six insertions, so ranks count instead: n leading "z" (downwards: "0") announce a
counter of n + 1 digits. 10,000 insertions in one direction at one place cost a handful of digits.
"""

import re

from cjops.documents.errors import RankError

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_VALUES = {digit: value for value, digit in enumerate(_DIGITS)}
_BASE = len(_DIGITS)
_FIRST, _MIDDLE, _LAST = _DIGITS[0], _DIGITS[_BASE // 2], _DIGITS[-1]
_DIGITS_ONLY = re.compile(r"[0-9A-Za-z]*", re.ASCII)


def rank_between(lower: str | None, upper: str | None) -> str:
    """Return a rank above `lower` and below `upper`; None leaves that end open.

    Raises RankError where there is none: `lower` not below `upper`, other characters than digits,
    or an `upper` that is `lower` with nothing but "0" behind it.
    """
    floor = lower or ""
    # "a0" as upper end is no more than "a": what fitted between them would leave no room.
    ceiling = upper and upper.rstrip(_FIRST)
    if not _DIGITS_ONLY.fullmatch(floor + (ceiling or "")):
        raise RankError(lower, upper)
    if ceiling is None:
        return _above(floor)
    if floor >= ceiling:
        raise RankError(lower, upper)
    return _between(floor, ceiling)


def spread(count: int) -> list[str]:
    """Return `count` short ranks in order, evenly spread, with room around each."""
    if count < 0:
        raise ValueError("A number of ranks is not negative.")
    width = 1
    while _BASE**width < 2 * (count + 1):
        width += 1
    return [
        _text(number * _BASE**width // (count + 1), width).rstrip(_FIRST)
        for number in range(1, count + 1)
    ]


def _between(lower: str, upper: str) -> str:
    start = _first_difference(lower, upper)
    common, low, high = upper[:start], lower[start:], upper[start:]
    if not low:
        return common + _below(high)
    below, above = _VALUES[low[0]], _VALUES[high[0]]
    if above - below > 1:
        return common + _DIGITS[(below + above) // 2]
    if len(high) > 1:
        return common + high[0]
    return common + low[0] + _above(low[1:])


def _first_difference(lower: str, upper: str) -> int:
    for position, (low, high) in enumerate(zip(lower, upper, strict=False)):
        if low != high:
            return position
    return len(lower)


def _above(lower: str) -> str:
    """Return a rank above `lower`: the next one of the counter it starts with."""
    if not lower.strip(_FIRST):
        return lower + _MIDDLE
    level = len(lower) - len(lower.lstrip(_LAST))
    width = level + 1
    number = _number(lower[level : level + width], width) + 1
    if number >= (_BASE - 1) * _BASE**level:
        return _LAST * width + _FIRST * width + _DIGITS[1]
    return lower[:level] + _text(number, width).rstrip(_FIRST)


def _below(upper: str) -> str:
    """Return a rank below `upper`, which is not all "0"."""
    level = len(upper) - len(upper.lstrip(_FIRST))
    width = level + 1
    digits, rest = upper[level : level + width], upper[level + width :]
    if rest:
        return upper[:level] + digits.rstrip(_FIRST)
    number = _number(digits, width) - 1
    if number < _BASE**level:
        return _FIRST * width + _LAST * (width + 1)
    return upper[:level] + _text(number, width).rstrip(_FIRST)


def _number(digits: str, width: int) -> int:
    number = 0
    for digit in digits.ljust(width, _FIRST):
        number = number * _BASE + _VALUES[digit]
    return number


def _text(number: int, width: int) -> str:
    digits = []
    for _ in range(width):
        number, value = divmod(number, _BASE)
        digits.append(_DIGITS[value])
    return "".join(reversed(digits))
