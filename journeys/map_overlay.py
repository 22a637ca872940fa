"""The map of two versions in one: what is new, changed, moved or gone stands marked at its place.

Pure, from the two documents: the map of their union, with what each lane says of a step compared.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from cjops.documents import Document
from journeys.labels import EMOTIONS
from journeys.marks import Mark, marks_between
from journeys.stage_map import LANES, REMARKS, Card, Cell, Column, Lane, Remark, StageMap, stage_map
from journeys.values import Names, names_in

Marks = Mapping[tuple[str, str], Mark]


def overlay_map(before: Document, after: Document, names: Names) -> StageMap:
    """The map of `after` laid over that of `before`; what was removed is kept at its old place.

    `names` gives display names by kind, as for `stage_map`. Paths, entries, exits and the header
    have no place on a map.
    """
    both = {**names_in(before, after), **names}
    marks = marks_between(before, after)
    drawn = stage_map(_union(before, after), both)
    sides = _Sides(before, after, marks, both)
    old, new = (stage_map(side, both) for side in (before, after))
    # A lane that nothing is left in still tells what was.
    told = {lane.key for drawing in (drawn, old) for lane in drawing.lanes}
    lanes = {lane.key: lane for lane in drawn.lanes}
    return replace(
        drawn,
        columns=tuple(map(sides.column, drawn.columns)),
        lanes=tuple(
            sides.lane(lanes.get(key) or _empty(key, drawn.columns), old, new, drawn.columns)
            for key in LANES
            if key in told
        ),
        lane_choices=tuple((key, str(LANES[key])) for key in LANES if key in told),
    )


def _empty(key: str, columns: tuple[Column, ...]) -> Lane:
    cells = tuple(Cell(column.name, weight=column.weight) for column in columns)
    return Lane(key, str(LANES[key]), cells)


def _union(before: Document, after: Document) -> Document:
    """All stages and steps of both, by rank; of what both have, as it is after."""
    united = dict(after)
    for name in ("stages", "steps"):
        known = {item["key"] for item in after[name]}
        gone = [item for item in before[name] if item["key"] not in known]
        united[name] = [*after[name], *gone]
    return united


class _Sides:
    """The two versions, asked about one step or stage after the other."""

    def __init__(self, before: Document, after: Document, marks: Marks, names: Names) -> None:
        self.before = {step["key"]: step for step in before["steps"]}
        self.after = {step["key"]: step for step in after["steps"]}
        self.stages = {stage["key"]: stage for stage in before["stages"]}
        self.marks = marks
        self.names = names

    def column(self, column: Column) -> Column:
        mark = self.marks.get(("stages", column.key), "")
        was = self.stages.get(column.key, {}).get("name") or column.key
        renamed = mark not in ("", "add", "remove") and was != column.name
        return replace(
            column,
            cards=tuple(map(self.card, column.cards)),
            mark=mark,
            was=_("was %(before)s") % {"before": was} if renamed else "",
        )

    def card(self, card: Card) -> Card:
        mark = self.marks.get(("steps", card.key), "")
        return replace(card, mark=mark, was=self._was(card) if mark else "")

    def _was(self, card: Card) -> str:
        """What a step that is there still was called, or the stage it came from."""
        before, after = self.before.get(card.key), self.after.get(card.key)
        if before is None or after is None:
            return ""
        if before["stage"] != after["stage"]:
            stage = self.names.get("stages", {}).get(before["stage"], before["stage"])
            return _("was in %(stage)s") % {"stage": stage}
        if before["name"] != after["name"]:
            return _("was %(before)s") % {"before": before["name"] or card.key}
        return ""

    def lane(self, lane: Lane, old: StageMap, new: StageMap, columns: tuple[Column, ...]) -> Lane:
        cells = zip(columns, lane.cells, strict=True)
        if lane.key == "steps":
            return replace(
                lane,
                cells=tuple(
                    replace(c, cards=tuple(map(self.card, c.cards))) for _column, c in cells
                ),
            )
        if lane.key == "teams":
            told = [(column.key, cell) for column, cell in cells]
            before, after = _words(old), _words(new)
            return replace(
                lane,
                cells=tuple(
                    _told(cell, before.get(key, ()), after.get(key, ())) for key, cell in told
                ),
            )
        return replace(
            lane,
            cells=tuple(
                replace(cell, remarks=tuple(self.remarks(lane.key, column)))
                for column, cell in cells
            ),
        )

    def remarks(self, lane: str, column: Column) -> Iterator[Remark]:
        """What a lane says of the steps of a stage, beside what it said before."""
        for card in column.cards:
            before = self._said(lane, self.card(card), self.before.get(card.key))
            after = self._said(lane, self.card(card), self.after.get(card.key))
            yield from _compared(before, after)

    def _said(self, lane: str, card: Card, step: Any) -> list[Remark]:
        if step is None:
            return []
        said = list(REMARKS[lane](card, step, self.names))
        if lane == "emotion":
            return [replace(remark, text=str(EMOTIONS[int(remark.text)])) for remark in said]
        return said


def _compared(before: list[Remark], after: list[Remark]) -> Iterator[Remark]:
    """What is said now, each beside what it most likely was, and then what is said no more."""
    left = [old for old in before if all(_said(old) != _said(new) for new in after)]
    same = {_said(old) for old in before}
    for new in after:
        if _said(new) in same:
            yield new
        elif old := next((one for one in left if one.link == new.link), None):
            # Of several slots, the one with the same asset in another version.
            left.remove(old)
            yield replace(new, mark="edit", was=f"{old.text} {old.note}".rstrip())
        else:
            yield replace(new, mark="add")
    for old in left:
        yield replace(old, mark="remove")


def _said(remark: Remark) -> tuple[str, str, str]:
    return remark.text, remark.note, remark.link


def _words(drawn: StageMap) -> dict[str, tuple[str, ...]]:
    """Who works behind each stage."""
    for lane in drawn.lanes:
        if lane.key == "teams":
            pairs = zip(drawn.columns, lane.cells, strict=True)
            return {column.key: cell.words for column, cell in pairs}
    return {}


def _told(cell: Cell, before: tuple[str, ...], after: tuple[str, ...]) -> Cell:
    gone = [word for word in before if word not in after]
    marks: dict[str, Mark] = dict.fromkeys(gone, "remove")
    marks |= dict.fromkeys((word for word in after if word not in before), "add")
    return replace(cell, words=(*after, *gone), marks=marks)
