"""The numbers, dates and times of a text, written so that languages can be compared.

“10,000”, “1万” and “１０,０００” are one number; “1 December” and “12月1日” one day; “8折” and
“20 %” one percentage. What a text writes in words it may mean, and need not: such numbers answer
for one that another language writes in digits, and are asked of none.
"""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

_WIDE = {0xFF01 + offset: 0x21 + offset for offset in range(0x5E)} | {0x3000: 0x20, 0xA0: 0x20,
    0x202F: 0x20, 0x2009: 0x20, 0x2007: 0x20}  # fmt: skip
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>]+|[^\s<>@]{1,64}@[^\s<>@]{1,200}")
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_MONTH = "|".join(f"{name}|{name[:3]}\\.?" for name in _MONTHS) + "|sept\\.?"
_ISO = re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_ZH_DAY = re.compile(r"(?:(?<!\d)(\d{4})\s?年\s?)?(?<!\d)(\d{1,2})\s?月\s?(\d{1,2})\s?[日号號]")
_ZH_MONTH = re.compile(r"(?:(?<!\d)(\d{4})\s?年\s?)?(?<!\d)(\d{1,2})\s?月(?!\s?\d)")
_EN_DAY = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?({_MONTH})\b(?:,?\s+(\d{{4}})(?!\d))?", re.I
)
_US_DAY = re.compile(
    rf"\b({_MONTH})\s+(\d{{1,2}})(?:st|nd|rd|th)?(?!\d)(?:,?\s+(\d{{4}})(?!\d))?", re.I
)
_EN_MONTH = re.compile(rf"\b({_MONTH})\s+(\d{{4}})(?!\d)", re.I)
_SLASHED = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})(?:/(\d{2,4}))?(?![\d/])")
_CLOCK = re.compile(r"(?<![\d:])(\d{1,2})[:：](\d{2})(?!\d|:\d)(?:\s?[ap]\.?m\b)?", re.I)
_EN_HOUR = re.compile(r"(?<![\d:.])(\d{1,2})(?:\.(\d{2}))?\s?[ap]\.?m\b", re.I)
_ZH_HOUR = re.compile(r"(?<!\d)(\d{1,2})\s?[点點时時](?!间|間|数|數)(?:\s?(\d{1,2})\s?分?|(半))?")
_PER_CENT = re.compile(
    r"百分之\s?(\d+(?:\.\d+)?)|(?<![\d.])(\d+(?:[.,]\d+)?)\s?(?:%|per\s?cent\b)", re.I
)
# “9 or 10 %”: both are percentages.
_TO_PER_CENT = re.compile(
    r"(?<![\d.])(\d+(?:[.,]\d+)?)(?=\s?(?:to|or|and|-|–|—|~|至|到|或|和)\s?\d+(?:[.,]\d+)?\s?%)",
    re.I,
)
_HOUR = re.compile(r"(?<![\d.,:])\d{1,2}(?![\d:%]|[.,]\d)")
_OFF = re.compile(r"(?<![\d.])(\d{1,2}(?:\.\d)?)\s?折")
_NUMBER = re.compile(
    r"(?<![\d.,])(\d{1,3}(?:[,’' ]\d{3})+(?!\d)(?:\.\d+)?|\d+[.,]\d+|\d+)"
    r"(?:\s?(百[万萬]|千[万萬]|[万萬亿億千]|million\b|billion\b|thousand\b|bn\b|[mk]\b))?",
    re.I,
)
_TIMES = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8, "千": 10**3, "百万": 10**6,
          "百萬": 10**6, "千万": 10**7, "千萬": 10**7, "million": 10**6, "m": 10**6,
          "billion": 10**9, "bn": 10**9, "thousand": 10**3, "k": 10**3}  # fmt: skip
_LOW = """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen eighteen nineteen twenty
"""
_WORDS = {
    word: value for value, word in enumerate(_LOW.split())
} | {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
     "ninety": 90, "hundred": 100, "thousand": 1000, "a": 1, "an": 1, "once": 1, "single": 1,
     "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "twice": 2, "both": 2, "pair": 2,
     "double": 2, "half": 0, "dozen": 12, "week": 7, "fortnight": 14, "day": 24,
     "hour": 60, "year": 12, "quarter": 3, "free": 0, "no": 0, "nothing": 0}  # fmt: skip
_WORD = re.compile(r"[a-z]+", re.I)
_ZH_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {
    "〇": 0, "两": 2, "兩": 2, "双": 2, "雙": 2, "首": 1, "每": 1,
}  # fmt: skip
_ZH_UNITS = {"十": 10, "百": 100, "千": 1000}
_ZH_NUMBER = re.compile(r"[零〇一二两兩三四五六七八九十百千双雙首每]{1,9}[万萬]?")
_ZH_WORDS = (("周", 7), ("週", 7), ("星期", 7), ("天", 24), ("小时", 60), ("小時", 60), ("年", 12),
             ("季", 3), ("免", 0), ("无", 0), ("無", 0), ("不", 0))  # fmt: skip
# More says nothing that anybody would compare.
MOST = 2_000


class Amounts(NamedTuple):
    """What a text says for certain, and what its words may mean."""

    certain: dict[str, str]
    possible: frozenset[str]

    def lacking(self, other: "Amounts") -> list[str]:
        """What this says and the other does not, as it is written here."""
        return [
            written
            for meaning, written in self.certain.items()
            if meaning not in other.certain and meaning not in other.possible
        ]


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.certain: dict[str, str] = {}
        self.possible: set[str] = set()

    def take(
        self, pattern: re.Pattern[str], mean: Callable[[re.Match[str]], Iterator[str]]
    ) -> None:
        """Note what is found and take it out, so that nothing else sees it."""

        def noted(found: re.Match[str]) -> str:
            for meaning in mean(found):
                if len(self.certain) < MOST:
                    self.certain.setdefault(meaning, found.group().strip())
            return " \x00 "

        self.text = pattern.sub(noted, self.text)


