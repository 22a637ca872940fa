"""The drawing as a whole: a document in, stations and lines with their places in pixels out."""

from collections.abc import Callable, Sequence
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cjops.documents import Document
from journeys.flow import stations
from journeys.flow.frames import (
    BESIDE,
    MARGIN,
    NAME_LEADING,
    RADIUS,
    SUB_LEADING,
    block_height,
    frame_down,
    frame_right,
)
from journeys.flow.geometry import Frame, path
from journeys.flow.marks import Mark, Side, overlay
from journeys.flow.model import Direction, Flow, FlowEdge, FlowNode, TextLine
from journeys.flow.network import Network, Node, build
from journeys.flow.routing import Hop, Routes, route
from journeys.flow.stations import Station, Words
from journeys.marks import GLYPHS
from journeys.values import NO_NAMES, Names

# To the right run only drawings that fit a page; the others run down it.
_WIDEST_RIGHT, _MOST_LAYERS_RIGHT, _MOST_COLUMNS_RIGHT = 1_120, 9, 4
# How wide names are, and in how many lines.
_ROOM: dict[Direction, tuple[int, int]] = {"down": (176, 2), "right": (124, 3)}
_ALONE_WIDTH, _ALONE_HEIGHT = 220, 56
# What is marked most is drawn last, on top of lines it shares a track with.
_ORDER: tuple[Mark, ...] = ("", "move", "remove", "edit", "rewire", "add")


def layout(
    document: Document,
    *,
    before: Document | None = None,
    side: Side = "both",
    names: Names = NO_NAMES,
    url: Callable[[str], str] | None = None,
    direction: Literal["auto", "down", "right"] = "auto",
    widest: int = _WIDEST_RIGHT,
) -> Flow:
    """Draw `document`; with `before`, mark what changed since. `side` draws one of the two alone.

    `names` gives display names of channels and journeys by key; `url` the address of a step by
    its key. Journeys run downwards, short and simple ones of at most `widest` pixels from left
    to right, unless `direction` says which.
    """
    drawing = _Drawing(build(overlay(document, before, side)), names, url)
    shown = before if before is not None and side == "before" else document
    title = shown["name"] or _("Journey")
    if direction != "auto":
        return drawing.flow(direction, title)
    if drawing.may_run_right():
        flow = drawing.flow("right", title)
        if flow.width <= widest:
            return flow
    return drawing.flow("down", title)


