"""What two versions of a journey have between them: which station and which line changed how."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from cjops.documents import MISSING, Document
from journeys.marks import Mark, marks_between

Element = Mapping[str, Any]
Side = Literal["both", "before", "after"]

__all__ = ["Mark", "Marked", "Overlay", "Side", "before_value", "overlay"]


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


def overlay(document: Document, before: Document | None, side: Side = "both") -> Overlay:
    """Lay `document` over `before`; without one nothing is marked.

    What was removed is kept, at its old place. A path that now starts or ends elsewhere is there
    twice: removed as it was, rewired as it is. Of one `side` alone only that document is shown,
    with the same marks on it.
    """
    marks = marks_between(before, document) if before is not None else {}
    result = Overlay()
    for name in ("entries", "steps", "transitions"):
        old = {one["key"]: one for one in before[name]} if before is not None else {}
        new = {one["key"]: one for one in document[name]}
        if side == "both":
            marked = _both(name, old, new, marks)
        else:
            shown = old if side == "before" else new
            marked = [Marked(one, marks.get((name, key), "")) for key, one in shown.items()]
        marked.sort(key=lambda one: (one.element["rank"], one.element["key"], one.mark == "remove"))
        setattr(result, name, marked)
    return result


def _both(
    name: str,
    old: Mapping[str, Element],
    new: Mapping[str, Element],
    marks: Mapping[tuple[str, str], Mark],
) -> list[Marked]:
    marked = [Marked(one, marks.get((name, key), ""), old.get(key)) for key, one in new.items()]
    marked += [Marked(one, "remove", one) for key, one in old.items() if key not in new]
    if name == "transitions":
        marked += [
            Marked(old[key], "remove", old[key])
            for key in new
            if marks.get((name, key)) == "rewire"
        ]
    return marked


def before_value(marked: Marked, name: str) -> Any:
    """What the field was, where the element is there still and the field changed; else MISSING."""
    if marked.mark in ("", "add", "remove") or marked.was is None:
        return MISSING
    was = marked.was.get(name)
    return was if was != marked.element.get(name) else MISSING
