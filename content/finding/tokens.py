"""Words of a text, as the index knows them: stems, and pairs of characters without spaces."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from content.finding.folding import UNSPACED, folded

# Longer words are cut, on both sides alike.
WORD_LENGTH = 40
# PostgreSQL counts places up to here.
LAST_PLACE = 16_383
# Between two fields, so that no phrase begins in one and ends in the next.
GAP = 8
_RUNS = re.compile(f"([{UNSPACED}]+)|((?:(?![{UNSPACED}])[^\\W_])+)")
_VOWEL = re.compile("[aeiouy]")
_DOUBLED = re.compile(r"([bdfgmnprt])\1$")


@dataclass(frozen=True, slots=True)
class Run:
    """A word, or characters that stand together in a script without spaces."""

    text: str
    is_unspaced: bool


def runs(text: str) -> Iterator[Run]:
    """The words of a text, folded, in their order."""
    for match in _RUNS.finditer(folded(text)):
        yield Run(match[0] if match[1] else match[0][:WORD_LENGTH], bool(match[1]))


def stem(word: str) -> str:
    """An English word without its ending; light, so that other languages hardly suffer."""
    if len(word) < 4 or not word.isascii() or not word.isalpha():
        return word
    word = _singular(word)
    for ending, least in (("ing", 6), ("ed", 5)):
        rest = word.removesuffix(ending)
        if rest != word and len(word) >= least and not word.endswith("eed"):
            if not _VOWEL.search(rest):
                return word
            return _without_e(_DOUBLED.sub(r"\1", rest))
    return _without_e(word)


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    if word.endswith(("sses", "xes", "ches", "shes", "zes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _without_e(word: str) -> str:
    return word[:-1] if word.endswith("e") and len(word) > 3 else word


def lexemes(run: Run) -> list[tuple[str, ...]]:
    """What stands in the index for it, place by place; several at one place are the same word.

    The last character of a run stands alone as well: with pairs that begin with a character this
    finds each single one.
    """
    if run.is_unspaced:
        pairs = [(run.text[at : at + 2],) for at in range(len(run.text) - 1)]
        return [*pairs, (run.text[-1],)]
    short = stem(run.text)
    return [(short,) if short == run.text else (short, run.text)]


class Vector:
    """A `tsvector` in the making."""

    def __init__(self) -> None:
        self.places: dict[str, dict[int, str]] = {}
        self.words: set[str] = set()
        self._next = 1

    def add(self, text: str, weight: str) -> None:
        """The words of a field, each with the weight A, B, C or D."""
        for run in runs(text):
            if not run.is_unspaced:
                self.words.add(run.text)
            for at_one_place in lexemes(run):
                if self._next > LAST_PLACE:
                    return
                for lexeme in at_one_place:
                    self.places.setdefault(lexeme, {}).setdefault(self._next, weight)
                self._next += 1
        self._next += GAP

    def __str__(self) -> str:
        """As PostgreSQL reads it; 255 places of a word are the most it keeps."""
        parts = []
        for lexeme, places in sorted(self.places.items()):
            said = ",".join(f"{at}{'' if w == 'D' else w}" for at, w in list(places.items())[:200])
            parts.append(f"'{lexeme}':{said}")
        return " ".join(parts)


def vector(fields: Iterable[tuple[str, str]]) -> Vector:
    """The vector of these texts, each with its weight."""
    found = Vector()
    for text, weight in fields:
        found.add(text, weight)
    return found
