"""How much room layers, gaps and columns need for what stands in them."""

from collections.abc import Sequence

from journeys.flow.geometry import PAD_AFTER, PAD_BEFORE, Frame
from journeys.flow.network import Network
from journeys.flow.routing import Routes
from journeys.flow.stations import Station

MARGIN = 20
RADIUS = 11
NAME_LEADING, SUB_LEADING = 17, 16
BESIDE = 20
_TRUNK, _SPACE = 28, 26
_LEAST_DOWN, _LEAST_RIGHT = 34, 34
_LANE_WORDS = 24


def block_height(station: Station) -> int:
    """The height of the words beside a station."""
    return len(station.name_lines) * NAME_LEADING + len(station.subs) * SUB_LEADING


def frame_down(
    network: Network, found: Sequence[Station], routes: Routes, widths: Sequence[int]
) -> Frame:
    """Layers as rows, words to the right of stations; `widths` are those of the lines' words."""
    halves = [
        max((block_height(station) // 2 for station in layer), default=0)
        for layer in _by_layer(network, found)
    ]
    needs = [0] * (max(network.column, default=0) + 1)
    for number, station in enumerate(found):
        at = network.column[number]
        needs[at] = max(needs[at], BESIDE + station.width)
    for line, width in zip(network.lines, widths, strict=True):
        at = network.column[line.arc[0]]
        needs[at] = max(needs[at], BESIDE + width)
    across, right = [], MARGIN + RADIUS
    for need in needs:
        across.append(right)
        right += need + _SPACE if need else _TRUNK
    breadth = max(
        (at + max(need, RADIUS) for at, need in zip(across, needs, strict=True)), default=0
    )
    gaps = _gap_sizes(routes, [0] * len(routes.gaps), _LEAST_DOWN)
    centre, gap_start, length = _stacked([max(half, RADIUS + 2) for half in halves], gaps)
    return Frame("down", centre, gap_start, gaps, across, length, breadth + MARGIN)


def frame_right(
    network: Network, found: Sequence[Station], routes: Routes, widths: Sequence[int]
) -> Frame:
    """Layers as columns, names above stations and small print below them."""
    halves = [
        max((station.width // 2 + 4 for station in layer), default=0)
        for layer in _by_layer(network, found)
    ]
    extra = [0] * len(routes.gaps)
    worded: set[int] = set()
    for hops, chain, width in zip(routes.hops, network.layers.chains, widths, strict=True):
        if width:
            extra[hops[0].gap] = max(extra[hops[0].gap], width + 8)
            worded.add(network.column[chain[1]])
    over, under = _lanes(network, found, worded)
    across, bottom = [], MARGIN
    for above, below in zip(over, under, strict=True):
        across.append(bottom + above)
        bottom += above + below
    gaps = _gap_sizes(routes, extra, _LEAST_RIGHT)
    centre, gap_start, length = _stacked([max(half, RADIUS + 2) for half in halves], gaps)
    return Frame("right", centre, gap_start, gaps, across, length, bottom + MARGIN)


def _lanes(
    network: Network, found: Sequence[Station], worded: set[int]
) -> tuple[list[int], list[int]]:
    """For each column the room needed over and under its line, when columns run sideways."""
    count = max(network.column, default=0) + 1
    over = [_LANE_WORDS if at in worded else 16 for at in range(count)]
    under = [14] * count
    for number, station in enumerate(found):
        at = network.column[number]
        over[at] = max(over[at], RADIUS + 10 + len(station.name_lines) * NAME_LEADING)
        under[at] = max(under[at], RADIUS + 10 + len(station.subs) * SUB_LEADING)
    return over, under


def _by_layer(network: Network, found: Sequence[Station]) -> list[list[Station]]:
    layers: list[list[Station]] = [[] for _ in network.layers.order]
    for number, station in enumerate(found):
        layers[network.layers.layer[number]].append(station)
    return layers


def _gap_sizes(routes: Routes, extra: Sequence[int], least: int) -> list[int]:
    """How large each gap must be for its levels, and `extra` for its words."""
    last = len(routes.gaps) - 1
    return [
        max(least, PAD_BEFORE + sum(levels) + PAD_AFTER + extra[number])
        if routes.gaps[number] or 0 < number < last
        else 0
        for number, levels in enumerate(routes.levels)
    ]


def _stacked(halves: Sequence[int], gaps: Sequence[int]) -> tuple[list[int], list[int], int]:
    """Centres of layers, beginnings of gaps, and the end of it all."""
    centre, gap_start, at = [], [], MARGIN
    for half, gap in zip(halves, gaps, strict=False):
        gap_start.append(at)
        centre.append(at + gap + half)
        at += gap + 2 * half
    gap_start.append(at)
    return centre, gap_start, at + (gaps[-1] if gaps else 0) + MARGIN
