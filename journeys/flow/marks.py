"""What two versions of a journey have between them: which station and which line changed how."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from cjops.documents import MISSING, Document, diff, hunks

Mark = Literal["", "add", "edit", "move", "remove"]
Element = Mapping[str, Any]


@dataclass(slots=True)
class Marked:
    """An element of either version, how it is marked, and what it was before."""

    element: Element
    mark: Mark = ""
    was: Element | None = None


@dataclass(slots=True)
class Overlay:
    """The elements of both versions, in order, by collection."""

    entries: list[Marked] = field(default_factory=list)
    steps: list[Marked] = field(default_factory=list)
    transitions: list[Marked] = field(default_factory=list)


def overlay(document: Document, before: Document | None) -> Overlay:
    """Lay `document` over `before`; without one nothing is marked.

    What was removed is kept, at its old place. A path that now starts or ends elsewhere is there
    twice: removed as it was, changed as it is.
    """
    marks: dict[tuple[str, str], Mark] = {}
    moved_ends: set[str] = set()
    if before is not None:
        for hunk in hunks(diff(before, document)):
            marks[hunk.element, hunk.key] = hunk.op
            if hunk.element == "transitions" and any(
                change.field[:1] in {("source",), ("target",)} for change in hunk.changes
            ):
                moved_ends.add(hunk.key)
    result = Overlay()
    for name in ("entries", "steps", "transitions"):
        old = {one["key"]: one for one in before[name]} if before is not None else {}
        new = {one["key"]: one for one in document[name]}
        marked = [Marked(one, marks.get((name, key), ""), old.get(key)) for key, one in new.items()]
        marked += [Marked(one, "remove", one) for key, one in old.items() if key not in new]
        if name == "transitions":
            marked += [Marked(old[key], "remove", old[key]) for key in moved_ends if key in old]
        marked.sort(key=lambda one: (one.element["rank"], one.element["key"], one.mark == "remove"))
        setattr(result, name, marked)
    return result


def before_value(marked: Marked, name: str) -> Any:
    """What the field was, where the element was edited and the field changed; else MISSING."""
    if marked.mark != "edit" or marked.was is None:
        return MISSING
    was = marked.was.get(name)
    return was if was != marked.element.get(name) else MISSING
