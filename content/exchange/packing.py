"""An asset as a zip: each rendition as HTML and as text, its pictures, and a manifest of it all."""

import io
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import orjson

from cjops.documents import Document
from content.definition import said
from content.exchange.reading import FORMAT, MANIFEST, with_addresses
from content.kinds import KINDS
from content.mjml import DoesNotCompile, compile_mjml

# The earliest that a zip can say: the same content gives the same bytes.
NO_TIME = (1980, 1, 1, 0, 0, 0)
FOLDER = "pictures"


def packed(
    document: Document, about: Mapping[str, Any], pictures: Mapping[str, tuple[str, bytes]]
) -> bytes:
    """The zip. `about` goes into the manifest: key, version, digest. `pictures` gives, by the
    address that bodies name it by, a file's name and its bytes."""
    paths = _paths(pictures)
    files = {paths[address]: data for address, (_name, data) in pictures.items()}
    relative = with_addresses(document, {one: f"../{path}" for one, path in paths.items()})
    for rendition in relative["renditions"]:
        files |= _rendition(document["kind"], rendition)
    manifest = {"format": FORMAT, **about, "document": document, "pictures": paths}
    files[MANIFEST] = orjson.dumps(manifest, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for path in sorted(files):
            entry = zipfile.ZipInfo(path, NO_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[path])
    return target.getvalue()


def _paths(pictures: Mapping[str, tuple[str, bytes]]) -> dict[str, str]:
    """A path in the zip for each picture; names that several have are numbered."""
    paths: dict[str, str] = {}
    taken: set[str] = set()
    for address, (name, _data) in sorted(pictures.items()):
        stem, dot, ending = name.rpartition(".")
        path, count = f"{FOLDER}/{name}", 1
        while path.casefold() in taken:
            count += 1
            path = f"{FOLDER}/{stem}-{count}{dot}{ending}"
        taken.add(path.casefold())
        paths[address] = path
    return paths


def _rendition(kind: str, rendition: Document) -> dict[str, bytes]:
    """The files of one rendition, in a folder that is called like its key."""
    folder = rendition["key"]
    written = {one.name: said(rendition, one.name) for one in KINDS[kind].written}
    files = {f"{folder}/fields.json": orjson.dumps(written, option=orjson.OPT_INDENT_2)}
    if text := written.get("text"):
        files[f"{folder}/message.txt"] = str(text).encode()
    body = str(written.get("body") or "")
    if not body:
        return files
    if kind != "email":
        files[f"{folder}/message.md"] = body.encode()
    elif rendition["format"] == "mjml":
        files[f"{folder}/message.mjml"] = body.encode()
        # What does not compile goes out as it is written, and no other way.
        with suppress(DoesNotCompile):
            files[f"{folder}/message.html"] = compile_mjml(body).html.encode()
    else:
        files[f"{folder}/message.html"] = body.encode()
    return files
