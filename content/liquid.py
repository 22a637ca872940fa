"""Personal values in content: Liquid as far as the systems that send content know it.

Authors are not trusted: there is nothing to include, and what a template may take is bounded. The
language: https://shopify.github.io/liquid/
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _
from liquid import BoundTemplate, Environment, FalsyStrictUndefined
from liquid.ast import Node
from liquid.builtin.expressions.primitive import RangeLiteral
from liquid.exceptions import (
    LiquidError,
    LiquidSyntaxError,
    ResourceLimitError,
    UndefinedError,
)
from liquid.expression import Expression

TAGS = frozenset({"if", "unless", "case", "for", "assign", "capture", "comment", "raw", "echo"})
# What no system that sends content needs, or what makes much of little.
NO_FILTERS = frozenset({"base64_encode", "base64_decode", "base64_url_safe_encode"}) | {
    "base64_url_safe_decode", "script_tag", "stylesheet_tag",
}  # fmt: skip
MAX_RANGE, MAX_LOOPS, MAX_BYTES, MAX_OUTPUT = 1_000, 10_000, 2_000_000, 2_000_000


class _Bounded(Environment):
    loop_iteration_limit = MAX_LOOPS
    local_namespace_limit = MAX_BYTES
    output_stream_limit = MAX_OUTPUT


class LiquidFault(Exception):
    """The template cannot be read, or not be filled in; `words` says why, `line` where."""

    def __init__(self, words: str, line: int = 0) -> None:
        super().__init__(words)
        self.words = words
        self.line = line


@dataclass(frozen=True, slots=True)
class Used:
    """A variable where it stands, as it is written: "card.last4"; lines count from 1."""

    name: str
    line: int


@dataclass(frozen=True, slots=True)
class Template:
    """A text that was read. `variables` are those that somebody has to fill in, in their order."""

    bound: BoundTemplate
    variables: tuple[Used, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Each variable once."""
        return tuple(dict.fromkeys(one.name for one in self.variables))


def _environment(*, escapes: bool) -> Environment:
    made = _Bounded(undefined=FalsyStrictUndefined, autoescape=escapes, strict_filters=True)
    ends = {f"end{name}" for name in TAGS} | {"else", "elsif", "when", "break", "continue"}
    plain = {"content", "output", "illegal", "inline comment", "#"}
    made.tags = {
        name: tag
        for name, tag in made.tags.items()
        if name in TAGS | ends or name.lower() in plain or not name.isidentifier()
    }
    for name in NO_FILTERS:
        made.filters.pop(name, None)
    return made


_TEXT, _MARKUP = _environment(escapes=False), _environment(escapes=True)


def holds_liquid(source: str) -> bool:
    """Whether there is anything to fill in."""
    return "{{" in source or "{%" in source


@lru_cache(maxsize=256)
def parse(source: str, *, escapes: bool = False) -> Template:
    """Read a text; values are escaped for markup where `escapes`. Raises `LiquidFault`."""
    environment = _MARKUP if escapes else _TEXT
    try:
        bound = environment.from_string(source)
        _refuse_bombs(bound.nodes)
        found = bound.analyze(include_partials=False)
    except LiquidError as error:
        raise _fault(error) from None
    except RecursionError:
        raise LiquidFault(_("It is nested too deeply.")) from None
    used = [one for several in found.globals.values() for one in several]
    used.sort(key=lambda one: one.span.index)
    return Template(
        bound,
        tuple(Used(_name(one.segments), source.count("\n", 0, one.span.index) + 1) for one in used),
    )


def render(template: Template, values: Mapping[str, Any]) -> str:
    """The text with `values`, by dotted name, filled in. Raises `LiquidFault`."""
    try:
        return template.bound.render(**nested(values))
    except LiquidError as error:
        raise _fault(error) from None
    except RecursionError:
        raise LiquidFault(_("It is nested too deeply.")) from None


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
                raise LiquidFault(words % {"limit": MAX_RANGE})


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


def _fault(error: LiquidError) -> LiquidFault:
    context = error.context()
    line = context[0] if context else 0
    reason = str(error.message)[:200]
    if isinstance(error, ResourceLimitError):
        return LiquidFault(_("It runs too long or says too much."), line)
    if isinstance(error, UndefinedError):
        return LiquidFault(_("There is no value for it: %(reason)s") % {"reason": reason}, line)
    if isinstance(error, LiquidSyntaxError):
        return LiquidFault(_("It cannot be read: %(reason)s") % {"reason": reason}, line)
    return LiquidFault(_("It cannot be filled in: %(reason)s") % {"reason": reason}, line)
