"""A PDF of strangers: read and written anew by a process of its own, within bounds."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _

from cjops.core.errors import Invalid, TooLarge
from content.media.drawing import Drawn, one_at_a_time, refused

MAGIC, PDF, JPEG = b"%PDF-", "application/pdf", "image/jpeg"
READER = Path(__file__).with_name("pdfium.py")
MOST_SECONDS = 30


class NotDrawn(Exception):
    """The reader broke off, or did not answer in time."""


@dataclass(frozen=True, slots=True)
class Copy:
    """Where a file lies while it is looked at."""

    folder: Path

    @property
    def source(self) -> Path:
        """What was sent."""
        return self.folder / "in.pdf"

    @property
    def target(self) -> Path:
        """What was made of it."""
        return self.folder / "out"


def is_pdf(file: IO[bytes]) -> bool:
    """Whether it begins like one; nothing may stand before."""
    file.seek(0)
    return file.read(len(MAGIC)) == MAGIC


def read_pdf(file: IO[bytes], *, most_bytes: int) -> Drawn:
    """The PDF in `file`, written anew. Raises `Invalid` and `TooLarge`.

    The copy holds what the document refers to and nothing else: what stood before or behind it,
    such as another file, is gone.
    """
    file.seek(0, os.SEEK_END)
    if file.tell() > most_bytes:
        words = _("A PDF may have %(limit)s MB. Make it smaller first.") % {
            "limit": most_bytes >> 20
        }
        raise TooLarge(words, errors={"file": [words]})
    file.seek(0)
    with tempfile.TemporaryDirectory(prefix="cjops-pdf-") as folder:
        copy = Copy(Path(folder))
        with copy.source.open("wb") as target:
            shutil.copyfileobj(file, target, 1024 * 1024)
        try:
            with one_at_a_time():
                said = _ask("read", copy.source, copy.target)
        except NotDrawn:
            said = {"refused": "broken"}
        if code := said.get("refused"):
            raise _refusal(code)
        data = copy.target.read_bytes()
    return Drawn(data, PDF, said["width"], said["height"], said["pages"])


def drawn_page(file: IO[bytes], page: int, longest: int) -> Drawn:
    """A page of a stored PDF as a picture. Raises `NotDrawn`."""
    with tempfile.TemporaryDirectory(prefix="cjops-pdf-") as folder:
        copy = Copy(Path(folder))
        with copy.source.open("wb") as target:
            shutil.copyfileobj(file, target, 1024 * 1024)
        said = _ask("draw", copy.source, page, longest, copy.target)
        if "refused" in said:
            raise NotDrawn(said["refused"])
        return Drawn(copy.target.read_bytes(), JPEG, said["width"], said["height"], 1)


def _ask(*arguments: object) -> dict[str, Any]:
    try:
        done = subprocess.run(  # noqa: S603 - our own program, and no word of strangers
            [sys.executable, "-P", "-s", str(READER), *map(str, arguments)],
            capture_output=True,
            timeout=MOST_SECONDS,
            check=True,
            env={"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8"},
        )
        said: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError) as error:
        raise NotDrawn(str(error)) from error
    return said


def _refusal(code: str) -> Invalid:
    sentences = {
        "no-pdf": _("This is no PDF. Save it as one first."),
        "encrypted": _("The PDF is encrypted or has a password. Save it without one first."),
        "pages": _("A poster may have 4 pages at most. Save those that are needed."),
        "size": _("A page of the PDF is larger than paper can be. Save it in its real size."),
        "script": _("There is a script or a film in the PDF. Save it without interactive parts."),
        "attachment": _("There are files attached to the PDF. Save it without attachments."),
        "action": _(
            "The PDF starts programs, sends data or opens other files. Save it without actions."
        ),
        "form": _("There is a form in the PDF. Save or print it as a plain PDF first."),
    }
    broken = _("The PDF is damaged or not whole. Save it again and upload that.")
    return refused(sentences.get(code, broken))
