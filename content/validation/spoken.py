"""What a text says to people: its words without markup and Liquid, and the line of each."""

import html
import re
from bisect import bisect_right
from collections.abc import Iterable

from markdown_it import MarkdownIt
from markdown_it.token import Token as Prose

from content.markup import Token, attributes

# Stands for what is filled in: a letter of no alphabet, so that no word goes across it.
FILLED = "\ufffc"
# What does not begin a new line.
INLINE = frozenset(
    {"a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "del", "em", "font", "i", "ins", "kbd"}
    | {"mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt"}
    | {"u", "var", "wbr", "img"}
)
SAID_RAW = frozenset({"textarea", "xmp"})
# Longer prose is refused for its length, and not read.
MAX_PROSE = 200_000

_LIQUID = re.compile(r"\{[{%]")
_BLANKS = re.compile(r"[^\S\n]+")
_READER = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


class Lines:
    """The line of a position in a text, counted from 1."""

    def __init__(self, source: str) -> None:
        self.starts = [0]
        position = source.find("\n")
        while position >= 0:
            self.starts.append(position + 1)
            position = source.find("\n", position + 1)

    def of(self, position: int) -> int:
        return bisect_right(self.starts, position)


class Spoken:
    """Words, and the line in the source where each of them stands."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.length = 0
        self.begins: list[int] = []
        self.numbers: list[int] = []
        self._text: str | None = None

    def add(self, words: str, line: int) -> None:
        """What stands on that line of the source and those after it."""
        for number, part in enumerate(words.split("\n")):
            if number:
                self._put("\n", line + number)
            self._put(part, line + number)

    def add_block(self) -> None:
        """A new paragraph, row or cell begins."""
        if self.parts and self.parts[-1] != "\n":
            self._put("\n", self.numbers[-1])

    def _put(self, part: str, line: int) -> None:
        if part:
            self.parts.append(part)
            self.begins.append(self.length)
            self.numbers.append(line)
            self.length += len(part)

    @property
    def text(self) -> str:
        if self._text is None:
            self._text = "".join(self.parts)
        return self._text

    def line_of(self, position: int) -> int:
        """The line in the source of a place in `text`."""
        place = bisect_right(self.begins, position) - 1
        return self.numbers[place] if place >= 0 else 0


def without_liquid(source: str) -> str:
    """`source` with a sign in place of all that is filled in; its line feeds stay."""
    if "{" not in source:
        return source
    parts, position = [], 0
    while (begin := _LIQUID.search(source, position)) is not None:
        start = begin.start()
        end = source.find("%}" if source[start + 1] == "%" else "}}", start + 2)
        if end < 0:
            break
        parts.append(source[position:start])
        is_said = source[start + 1] == "{"
        parts.append((FILLED if is_said else "") + "\n" * source.count("\n", start, end))
        position = end + 2
    parts.append(source[position:])
    return "".join(parts)


def of_text(source: str) -> Spoken:
    """A text that is sent as it is written."""
    found = Spoken()
    found.add(without_liquid(source), 1)
    return found


def of_markup(pieces: Iterable[Token], lines: Lines) -> Spoken:
    """What markup says, pictures by what stands in their place."""
    found = Spoken()
    is_unsaid = False
    for token in pieces:
        if token.name == "mj-title":
            is_unsaid = token.kind == "open"
        elif token.kind in ("text", "raw"):
            words = token.value if token.kind == "text" or token.name in SAID_RAW else ""
            if words and not is_unsaid:
                found.add(
                    _BLANKS.sub(" ", html.unescape(without_liquid(words))), lines.of(token.at)
                )
        elif token.name in ("img", "mj-image"):
            found.add(f" {_alternative(token)} ", lines.of(token.at))
        elif token.name not in INLINE:
            found.add_block()
    return found


def _alternative(picture: Token) -> str:
    return without_liquid(attributes(picture.value).get("alt", "")).replace("\n", " ")


def read_prose(source: str) -> list[Prose]:
    """The pieces of Markdown; none of what is too long to be read."""
    return _READER.parse(source) if len(source) <= MAX_PROSE else []


def of_prose(pieces: Iterable[Prose]) -> Spoken:
    """What Markdown says."""
    found = Spoken()
    for block in pieces:
        line = block.map[0] + 1 if block.map else 1
        if block.type in ("fence", "code_block"):
            found.add(without_liquid(block.content), line)
            found.add_block()
        for piece in block.children or ():
            if piece.type in ("softbreak", "hardbreak"):
                found.add_block()
                line += 1
            elif piece.type in ("text", "code_inline", "image"):
                found.add(without_liquid(piece.content), line)
        if block.type == "inline":
            found.add_block()
    return found
