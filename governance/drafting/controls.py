"""What a form of a policy is made of: single controls, each with its name, value and errors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

# A heading, and the values below it with their labels.
Options = Sequence[tuple[Any, Sequence[tuple[str, Any]]]]
Form = Mapping[str, Any]


@dataclass(slots=True)
class Control:
    """One control. `kind` is text, number, area, lines, select, boxes, many or truth.

    `refreshes`: what else the form shows follows from its value. `focus`: a person who has just
    asked for it goes on there.
    """

    name: str
    label: Any
    value: Any = ""
    kind: str = "text"
    options: Options = ()
    help: Any = ""
    least: int | None = None
    most: int | None = None
    optional: bool = False
    refreshes: bool = False
    focus: bool = False
    lang: str = ""
    errors: list[str] = field(default_factory=list)

    @property
    def id(self) -> str:
        """Its id in the page."""
        return f"id_{self.name.replace('.', '-')}"

    @property
    def described_by(self) -> str:
        """Ids of what explains it."""
        ids = [f"{self.id}-help"] if self.help else []
        return " ".join([*ids, *([f"{self.id}-errors"] if self.errors else [])])

    @property
    def chosen(self) -> frozenset[str]:
        """Its values as a set, for boxes and lists."""
        return frozenset(self.value if isinstance(self.value, list | tuple) else [self.value])


def text_of(data: Any, name: str) -> str:
    """The text that a form sent under a name."""
    value = data.get(name, "")
    return value if isinstance(value, str) else ""


def size_of(data: Any, name: str, most: int) -> int:
    """How many of something a form says it holds; never more than `most`."""
    text = text_of(data, f"{name}.size")
    is_number = text.isascii() and text.isdigit() and len(text) < 4
    return min(int(text), most) if is_number else 0


def lines_of(data: Any, name: str) -> list[str]:
    """All that was ticked, or written on lines of its own, in order and once each."""
    found: dict[str, None] = {}
    for value in data.getlist(name):
        for line in value.splitlines():
            if line.strip():
                found[line.strip()] = None
    return list(found)


def number_of(text: str) -> int | float | str:
    """The number that a text stands for; a text that stands for none as it is."""
    text = text.strip()
    if not text.isascii() or len(text) > 20:
        return text
    digits = text.removeprefix("-")
    if digits.isdigit():
        return int(text)
    whole, _point, rest = digits.partition(".")
    return float(text) if whole.isdigit() and rest.isdigit() else text
