"""The journey as numbered nodes and arcs, and where each of them goes in a drawing."""

from collections.abc import Sequence
from dataclasses import dataclass

from journeys.flow.columns import assign_columns
from journeys.flow.marks import Mark, Marked, Overlay
from journeys.flow.ordering import Layers, arrange
from journeys.flow.ranking import Arc, Ranking, rank

_MOST_VERTICES = 12_000


@dataclass(frozen=True, slots=True)
class Node:
    """A station to be: an entry or a step, of either version."""

    element: str
    marked: Marked

    @property
    def key(self) -> str:
        """Its key in the document."""
        return str(self.marked.element["key"])


@dataclass(frozen=True, slots=True)
class Line:
    """A line to be. `marked` is its transition; an entry has a line without one."""

    key: str
    arc: Arc
    mark: Mark
    marked: Marked | None


@dataclass(slots=True)
class Network:
    """Nodes that hang together and their lines, with their places; and nodes that stand alone."""

    nodes: list[Node]
    lines: list[Line]
    layers: Layers
    column: list[int]
    is_back: list[bool]
    main: set[Arc]
    alone: list[Node]
    # Lines between nodes that stand alone, by their numbers there: more than a drawing can hold.
    undrawn: list[Line]


def build(marked: Overlay) -> Network:
    """Number, rank, order and align everything; lines to or from nowhere are left out.

    Where the lines are so long and so many that nobody could follow them, none is drawn.
    """
    nodes = [Node("entries", one) for one in marked.entries]
    nodes += [Node("steps", one) for one in marked.steps]
    lines = _lines(marked, nodes)
    joined = {number for line in lines for number in line.arc}
    kept = [number for number in range(len(nodes)) if number in joined]
    renumbered = {number: position for position, number in enumerate(kept)}
    lines = [
        Line(line.key, (renumbered[line.arc[0]], renumbered[line.arc[1]]), line.mark, line.marked)
        for line in lines
    ]
    arcs = [line.arc for line in lines]
    ranking = rank(len(kept), arcs, [_weight(line) for line in lines])
    if len(kept) + _bends(arcs, ranking) > _MOST_VERTICES:
        alone = [nodes[number] for number in kept]
        alone += [node for number, node in enumerate(nodes) if number not in joined]
        return Network([], [], Layers(0, [], []), [], [], set(), alone, lines)
    layers = arrange(len(kept), arcs, ranking)
    return Network(
        nodes=[nodes[number] for number in kept],
        lines=lines,
        layers=layers,
        column=assign_columns(layers),
        is_back=ranking.is_back,
        main=set(zip(ranking.main, ranking.main[1:], strict=False)),
        alone=[node for number, node in enumerate(nodes) if number not in joined],
        undrawn=[],
    )


def _bends(arcs: Sequence[Arc], ranking: Ranking) -> int:
    """How many layers all trunks pass through together."""
    longest: dict[tuple[int, bool], int] = {}
    for (source, target), is_back in zip(arcs, ranking.is_back, strict=True):
        span = abs(ranking.layer[target] - ranking.layer[source])
        longest[target, is_back] = max(longest.get((target, is_back), 0), span)
    return sum(longest.values())


def _lines(marked: Overlay, nodes: Sequence[Node]) -> list[Line]:
    steps = {node.key: number for number, node in enumerate(nodes) if node.element == "steps"}
    lines = [
        Line(node.key, (number, steps[step]), mark, None)
        for number, node in enumerate(nodes)
        if node.element == "entries"
        for step, mark in _ways_in(node.marked)
        if step in steps
    ]
    lines += [
        Line(
            one.element["key"],
            (steps[one.element["source"]], steps[one.element["target"]]),
            one.mark,
            one,
        )
        for one in marked.transitions
        if one.element["source"] in steps and one.element["target"] in steps
    ]
    return lines


def _ways_in(marked: Marked) -> list[tuple[str, Mark]]:
    """Where an entry leads, and where it led before if that was elsewhere."""
    ways: list[tuple[str, Mark]] = [(marked.element["step"], marked.mark)]
    if marked.mark == "rewire" and marked.was is not None:
        ways.append((marked.was["step"], "remove"))
    return ways


def _weight(line: Line) -> float:
    """How much goes along a line. What stays as it is keeps the straight way."""
    if line.mark in {"add", "remove"}:
        return _LIGHT[line.mark]
    share = line.marked.element["share"] if line.marked else None
    return share if share is not None else 0


_LIGHT = {"add": -1, "remove": -2}
