"""Documents, their collections, and the change: the unit all of this speaks in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, Self, cast, final, get_args

from cjops.documents.errors import DuplicateKey, MalformedChange, NotADocument

Document = dict[str, Any]
Element = dict[str, Any]
Op = Literal["add", "remove", "edit", "move"]
Path = tuple[str, ...]

RANK_FIELD: Final[Path] = ("rank",)


@final
class Missing:
    """The type of MISSING. Deliberately not serialisable: it must not leak into JSON."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "MISSING"

    def __bool__(self) -> bool:
        return False

    def __reduce__(self) -> str:
        # Copies and pickles come back as the one instance, so that `is MISSING` always holds.
        return "MISSING"


MISSING: Final = Missing()


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: of a whole element (`add`, `remove`) or of one field of it (`edit`, `move`).

    `element` is the name of the collection, "" for the header; `key` is the element's key, "" for
    the header; `field` is the path inside the element, () for a whole element; `before` and `after`
    are JSON values, MISSING where there is none. A `move` is the edit of the field `rank`.
    """

    op: Op
    element: str
    key: str
    field: Path
    before: Any
    after: Any

    def to_json(self) -> dict[str, Any]:
        """Return the change as a JSON object; a value that is MISSING is left out."""
        result: dict[str, Any] = {
            "op": self.op,
            "element": self.element,
            "key": self.key,
            "field": list(self.field),
        }
        if self.before is not MISSING:
            result["before"] = self.before
        if self.after is not MISSING:
            result["after"] = self.after
        return result

    @classmethod
    def from_json(cls, value: object) -> Self:
        """Read what `to_json` wrote. Raises MalformedChange."""
        if not isinstance(value, Mapping):
            raise MalformedChange("A change is a JSON object.")
        op, field = value.get("op"), value.get("field")
        element, key = value.get("element"), value.get("key")
        if op not in get_args(Op):
            raise MalformedChange(f"A change cannot be {op!r}.")
        if not isinstance(element, str) or not isinstance(key, str):
            raise MalformedChange("“element” and “key” of a change are strings.")
        if not isinstance(field, list) or not all(isinstance(part, str) for part in field):
            raise MalformedChange("“field” of a change is a list of strings.")
        return cls(
            op=cast(Op, op),
            element=element,
            key=key,
            field=tuple(field),
            before=value.get("before", MISSING),
            after=value.get("after", MISSING),
        )


def is_collection(value: object) -> bool:
    """Return whether a value is a list of objects that all carry a string `key` and `rank`.

    An empty list is none by itself: only another document can tell (see `diff`).
    """
    if not isinstance(value, list) or not value:
        return False
    for item in value:
        if not isinstance(item, dict):
            return False
        if not isinstance(item.get("key"), str) or not isinstance(item.get("rank"), str):
            return False
    return True


def place(element: Element) -> tuple[str, str]:
    """Return what an element sorts by: by code point, which is also the order of UTF-8 bytes."""
    return element["rank"], element["key"]


def index(name: str, elements: list[Element]) -> dict[str, Element]:
    """Return the elements of a collection by key. Raises DuplicateKey."""
    result = {element["key"]: element for element in elements}
    if len(result) != len(elements):
        seen: set[str] = set()
        for element in elements:
            if element["key"] in seen:
                raise DuplicateKey(name, element["key"])
            seen.add(element["key"])
    return result


def ordered(name: str, value: Any) -> Any:
    """Return a top-level value, its elements in order where it has any. Raises DuplicateKey."""
    if not is_collection(value):
        return value
    return sorted(index(name, value).values(), key=place)


def normalise(document: object) -> Document:
    """Return the document with every collection in order of (rank, key).

    Raises NotADocument, and DuplicateKey where a key stands twice in one collection.
    """
    if not isinstance(document, dict):
        raise NotADocument(document)
    return {name: ordered(name, value) for name, value in document.items()}


def collections(document: Document) -> dict[str, list[Element]]:
    """Return the collections by name, as the document lists them, their elements in order."""
    return {
        name: ordered(name, value)
        for name, value in document.items()
        if name and is_collection(value)
    }


def same(left: Any, right: Any) -> bool:
    """Return whether two JSON values are the same value.

    Python holds True and 1 for equal; JSON, and with it the digest, does not. 1 and 1.0 are one
    number in both.
    """
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(
            same(member, right[name]) for name, member in left.items()
        )
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    return isinstance(left, bool) == isinstance(right, bool) and bool(left == right)
