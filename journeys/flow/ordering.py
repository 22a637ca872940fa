"""Chains of vertices for the arcs, and the order of the vertices within each layer.

All long arcs to one target share one trunk, as tracks do that run into one station: far fewer
lines, and none of them ambiguous. An arc that runs backwards leaves its source downwards and
climbs beside it.
"""

import itertools
from bisect import bisect_left, bisect_right, insort
from collections.abc import Sequence
from dataclasses import dataclass, field

from journeys.flow.ranking import Arc, Ranking

_SWEEPS = 16
_PATIENCE = 4
_SWAP_LIMIT = 1_500


@dataclass(slots=True)
class Layers:
    """Vertices: the nodes first, then the bends of trunks. `order` lists them by layer."""

    node_count: int
    layer: list[int]
    chains: list[list[int]]
    order: list[list[int]] = field(default_factory=list)
    above: list[list[int]] = field(default_factory=list)
    below: list[list[int]] = field(default_factory=list)
    hooks: dict[int, list[int]] = field(default_factory=dict)
    group: list[int] = field(default_factory=list)
    main: set[int] = field(default_factory=set)
    reach: dict[int, int] = field(default_factory=dict)


BEFORE_MAIN, MAIN, BESIDE = 0, 1, 2


def arrange(node_count: int, arcs: Sequence[Arc], ranking: Ranking) -> Layers:
    """Put vertices into layers and order them so that few lines cross."""
    layers = _chained(node_count, arcs, ranking)
    _connect(layers)
    _group(layers, arcs, ranking)
    _first_order(layers, arcs, ranking)
    _sweep(layers)
    return layers


def _chained(node_count: int, arcs: Sequence[Arc], ranking: Ranking) -> Layers:
    layer = list(ranking.layer)
    trunks: dict[tuple[bool, int, int], int] = {}

    def bend(backward: bool, target: int, at: int) -> int:
        vertex = trunks.setdefault((backward, target, at), len(layer))
        if vertex == len(layer):
            layer.append(at)
        return vertex

    chains = []
    reach: dict[int, int] = {}
    for (source, target), backward in zip(arcs, ranking.is_back, strict=True):
        first, last = ranking.layer[source], ranking.layer[target]
        passed = range(first, last - 1, -1) if backward else range(first + 1, last)
        chains.append([source, *(bend(backward, target, at) for at in passed), target])
        if backward:
            reach[chains[-1][1]] = len(passed)
    return Layers(node_count, layer, chains, reach=reach)


def _connect(layers: Layers) -> None:
    count = len(layers.layer)
    layers.above = [[] for _ in range(count)]
    layers.below = [[] for _ in range(count)]
    seen: set[Arc] = set()
    for chain in layers.chains:
        for pair in itertools.pairwise(chain):
            if pair in seen:
                continue
            seen.add(pair)
            upper, lower = sorted(pair, key=layers.layer.__getitem__)
            if layers.layer[upper] == layers.layer[lower]:
                bend, node = max(pair), min(pair)
                layers.hooks.setdefault(bend, []).append(node)
            else:
                layers.below[upper].append(lower)
                layers.above[lower].append(upper)


def _group(layers: Layers, arcs: Sequence[Arc], ranking: Ranking) -> None:
    """Keep the main path at one side; what only leads back along it runs on its other side."""
    main = set(ranking.main)
    on_path = set(zip(ranking.main, ranking.main[1:], strict=False))
    layers.main = set(main)
    aside: set[int] = set()
    for arc, chain, backward in zip(arcs, layers.chains, ranking.is_back, strict=True):
        if arc in on_path and not backward:
            layers.main.update(chain)
        if backward and not main.issuperset(arc):
            aside.update(chain)
    layers.group = [BESIDE] * len(layers.layer)
    for chain, backward in zip(layers.chains, ranking.is_back, strict=True):
        if backward and not aside.intersection(chain[1:-1]):
            for vertex in chain[1:-1]:
                layers.group[vertex] = BEFORE_MAIN
    for vertex in layers.main:
        layers.group[vertex] = MAIN


