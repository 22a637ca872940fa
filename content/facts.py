"""What a hunk of an asset touches: pure, from the two documents."""

from collections.abc import Sequence
from typing import Any

from cjops.core.subjects import HunkFacts
from cjops.documents import Document, Hunk
from content.definition import language_of, said
from content.kinds import KINDS


def channel_key(document: Document) -> str:
    """The key of the channel the asset is sent on; "" of one that has no kind yet."""
    kind = document.get("kind")
    return str(said(document, "channel") or KINDS[kind].channels[0]) if kind else ""


def facts(before: Document, after: Document, hunks: Sequence[Hunk]) -> list[HunkFacts]:
    """The asset's channel for each hunk, since whatever changes is what customers receive there."""
    channels = frozenset({channel_key(before), channel_key(after)} - {""})
    tags = _tags(before, after)
    spoken = {
        one["key"]: language_of(one)
        for document in (before, after)
        for one in document.get("renditions") or ()
    }
    return [
        HunkFacts(
            hunk=hunk,
            channels=channels,
            kinds=kinds_of(hunk),
            tags=tags,
            languages=frozenset({spoken[hunk.key]} if hunk.element == "renditions" else ()),
            languages_added=_language(hunk, "add"),
            languages_missing=_language(hunk, "remove"),
        )
        for hunk in hunks
    ]


def whole(before: Document, after: Document) -> dict[str, Any]:
    """The tags of the asset, which are those of all it holds."""
    return {"journey_tags": _tags(before, after)}


def _tags(before: Document, after: Document) -> frozenset[str]:
    return frozenset(tag for document in (before, after) for tag in document.get("tags") or ())


def _language(hunk: Hunk, op: str) -> frozenset[str]:
    """The language of a rendition that comes or goes; a variant brings none."""
    if hunk.element != "renditions" or hunk.op != op:
        return frozenset()
    rendition = hunk.changes[0].after if op == "add" else hunk.changes[0].before
    return frozenset() if said(rendition, "variant") else frozenset({language_of(rendition)})


def kinds_of(hunk: Hunk) -> frozenset[str]:
    """Renditions are content; the header is tags and metadata."""
    if hunk.element:
        return frozenset({"content"})
    about = {change.field[0] for change in hunk.changes}
    kinds = {"tags" if name == "tags" else "metadata" for name in about if name != "renditions"}
    return frozenset(kinds | ({"content"} if about & {"renditions", "kind"} else set()))
