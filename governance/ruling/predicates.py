"""The condition of a policy: a frozen value that can be asked, explained and written down."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

from governance.ruling.explaining import Explained, explain
from governance.ruling.nodes import Env, Leaf, Node, compiled, known, leaves
from governance.ruling.parsing import nodes_of
from governance.ruling.tables import Table


@dataclass(frozen=True)
class Predicate:
    """A condition over the facts of a change, or of one part of it.

    Two of them are equal when they ask the same, in the same order.
    """

    node: Node

    def __reduce__(self) -> tuple[type[Self], tuple[Node]]:
        # Compiled functions cannot be pickled, and are quickly made again.
        return type(self), (self.node,)

    @cached_property
    def _asked(self) -> Callable[[Env], bool]:
        return compiled(self.node)

    def holds(self, env: Env) -> bool:
        """Whether it holds. Raises `KeyError` for a fact that `env` lacks and that is needed."""
        return self._asked(env)

    def explain(self, env: Env) -> Explained:
        """The tree of its nodes, each with whether it holds and what it found."""
        return explain(self.node, env)

    def known(self, env: Env) -> bool | None:
        """Whether it holds where facts may be missing; None where that depends on them."""
        return known(self.node, env)

    def matched(self, env: Env) -> tuple[dict[str, Any], ...]:
        """The leaves that made it true, as JSON with what they found; () where it is not."""
        return Table([env]).why(self.node, 1)

    def leaves(self) -> tuple[Leaf, ...]:
        """Its leaves, from left to right."""
        return tuple(leaves(self.node))

    @cached_property
    def facts(self) -> frozenset[str]:
        """The names of the facts it asks for."""
        return frozenset(leaf.fact for leaf in self.leaves())

    def to_json(self) -> dict[str, Any]:
        """What `parse` reads."""
        return self.node.to_json()


def parse(raw: object, at: str = "/when") -> Predicate:
    """The predicate that JSON stands for. Raises `Malformed` with all problems, each at its
    pointer below `at`; never reads deeper or further than a predicate may go."""
    return Predicate(nodes_of(raw, at))
