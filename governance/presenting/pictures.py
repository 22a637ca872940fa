"""Pictures that a change replaces: both of them to look at, and what else about them differs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

import content.queries
from content.models import Drawing, DrawingSize, DrawingState, MediaFile, Picture
from content.preview.pictured import Pictured, Replaced, replaced
from governance.presenting.asset_words import place_label
from governance.presenting.rows import Row, compared
from governance.reviewed import Reviewed, rendition_in
from people.models import User

PDF = "application/pdf"
# A drawing hardly differs in shape from one of another size: pixels are whole.
SAME_SHAPE = 0.01


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture, or a page of a PDF, as the page shows it."""

    address: str
    width: int
    height: int
    alt: str
    digest: str


@dataclass(frozen=True, slots=True)
class View:
    """The same place before and after; `label` is a page's, where there are several."""

    label: str
    before: Shot | None
    after: Shot | None

    @property
    def is_compared(self) -> bool:
        """Whether there are two, and not the same twice."""
        return bool(self.before and self.after) and not self.is_same

    @property
    def is_same(self) -> bool:
        """Whether both are the same to the last bit."""
        return bool(self.before and self.after and self.before.digest == self.after.digest)


@dataclass(frozen=True, slots=True)
class Pair:
    """A place whose picture a change touches. `note` says why there is nothing to see.

    `op` is what happens to it, `passage` what a comment is anchored to, "" where there is nothing.
    """

    label: str
    op: str
    views: tuple[View, ...]
    rows: tuple[Row, ...]
    note: str
    passage: str


def picture_pairs(found: Reviewed, user: User) -> list[Pair]:
    """The pictures that differ between both sides, as far as the person sees them."""
    several = replaced(found.before, found.after, found.rendition)
    hashes = {one.sha256 for pair in several for one in (pair.before, pair.after) if one}
    pictures = content.queries.pictures_by_file(user, hashes)
    return [_pair(found, one, pictures) for one in several]


def _pair(found: Reviewed, one: Replaced, pictures: dict[str, Picture]) -> Pair:
    sides = [
        (side, pictures.get(side.sha256)) if side else None for side in (one.before, one.after)
    ]
    shots = [_shots(side[0], side[1]) if side and side[1] else () for side in sides]
    # What is spoken about is what is proposed; where nothing is, what goes.
    spoken = one.after if rendition_in(found.after, found.rendition) else one.before
    return Pair(
        label=_label(one),
        op="edit" if one.before and one.after else "add" if one.after else "remove",
        views=tuple(_views(*shots)),
        rows=tuple(_rows(one, *(side[1].file if side and side[1] else None for side in sides))),
        note=_note(side[1] if side else None for side in sides if side),
        passage=spoken.passage if spoken and one.place else "",
    )


def _label(one: Replaced) -> str:
    if not one.place:
        return _("Picture %(number)s of the message") % {"number": one.number}
    return place_label(one.place)


def _note(pictures: Iterable[Picture | None]) -> str:
    for one in pictures:
        if one is None:
            return _("A file of it is not open to you, or not stored any more.")
        if one.file.media_type != PDF:
            continue
        drawn = _pages(one)
        if any(page.state == DrawingState.WAITING for page in drawn):
            return _("Its pages are still being drawn. Load this page again in a moment.")
        if not any(page.sha256 for page in drawn):
            return _("No picture of it could be drawn. Download it to look at it.")
    return ""


def _pages(picture: Picture) -> list[Drawing]:
    drawings = picture.file.drawings.all()
    return sorted(
        (one for one in drawings if one.size == DrawingSize.PAGE), key=lambda one: one.page
    )


def _shots(one: Pictured, picture: Picture) -> Sequence[Shot]:
    """What is shown of a file: one picture, or each page that is drawn."""
    file = picture.file
    address = reverse("asset-picture", args=[picture.asset.key, file.sha256])
    if file.media_type != PDF:
        # Of an animation a drawing has the first frame alone.
        is_large = any(page.sha256 for page in _pages(picture)) and file.frames == 1
        large = f"{address}?size={DrawingSize.PAGE}" if is_large else address
        return [Shot(large, file.width, file.height, one.alt, file.sha256)]
    return [
        Shot(
            f"{address}?size={DrawingSize.PAGE}&page={page.page}",
            page.width,
            page.height,
            one.alt,
            page.sha256,
        )
        for page in _pages(picture)
        if page.sha256
    ]


def _views(before: Sequence[Shot], after: Sequence[Shot]) -> Iterable[View]:
    most = max(len(before), len(after))
    for number in range(most):
        label = _("Page %(number)s") % {"number": number + 1} if most > 1 else ""
        was, will_be = (side[number] if number < len(side) else None for side in (before, after))
        yield View(label, was, will_be)


def _rows(one: Replaced, was: MediaFile | None, will_be: MediaFile | None) -> Iterable[Row]:
    if was or will_be:
        note = _("The shape changes, too: look at the edges.") if _is_reshaped(was, will_be) else ""
        yield _row(_("Size"), _size(was), _size(will_be), note)
        yield _row(_("Weight"), _weight(was), _weight(will_be), _heavier(was, will_be))
        if _type(was) != _type(will_be):
            yield _row(_("File type"), _type(was), _type(will_be))
    old, new = (side.alt if side else "" for side in (one.before, one.after))
    label = _("Words for those who do not see it")
    if old == new:
        yield _row(label, old or _("none"), new or _("none"))
    else:
        yield compared(label, old, new, whole="")


def _row(label: str, before: str, after: str, note: str = "") -> Row:
    if before == after:
        return Row(label, pieces=(("equal", before),), note=_("As before"))
    return Row(label, before, after, note=note)


def _size(file: MediaFile | None) -> str:
    if file is None:
        return ""
    if file.media_type == PDF:
        words = ngettext("%(count)s page", "%(count)s pages", file.frames)
        return words % {"count": file.frames}
    size = {"width": file.width, "height": file.height}
    return _("%(width)s × %(height)s pixels") % size


def _weight(file: MediaFile | None) -> str:
    return str(filesizeformat(file.size)) if file else ""


def _type(file: MediaFile | None) -> str:
    return file.media_type.rpartition("/")[2].upper() if file else ""


def _heavier(was: MediaFile | None, will_be: MediaFile | None) -> str:
    """By how much, where that is worth a word."""
    if was is None or will_be is None or not was.size:
        return ""
    percent = round(100 * (will_be.size - was.size) / was.size)
    said: dict[str, Any] = {"percent": number_format(abs(percent), force_grouping=True)}
    if percent > 0:
        return _("%(percent)s %% heavier") % said
    return _("%(percent)s %% lighter") % said if percent else ""


def _is_reshaped(was: MediaFile | None, will_be: MediaFile | None) -> bool:
    if was is None or will_be is None or PDF in (was.media_type, will_be.media_type):
        return False
    shapes = [file.width / max(file.height, 1) for file in (was, will_be)]
    return abs(shapes[0] - shapes[1]) > SAME_SHAPE * max(shapes)
