"""From JSON that a stranger may have written to the nodes of a predicate, with every problem."""

import math
from typing import Any

from cjops.core.schema.text import refused_character, tidy_text
from governance.ruling.facts import FACTS, FactType
from governance.ruling.nodes import OPS, Group, Leaf, Node, Not
from governance.ruling.problems import Malformed, Problem, below, nearest, shown

MAX_DEPTH = 5
MAX_NODES = 50
MAX_VALUES = 200
MAX_TEXT = 200
# What stands in for a node that could not be read, once there is a problem.
NOTHING: Node = Group("all", ())


def nodes_of(raw: object, at: str) -> Node:
    """The nodes that `raw` stands for. Raises `Malformed` with all its problems."""
    reading = _Reading()
    node = reading.node(raw, at, 1)
    if reading.problems:
        raise Malformed(reading.problems)
    return node


class _Reading:
    """One reading: goes no deeper and no wider than a predicate may be, whatever `raw` holds."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.count = 0

    def refuse(self, at: str, code: str, **params: Any) -> None:
        self.problems.append(Problem(at, code, params))

    def node(self, raw: object, at: str, depth: int) -> Node:
        self.count += 1
        if self.count > MAX_NODES:
            if self.count == MAX_NODES + 1:
                self.refuse(at, "too_many_nodes", limit=MAX_NODES)
            return NOTHING
        if depth > MAX_DEPTH:
            self.refuse(at, "too_deep", limit=MAX_DEPTH)
            return NOTHING
        if not isinstance(raw, dict):
            self.refuse(at, "not_a_condition")
            return NOTHING
        kinds = [kind for kind in ("all", "any", "not") if kind in raw]
        if not kinds:
            return self.leaf(raw, at)
        if len(raw) > 1:
            self.refuse(at, "mixed_condition", kind=kinds[0])
            return NOTHING
        if kinds[0] == "not":
            return Not(self.node(raw["not"], below(at, "not"), depth + 1))
        return self.group(kinds[0], raw[kinds[0]], below(at, kinds[0]), depth)

    def group(self, kind: str, raw: object, at: str, depth: int) -> Node:
        if not isinstance(raw, list):
            self.refuse(at, "not_a_list")
            return NOTHING
        if kind == "any" and not raw:
            self.refuse(at, "empty_any")
            return NOTHING
        # One more than allowed, so that too many are noticed; the rest is not looked at.
        parts = tuple(
            self.node(part, below(at, place), depth + 1)
            for place, part in enumerate(raw[: MAX_NODES + 1])
        )
        return Group("any" if kind == "any" else "all", parts)

    def leaf(self, raw: dict[Any, Any], at: str) -> Node:
        before = len(self.problems)
        self._members(raw, at)
        fact, op = self._fact(raw, at), ""
        if fact:
            op = self._op(raw, at, FACTS[fact].type)
        of = self._of(raw, at, fact) if "of" in raw else ""
        value = self._value(raw["value"], below(at, "value"), fact, op) if "value" in raw else 0
        if len(self.problems) > before or value is None:
            return NOTHING
        return Leaf(fact, op, value, of)

    def _members(self, raw: dict[Any, Any], at: str) -> None:
        names = ("fact", "op", "value", "of")
        for name in list(raw)[:MAX_NODES]:
            if name not in names:
                text = shown(name)
                nearby = nearest(text, (*names, "all", "any", "not"))
                self.refuse(below(at, text), "unknown_member", member=text, nearest=nearby)
        for name in names[:3]:
            if name not in raw:
                self.refuse(at, "missing_member", member=name)

    def _fact(self, raw: dict[Any, Any], at: str) -> str:
        if "fact" not in raw:
            return ""
        fact = raw["fact"]
        if isinstance(fact, str) and fact in FACTS:
            return fact
        text = shown(fact)
        self.refuse(below(at, "fact"), "unknown_fact", fact=text, nearest=nearest(text, FACTS))
        return ""

    def _op(self, raw: dict[Any, Any], at: str, kind: FactType) -> str:
        if "op" not in raw:
            return ""
        op = raw["op"]
        if isinstance(op, str) and op in OPS[kind]:
            return op
        self.refuse(
            below(at, "op"),
            "unknown_op",
            op=shown(op),
            fact=raw["fact"],
            known=", ".join(OPS[kind]),
        )
        return ""

    def _of(self, raw: dict[Any, Any], at: str, fact: str) -> str:
        place = below(at, "of")
        if fact and FACTS[fact].type is not FactType.COUNTS:
            self.refuse(place, "of_needs_counts", fact=fact)
            return ""
        return self._text(raw["of"], place)

    def _value(
        self, raw: object, at: str, fact: str, op: str
    ) -> tuple[str, ...] | int | float | bool | None:
        if not op:
            return None
        if op in ("empty", "is"):
            if isinstance(raw, bool):
                return raw
            self.refuse(at, "not_true_or_false")
            return None
        if FACTS[fact].type is FactType.TEXTS:
            return self._texts(raw, at)
        if isinstance(raw, int | float) and not isinstance(raw, bool) and _is_plain(raw):
            return raw
        self.refuse(at, "not_a_number")
        return None

    def _texts(self, raw: object, at: str) -> tuple[str, ...] | None:
        if not isinstance(raw, list):
            self.refuse(at, "not_a_list")
            return None
        if not 1 <= len(raw) <= MAX_VALUES:
            self.refuse(at, "how_many", low=1, high=MAX_VALUES)
            return None
        seen: set[str] = set()
        for place, one in enumerate(raw):
            text = self._text(one, below(at, place))
            if text and text in seen:
                self.refuse(below(at, place), "repeated", value=shown(text))
            seen.add(text)
        return tuple(tidy_text(one) for one in raw if isinstance(one, str))

    def _text(self, raw: object, at: str) -> str:
        if not isinstance(raw, str):
            self.refuse(at, "not_text")
            return ""
        if character := refused_character(raw) or ("U+0009" if "\t" in raw else ""):
            self.refuse(at, "bad_character", character=character)
            return ""
        text = tidy_text(raw)
        if not 1 <= len(text) <= MAX_TEXT or "\n" in text:
            self.refuse(at, "not_one_line", limit=MAX_TEXT)
            return ""
        return text


def _is_plain(number: int | float) -> bool:
    """Whether it is finite and keeps all its digits in JSON."""
    if isinstance(number, float):
        return math.isfinite(number) and abs(number) < 2**53
    return abs(number) < 2**53
