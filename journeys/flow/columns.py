"""Columns: which vertices stand in one straight line.

After Brandes and Köpf, with one alignment instead of four averaged ones, so that columns stay
whole numbers: vertices are joined into blocks that run straight down, first the main path and the
trunks, then what can follow its middle neighbour above; blocks are then packed to one side.
"""

import itertools
from bisect import bisect_left

from journeys.flow.ordering import MAIN, Layers


def assign_columns(layers: Layers) -> list[int]:
    """A column for each vertex: increasing along each layer, equal along each block."""
    position = [0] * len(layers.layer)
    for row in layers.order:
        for number, vertex in enumerate(row):
            position[vertex] = number
    block = _blocks(layers, position)
    column = _packed(layers, block)
    for _ in range(2):
        _draw_near(layers, block, column, position)
    return _renumbered(column)


class _Joins:
    """Which position of a layer is joined to which one above; no two joins cross."""

    def __init__(self) -> None:
        self.below: list[int] = []
        self.above: list[int] = []

    def join(self, below: int, above: int) -> bool:
        """Join the two, unless one is taken or the line would cross another."""
        at = bisect_left(self.below, below)
        if at < len(self.below) and (self.below[at] == below or self.above[at] <= above):
            return False
        if at and self.above[at - 1] >= above:
            return False
        self.below.insert(at, below)
        self.above.insert(at, above)
        return True


def _blocks(layers: Layers, position: list[int]) -> list[int]:
    """The topmost vertex of the block that each vertex belongs to."""
    block = list(range(len(layers.layer)))
    for upper_row, row in zip(layers.order, layers.order[1:], strict=False):
        joins = _Joins()
        for _priority, at, above in sorted(_fixed(layers, row, position)):
            joins.join(at, above)
        for vertex in row:
            _join_free(layers, vertex, position, joins)
        for at, above in zip(joins.below, joins.above, strict=True):
            block[row[at]] = block[upper_row[above]]
    return block


def _fixed(layers: Layers, row: list[int], position: list[int]) -> list[tuple[bool, int, int]]:
    """What should run straight before anything else: the main path, then trunks."""
    return [
        (layers.group[vertex] != MAIN, position[vertex], position[above])
        for vertex in row
        for above in layers.above[vertex]
        if _is_straight(layers, above, vertex)
    ]


def _is_straight(layers: Layers, above: int, vertex: int) -> bool:
    if layers.group[vertex] == MAIN or layers.group[above] == MAIN:
        return layers.group[vertex] == layers.group[above]
    return vertex >= layers.node_count and above >= layers.node_count


def _join_free(layers: Layers, vertex: int, position: list[int], joins: _Joins) -> None:
    """Join a vertex to the middle one of those above it, or to the nearest that can be had."""
    above = sorted(position[other] for other in layers.above[vertex] if layers.group[other] != MAIN)
    middle = (len(above) - 1) / 2
    by_nearness = sorted(range(len(above)), key=lambda number: (abs(number - middle), number))
    for number in by_nearness:
        if joins.join(position[vertex], above[number]):
            return


def _packed(layers: Layers, block: list[int]) -> list[int]:
    """Every block as far to one side as its neighbours in each layer let it."""
    after: dict[int, set[int]] = {}
    waits = dict.fromkeys(block, 0)
    for row in layers.order:
        for left, right in itertools.pairwise(row):
            if block[right] not in after.setdefault(block[left], set()):
                after[block[left]].add(block[right])
                waits[block[right]] += 1
    at = dict.fromkeys(waits, 0)
    ready = [one for one, count in waits.items() if not count]
    for one in ready:
        for other in sorted(after.get(one, ())):
            at[other] = max(at[other], at[one] + 1)
            waits[other] -= 1
            if not waits[other]:
                ready.append(other)
    return [at[one] for one in block]


def _draw_near(layers: Layers, block: list[int], column: list[int], position: list[int]) -> None:
    """Move blocks towards what they are joined to, where there is room."""
    members: dict[int, list[int]] = {}
    for vertex, one in enumerate(block):
        members.setdefault(one, []).append(vertex)
    widest = max(column, default=0)
    for one in sorted(members, key=lambda root: (-column[root], root)):
        inside = members[one]
        if any(layers.group[vertex] == MAIN for vertex in inside):
            continue
        wanted = _middle(layers, inside, block, column)
        rooms = [widest]
        for vertex in inside:
            row = layers.order[layers.layer[vertex]]
            if position[vertex] + 1 < len(row):
                rooms.append(column[row[position[vertex] + 1]] - 1)
        to = min(wanted, *rooms)
        if to > column[one]:
            for vertex in inside:
                column[vertex] = to


def _middle(layers: Layers, inside: list[int], block: list[int], column: list[int]) -> int:
    near = sorted(
        column[other]
        for vertex in inside
        for other in (*layers.above[vertex], *layers.below[vertex], *layers.hooks.get(vertex, ()))
        if block[other] != block[vertex]
    )
    return near[(len(near) - 1) // 2] if near else column[inside[0]]


def _renumbered(column: list[int]) -> list[int]:
    used = sorted(set(column))
    return [bisect_left(used, one) for one in column]
