"""What an uploaded file is called: its own name, without all that a name can do harm with."""

import unicodedata
from pathlib import PurePosixPath

from django.utils.translation import gettext as _

from content.media.drawing import refused

LENGTH = 100
PDF = "application/pdf"
# The first is the one the portal gives.
ENDINGS = {
    "image/png": ("png",),
    "image/jpeg": ("jpg", "jpeg", "jpe", "jfif"),
    "image/gif": ("gif",),
    "image/webp": ("webp",),
    "application/pdf": ("pdf",),
}
NAMES = {
    "image/png": "PNG",
    "image/jpeg": "JPEG",
    "image/gif": "GIF",
    "image/webp": "WebP",
    "application/pdf": "PDF",
}
# What programs send that do not know what they send.
NO_TYPE = {"", "application/octet-stream", "binary/octet-stream"}
ALIASES = {"image/jpg": "image/jpeg", "image/pjpeg": "image/jpeg", "image/x-png": "image/png"}


def cleaned(name: str, media_type: str) -> str:
    """The name as one short line without folders, with the ending that its content has."""
    stem, _ending = parted(name)
    shown = "".join(
        # Control, format (such as writing direction), surrogate and private characters, line ends.
        " " if unicodedata.category(one)[0] in "CZ" else one
        for one in unicodedata.normalize("NFC", stem)
    )
    shown = " ".join(shown.translate(_REPLACED).split()).strip(". ")
    nameless = "file" if media_type == PDF else "picture"
    return f"{shown[:LENGTH].rstrip() or nameless}.{ENDINGS[media_type][0]}"


# No part of a path, of a header, of a shell's or a file system's words.
_REPLACED = str.maketrans(dict.fromkeys('"<>:|?*`$;%&', "_"))


def parted(name: str) -> tuple[str, str]:
    """The last part of the path without its ending, and the ending in lower case."""
    last = name.replace("\\", "/").rpartition("/")[2]
    path = PurePosixPath(last.replace("\x00", ""))
    ending = path.suffix[1:].lower()
    return (path.stem, ending) if ending.isascii() and ending.isalnum() else (path.name, "")


def refuse_contradiction(name: str, declared: str, media_type: str) -> None:
    """Raise `Invalid` where its name or its sender say that it is something else."""
    ending = parted(name)[1]
    if ending and ending not in ENDINGS[media_type]:
        if media_type == PDF:
            raise refused(
                _("The name ends in .%(ending)s, but the file is a PDF. Rename it first.")
                % {"ending": ending[:10]}
            )
        raise refused(
            _("The name ends in .%(ending)s, but the file is a %(type)s picture. Rename it first.")
            % {"ending": ending[:10], "type": NAMES[media_type]}
        )
    said = declared.partition(";")[0].strip().lower()
    said = ALIASES.get(said, said)
    if said not in NO_TYPE and said != media_type:
        if media_type == PDF:
            raise refused(
                _("It was sent as %(declared)s, but the file is a PDF.") % {"declared": said[:60]}
            )
        raise refused(
            _("It was sent as %(declared)s, but the file is a %(type)s picture.")
            % {"declared": said[:60], "type": NAMES[media_type]}
        )
