"""A picture of strangers, read by its content and written anew, so that nothing else comes along.

What is kept is what is seen: pixels, transparency, the frames of an animation. Where it was taken,
comments, colour profiles, and whatever stands before, between or behind the picture are gone.
"""

import io
import struct
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any

from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps

from cjops.core.errors import DomainError, Invalid, TooLarge

# No other decoder is ever started, whatever a file says of itself.
TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp"}
MAGIC = {
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF87a": "GIF",
    b"GIF89a": "GIF",
}
MOST_FRAMES = 300
LONGEST_SIDE = 16_000
# A progressive JPEG is painted some ten times over; a few bytes ask for one time more.
SCAN, MOST_SCANS = b"\xff\xda", 100
# A profile is some kilobytes.
MOST_PROFILE = 1024 * 1024
QUALITY = 92
# What Pillow raises for what is no picture, or not whole.
BROKEN = (
    *(OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError),
    *(AttributeError, OverflowError, MemoryError, ArithmeticError, AssertionError),
    *(struct.error, zlib.error, Image.DecompressionBombError, ImageCms.PyCMSError),
)
# A picture takes some hundred megabytes while it is read: one at a time in each process.
_TURN = threading.BoundedSemaphore(1)
MOST_WAIT = 30


class Busy(DomainError):
    """Too many pictures at once."""

    code, status = "busy", 503


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture as the portal wrote it."""

    data: bytes
    media_type: str
    width: int
    height: int
    frames: int


def redrawn(file: IO[bytes], *, most_bytes: int, most_pixels: int) -> Drawn:
    """The picture in `file`, written anew.

    `most_pixels` are those of all its frames together. Raises `Invalid` for what is no picture of
    a known type or not whole, `TooLarge`, and `Busy` where others are being read for too long.
    """
    file.seek(0)
    head = file.read(64)
    kind = kind_of(head)
    # Writing these takes twice the memory of all others.
    most_pixels //= 2 if kind == "WEBP" else 1
    file.seek(0, io.SEEK_END)
    if file.tell() > most_bytes:
        raise TooLarge(too_many_bytes(most_bytes), errors={"file": [too_many_bytes(most_bytes)]})
    _refuse_canvas(kind, head, most_pixels)
    file.seek(0)
    if kind == "JPEG" and file.read().count(SCAN) > MOST_SCANS:
        raise refused(_("The picture is damaged or not whole. Save it again and upload that."))
    file.seek(0)
    with one_at_a_time():
        try:
            drawn = _redrawn(file, kind, most_pixels)
        except BROKEN as error:
            raise refused(
                _("The picture is damaged or not whole. Save it again and upload that.")
            ) from error
    if len(drawn.data) > 2 * most_bytes:
        raise TooLarge(too_many_bytes(most_bytes), errors={"file": [too_many_bytes(most_bytes)]})
    return drawn


def kind_of(head: bytes) -> str:
    """What the file begins like; raises `Invalid` for anything but the four types."""
    if not head:
        raise refused(_("The file is empty."))
    for magic, kind in MAGIC.items():
        if head.startswith(magic):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    raise refused(_("This is no PNG, JPEG, GIF or WebP picture. Save it as one of these first."))


def refused(sentence: str) -> Invalid:
    """The refusal of a file, at its field."""
    return Invalid(_("Some values are not right."), errors={"file": [sentence]})


def too_many_bytes(most: int) -> str:
    """What somebody reads whose file is too large."""
    return _("A picture may have %(limit)s MB. Make it smaller first.") % {"limit": most >> 20}


def _too_many_pixels(most: int) -> Invalid:
    return refused(
        _(
            "The picture has too many pixels: %(limit)s million are the most, the frames of an "
            "animation together. Make it smaller first."
        )
        % {"limit": most // 1_000_000}
    )


@contextmanager
def one_at_a_time() -> Iterator[None]:
    if not _TURN.acquire(timeout=MOST_WAIT):
        raise Busy(_("The portal is busy with other pictures. Try again in a minute."))
    try:
        yield
    finally:
        _TURN.release()


def _refuse_canvas(kind: str, head: bytes, most_pixels: int) -> None:
    """Refuse what its first bytes declare too large: WebP takes the memory when it is opened."""
    if kind == "WEBP" and head[12:16] == b"VP8X" and len(head) >= 30:
        width = 1 + int.from_bytes(head[24:27], "little")
        height = 1 + int.from_bytes(head[27:30], "little")
        _refuse_size(width, height, most_pixels)


def _refuse_size(width: int, height: int, most_pixels: int) -> None:
    if width * height > most_pixels or max(width, height) > LONGEST_SIDE:
        raise _too_many_pixels(most_pixels)


def _redrawn(file: IO[bytes], kind: str, most_pixels: int) -> Drawn:
    with Image.open(file, formats=[kind]) as picture:
        _refuse_size(*picture.size, most_pixels)
        frames, times = _frames_of(picture, kind, most_pixels)
        loop = picture.info.get("loop")
    target = io.BytesIO()
    options = _options(kind)
    if len(frames) > 1:
        options |= {"save_all": True, "append_images": frames[1:], "duration": times}
        # A frame covers the one before it wholly, as it was read.
        options |= {} if kind == "WEBP" else {"disposal": 0 if kind == "PNG" else 2}
        options |= {"loop": loop} if isinstance(loop, int) else {}
    frames[0].save(target, kind, **options)
    width, height = frames[0].size
    return Drawn(target.getvalue(), TYPES[kind], width, height, _count(target, len(frames)))


def _count(written: IO[bytes], count: int) -> int:
    """How many of so many frames there are in what was written: equal ones may have become one."""
    if count == 1:
        return 1
    with Image.open(written) as picture:
        return int(getattr(picture, "n_frames", 1))


def _options(kind: str) -> dict[str, Any]:
    """How each type is written."""
    options: dict[str, dict[str, Any]] = {
        "JPEG": {"quality": QUALITY, "optimize": True},
        "WEBP": {"quality": QUALITY, "method": 3},
        "PNG": {"compress_level": 7},
        "GIF": {"optimize": False},
    }
    return options[kind]


def _frames_of(
    picture: Image.Image, kind: str, most_pixels: int
) -> tuple[list[Image.Image], list[int]]:
    """Its frames, each by itself, and for how long each is shown, in milliseconds."""
    frames: list[Image.Image] = []
    times: list[int] = []
    for number in range(MOST_FRAMES + 1):
        try:
            picture.seek(number)
        except EOFError:
            break
        width, height = picture.size
        _refuse_size(width, height, most_pixels)
        if number == MOST_FRAMES or width * height * (number + 1) > most_pixels:
            raise _too_many_pixels(most_pixels)
        frames.append(_plain(picture, kind))
        times.append(min(max(int(picture.info.get("duration", 0) or 0), 0), 60_000))
        # A JPEG of a telephone holds others beside the picture: a preview, a depth map.
        if kind == "JPEG":
            break
    return frames, times


def _plain(picture: Image.Image, kind: str) -> Image.Image:
    """One frame with its pixels alone: upright, in common colours, in a mode that can be saved."""
    picture.load()
    profile = picture.info.get("icc_profile")
    upright = ImageOps.exif_transpose(picture)
    common = _in_common_colours(upright, profile) if profile else upright
    plain = _in_mode(common, kind)
    if plain is picture:
        plain = picture.copy()
    transparency = plain.info.get("transparency") if plain.mode in ("P", "L", "RGB") else None
    plain.info = {} if transparency is None else {"transparency": transparency}
    return plain


def _in_common_colours(picture: Image.Image, profile: bytes) -> Image.Image:
    """The picture in sRGB; as it is where the profile cannot be read."""
    if len(profile) > MOST_PROFILE or picture.mode not in ("RGB", "RGBA", "CMYK"):
        return picture
    try:
        converted = ImageCms.profileToProfile(
            picture,
            ImageCms.ImageCmsProfile(io.BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            outputMode="RGBA" if picture.mode == "RGBA" else "RGB",
        )
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return picture
    return converted or picture


def _in_mode(picture: Image.Image, kind: str) -> Image.Image:
    """The picture in a mode that its type can be saved in and all programs read."""
    if picture.mode.startswith(("I", "F")):
        # Sixteen bits a pixel: the upper eight.
        picture = picture.convert("I").point(lambda value: value / 256).convert("L")
    if kind == "JPEG":
        return picture if picture.mode in ("L", "RGB") else picture.convert("RGB")
    if picture.mode in ("1", "L", "LA", "P", "RGB", "RGBA"):
        return picture
    return picture.convert("RGBA" if "A" in picture.mode or "a" in picture.mode else "RGB")
