"""Where in a text the words stand that somebody looks for."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from content.finding.folding import folded_in_place, is_unspaced, shown

BEFORE, LENGTH = 40, 140
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text, found or between."""

    text: str
    is_found: bool = False


def marked(text: str, needles: Sequence[str]) -> list[Piece]:
    """All of the text, in pieces."""
    return list(_pieces(text, _places(text, needles)))


def snippet(text: str, needles: Sequence[str]) -> list[Piece]:
    """Some words around the first that is found; nothing where none is."""
    places = _places(text, needles)
    if not places:
        return []
    start = max(places[0][0] - BEFORE, 0)
    if start:
        blank = text.find(" ", start, places[0][0])
        start = blank + 1 if blank >= 0 else start
    cut = text[start : start + LENGTH]
    shifted = [(a - start, b - start) for a, b in places if b <= start + len(cut)]
    pieces = [Piece(_BLANKS.sub(" ", one.text), one.is_found) for one in _pieces(cut, shifted)]
    before = [Piece("… ")] if start else []
    after = [Piece(" …")] if start + LENGTH < len(text) else []
    return [*before, *pieces, *after]


def _places(text: str, needles: Sequence[str]) -> list[tuple[int, int]]:
    """Where the needles begin words, without overlaps, in their order."""
    low = folded_in_place(text)
    if len(low) != len(text):
        return []
    found: list[tuple[int, int]] = []
    for needle in needles:
        at = low.find(needle)
        while at >= 0 and len(found) < 50:
            end = at + len(needle)
            if _begins(low, at, needle) and not any(a < end and at < b for a, b in found):
                found.append((at, _word_end(low, end, needle)))
            at = low.find(needle, end)
    return sorted(found)


def _begins(text: str, at: int, needle: str) -> bool:
    return (
        is_unspaced(needle[0]) or at == 0 or not text[at - 1].isalnum() or is_unspaced(text[at - 1])
    )


def _word_end(text: str, end: int, needle: str) -> int:
    """A word that is found by its beginning is marked whole."""
    if is_unspaced(needle[0]):
        return end
    while end < len(text) and text[end].isalnum() and not is_unspaced(text[end]):
        end += 1
    return end


def _pieces(text: str, places: Iterable[tuple[int, int]]) -> Iterable[Piece]:
    done = 0
    for start, end in places:
        if start < done:
            continue
        if start > done:
            yield Piece(text[done:start])
        yield Piece(text[start:end], True)
        done = end
    if done < len(text):
        yield Piece(text[done:])


def quotable(text: str) -> str:
    """Text of a column, as `marked` takes it."""
    return shown(text)
