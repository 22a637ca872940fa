"""A text message as a phone gets it: in as many parts as it is sent, and what forces Unicode."""

from collections.abc import Collection
from dataclasses import dataclass
from itertools import groupby

from content.segments import segmentation


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


def sent(text: str) -> Sent:
    """How the text is sent."""
    found = segmentation(text)
    forcing = tuple(one.character for one in found.forcing)
    parts = tuple(
        Part(_pieces(part, forcing), used, found.per_part)
        for part, used in zip(found.parts, found.units, strict=True)
    )
    return Sent(parts, forcing, len(text))


def _pieces(text: str, forcing: Collection[str]) -> tuple[Piece, ...]:
    return tuple(
        Piece("".join(characters), forces)
        for forces, characters in groupby(text, key=lambda one: one in forcing)
    )
