"""Prose, which people write as Markdown, as harmless markup."""

from functools import cache

from django.utils.safestring import SafeString
from markdown_it import MarkdownIt

from cjops.documents import Document
from content.preview.filling import filled_markup, marked
from content.preview.look import Look
from content.sanitising import Pictures, TooLarge, clean

# A script of an hour has some 60,000 characters.
MAX_PROSE = 200_000


@cache
def _reader() -> MarkdownIt:
    """Markdown as CommonMark has it, with tables; HTML in it is text."""
    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def shown(source: str, rendition: Document, look: Look, pictures: Pictures) -> SafeString:
    """The prose with values filled in. Raises `LiquidFault` and `TooLarge`."""
    if len(source) > MAX_PROSE:
        raise TooLarge
    written = filled_markup(_reader().render(source), source, rendition, look)
    return marked(clean(written, pictures))
