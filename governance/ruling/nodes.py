"""What a predicate is made of: leaves that ask a fact, and groups that join answers."""

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from governance.ruling.facts import FACTS, FactType

Value = frozenset[str] | int | float | bool | Mapping[str, int]
Env = Mapping[str, Value]
Test = Callable[[Any], bool]

# Which questions each type of fact answers, in order of display.
OPS: dict[FactType, tuple[str, ...]] = {
    FactType.TEXTS: ("any_of", "all_of", "none_of", "only", "empty"),
    FactType.NUMBER: ("at_least", "at_most"),
    FactType.COUNTS: ("at_least", "at_most"),
    FactType.TRUTH: ("is",),
}


@dataclass(frozen=True, slots=True)
class Leaf:
    """One question about one fact; `of` picks one count, "" stands for their sum."""

    fact: str
    op: str
    value: tuple[str, ...] | int | float | bool
    of: str = ""

    @property
    def type(self) -> FactType:
        return FACTS[self.fact].type

    def to_json(self) -> dict[str, Any]:
        value = list(self.value) if isinstance(self.value, tuple) else self.value
        result: dict[str, Any] = {"fact": self.fact, "op": self.op, "value": value}
        return {**result, "of": self.of} if self.of else result


@dataclass(frozen=True, slots=True)
class Group:
    """All or any of its parts hold; all of nothing holds of every change."""

    kind: Literal["all", "any"]
    parts: tuple["Node", ...]

    def to_json(self) -> dict[str, Any]:
        return {self.kind: [part.to_json() for part in self.parts]}


@dataclass(frozen=True, slots=True)
class Not:
    """Its part does not hold."""

    part: "Node"

    def to_json(self) -> dict[str, Any]:
        return {"not": self.part.to_json()}


Node = Leaf | Group | Not


def leaves(node: Node) -> Iterator[Leaf]:
    """Its leaves, from left to right."""
    if isinstance(node, Leaf):
        yield node
    elif isinstance(node, Not):
        yield from leaves(node.part)
    else:
        for part in node.parts:
            yield from leaves(part)


def test_of(leaf: Leaf) -> Test:
    """The question of a leaf, as a function of the value of its fact."""
    if isinstance(leaf.value, tuple):
        return _TEXTS[leaf.op](frozenset(leaf.value))
    wanted = leaf.value
    if leaf.op == "empty":
        return lambda found: (not found) is wanted
    if leaf.op == "is":
        return lambda found: bool(found) is wanted
    compare = operator.ge if leaf.op == "at_least" else operator.le
    if leaf.type is FactType.NUMBER:
        return lambda found: bool(compare(found, wanted))
    if leaf.of:
        key = leaf.of
        return lambda found: bool(compare(found.get(key, 0), wanted))
    return lambda found: bool(compare(sum(found.values()), wanted))


def _only(wanted: frozenset[str]) -> Test:
    return lambda found: bool(found) and wanted.issuperset(found)


_TEXTS: dict[str, Callable[[frozenset[str]], Test]] = {
    "any_of": lambda wanted: lambda found: not wanted.isdisjoint(found),
    "all_of": lambda wanted: wanted.issubset,
    "none_of": lambda wanted: wanted.isdisjoint,
    "only": _only,
}


def compiled(node: Node) -> Callable[[Env], bool]:
    """The node as one function of what is known of a change; a fact that is missing is a
    `KeyError`, so that a gate never opens because somebody forgot to gather something."""
    if isinstance(node, Leaf):
        fact, test = node.fact, test_of(node)
        return lambda env: test(env[fact])
    if isinstance(node, Not):
        inner = compiled(node.part)
        return lambda env: not inner(env)
    parts = tuple(compiled(part) for part in node.parts)
    if node.kind == "all":
        return lambda env: all(part(env) for part in parts)
    return lambda env: any(part(env) for part in parts)


def known(node: Node, env: Env) -> bool | None:
    """Whether it holds whatever the missing facts may be; None where that depends on them."""
    if isinstance(node, Leaf):
        return test_of(node)(env[node.fact]) if node.fact in env else None
    if isinstance(node, Not):
        inner = known(node.part, env)
        return None if inner is None else not inner
    answers = {known(part, env) for part in node.parts}
    settles = node.kind == "any"
    if settles in answers:
        return settles
    return None if None in answers else not settles
