"""What single kinds of content need: files that fit their places, a link behind a button, times."""

import datetime as dt
import re
import zoneinfo
from functools import cache
from typing import Any

from django.utils.translation import gettext as _
from rapidfuzz import fuzz, process

from content.definition import said
from content.measuring import columns
from content.rules import Stored
from content.validation.checked import Checked, Text

_SIZE = re.compile(r"([1-9][0-9]{0,4})x([1-9][0-9]{0,4})")
# IAB, Fixed Size Ad Specifications: what may be loaded at first. Large ones are those of more
# pixels than a skyscraper, such as 300x600 and 970x250.
LIGHT, HEAVY, LARGE_AREA = 150_000, 200_000, 120_000
# A column of text as small as it can be read on a banner takes about so many pixels.
PIXELS_A_COLUMN = 8 * 18
MOST_TEXT = 0.2
# In one place of another kind: what a phone loads without a word.
MAX_PICTURE = 1_000_000


def check(checked: Checked, text: Text) -> None:
    """One rendition of any kind."""
    check_files(checked, text)
    check_action(checked, text)
    if checked.kind.key == "event":
        check_event(checked, text)


def check_action(checked: Checked, text: Text) -> None:
    """A button that leads nowhere, and a link that nobody can press."""
    if not (checked.kind.has("action") and checked.kind.has("link")):
        return
    if text["action"] and not text["link"]:
        message = _(
            "%(language)s: the button “%(action)s” leads nowhere. Say where in the field for the "
            "link."
        )
        checked.found("action-without-link", message, "link", text=text, action=text["action"])
    elif text["link"] and not text["action"] and checked.kind.key != "banner":
        message = _("%(language)s: there is a link and no button for it. Say what the button says.")
        checked.found("link-without-action", message, "action", text=text)


def check_event(checked: Checked, text: Text) -> None:
    """When it is."""
    starts, ends = moment(text["starts"]), moment(text["ends"])
    zone = text["timezone"]
    if zone and zone not in zones():
        like = process.extractOne(zone, sorted(zones()), scorer=fuzz.WRatio, score_cutoff=70)
        message = (
            _("%(language)s: nobody knows the time zone “%(zone)s”. Did you mean “%(like)s”?")
            if like
            else _(
                "%(language)s: nobody knows the time zone “%(zone)s”. Write one such as "
                "Asia/Shanghai."
            )
        )
        words: dict[str, Any] = {"zone": zone, "like": like[0] if like else ""}
        checked.found("timezone-unknown", message, "timezone", text=text, **words)
    if starts and ends and ends <= starts:
        message = _("%(language)s: the event ends before it begins. Correct one of the times.")
        checked.found("event-reversed", message, "ends", text=text)
    elif starts and (ends or starts).date() < (checked.rules.today or dt.date.min):
        message = _("%(language)s: the event is over. Give it a new date, or retire it.")
        checked.found("event-past", message, "starts", text=text)


def moment(written: str) -> dt.datetime | None:
    """A local time of the document; None where it says none."""
    return dt.datetime.fromisoformat(written) if written else None


@cache
def zones() -> frozenset[str]:
    """The time zones there are."""
    return frozenset(zoneinfo.available_timezones())


def check_files(checked: Checked, text: Text) -> None:
    """Files that are needed, and those that are there."""
    files = said(text.rendition, "files")
    for place in checked.kind.files:
        own = [name for name in files if is_for(place.name, name) and files[name]["file"]]
        if place.is_required and not own:
            message = _("%(language)s: “%(place)s” is missing. Upload it.")
            checked.found("file-missing", message, "files", text=text, place=place.label)
    for name, one in files.items():
        if not any(is_for(place.name, name) for place in checked.kind.files):
            message = _(
                "%(language)s: there is no place “%(place)s” in this kind of asset. Take the file "
                "out."
            )
            checked.found("file-unused", message, "files", name, text=text, place=name)
        elif one["file"]:
            check_file(checked, text, name, one["file"], one["alt"])


def is_for(place: str, name: str) -> bool:
    """Whether a file of that name is for that place."""
    return bool(_SIZE.fullmatch(name)) if place == "sizes" else place == name


def check_file(checked: Checked, text: Text, name: str, digest: str, alt: str) -> None:
    """One file: is it what its place asks for?"""
    is_document = name == "poster"
    if not is_document and not alt:
        message = _(
            "%(language)s: the picture “%(place)s” has no description. Say what is on it, for "
            "people who cannot see it."
        )
        checked.found("alt-missing", message, "files", name, "alt", text=text, place=name)
    if checked.rules.files is None:
        return
    stored = checked.rules.files.get(digest)
    if stored is None:
        message = _("%(language)s: the file of “%(place)s” is not stored. Upload it again.")
        checked.found("file-unknown", message, "files", name, "file", text=text, place=name)
    elif is_document != (stored.media_type == "application/pdf"):
        message = (
            _("%(language)s: “%(place)s” is to be a PDF, and the file is none. Upload a PDF.")
            if is_document
            else _("%(language)s: “%(place)s” is to be a picture. Upload a PNG, JPEG or GIF.")
        )
        checked.found("file-type", message, "files", name, "file", text=text, place=name)
    elif not is_document:
        check_picture(checked, text, name, stored)


def check_picture(checked: Checked, text: Text, name: str, stored: Stored) -> None:
    """Pixels, bytes, and how much of a banner its words would take."""
    size = _SIZE.fullmatch(name)
    if size is None:
        too_heavy(checked, text, name, stored, MAX_PICTURE)
        return
    width, height = int(size.group(1)), int(size.group(2))
    if (stored.width, stored.height) != (width, height):
        message = _(
            "%(language)s: the picture for %(place)s has %(width)s × %(height)s pixels. Upload one "
            "of exactly that size."
        )
        words: dict[str, Any] = {"width": stored.width, "height": stored.height}
        checked.found(
            "picture-size", message, "files", name, "file", text=text, place=name, **words
        )
    too_heavy(checked, text, name, stored, HEAVY if width * height > LARGE_AREA else LIGHT)
    letters = sum(columns(text.filled(one)) for one in ("title", "text", "action"))
    share = letters * PIXELS_A_COLUMN / (width * height)
    if share > MOST_TEXT:
        message = _(
            "%(language)s: headline, text and button would take about %(share)s %% of %(place)s, "
            "as an estimate by their letters; no more than %(most)s %% is read. Shorten them."
        )
        words = {
            "share": min(round(share * 100), 999),
            "most": round(MOST_TEXT * 100),
        }
        checked.found("picture-much-text", message, "files", name, text=text, place=name, **words)


def too_heavy(checked: Checked, text: Text, name: str, stored: Stored, most: int) -> None:
    """A picture that loads for too long."""
    if stored.size > most:
        message = _(
            "%(language)s: the picture “%(place)s” has %(size)s KB, and %(most)s KB are allowed. "
            "Save it smaller."
        )
        words: dict[str, Any] = {"size": -(-stored.size // 1000), "most": most // 1000}
        checked.found(
            "picture-heavy", message, "files", name, "file", text=text, place=name, **words
        )
