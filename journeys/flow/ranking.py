"""Which arcs run backwards, in which layer each node stands, and which path is the main one."""

from collections.abc import Sequence
from dataclasses import dataclass

Arc = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Ranking:
    """For each arc whether it runs backwards, for each node its layer, and the main path."""

    is_back: list[bool]
    layer: list[int]
    main: list[int]


def rank(node_count: int, arcs: Sequence[Arc], weights: Sequence[float]) -> Ranking:
    """Rank the nodes 0 to `node_count` - 1.

    Nodes come in the order in which they should be started from, arcs in the order in which they
    should be followed. `weights` say of each arc how much goes along it (0: unknown): the main
    path follows the heaviest arcs, and the longest way where weights say nothing.
    """
    leaving: list[list[int]] = [[] for _ in range(node_count)]
    for number, (source, _target) in enumerate(arcs):
        leaving[source].append(number)
    is_back = _back_arcs(arcs, leaving)
    forward = [[arc for arc in leaving[node] if not is_back[arc]] for node in range(node_count)]
    order = _topological(arcs, forward)
    layer = _layers(arcs, forward, order)
    return Ranking(is_back, layer, _main(arcs, forward, order, weights))


def _back_arcs(arcs: Sequence[Arc], leaving: Sequence[Sequence[int]]) -> list[bool]:
    """Arcs that lead to a node the search is still below: turning them round breaks all cycles."""
    new, open_, done = 0, 1, 2
    state = [new] * len(leaving)
    is_back = [False] * len(arcs)
    for root in _roots_first(arcs, len(leaving)):
        if state[root] != new:
            continue
        state[root] = open_
        path = [(root, iter(leaving[root]))]
        while path:
            node, rest = path[-1]
            arc = next(rest, None)
            if arc is None:
                state[node] = done
                path.pop()
                continue
            target = arcs[arc][1]
            is_back[arc] = state[target] == open_
            if state[target] == new:
                state[target] = open_
                path.append((target, iter(leaving[target])))
    return is_back


def _roots_first(arcs: Sequence[Arc], node_count: int) -> list[int]:
    entered = {target for source, target in arcs if source != target}
    return sorted(range(node_count), key=lambda node: (node in entered, node))


def _topological(arcs: Sequence[Arc], forward: Sequence[Sequence[int]]) -> list[int]:
    waiting_for = [0] * len(forward)
    for leaving in forward:
        for arc in leaving:
            waiting_for[arcs[arc][1]] += 1
    order = [node for node, count in enumerate(waiting_for) if not count]
    for node in order:
        for arc in forward[node]:
            target = arcs[arc][1]
            waiting_for[target] -= 1
            if not waiting_for[target]:
                order.append(target)
    return order


def _layers(
    arcs: Sequence[Arc], forward: Sequence[Sequence[int]], order: Sequence[int]
) -> list[int]:
    """One layer below the lowest predecessor; nodes without one stand just above what follows."""
    layer = [0] * len(forward)
    entered = set()
    for node in order:
        for arc in forward[node]:
            target = arcs[arc][1]
            entered.add(target)
            layer[target] = max(layer[target], layer[node] + 1)
    for node, leaving in enumerate(forward):
        if leaving and node not in entered:
            layer[node] = min(layer[arcs[arc][1]] for arc in leaving) - 1
    return layer


def _main(
    arcs: Sequence[Arc],
    forward: Sequence[Sequence[int]],
    order: Sequence[int],
    weights: Sequence[float],
) -> list[int]:
    length = [0] * len(forward)
    for node in reversed(order):
        length[node] = max((length[arcs[arc][1]] + 1 for arc in forward[node]), default=0)
    if not order:
        return []
    # Nodes are given in the order of starting, so among equals the first one counts.
    path = [max(order, key=lambda node: (length[node] > 0 and node == order[0], length[node]))]
    while forward[path[-1]]:
        best = max(forward[path[-1]], key=lambda arc: (weights[arc], length[arcs[arc][1]]))
        path.append(arcs[best][1])
    return path
