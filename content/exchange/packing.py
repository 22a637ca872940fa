"""An asset as a zip: each rendition as HTML and as text, its files, and a manifest of it all."""

import shutil
import zipfile
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Any

import orjson

from cjops.documents import Document
from content.definition import said
from content.exchange.addressing import restored
from content.exchange.reading import FORMAT, MANIFEST
from content.kinds import KINDS
from content.mjml import DoesNotCompile, compile_mjml
from content.reading import words_of

# The earliest that a zip can say: the same content gives the same bytes.
NO_TIME = (1980, 1, 1, 0, 0, 0)
FOLDER = "pictures"
CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Missing:
    """A file that the content shows and that did not come along: its hash, its name where it is
    known, and the keys of the renditions that show it."""

    file: str
    name: str
    renditions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Files:
    """The files of a version: what each is called, by its hash, how to open one, and which
    renditions show which, whether or not there is such a file. `opened` raises
    `FileNotFoundError` for one that is lost."""

    names: Mapping[str, str]
    opened: Callable[[str], IO[bytes]]
    shown: Mapping[str, tuple[str, ...]]


def pack(
    target: IO[bytes], document: Document, about: Mapping[str, Any], files: Files
) -> tuple[Missing, ...]:
    """Write the zip to `target`; what could not be put in. One file at a time is in memory at most.

    `about` goes into the manifest: key, version, digest.
    """
    paths = _paths(files.names)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        # First, since the manifest says which of them are lost.
        lost = {
            digest for digest in sorted(paths) if not _copied(archive, files, digest, paths[digest])
        }
        missing = tuple(
            Missing(digest, files.names.get(digest, ""), keys)
            for digest, keys in sorted(files.shown.items())
            if digest in lost or digest not in paths
        )
        there = {digest: path for digest, path in paths.items() if digest not in lost}
        manifest = {
            "format": FORMAT,
            **about,
            "document": document,
            "pictures": there,
            "missing": [
                {"file": one.file, "name": one.name, "renditions": one.renditions}
                for one in missing
            ],
        }
        options = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS
        archive.writestr(_entry(MANIFEST), orjson.dumps(manifest, option=options))
        for rendition in document["renditions"]:
            for path, data in _rendition(document["kind"], rendition, there):
                archive.writestr(_entry(path), data)
    return missing


def _entry(path: str, packing: int = zipfile.ZIP_DEFLATED) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(path, NO_TIME)
    entry.compress_type = packing
    entry.external_attr = 0o644 << 16
    return entry


def _copied(archive: zipfile.ZipFile, files: Files, digest: str, path: str) -> bool:
    """Put one file in, as it is: pictures are packed already. False where it is lost."""
    try:
        file = files.opened(digest)
    except FileNotFoundError:
        return False
    with file, archive.open(_entry(path, zipfile.ZIP_STORED), "w") as inside:
        shutil.copyfileobj(file, inside, CHUNK)
    return True


def _paths(names: Mapping[str, str]) -> dict[str, str]:
    """A path in the zip for each file; names that several have are numbered."""
    paths: dict[str, str] = {}
    taken: set[str] = set()
    for digest, name in sorted(names.items()):
        stem, dot, ending = name.rpartition(".")
        path, count = f"{FOLDER}/{name}", 1
        while path.casefold() in taken:
            count += 1
            path = f"{FOLDER}/{stem}-{count}{dot}{ending}"
        taken.add(path.casefold())
        paths[digest] = path
    return paths


def _rendition(
    kind: str, rendition: Document, paths: Mapping[str, str]
) -> Iterable[tuple[str, bytes]]:
    """The files of one rendition, in a folder that is called like its key."""
    folder = rendition["key"]
    written = {one.name: said(rendition, one.name) for one in KINDS[kind].written}
    body = restored(
        str(written.get("body") or ""), {one: f"../{at}" for one, at in paths.items()}.get
    )
    if "body" in written:
        written["body"] = body
    placed = {
        place: {**one, "file": paths.get(one["file"] or "", "")}
        for place, one in said(rendition, "files").items()
    }
    fields = {**written, "files": placed} if placed else written
    yield f"{folder}/fields.json", orjson.dumps(fields, option=orjson.OPT_INDENT_2)
    text = str(written.get("text") or "")
    if kind == "email":
        source, shown = _mail(rendition["format"], body)
        text = text or words_of(shown)
        if source:
            yield f"{folder}/message.mjml", source.encode()
        if shown:
            yield f"{folder}/message.html", shown.encode()
    elif body:
        yield f"{folder}/message.md", body.encode()
    if text:
        yield f"{folder}/message.txt", text.encode()


def _mail(format_: str, body: str) -> tuple[str, str]:
    """The MJML of an e-mail, if it is such, and its HTML."""
    if format_ != "mjml" or not body:
        return "", body
    # What does not compile goes out as it is written, and no other way.
    with suppress(DoesNotCompile):
        return body, compile_mjml(body).html
    return body, ""
