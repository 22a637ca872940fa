"""An e-mail as mail clients show it: the message, its text part, and its line in an inbox."""

from dataclasses import dataclass
from email.utils import parseaddr

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cjops.documents import Document
from content.kinds import Words
from content.liquid import LiquidFault
from content.markup import MAX_BODY
from content.mjml import DoesNotCompile, compile_mjml
from content.preview.embedding import within
from content.preview.filling import filled, filled_markup, marked
from content.preview.look import Look
from content.preview.truncating import Cut, cut
from content.preview.writing import Nothing, page
from content.reading import words_of
from content.sanitising import Message, Pictures, TooLarge, message
from content.stylesheets import knows_dark

# What browsers and mail clients agree on where a message says nothing.
STYLE = (
    "html{color-scheme:light}"
    # A link without its address is a link to the eye all the same.
    "a:not([name]){color:#00e;text-decoration:underline}"
    "mark.unknown{background:#ffe08a;color:#5c3d00;font-style:normal}"
    ".part{margin:0;padding:16px;font:14px/1.6 ui-monospace,Menlo,Consolas,monospace;"
    "white-space:pre-wrap;overflow-wrap:anywhere}"
    ".note{margin:0;padding:24px;color:#495057;font:16px/1.5 system-ui,sans-serif}"
)
OWN_DARK = "html{color-scheme:dark;background:#1b1b1d;color:#e8e8ea}a:not([name]){color:#8ab4f8}"
# A guess at what clients do to messages that do not know the dark: colours turned, pictures not.
TURNED = (
    "html{background:#fff;filter:invert(.9) hue-rotate(180deg)}"
    "img{filter:invert(1) hue-rotate(180deg)}"
)


@dataclass(frozen=True, slots=True)
class Client:
    """How much a mail client shows of a message in its list, in columns (a Chinese sign is two)."""

    key: str
    label: Words
    sender: int
    subject: int
    preheader: int


# The list of a wide window shows subject and preheader in one line; phones give them two or three.
CLIENTS = (
    Client("desktop", gettext_lazy("Inbox in a browser"), 20, 70, 90),
    Client("phone", gettext_lazy("Inbox on a phone"), 28, 38, 80),
)


@dataclass(frozen=True, slots=True)
class InboxLine:
    """A message in the list of a client."""

    client: Client
    sender: str
    subject: Cut
    preheader: Cut
    is_from_body: bool


def draw(document: Document, rendition: Document, look: Look) -> SafeString:
    """The whole page of a message, or of its text part."""
    if look.part == "text":
        return _text_part(rendition, look)
    made = shown(rendition, look)
    return page(
        rendition["language"],
        STYLE + dark_style(made, look),
        marked(made.inner),
        page=mark_safe(made.page),  # noqa: S308 - `message` made it harmless
        body=mark_safe(made.body),  # noqa: S308
        doctype=mark_safe(made.doctype),  # noqa: S308 - one of three of our own
    )


def dark_style(made: Message, look: Look) -> str:
    """What a mail client adds in the dark; nothing by day."""
    return (OWN_DARK if made.knows_dark else TURNED) if look.is_dark else ""


def shown(rendition: Document, look: Look, pictures: Pictures | None = None) -> Message:
    """The message made harmless, with `pictures` instead of the look's own where they are given.

    Raises `Nothing` where there is none to show, and `LiquidFault`.
    """
    source = markup_of(rendition, look)
    try:
        return message(source, look.screen, pictures or within(look))
    except TooLarge:
        raise Nothing(_("The message is too large to be shown.")) from None


def markup_of(rendition: Document, look: Look) -> str:
    """The message as it is sent: compiled, values filled in, and not made harmless.

    Raises `Nothing` and `LiquidFault`.
    """
    source = rendition["body"]
    if not source:
        raise Nothing(_("The message is empty."))
    if len(source.encode()) > MAX_BODY:
        raise Nothing(_("The message is too large to be shown."))
    if rendition["format"] != "mjml":
        return filled(source, rendition, look, escapes=True)
    try:
        compiled = compile_mjml(source).html
    except DoesNotCompile:
        raise Nothing(_("The MJML does not compile, so there is nothing to show.")) from None
    return filled_markup(compiled, source, rendition, look)


def _text_part(rendition: Document, look: Look) -> SafeString:
    if not rendition["text"].strip():
        raise Nothing(_("There is no text for readers without HTML."))
    words = format_html('<pre class="part">{}</pre>', filled(rendition["text"], rendition, look))
    dark = OWN_DARK if look.is_dark else ""
    return page(rendition["language"], STYLE + dark, marked(words))


def inbox(rendition: Document, look: Look) -> list[InboxLine]:
    """The message in the lists of clients. Raises `LiquidFault`."""
    sender, subject, preheader = (
        " ".join(filled(rendition[name], rendition, look).split())
        for name in ("sender", "subject", "preheader")
    )
    # Lists show the name alone, or the address of who has none.
    sender = " ".join(parseaddr(sender)[0].split()) or sender
    is_from_body = not preheader
    if is_from_body:
        # Clients go on with the message where nobody wrote what to show.
        preheader = _beginning(rendition, look)
    return [
        InboxLine(
            client,
            str(cut(sender, client.sender)),
            cut(subject, client.subject),
            cut(preheader, client.preheader),
            is_from_body,
        )
        for client in CLIENTS
    ]


def _beginning(rendition: Document, look: Look) -> str:
    """The first words of the message."""
    words = " ".join(words_of(rendition["body"][:20_000]).split())
    try:
        return filled(words, rendition, look)
    except LiquidFault:
        # Cut off in the middle of a value, or broken, which the message itself tells.
        return words


def has_dark_rules(rendition: Document) -> bool:
    """Whether the message says itself how it looks in the dark."""
    return knows_dark(rendition["body"])
