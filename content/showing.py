"""One version of an asset as a page shows it: in one language, beside the ways to the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, ngettext

from content.models import Asset, AssetVersion
from content.segments import GSM, GSM_DOUBLE, segments
from content.words import language_name


@dataclass(frozen=True, slots=True)
class Language:
    """A rendition to switch to."""

    key: str
    tag: str
    name: str
    current: bool


@dataclass(frozen=True, slots=True)
class Showing:
    """What one reader sees of a version. `rendition` is None where it says nothing at all."""

    asset: Asset
    version: AssetVersion
    rendition: dict[str, Any] | None
    languages: tuple[Language, ...]
    frame_url: str
    size_words: str
    unicode_character: str


def showing(asset: Asset, version: AssetVersion, wanted: str = "", preview: str = "") -> Showing:
    """The version in the language `wanted`, or the reader's, or the nearest there is.

    `preview` is the address of its page in a frame, for a version that is not stored.
    """
    renditions = version.get_document()["renditions"]
    rendition = choose(renditions, wanted or get_language() or "en")
    key = rendition["key"] if rendition else ""
    url = preview or reverse("asset-preview", args=[asset.key, version.number])
    text = rendition["text"] if rendition and asset.kind == "sms" else ""
    return Showing(
        asset=asset,
        version=version,
        rendition=rendition,
        languages=tuple(
            Language(one["key"], one["language"], language_name(one["key"]), one["key"] == key)
            for one in renditions
        ),
        frame_url=f"{url}?rendition={key}",
        size_words=sms_words(text),
        unicode_character=next(
            (one for one in text if one not in GSM and one not in GSM_DOUBLE), ""
        ),
    )


def choose(renditions: Sequence[dict[str, Any]], wanted: str) -> dict[str, Any] | None:
    """The rendition in that language, else one of the same family, else the first."""
    wanted = wanted.lower()
    family = wanted.partition("-")[0]
    for fits in (
        lambda key: key == wanted,
        lambda key: key.partition("-")[0] == family,
        lambda key: True,
    ):
        found = next((one for one in renditions if fits(one["key"])), None)
        if found:
            return found
    return None


def sms_words(text: str) -> str:
    """How long a text message is and how many it is sent as; "" without one."""
    if not text:
        return ""
    count = segments(text)
    return ngettext(
        "%(length)s characters, sent as %(count)s message",
        "%(length)s characters, sent as %(count)s messages",
        count,
    ) % {"length": len(text), "count": count}
