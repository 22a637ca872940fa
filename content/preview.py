"""One rendition of an asset as a page of its own, to be shown in a sandboxed frame."""

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from cjops.documents import Document
from content.markup import MAX_BODY, attributes, tokens
from content.mjml import DoesNotCompile, compile_mjml
from content.sanitising import TooLarge, sanitised

# What the frame may do: show text and embedded pictures. Nothing is fetched, nothing runs,
# nothing is sent, and no page but the portal's own may frame it.
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src 'none'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox"
)

STYLE = mark_safe(
    "html{color-scheme:light}"
    "body{margin:0;background:#fff;color:#1c1c1e;overflow-wrap:anywhere;"
    "font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans','PingFang SC',"
    "'Microsoft YaHei','Noto Sans CJK SC',sans-serif}"
    "img{max-width:100%}"
    ".note{padding:24px;color:#495057}"
    ".sms,.push{padding:24px}"
    ".bubble{max-width:320px;padding:10px 14px;border-radius:16px;background:#e9ecef;"
    "white-space:pre-wrap}"
    ".card{max-width:360px;padding:12px 14px;border-radius:14px;border:1px solid #ced4da;"
    "white-space:pre-wrap}"
    ".card b{display:block}"
    ".card small{display:block;color:#495057}"
    # Marks of a review: never by colour alone.
    "ins.mark{background:#d3f2dd;text-decoration:underline 2px #1a7f37}"
    "del.mark{background:#ffe1de;text-decoration:line-through 2px #b42318}"
    "ins.mark>img{outline:3px solid #1a7f37}del.mark>img{outline:3px dashed #b42318}"
    "a.passage{color:inherit;text-decoration:none;cursor:pointer}"
    "a.passage:hover,a.passage:focus-visible{outline:2px solid #0b5d5e;outline-offset:1px}"
    "a.passage.said{background:#fff1c2;box-shadow:inset 0 -2px #b58900}"
)


def page(document: Document, key: str) -> SafeString:
    """The whole HTML page of the rendition with that key; a note where there is none."""
    language = next((one["language"] for one in document["renditions"] if one["key"] == key), "en")
    return frame(language, message(document, key))


def message(document: Document, key: str) -> SafeString:
    """What stands on that page."""
    rendition = next((one for one in document["renditions"] if one["key"] == key), None)
    if rendition is None:
        return note(_("There is no version in this language."))
    show = {"email": email, "sms": sms}.get(document["kind"], push)
    return show(rendition)


def frame(language: str, body: SafeString) -> SafeString:
    """The page around a message."""
    return format_html(
        '<!doctype html><html lang="{}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><title>{}</title>'
        "<style>{}</style></head><body>{}</body></html>",
        language,
        _("Preview"),
        STYLE,
        body,
    )


def note(sentence: str) -> SafeString:
    """A sentence where there is nothing to show."""
    return format_html('<p class="note">{}</p>', sentence)


def email(rendition: Document) -> SafeString:
    """An e-mail's body, made harmless."""
    source = rendition["body"]
    if not source:
        return note(_("The message is empty."))
    if len(source.encode()) > MAX_BODY:
        return note(_("The message is too large to be shown."))
    if rendition["format"] == "mjml":
        try:
            source = compile_mjml(source).html
        except DoesNotCompile:
            return note(_("The MJML does not compile, so there is nothing to show."))
    try:
        return mark_safe(sanitised(source))  # noqa: S308 - this is what `sanitised` is for
    except TooLarge:
        return note(_("The message is too large to be shown."))


def sms(rendition: Document) -> SafeString:
    """A text message, as plain text."""
    if not rendition["text"]:
        return note(_("The message is empty."))
    return format_html('<div class="sms"><div class="bubble">{}</div></div>', rendition["text"])


def push(rendition: Document) -> SafeString:
    """A push message, as plain text."""
    lines = [
        format_html("<{}>{}</{}>", tag, rendition[name], tag)
        for tag, name in (("b", "title"), ("span", "text"), ("small", "link"))
        if rendition[name]
    ]
    if not lines:
        return note(_("The message is empty."))
    joined = format_html_join("", "{}", ((line,) for line in lines))
    return format_html('<div class="push"><div class="card">{}</div></div>', joined)


def links(rendition: Document) -> list[str]:
    """Where the links of an e-mail lead; the preview shows them without following any."""
    found = []
    for token in tokens(rendition["body"]):
        if token.kind == "open":
            address = attributes(token.value).get("href", "").strip()
            if address and token.name not in ("link", "base", "mj-font") and address not in found:
                found.append(address)
    return found
