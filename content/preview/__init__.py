"""Content as customers see it, each rendition as a page of its own for a sandboxed frame.

Functions of a document, the key of a rendition, and how somebody looks at it (`Look`); they read
nothing else.
"""

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cjops.documents import Document
from content.liquid import LiquidFault
from content.markup import attributes, tokens
from content.preview import email, frames
from content.preview.look import Look
from content.preview.writing import Nothing, note
from content.preview.writing import page as written
from content.sanitising import TooLarge

__all__ = ["POLICY", "Look", "links", "page"]

# What the frame may do: show text and embedded pictures. Nothing is fetched, nothing runs,
# nothing is sent, and no page but the portal's own may frame it.
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src 'none'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox"
)
BY_DAY = Look()


def page(document: Document, key: str, look: Look = BY_DAY) -> SafeString:
    """The whole HTML page of the rendition with that key; a note where there is none."""
    rendition = next((one for one in document["renditions"] if one["key"] == key), None)
    if rendition is None:
        return _noted("en", _("There is no version in this language."), look)
    draw = email.draw if document["kind"] == "email" else frames.draw
    try:
        return draw(document, rendition, look)
    except Nothing as reason:
        return _noted(rendition["language"], reason.words, look)
    except LiquidFault as fault:
        return _noted(rendition["language"], fault_words(fault), look)
    except TooLarge:
        return _noted(rendition["language"], _("The text is too long to be shown."), look)


def fault_words(fault: LiquidFault) -> str:
    """What keeps the values from being filled in, and in which line."""
    if not fault.line:
        return _("The values cannot be filled in. %(reason)s") % {"reason": fault.words}
    return _("The values cannot be filled in. Line %(line)s: %(reason)s") % {
        "line": fault.line,
        "reason": fault.words,
    }


def _noted(language: str, sentence: str, look: Look) -> SafeString:
    dark = email.OWN_DARK + ".note{color:#b6c1cc}" if look.is_dark else ""
    return written(language, email.STYLE + dark, note(sentence))


def links(rendition: Document) -> list[str]:
    """Where the links of an e-mail lead; the preview shows them without following any."""
    found = []
    for token in tokens(rendition["body"]):
        if token.kind == "open":
            address = attributes(token.value).get("href", "").strip()
            if address and token.name not in ("link", "base", "mj-font") and address not in found:
                found.append(address)
    return found
