"""Personal values in content: Liquid as far as the systems that send content know it.

Authors are not trusted: there is nothing to include, and what a template may take is bounded. The
language: https://shopify.github.io/liquid/
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Any

from django.utils.translation import gettext as _
from liquid import BoundTemplate
from liquid.ast import Node
from liquid.builtin.expressions import FilteredExpression, Path
from liquid.builtin.expressions.primitive import RangeLiteral
from liquid.builtin.tags.case_tag import CaseNode
from liquid.builtin.tags.if_tag import IfNode
from liquid.builtin.tags.unless_tag import UnlessNode
from liquid.exceptions import (
    BlockNestingError,
    ContextDepthError,
    LiquidError,
    LiquidInterrupt,
    ResourceLimitError,
    StopRender,
    UndefinedError,
)
from liquid.expression import Expression

from content.liquid_bounds import MAX_LONGEST, MAX_PLACES, Unreadable, environment, scan
from content.liquid_words import sentence_for

MAX_RANGE = 1_000
# What a filter or a comparison may stumble over in a value of another type.
_CRASHES = (ArithmeticError, LookupError, TypeError, ValueError, OSError, AttributeError)


class LiquidFault(Exception):
    """The template cannot be read, or not be filled in; `words` says why, `line` where.

    `is_endless` where it takes more than it may, `is_empty` where a value is not there.
    """

    def __init__(
        self, words: str, line: int = 0, *, is_endless: bool = False, is_empty: bool = False
    ) -> None:
        super().__init__(words)
        self.words = words
        self.line = line
        self.is_endless = is_endless
        self.is_empty = is_empty


@dataclass(frozen=True, slots=True)
class Used:
    """A variable where it stands, as it is written: "card.last4"; lines count from 1."""

    name: str
    line: int


@dataclass(frozen=True, slots=True)
class Template:
    """A text that was read. `variables` are those that somebody has to fill in, in their order;
    `bare` those of them that stand there with nothing to say for customers who have no value."""

    bound: BoundTemplate
    variables: tuple[Used, ...]
    bare: tuple[Used, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Each variable once."""
        return tuple(dict.fromkeys(one.name for one in self.variables))


_TEXT, _MARKUP = environment(escapes=False), environment(escapes=True)


def holds_liquid(source: str) -> bool:
    """Whether there is anything to fill in."""
    return "{{" in source or "{%" in source


@lru_cache(maxsize=256)
def parse(source: str, *, escapes: bool = False) -> Template:
    """Read a text; values are escaped for markup where `escapes`. Raises `LiquidFault`."""
    code = scan(source)
    if isinstance(code, Unreadable):
        raise _unreadable(code, source)
    try:
        bound = (_MARKUP if escapes else _TEXT).from_string(source)
        bound.weight = 1 + code // 20  # type: ignore[attr-defined]
        _refuse_bombs(bound.nodes)
        found = bound.analyze(include_partials=False)
        lines = _Lines(source)
        used = [
            (_name(one.segments), one.span.index) for at in found.globals.values() for one in at
        ]
        used.sort(key=lambda one: one[1])
        names = {name for name, _index in used}
        bare = [one for one in _bare(bound.nodes, frozenset()) if one[0] in names]
    except LiquidError as error:
        raise _fault(error) from None
    except RecursionError:
        raise LiquidFault(_("It is nested too deeply."), is_endless=True) from None
    except _CRASHES as error:
        raise LiquidFault(sentence_for(str(error)[:200])) from None
    return Template(
        bound,
        tuple(Used(name, lines.of(index)) for name, index in used),
        tuple(Used(name, lines.of(index)) for name, index in sorted(bare, key=lambda one: one[1])),
    )


def render(template: Template, values: Mapping[str, Any]) -> str:
    """The text with `values`, by dotted name, filled in. Raises `LiquidFault`."""
    try:
        return template.bound.render(**nested(values))
    except LiquidError as error:
        raise _fault(error) from None
    except RecursionError:
        raise LiquidFault(_("It is nested too deeply."), is_endless=True) from None
    except (LiquidInterrupt, StopRender, *_CRASHES) as error:
        reason = str(error)[:200] or type(error).__name__
        raise LiquidFault(sentence_for(reason)) from None


