"""Where two sides of a merge cannot both have their way, and what somebody decided about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, NamedTuple, Self, cast, get_args

from cjops.documents.canonical import sha256
from cjops.documents.errors import MalformedChange
from cjops.documents.model import MISSING, Path

ConflictKind = Literal["edit/edit", "edit/remove", "remove/rewire", "add/add", "order/order"]
Choice = Literal["mine", "theirs", "edited"]


class Reference(NamedTuple):
    """A field of the elements of one collection that holds the key of an element of another."""

    element: str
    field: Path
    target: str


@dataclass(frozen=True)
class Conflict:
    """One place that both sides changed, so that one of them would silently be undone.

    `field` is the path inside the element, () where whole elements stand against each other.
    `base`, `ours` and `theirs` are what stands there, MISSING where nothing does. For
    `remove/rewire` the place is the field that points (of an element that was added or edited) at
    an element that the other side removed: `target` is that element's collection and key, and
    `pointing` the side that points at it.
    """

    kind: ConflictKind
    element: str
    key: str
    field: Path
    base: Any
    ours: Any
    theirs: Any
    target: tuple[str, str] | None = None
    pointing: Literal["ours", "theirs"] | None = None

    @cached_property
    def fingerprint(self) -> str:
        """The SHA-256 of all that the decision is about; other values make another conflict."""
        return sha256(self.to_json())

    def to_json(self) -> dict[str, Any]:
        """The conflict as a JSON object; a value that is MISSING is left out."""
        result: dict[str, Any] = {
            "kind": self.kind,
            "element": self.element,
            "key": self.key,
            "field": list(self.field),
        }
        for name in ("base", "ours", "theirs"):
            if (value := getattr(self, name)) is not MISSING:
                result[name] = value
        if self.target is not None:
            result["target"] = {"element": self.target[0], "key": self.target[1]}
            result["pointing"] = self.pointing
        return result


@dataclass(frozen=True, slots=True)
class Resolution:
    """What somebody decided: our side, their side, or (`edited`) a value of its own.

    For `edit/remove` and `add/add` an edited value is a whole element, for `remove/rewire` the key
    that the field points at instead.
    """

    choice: Choice
    value: Any = MISSING

    def to_json(self) -> dict[str, Any]:
        """The resolution as a JSON object."""
        if self.value is MISSING:
            return {"choice": self.choice}
        return {"choice": self.choice, "value": self.value}

    @classmethod
    def from_json(cls, value: object) -> Self:
        """Read what `to_json` wrote. Raises MalformedChange."""
        if not isinstance(value, Mapping) or value.get("choice") not in get_args(Choice):
            raise MalformedChange("A resolution is “mine”, “theirs” or “edited”.")
        if ("value" in value) != (value["choice"] == "edited"):
            raise MalformedChange("An edited resolution carries its value, and no other does.")
        return cls(cast(Choice, value["choice"]), value.get("value", MISSING))
