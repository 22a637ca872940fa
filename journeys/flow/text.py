"""How wide text will be, and how it breaks into lines: servers have no fonts to ask."""

import unicodedata

# Widths as shares of the font size, a little wider than the fonts are: better a gap than a clash.
_NARROW = frozenset("iljtfrI.,:;'|!()[]{}·-‐ ")
_WIDE = frozenset("mwMW@%—…→")
_ELLIPSIS = "…"


def text_width(text: str, size: float) -> float:
    """The width of `text` in pixels at a font size; Chinese characters count double."""
    return size * sum(_share(character) for character in text)


def _share(character: str) -> float:
    if character in _NARROW:
        return 0.34
    if character in _WIDE:
        return 0.92
    if character.isascii():
        return 0.7 if character.isupper() else 0.585
    if unicodedata.combining(character):
        return 0
    if unicodedata.east_asian_width(character) in "WF":
        return 1.04
    return 0.64


def shorten(text: str, size: float, width: float) -> str:
    """As much of `text` as fits into `width`, with an ellipsis where some is left out."""
    if text_width(text, size) <= width:
        return text
    room = width - text_width(_ELLIPSIS, size)
    kept = ""
    for character in text:
        room -= size * _share(character)
        if room < 0:
            break
        kept += character
    return kept.rstrip() + _ELLIPSIS


def wrap(text: str, size: float, width: float, lines: int) -> tuple[str, ...]:
    """`text` in at most `lines` lines of `width` pixels; the last one is shortened if need be."""
    wrapped: list[str] = []
    rest = " ".join(text.split())
    while rest and len(wrapped) < lines - 1:
        at = _break(rest, size, width)
        wrapped.append(rest[:at].rstrip())
        rest = rest[at:].lstrip()
    if rest:
        wrapped.append(shorten(rest, size, width))
    return tuple(wrapped)


def _break(text: str, size: float, width: float) -> int:
    """Where the first line ends: after a word, or after any wide character."""
    room, best = width, 0
    for position, character in enumerate(text):
        if character == " " or (_is_wide(character) and not _clings(character)):
            best = position
        room -= size * _share(character)
        if room < 0:
            return best or max(position, 1)
    return len(text)


def _is_wide(character: str) -> bool:
    return not character.isascii() and unicodedata.east_asian_width(character) in "WF"


def _clings(character: str) -> bool:
    """Closing punctuation does not begin a line."""
    return character in "，。、；：？！）》」』】…"
