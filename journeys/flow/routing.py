"""Lines through the gaps between layers: which turns where, so that no two run on one another.

In a gap, all lines that end at one vertex form a net: they may run on a common track, since they
lead to the same place. Each net that turns takes a track of its own, a label one beside the line
it belongs to. Where a line comes down at a column and another leaves towards the same column, the
first must turn above the second; tracks are assigned in an order that holds to this.
"""

import heapq
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from journeys.flow.ordering import Layers

ABOVE, BELOW = 0, 1
Pin = tuple[int, int]
"""Where a line touches a gap: its side, and the column."""

LINE, LABELLED_LINE, LABEL = 10, 22, 17
_LABEL_REACH = 0.9


@dataclass(slots=True)
class Net:
    """Lines through one gap that end at one vertex, or the place of one label."""

    pins: set[Pin] = field(default_factory=set)
    flows: list[tuple[Pin, Pin]] = field(default_factory=list)
    low: float = 0
    high: float = 0
    size: int = 0
    above: list[int] = field(default_factory=list)
    level: int = -1
    is_curved: bool = False
    is_label: bool = False


@dataclass(frozen=True, slots=True)
class Hop:
    """One arc's way through one gap: its net, its pins, and the net where its label stands."""

    gap: int
    net: int
    start: Pin
    end: Pin
    label_net: int = -1


@dataclass(slots=True)
class Routes:
    """For each gap its nets and the sizes of its levels; for each arc its hops."""

    gaps: list[list[Net]]
    levels: list[list[int]]
    hops: list[list[Hop]]


def route(layers: Layers, column: Sequence[int], has_label: Sequence[bool]) -> Routes:
    """Route every arc. `has_label` says of each whether words stand beside its first line."""
    gaps: list[list[Net]] = [[] for _ in range(len(layers.order) + 1)]
    numbers: dict[tuple[int, bool, int], int] = {}
    hops: list[list[Hop]] = []
    for chain, labelled in zip(layers.chains, has_label, strict=True):
        way: list[Hop] = []
        for gap, upwards, start, end, vertex in _hops(layers, chain, column):
            net = numbers.setdefault((gap, upwards, vertex), len(gaps[gap]))
            if net == len(gaps[gap]):
                gaps[gap].append(Net())
            gaps[gap][net].pins.update((start, end))
            gaps[gap][net].flows.append((start, end))
            way.append(Hop(gap, net, start, end))
        if labelled:
            way[0] = _with_label(gaps[way[0].gap], way[0])
        hops.append(way)
    return Routes(gaps, [_levels(nets) for nets in gaps], hops)


def _hops(
    layers: Layers, chain: Sequence[int], column: Sequence[int]
) -> Iterator[tuple[int, bool, Pin, Pin, int]]:
    for source, target in itertools.pairwise(chain):
        upper, lower = layers.layer[source], layers.layer[target]
        if lower > upper:
            yield lower, False, (ABOVE, column[source]), (BELOW, column[target]), target
        elif lower < upper:
            yield upper, True, (BELOW, column[source]), (ABOVE, column[target]), target
        elif source < layers.node_count:
            yield upper + 1, True, (ABOVE, column[source]), (ABOVE, column[target]), target
        else:
            yield lower, False, (BELOW, column[source]), (BELOW, column[target]), target


def turns(start: Pin, end: Pin) -> bool:
    """Whether a line between the pins has to run along a track."""
    return start[1] != end[1] or start[0] == end[0]


def _with_label(nets: list[Net], hop: Hop) -> Hop:
    """Find a place for the words: on the line where it runs away to the right, else beside it."""
    column = hop.start[1]
    if hop.end[1] > column and hop.start[0] == ABOVE:
        net = nets[hop.net]
        net.size = LABELLED_LINE
        return Hop(hop.gap, hop.net, hop.start, hop.end, hop.net)
    place = Net(low=column, high=column + _LABEL_REACH, size=LABEL, is_label=True)
    nets.append(place)
    if turns(hop.start, hop.end):
        nets[hop.net].above.append(len(nets) - 1)
    else:
        place.pins.add((BELOW, column))
    return Hop(hop.gap, hop.net, hop.start, hop.end, len(nets) - 1)


def _levels(nets: list[Net]) -> list[int]:
    """Give each net that needs one a level, and return the sizes of the levels from the top."""
    for net in nets:
        if not net.is_label and any(turns(*flow) for flow in net.flows):
            columns = [at for _side, at in net.pins]
            net.low, net.high = min(columns), max(columns)
            net.size = net.size or LINE
    wanting = [number for number, net in enumerate(nets) if net.size]
    _constrain(nets, wanting)
    sizes: list[int] = []
    placed: list[Net] = []
    for number in _in_order(nets, wanting):
        net = nets[number]
        below = [nets[other].level + 1 for other in net.above]
        below += [other.level + 1 for other in placed if _overlap(net, other)]
        net.level = max(below, default=0)
        placed.append(net)
        sizes += [0] * (net.level + 1 - len(sizes))
        sizes[net.level] = max(sizes[net.level], net.size)
    return sizes


def _overlap(one: Net, other: Net) -> bool:
    return one.low <= other.high and other.low <= one.high


def _constrain(nets: list[Net], wanting: list[int]) -> None:
    """What comes from above at a column turns before anything leaves downwards there."""
    from_above: dict[int, list[int]] = {}
    for number in wanting:
        for side, at in nets[number].pins:
            if side == ABOVE:
                from_above.setdefault(at, []).append(number)
    for number in wanting:
        for side, at in nets[number].pins:
            if side == BELOW:
                nets[number].above += [one for one in from_above.get(at, ()) if one != number]


def _in_order(nets: list[Net], wanting: list[int]) -> Iterator[int]:
    """Every net after those above it; where that goes round in a circle, one net gives way."""
    waits = {number: set(nets[number].above) for number in wanting}
    below: dict[int, list[int]] = {}
    for number in wanting:
        for other in sorted(waits[number]):
            below.setdefault(other, []).append(number)
    ready = [(_priority(nets[number]), number) for number in wanting if not waits[number]]
    heapq.heapify(ready)
    while waits:
        number = heapq.heappop(ready)[1] if ready else _give_way(nets, waits)
        del waits[number]
        yield number
        for other in below.get(number, ()):
            if other in waits:
                waits[other].discard(number)
                if not waits[other]:
                    heapq.heappush(ready, (_priority(nets[other]), other))


def _give_way(nets: list[Net], waits: dict[int, set[int]]) -> int:
    """Choose, of nets that all wait for one another, one that curves through instead."""
    stuck = min(waits, key=lambda number: (nets[number].is_label, len(nets[number].flows), number))
    nets[stuck].is_curved = not nets[stuck].is_label
    nets[stuck].above = [other for other in nets[stuck].above if other not in waits]
    return stuck


def _priority(net: Net) -> tuple[int, float]:
    """Which of several lines should turn first, so that few of them cross.

    First those that turn back, the nearest before the others; then those that fan out, the
    farthest first; then those that come together, the nearest first; words last.
    """
    if net.is_label:
        return 3, net.low
    start, end = net.flows[0]
    if end[0] == ABOVE:
        return 0, abs(end[1] - start[1])
    if end[1] > start[1]:
        return 1, -end[1]
    return 2, net.high