class _Drawing:
    """One journey's network, drawn in either direction."""

    def __init__(self, network: Network, names: Names, url: Callable[[str], str] | None) -> None:
        self.network = network
        self.names = names
        self.url = url
        self.words = [stations.line_words(line.marked, line.mark) for line in network.lines]

    def may_run_right(self) -> bool:
        """Whether the journey is short, narrow, and has a piece of line for the words of each."""
        layers, column = self.network.layers, self.network.column
        if len(layers.order) > _MOST_LAYERS_RIGHT or max(column, default=0) >= _MOST_COLUMNS_RIGHT:
            return False
        worded = [
            chain[1] for chain, words in zip(layers.chains, self.words, strict=True) if words.label
        ]
        return len(worded) == len(set(worded))

    def flow(self, direction: Direction, title: str) -> Flow:
        """The drawing in one direction."""
        network = self.network
        found = [self._station(node, direction) for node in network.nodes]
        on_tracks = [bool(words.label) and direction == "down" for words in self.words]
        routes = route(network.layers, network.column, on_tracks)
        make = frame_down if direction == "down" else frame_right
        frame = make(network, found, routes, [words.width for words in self.words])
        edges = self._edges(found, routes, frame)
        nodes = self._nodes(found, frame) + self._alone(frame)
        marks = {node.mark for node in nodes} | {edge.mark for edge in edges}
        return Flow(
            nodes=tuple(nodes),
            edges=tuple(sorted(edges, key=lambda edge: _ORDER.index(edge.mark))),
            width=max([node.left + node.width + MARGIN for node in nodes] + [_breadth(frame)]),
            height=max([node.top + node.height + MARGIN for node in nodes] + [_height(frame)]),
            direction=direction,
            title=title,
            description=_description(nodes, edges),
            marks=tuple(mark for mark in GLYPHS if mark and mark in marks),
            has_lines=not network.undrawn,
        )

    def _station(self, node: Node, direction: Direction) -> Station:
        width, lines = _ROOM[direction]
        if node.element == "entries":
            return stations.entry_station(node.marked, self.names, width=width, lines=lines)
        return stations.step_station(node.marked, self.names, self.url, width=width, lines=lines)

    def _nodes(self, found: Sequence[Station], frame: Frame) -> list[FlowNode]:
        ways: list[list[str]] = [[] for _ in found]
        for line, words in zip(self.network.lines, self.words, strict=True):
            source, target = line.arc
            ways[source].append(stations.way_description(found[target].name, words.full, line.mark))
        layers, column = self.network.layers.layer, self.network.column
        # Read in the order of the drawing: layer by layer, each from its first column.
        order = sorted(range(len(found)), key=lambda number: (layers[number], column[number]))
        place = _beside if frame.direction == "down" else _around
        return [
            place(
                found[number],
                frame.point(frame.centre[layers[number]], frame.across[column[number]]),
                tuple(ways[number]),
            )
            for number in order
        ]

    def _alone(self, frame: Frame) -> list[FlowNode]:
        """Stations without any line, in rows below the drawing."""
        top = _height(frame) if self.network.nodes else MARGIN
        per_row = max(3, _breadth(frame) // _ALONE_WIDTH)
        found = [self._station(node, "down") for node in self.network.alone]
        ways: list[list[str]] = [[] for _ in found]
        for line in self.network.undrawn:
            source, target = line.arc
            words = stations.line_words(line.marked, line.mark)
            ways[source].append(stations.way_description(found[target].name, words.full, line.mark))
        return [
            _beside(
                station,
                (
                    MARGIN + RADIUS + number % per_row * _ALONE_WIDTH,
                    top + _ALONE_HEIGHT // 2 + number // per_row * _ALONE_HEIGHT,
                ),
                tuple(ways[number]),
            )
            for number, station in enumerate(found)
        ]

    def _edges(self, found: Sequence[Station], routes: Routes, frame: Frame) -> list[FlowEdge]:
        network = self.network
        edges = []
        for number, line in enumerate(network.lines):
            source, target = line.arc
            words, hops = self.words[number], routes.hops[number]
            start = frame.centre[network.layers.layer[source]]
            end = frame.centre[network.layers.layer[target]] - RADIUS - 2
            d, arrow = path(frame, routes, hops, start, end)
            x, y, anchor = _label_place(frame, routes, hops, network.is_back[number], words)
            edges.append(
                FlowEdge(
                    key=line.key,
                    source=found[source].key,
                    target=found[target].key,
                    mark=line.mark,
                    is_main=line.arc in network.main,
                    is_back=network.is_back[number],
                    d=d,
                    arrow=arrow,
                    label=words.label,
                    label_x=x,
                    label_y=y,
                    label_anchor=anchor,
                    description=stations.line_description(
                        found[source].name, found[target].name, words.full, line.mark
                    ),
                )
            )
        return edges


def _label_place(
    frame: Frame, routes: Routes, hops: Sequence[Hop], is_back: bool, words: Words
) -> tuple[int, int, Literal["start", "end"]]:
    """Where the words of a line stand, and from which end."""
    hop = hops[0]
    if not words.label:
        return 0, 0, "start"
    if frame.direction == "down":
        along = frame.track(routes, hop, hop.label_net)
        is_slot = routes.gaps[hop.gap][hop.label_net].is_label
        x, y = frame.point(along - (0 if is_slot else 6), frame.across[hop.start[1]] + BESIDE - 6)
        return x, y, "start"
    if is_back:
        x, y = frame.point(frame.track(routes, hop, hop.net) - 12, frame.across[hop.end[1]] - 7)
        return x, y, "end"
    gap_end = frame.gap_start[hop.gap] + frame.gap_size[hop.gap]
    x, y = frame.point(gap_end - words.width - 10, frame.across[hop.end[1]] - 7)
    return x, y, "start"


def _beside(station: Station, at: tuple[int, int], ways: tuple[str, ...]) -> FlowNode:
    """A station with its words to the right."""
    x, y = at
    height = block_height(station)
    # A baseline lies about a quarter of the leading above the foot of its line.
    baseline = y - height // 2 - 4
    lines = []
    for text in station.name_lines:
        baseline += NAME_LEADING
        lines.append(TextLine(x + BESIDE, baseline, text, "name"))
    for role, text in station.subs:
        baseline += SUB_LEADING
        lines.append(TextLine(x + BESIDE, baseline, text, role))
    half = max(height // 2 + 2, RADIUS + 3)
    return _node(
        station,
        (x, y),
        "start",
        lines,
        (x - RADIUS - 3, y - half, RADIUS + 3 + BESIDE + station.width + 4, 2 * half),
        ways,
    )


def _around(station: Station, at: tuple[int, int], ways: tuple[str, ...]) -> FlowNode:
    """A station with its name above and the small print below."""
    x, y = at
    over = len(station.name_lines) * NAME_LEADING
    lines = [
        TextLine(x, y - RADIUS - 8 - over + (number + 1) * NAME_LEADING, text, "name")
        for number, text in enumerate(station.name_lines)
    ]
    lines += [
        TextLine(x, y + RADIUS + 2 + (number + 1) * SUB_LEADING, text, role)
        for number, (role, text) in enumerate(station.subs)
    ]
    width = max(station.width + 8, 2 * RADIUS + 6)
    under = len(station.subs) * SUB_LEADING
    top = y - RADIUS - 8 - over
    return _node(
        station,
        (x, y),
        "middle",
        lines,
        (x - width // 2, top, width, over + 2 * RADIUS + 14 + under),
        ways,
    )


def _node(
    station: Station,
    at: tuple[int, int],
    anchor: Literal["start", "middle"],
    lines: Sequence[TextLine],
    box: tuple[int, int, int, int],
    ways: tuple[str, ...],
) -> FlowNode:
    left, top, width, height = box
    return FlowNode(
        element=station.element,
        key=station.key,
        kind=station.kind,
        channel=station.channel,
        mark=station.mark,
        name=station.name,
        x=at[0],
        y=at[1],
        anchor=anchor,
        lines=tuple(lines),
        left=left,
        top=top,
        width=width,
        height=height,
        description=_("%(name)s (%(details)s)")
        % {"name": station.name, "details": station.details},
        ways=ways,
        url=station.url,
    )


def _breadth(frame: Frame) -> int:
    return frame.breadth if frame.direction == "down" else frame.length


def _height(frame: Frame) -> int:
    return frame.length if frame.direction == "down" else frame.breadth


def _description(nodes: Sequence[FlowNode], edges: Sequence[FlowEdge]) -> str:
    steps = sum(node.element == "steps" for node in nodes)
    return ngettext(
        "A drawing of %(count)s step and the %(paths)s paths between steps.",
        "A drawing of %(count)s steps and the %(paths)s paths between them.",
        steps,
    ) % {"count": steps, "paths": sum(1 for edge in edges)}
