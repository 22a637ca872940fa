"""Pictures that are none, or more than one: built here, so that everybody sees what is in them."""

import io
import struct
import zipfile
import zlib
from functools import cache
from typing import Any

from PIL import Image

SCRIPT = b"<script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">' + SCRIPT + b"</svg>"
CANARY = b"CANARY-6f1c"


def saved(kind: str, size: tuple[int, int] = (12, 8), **options: Any) -> bytes:
    """A small honest picture: red at the left, blue at the right."""
    picture = Image.new("RGB", size, "red")
    picture.paste("blue", (size[0] // 2, 0, size[0], size[1]))
    target = io.BytesIO()
    picture.save(target, kind, **options)
    return target.getvalue()


def noise(kind: str, side: int) -> bytes:
    """A square that no program packs well."""
    target = io.BytesIO()
    Image.effect_noise((side, side), 80).convert("RGB").save(target, kind)
    return target.getvalue()


def animated(kind: str, frames: int, size: tuple[int, int] = (4, 3)) -> bytes:
    """One that moves, each frame in a colour of its own."""
    first, *rest = (
        Image.new("RGB", size, (n * 97 % 256, n * 57 % 256, n // 256)) for n in range(frames)
    )
    target = io.BytesIO()
    # What is lossy takes frames that look alike for one.
    options: dict[str, Any] = {"lossless": True} if kind == "WEBP" else {}
    first.save(target, kind, save_all=True, append_images=rest, duration=40, loop=0, **options)
    return target.getvalue()


def chunk(name: bytes, data: bytes) -> bytes:
    """A part of a PNG."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def with_chunk(name: bytes, data: bytes) -> bytes:
    """A PNG with another part after its header."""
    png = saved("PNG")
    return png[:33] + chunk(name, data) + png[33:]


def huge_png(width: int, height: int) -> bytes:
    """A PNG of some hundred bytes that says it is that large."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    rows = chunk(b"IDAT", zlib.compress(bytes(64 * 1024), 9))
    return b"\x89PNG\r\n\x1a\n" + header + rows + chunk(b"IEND", b"")


def huge_gif(width: int, height: int, frame: tuple[int, int] = (1, 1)) -> bytes:
    """A GIF with that screen and one frame, perhaps larger than the screen."""
    screen = struct.pack("<HHBBB", width, height, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    descriptor = b"," + struct.pack("<HHHHB", 0, 0, *frame, 0)
    return b"GIF89a" + screen + descriptor + b"\x02\x02\x4c\x01\x00;"


def huge_webp(width: int, height: int) -> bytes:
    """A WebP whose canvas says that it is that large."""
    canvas = bytes(4) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<I", len(canvas)) + canvas + saved("WEBP")[12:]
    return b"RIFF" + struct.pack("<I", len(body)) + body


def huge_jpeg(width: int, height: int) -> bytes:
    """A JPEG whose frame header says that it is that large."""
    data = bytearray(saved("JPEG"))
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def painted_over(times: int) -> bytes:
    """A JPEG of some kilobytes that is to be painted so many times."""
    target = io.BytesIO()
    Image.new("L", (4_000, 4_000), 128).save(target, "JPEG", progressive=True)
    data = target.getvalue()
    return data[:-2] + data[data.rindex(b"\xff\xda") : -2] * times + data[-2:]


def zipped() -> bytes:
    """An archive that would write outside of its folder."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("../../" + CANARY.decode(), CANARY)
    return target.getvalue()


def with_exif(kind: str = "JPEG", orientation: int = 6) -> bytes:
    """A picture of a telephone held upright: where it was taken, by whom, and a word about it."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = exif[0x013B] = exif[0x010E] = CANARY.decode()
    place = exif.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "N", (22.0, 17.0, 7.5), "E", (114.0, 9.0, 33.2)
    place[29] = CANARY.decode()
    said = {"comment": CANARY} if kind == "JPEG" else {}
    return saved(kind, exif=exif, **said)


# A polyglot is a picture and something else: the picture stays, the rest has to be gone.
POLYGLOTS = {
    "gif-and-script": b"GIF89a" + saved("GIF")[6:] + b"=1;alert(1);//" + SCRIPT,
    "gif-comment-script": saved("GIF", comment=b"*/=1;alert(1);" + SCRIPT),
    "jpeg-and-zip": saved("JPEG") + zipped(),
    "jpeg-comment-php": saved("JPEG", comment=b"<?php system($_GET[0]); ?>" + SCRIPT),
    "jpeg-two-pictures": saved("JPEG") + saved("JPEG", comment=CANARY),
    "png-and-html": saved("PNG") + b"<html><body>" + SCRIPT,
    "png-text-html": with_chunk(b"tEXt", b"Title\0<html>" + SCRIPT),
    "png-unknown-chunk": with_chunk(b"caNv", SCRIPT + CANARY),
    "png-and-pdf": saved("PNG") + b"%PDF-1.7\n1 0 obj<</JS(app.alert(1))>>",
    "webp-and-zip": saved("WEBP") + zipped(),
    "webp-xmp": saved("WEBP", xmp=SCRIPT + CANARY),
    "exif-jpeg": with_exif("JPEG"),
    "exif-png": with_exif("PNG"),
    "exif-webp": with_exif("WEBP"),
    "png-profile-that-is-none": with_chunk(b"iCCP", b"x\0\0" + zlib.compress(CANARY * 50)),
}
HARM = (SCRIPT, CANARY, b"alert(1)", b"<html", b"<?php", b"%PDF", b"PK\x03\x04", b"Exif", b"GPS",
        b"iCCP", b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"ICC_PROFILE", b"XMP")  # fmt: skip


@cache
def no_pictures() -> dict[str, bytes]:
    """What is no picture of the four kinds, whatever it is called."""
    return {
        "empty": b"",
        "one-byte": b"\x89",
        "blanks": b" " * 500,
        "svg": SVG,
        "svg-with-xml": b'<?xml version="1.0"?>' + SVG,
        "svg-after-blanks": b"\n\n  " + SVG,
        "svgz": zlib.compress(SVG),
        "html": b"<!doctype html>" + SCRIPT,
        "html-before-png": SCRIPT + saved("PNG"),
        "pdf": b"%PDF-1.7\n1 0 obj<</OpenAction<</JS(app.alert(1))>>>>endobj",
        "zip": zipped(),
        "zip-before-png": zipped() + saved("PNG"),
        "eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/etc/passwd) (r) file\n",
        "eps-for-dos": struct.pack("<IIIII", 0xC6D3D0C5, 32, 10, 0, 0) + bytes(12) + b"%!PS-Adobe-",
        "tiff": saved("TIFF"),
        "bmp": saved("BMP"),
        "ico": saved("ICO"),
        "ppm": saved("PPM"),
        "tga": saved("TGA"),
        "pcx": saved("PCX"),
        "dds": saved("DDS"),
        "jpeg-2000": saved("JPEG2000"),
        "avif": b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf",
        "heic": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
        "psd": b"8BPS\0\1" + bytes(6) + struct.pack(">HIIHH", 3, 8, 8, 8, 3) + bytes(40),
        "wmf": b"\xd7\xcd\xc6\x9a" + bytes(60),
        "fli": struct.pack("<IHHHHHH", 128, 0xAF11, 1, 8, 8, 8, 3) + bytes(120),
        "mp4": b"\0\0\0\x20ftypisom" + bytes(60),
        "elf": b"\x7fELF\2\1\1" + bytes(60),
        "shell": b"#!/bin/sh\nrm -rf /\n",
        "phar": b"<?php __HALT_COMPILER(); ?>" + bytes(40),
    }


@cache
def damaged() -> dict[str, bytes]:
    """What begins as a picture and is none, or not a whole one."""
    found = {}
    for kind in ("PNG", "JPEG", "GIF", "WEBP"):
        whole = noise(kind, 80)
        found[f"half-{kind}"] = whole[: len(whole) // 2]
        found[f"start-{kind}"] = whole[:20]
    magic = {"png": b"\x89PNG\r\n\x1a\n", "jpeg": b"\xff\xd8\xff\xe0", "gif": b"GIF89a",
             "webp": b"RIFF\x24\0\0\0WEBPVP8 "}  # fmt: skip
    found |= {f"{kind}-then-html": start + b"<html>" + SCRIPT for kind, start in magic.items()}
    found |= {f"{kind}-then-nothing": start for kind, start in magic.items()}
    found["png-without-size"] = huge_png(0, 0)
    found["png-without-rows"] = huge_png(40, 40)[:33] + chunk(b"IEND", b"")
    found["webp-wrong-length"] = b"RIFF\xff\xff\xff\xffWEBPVP8 \xff\xff\xff\xff" + bytes(40)
    found["jpeg-of-markers"] = b"\xff\xd8" + b"\xff\xe1\x00\x02" * 5_000
    found["gif-of-blocks"] = huge_gif(9, 9)[:19] + b"!\xfe" + b"\x01a" * 20_000
    return found


@cache
def bombs() -> dict[str, bytes]:
    """What is small and would become large."""
    text = b"Comment\0\0" + zlib.compress(bytes(60_000_000), 9)
    return {
        "png-huge": huge_png(60_000, 60_000),
        "png-largest": huge_png(2**31 - 1, 2**31 - 1),
        "png-long": huge_png(1, 100_000_000),
        "png-just-too-large": huge_png(5_001, 5_001),
        "gif-huge-screen": huge_gif(65_535, 65_535),
        "gif-huge-frame": huge_gif(1, 1, (65_535, 65_535)),
        "webp-huge": huge_webp(16_383, 16_383),
        "jpeg-huge": huge_jpeg(65_500, 65_500),
        "jpeg-of-scans": painted_over(5_000),
        "many-frames-gif": animated("GIF", 400),
        "many-frames-webp": animated("WEBP", 400),
        "many-frames-png": animated("PNG", 400),
        "large-frames-gif": animated("GIF", 30, (1_000, 1_000)),
        "ztxt-bomb": with_chunk(b"zTXt", text),
        "itxt-bomb": with_chunk(
            b"iTXt", b"Comment\0\1\0\0\0" + zlib.compress(bytes(60_000_000), 9)
        ),
    }
