"""Content for a review: in its frame, with marks added to its message, and no word changed.

A message is what is written as markup or prose. What has none is shown as everywhere else.
Until the marks are in, stored pictures are stood in for: so a picture that replaces another one
is seen to differ, comments keep their anchors, and no megabytes are compared.
"""

from collections.abc import Callable

from django.utils.safestring import SafeString, mark_safe

from cjops.documents import Document
from content.kinds import KINDS
from content.liquid import LiquidFault
from content.preview import email, frames, prose
from content.preview import page as usual
from content.preview.embedding import embedded, standing_in
from content.preview.filling import marked
from content.preview.look import Look
from content.preview.writing import Nothing, page
from content.sanitising import Message, TooLarge

# Never by colour alone: what is new is underlined, what goes is struck out.
STYLE = (
    "ins.mark{background:#d3f2dd;color:#14401f;text-decoration:underline 2px #1a7f37}"
    "del.mark{background:#ffe1de;color:#5f1610;text-decoration:line-through 2px #b42318}"
    "ins.mark>img{outline:3px solid #1a7f37}del.mark>img{outline:3px dashed #b42318}"
    "a.passage:not([name]){color:inherit;text-decoration:inherit;cursor:pointer}"
    "a.passage:hover,a.passage:focus-visible{outline:2px solid currentColor;outline-offset:1px}"
    "a.passage.said{background:#fff1c2;color:#3d2f00;box-shadow:inset 0 -2px #b58900}"
)
BY_DAY = Look()


def message(document: Document, key: str, look: Look = BY_DAY) -> str:
    """The harmless markup of the rendition's message; "" where it has none that can be shown."""
    try:
        return _message(document, _rendition(document, key), look)[0]
    except (Nothing, LiquidFault, TooLarge):
        return ""


def reviewed(
    document: Document, key: str, change: Callable[[str], str], look: Look = BY_DAY
) -> SafeString:
    """The rendition as a page of its own, after `change` has put marks into its message."""
    try:
        rendition = _rendition(document, key)
        inner, made = _message(document, rendition, look)
        # Harmless, with marks and pictures of our own.
        written = mark_safe(embedded(change(inner), look))  # noqa: S308
        if made is None:
            return frames.draw(document, rendition, look, written=written, style=STYLE)
    except (Nothing, LiquidFault, TooLarge):
        return usual(document, key, look)
    return page(
        rendition["language"],
        email.STYLE + email.dark_style(made, look) + STYLE,
        written,
        page=mark_safe(made.page),  # noqa: S308 - `sanitising.message` made it harmless
        body=mark_safe(made.body),  # noqa: S308
        doctype=mark_safe(made.doctype),  # noqa: S308 - one of three of our own
    )


def _rendition(document: Document, key: str) -> Document:
    """The rendition with that key. Raises `Nothing` where it has no message."""
    renditions: list[Document] = document["renditions"]
    found = next((one for one in renditions if one["key"] == key), None)
    if found is None or not KINDS[document["kind"]].has("body"):
        raise Nothing("")
    return found


def _message(document: Document, rendition: Document, look: Look) -> tuple[str, Message | None]:
    """The message, and of an e-mail what stands around it."""
    if document["kind"] != "email":
        return str(prose.shown(rendition["body"], rendition, look, standing_in)), None
    made = email.shown(rendition, look, standing_in)
    return str(marked(made.inner)), made
