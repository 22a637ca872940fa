"""The drawing of a flow as plain values: everything the template needs, nothing to compute."""

from dataclasses import dataclass
from typing import Literal

from journeys.flow.marks import Mark

Direction = Literal["down", "right"]


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of text beside a station; `role` is name, sub or was."""

    x: int
    y: int
    text: str
    role: str


@dataclass(frozen=True, slots=True)
class FlowNode:
    """A station: a step, or an entry (`element` says which). x, y is its centre."""

    element: str
    key: str
    kind: str
    channel: str
    mark: Mark
    name: str
    x: int
    y: int
    anchor: Literal["start", "middle"]
    lines: tuple[TextLine, ...]
    # The area that answers to a click: station and label together.
    left: int
    top: int
    width: int
    height: int
    description: str
    ways: tuple[str, ...]
    url: str = ""


@dataclass(frozen=True, slots=True)
class FlowEdge:
    """A line from one station to another, with its arrow head and the words beside it."""

    key: str
    source: str
    target: str
    mark: Mark
    is_main: bool
    is_back: bool
    d: str
    arrow: str
    label: str
    label_x: int
    label_y: int
    label_anchor: Literal["start", "end"]
    description: str


@dataclass(frozen=True, slots=True)
class Flow:
    """A whole drawing. Edges come before nodes; width and height are in pixels."""

    nodes: tuple[FlowNode, ...]
    edges: tuple[FlowEdge, ...]
    width: int
    height: int
    direction: Direction
    title: str
    description: str
    marks: tuple[Mark, ...]
    # False where the paths are too many and too long to draw; the list still has them all.
    has_lines: bool = True
