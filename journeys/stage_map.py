"""The map of a journey as a table: stages across, lanes down. Pure, from the document."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cjops.documents import Document
from journeys.durations import duration_words
from journeys.emotion import WIDTH, EmotionCurve, smooth
from journeys.labels import kind_label
from journeys.marks import Mark
from journeys.values import NO_NAMES, Names

NO_STAGE = ""
# A stage with more steps than this is twice as wide, so that the map stays lower than a street.
CROWDED = 8
# More remarks than this in a cell, for each unit of its width, are folded away.
UNFOLDED = 2

# Lanes in the order of the map; what each is called.
LANES: dict[str, Promise] = {
    "customer": gettext_lazy("Customer does"),
    "emotion": gettext_lazy("Emotion"),
    "steps": gettext_lazy("Steps"),
    "mindset": gettext_lazy("Customer thinks"),
    "pain": gettext_lazy("Pain points"),
    "content": gettext_lazy("Content"),
    "teams": gettext_lazy("Back stage"),
    "kpis": gettext_lazy("Measured by"),
}

# What stands for a step that reaches customers on no channel.
KIND_ICONS: dict[str, str] = {
    "message": "send",
    "wait": "hourglass-split",
    "decision": "diagram-3",
    "action": "lightning-charge",
    "touchpoint": "bullseye",
    "hand_off": "box-arrow-up-right",
    "exit": "box-arrow-right",
}


@dataclass(frozen=True, slots=True)
class Card:
    """A step as the map shows it; `number` is its place in the journey, from 1.

    Where two versions are compared, `mark` says what became of it and `was` what it was before.
    """

    number: int
    key: str
    name: str
    kind: str
    kind_label: str
    icon: str
    channel: str
    note: str
    mark: Mark = ""
    was: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """What one step says in a lane; `link` is the key of an asset it speaks of."""

    card: Card
    text: str
    note: str = ""
    link: str = ""
    mark: Mark = ""
    was: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One lane in one stage. Of `words`, those that `marks` names are new or gone."""

    stage: str
    cards: tuple[Card, ...] = ()
    remarks: tuple[Remark, ...] = ()
    words: tuple[str, ...] = ()
    weight: int = 1
    marks: Mapping[str, Mark] = field(default_factory=dict)

    @property
    def marked_words(self) -> list[tuple[str, Mark]]:
        """The words, each with its mark."""
        return [(word, self.marks.get(word, "")) for word in self.words]

    @property
    def shown(self) -> tuple[Remark, ...]:
        """The remarks that are read at once; one more is shown rather than folded away alone.

        Where two versions are compared, what differs is never folded away.
        """
        if any(remark.mark for remark in self.remarks):
            return tuple(remark for remark in self.remarks if remark.mark)
        limit = UNFOLDED * self.weight
        return self.remarks if len(self.remarks) <= limit + 1 else self.remarks[:limit]

    @property
    def folded(self) -> tuple[Remark, ...]:
        """The others."""
        if any(remark.mark for remark in self.remarks):
            return tuple(remark for remark in self.remarks if not remark.mark)
        return self.remarks[len(self.shown) :]

    @property
    def is_empty(self) -> bool:
        """Whether the lane has nothing to say in this stage."""
        return not (self.cards or self.remarks or self.words)


