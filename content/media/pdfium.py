"""Reads a PDF of strangers, in a process of its own: what breaks there breaks nothing else.

`pdfium.py read IN OUT` writes the file anew and prints what it is as JSON, or why it is refused;
`pdfium.py draw IN PAGE LONGEST OUT` writes a page as a JPEG. Knows nothing of the portal.
"""

import json
import re
import resource
import sys
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

MEMORY, SECONDS, LARGEST = 2 * 1024**3, 20, 64 * 1024**2
MOST_PAGES = 4
# In points; the longer side of A0 is 3,370.
LONGEST_SIDE = 5_000
# A way to have a viewer do something, by the name that stands for it. PDFium writes names plainly.
FORBIDDEN = {
    "script": ("JavaScript", "Rendition", "RichMedia"),
    "attachment": ("EmbeddedFile", "EmbeddedFiles", "FileAttachment"),
    "action": ("Launch", "SubmitForm", "ImportData", "GoToR", "GoToE"),
    "form": ("XFA",),
}
_NAMES = {
    code: re.compile(rb"/(?:" + "|".join(names).encode() + rb")(?![A-Za-z0-9])")
    for code, names in FORBIDDEN.items()
}
# Made of the time: the same file is to have the same hash. Only an encrypted file needs it.
_ID = re.compile(rb"/ID\s*\[\s*<[0-9A-Fa-f]*>\s*<[0-9A-Fa-f]*>\s*\]")


class Refused(Exception):
    """The file is refused; the message is the code of the reason."""


def main(arguments: list[str]) -> int:
    """Do what is asked within bounds; 0 also where the file is refused."""
    for limit, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, LARGEST),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))
    verb, source, *rest = arguments
    try:
        if verb == "read":
            said = read(Path(source), Path(rest[0]))
        else:
            said = draw(Path(source), int(rest[0]), int(rest[1]), Path(rest[2]))
    except Refused as reason:
        said = {"refused": str(reason)}
    except (pypdfium2.PdfiumError, OSError, ValueError, MemoryError):
        said = {"refused": "broken"}
    sys.stdout.write(json.dumps(said))
    return 0


def read(source: Path, target: Path) -> dict[str, Any]:
    """Write the PDF anew; its pages, and the size of the first in points."""
    with source.open("rb") as file:
        if not file.read(8).startswith(b"%PDF-"):
            raise Refused("no-pdf")
    document = _opened(source)
    count = len(document)
    faults = {
        "encrypted": pdfium.FPDF_GetSecurityHandlerRevision(document) != -1,
        "broken": count == 0,
        "pages": count > MOST_PAGES,
        "form": pdfium.FPDF_GetFormType(document) != pdfium.FORMTYPE_NONE,
        "script": pdfium.FPDFDoc_GetJavaScriptActionCount(document) > 0,
        "attachment": pdfium.FPDFDoc_GetAttachmentCount(document) > 0,
    }
    for code, is_there in faults.items():
        if is_there:
            raise Refused(code)
    sizes = [document.get_page_size(number) for number in range(count)]
    if any(not 1 <= side <= LONGEST_SIDE for size in sizes for side in size):
        raise Refused("size")
    document.save(target)
    data = target.read_bytes()
    for code, names in _NAMES.items():
        if names.search(data):
            raise Refused(code)
    target.write_bytes(_ID.sub(_same_id, data))
    return {"pages": count, "width": round(sizes[0][0]), "height": round(sizes[0][1])}


def _same_id(found: re.Match[bytes]) -> bytes:
    return re.sub(rb"[0-9A-Fa-f](?=[0-9A-Fa-f]*>)", b"0", found.group())


def _opened(source: Path) -> Any:
    try:
        return pypdfium2.PdfDocument(source)
    except pypdfium2.PdfiumError as error:
        encrypted = getattr(error, "err_code", None) in (
            pdfium.FPDF_ERR_PASSWORD,
            pdfium.FPDF_ERR_SECURITY,
        )
        raise Refused("encrypted" if encrypted else "broken") from error


def draw(source: Path, page: int, longest: int, target: Path) -> dict[str, Any]:
    """Write a page, counted from 1, as a picture of that many pixels at its longer side."""
    opened = _opened(source)[page - 1]
    scale = longest / max(opened.get_size())
    picture = opened.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")
    picture.save(target, "JPEG", quality=88, optimize=True)
    return {"width": picture.width, "height": picture.height}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
