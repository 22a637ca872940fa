"""What is written as markup or prose, for a review: with marks added, and no word changed.

Until the marks are in, stored pictures are stood in for: so a picture that replaces another one
is seen to differ, comments keep their anchors, and no megabytes are compared.
"""

from collections.abc import Callable

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from cjops.documents import Document
from content.kinds import KINDS
from content.liquid import LiquidFault
from content.preview import email, prose
from content.preview.embedding import embedded, standing_in
from content.preview.filling import marked
from content.preview.look import Look
from content.preview.writing import NONE, Nothing, note, page
from content.sanitising import TooLarge

# Never by colour alone: what is new is underlined, what goes is struck out.
STYLE = (
    "ins.mark{background:#d3f2dd;color:#14401f;text-decoration:underline 2px #1a7f37}"
    "del.mark{background:#ffe1de;color:#5f1610;text-decoration:line-through 2px #b42318}"
    "ins.mark>img{outline:3px solid #1a7f37}del.mark>img{outline:3px dashed #b42318}"
    "a.passage:not([name]){color:inherit;text-decoration:inherit;cursor:pointer}"
    "a.passage:hover,a.passage:focus-visible{outline:2px solid #0b5d5e;outline-offset:1px}"
    "a.passage.said{background:#fff1c2;color:#3d2f00;box-shadow:inset 0 -2px #b58900}"
)
OF_PROSE = "body{margin:0;padding:20px;font:16px/1.6 system-ui,sans-serif;overflow-wrap:anywhere}"
BY_DAY = Look()


def message(document: Document, key: str, look: Look = BY_DAY) -> str:
    """The harmless markup of the rendition's message; "" where it has none that can be shown."""
    try:
        return _parts(document, key, look)[0]
    except (Nothing, LiquidFault, TooLarge):
        return ""


def reviewed(
    document: Document, key: str, change: Callable[[str], str], look: Look = BY_DAY
) -> SafeString:
    """The message as a page of its own, after `change` has put marks into it."""
    language = next((one["language"] for one in document["renditions"] if one["key"] == key), "en")
    try:
        inner, around, body, doctype = _parts(document, key, look)
    except (Nothing, LiquidFault, TooLarge):
        words = _("There is no message to show. What is beside it stands above.")
        return page(language, email.STYLE, note(words))
    style = email.STYLE + STYLE + ("" if document["kind"] == "email" else OF_PROSE)
    # Harmless, with marks and pictures of our own.
    written = mark_safe(embedded(change(inner), look))  # noqa: S308
    return page(language, style, written, page=around, body=body, doctype=doctype)


def _parts(
    document: Document, key: str, look: Look
) -> tuple[str, SafeString, SafeString, SafeString]:
    """The message, and the attributes and the doctype around it. Raises `Nothing`."""
    rendition = next((one for one in document["renditions"] if one["key"] == key), None)
    if rendition is None or not KINDS[document["kind"]].has("body"):
        raise Nothing("")
    if document["kind"] != "email":
        inner = prose.shown(rendition["body"], rendition, look, standing_in)
        return str(inner), NONE, NONE, mark_safe("<!doctype html>")
    made = email.shown(rendition, look, standing_in)
    return (
        str(marked(made.inner)),
        mark_safe(made.page),  # noqa: S308 - `sanitising.message` made it harmless
        mark_safe(made.body),  # noqa: S308
        mark_safe(made.doctype),  # noqa: S308 - one of three of our own
    )
