"""Files from outside as plain JSON values, read so that no file can do harm.

JSON is parsed by orjson, YAML event by event without ever building an object: aliases, anchors,
tags and documents after the first are refused, and so is anything too deep or too large.
"""

import json
import math
import re
from typing import Any

import orjson
import yaml
from django.utils.translation import gettext as _

from journeys.importers.result import ImportRefused

MAX_DEPTH = 60
MAX_VALUES = 500_000
MAX_YAML_VALUES = 50_000

_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})", re.ASCII)
_DECIMAL = re.compile(r"[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?", re.ASCII)
_WORDS: dict[str, Any] = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}


def parse_json(data: bytes) -> Any:
    """The JSON value in `data`. Raises `ImportRefused`."""
    try:
        value = orjson.loads(data.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        raise ImportRefused(
            _("The file is not valid JSON: %(reason)s.") % {"reason": str(error).rstrip(".")}
        ) from None
    _refuse_unwieldy(value)
    # Whoever looked at the file may have read the other one. Its depth is bounded by now.
    json.loads(data.removeprefix(b"\xef\xbb\xbf"), object_pairs_hook=_once, parse_int=str)
    return value


def _once(members: list[tuple[str, Any]]) -> dict[str, Any]:
    known = dict(members)
    if len(known) < len(members):
        raise ImportRefused(_("The file names a member twice."))
    return known


def _refuse_unwieldy(value: Any) -> None:
    level, count = [value], 0
    for _depth in range(MAX_DEPTH):
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        count += len(level)
        if not level:
            return
        if count > MAX_VALUES:
            raise ImportRefused(_("The file holds more values than a journey could."))
    raise ImportRefused(_("The file is nested too deeply."))


def parse_yaml(data: bytes) -> Any:
    """The YAML document in `data` as JSON values. Raises `ImportRefused`."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ImportRefused(_("The file is not text in UTF-8.")) from None
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    builder = _Builder()
    try:
        for event in yaml.parse(text, Loader=loader):
            builder.take(event)
    except yaml.YAMLError as error:
        reason = getattr(error, "problem", None) or _("it cannot be read")
        mark = getattr(error, "problem_mark", None)
        raise ImportRefused(
            _("The file is not valid YAML: %(reason)s (line %(line)s).")
            % {"reason": reason, "line": mark.line + 1 if mark else "?"}
        ) from None
    return builder.value


class _Builder:
    """Builds plain values out of YAML events, one at a time."""

    def __init__(self) -> None:
        self.value: Any = None
        self._open: list[list[Any] | dict[str, Any]] = []
        self._keys: list[str | None] = []
        self._count = 0
        self._documents = 0

    def take(self, event: yaml.Event) -> None:
        """Take the next event."""
        if isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                raise ImportRefused(_("The file holds more than one YAML document."))
        elif isinstance(event, yaml.NodeEvent):
            self._take_node(event)
        elif isinstance(event, yaml.SequenceEndEvent | yaml.MappingEndEvent):
            self._open.pop()
            self._keys.pop()

    def _take_node(self, event: yaml.NodeEvent) -> None:
        if isinstance(event, yaml.AliasEvent) or event.anchor:
            raise ImportRefused(_("The file uses YAML anchors or aliases, which are not accepted."))
        tag = getattr(event, "tag", None)
        if tag and tag != "!":
            raise ImportRefused(_("The file uses YAML tags, which are not accepted."))
        self._count += 1
        if self._count > MAX_YAML_VALUES:
            raise ImportRefused(_("The file holds more values than a journey could."))
        if isinstance(event, yaml.ScalarEvent):
            self._add(_scalar(event), event)
            return
        value: list[Any] | dict[str, Any] = [] if isinstance(event, yaml.SequenceStartEvent) else {}
        self._add(value, event)
        self._open.append(value)
        self._keys.append(None)
        if len(self._open) > MAX_DEPTH:
            raise ImportRefused(_("The file is nested too deeply."))

    def _add(self, value: Any, event: yaml.NodeEvent) -> None:
        if not self._open:
            self.value = value
            return
        parent = self._open[-1]
        if isinstance(parent, list):
            parent.append(value)
        elif self._keys[-1] is None:
            self._keys[-1] = self._key(event, parent)
        else:
            parent[self._keys[-1]] = value
            self._keys[-1] = None

    def _key(self, event: yaml.NodeEvent, parent: dict[str, Any]) -> str:
        if not isinstance(event, yaml.ScalarEvent):
            raise ImportRefused(_("Names in the YAML file must be text."))
        if event.value in parent:
            raise ImportRefused(
                _("The name “%(name)s” stands twice in one place of the YAML file.")
                % {"name": event.value[:80]}
            )
        return str(event.value)


def _scalar(event: yaml.ScalarEvent) -> Any:
    text: str = event.value
    is_plain = event.implicit[0]
    if not is_plain:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        number = float(text)
        return number if math.isfinite(number) else text
    return text
