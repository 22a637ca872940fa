"""An e-mail's HTML as something that may be shown: no scripts, no requests, no way out of it."""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, urlsplit

import css_inline
import nh3
from django.utils.translation import gettext as _

from content.allowed import ATTRIBUTES, CSS_FUNCTIONS, CSS_PROPERTIES, HTML_TAGS
from content.markup import MOST_KEPT, Attributes, Rewriter, quoted
from content.stylesheets import DESKTOP, Screen, applied, knows_dark

# More would take seconds; no mailbox shows it whole.
MAX_MARKUP = 1_200_000
MAX_STYLES = 200_000
# Inlining tries each rule on each tag.
MAX_RULES_TIMES_TAGS = 5_000_000

GONE_WITH_CONTENT = {"script", "style", "title"}

_FUNCTION = re.compile(r"([a-zA-Z_-][a-zA-Z0-9_-]*+)?\(")
# An escape could spell a forbidden word, a comment could split one, "@" starts an at-rule.
_SUSPECT = re.compile(r"[\\@<>]|/\*")
_EMBEDDED = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]+\Z")

# What a browser writes around a message, as the inliner does.
_TAG = r'(?:[^>"]|"[^"]*+")*+'
_AROUND = re.compile(rf"<html({_TAG})><head{_TAG}></head><body({_TAG})>")
_AFTER = "</body></html>"
# Of the page and its body: what can be seen, and what style sheets go by.
AROUND = ("style", "bgcolor", "class", "dir", "lang", "id")

_DOCTYPE = re.compile(
    r"\s*+(?:<!--(?:[^-]|-(?!->))*+-->\s*+)*+<!doctype\b([^>]{0,400})", re.IGNORECASE
)
TRANSITIONAL = (
    '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" '
    '"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">'
)

_TAGS, _PROPERTIES = set(HTML_TAGS), set(CSS_PROPERTIES)
_ATTRIBUTES = {name: set(values) for name, values in ATTRIBUTES.items()}

# Where a picture is, as something that may stand in a page; None for what is not to be had.
Pictures = Callable[[str], str | None]


class TooLarge(Exception):
    """The message is too large to be made harmless while somebody waits."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message made harmless: the attributes of its page and of its body, and what is in it.

    `doctype` is the plainest with which browsers lay it out as with its own.
    """

    doctype: str
    page: str
    body: str
    inner: str
    knows_dark: bool


def nothing(_address: str) -> None:
    """No picture is to be had."""


def sanitised(source: str) -> str:
    """The body of an HTML message, its style sheets inlined, fit for a sandboxed frame.

    Raises `TooLarge`.
    """
    made = message(source)
    return f"<div{made.body}>{made.inner}</div>"


def message(source: str, screen: Screen = DESKTOP, pictures: Pictures = nothing) -> Message:
    """The same in its parts, for a page of its own, as it looks on that screen.

    Raises `TooLarge`.
    """
    rewriter = Rewriter(allowed=HTML_TAGS)
    body = rewriter.write(source)
    if len(body) > MAX_MARKUP:
        raise TooLarge
    css = "\n".join(rewriter.styles)
    page, outer = _attributes(rewriter.page), _attributes(rewriter.body)
    if css.strip() and len(css) <= MAX_STYLES:
        rules = applied(css, screen)
        page, outer, body = inlined(page, outer, body, rules, rewriter.tags)
    return Message(
        doctype_of(source),
        _cleaned_attributes(page),
        _cleaned_attributes(outer),
        clean(body, pictures),
        knows_dark(css),
    )


def doctype_of(source: str) -> str:
    """What tells browsers which of their three ways of laying out a page is meant."""
    said = _DOCTYPE.match(source)
    if said is None:
        return ""
    words = said.group(1).lower()
    if "transitional//" in words or "frameset//" in words:
        return TRANSITIONAL
    return "<!doctype html>"


def _attributes(found: Attributes) -> str:
    return "".join(f' {name}="{quoted(found[name])}"' for name in AROUND if name in found)


def _cleaned_attributes(attributes: str) -> str:
    """The attributes as they may stand on a tag; "" where none may."""
    if not attributes:
        return ""
    written = clean(f"<div{attributes}></div>")
    return written.removeprefix("<div").removesuffix("></div>")


def inlined(page: str, outer: str, body: str, css: str, tags: int) -> tuple[str, str, str]:
    """The three with the rules of `css` on their tags, unless that would take too long."""
    same = page, outer, body
    if not css.strip() or css.count("{") * tags > MAX_RULES_TIMES_TAGS:
        return same
    inliner = css_inline.CSSInliner(
        load_remote_stylesheets=False, keep_style_tags=False, keep_link_tags=False, extra_css=css
    )
    try:
        written = inliner.inline(f"<html{page}><head></head><body{outer}>{body}{_AFTER}")
    except css_inline.InlineError:
        return same
    around = _AROUND.match(written)
    if around is None:
        return same
    return around.group(1), around.group(2), written[around.end() :].removesuffix(_AFTER)


def clean(body: str, pictures: Pictures = nothing) -> str:
    """`body` with what is known to be harmless, and nothing else."""

    def harmless(_tag: str, attribute: str, value: str) -> str | None:
        if attribute == "src":
            if _EMBEDDED.match(value):
                return value
            return pictures(value) or placeholder(value)
        return declared(value) if attribute == "style" else value

    return nh3.clean(
        body,
        tags=_TAGS,
        clean_content_tags=GONE_WITH_CONTENT,
        attributes=_ATTRIBUTES,
        attribute_filter=harmless,
        filter_style_properties=_PROPERTIES,
        url_schemes={"http", "https", "data", "cid"},
        link_rel=None,
    )


def declarations(style: str) -> str:
    """The declarations that neither name an address nor hide what they say."""
    return ";".join(part for part in style.split(";") if part.strip() and is_harmless(part))


def declared(style: str) -> str:
    """The same; what is short is kept, since the styles of a message are much alike."""
    return _declared(style) if len(style) < MOST_KEPT else declarations(style)


_declared = lru_cache(maxsize=4_096)(declarations)


def is_harmless(declaration: str) -> bool:
    """Whether a declaration holds known functions only."""
    if _SUSPECT.search(declaration):
        return False
    return all(name.lower() in CSS_FUNCTIONS for name in _FUNCTION.findall(declaration))


def placeholder(address: str) -> str:
    """A grey picture in place of one that would have to be fetched, with its file name on it."""
    return _labelled(file_name(address)[:40] or _("Image"))


@lru_cache(maxsize=256)
def _labelled(words: str) -> str:
    label = html.escape(words)
    picture = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="320" height="120">'
        '<rect width="100%" height="100%" fill="#e9ecef"/>'
        '<text x="50%" y="50%" fill="#495057" font-family="sans-serif" font-size="13" '
        f'text-anchor="middle" dominant-baseline="middle">{label}</text></svg>'
    )
    return "data:image/svg+xml;charset=utf-8," + quote(picture)


def file_name(address: str) -> str:
    """The last part of an address; "" where it has none worth showing."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    name = "" if parts.scheme == "data" else parts.path.rpartition("/")[2]
    # What a drawing must not hold would leave nothing to be seen of it.
    return "".join(character for character in name if character.isprintable())
