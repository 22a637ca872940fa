"""All kinds but e-mails in the frame where customers meet them: a phone, a page, a wall.

What each frame needs is gathered here; how it looks is in `templates/content/preview` and, since a
preview fetches nothing, in the style sheet beside this module.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cjops.documents import Document
from content.definition import said
from content.preview import events, prose
from content.preview.embedding import within
from content.preview.filling import filled, marked, text
from content.preview.look import Look
from content.preview.sms import sent
from content.preview.truncating import cut
from content.preview.writing import Nothing, page
from content.sanitising import Pictures, placeholder

STYLES = Path(__file__).with_name("frames.css")
# Columns of the title, and of the text: locked, or as a card that is closed and open.
IOS_TITLE, IOS_TEXT, IOS_BESIDE_PICTURE = 36, 168, 140
ANDROID_TITLE, ANDROID_TEXT, ANDROID_OPEN = 40, 46, 450
# A banner without a size that can be read off its place.
NO_SIZE = (300, 250)

Context = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture in its place; `src` may stand in the page."""

    place: str
    src: str
    alt: str
    is_missing: bool
    width: int = 0
    height: int = 0


@dataclass(slots=True)
class Sitting:
    """One rendition being looked at."""

    document: Document
    rendition: Document
    look: Look
    picture: Pictures
    written: SafeString | None = None

    def text(self, name: str) -> SafeString:
        """A field with its values, letter by letter."""
        return text(str(said(self.rendition, name)), self.rendition, self.look)

    def plain(self, name: str) -> str:
        """The same, not yet as markup."""
        return filled(str(said(self.rendition, name)), self.rendition, self.look)

    def prose(self, name: str = "body") -> SafeString:
        """A field that is Markdown; with marks in it where somebody has put them."""
        if name == "body" and self.written is not None:
            return self.written
        return prose.shown(self.rendition[name], self.rendition, self.look, self.picture)

    def file(self, place: str) -> Shown | None:
        """The picture in that place; None where nothing is there."""
        one = said(self.rendition, "files").get(place)
        if one is None or not one.get("file"):
            return None
        found = self.picture(f"/content/x/pictures/{one['file']}/")
        alt = one.get("alt", "")
        return Shown(place, found or placeholder(alt or place), alt, found is None)


def draw(
    document: Document,
    rendition: Document,
    look: Look,
    *,
    written: SafeString | None = None,
    style: str = "",
) -> SafeString:
    """The whole page of a rendition. Raises `Nothing`, `LiquidFault` and `TooLarge`.

    `written` stands in for its prose, harmless and with marks that `style` is for.
    """
    kind = document["kind"]
    sitting = Sitting(document, rendition, look, within(look), written)
    context = {
        "language": rendition["language"],
        "is_mobile": look.width == "mobile",
        "is_dark": look.is_dark,
        **GATHERED[kind](sitting),
    }
    drawn = SafeString(render_to_string(f"content/preview/{kind.replace('-', '_')}.html", context))
    classes = f"{kind} {look.width} {'dark' if look.is_dark else 'light'}"
    body = format_html(' class="{}"', classes)
    return page(rendition["language"], _style() + style, drawn, body=body)


@cache
def _style() -> str:
    return STYLES.read_text(encoding="utf-8")


def _refuse_empty(rendition: Document, *names: str) -> None:
    if not any(str(said(rendition, name)).strip() for name in names):
        raise Nothing(_("The message is empty."))


def _sms(sitting: Sitting) -> Context:
    _refuse_empty(sitting.rendition, "text")
    message = sent(sitting.plain("text"))
    parts = [
        {
            "text": marked("".join(_piece(one.text, one.forces) for one in part.pieces)),
            "used": part.used,
            "most": part.most,
        }
        for part in message.parts
    ]
    return {"message": message, "parts": parts}


def _piece(words: str, forces: bool) -> str:
    return format_html('<mark class="forces">{}</mark>' if forces else "{}", words)


