"""What became of one step, from the history of its rows: when, by whom, and what in words."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

import tags.queries
from content.models import Asset
from journeys.labels import choice_label, field_label
from journeys.models import SlotBinding, Stage, Step, StepTag
from people.models import Channel, Team

if TYPE_CHECKING:
    from journeys.reading import Known
    from people.models import User

SHOWN = 50
# One publication writes all its rows within this time.
TOGETHER = timedelta(seconds=30)
SHORT = 80
FIELDS = (
    "name",
    "kind",
    "stage_id",
    "channel_id",
    "team_id",
    "purpose",
    "touchpoint",
    "frequency_class",
    "rank",
)
POINTS_AT = ("stage_id", "channel_id", "team_id")


@dataclass(slots=True)
class Entry:
    """One moment of a step's life."""

    at: datetime
    who: "User | None"
    sentences: list[str] = field(default_factory=list)


def step_history(step: Step, known: "Known", user: "User") -> list[Entry]:
    """The newest `SHOWN` moments, newest first, in a constant number of queries.

    `known` is what the page has read already; of anything else only what `user` sees is named.
    """
    steps = list(
        Step.history.filter(id=step.pk)
        .select_related("history_user")
        .order_by("-history_date", "-history_id")[: SHOWN + 1]
    )
    slots = list(
        SlotBinding.history.filter(step_id=step.pk)
        .select_related("history_user")
        .order_by("-history_date", "-history_id")[: SHOWN + 1]
    )
    marks = list(
        StepTag.history.filter(step_id=step.pk)
        .select_related("history_user")
        .order_by("-history_date", "-history_id")[:SHOWN]
    )
    names = Names(step, known, user, rows=[*steps, *slots, *marks])
    told = [
        *_steps(steps, names),
        *_slots(slots, names),
        *_tags(marks, names),
    ]
    return _gathered(told)[:SHOWN]


class Names:
    """What the rows that history points at are called now; what is gone has no name."""

    def __init__(self, step: Step, known: "Known", user: "User", rows: Iterable[Any]) -> None:
        near: dict[str, Iterable[Any]] = {
            "stage_id": [step.stage],
            "channel_id": known.channels.values(),
            "team_id": known.teams.values(),
            "asset_id": known.assets.values(),
            "concept_id": known.concepts,
        }
        far: dict[str, Any] = {
            "stage_id": Stage.objects,
            "channel_id": Channel.objects,
            "team_id": Team.objects,
            "asset_id": Asset.objects.visible_to(user),
            "concept_id": tags.queries.concepts(user),
        }
        wanted: dict[str, set[int]] = {name: set() for name in far}
        for row in rows:
            for name, ids in wanted.items():
                ids.add(getattr(row, name, None) or 0)
        self._of = {name: _called(near[name], rows_, wanted[name]) for name, rows_ in far.items()}

    def __call__(self, name: str, pk: int | None) -> str:
        if pk is None:
            return _("nothing")
        if name == "asset_id":
            return self._of[name].get(pk) or _("content that is not open to you")
        return self._of[name].get(pk) or _("something that is no longer there")


def _called(near: Iterable[Any], far: Any, ids: set[int]) -> dict[int, str]:
    """The names of the rows with these ids; a query only for those that are not at hand."""
    names = {row.pk: str(row) for row in near}
    missing = ids - names.keys() - {0}
    if missing:
        names |= {pk: str(row) for pk, row in far.in_bulk(missing).items()}
    return names


_Told = tuple[datetime, Any, str]


def _steps(rows: Sequence[Any], names: Names) -> Iterator[_Told]:
    for row, before in zip(rows, [*rows[1:], None], strict=True):
        if row.history_type == "+":
            yield row.history_date, row.history_user, _("The step was added.")
        elif before is not None:
            for name in FIELDS:
                if getattr(row, name) != getattr(before, name):
                    yield row.history_date, row.history_user, _edited(name, before, row, names)


def _edited(name: str, before: Any, after: Any, names: Names) -> str:
    label = field_label("steps", (name.removesuffix("_id"),))
    if name == "rank":
        return _("Moved to another place among the steps.")
    was, now = (_shown(name, getattr(row, name), names) for row in (before, after))
    if len(was) > SHORT or len(now) > SHORT:
        return _("%(field)s: reworded.") % {"field": label}
    return _("%(field)s: %(before)s → %(after)s") % {"field": label, "before": was, "after": now}


def _shown(name: str, value: Any, names: Names) -> str:
    if name in POINTS_AT:
        return names(name, value)
    return choice_label("steps", (name,), value) or _("nothing")


def _slots(rows: Sequence[Any], names: Names) -> Iterator[_Told]:
    last: dict[int, Any] = {}
    for row in reversed(rows):
        before = last.get(row.id)
        last[row.id] = row
        sentence = _slot_sentence(row, before, names)
        if sentence:
            yield row.history_date, row.history_user, sentence


def _slot_sentence(row: Any, before: Any, names: Names) -> str:
    words = {"slot": row.slot, "after": _filling(row, names)}
    if row.history_type == "-":
        return _("The slot “%(slot)s” was taken out.") % words
    if before is None:
        # Beyond what is shown, the row before is not known: then nothing is claimed about it.
        return _("Slot “%(slot)s”: %(after)s") % words if row.history_type == "+" else ""
    if row.needs != before.needs:
        return _("Slot “%(slot)s”: it asks for other content.") % words
    if (row.asset_id, row.version) == (before.asset_id, before.version):
        return _("Slot “%(slot)s”: purpose reworded.") % words
    words["before"] = _filling(before, names)
    return _("Slot “%(slot)s”: %(before)s → %(after)s") % words


def _filling(row: Any, names: Names) -> str:
    if row.asset_id is None:
        return _("empty")
    return _("%(asset)s, version %(version)s") % {
        "asset": names("asset_id", row.asset_id),
        "version": row.version or "–",
    }


def _tags(rows: Sequence[Any], names: Names) -> Iterator[_Told]:
    for row in rows:
        tag = {"tag": names("concept_id", row.concept_id)}
        if row.history_type == "+":
            yield row.history_date, row.history_user, _("Tagged “%(tag)s”.") % tag
        elif row.history_type == "-":
            yield row.history_date, row.history_user, _("The tag “%(tag)s” was taken off.") % tag


def _gathered(told: list[_Told]) -> list[Entry]:
    """What one person did in one go as one entry, newest first."""
    entries: list[Entry] = []
    for at, who, sentence in sorted(told, key=lambda one: one[0], reverse=True):
        last = entries[-1] if entries else None
        if last and last.who == who and last.at - at <= TOGETHER:
            if sentence not in last.sentences:
                last.sentences.append(sentence)
            continue
        entries.append(Entry(at, who, [sentence]))
    return entries
