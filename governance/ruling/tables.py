"""Many parts of a change asked at once: one bit for each, so that a hundred policies cost little.

A leaf looks its values up or asks each different value once; groups join the answers of all parts
with one operation on numbers. Row 0 is the lowest bit.
"""

import operator
from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Any

from governance.ruling.explaining import found_json, looked_at
from governance.ruling.facts import FactType
from governance.ruling.nodes import Env, Leaf, Node, Not, test_of


class Table:
    """The answers of predicates over several rows of facts. Lives no longer than its predicates,
    whose nodes it tells apart by identity: comparing them would cost more than asking again."""

    def __init__(self, rows: Sequence[Env]) -> None:
        self.rows = rows
        self.everything = (1 << len(rows)) - 1
        self._answers: dict[int, int] = {}
        self._values: dict[str, list[tuple[Any, int]]] = {}
        self._members: dict[str, dict[str, int]] = {}

    def holds(self, node: Node) -> int:
        """The rows of which it holds."""
        found = self._answers.get(id(node))
        if found is None:
            found = self._answers[id(node)] = self._asked(node)
        return found

    def _asked(self, node: Node) -> int:
        if isinstance(node, Leaf):
            return self._leaf(node)
        if isinstance(node, Not):
            return self.everything ^ self.holds(node.part)
        answers = map(self.holds, node.parts)
        if node.kind == "all":
            return reduce(operator.and_, answers, self.everything)
        return reduce(operator.or_, answers, 0)

    def _leaf(self, leaf: Leaf) -> int:
        found = 0
        if leaf.op in ("any_of", "none_of") and isinstance(leaf.value, tuple):
            # Most leaves are of this kind, and most facts have many values: look up, do not search.
            rows_with = self._rows_with(leaf.fact)
            for text in leaf.value:
                found |= rows_with.get(text, 0)
            return found if leaf.op == "any_of" else self.everything ^ found
        test = test_of(leaf)
        for value, rows in self._different(leaf.fact):
            if test(value):
                found |= rows
        return found

    def _rows_with(self, fact: str) -> dict[str, int]:
        """For each text that a fact has anywhere the rows that have it."""
        known = self._members.get(fact)
        if known is None:
            known = self._members[fact] = {}
            for value, rows in self._different(fact):
                for text in value:
                    known[text] = known.get(text, 0) | rows
        return known

    def alike(self, leaves: Sequence[Leaf]) -> list[int]:
        """The rows in groups for which these leaves answer the same, out of the same values that
        they ask about."""
        groups = [self.everything]
        for leaf in leaves:
            looks: dict[Any, int] = {}
            asked = frozenset(leaf.value) if isinstance(leaf.value, tuple) else None
            for value, rows in self._different(leaf.fact):
                there = None if asked is None else value & asked
                held = bool(rows & self.holds(leaf))
                looks[there, held] = looks.get((there, held), 0) | rows
            if len(looks) > 1:
                groups = [both for one in groups for rows in looks.values() if (both := one & rows)]
        return groups

    def _different(self, fact: str) -> list[tuple[Any, int]]:
        """The different values of a fact, each with the rows that have it."""
        known = self._values.get(fact)
        if known is None:
            rows: dict[Any, int] = {}
            values: dict[Any, Any] = {}
            for place, env in enumerate(self.rows):
                value = env[fact]
                # Counts cannot be looked up by value: one and the same mapping serves all parts.
                name = id(value) if isinstance(value, Mapping) else value
                values[name] = value
                rows[name] = rows.get(name, 0) | (1 << place)
            known = self._values[fact] = [(values[name], rows[name]) for name in rows]
        return known

    def why(self, node: Node, rows: int) -> tuple[dict[str, Any], ...]:
        """The leaves that made a node true in some of `rows`, each with what it found there."""
        reasons: list[tuple[Leaf, bool, int]] = []
        self._reasons(node, rows & self.holds(node), True, reasons)
        return tuple(self._said(*reason) for reason in reasons)

    def _reasons(
        self, node: Node, rows: int, held: bool, reasons: list[tuple[Leaf, bool, int]]
    ) -> None:
        """Collect the leaves to which it is due that in all of `rows` the node is `held`."""
        if not rows:
            return
        if isinstance(node, Leaf):
            reasons.append((node, held, rows))
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