def _push(sitting: Sitting) -> Context:
    _refuse_empty(sitting.rendition, "title", "text")
    title, words = (" ".join(sitting.plain(name).split()) for name in ("title", "text"))
    picture = sitting.file("picture")
    return {
        "ios": {
            "title": cut(title, IOS_TITLE),
            "text": cut(words, IOS_BESIDE_PICTURE if picture else IOS_TEXT),
        },
        "android": {"title": cut(title, ANDROID_TITLE), "text": cut(words, ANDROID_TEXT)},
        "open": {"title": cut(title, 2 * ANDROID_TITLE), "text": cut(words, ANDROID_OPEN)},
        "picture": picture,
        "link": sitting.text("link"),
    }


def _in_app(sitting: Sitting) -> Context:
    _refuse_empty(sitting.rendition, "title", "body")
    return {
        "layout": said(sitting.rendition, "layout") or "dialog",
        "title": sitting.text("title"),
        "body": sitting.prose(),
        "action": sitting.text("action"),
        "picture": sitting.file("picture"),
    }


def _banner(sitting: Sitting) -> Context:
    sizes = []
    for place in said(sitting.rendition, "files"):
        shown = sitting.file(place)
        if shown is not None:
            width, height = size_of(place)
            sizes.append(Shown(place, shown.src, shown.alt, shown.is_missing, width, height))
    sizes.sort(key=lambda one: (-one.width * one.height, one.place))
    if not sizes:
        _refuse_empty(sitting.rendition, "title", "text", "action")
    return {
        "sizes": sizes,
        "title": sitting.text("title"),
        "text": sitting.text("text"),
        "action": sitting.text("action"),
        "link": sitting.text("link"),
    }


def size_of(place: str) -> tuple[int, int]:
    """The pixels that a place such as 300x250 stands for."""
    width, _by, height = place.partition("x")
    if width.isascii() and width.isdigit() and height.isascii() and height.isdigit():
        return min(int(width), 4_000), min(int(height), 4_000)
    return NO_SIZE


def _web_block(sitting: Sitting) -> Context:
    _refuse_empty(sitting.rendition, "title", "body")
    return {
        "title": sitting.text("title"),
        "body": sitting.prose(),
        "action": sitting.text("action"),
        "picture": sitting.file("picture"),
    }


def _call_script(sitting: Sitting) -> Context:
    _refuse_empty(sitting.rendition, "title", "body")
    customer = sitting.look.values_in(sitting.rendition["language"])
    name = " ".join(filter(None, (customer.get("first_name"), customer.get("last_name"))))
    return {"title": sitting.text("title"), "body": sitting.prose(), "customer": name}


def _event(sitting: Sitting) -> Context:
    _refuse_empty(sitting.rendition, "title", "body", "starts")
    rendition = sitting.rendition
    return {
        "title": sitting.text("title"),
        "body": sitting.prose(),
        "place": sitting.text("place"),
        "link": sitting.text("link"),
        "picture": sitting.file("picture"),
        "when": events.when(
            said(rendition, "starts"),
            said(rendition, "ends"),
            said(rendition, "timezone"),
            rendition["language"],
        ),
    }


def _poster(sitting: Sitting) -> Context:
    one = said(sitting.rendition, "files").get("poster") or {}
    file = one.get("file") or ""
    return {
        "title": sitting.text("title"),
        "text": sitting.text("text"),
        "alt": one.get("alt", "") or sitting.plain("title"),
        "pages": sitting.look.pages.get(file, ()),
        "waits": file in sitting.look.waits,
        "has_file": bool(file),
    }


GATHERED: Mapping[str, Callable[[Sitting], Context]] = {
    "sms": _sms,
    "push": _push,
    "in-app": _in_app,
    "banner": _banner,
    "web-block": _web_block,
    "call-script": _call_script,
    "event": _event,
    "poster": _poster,
}
