"""Personal values in a preview: the customer's, else the sample, else the fallback, else a mark."""

import html
import re
from collections.abc import Callable, Iterable, Mapping

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from cjops.documents import Document
from content import liquid
from content.definition import said
from content.liquid import LiquidFault
from content.preview.look import Look

# What stands for a value that nobody knows: no text has these signs by chance.
OPENS, CLOSES = "⟦", "⟧"
_TAG = r"""<(?:[^<>"']|"[^"]*+"|'[^']*+')*+>"""
_MARKED = re.compile(rf"{_TAG}|{OPENS}([^{OPENS}{CLOSES}<>]*+){CLOSES}")
# What a writer of markup has escaped in them means itself to whoever fills them in.
_TEMPLATE = re.compile(r"\{\{[^{}]*+\}\}|\{%(?:[^%{}]|%(?!\}))*+%\}")


def values_for(names: Iterable[str], rendition: Document, look: Look) -> dict[str, str]:
    """A value for each of the variables."""
    known, written = look.values_in(rendition["language"]), said(rendition, "variables")
    found = {}
    for name in names:
        one = written.get(name, {})
        found[name] = (
            known.get(name) or one.get("sample") or one.get("fallback") or f"{OPENS}{name}{CLOSES}"
        )
    return found


def filled(source: str, rendition: Document, look: Look, *, escapes: bool = False) -> str:
    """The text with values filled in; they are escaped for markup where `escapes`.

    Raises `LiquidFault`.
    """
    if not liquid.holds_liquid(source):
        return source
    template = liquid.parse(source, escapes=escapes)
    return liquid.render(template, values_for(template.names, rendition, look))


def filled_markup(source: str, written: str, rendition: Document, look: Look) -> str:
    """`source`, which was made of what somebody has written, with values filled in.

    Raises `LiquidFault` with the line of what was written.
    """
    if not liquid.holds_liquid(source):
        return source
    plain = _TEMPLATE.sub(lambda found: html.unescape(found.group()), source)
    try:
        return filled(plain, rendition, look, escapes=True)
    except LiquidFault as fault:
        filled(written, rendition, look)
        raise LiquidFault(fault.words) from None


def marked(markup: str) -> SafeString:
    """Harmless markup, in which what has no value is marked for the eye."""
    if OPENS not in markup:
        return mark_safe(markup)  # noqa: S308 - it came harmless and only marks are added
    return mark_safe(_MARKED.sub(_mark, markup))  # noqa: S308


def _mark(found: re.Match[str]) -> str:
    name = found.group(1)
    if name is None:
        return found.group()
    return f'<mark class="unknown">{name}</mark>'


def text(source: str, rendition: Document, look: Look) -> SafeString:
    """A text with values filled in, as markup that shows it letter by letter."""
    return marked(format_html("{}", filled(source, rendition, look)))


def readable(values: Mapping[str, Mapping[str, str]]) -> Callable[[Document, str], str]:
    """What puts these values into the texts of a rendition; a text at fault stays as written."""
    look = Look(values=values)

    def fill(rendition: Document, source: str) -> str:
        try:
            return text(source, rendition, look)
        except LiquidFault:
            return source

    return fill
