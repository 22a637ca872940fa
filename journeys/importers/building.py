"""What all importers share: keys, clean text, and a definition put together step by step."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from django.utils.translation import gettext as _

from cjops.core.schema.fields import KEY_LENGTH, LINE_LENGTH, TEXT_LENGTH
from cjops.core.schema.text import tidy_line, tidy_text, without_refused
from cjops.core.wording import cut, listing
from content.definition import complete as complete_asset
from journeys.definition import MAX_STEPS, MAX_TRANSITIONS, ShapeError, complete
from journeys.importers.result import Imported, ImportedContent, ImportRefused

STAGE = "imported"
_WORD_BREAK = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[_\s]+")
# Deployment tools mark the fields they resolve.
_TOOL_PREFIX = re.compile(r"^[rc]__")
_NO_VALUE: tuple[object, ...] = (None, "", [], {}, False, 0, "0001-01-01T00:00:00")


def line(value: object) -> str:
    """Any value as one clean line; "" for what is no text or number."""
    return cut(tidy_line(without_refused(_text_of(value))), LINE_LENGTH)


def text(value: object, limit: int = TEXT_LENGTH) -> str:
    """Any value as clean text; "" for what is no text or number."""
    return cut(tidy_text(without_refused(_text_of(value))), limit)


def _text_of(value: object) -> str:
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def mapping(value: object) -> dict[str, Any]:
    """`value` if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: object) -> list[Any]:
    """`value` if it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def slug(value: str, default: str) -> str:
    """A key made of `value`: letters and digits of ASCII, or `default` where there are none."""
    plain = unicodedata.normalize("NFKD", value).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:KEY_LENGTH].strip("-") or default


class Keys:
    """Hands out keys, each only once."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def new(self, value: str, default: str) -> str:
        """A key made of `value` that nothing else has yet."""
        base = slug(value, default)
        key, number = base, 1
        while key in self._taken:
            number += 1
            suffix = f"-{number}"
            key = base[: KEY_LENGTH - len(suffix)].rstrip("-") + suffix
        self._taken.add(key)
        return key


def leftovers(source: Mapping[str, Any], used: Iterable[str]) -> list[str]:
    """The names of fields that hold something and were not used, in words."""
    kept = set(used)
    return [
        _WORD_BREAK.sub(" ", _TOOL_PREFIX.sub("", name)).strip().lower()
        for name, value in source.items()
        if name not in kept and value not in _NO_VALUE
    ]


def shortened(names: list[str]) -> str:
    """A list of names for a note, bounded in length."""
    return cut(listing([cut(line(name), 60) for name in names]), 2_000)


class Builder:
    """A definition in the making. Steps are named by the ids of the file they come from."""

    def __init__(self, *, name: str, purpose: str, language: str) -> None:
        self.notes: list[str] = []
        self.content: list[ImportedContent] = []
        self._language = language
        self._header: dict[str, Any] = {"name": name, "purpose": purpose}
        self._entries: list[dict[str, Any]] = []
        self._exits: list[dict[str, Any]] = []
        self._steps: dict[str, dict[str, Any]] = {}
        self._transitions: list[dict[str, Any]] = []
        self._step_keys, self._asset_keys, self._keys = Keys(), Keys(), Keys()
        self._exit_key = ""

    def note(self, message: str) -> None:
        """Say something about what was not carried over, once."""
        if message not in self.notes:
            self.notes.append(message)

    def header(self, **fields: Any) -> None:
        """Set header fields."""
        self._header.update(fields)

    def knows(self, source_id: str) -> bool:
        """Whether a step with this id of the file was added."""
        return source_id in self._steps

    def step(self, source_id: str, *, name: str, kind: str, **fields: Any) -> dict[str, Any]:
        """Add a step and return it, so that fields may follow. Raises `ImportRefused`."""
        if source_id in self._steps:
            raise ImportRefused(
                _("The file has two steps with the id “%(id)s”.") % {"id": cut(source_id, 80)}
            )
        if len(self._steps) >= MAX_STEPS - 1:
            raise ImportRefused(
                _("The file has more than %(limit)s steps.") % {"limit": MAX_STEPS - 1}
            )
        key = self._step_keys.new(source_id, "step")
        step = {"key": key, "stage": STAGE, "name": name, "kind": kind, **fields}
        self._steps[source_id] = step
        return step

    def entry(self, source_id: str, **fields: Any) -> None:
        """Add an entry; `step` in `fields` is an id of the file."""
        step = self._steps.get(fields.pop("step"), {}).get("key", "")
        key = self._keys.new(f"entry-{source_id}", "entry")
        self._entries.append({"key": key, "step": step, **fields})

    def exit_rule(self, source_id: str, **fields: Any) -> None:
        """Add a rule that takes customers out."""
        self._exits.append({"key": self._keys.new(f"exit-{source_id}", "exit"), **fields})

    def path(self, source_id: str, target_id: str | None, **fields: Any) -> None:
        """Lead one step to another; None, or a step that is not there, leads to the exit."""
        source = self._steps[source_id]
        if target_id is not None and target_id not in self._steps:
            self.note(
                _("“%(step)s” leads to “%(id)s”, which is not in the file; it leads to the exit.")
                % {"step": source["name"], "id": cut(line(target_id), 80)}
            )
            target_id = None
        target = self._steps[target_id]["key"] if target_id is not None else self._exit()
        if len(self._transitions) >= MAX_TRANSITIONS:
            raise ImportRefused(
                _("The file has more than %(limit)s paths.") % {"limit": MAX_TRANSITIONS}
            )
        key = self._keys.new(f"{source['key'][:36]}-to-{target[:36]}", "path")
        self._transitions.append({"key": key, "source": source["key"], "target": target, **fields})

    def _exit(self) -> str:
        if not self._exit_key:
            self._exit_key = self._step_keys.new("exit", "exit")
        return self._exit_key

    def asset(
        self, kind: Literal["email", "sms", "push"], *, name: str, purpose: str = "", **fields: str
    ) -> dict[str, Any]:
        """Add an asset and return the slot that refers to its first version."""
        key = self._asset_keys.new(name, kind)
        document = complete_asset(
            {
                "name": name,
                "kind": kind,
                "purpose": purpose,
                "renditions": [
                    {"key": self._language.lower(), "language": self._language, **fields}
                ],
            }
        )
        self.content.append(ImportedContent(key, name, kind, document))
        return {"purpose": purpose, "asset": key, "version": 1, "digest": None}

    def result(self, key: str) -> Imported:
        """The whole: an exit where paths end, one stage, the notes. Raises `ImportRefused`."""
        if not self._steps:
            raise ImportRefused(_("The file holds no steps."))
        steps = list(self._steps.values())
        if self._exit_key:
            steps.append({"key": self._exit_key, "stage": STAGE, "name": "Exit", "kind": "exit"})
        self.note(
            _("The file knows no stages: all steps are in one stage; assign them afterwards.")
        )
        try:
            document = complete(
                {
                    **self._header,
                    "entries": self._entries,
                    "exits": self._exits,
                    "stages": [{"key": STAGE, "name": "Imported"}],
                    "steps": steps,
                    "transitions": self._transitions,
                }
            )
        except ShapeError as error:
            raise ImportRefused(error.message) from error
        return Imported(document, slug(key, "journey"), tuple(self.notes), tuple(self.content))