def _first_order(layers: Layers, arcs: Sequence[Arc], ranking: Ranking) -> None:
    """The order in which a search meets the vertices, the main path first."""
    leaving: list[list[int]] = [[] for _ in range(layers.node_count)]
    for number, (source, _target) in enumerate(arcs):
        leaving[source].append(number)
    met: dict[int, int] = {}
    waiting = sorted(range(layers.node_count), key=ranking.layer.__getitem__, reverse=True)
    expanded: set[int] = set()
    while waiting:
        node = waiting.pop()
        if node in expanded:
            continue
        expanded.add(node)
        met.setdefault(node, len(met))
        for arc in reversed(leaving[node]):
            for vertex in layers.chains[arc][1:-1]:
                met.setdefault(vertex, len(met))
            waiting.append(layers.chains[arc][-1])
    layers.order = [[] for _ in range(max(layers.layer, default=-1) + 1)]
    for vertex in sorted(range(len(layers.layer)), key=lambda one: (layers.group[one], met[one])):
        layers.order[layers.layer[vertex]].append(vertex)


def _sweep(layers: Layers) -> None:
    position = [0] * len(layers.layer)
    _place(layers.order, position)
    best, best_cost = [list(row) for row in layers.order], _cost(layers, position)
    idle = 0
    for number in range(_SWEEPS):
        if not best_cost or idle >= _PATIENCE:
            break
        _pass(layers, position, downwards=number % 2 == 0)
        if len(layers.layer) <= _SWAP_LIMIT:
            _swap_neighbours(layers, position)
        cost = _cost(layers, position)
        idle += 1
        if cost < best_cost:
            best, best_cost, idle = [list(row) for row in layers.order], cost, 0
    layers.order = best


def _place(rows: Sequence[Sequence[int]], position: list[int]) -> None:
    for row in rows:
        for number, vertex in enumerate(row):
            position[vertex] = number


def _pass(layers: Layers, position: list[int], *, downwards: bool) -> None:
    """Sort each layer by the mean position of the neighbours in the layer before it."""
    neighbours = layers.above if downwards else layers.below
    rows = layers.order if downwards else layers.order[::-1]
    for row in rows:
        wanted: dict[int, float] = {}
        for vertex in row:
            near = neighbours[vertex]
            wanted[vertex] = (
                sum(position[other] for other in near) / len(near) if near else position[vertex]
            )
        for vertex in row:
            if vertex in layers.hooks and not neighbours[vertex]:
                # Lines that lead further back run further outside, so that they need not cross.
                aside = 0.3 + layers.reach.get(vertex, 0) / 10_000
                wanted[vertex] = max(wanted[node] for node in layers.hooks[vertex]) + aside
        row.sort(key=lambda one: (layers.group[one], wanted[one], position[one]))
        _place([row], position)


def _swap_neighbours(layers: Layers, position: list[int]) -> None:
    """Exchange neighbours in a layer where that alone saves crossings."""
    for row in layers.order:
        for left in range(len(row) - 1):
            one, other = row[left], row[left + 1]
            if layers.group[one] != layers.group[other]:
                continue
            kept = swapped = 0
            for neighbours in (layers.above, layers.below):
                mine = sorted(position[vertex] for vertex in neighbours[one])
                theirs = sorted(position[vertex] for vertex in neighbours[other])
                kept += sum(bisect_left(theirs, at) for at in mine)
                swapped += sum(bisect_left(mine, at) for at in theirs)
            if swapped < kept:
                row[left], row[left + 1] = other, one
                position[one], position[other] = left + 1, left


def _cost(layers: Layers, position: list[int]) -> int:
    """How many lines cross, and how many a line that turns back has to cross."""
    cost = 0
    for row in layers.order:
        ends: list[int] = []
        for vertex in row:
            targets = sorted(position[other] for other in layers.below[vertex])
            cost += sum(len(ends) - bisect_right(ends, target) for target in targets)
            for target in targets:
                insort(ends, target)
    for bend, nodes in layers.hooks.items():
        cost += sum(abs(position[bend] - position[node]) - 1 for node in nodes)
    return cost