def amounts(text: str) -> Amounts:
    """What the text says; linear in its length."""
    reader = _Reader(_ADDRESS.sub(" \x00 ", text.translate(_WIDE)))
    _note_words(reader)
    reader.text = _TO_PER_CENT.sub(r"\1% ", reader.text)
    _take_days(reader)
    _time_or_number(reader)
    reader.take(_CLOCK, lambda found: _time(found.group(1), found.group(2)))
    reader.take(_EN_HOUR, lambda found: _time(found.group(1), found.group(2)))
    reader.take(_ZH_HOUR, lambda found: _time(found.group(1), found.group(2) or found.group(3)))
    reader.take(_PER_CENT, lambda found: _share(found.group(1) or found.group(2)))
    reader.take(_OFF, _off)
    reader.take(_NUMBER, lambda found: _number(found.group(1), found.group(2)))
    return Amounts(reader.certain, frozenset(reader.possible))


def _time_or_number(reader: _Reader) -> None:
    """An hour that one language calls an hour, the other may give as a mere number."""
    is_half = "half" in reader.text.lower()
    for found in _HOUR.finditer(reader.text):
        hour = int(found.group())
        if hour <= 24:
            # “Half past 9”, too.
            reader.possible |= {f"t:{hour % 12}:00"} | ({f"t:{hour % 12}:30"} if is_half else set())
    for found in [*_EN_HOUR.finditer(reader.text), *_ZH_HOUR.finditer(reader.text)]:
        hour = int(found.group(1))
        reader.possible |= {f"n:{hour}", f"n:{hour % 12 + 12}"}


def _take_days(reader: _Reader) -> None:
    reader.take(_ISO, lambda found: _day(found.group(1), found.group(2), found.group(3)))
    reader.take(_ZH_DAY, lambda found: _day(found.group(1), found.group(2), found.group(3)))
    reader.take(_ZH_MONTH, lambda found: _month(found.group(1), found.group(2)))
    reader.take(
        _EN_DAY, lambda found: _day(found.group(3), _month_of(found.group(2)), found.group(1))
    )
    reader.take(
        _US_DAY, lambda found: _day(found.group(3), _month_of(found.group(1)), found.group(2))
    )
    reader.take(_EN_MONTH, lambda found: _month(found.group(2), _month_of(found.group(1))))
    for found in _SLASHED.finditer(reader.text):
        # Which is the day depends on where somebody lives; so does whether it is a day at all.
        one, other = int(found.group(1)), int(found.group(2))
        reader.possible |= {f"d:{one}-{other}", f"d:{other}-{one}", f"n:{one}", f"n:{other}"}
    reader.text = _SLASHED.sub(" \x00 ", reader.text)


def _month_of(name: str) -> str:
    return str([month[:3] for month in _MONTHS].index(name.lower()[:3]) + 1)


def _day(year: str | None, month: str, day: str) -> Iterator[str]:
    yield f"d:{int(month)}-{int(day)}"
    if year:
        yield f"n:{int(year)}"


def _month(year: str | None, month: str) -> Iterator[str]:
    yield f"m:{int(month)}"
    if year:
        yield f"n:{int(year)}"


def _time(hour: str, minute: str | None) -> Iterator[str]:
    # Half the world counts to twelve.
    yield f"t:{int(hour) % 12}:{30 if minute == '半' else int(minute or 0):02d}"


def _share(number: str) -> Iterator[str]:
    yield f"p:{_plain(Decimal(number.replace(',', '.')))}"


def _off(found: re.Match[str]) -> Iterator[str]:
    left = Decimal(found.group(1))
    yield f"p:{_plain(100 - (left * 10 if left < 10 else left))}"


def _number(number: str, unit: str | None) -> Iterator[str]:
    digits = re.sub(r"[’' ]", "", number)
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", digits):
        digits = digits.replace(",", "")
    try:
        value = Decimal(digits.replace(",", "."))
    except InvalidOperation:
        return
    yield f"n:{_plain(value * _TIMES.get((unit or '').lower(), 1))}"


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _note_words(reader: _Reader) -> None:
    words = {word.lower() for word in _WORD.findall(reader.text)}
    months = [month[:3] for month in _MONTHS]
    for word in words:
        if word.rstrip("s") in _WORDS or word in _WORDS:
            reader.possible.add(f"n:{_WORDS.get(word, _WORDS.get(word.rstrip('s'), 0))}")
        if word[:3] in months and len(word) > 2:
            reader.possible.add(f"m:{months.index(word[:3]) + 1}")
        if "half" in words:
            reader.possible |= {"n:0.5", "n:50", "p:50", "n:30"}
    for found in _ZH_NUMBER.findall(reader.text):
        value = _chinese(found)
        reader.possible |= {f"n:{value}", f"p:{value}"}
    if "半" in reader.text:
        reader.possible |= {"n:0.5", "n:50", "p:50", "n:30", "n:6"}
    reader.possible |= {f"n:{value}" for word, value in _ZH_WORDS if word in reader.text}


def _chinese(written: str) -> int:
    factor = 1
    if written[-1] in "万萬":
        factor, written = 10_000, written[:-1]
    total = current = 0
    for sign in written:
        if sign in _ZH_UNITS:
            total += (current or 1) * _ZH_UNITS[sign]
            current = 0
        else:
            current = _ZH_DIGITS[sign]
    return (total + current) * factor
