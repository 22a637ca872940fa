"""Pictures and a poster for the demo, drawn while it is seeded; nobody else's are needed."""

import io
from functools import cache
from hashlib import sha256
from typing import Any

from django.conf import settings
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.pagesizes import A3
from reportlab.pdfgen.canvas import Canvas

from content.media import storage
from content.media.drawing import Drawn, redrawn
from content.media.papers import read_pdf
from content.media.services import write_picture
from content.models import Asset
from people.models import User

Document = dict[str, Any]

# How documents of the demo name a file that is drawn: "drawn:savings-300x250".
DRAWN = "drawn:"
BRAND, SAND, SUN, LEAF, INK = "#0b5d5e", "#f3ece0", "#e8a13a", "#5d9b6b", "#16212b"
# Four times as large and then made smaller: edges are smooth.
FINE = 4


def placed(document: Document) -> tuple[Document, dict[str, str]]:
    """The document with the hashes of its files, and the name of each drawing by its hash."""
    found: dict[str, str] = {}
    renditions = []
    for rendition in document["renditions"]:
        files = {}
        for place, one in rendition.get("files", {}).items():
            name = one["file"].removeprefix(DRAWN)
            digest = sha256(_stored(name).data).hexdigest()
            found[digest] = name
            files[place] = {**one, "file": digest}
        renditions.append({**rendition, "files": files} if files else rendition)
    return {**document, "renditions": renditions}, found


def upload(*, asset: Asset, files: dict[str, str], actor: User) -> None:
    """Keep the drawings as files of the asset."""
    for digest, name in files.items():
        drawn = _stored(name)
        storage.store(digest, drawn.data)
        write_picture(asset_id=asset.pk, digest=digest, drawn=drawn, name=name, actor=actor)


@cache
def _stored(name: str) -> Drawn:
    """The drawing as the portal keeps whatever is uploaded."""
    if name.startswith("poster"):
        return read_pdf(io.BytesIO(_poster()), most_bytes=settings.CJOPS["PDF_BYTES"])
    topic, _dash, size = name.rpartition("-")
    width, height = map(int, size.split("x"))
    target = io.BytesIO()
    _scene(topic, width, height).save(target, "PNG")
    return redrawn(
        target,
        most_bytes=settings.CJOPS["PICTURE_BYTES"],
        most_pixels=settings.CJOPS["PICTURE_PIXELS"],
    )


def _scene(topic: str, width: int, height: int) -> Image.Image:
    """A sun over hills, and the bank's name; a card for what is about cards."""
    wide, high = width * FINE, height * FINE
    picture = Image.new("RGB", (wide, high), SAND)
    draw = ImageDraw.Draw(picture)
    unit = min(wide, high)
    sun = (wide - unit * 0.62, unit * 0.12)
    draw.ellipse((*sun, sun[0] + unit * 0.4, sun[1] + unit * 0.4), fill=SUN)
    draw.ellipse((wide * 0.3, high * 0.62, wide * 1.3, high * 1.9), fill=LEAF)
    draw.ellipse((-wide * 0.4, high * 0.7, wide * 0.75, high * 2.0), fill=BRAND)
    if topic == "card":
        box = (wide * 0.3, high * 0.3, wide * 0.3 + unit * 0.8, high * 0.3 + unit * 0.5)
        draw.rounded_rectangle(box, radius=unit * 0.05, fill=INK)
        stripe = (box[0], box[1] + unit * 0.1, box[2], box[1] + unit * 0.18)
        draw.rectangle(stripe, fill=SUN)
    font = ImageFont.load_default(max(min(unit * 0.16, wide * 0.1), 12 * FINE))
    draw.text((unit * 0.14, unit * 0.12), "Larkfield", fill=BRAND, font=font)
    return picture.resize((width, height), Image.Resampling.LANCZOS)


def _poster() -> bytes:
    """A poster in A3: shapes and the name, so that it needs no font but PDF's own."""
    target = io.BytesIO()
    width, height = A3
    canvas = Canvas(target, pagesize=A3, invariant=1)
    canvas.setTitle("Larkfield Bank")
    canvas.setFillColor(SAND)
    canvas.rect(0, 0, width, height, stroke=0, fill=1)
    canvas.setFillColor(SUN)
    canvas.circle(width * 0.7, height * 0.68, 130, stroke=0, fill=1)
    canvas.setFillColor(LEAF)
    canvas.ellipse(width * 0.2, -height * 0.25, width * 1.4, height * 0.42, stroke=0, fill=1)
    canvas.setFillColor(BRAND)
    canvas.ellipse(-width * 0.5, -height * 0.3, width * 0.75, height * 0.32, stroke=0, fill=1)
    canvas.setFont("Helvetica-Bold", 74)
    canvas.drawString(60, height - 130, "Larkfield")
    canvas.setFont("Helvetica", 40)
    canvas.drawString(60, height - 190, "2.10 %")
    canvas.showPage()
    canvas.save()
    return target.getvalue()
