"""What somebody suggests to the author of a change: read from the suggestion and the documents."""

from typing import Any

from cjops.documents import Hunk, diff, edit, hunks, is_collection
from governance.models import Suggestion
from governance.proposals import Document
from governance.subjects import adapter_for

# The place of an element among its like is not what a suggestion is about.
NOT_SUGGESTED = frozenset({"key", "rank"})


def element_of(kind: str, document: Document, element: str, key: str) -> Document | None:
    """An element of a document; with no `element` its header. None where it is not there."""
    if not element:
        collections = adapter_for(kind).nothing
        return {
            name: value
            for name, value in document.items()
            if name not in collections and not is_collection(value)
        }
    items = document.get(element)
    if not isinstance(items, list) or not is_collection(items):
        return None
    return next((item for item in items if item["key"] == key), None)


def wanted_fields(before: Document, after: Document) -> Document:
    """The fields of an element that read differently, with their new values."""
    return {
        name: value
        for name, value in after.items()
        if name not in NOT_SUGGESTED and (name not in before or before[name] != value)
    }


def is_outdated(suggestion: Suggestion, kind: str, document: Document) -> bool:
    """Whether the element is no longer what the suggestion was written on."""
    now = element_of(kind, document, suggestion.element, suggestion.key)
    return now is None or _plain(now) != _plain(_before(suggestion))


def _before(suggestion: Suggestion) -> Document:
    found: Document = suggestion.before or {}
    return found


def _plain(element: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in element.items() if name not in NOT_SUGGESTED}


def sides_of(suggestion: Suggestion, kind: str) -> tuple[Document, Document]:
    """Two documents of the kind that hold the element alone: as it was found, as suggested."""
    nothing = adapter_for(kind).nothing
    if suggestion.element:
        before = {**nothing, suggestion.element: [_before(suggestion)]}
    else:
        before = {**nothing, **_before(suggestion)}
    return before, edit(before, suggestion.edits)


def hunk_of(suggestion: Suggestion, kind: str) -> Hunk:
    """The suggestion as a hunk: its fields before and after."""
    return hunks(diff(*sides_of(suggestion, kind)))[0]
