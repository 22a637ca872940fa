"""A text message as a phone gets it: in as many parts as it is sent, and what forces Unicode."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby

from content.segments import GSM, GSM_DOUBLE

# One message alone, and each of several, which carry their number: septets, or units of UTF-16.
SINGLE_GSM, PART_GSM, SINGLE_UNICODE, PART_UNICODE = 160, 153, 70, 67


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters that stand together; `forces` those that are not of GSM 03.38."""

    text: str
    forces: bool


@dataclass(frozen=True, slots=True)
class Part:
    """One of the messages that are sent; of its `most` places it takes `used`."""

    pieces: tuple[Piece, ...]
    used: int
    most: int


@dataclass(frozen=True, slots=True)
class Sent:
    """The parts, and each character, once, that forces Unicode."""

    parts: tuple[Part, ...]
    forcing: tuple[str, ...]
    length: int

    @property
    def is_unicode(self) -> bool:
        """Whether it does not fit the alphabet of text messages."""
        return bool(self.forcing)


def is_gsm(character: str) -> bool:
    """Whether the character is of GSM 03.38."""
    return character in GSM or character in GSM_DOUBLE


def sent(text: str) -> Sent:
    """How the text is sent."""
    forcing = tuple(dict.fromkeys(one for one in text if not is_gsm(one)))
    size = _units if forcing else _septets
    total = sum(map(size, text))
    single, several = (SINGLE_UNICODE, PART_UNICODE) if forcing else (SINGLE_GSM, PART_GSM)
    most = single if total <= single else several
    parts = tuple(
        Part(_pieces(part), sum(map(size, part)), most) for part in _split(text, size, most)
    )
    return Sent(parts, forcing, len(text))


def _septets(character: str) -> int:
    return 2 if character in GSM_DOUBLE else 1


def _units(character: str) -> int:
    return 2 if ord(character) > 0xFFFF else 1


def _split(text: str, size: Callable[[str], int], most: int) -> Iterator[str]:
    """In parts of at most that size; what takes two places is never torn apart."""
    start = used = 0
    for place, character in enumerate(text):
        if used + size(character) > most:
            yield text[start:place]
            start, used = place, 0
        used += size(character)
    if start < len(text):
        yield text[start:]


def _pieces(text: str) -> tuple[Piece, ...]:
    return tuple(
        Piece("".join(characters), not gsm) for gsm, characters in groupby(text, key=is_gsm)
    )
