"""By which addresses content names its pictures, and how it gets others."""

import html
import re
from collections.abc import Callable, Iterator, Mapping

from cjops.documents import Document
from content.definition import said
from content.markup import attributes, tokens
from content.preview.embedding import STORED

# Longer ones are no addresses that a browser or a mailbox would fetch.
LONGEST = 2_000
_CSS_ADDRESS = re.compile(
    r"""url\(\s*+(?:"([^"]{1,2000}+)"|'([^']{1,2000}+)'|([^"'()\s]{1,2000}+))\s*+\)""",
    re.IGNORECASE,
)
_OPENING = re.compile(r"""["'(]""")
_CLOSING = {'"': '"', "'": "'", "(": ")"}
_DIGEST = re.compile(r"[0-9a-f]{64}")


def addresses_of(body: str) -> list[str]:
    """Where pictures come from, each once: in tags, and in what styles them."""
    found: dict[str, None] = {}
    for token in tokens(body):
        if token.kind == "raw":
            found |= dict.fromkeys(_in_styles(token.value))
        elif token.kind == "open":
            given = attributes(token.value)
            names = ("src", "background", "background-url")
            found |= dict.fromkeys(given[name].strip() for name in names if given.get(name))
            found |= dict.fromkeys(_in_styles(given.get("style", "")))
    return [one for one in found if one and len(one) <= LONGEST and not one.startswith("data:")]


def _in_styles(text: str) -> Iterator[str]:
    for found in _CSS_ADDRESS.finditer(text):
        yield next(one for one in found.groups() if one is not None).strip()


def readdressed(body: str, addresses: Mapping[str, str]) -> str:
    """The body with other addresses for its pictures, wherever one stands between quotes or
    brackets. One walk through the body, however many addresses there are."""
    new = dict(addresses) | {html.escape(old): at for old, at in addresses.items()}
    if not new:
        return body
    parts, done = [], 0
    for opening in _OPENING.finditer(body):
        start = opening.end()
        if start <= done:
            continue
        end = body.find(_CLOSING[opening.group()], start, start + 2 * LONGEST)
        written = body[start:end] if end > start else ""
        address = new.get(written.strip())
        if address is not None:
            parts += [body[done:start], written.replace(written.strip(), address)]
            done = end
    return "".join([*parts, body[done:]])


def digest_in(text: object) -> str:
    """The hash of the stored file that a text is, or is the address of; "" for any other."""
    if not isinstance(text, str):
        return ""
    found = STORED.fullmatch(text)
    if found:
        return found.group(1)
    return text if _DIGEST.fullmatch(text) else ""


def restored(body: str, address: Callable[[str], str | None]) -> str:
    """The body with what `address` says of each stored file, by its hash; None leaves it."""
    return STORED.sub(lambda found: address(found.group(1)) or found.group(), body)


def moved(document: Document, key: str, files: Mapping[str, str]) -> Document:
    """The document as that of the asset `key`, which has these files; `files` says the hash of
    each by what the document calls it: an address in bodies, or the hash of before."""
    here = {name: f"/content/{key}/pictures/{digest}/" for name, digest in files.items()}
    addresses = {name: at for name, at in here.items() if not digest_in(name)}
    return {
        **document,
        "renditions": [
            {
                **one,
                "body": restored(readdressed(one["body"], addresses), here.get),
                **_placed(one, files),
            }
            for one in document["renditions"]
        ],
    }


def _placed(rendition: Document, files: Mapping[str, str]) -> Document:
    """The files in their places, as far as there are any."""
    placed = said(rendition, "files")
    if not placed:
        return {}
    return {
        "files": {
            place: {**one, "file": files.get(one["file"], one["file"])}
            for place, one in placed.items()
        }
    }


def without(document: Document, lost: frozenset[str]) -> Document:
    """The document with no file in the places of those that are lost; their words stay."""
    renditions = []
    for one in document["renditions"]:
        placed = said(one, "files")
        kept = {
            place: {**file, "file": None if file["file"] in lost else file["file"]}
            for place, file in placed.items()
        }
        renditions.append({**one, "files": kept} if placed else one)
    return {**document, "renditions": renditions}
