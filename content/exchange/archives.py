"""A zip of strangers, read with limits: nothing leaves it, and nothing in it is believed."""

import io
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath

from django.utils.translation import gettext as _

from cjops.core.errors import Invalid

# An asset in a hundred languages has four files for each, and its pictures.
MOST_FILES = 1_000
# Of all that is in it, unpacked.
MOST_UNPACKED = 120_000_000
UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, ValueError),
    OSError,
)
# The others unpack whatever they hold in one go, before anybody can say stop.
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
CHUNK = 64 * 1024
# What programs leave behind that nobody means to send.
LITTER = ("__MACOSX", ".DS_Store", "Thumbs.db")


def is_zip(data: bytes) -> bool:
    """Whether the bytes begin as a zip does."""
    return data[:4] in (b"PK\x03\x04", b"PK\x05\x06")


def unpacked(data: bytes) -> dict[str, bytes]:
    """The files of a zip by their path in it. Raises `Invalid` for all that is not plainly one.

    What it says of sizes is not believed: reading stops at the limit.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return dict(_files(archive))
    except UNREADABLE:
        raise refused(
            _("The zip is damaged, encrypted, or packed in a way that is not known.")
        ) from None


def _files(archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    entries = [one for one in archive.infolist() if not one.is_dir()]
    if len(entries) > MOST_FILES:
        raise refused(_("The zip has more than %(most)s files.") % {"most": MOST_FILES})
    left = MOST_UNPACKED
    seen: set[str] = set()
    for entry in entries:
        path = plain_path(entry.filename)
        if any(part in LITTER for part in PurePosixPath(path).parts):
            continue
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise refused(_("The zip has a link in it: “%(path)s”.") % {"path": path[:100]})
        if path.casefold() in seen:
            raise refused(_("The zip has “%(path)s” twice.") % {"path": path[:100]})
        seen.add(path.casefold())
        content = _content(archive, entry, left)
        left -= len(content)
        yield path, content


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes:
    """What a file of the zip holds, read piece by piece and no further than `most` bytes."""
    if entry.compress_type not in METHODS:
        raise zipfile.BadZipFile
    pieces, size = [], 0
    with archive.open(entry) as file:
        while piece := file.read(CHUNK):
            pieces.append(piece)
            size += len(piece)
            if size > most:
                raise refused(
                    _("The zip is larger than %(limit)s MB when it is unpacked.")
                    % {"limit": MOST_UNPACKED // 1_000_000}
                )
    return b"".join(pieces)


def plain_path(name: str) -> str:
    """A path inside the zip. Raises `Invalid` for one that leads out of it."""
    path = name.replace("\\", "/")
    parts = path.split("/")
    if path.startswith("/") or ".." in parts or ":" in parts[0] or "\x00" in path:
        raise refused(
            _("The zip has a file that leads out of it: “%(path)s”.") % {"path": name[:100]}
        )
    return "/".join(part for part in parts if part not in ("", "."))


def refused(sentence: str) -> Invalid:
    """The refusal of a file, with what is wrong with it."""
    return Invalid(
        _("This file cannot be brought in."), code="file-refused", errors={"file": [sentence]}
    )
