"""Why a predicate holds or not: the same tree, each leaf with the value it looked at."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Self

from governance.ruling.facts import FactType
from governance.ruling.nodes import Env, Leaf, Node, Not, Value, test_of

# Beyond what the question is about, so many values are shown.
OTHERS = 20

Found = tuple[str, ...] | int | float | bool | Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Explained:
    """One node and whether it holds.

    A leaf has what it `found`: of many values those it asks about and a few others, `more` is how
    many are left out. That is always enough to answer the question again.
    """

    kind: Literal["all", "any", "not", "leaf"]
    holds: bool
    parts: tuple["Explained", ...] = ()
    leaf: Leaf | None = None
    found: Found | None = None
    more: int = 0

    def read_back(self) -> bool:
        """Whether it holds, computed from what the leaves found and nothing else."""
        if self.leaf is not None:
            found = frozenset(self.found) if isinstance(self.found, tuple) else self.found
            return test_of(self.leaf)(found)
        answers = [part.read_back() for part in self.parts]
        if self.kind == "not":
            return not answers[0]
        return all(answers) if self.kind == "all" else any(answers)

    def to_json(self) -> dict[str, Any]:
        if self.leaf is None:
            parts = [part.to_json() for part in self.parts]
            return {"kind": self.kind, "holds": self.holds, "parts": parts}
        return {
            "kind": self.kind,
            "holds": self.holds,
            "leaf": self.leaf.to_json(),
            "found": found_json(self.found),
            "more": self.more,
        }

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote."""
        if raw["kind"] != "leaf":
            parts = tuple(cls.from_json(part) for part in raw["parts"])
            return cls(raw["kind"], raw["holds"], parts)
        leaf, found = leaf_from_json(raw["leaf"]), raw["found"]
        found = tuple(found) if isinstance(found, list) else found
        return cls("leaf", raw["holds"], leaf=leaf, found=found, more=raw["more"])


def explain(node: Node, env: Env) -> Explained:
    """The explanation of a node over what is known of a change."""
    if isinstance(node, Leaf):
        value = env[node.fact]
        found, more = looked_at(node, value)
        return Explained("leaf", test_of(node)(value), leaf=node, found=found, more=more)
    if isinstance(node, Not):
        part = explain(node.part, env)
        return Explained("not", not part.holds, (part,))
    parts = tuple(explain(part, env) for part in node.parts)
    answers = [part.holds for part in parts]
    return Explained(node.kind, all(answers) if node.kind == "all" else any(answers), parts)


def looked_at(leaf: Leaf, value: Any) -> tuple[Found, int]:
    """Of the value of its fact what a leaf looks at, and how many others are left out."""
    if leaf.type is FactType.COUNTS:
        return ({leaf.of: value.get(leaf.of, 0)} if leaf.of else dict(sorted(value.items()))), 0
    if leaf.type is not FactType.TEXTS:
        return value, 0
    asked = frozenset(leaf.value) if isinstance(leaf.value, tuple) else frozenset()
    others = sorted(value - asked)
    return tuple(sorted((value & asked).union(others[:OTHERS]))), max(0, len(others) - OTHERS)


def found_json(found: Found | Value | None) -> Any:
    """What a leaf found, as JSON."""
    if isinstance(found, tuple | frozenset):
        return sorted(found)
    return dict(found) if isinstance(found, Mapping) else found


def leaf_from_json(raw: Mapping[str, Any]) -> Leaf:
    """Read what `Leaf.to_json` wrote."""
    value = tuple(raw["value"]) if isinstance(raw["value"], list) else raw["value"]
    return Leaf(raw["fact"], raw["op"], value, raw.get("of", ""))
