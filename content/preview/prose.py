"""Prose, which people write as Markdown, as harmless markup."""

import html
import re
from functools import cache

from django.utils.safestring import SafeString
from markdown_it import MarkdownIt

from cjops.documents import Document
from content.preview.filling import filled_markup, marked
from content.preview.look import Look
from content.sanitising import Pictures, TooLarge, clean

# A script of an hour has some 60,000 characters.
MAX_PROSE = 200_000
# Letters that nobody writes, one for each personal value while Markdown is read.
FIRST_LETTER, LAST_LETTER = 0xF0000, 0xFFFFD
_LETTERS = re.compile(f"[{chr(FIRST_LETTER)}-{chr(LAST_LETTER)}]")
_VALUE = re.compile(r"\{\{[^{}]*+\}\}")


@cache
def _reader() -> MarkdownIt:
    """Markdown as CommonMark has it, with tables; HTML in it is text."""
    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def shown(source: str, rendition: Document, look: Look, pictures: Pictures) -> SafeString:
    """The prose with values filled in. Raises `LiquidFault` and `TooLarge`."""
    if len(source) > MAX_PROSE:
        raise TooLarge
    written = filled_markup(_rendered(source), source, rendition, look)
    return marked(clean(written, pictures))


def _rendered(source: str) -> str:
    """The prose as markup, with its templates as they are.

    A value begins and ends with signs, and between a sign and a letter Markdown sees no emphasis:
    where no blanks stand between words, "**{{ name }}**" would stay a pair of asterisks.
    """
    values = _VALUE.findall(source)
    if not values or len(values) > LAST_LETTER - FIRST_LETTER or _LETTERS.search(source):
        return str(_reader().render(source))
    letters = map(chr, range(FIRST_LETTER, LAST_LETTER))
    written = str(_reader().render(_VALUE.sub(lambda _found: next(letters), source)))
    return _LETTERS.sub(
        lambda found: html.escape(values[ord(found.group()) - FIRST_LETTER]), written
    )
