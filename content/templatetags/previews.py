"""What the frame of a preview needs beside the version: the choices of whoever looks."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlencode

from django import template
from django.http import HttpRequest
from django.template import Context
from django.urls import reverse

from cjops.documents import Document
from content import rulebook
from content.definition import said
from content.liquid import LiquidFault, holds_liquid
from content.looking import NOBODY, PDF, Asked, chosen
from content.models import Drawing, DrawingSize, DrawingState, Picture, SampleProfile
from content.preview import email, fault_words
from content.preview.email import InboxLine
from content.preview.look import Look
from content.showing import Showing

register = template.Library()

# Kinds that look different on a phone; the others are on one, or on neither.
WITH_WIDTHS = frozenset({"email", "web-block"})
# What stands on paper or in a person's mouth is not dark.
WITHOUT_DARK = frozenset({"call-script", "poster", "banner"})
# For so many sample customers the editor holds the lines of inboxes.
MOST_CUSTOMERS = 20


@dataclass(frozen=True, slots=True)
class Switches:
    """How the reader looks at content of a kind, and what else they could choose."""

    kind: str
    asked: Asked
    profiles: list[SampleProfile]
    has_text: bool = False

    @property
    def profile(self) -> SampleProfile | None:
        """The sample customer as whom they look; None for the names of variables."""
        return None if self.asked.profile == NOBODY else _chosen(self.profiles, self.asked.profile)

    @property
    def has_values(self) -> bool:
        """Whether there are sample customers to choose from."""
        return bool(self.profiles)

    @property
    def has_widths(self) -> bool:
        """Whether it looks different on a phone."""
        return self.kind in WITH_WIDTHS

    @property
    def has_dark(self) -> bool:
        """Whether it looks different in the dark."""
        return self.kind not in WITHOUT_DARK

    @property
    def has_any(self) -> bool:
        """Whether there is anything to choose."""
        return self.has_values or self.has_widths or self.has_dark or self.has_text


@dataclass(frozen=True, slots=True)
class View:
    """A version as the reader looks at it."""

    kind: str
    asked: Asked
    switches: Switches
    frame_url: str
    test_url: str
    has_own_dark: bool
    inbox: list[InboxLine]
    fault: str
    drawing_url: str


@register.simple_tag(takes_context=True)
def viewing(context: Context, showing: Showing, width: str = "desktop") -> View:
    """The choices in the address, and what they come to for this version; one read for a page."""
    request = cast(HttpRequest, context["request"])
    asked = Asked.by(request.GET, width)
    kind, rendition = showing.asset.kind, showing.rendition
    has_text = kind == "email" and bool(rendition and rendition["text"])
    switches = Switches(kind, asked, _profiles(request), has_text)
    query = urlencode(asked.choice())
    is_mail = kind == "email" and bool(rendition)
    lines, fault = _inbox(showing, switches.profile) if is_mail else ([], "")
    return View(
        kind=kind,
        asked=asked,
        switches=switches,
        frame_url=f"{showing.frame_url}&{query}" if query else showing.frame_url,
        test_url=_test_url(showing, asked.profile),
        has_own_dark=is_mail and email.has_dark_rules(rendition or {}),
        inbox=lines,
        fault=fault,
        drawing_url=_drawing_url(showing),
    )


@register.simple_tag(takes_context=True)
def switching(context: Context, kind: str, asked: Asked | None = None) -> Switches:
    """What can be chosen for content of that kind where no single version is shown."""
    profiles = _profiles(cast(HttpRequest, context["request"]))
    return Switches(kind, asked or Asked(), profiles, has_text=kind == "email")


@dataclass(frozen=True, slots=True)
class Inbox:
    """An e-mail in the lists of mail clients. `customer` is the key of a sample profile, "" where
    it reads the same for all of them."""

    rendition: str
    language: str
    customer: str
    lines: list[InboxLine]


@register.simple_tag(takes_context=True)
def inboxes(context: Context, document: Document | None) -> list[Inbox]:
    """What is being written as each inbox shows it, for each language and sample customer."""
    if document is None or document["kind"] != "email":
        return []
    profiles = _profiles(cast(HttpRequest, context["request"]))[:MOST_CUSTOMERS]
    customers = [*((one.key, one.values) for one in profiles), (NOBODY, {})]
    found = []
    for one in document["renditions"]:
        is_personal = any(holds_liquid(one[name]) for name in ("sender", "subject", "preheader"))
        for key, values in customers if is_personal else [("", {})]:
            with suppress(LiquidFault):
                lines = email.inbox(one, Look(values=values))
                found.append(Inbox(one["key"], one["language"], key, lines))
    return found


def _profiles(request: HttpRequest) -> list[SampleProfile]:
    kept: list[SampleProfile] | None = getattr(request, "_sample_profiles", None)
    if kept is None:
        kept = list(rulebook.sample_profiles())
        cast(Any, request)._sample_profiles = kept
    return kept


def _chosen(profiles: list[SampleProfile], key: str) -> SampleProfile | None:
    found = next((one for one in profiles if one.key == key), None)
    return found or (profiles[0] if profiles else None)


def _inbox(showing: Showing, profile: SampleProfile | None) -> tuple[list[InboxLine], str]:
    values = chosen([(profile.key, profile.values)], profile.key) if profile else {}
    assert showing.rendition is not None  # noqa: S101  (narrows the type)
    try:
        return email.inbox(showing.rendition, Look(values=values)), ""
    except LiquidFault as fault:
        return [], fault_words(fault)


def _test_url(showing: Showing, profile: str) -> str:
    if not showing.test or showing.rendition is None:
        return ""
    query = {"rendition": showing.rendition["key"], "profile": profile}
    return f"{showing.test}?{urlencode(query)}"


def _drawing_url(showing: Showing) -> str:
    """Where it is told that the pages of a poster are drawn; "" where nobody waits for that."""
    rendition = showing.rendition
    if showing.asset.kind != "poster" or rendition is None:
        return ""
    file = said(rendition, "files").get("poster", {}).get("file")
    waiting = Drawing.objects.filter(file__sha256=file, state=DrawingState.WAITING)
    if not file or not waiting.exists():
        return ""
    return reverse("asset-drawing", args=[showing.asset.key, file])


@dataclass(frozen=True, slots=True)
class Thumb:
    """The small picture of a file. `is_shown`: the file itself will do where none is drawn."""

    is_drawn: bool
    is_shown: bool
    waits: bool
    failed: bool
    width: int = 0
    height: int = 0


@register.simple_tag
def thumb(picture: Picture) -> Thumb:
    """What stands for a picture in a list; its drawings were read with it."""
    drawings = list(picture.file.drawings.all())
    small = next((one for one in drawings if one.size == DrawingSize.THUMB and one.sha256), None)
    return Thumb(
        is_drawn=small is not None,
        is_shown=picture.file.media_type != PDF,
        waits=any(one.state == DrawingState.WAITING for one in drawings),
        failed=any(one.state == DrawingState.FAILED for one in drawings),
        width=small.width if small else 0,
        height=small.height if small else 0,
    )
