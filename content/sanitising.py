"""An e-mail's HTML as something that may be shown: no scripts, no requests, no way out of it."""

import html
import re
from urllib.parse import quote, urlsplit

import css_inline
import nh3
from django.utils.translation import gettext as _

from content.allowed import ATTRIBUTES, CSS_FUNCTIONS, CSS_PROPERTIES, HTML_TAGS
from content.markup import Rewriter, quoted

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

_inliner = css_inline.CSSInliner(
    load_remote_stylesheets=False, keep_style_tags=False, keep_link_tags=False
)


class TooLarge(Exception):
    """The message is too large to be made harmless while somebody waits."""


def sanitised(source: str) -> str:
    """The body of an HTML message, its style sheets inlined, fit for a sandboxed frame.

    Raises `TooLarge`.
    """
    rewriter = Rewriter(allowed=HTML_TAGS)
    body = rewriter.write(source)
    if len(body) > MAX_MARKUP:
        raise TooLarge
    around = "".join(
        f' {name}="{quoted(rewriter.body[name])}"'
        for name in ("style", "bgcolor", "class", "dir", "lang")
        if name in rewriter.body
    )
    message = f"<div{around}>{body}</div>"
    return clean(inlined(message, "\n".join(rewriter.styles), rewriter.tags))


def inlined(message: str, css: str, tags: int) -> str:
    """`message` with the rules of `css` on its tags, unless that would take too long."""
    if not css.strip() or len(css) > MAX_STYLES or css.count("{") * tags > MAX_RULES_TIMES_TAGS:
        return message
    try:
        return str(_inliner.inline_fragment(message, css))
    except css_inline.InlineError:
        return message


def clean(message: str) -> str:
    """`message` with what is known to be harmless, and nothing else."""
    return nh3.clean(
        message,
        tags=set(HTML_TAGS),
        clean_content_tags=GONE_WITH_CONTENT,
        attributes={name: set(values) for name, values in ATTRIBUTES.items()},
        attribute_filter=harmless,
        filter_style_properties=set(CSS_PROPERTIES),
        url_schemes={"http", "https", "data", "cid"},
        link_rel=None,
    )


def harmless(tag: str, attribute: str, value: str) -> str | None:
    """The value an attribute may have; None where it may have none."""
    if attribute == "src":
        return value if _EMBEDDED.match(value) else placeholder(value)
    if attribute == "style":
        return declarations(value)
    return value


def declarations(style: str) -> str:
    """The declarations that neither name an address nor hide what they say."""
    return ";".join(part for part in style.split(";") if part.strip() and is_harmless(part))


def is_harmless(declaration: str) -> bool:
    """Whether a declaration holds known functions only."""
    if _SUSPECT.search(declaration):
        return False
    return all(name.lower() in CSS_FUNCTIONS for name in _FUNCTION.findall(declaration))


def placeholder(address: str) -> str:
    """A grey picture in place of one that would have to be fetched, with its file name on it."""
    label = html.escape(file_name(address)[:40] or _("Image"))
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
