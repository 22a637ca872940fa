"""The pictures of a rendition with their words, and which of them a change replaces."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from cjops.documents import Document
from content.definition import said
from content.passages import Passage
from content.pieces import nodes
from content.preview import reviewing
from content.preview.embedding import stand_in, stored_in

# More pictures than that nobody compares on one page.
MOST_COMPARED = 40


@dataclass(frozen=True, slots=True)
class Pictured:
    """A stored picture or PDF and the words that stand for it. `place` is "" in the message."""

    place: str
    sha256: str
    alt: str

    @property
    def passage(self) -> str:
        """What a comment on it is anchored to: another file in its place has another name."""
        return hashlib.sha256(f"{self.place}\n{self.sha256}".encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Replaced:
    """A place whose picture, or its words, a change touches. `number` counts in the message."""

    place: str
    before: Pictured | None
    after: Pictured | None
    number: int = 0


def in_places(rendition: Document) -> dict[str, Pictured]:
    """The files of a rendition by their place."""
    return {
        place: Pictured(place, one["file"], one.get("alt", ""))
        for place, one in said(rendition, "files").items()
        if one.get("file")
    }


def spoken_about(rendition: Document) -> list[Passage]:
    """The files of a rendition, to which comments can be anchored as to sentences."""
    return [Passage(one.passage, one.alt or one.place) for one in in_places(rendition).values()]


def replaced(before: Document | None, after: Document | None, key: str) -> list[Replaced]:
    """What differs between two documents in the pictures of one rendition.

    In a place for files also what comes and goes; in a message, which shows that itself, what
    stands where another picture stood.
    """
    old, new = _rendition(before, key), _rendition(after, key)
    found = [*_of_places(old, new), *_of_message(before, after, key, old, new)]
    return found[:MOST_COMPARED]


def _rendition(document: Document | None, key: str) -> Document:
    renditions = document["renditions"] if document else ()
    return next((one for one in renditions if one["key"] == key), {"body": ""})


def _of_places(old: Document, new: Document) -> Iterator[Replaced]:
    was, will_be = in_places(old), in_places(new)
    for place in sorted(was.keys() | will_be.keys()):
        before, after = was.get(place), will_be.get(place)
        if before != after:
            yield Replaced(place, before, after)


def _of_message(
    before: Document | None, after: Document | None, key: str, old: Document, new: Document
) -> Iterator[Replaced]:
    """Drawing a message takes a while, so it is done only where stored pictures are about."""
    if before is None or after is None or old["body"] == new["body"]:
        return
    if not (stored_in(old["body"]) and stored_in(new["body"])):
        return
    was, will_be = (_shown(before, key, old), _shown(after, key, new))
    matcher = SequenceMatcher(None, was, will_be, autojunk=False)
    for kind, start, stop, first, last in matcher.get_opcodes():
        if kind != "replace":
            continue
        for at, there in zip(range(start, stop), range(first, last), strict=False):
            yield Replaced("", was[at], will_be[there], there + 1)


def _shown(document: Document, key: str, rendition: Document) -> Sequence[Pictured]:
    """The stored pictures of a message in the order in which it shows them."""
    stored = {stand_in(sha256): sha256 for sha256 in stored_in(rendition["body"])}
    sources = (
        node.text.partition("\n")
        for node in nodes(reviewing.message(document, key))
        if node.kind == "picture"
    )
    return [Pictured("", stored[src], alt) for src, _between, alt in sources if src in stored]
