"""What previews need of the database: a sample profile, and the pictures the reader may see."""

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from cjops.documents import Document
from content import rulebook
from content.definition import said
from content.media import storage
from content.models import Asset, Drawing, DrawingSize, DrawingState, MediaFile
from content.preview.embedding import stored_in
from content.preview.look import MOST_EMBEDDED, Look, Part, Width
from people.models import User

# Names of variables instead of values; no key is spelled like that.
NOBODY = "-"
# A page with more would be slow to look at; what leaves the portal has them all.
MOST_PICTURES = 40
# Small ones are shown as they are, also where nothing is drawn yet; animations move.
AS_IT_IS = 400_000
PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address of a preview asks for; what it does not say or misspells is the usual."""

    rendition: str = ""
    profile: str = ""
    is_dark: bool = False
    width: Width = "desktop"
    part: Part = "message"

    @classmethod
    def by(cls, query: Mapping[str, str], width: str = "desktop", profile: str = "") -> "Asked":
        """From the query of an address; `width` and `profile` stand in where it says none."""
        wanted = query.get("width") or width
        part: Literal["message", "text"] = "text" if query.get("part") == "text" else "message"
        return cls(
            rendition=_clean(query.get("rendition", "")),
            profile=_clean(query.get("profile") or profile),
            is_dark=query.get("dark") == "1",
            width="mobile" if wanted == "mobile" else "desktop",
            part=part,
        )

    def choice(self) -> dict[str, str]:
        """What an address says of it; the usual is left to the preview, which knows it."""
        said = {
            "profile": self.profile,
            "dark": "1" if self.is_dark else "",
            "width": "mobile" if self.width == "mobile" else "",
            "part": "text" if self.part == "text" else "",
        }
        return {name: value for name, value in said.items() if value}


def _clean(value: str) -> str:
    return value.replace("\x00", "")[:200]


def look_at(user: User, document: Document, asked: Asked) -> Look:
    """How that person looks at the rendition: two or three reads.

    Pictures are those of assets that the person sees, whoever else has the same file.
    """
    profiles = rulebook.sample_profiles().values_list("key", "values")
    values = {} if asked.profile == NOBODY else chosen(profiles, asked.profile)
    pictures, pages, waits = _stored(user, document, asked.rendition)
    return Look(
        values=values,
        is_dark=asked.is_dark,
        width=asked.width,
        part=asked.part,
        pictures=pictures,
        pages=pages,
        waits=waits,
    )


def chosen(
    profiles: Iterable[tuple[str, dict[str, dict[str, str]]]], key: str
) -> dict[str, dict[str, str]]:
    """The values of the profile with that key, or of the first."""
    found = list(profiles)
    return next((values for name, values in found if name == key), found[0][1] if found else {})


def files_of(document: Document, key: str) -> list[str]:
    """The hashes of the stored files that a rendition shows."""
    rendition = next((one for one in document["renditions"] if one["key"] == key), None)
    if rendition is None:
        return []
    placed = {one["file"] for one in said(rendition, "files").values() if one.get("file")}
    return sorted(placed | stored_in(rendition["body"]))


def _stored(
    user: User, document: Document, key: str
) -> tuple[dict[str, str], dict[str, tuple[str, ...]], frozenset[str]]:
    hashes = files_of(document, key)[:MOST_PICTURES]
    if not hashes:
        return {}, {}, frozenset()
    seen = Asset.objects.visible_to(user).order_by()
    files = list(
        MediaFile.objects.filter(sha256__in=hashes, pictures__asset__in=seen)
        .distinct()
        .prefetch_related("drawings")
    )
    left = MOST_EMBEDDED
    pictures: dict[str, str] = {}
    pages: dict[str, tuple[str, ...]] = {}
    waits = set()
    for file in files:
        drawn = [one for one in file.drawings.all() if one.size == DrawingSize.PAGE]
        if any(one.state == DrawingState.WAITING for one in drawn):
            waits.add(file.sha256)
        if file.media_type == PDF:
            found = [_address(one.sha256, one.media_type) for one in drawn if one.sha256]
            pages[file.sha256] = tuple(filter(None, found))
        elif left > 0 and (address := _picture(file, drawn)):
            pictures[file.sha256] = address
            left -= len(address)
    return pictures, pages, frozenset(waits)


def _picture(file: MediaFile, drawn: list[Drawing]) -> str:
    smaller = next((one for one in drawn if one.sha256), None)
    if file.size <= AS_IT_IS or smaller is None:
        return _address(file.sha256, file.media_type) if file.size <= AS_IT_IS else ""
    return _address(smaller.sha256, smaller.media_type)


def _address(sha256: str, media_type: str) -> str:
    """The stored bytes as an address; "" where the storage has lost them."""
    try:
        with storage.stored(sha256) as file:
            data = file.read()
    except FileNotFoundError:
        return ""
    return f"data:{media_type};base64,{base64.b64encode(data).decode()}"
