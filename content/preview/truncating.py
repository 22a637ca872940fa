"""How much of a text fits: by columns, of which a Chinese sign takes two."""

import unicodedata
from dataclasses import dataclass

ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Cut:
    """A text that may have been cut off: what is seen, and what is not."""

    seen: str
    hidden: str = ""

    def __str__(self) -> str:
        return self.seen + ELLIPSIS if self.hidden else self.seen


def width_of(character: str) -> int:
    """Columns that it takes; none where it stands on or in another."""
    if unicodedata.combining(character) or unicodedata.category(character) in ("Cf", "Me", "Mn"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def columns(text: str) -> int:
    """How wide it is."""
    return sum(map(width_of, text))


def cut(text: str, most: int) -> Cut:
    """The text, cut off where it is wider than that."""
    if len(text) * 2 <= most or columns(text) <= most:
        return Cut(text)
    taken = 0
    for place, character in enumerate(text):
        taken += width_of(character)
        # One column is the ellipsis.
        if taken > most - 1:
            return Cut(text[:place].rstrip(), text[place:])
    return Cut(text)
