"""Carrying changes onto a document, and turning them round."""

from collections.abc import Iterable
from typing import Any

from cjops.documents.errors import DoesNotApply, MalformedChange
from cjops.documents.model import (
    MISSING,
    Change,
    Document,
    Element,
    Op,
    index,
    is_collection,
    normalise,
    place,
    same,
)
from cjops.documents.paths import NotAnObject, read, write

_INVERSE: dict[Op, Op] = {"add": "remove", "remove": "add", "edit": "edit", "move": "move"}


def apply(base: Document, changes: Iterable[Change]) -> Document:
    """Return the document that changes lead to, in order (see `normalise`).

    Raises DoesNotApply where `base` does not hold what a change says was there before,
    MalformedChange for a change that makes no sense, and whatever `normalise` raises.
    """
    target = _Target(normalise(base))
    for change in changes:
        target.carry(change)
    return target.close()


def invert(changes: Iterable[Change]) -> list[Change]:
    """Return the way back: the opposite of each change, the last one first."""
    return [
        Change(
            _INVERSE[change.op],
            change.element,
            change.key,
            change.field,
            before=change.after,
            after=change.before,
        )
        for change in reversed(list(changes))
    ]


class _Target:
    """A document under way; the collections that changes touch are open by key."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.open: dict[str, dict[str, Element]] = {}

    def carry(self, change: Change) -> None:
        if change.op in ("add", "remove"):
            self._carry_element(change)
        elif not change.field:
            raise MalformedChange("An edit names the field it changes.")
        elif change.element:
            self._carry_field(change)
        else:
            if change.field[0] in self.open:
                self._close(change.field[0])
            self.document = _with_field(self.document, change)

    def close(self) -> Document:
        for name in list(self.open):
            self._close(name)
        return normalise(self.document)

    def _close(self, name: str) -> None:
        elements = list(self.open[name].values())
        if elements and not is_collection(elements):
            raise MalformedChange(f"A change takes key or rank from an element of “{name}”.")
        self.document = {**self.document, name: sorted(elements, key=place)}
        del self.open[name]

    def _elements(self, change: Change) -> dict[str, Element]:
        name = change.element
        if name not in self.open:
            found = self.document.get(name, MISSING)
            if found != [] and not is_collection(found):
                raise DoesNotApply(name, change.key, (), change.before, MISSING)
            self.open[name] = index(name, found)
        return self.open[name]

    def _carry_element(self, change: Change) -> None:
        if not change.element or change.field:
            raise MalformedChange("Only whole elements of a collection are added and removed.")
        if (change.op == "add") != (change.before is MISSING) or (change.op == "remove") != (
            change.after is MISSING
        ):
            raise MalformedChange(f"What is before and after does not fit “{change.op}”.")
        elements = self._elements(change)
        _expect(change, elements.get(change.key, MISSING))
        if change.op == "remove":
            del elements[change.key]
        elif is_collection([change.after]) and change.after["key"] == change.key:
            elements[change.key] = change.after
        else:
            raise MalformedChange("An added element carries its key and a rank.")

    def _carry_field(self, change: Change) -> None:
        if change.field[0] == "key":
            raise MalformedChange("The key of an element never changes.")
        elements = self._elements(change)
        if change.key not in elements:
            raise DoesNotApply(change.element, change.key, change.field, change.before, MISSING)
        elements[change.key] = _with_field(elements[change.key], change)


def _with_field(target: dict[str, Any], change: Change) -> dict[str, Any]:
    try:
        _expect(change, read(target, change.field))
    except NotAnObject as problem:
        raise DoesNotApply(
            change.element, change.key, change.field[: problem.depth], {}, problem.found
        ) from None
    return write(target, change.field, change.after)


def _expect(change: Change, found: Any) -> None:
    if not same(change.before, found):
        raise DoesNotApply(change.element, change.key, change.field, change.before, found)
