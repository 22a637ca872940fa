"""How hard prose is to read.

English: Flesch Reading Ease, R. Flesch, “A new readability yardstick” (1948), and the grade of
J. P. Kincaid et al., “Derivation of new readability formulas” (1975). Chinese has no formula that
as many agree on; long sentences are what its readers stumble over, so those are measured.
"""

import re
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from content.validation.checked import Checked, Text

# Less says nothing about how somebody writes.
MIN_WORDS, MIN_CHARACTERS = 100, 200
# Below is what Flesch called difficult; more are sentences of four lines on a phone.
HARD, LONG = 40.0, 45.0
# A block of fewer is a heading, a button, a cell of a table.
MIN_BLOCK, MIN_CHINESE_BLOCK = 5, 10

_WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)?")
_END = re.compile(r"(?<![.!?])[.!?]++(?=[\s\"'”’)]|$)")
_CHINESE_END = re.compile(r"[。！？；…!?;]+")
_HAN = re.compile(r"[\u3400-\u9fff]")
_VOWELS = re.compile(r"[aeiouy]+")


@dataclass(frozen=True, slots=True)
class Ease:
    """How English reads: `ease` from 100, very easy, downwards; `grade` in years of school."""

    words: int
    ease: float
    grade: float


def check(checked: Checked, text: Text) -> None:
    """The prose of one rendition."""
    if not any(text.kind.field(name).rows >= 4 for name in text.worded):
        return
    name = "body" if "body" in text.worded else "text"
    if name not in text.worded or checked.weight_of("hard-to-read") == "off":
        return
    spoken = text.spoken(name).text
    if text.language.startswith("en"):
        found = english(spoken)
        if found is not None and found.ease < HARD:
            message = _(
                "%(language)s: the text is hard to read (Flesch reading ease %(ease)s, "
                "%(grade)s years of school; 60 is plain). Write shorter sentences and shorter "
                "words."
            )
            words: dict[str, Any] = {"ease": round(found.ease), "grade": round(found.grade)}
            checked.found("hard-to-read", message, name, text=text, **words)
    elif text.language.startswith("zh"):
        length = chinese(spoken)
        if length is not None and length > LONG:
            message = _(
                "%(language)s: the text is hard to read: its sentences have %(length)s characters "
                "on average, and %(most)s are many. Write shorter sentences."
            )
            words = {"length": round(length), "most": round(LONG)}
            checked.found("hard-to-read", message, name, text=text, **words)


def english(text: str) -> Ease | None:
    """How English prose reads; None where there is too little of it."""
    words = sentences = syllables = 0
    for block in text.split("\n"):
        here = _WORD.findall(block)
        if len(here) < MIN_BLOCK:
            continue
        words += len(here)
        sentences += max(1, len(_END.findall(block)))
        syllables += sum(map(syllables_of, here))
    if words < MIN_WORDS:
        return None
    long, heavy = words / sentences, syllables / words
    ease = 206.835 - 1.015 * long - 84.6 * heavy
    return Ease(words, ease, 0.39 * long + 11.8 * heavy - 15.59)


def syllables_of(word: str) -> int:
    """The syllables of an English word, by its groups of vowels."""
    word = word.lower().removesuffix("'s").removesuffix("’s")
    count = len(_VOWELS.findall(word))
    if word.endswith("e") and not word.endswith(("le", "ee")) and count > 1:
        count -= 1
    if (
        word.endswith(("ed", "es"))
        and count > 1
        and not word.endswith(("ted", "ded", "ses", "ces"))
    ):
        count -= 1
    return max(count, 1)


def chinese(text: str) -> float | None:
    """The characters of a Chinese sentence on average; None where there is too little of it."""
    characters = sentences = 0
    for block in text.split("\n"):
        here = len(_HAN.findall(block))
        if here < MIN_CHINESE_BLOCK:
            continue
        characters += here
        ends = [part for part in _CHINESE_END.split(block) if _HAN.search(part)]
        sentences += max(1, len(ends))
    return characters / sentences if characters >= MIN_CHARACTERS else None
