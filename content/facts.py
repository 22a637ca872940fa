"""What a hunk of an asset touches: pure, from the two documents."""

from collections.abc import Sequence
from typing import Any

from cjops.core.subjects import HunkFacts
from cjops.documents import Document, Hunk

# The channel a kind of asset is sent on, by key.
CHANNEL_OF_KIND = {"email": "email", "sms": "sms", "push": "push"}


def facts(before: Document, after: Document, hunks: Sequence[Hunk]) -> list[HunkFacts]:
    """The asset's channel for each hunk, since whatever changes is what customers receive there."""
    kinds = {document["kind"] for document in (before, after) if document.get("kind")}
    channels = frozenset(CHANNEL_OF_KIND[kind] for kind in kinds)
    tags = _tags(before, after)
    return [
        HunkFacts(
            hunk=hunk,
            channels=channels,
            kinds=kinds_of(hunk),
            tags=tags,
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
    """A rendition's key is its language."""
    return frozenset({hunk.key} if hunk.element == "renditions" and hunk.op == op else ())


def kinds_of(hunk: Hunk) -> frozenset[str]:
    """Renditions are content; the header is tags and metadata."""
    if hunk.element:
        return frozenset({"content"})
    about = {change.field[0] for change in hunk.changes}
    kinds = {"tags" if name == "tags" else "metadata" for name in about if name != "renditions"}
    return frozenset(kinds | ({"content"} if about & {"renditions", "kind"} else set()))
