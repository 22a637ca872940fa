"""What every page that content is written on shows, wherever it is opened from."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from cjops.core.errors import DomainError
from content import drafts, writing
from content.editor.structure import SIZES, Spoken
from content.finding.facets import known_markets
from content.forms import language_choices
from content.writing import Sheet


def shown_sheet(one: Sheet, head: forms.Form, base: int = 0, digest: str = "") -> dict[str, Any]:
    """The context of `content/_editor.html`."""
    present = [(group.value, group.name) for group in one.texts.languages()]
    return {
        "sheet": one,
        "head": head,
        "texts": one.texts,
        "draft": one.draft,
        "base": base,
        "digest": digest,
        "draft_url": address(one, "draft"),
        "preview_url": address(one, "draft-preview"),
        "upload_url": reverse("draft-upload", args=[one.asset.key]) if one.asset else "",
        "pictures_url": reverse("asset-pictures", args=[one.asset.key]) if one.asset else "",
        "more_languages": all_languages(one),
        "present": present,
        "sizes": SIZES,
        "zones": ZONES,
        "markets": known_markets(one.person),
        "concepts_url": reverse("concept-options"),
        "blocking": one.errors if one.texts.is_bound else (),
        # Of a text that nobody touched its own page tells.
        "alike": writing.elsewhere(one) if one.texts.typed is not None else (),
    }


def address(one: Sheet, name: str) -> str:
    """Where the draft is kept, or its page in a frame."""
    if one.asset is None:
        return reverse(f"{name}-new", args=[one.spot.removeprefix("new:")])
    query = f"?{urlencode({'spot': one.spot})}" if one.spot else ""
    return f"{reverse(name, args=[one.asset.key])}{query}"


def all_languages(one: Sheet) -> list[tuple[str, str]]:
    """Languages that can be added; those that are there can be, in another variant."""
    here = [spoken.language.lower() for spoken in one.texts.structure.spoken]
    found = language_choices(here)
    there = [(key, str(Spoken(key).language)) for key in dict.fromkeys(here)]
    names = dict(language_choices(()))
    return [*found, *((key, names.get(key, name)) for key, name in there)]


def kept_first(request: HttpRequest, one: Sheet, data: Any) -> None:
    """Keep what was sent, whatever was pressed; what cannot be kept is told and loses nothing."""
    if data is None:
        return
    try:
        writing.keep(one, data, is_forced="draft_force" in data)
    except DomainError as error:
        one.texts.notes += error.sentences
    else:
        if data.get("do") == "draft":
            messages.success(request, _("Your text is kept. Nobody else sees it before you save."))


def typed_head(start: dict[str, Any], one: Sheet, data: Any) -> dict[str, Any]:
    """What the fields above the texts start with: what was typed, else what is there."""
    typed = data if data is not None else (drafts.typed_in(one.draft) if one.draft else {})
    return {name: typed.get(name, value) for name, value in start.items()}


# What people choose from; any other IANA name can be typed.
ZONES = (
    "Asia/Shanghai", "Asia/Hong_Kong", "Asia/Macau", "Asia/Taipei", "Asia/Singapore", "Asia/Tokyo",
    "Asia/Seoul", "Asia/Bangkok", "Asia/Kuala_Lumpur", "Asia/Jakarta", "Asia/Manila",
    "Asia/Ho_Chi_Minh", "Asia/Kolkata", "Asia/Dubai", "Australia/Sydney", "Pacific/Auckland",
    "Europe/London", "Europe/Paris", "Europe/Berlin", "Europe/Madrid", "Europe/Zurich",
    "America/New_York", "America/Chicago", "America/Los_Angeles", "America/Toronto",
    "America/Sao_Paulo", "Africa/Johannesburg", "UTC",
)  # fmt: skip
