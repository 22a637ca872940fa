"""How customers feel from stage to stage, as a curve for the map."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from cjops.core.wording import listing
from cjops.documents import Document
from journeys.labels import EMOTIONS

WIDTH, HEIGHT = 1_000, 84
_TOP, _BOTTOM = 12, 72
_BEST, _WORST = 2, -2


@dataclass(frozen=True, slots=True)
class Spot:
    """The mean feeling in one stage; `percent` is how far across the curve it lies."""

    stage: str
    name: str
    value: float
    words: str
    x: int
    y: int
    percent: float


@dataclass(frozen=True, slots=True)
class EmotionCurve:
    """A curve in a box of `width` by `height`; `d` is empty with fewer than two spots."""

    spots: tuple[Spot, ...]
    d: str
    description: str
    width: int = WIDTH
    height: int = HEIGHT
    zero: int = (_TOP + _BOTTOM) // 2


def emotion_curve(document: Document) -> EmotionCurve:
    """The curve of a journey: a spot in the middle of each stage that has steps with a feeling.

    Steps of no stage stand in a last column, as they do on the map.
    """
    columns = _columns(document)
    spots = []
    for number, (stage, name, values) in enumerate(columns):
        if values:
            mean = sum(values) / len(values)
            share = (number + 0.5) / len(columns)
            spots.append(
                Spot(
                    stage=stage,
                    name=name,
                    value=mean,
                    words=str(EMOTIONS[_nearest(mean)]),
                    x=round(share * WIDTH),
                    y=round(_BOTTOM - (mean - _WORST) / (_BEST - _WORST) * (_BOTTOM - _TOP)),
                    percent=round(share * 100, 2),
                )
            )
    told = [_("%(stage)s: %(feeling)s") % {"stage": s.name, "feeling": s.words} for s in spots]
    return EmotionCurve(
        spots=tuple(spots),
        d=smooth([(spot.x, spot.y) for spot in spots]),
        description=listing(told),
    )


def _columns(document: Document) -> list[tuple[str, str, list[int]]]:
    """Key, name and feelings of each column of the map."""
    stages = sorted(document["stages"], key=lambda stage: (stage["rank"], stage["key"]))
    feelings: dict[str, list[int]] = {stage["key"]: [] for stage in stages}
    names = {stage["key"]: stage["name"] or stage["key"] for stage in stages}
    for step in document["steps"]:
        values = feelings.setdefault(step["stage"] if step["stage"] in names else "", [])
        if step["emotion"] is not None:
            values.append(step["emotion"])
    return [
        (stage, names.get(stage, _("Without a stage")), values)
        for stage, values in feelings.items()
    ]


def _nearest(mean: float) -> int:
    return max(_WORST, min(_BEST, round(mean)))


def smooth(points: Sequence[tuple[int, int]]) -> str:
    """A curve through the points that never overshoots them (monotone cubic); x must increase."""
    if len(points) < 2:
        return ""
    rises = [(b[1] - a[1]) / (b[0] - a[0]) for a, b in itertools.pairwise(points)]
    slopes = [rises[0], *map(_slope, rises, rises[1:]), rises[-1]]
    parts = [f"M{points[0][0]} {points[0][1]}"]
    for number, (start, end) in enumerate(itertools.pairwise(points)):
        third = (end[0] - start[0]) / 3
        parts.append(
            f"C{start[0] + third:.1f} {start[1] + slopes[number] * third:.1f} "
            f"{end[0] - third:.1f} {end[1] - slopes[number + 1] * third:.1f} {end[0]} {end[1]}"
        )
    return "".join(parts)


def _slope(before: float, after: float) -> float:
    """Flat at a turn, else the harmonic mean, which keeps the curve between its points."""
    if before * after <= 0:
        return 0
    return 2 * before * after / (before + after)