def nested(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values by dotted name as the objects that templates walk through."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        *path, last = name.split(".")
        place = found
        for part in path:
            inner = place.setdefault(part, {})
            if not isinstance(inner, dict):
                inner = place[part] = {}
            place = inner
        place.setdefault(last, value)
    return found


def _name(segments: list[Any]) -> str:
    return ".".join(str(part) for part in segments if not isinstance(part, list))


def _refuse_bombs(nodes: list[Node]) -> None:
    """Ranges are made before anything counts how often a loop runs."""
    for expression in _expressions(nodes):
        if isinstance(expression, RangeLiteral):
            bounds = [getattr(part, "value", None) for part in (expression.start, expression.stop)]
            if not all(isinstance(one, int) and abs(one) <= MAX_RANGE for one in bounds):
                words = _("A range goes from one number to another, both at most %(limit)s.")
                raise LiquidFault(words % {"limit": MAX_RANGE}, is_endless=True)


def _expressions(nodes: list[Node]) -> Iterator[Expression]:
    waiting: list[Any] = list(nodes)
    while waiting:
        one = waiting.pop()
        if isinstance(one, Expression):
            yield one
            waiting += one.children()
        else:
            waiting += one.expressions()
            waiting += one.children(None, include_partials=False)


def _bare(nodes: list[Any], asked: frozenset[str]) -> Iterator[tuple[str, int]]:
    """The variables that are said outright: no `default`, and in no branch that asks for them."""
    for node in nodes:
        if isinstance(node, (IfNode, UnlessNode, CaseNode)):
            about = {_name(path.path) for path in _paths(list(node.expressions()))}
            inner = asked | about
        else:
            inner = asked
            for expression in node.expressions():
                yield from _said(expression, asked)
        children = list(node.children(None, include_partials=False))
        if inner is not asked:
            # What an alternative asks for, it has thought of; and so have those after it.
            inner = inner.union(
                _name(path.path)
                for child in children
                for path in _paths(list(child.expressions()))
                if type(child).__name__ != "BlockNode"
            )
        yield from _bare(children, inner)


def _said(expression: Expression, asked: frozenset[str]) -> Iterator[tuple[str, int]]:
    if not isinstance(expression, FilteredExpression) or not isinstance(expression.left, Path):
        return
    if any(one.name == "default" for one in expression.filters or ()):
        return
    name = _name(expression.left.path)
    if not any(name == one or name.startswith(f"{one}.") for one in asked):
        yield name, expression.left.token.start_index


def _paths(expressions: list[Expression]) -> Iterator[Path]:
    waiting = list(expressions)
    while waiting:
        one = waiting.pop()
        if isinstance(one, Path):
            yield one
        waiting += one.children()


class _Lines:
    """Lines by position, asked for in any order."""

    def __init__(self, source: str) -> None:
        lines = source.split("\n")[:-1]
        self.ends = [end - 1 for end in accumulate(len(line) + 1 for line in lines)]

    def of(self, position: int) -> int:
        return bisect_left(self.ends, position) + 1


def _unreadable(found: Unreadable, source: str) -> LiquidFault:
    line = source.count("\n", 0, found.position) + 1
    if found.what == "unclosed":
        return LiquidFault(_("A tag is opened here and never closed."), line)
    if found.what == "long":
        words = _("A tag is longer than %(limit)s characters.") % {"limit": MAX_LONGEST}
    else:
        words = _("It holds more than %(limit)s tags and values.") % {"limit": MAX_PLACES}
    return LiquidFault(words, line, is_endless=True)


def _fault(error: LiquidError) -> LiquidFault:
    context = error.context()
    line = context[0] if context else 0
    reason = str(error.message)[:200]
    if isinstance(error, (BlockNestingError, ContextDepthError)):
        return LiquidFault(_("It is nested too deeply."), line, is_endless=True)
    if isinstance(error, ResourceLimitError):
        return LiquidFault(_("It runs too long or says too much."), line, is_endless=True)
    return LiquidFault(sentence_for(reason), line, is_empty=isinstance(error, UndefinedError))
