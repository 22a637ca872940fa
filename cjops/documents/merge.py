"""The three-way merge: two documents that grew from one, made into one again.

The unit is the field of one element; texts and lists are one value, so that what stands in a field
afterwards is what one side wrote, never half of each. Only objects are looked into.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from cjops.documents.conflicts import Conflict, ConflictKind, Reference, Resolution
from cjops.documents.diff import diff
from cjops.documents.errors import MalformedChange
from cjops.documents.model import (
    MISSING,
    RANK_FIELD,
    Change,
    Document,
    Element,
    Path,
    index,
    is_collection,
    normalise,
    place,
    same,
)
from cjops.documents.paths import NotAnObject, read, write

Place = tuple[str, str]
Side = Literal["ours", "theirs"]


@dataclass(frozen=True, slots=True)
class Merge:
    """The outcome. Where a conflict is open, `document` holds what `theirs` holds.

    `resolved` are the conflicts that a given resolution settled, with it.
    """

    document: Document
    conflicts: tuple[Conflict, ...] = ()
    resolved: tuple[tuple[Conflict, Resolution], ...] = ()


def merge(
    base: Document,
    ours: Document,
    theirs: Document,
    *,
    references: Iterable[Reference] = (),
    resolutions: Mapping[str, Resolution] | None = None,
) -> Merge:
    """Carry onto `theirs` what `ours` changed since `base`.

    `references` say which fields point at which elements; without them nothing is known to point
    anywhere. `resolutions` are by the fingerprint of the conflict they settle; those of conflicts
    that do not occur are passed over.

    Conflicts come in the order of the places in `diff(base, ours)`, pointers last. Raises what
    `diff` raises, and MalformedChange for an edited value that cannot stand at its place.
    """
    work = _Work(normalise(base), normalise(ours), normalise(theirs), resolutions or {})
    work.combine()
    work.follow(references)
    return Merge(work.out.document(), tuple(work.conflicts), tuple(work.resolved))


class _View:
    """A document whose elements are at hand by key; the outcome is one that is written to."""

    def __init__(self, document: Document) -> None:
        self.header = document
        self.open: dict[str, dict[str, Element]] = {}

    def elements(self, name: str) -> dict[str, Element]:
        if name not in self.open:
            found = self.header.get(name, [])
            self.open[name] = index(name, found) if is_collection(found) else {}
        return self.open[name]

    def get(self, name: str, key: str) -> Any:
        """The element, the header for name "", or MISSING."""
        return self.elements(name).get(key, MISSING) if name else self.header

    def value(self, name: str, key: str, path: Path) -> Any:
        """What stands in a field, or MISSING."""
        element = self.get(name, key)
        try:
            return MISSING if element is MISSING else read(element, path)
        except NotAnObject:
            return MISSING

    def put(self, name: str, key: str, value: Any) -> None:
        if value is MISSING:
            self.elements(name).pop(key, None)
        else:
            self.elements(name)[key] = value

    def set(self, name: str, key: str, path: Path, value: Any) -> None:
        try:
            if name:
                self.put(name, key, write(self.get(name, key), path, value))
            else:
                self.close(path[0])
                self.header = write(self.header, path, value)
        except NotAnObject:
            raise MalformedChange("A value cannot be put into what is not an object.") from None

    def close(self, name: str) -> None:
        elements = self.open.pop(name, None)
        if elements or (elements is not None and self.header.get(name)):
            self.header = {**self.header, name: sorted(elements.values(), key=place)}

    def document(self) -> Document:
        for name in list(self.open):
            self.close(name)
        return normalise(self.header)


class _Side(_View):
    """What one side did: its changes by place, down to the members of objects."""

    def __init__(self, base: Document, document: Document) -> None:
        super().__init__(document)
        self.changes: dict[Place, list[Change]] = {}
        for change in diff(base, document):
            where = change.element, change.key
            self.changes.setdefault(where, []).extend(members(change))

    def op(self, where: Place) -> str:
        """ "add", "remove" or "edit" of the element as a whole; "" where it stayed."""
        changes = self.changes.get(where)
        if not changes:
            return ""
        return changes[0].op if not changes[0].field else "edit"

    def gone(self, name: str) -> set[str]:
        """Keys of the elements of a collection that this side removed."""
        return {
            where[1] for where in self.changes if where[0] == name and self.op(where) == "remove"
        }


def members(change: Change) -> Iterator[Change]:
    """Members that come into an empty object, or leave one empty, are changes of their own.

    `diff` shows them as one edit of the object; then two sides that each fill another slot of an
    empty step would clash.
    """
    before, after = change.before, change.after
    if not (change.field and isinstance(before, dict) and isinstance(after, dict)):
        yield change
        return
    for name in sorted(before.keys() | after.keys()):
        yield Change(
            "edit",
            change.element,
            change.key,
            (*change.field, name),
            before.get(name, MISSING),
            after.get(name, MISSING),
        )


class _Work:
    """A merge under way; `out` begins as `theirs`."""

    def __init__(
        self,
        base: Document,
        ours: Document,
        theirs: Document,
        resolutions: Mapping[str, Resolution],
    ) -> None:
        self.base = _View(base)
        self.ours = _Side(base, ours)
        self.theirs = _Side(base, theirs)
        self.out = _View(theirs)
        self.resolutions = resolutions
        self.conflicts: list[Conflict] = []
        self.resolved: list[tuple[Conflict, Resolution]] = []

    def values(self, name: str, key: str, path: Path) -> tuple[Any, Any, Any]:
        """What stands at a place in base, ours and theirs."""
        base, ours, theirs = (
            side.value(name, key, path) if path else side.get(name, key)
            for side in (self.base, self.ours, self.theirs)
        )
        return base, ours, theirs

    # Fields and whole elements

    def combine(self) -> None:
        lists = self.lists_at_stake()
        for name in lists:
            self.settle_field("edit/edit", "", "", (name,))
        for where, changes in self.ours.changes.items():
            name, key = where
            op, other = self.ours.op(where), self.theirs.op(where)
            if name in lists:
                continue
            if not name:
                changes = [change for change in changes if change.field[0] not in lists]
            if not other:
                self.carry(changes)
            elif op == "edit" and other == "edit":
                self.combine_fields(where, changes)
            else:
                # One added or removed the element as a whole.
                self.settle_element("add/add" if op == other == "add" else "edit/remove", name, key)

    def lists_at_stake(self) -> set[str]:
        """Collections that one side took away, or made something else of, as the other edited one.

        No schema allows it; documents without one can hold anything.
        """

        def replaced(side: _Side) -> set[str]:
            return {change.field[0] for change in side.changes.get(("", ""), ())}

        def edited(side: _Side) -> set[str]:
            return {name for name, _ in side.changes}

        return (replaced(self.ours) & edited(self.theirs)) | (
            replaced(self.theirs) & edited(self.ours)
        )

    def carry(self, changes: list[Change]) -> None:
        for change in changes:
            if change.field:
                self.out.set(change.element, change.key, change.field, change.after)
            else:
                self.out.put(change.element, change.key, change.after)

    def combine_fields(self, where: Place, changes: list[Change]) -> None:
        """Two edits of one element; a path that begins another counts as the same place."""
        theirs = {change.field for change in self.theirs.changes[where]}
        clashing: set[Path] = set()
        for change in changes:
            path = shared_place(change.field, theirs)
            if path is None:
                self.carry([change])
            elif path not in clashing:
                clashing.add(path)
                ordering = bool(where[0]) and path == RANK_FIELD
                self.settle_field("order/order" if ordering else "edit/edit", *where, path)

    # Decisions

    def decide(self, conflict: Conflict) -> Resolution | None:
        """What was decided about a conflict; the outcome's lists say so."""
        resolution = self.resolutions.get(conflict.fingerprint)
        if resolution is None:
            self.conflicts.append(conflict)
        else:
            self.resolved.append((conflict, resolution))
        return resolution

    def settle_field(self, kind: ConflictKind, name: str, key: str, path: Path) -> None:
        values = self.values(name, key, path)
        if same(values[1], values[2]):
            return
        conflict = Conflict(kind, name, key, path, *values)
        if resolution := self.decide(conflict):
            self.out.set(name, key, path, _chosen(conflict, resolution))

    def settle_element(self, kind: ConflictKind, name: str, key: str) -> None:
        values = self.values(name, key, ())
        if same(values[1], values[2]):
            return
        conflict = Conflict(kind, name, key, (), *values)
        if resolution := self.decide(conflict):
            value = _chosen(conflict, resolution)
            if value is not MISSING and not (is_collection([value]) and value["key"] == key):
                raise MalformedChange("An edited element carries its own key and a rank.")
            self.out.put(name, key, value)

    # Pointers

    def follow(self, references: Iterable[Reference]) -> None:
        """Find what one side points at anew and the other side removed, then settle each."""
        sides: tuple[tuple[Side, _Side, _Side], ...] = (
            ("ours", self.ours, self.theirs),
            ("theirs", self.theirs, self.ours),
        )
        found = [
            conflict
            for reference in references
            for name, pointing, removing in sides
            for conflict in self.pointers(reference, name, pointing, removing)
        ]
        for conflict in found:
            self.settle_pointer(conflict)

    def pointers(
        self, reference: Reference, name: Side, pointing: _Side, removing: _Side
    ) -> Iterator[Conflict]:
        gone = removing.gone(reference.target)
        for element, key in pointing.changes if gone else ():
            if element != reference.element:
                continue
            path = reference.field
            wanted = pointing.value(element, key, path)
            # What an open conflict is about may turn out either way; it comes first.
            if (
                isinstance(wanted, str)
                and wanted in gone
                and wanted != self.base.value(element, key, path)
                and wanted == self.out.value(element, key, path)
                and not self.is_open(element, key, path)
            ):
                values = self.values(element, key, path)
                target = reference.target, wanted
                yield Conflict("remove/rewire", element, key, path, *values, target, name)

    def is_open(self, name: str, key: str, path: Path) -> bool:
        """Whether a conflict about the field, or what holds it, waits for a decision."""
        return any(
            (conflict.element, conflict.key) == (name, key)
            and path[: len(conflict.field)] == conflict.field
            for conflict in self.conflicts
        )

    def settle_pointer(self, conflict: Conflict) -> None:
        """Either the target stays, or what points at it goes the other side's way."""
        assert conflict.target is not None  # noqa: S101  (narrows the type)
        resolution = self.decide(conflict)
        name, key, path = conflict.element, conflict.key, conflict.field
        if self.out.get(name, key) is MISSING:
            # It went with a pointer of its other end.
            return
        if resolution is not None and resolution.choice == "edited":
            self.out.set(name, key, path, resolution.value)
            return
        side = self.ours if resolution and resolution.choice == "mine" else self.theirs
        pointing = self.ours if conflict.pointing == "ours" else self.theirs
        if side is pointing:
            if self.out.get(*conflict.target) is MISSING:
                self.out.put(*conflict.target, pointing.get(*conflict.target))
        elif side.get(name, key) is MISSING:
            self.out.put(name, key, MISSING)
        else:
            self.out.set(name, key, path, side.value(name, key, path))


def shared_place(path: Path, others: set[Path]) -> Path | None:
    """The place that a path shares with one of the others: the shorter of the two."""
    for length in range(1, len(path) + 1):
        if path[:length] in others:
            return path[:length]
    return path if any(other[: len(path)] == path for other in others) else None


def _chosen(conflict: Conflict, resolution: Resolution) -> Any:
    if resolution.choice == "edited":
        return resolution.value
    return conflict.ours if resolution.choice == "mine" else conflict.theirs
