"""From layers, columns and tracks to pixels and SVG paths.

*Along* is the way the journey runs, *across* the other one; only `Frame.point` knows which of
them is x.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from journeys.flow.model import Direction
from journeys.flow.routing import ABOVE, Hop, Routes, turns

BEND = 10
ARROW = 7
PAD_BEFORE, PAD_AFTER = 10, 16
LINE_RAISED = 4


@dataclass(slots=True)
class Frame:
    """Where layers, gaps and columns lie, in pixels."""

    direction: Direction
    centre: list[int]
    gap_start: list[int]
    gap_size: list[int]
    across: list[int]
    length: int
    breadth: int

    def point(self, along: float, across: float) -> tuple[int, int]:
        """The pixel at a place."""
        x, y = (across, along) if self.direction == "down" else (along, across)
        return round(x), round(y)

    def track(self, routes: Routes, hop: Hop, net: int) -> int:
        """Where along the journey the track of a net lies."""
        level = routes.gaps[hop.gap][net].level
        levels = routes.levels[hop.gap]
        return self.gap_start[hop.gap] + PAD_BEFORE + sum(levels[: level + 1]) - LINE_RAISED


def path(
    frame: Frame, routes: Routes, hops: Sequence[Hop], start: int, end: int
) -> tuple[str, str]:
    """The line along `hops` from layer `start` to just before layer `end`; and its arrow head.

    `start` and `end` are places along the journey: where the line begins, and the arrow's tip.
    """
    first, last = hops[0].start[1], hops[-1].end[1]
    corners: list[tuple[int, int]] = [frame.point(start, frame.across[first])]
    pieces: list[str] = []
    for hop in hops:
        here, there = frame.across[hop.start[1]], frame.across[hop.end[1]]
        if not turns(hop.start, hop.end):
            continue
        if routes.gaps[hop.gap][hop.net].is_curved and hop.start[0] != hop.end[0]:
            pieces.append(_rounded([*corners, *_curve_start(frame, hop, here)], first=not pieces))
            piece, corner = _curve(frame, hop, here, there)
            pieces.append(piece)
            corners = [corner]
            continue
        track = frame.track(routes, hop, hop.net)
        corners += [frame.point(track, here), frame.point(track, there)]
    corners.append(frame.point(end - ARROW, frame.across[last]))
    pieces.append(_rounded(corners, first=not pieces))
    head = _arrow(frame, end, frame.across[last], ARROW)
    if len(hops) > 1 and hops[0].start[0] == hops[0].end[0]:
        head += _upward_arrow(frame, routes, hops)
    return "".join(pieces), head


def _upward_arrow(frame: Frame, routes: Routes, hops: Sequence[Hop]) -> str:
    """An arrow half way up a line that leads back, since elsewhere journeys run downwards."""
    lower = frame.track(routes, hops[0], hops[0].net)
    upper = frame.track(routes, hops[-1], hops[-1].net)
    return _arrow(frame, (lower + upper) // 2 - ARROW, frame.across[hops[0].end[1]], -ARROW)


def _arrow(frame: Frame, tip: float, across: float, length: int) -> str:
    half = ARROW * 0.62
    points = [
        frame.point(tip, across),
        frame.point(tip - length, across - half),
        frame.point(tip - length, across + half),
    ]
    return "M" + "L".join(f"{x} {y}" for x, y in points) + "Z"


def _curve_start(frame: Frame, hop: Hop, across: int) -> list[tuple[int, int]]:
    along = frame.gap_start[hop.gap]
    return [
        frame.point(along if hop.start[0] == ABOVE else along + frame.gap_size[hop.gap], across)
    ]


def _curve(frame: Frame, hop: Hop, here: int, there: int) -> tuple[str, tuple[int, int]]:
    """An S through the whole gap, for the rare lines that would change places on one track."""
    top = frame.gap_start[hop.gap]
    bottom = top + frame.gap_size[hop.gap] - ARROW
    begin, finish = (top, bottom) if hop.start[0] == ABOVE else (bottom, top)
    middle = (begin + finish) / 2
    one, two = frame.point(middle, here), frame.point(middle, there)
    to = frame.point(finish, there)
    return f"C{one[0]} {one[1]} {two[0]} {two[1]} {to[0]} {to[1]}", to


def _rounded(corners: Sequence[tuple[int, int]], *, first: bool) -> str:
    """A line through the corners, each of them rounded."""
    points = _without_needless(corners)
    parts = [f"M{points[0][0]} {points[0][1]}"] if first else []
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        reach = min(BEND, _distance(before, corner) / 2, _distance(corner, after) / 2)
        enter, leave = _towards(corner, before, reach), _towards(corner, after, reach)
        parts.append(f"L{enter[0]} {enter[1]}Q{corner[0]} {corner[1]} {leave[0]} {leave[1]}")
    if len(points) > 1:
        parts.append(f"L{points[-1][0]} {points[-1][1]}")
    return "".join(parts)


def _without_needless(corners: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    points: list[tuple[int, int]] = []
    for corner in corners:
        if points and points[-1] == corner:
            continue
        if len(points) > 1 and _is_between(points[-2], points[-1], corner):
            points.pop()
        points.append(corner)
    return points


def _is_between(one: tuple[int, int], two: tuple[int, int], three: tuple[int, int]) -> bool:
    """Whether the second point lies on the straight way from the first to the third."""
    return any(
        one[axis] == two[axis] == three[axis]
        and (two[1 - axis] - one[1 - axis]) * (three[1 - axis] - two[1 - axis]) > 0
        for axis in (0, 1)
    )


def _distance(one: tuple[int, int], other: tuple[int, int]) -> int:
    return abs(one[0] - other[0]) + abs(one[1] - other[1])


def _towards(corner: tuple[int, int], other: tuple[int, int], reach: float) -> tuple[int, int]:
    span = _distance(corner, other) or 1
    return (
        round(corner[0] + (other[0] - corner[0]) * reach / span),
        round(corner[1] + (other[1] - corner[1]) * reach / span),
    )
