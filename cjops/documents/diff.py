"""What changed between two documents."""

from operator import itemgetter
from typing import Any

import orjson

from cjops.documents.errors import NotADocument
from cjops.documents.model import (
    MISSING,
    RANK_FIELD,
    Change,
    Document,
    Element,
    Op,
    Path,
    index,
    is_collection,
    ordered,
    place,
    same,
)


def diff(base: Document, other: Document) -> list[Change]:
    """Return the changes that lead from one document to another.

    The header comes first, then the collections in the order in which `base` lists them, their
    elements by (rank, key) of where they stand: in `other`, or in `base` if removed. Fields of one
    element come in order of their paths. Both documents must be JSON. Raises NotADocument and
    DuplicateKey.
    """
    for document in (base, other):
        if not isinstance(document, dict):
            raise NotADocument(document)
    shared = _shared_collections(base, other)
    changes = _members("", "", _header(base, shared), _header(other, shared))
    for name in shared:
        changes += _elements(name, base[name], other[name])
    return changes


def _shared_collections(base: Document, other: Document) -> list[str]:
    """Return the names of collections, where an empty list may stand on one side.

    A collection cannot be named "": as an element, that is the header.
    """
    shared = []
    for name, left in base.items():
        right = other.get(name)
        if not (name and isinstance(left, list) and isinstance(right, list)):
            continue
        known = is_collection(left), is_collection(right)
        if any(known) and (known[0] or not left) and (known[1] or not right):
            shared.append(name)
    return shared


def _header(document: Document, shared: list[str]) -> Document:
    return {name: ordered(name, value) for name, value in document.items() if name not in shared}


def _elements(name: str, base: list[Element], other: list[Element]) -> list[Change]:
    """Return the changes of one collection."""
    left, right = index(name, base), index(name, other)
    found = [
        (place(element), [Change("remove", name, key, (), element, MISSING)])
        for key, element in left.items()
        if key not in right
    ]
    for key, element in right.items():
        if key not in left:
            found.append((place(element), [Change("add", name, key, (), MISSING, element)]))
        elif changes := _members(name, key, left[key], element):
            found.append((place(element), changes))
    found.sort(key=itemgetter(0))
    return [change for _, changes in found for change in changes]


def _members(name: str, key: str, left: dict[str, Any], right: dict[str, Any]) -> list[Change]:
    """Return the changes between two elements, or between two headers."""
    if left is right:
        return []
    try:
        # Nearly all pairs are equal, and here it takes one microsecond to know. Python's own
        # equality would not do: it holds True and 1 for equal, while JSON and the digest do not.
        texts = orjson.dumps(left), orjson.dumps(right)
    except TypeError:
        return _fields(name, key, left, right, (), exact=True)
    if texts[0] == texts[1]:
        return []
    text = b"".join(texts)
    exact = b"true" in text or b"false" in text
    return _fields(name, key, left, right, (), exact=exact)


def _fields(
    name: str,
    key: str,
    left: dict[str, Any],
    right: dict[str, Any],
    path: Path,
    *,
    exact: bool,
) -> list[Change]:
    """Return the changes of each member that differs, in order of the paths."""
    differing = [
        (member, before, after)
        for member, before in left.items()
        if before != (after := right.get(member, MISSING)) or (exact and not same(before, after))
    ]
    if left.keys() != right.keys():
        differing += [(member, MISSING, right[member]) for member in right.keys() - left.keys()]
    # No name stands twice, so that values are never compared.
    differing.sort()
    changes: list[Change] = []
    for member, before, after in differing:
        field = (*path, member)
        if before and after and isinstance(before, dict) and isinstance(after, dict):
            changes += _fields(name, key, before, after, field, exact=exact)
        else:
            # The header has no order: a field of that name is a field like any other there.
            op: Op = "move" if name and field == RANK_FIELD else "edit"
            changes.append(Change(op, name, key, field, before, after))
    return changes
