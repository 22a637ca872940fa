"""The kinds of content: where each is sent, what people write for it, and which files it has.

One table, which the schema, forms, checks, previews and words all read: a new kind is a row here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise
Input = Literal["line", "text", "prose", "markup", "link", "moment", "zone", "choice"]


@dataclass(frozen=True, slots=True)
class Written:
    """A field of a rendition that people write.

    `input` says how: a line; text as it is sent; prose, which is Markdown; markup, which is HTML
    or MJML; a link; a moment, which is a local date and time; a time zone; one of `choices`.
    `empty` is the code of the finding where it must not be empty and is.
    """

    name: str
    label: Words
    input: Input = "line"
    rows: int = 1
    help: Words = ""
    empty: str = ""
    choices: tuple[tuple[str, Words], ...] = ()

    @property
    def is_personal(self) -> bool:
        """Whether variables may stand in it."""
        return self.input in ("line", "text", "prose", "markup", "link")


@dataclass(frozen=True, slots=True)
class Place:
    """A file that a rendition has. "sizes" stands for one place for each size, such as 300x250."""

    name: str
    label: Words
    type: Literal["picture", "pdf"] = "picture"
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of content. An asset is sent on the first of `channels` unless it names another."""

    key: str
    label: Words
    icon: str
    channels: tuple[str, ...]
    written: tuple[Written, ...]
    files: tuple[Place, ...] = ()

    def has(self, name: str) -> bool:
        """Whether people write that field for it."""
        return any(one.name == name for one in self.written)

    def field(self, name: str) -> Written:
        """That field; KeyError where the kind has none of this name."""
        for one in self.written:
            if one.name == name:
                return one
        raise KeyError(name)


LAYOUTS = (
    ("dialog", _("Dialog in the middle")),
    ("banner", _("Bar at the top")),
    ("full", _("Whole screen")),
)

LINK = Written("link", _("Link"), "link", help=_("Where a tap leads, such as https:// or bank://."))
ACTION = Written("action", _("Call to action"), help=_("What the button says."))
PICTURE = Place("picture", _("Picture"))

EMAIL = Kind(
    "email",
    _("E-mail"),
    "envelope",
    ("email",),
    (
        Written("subject", _("Subject"), empty="subject-empty"),
        Written(
            "preheader", _("Preheader"), help=_("What inboxes show after the subject, in grey.")
        ),
        Written(
            "sender", _("Sender"), help=_("Name and address: “The bank <hello@bank.example>”.")
        ),
        Written("body", _("Message (HTML or MJML)"), "markup", 18, empty="body-empty"),
        Written("text", _("Text"), "text", 6, help=_("What readers without HTML see.")),
    ),
)
SMS = Kind(
    "sms",
    _("SMS"),
    "chat-left-text",
    ("sms",),
    (Written("text", _("Text"), "text", 4, empty="text-empty"),),
)
PUSH = Kind(
    "push",
    _("Push message"),
    "bell",
    ("push",),
    (
        Written("title", _("Title"), empty="title-empty"),
        Written("text", _("Text"), "text", 3, empty="text-empty"),
        LINK,
    ),
    (PICTURE,),
)
IN_APP = Kind(
    "in-app",
    _("In-app message"),
    "phone",
    ("in-app", "web"),
    (
        Written("title", _("Title"), empty="title-empty"),
        Written("body", _("Message"), "prose", 6, empty="body-empty"),
        ACTION,
        LINK,
        Written("layout", _("Layout"), "choice", choices=LAYOUTS),
    ),
    (PICTURE,),
)
BANNER = Kind(
    "banner",
    _("Banner"),
    "badge-ad",
    ("display", "web", "in-app", "social"),
    (Written("title", _("Headline")), Written("text", _("Text"), "text", 2), ACTION, LINK),
    (Place("sizes", _("Picture for each size"), is_required=True),),
)
WEB_BLOCK = Kind(
    "web-block",
    _("Web block"),
    "window",
    ("web", "in-app"),
    (
        Written("title", _("Headline"), empty="title-empty"),
        Written("body", _("Text"), "prose", 10, empty="body-empty"),
        ACTION,
        LINK,
    ),
    (PICTURE,),
)
CALL_SCRIPT = Kind(
    "call-script",
    _("Call script"),
    "headset",
    ("call-centre",),
    (
        Written("title", _("Reason for the call"), empty="title-empty"),
        Written(
            "body",
            _("Script"),
            "prose",
            16,
            help=_("Greeting, questions, answers to objections, how it ends."),
            empty="body-empty",
        ),
    ),
)
EVENT = Kind(
    "event",
    _("Event"),
    "calendar-event",
    ("web", "branch", "social"),
    (
        Written("title", _("Title"), empty="title-empty"),
        Written("starts", _("Begins"), "moment", empty="starts-empty"),
        Written("ends", _("Ends"), "moment"),
        Written("timezone", _("Time zone"), "zone", empty="timezone-empty"),
        Written("place", _("Place"), help=_("An address, or how to join online.")),
        Written("link", _("Registration link"), "link", empty="link-empty"),
        Written("body", _("What it is about"), "prose", 8, empty="body-empty"),
    ),
    (PICTURE,),
)
POSTER = Kind(
    "poster",
    _("Branch poster"),
    "file-earmark-text",
    ("branch",),
    (
        Written("title", _("Headline"), empty="title-empty"),
        Written("text", _("Words on the poster"), "text", 4),
    ),
    (Place("poster", _("Poster as PDF"), "pdf", is_required=True),),
)

KINDS: Mapping[str, Kind] = {
    kind.key: kind
    for kind in (EMAIL, SMS, PUSH, IN_APP, BANNER, WEB_BLOCK, CALL_SCRIPT, EVENT, POSTER)
}
CHOICES = tuple((kind.key, kind.label) for kind in KINDS.values())


def _fields() -> dict[str, Words]:
    found: dict[str, Words] = {}
    for kind in KINDS.values():
        for one in kind.written:
            found.setdefault(one.name, one.label)
    return found


# Every field that people write, once, with what the first kind above calls it.
FIELDS: Mapping[str, Words] = _fields()
