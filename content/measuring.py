"""How wide a text is on a screen: in columns, of which a Chinese character takes two.

What a reader takes for one sign counts once: what stands on another one takes no room, and people,
flags and skin tones that are joined into one picture are as wide as one (UAX 11, UAX 29).
"""

import unicodedata

JOINER = "\u200d"
_SELECTORS = frozenset("\ufe0e\ufe0f")
_MARKS = frozenset({"Mn", "Me", "Cf", "Cc"})


def columns(text: str) -> int:
    """The columns that `text` takes."""
    if text.isascii():
        return len(text)
    width, joined, flags = 0, False, 0
    for character in text:
        point = ord(character)
        if character == JOINER:
            joined = True
            continue
        if 0x1F1E6 <= point <= 0x1F1FF:
            # Two letters of a country are one flag.
            flags += 1
            width += 2 if flags % 2 else 0
            continue
        flags = 0
        width += 0 if joined else _columns_of(character, point)
        joined = False
    return width


def _columns_of(character: str, point: int) -> int:
    if character in _SELECTORS or 0x1F3FB <= point <= 0x1F3FF:
        return 0
    if unicodedata.category(character) in _MARKS:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
