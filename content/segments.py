"""How a text message is sent: its alphabet, and how many messages it takes (3GPP TS 23.038).

Several messages that belong together begin with a header of 6 octets each (3GPP TS 23.040,
9.2.3.24.1), which leaves 153 septets or 67 code units of the 160 or 70. What takes two places, an
escaped character or one outside the basic plane, is never split over two messages. The shift
tables of single languages (TS 23.038, 6.2.1.2) are not used: few phones and carriers know them.
"""

from dataclasses import dataclass
from typing import Literal

# GSM 03.38: the alphabet a text message fits 160 of, and the characters that take two places.
GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_DOUBLE = frozenset("^{}\\[~]|€\f")
SINGLE = {"gsm-7": 160, "ucs-2": 70}
SEVERAL = {"gsm-7": 153, "ucs-2": 67}

# What people most often mean where a character forces Unicode.
INSTEAD = {
    "‘": "'", "’": "'", "‚": ",", "‛": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"',
    "‹": "'", "›": "'", "–": "-", "—": "-", "‒": "-", "−": "-", "‐": "-", "‑": "-", "…": "...",
    "•": "-", "·": "-", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u3000": " ", "\t": " ",
    "´": "'", "`": "'", "×": "x",
    "™": "TM", "®": "(R)", "©": "(C)", "½": "1/2", "\u200b": "", "\u200d": "", "\u00ad": "",
    "！": "!", "，": ",", "。": ".", "？": "?", "：": ":", "；": ";", "（": "(", "）": ")",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Forcing:
    """A character that GSM 03.38 has not, where it first stands, and what would do instead."""

    character: str
    position: int
    count: int
    instead: str | None


@dataclass(frozen=True, slots=True)
class Segmentation:
    """A text as it is sent: `parts` in their order, each with the places it takes."""

    alphabet: Literal["gsm-7", "ucs-2"]
    parts: tuple[str, ...]
    units: tuple[int, ...]
    per_part: int
    forcing: tuple[Forcing, ...]

    @property
    def count(self) -> int:
        """How many messages; 0 for no text."""
        return len(self.parts)

    @property
    def left(self) -> int:
        """How many places are free in the last message."""
        return self.per_part - self.units[-1] if self.units else self.per_part


def segmentation(text: str) -> Segmentation:
    """The messages that `text` is sent as."""
    forcing = forcing_characters(text)
    alphabet: Literal["gsm-7", "ucs-2"] = "ucs-2" if forcing else "gsm-7"
    sizes = [_places(character, alphabet) for character in text]
    if sum(sizes) <= SINGLE[alphabet]:
        parts, units = ((text,), (sum(sizes),)) if text else ((), ())
        return Segmentation(alphabet, parts, units, SINGLE[alphabet], forcing)
    limit = SEVERAL[alphabet]
    starts, filled = [0], [0]
    for position, size in enumerate(sizes):
        if filled[-1] + size > limit:
            starts.append(position)
            filled.append(0)
        filled[-1] += size
    ends = [*starts[1:], len(text)]
    several = tuple(text[start:end] for start, end in zip(starts, ends, strict=True))
    return Segmentation(alphabet, several, tuple(filled), limit, forcing)


def forcing_characters(text: str) -> tuple[Forcing, ...]:
    """The characters because of which a text is sent in UCS-2, each once, in their order."""
    first: dict[str, int] = {}
    counts: dict[str, int] = {}
    for position, character in enumerate(text):
        if character not in GSM and character not in GSM_DOUBLE:
            first.setdefault(character, position)
            counts[character] = counts.get(character, 0) + 1
    return tuple(
        Forcing(character, position, counts[character], INSTEAD.get(character))
        for character, position in first.items()
    )


def segments(text: str) -> int:
    """How many text messages `text` is sent as; 0 for no text."""
    return segmentation(text).count


def _places(character: str, alphabet: str) -> int:
    if alphabet == "gsm-7":
        return 2 if character in GSM_DOUBLE else 1
    return 2 if ord(character) > 0xFFFF else 1