@dataclass(frozen=True, slots=True)
class Lane:
    """One row of the map."""

    key: str
    label: str
    cells: tuple[Cell, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether no stage has anything in it."""
        return all(cell.is_empty for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Column:
    """One stage."""

    key: str
    name: str
    description: str
    cards: tuple[Card, ...] = ()
    mark: Mark = ""
    was: str = ""

    @property
    def weight(self) -> int:
        """How wide the column is, in units."""
        return 2 if len(self.cards) > CROWDED else 1


@dataclass(frozen=True, slots=True)
class StageMap:
    """The whole table; lanes nothing is written in are left out."""

    columns: tuple[Column, ...]
    lanes: tuple[Lane, ...] = ()
    step_count: int = 0
    lane_choices: tuple[tuple[str, str], ...] = field(default=())


def stage_map(document: Document, names: Names = NO_NAMES) -> StageMap:
    """The map of a journey document; `names` gives display names for keys, by kind.

    Steps of no stage, or of one that is not there, stand in a column of their own at the end.
    """
    by_stage = _steps_by_stage(document)
    known = {stage["key"]: stage for stage in document["stages"]}
    ways = _ways_on(document)
    columns = tuple(_column(known.get(key), steps, names, ways) for key, steps in by_stage.items())
    in_stage = list(zip(columns, by_stage.values(), strict=True))
    lanes = [_lane(key, in_stage, names) for key in LANES]
    kept = tuple(lane for lane in lanes if lane.key == "steps" or not lane.is_empty)
    return StageMap(
        columns=columns,
        lanes=kept,
        step_count=len(document["steps"]),
        lane_choices=tuple((lane.key, lane.label) for lane in kept),
    )


def over_columns(curve: EmotionCurve, columns: Sequence[Column]) -> EmotionCurve:
    """The curve with each spot over the middle of its column, whatever the columns' widths."""
    whole = sum(column.weight for column in columns) or 1
    middles, passed = {}, 0.0
    for column in columns:
        middles[column.key] = (passed + column.weight / 2) / whole
        passed += column.weight
    spots = tuple(
        replace(
            spot,
            x=round(middles[spot.stage] * WIDTH),
            percent=round(middles[spot.stage] * 100, 2),
        )
        for spot in curve.spots
    )
    return replace(curve, spots=spots, d=smooth([(spot.x, spot.y) for spot in spots]))


def _ordered(items: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return sorted(items, key=lambda item: (item["rank"], item["key"]))


def _steps_by_stage(document: Document) -> dict[str, list[tuple[int, Mapping[str, Any]]]]:
    """Each stage, in order, with its steps and their numbers; a number counts along the map."""
    found: dict[str, list[Mapping[str, Any]]] = {
        stage["key"]: [] for stage in _ordered(document["stages"])
    }
    for step in _ordered(document["steps"]):
        stage = step["stage"] if step["stage"] in found else NO_STAGE
        found.setdefault(stage, []).append(step)
    number = 0
    numbered: dict[str, list[tuple[int, Mapping[str, Any]]]] = {}
    for stage, steps in found.items():
        numbered[stage] = list(enumerate(steps, start=number + 1))
        number += len(steps)
    return numbered


def _column(
    stage: Mapping[str, Any] | None,
    steps: Sequence[tuple[int, Mapping[str, Any]]],
    names: Names,
    ways: Mapping[str, int],
) -> Column:
    cards = tuple(_card(number, step, names, ways) for number, step in steps)
    if stage is None:
        return Column(NO_STAGE, _("Without a stage"), "", cards)
    return Column(stage["key"], stage["name"] or stage["key"], stage["description"], cards)


def _ways_on(document: Document) -> dict[str, int]:
    ways: dict[str, int] = {}
    for transition in document["transitions"]:
        ways[transition["source"]] = ways.get(transition["source"], 0) + 1
    return ways


def _card(number: int, step: Mapping[str, Any], names: Names, ways: Mapping[str, int]) -> Card:
    return Card(
        number=number,
        key=step["key"],
        name=step["name"] or step["key"],
        kind=step["kind"],
        kind_label=kind_label(step["kind"]),
        icon=KIND_ICONS.get(step["kind"], "circle"),
        channel=step["channel"] or "",
        note=_note(step, names, ways.get(step["key"], 0)),
    )


def _note(step: Mapping[str, Any], names: Names, ways: int) -> str:
    """The one thing worth knowing about a step beside its name."""
    if step["wait"]:
        return duration_words(step["wait"])
    if step["journey"]:
        return _("on to %(journey)s") % {
            "journey": names.get("journeys", {}).get(step["journey"], step["journey"])
        }
    if step["kind"] == "decision" and ways:
        return ngettext("%(count)s way on", "%(count)s ways on", ways) % {"count": ways}
    return str(step["touchpoint"])


_InStage = Sequence[tuple[Column, Sequence[tuple[int, Mapping[str, Any]]]]]


def _lane(key: str, in_stage: _InStage, names: Names) -> Lane:
    cells = []
    for column, steps in in_stage:
        if key == "steps":
            cells.append(Cell(column.name, cards=column.cards, weight=column.weight))
        elif key == "teams":
            cells.append(Cell(column.name, words=tuple(_teams(steps, names))))
        else:
            pairs = zip(column.cards, (step for _number, step in steps), strict=True)
            said = tuple(
                remark for card, step in pairs for remark in REMARKS[key](card, step, names)
            )
            cells.append(Cell(column.name, remarks=said, weight=column.weight))
    return Lane(key, str(LANES[key]), tuple(cells))


def _teams(steps: Sequence[tuple[int, Mapping[str, Any]]], names: Names) -> Iterator[str]:
    """Who works behind the stage, each named once: owners first, then supporters."""
    keys = [step["team"] for _number, step in steps if step["team"]]
    keys += [team for _number, step in steps for team in step["support_teams"]]
    for key in dict.fromkeys(keys):
        yield names.get("teams", {}).get(key, key)


def _text_of(name: str) -> Callable[[Card, Mapping[str, Any], Names], Iterator[Remark]]:
    def remarks(card: Card, step: Mapping[str, Any], _names: Names) -> Iterator[Remark]:
        if step[name]:
            yield Remark(card, step[name])

    return remarks


def _feeling(card: Card, step: Mapping[str, Any], _names: Names) -> Iterator[Remark]:
    if step["emotion"] is not None:
        yield Remark(card, str(step["emotion"]))


def _slots(card: Card, step: Mapping[str, Any], names: Names) -> Iterator[Remark]:
    for slot, content in sorted(step["slots"].items()):
        asset = content["asset"]
        if not asset:
            yield Remark(card, _("Nothing in “%(slot)s” yet") % {"slot": slot})
            continue
        known = names.get("assets")
        if known is not None and asset not in known:
            yield Remark(card, _("Content that is not open to you"))
            continue
        yield Remark(
            card,
            known[asset] if known else asset,
            note=_("v%(number)s") % {"number": content["version"]} if content["version"] else "",
            link=asset,
        )


def _kpi(card: Card, step: Mapping[str, Any], _names: Names) -> Iterator[Remark]:
    kpi = step["kpi"]
    if kpi and (kpi["metric"] or kpi["target"]):
        yield Remark(card, kpi["metric"] or kpi["target"], note=kpi["target"])


REMARKS: dict[str, Callable[[Card, Mapping[str, Any], Names], Iterator[Remark]]] = {
    "customer": _text_of("customer_action"),
    "emotion": _feeling,
    "mindset": _text_of("mindset"),
    "pain": _text_of("pain_points"),
    "content": _slots,
    "kpis": _kpi,
}
