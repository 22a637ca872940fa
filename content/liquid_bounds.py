"""What a Liquid template may take at most, counted in steps and never in seconds.

A template is refused before it is read where it holds too much code or never closes a tag, since
the reader's patterns would go over the rest again and again. While it is filled in, everything
that could grow is paid for from one allowance: loops before they run, filters before they make
much of little, names when they are given a value.
"""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any, NamedTuple

from liquid import BoundTemplate, Environment, FalsyStrictUndefined
from liquid.context import RenderContext
from liquid.exceptions import FilterError, LiquidError, LoopIterationLimitError, ResourceLimitError

# Tags and outputs of a template, the characters of all of them, and of one.
MAX_PLACES, MAX_CODE, MAX_LONGEST = 5_000, 100_000, 4_000
# A value's characters, a list's items, a number's digits.
MAX_VALUE, MAX_ITEMS, MAX_NUMBER = 50_000, 10_000, 10**30
MAX_STEPS, MAX_LOOPS, MAX_OUTPUT = 200_000, 10_000, 2_000_000
CHARACTERS_A_STEP = 64

TAGS = frozenset({"if", "unless", "case", "for", "assign", "capture", "comment", "raw", "echo"})
# What no system that sends content needs, or what says to the escaping that it need not look.
NO_FILTERS = frozenset({"base64_encode", "base64_decode", "base64_url_safe_encode", "safe"}) | {
    "base64_url_safe_decode", "script_tag", "stylesheet_tag",
}  # fmt: skip

_BEGIN = re.compile(r"\{[{%]")
_TAG_NAME = re.compile(r"-?\s*+(\w*+)")
_END_RAW = re.compile(r"\{%-?\s*+endraw\s*+-?%\}")
# A width such as %999999999d would be written out; so many places no date has.
_WIDE = re.compile(r"%[^a-zA-Z%]*[0-9]{2}")
_CRASHES = (ArithmeticError, LookupError, TypeError, ValueError, OSError, AttributeError)


class Unreadable(NamedTuple):
    """Why a template is not even read: `what` is unclosed, long or many; and where."""

    what: str
    position: int


def scan(source: str) -> Unreadable | int:
    """How many characters of code `source` holds, or why it is not read; one pass."""
    position = code = places = 0
    while (begin := _BEGIN.search(source, position)) is not None:
        start = begin.start()
        is_tag = source[start + 1] == "%"
        end = source.find("%}" if is_tag else "}}", start + 2)
        if end < 0:
            return Unreadable("unclosed", start)
        length, places = end - start, places + 1
        code += length
        if length > MAX_LONGEST:
            return Unreadable("long", start)
        if code > MAX_CODE or places > MAX_PLACES:
            return Unreadable("many", start)
        position = end + 2
        name = _TAG_NAME.match(source, start + 2, end) if is_tag else None
        if name is not None and name.group(1) == "raw":
            closing = _END_RAW.search(source, position)
            if closing is None:
                return Unreadable("unclosed", start)
            position = closing.end()
    return code


class _Context(RenderContext):
    """What one filling-in may still take."""

    steps = MAX_STEPS

    def pay(self, steps: int) -> None:
        """Take `steps` from the allowance. Raises `ResourceLimitError`."""
        self.steps -= steps
        if self.steps < 0:
            raise ResourceLimitError("too many steps", token=None)

    def loop(self, namespace: Any, forloop: Any) -> Any:
        """A loop is paid for as if it ran through the whole template each time."""
        if forloop.length > MAX_LOOPS:
            raise LoopIterationLimitError("loop iteration limit reached", token=None)
        self.pay(forloop.length * getattr(self.template, "weight", 1))
        return super().loop(namespace, forloop)

    def assign(self, key: str, val: Any) -> None:
        """A value is paid for by its size; what it takes in all is bounded with that."""
        self.pay(_weight(val))
        self.locals[key] = val

    def filter(self, name: str, token: Any) -> Callable[..., object]:
        """The filter, which pays for what it is given and for what it makes."""
        function = super().filter(name, token)

        @wraps(function)
        def paid(value: Any, *args: Any, **kwargs: Any) -> object:
            self.pay(_weight(value) + sum(map(_weight, args)))
            _refuse_growth(name, value, args)
            try:
                made = function(value, *args, **kwargs)
            except LiquidError:
                raise
            except _CRASHES as error:
                raise FilterError(f"{name}: {type(error).__name__}", token=token) from error
            self.pay(_weight(made))
            return made

        return paid


class _Template(BoundTemplate):
    context_class = _Context
    weight = 1


class _Bounded(Environment):
    loop_iteration_limit = MAX_LOOPS
    output_stream_limit = MAX_OUTPUT
    template_class = _Template


def environment(*, escapes: bool) -> Environment:
    """The part of Liquid that content knows; values are escaped for markup where `escapes`."""
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


def _weight(value: Any) -> int:
    """What a value costs. Raises `ResourceLimitError` where it is larger than any may be."""
    if isinstance(value, str):
        if len(value) > MAX_VALUE:
            raise ResourceLimitError("value too long", token=None)
        return 1 + len(value) // CHARACTERS_A_STEP
    if isinstance(value, (list, tuple)):
        if len(value) > MAX_ITEMS:
            raise ResourceLimitError("list too long", token=None)
        return 1 + len(value)
    if isinstance(value, int) and abs(value) > MAX_NUMBER:
        raise ResourceLimitError("number too large", token=None)
    return 1


def _refuse_growth(name: str, value: Any, args: tuple[Any, ...]) -> None:
    """Raise `ResourceLimitError` where the filter would make too much of what it is given."""
    made = 0
    if name == "replace" and len(args) > 1:
        text, sought = str(value), str(args[0])
        made = len(text) + (text.count(sought) if sought else len(text) + 1) * len(str(args[1]))
    elif name == "join" and isinstance(value, (list, tuple)):
        between = len(str(args[0])) if args else 1
        made = sum(len(one) if isinstance(one, str) else 100 for one in value)
        made += between * len(value)
    elif name == "uniq" and isinstance(value, (list, tuple)):
        # It compares each with each.
        made = len(value) ** 2 // 20
    elif name == "date" and args and _WIDE.search(str(args[0])):
        made = MAX_VALUE + 1
    if made > MAX_VALUE:
        raise ResourceLimitError("too much would be made", token=None)
