"""Many parts of a change asked at once: one bit for each, so that a hundred policies cost little.

A leaf asks each different value of its fact once; groups join the answers of all parts with one
operation on numbers. Row 0 is the lowest bit.
"""

from collections.abc import Sequence
from typing import Any

from governance.ruling.explaining import found_json, looked_at
from governance.ruling.facts import FactType
from governance.ruling.nodes import Env, Leaf, Node, Not, test_of


class Table:
    """The answers of predicates over several rows of facts."""

    def __init__(self, rows: Sequence[Env]) -> None:
        self.rows = rows
        self.everything = (1 << len(rows)) - 1
        self._leaves: dict[Leaf, int] = {}
        self._values: dict[str, list[tuple[Any, int]]] = {}

    def holds(self, node: Node) -> int:
        """The rows of which it holds."""
        if isinstance(node, Leaf):
            return self._leaf(node)
        if isinstance(node, Not):
            return self.everything ^ self.holds(node.part)
        if node.kind == "all":
            found = self.everything
            for part in node.parts:
                found &= self.holds(part)
            return found
        found = 0
        for part in node.parts:
            found |= self.holds(part)
        return found

    def _leaf(self, leaf: Leaf) -> int:
        found = self._leaves.get(leaf)
        if found is None:
            test, found = test_of(leaf), 0
            for value, rows in self._different(leaf.fact):
                if test(value):
                    found |= rows
            self._leaves[leaf] = found
        return found

    def _different(self, fact: str) -> list[tuple[Any, int]]:
        """The different values of a fact, each with the rows that have it."""
        known = self._values.get(fact)
        if known is None:
            rows: dict[Any, int] = {}
            values: dict[Any, Any] = {}
            for place, env in enumerate(self.rows):
                value = env[fact]
                # Counts cannot be looked up by value: one and the same mapping serves all parts.
                name = value if value.__hash__ else id(value)
                values[name] = value
                rows[name] = rows.get(name, 0) | (1 << place)
            known = self._values[fact] = [(values[name], rows[name]) for name in rows]
        return known

    def why(self, node: Node, rows: int) -> tuple[dict[str, Any], ...]:
        """The leaves that made a node true in some of `rows`, each with what it found there."""
        reasons: dict[tuple[Leaf, bool], int] = {}
        self._reasons(node, rows & self.holds(node), True, reasons)
        return tuple(self._said(leaf, held, there) for (leaf, held), there in reasons.items())

    def _reasons(
        self, node: Node, rows: int, held: bool, reasons: dict[tuple[Leaf, bool], int]
    ) -> None:
        """Collect the leaves to which it is due that in all of `rows` the node is `held`."""
        if not rows:
            return
        if isinstance(node, Leaf):
            reasons[node, held] = reasons.get((node, held), 0) | rows
        elif isinstance(node, Not):
            self._reasons(node.part, rows, not held, reasons)
        else:
            for part in node.parts:
                # Where all parts had to agree each one counts, else those that said so.
                agree = self.holds(part) if held else self.everything ^ self.holds(part)
                self._reasons(part, rows & agree, held, reasons)

    def _said(self, leaf: Leaf, held: bool, rows: int) -> dict[str, Any]:
        values = [value for value, there in self._different(leaf.fact) if there & rows]
        if leaf.type is FactType.TEXTS:
            together: frozenset[str] = frozenset().union(*values)
            found, more = looked_at(leaf, together)
            if leaf.op in ("any_of", "all_of") and held and isinstance(leaf.value, tuple):
                found, more = tuple(sorted(together.intersection(leaf.value))), 0
        else:
            found, more = looked_at(leaf, values[0])
        return {**leaf.to_json(), "holds": held, "found": found_json(found), "more": more}
