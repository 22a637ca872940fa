"""A YAML text as plain values that remember where they stood, built event by event.

Nothing is ever constructed but text, numbers, true, false, null, lists and mappings, and reading
stops at the first thing that is not wanted, so that neither depth nor aliases cost anything.
"""

import math
import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from governance.ruling.problems import Problem, below, shown

MAX_LENGTH = 1_000_000
MAX_DEPTH = 20
MAX_NODES = 20_000

_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})", re.ASCII)
_DECIMAL = re.compile(
    r"[-+]?(?:(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{0,40})?|\.[0-9]{1,40})(?:[eE][-+]?[0-9]{1,3})?",
    re.ASCII,
)
_WORDS: dict[str, Any] = {
    "": None,
    "~": None,
    "null": None,
    "true": True,
    "false": False,
}


@dataclass(frozen=True, slots=True)
class Place:
    """Line and column, counted from 1."""

    line: int
    column: int


class Stopped(Exception):
    """The text cannot be read on from `place`."""

    def __init__(self, place: Place, code: str, **params: Any) -> None:
        super().__init__(code)
        self.place = place
        self.problem = Problem("", code, params)


@dataclass
class Nested:
    """A value and where each part of it stands, by JSON pointer."""

    value: Any = None
    values: dict[str, Place] = field(default_factory=dict)
    names: dict[str, Place] = field(default_factory=dict)

    def place(self, pointer: str, *, by_name: bool = False) -> Place:
        """Where a part stands, or the nearest thing around it that is there."""
        first = self.names if by_name else self.values
        while pointer:
            found = first.get(pointer) or self.values.get(pointer)
            if found:
                return found
            pointer = pointer.rpartition("/")[0]
        return self.values.get("", Place(1, 1))


def nested(text: str) -> Nested:
    """The one YAML document in `text`. Raises `Stopped`."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    builder = _Builder()
    try:
        for event in yaml.parse(text, Loader=loader):
            builder.take(event)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        place = Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)
        reason = str(getattr(error, "problem", None) or "")
        raise Stopped(place, "not_yaml", reason=reason) from None
    if not builder.documents:
        raise Stopped(Place(1, 1), "yaml_empty")
    return builder.result


@dataclass(slots=True)
class _Open:
    """A list or mapping that is still being filled; `name` is that of the value to come."""

    value: list[Any] | dict[str, Any]
    pointer: str
    name: str | None = None


class _Builder:
    """Builds plain values out of YAML events, one at a time."""

    def __init__(self) -> None:
        self.result = Nested()
        self.documents = 0
        self._open: list[_Open] = []
        self._count = 0

    def take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                raise Stopped(_at(event), "yaml_documents")
        elif isinstance(event, yaml.NodeEvent):
            self._refuse(event)
            self._take_node(event)
        elif isinstance(event, yaml.SequenceEndEvent | yaml.MappingEndEvent):
            self._open.pop()

    def _refuse(self, event: yaml.NodeEvent) -> None:
        if isinstance(event, yaml.AliasEvent):
            raise Stopped(_at(event), "yaml_alias", name=shown(event.anchor))
        if event.anchor:
            raise Stopped(_at(event), "yaml_anchor", name=shown(event.anchor))
        if tag := getattr(event, "tag", None):
            raise Stopped(_at(event), "yaml_tag", name=shown(tag))
        self._count += 1
        if self._count > MAX_NODES:
            raise Stopped(_at(event), "yaml_nodes", limit=MAX_NODES)

    def _take_node(self, event: yaml.NodeEvent) -> None:
        if self._open and self._awaits_name(self._open[-1]):
            self._take_name(event, self._open[-1])
            return
        if isinstance(event, yaml.ScalarEvent):
            self._add(_scalar(event), event)
            return
        value: list[Any] | dict[str, Any] = [] if isinstance(event, yaml.SequenceStartEvent) else {}
        pointer = self._add(value, event)
        self._open.append(_Open(value, pointer))
        if len(self._open) > MAX_DEPTH:
            raise Stopped(_at(event), "yaml_deep", limit=MAX_DEPTH)

    def _awaits_name(self, parent: _Open) -> bool:
        return isinstance(parent.value, dict) and parent.name is None

    def _take_name(self, event: yaml.NodeEvent, parent: _Open) -> None:
        if not isinstance(event, yaml.ScalarEvent):
            raise Stopped(_at(event), "yaml_name")
        name = str(event.value)
        if name == "<<":
            raise Stopped(_at(event), "yaml_merge")
        if name in parent.value:
            raise Stopped(_at(event), "yaml_repeated", name=shown(name))
        parent.name = name
        self.result.names[below(parent.pointer, name)] = _at(event)

    def _add(self, value: Any, event: yaml.NodeEvent) -> str:
        """Put a value where it belongs; the pointer to it."""
        if not self._open:
            self.result.value = value
            pointer = ""
        else:
            parent = self._open[-1]
            if isinstance(parent.value, list):
                pointer = below(parent.pointer, len(parent.value))
                parent.value.append(value)
            else:
                name = parent.name or ""
                pointer = below(parent.pointer, name)
                parent.value[name] = value
                parent.name = None
        self.result.values[pointer] = _at(event)
        return pointer


def _at(event: yaml.Event) -> Place:
    mark = event.start_mark
    return Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)


def _scalar(event: yaml.ScalarEvent) -> Any:
    return plain_value(event.value) if event.implicit[0] else str(event.value)


def plain_value(text: str) -> Any:
    """What an unquoted word stands for in YAML 1.2; octal, hexadecimal and other numbers, dates
    and yes and no are text."""
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        number = float(text)
        return number if math.isfinite(number) else text
    return text
