"""The live document of a journey as rows: for joins, search, lists and history."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.db.models import Value
from django.db.models.functions import Concat
from django.utils.translation import gettext as _

from cjops.core import projection
from cjops.core.errors import DocumentInvalid
from cjops.core.projection import Difference, Values
from cjops.documents import Document
from content.models import Asset
from journeys import permissions, tombstones
from journeys.models import Journey, JourneyTag, SlotBinding, Stage, Step, StepTag, Transition
from journeys.rows import Rows, SlotKey, rows_of
from people.models import Channel, Team
from tags.models import Concept

if TYPE_CHECKING:
    from people.models import User

Ids = Mapping[str, int]


@transaction.atomic(savepoint=False)
def project(*, journey: Journey, document: Document, actor: "User | None") -> None:
    """Make the rows those of `document`; only what differs is written, with its history.

    The caller holds the journey's row, and before it `people.deriving.lock_narrow`. Raises
    `DocumentInvalid` where the document names what is not there, which `validation` reports before.
    """
    present, wanted = Present.of(journey), Wanted.of(journey, document)
    projection.remove(JourneyTag, gone(present.tags, wanted.tags()), actor=actor)
    stages = projection.write(Stage, present.stages, wanted.stages(), actor=actor)
    steps = projection.write(Step, present.steps, wanted.steps(ids(stages)), actor=actor)
    is_new = not steps.keys() <= present.steps.keys()
    step_ids = ids(steps)
    transitions = wanted.transitions(step_ids)
    slots, step_tags = wanted.slots(step_ids), wanted.step_tags(step_ids)
    # What points at a row goes before it does.
    projection.remove(StepTag, gone(present.step_tags, step_tags), actor=actor)
    projection.remove(SlotBinding, gone(present.slots, slots), actor=actor)
    projection.remove(Transition, gone(present.transitions, transitions), actor=actor)
    remove_steps(gone(present.steps, steps), actor)
    projection.remove(Stage, gone(present.stages, stages), actor=actor)
    projection.write(Transition, present.transitions, transitions, actor=actor)
    projection.write(SlotBinding, present.slots, slots, actor=actor)
    projection.write(StepTag, present.step_tags, step_tags, actor=actor)
    projection.write(JourneyTag, present.tags, wanted.tags(), actor=actor)
    moved = write_header(journey, wanted.header(), actor)
    if moved & {"market", "product_line"}:
        permissions.renew([journey.pk])
    elif is_new:
        permissions.renew_steps([journey.pk])
    tombstones.follow(journey=journey, document=document)


@transaction.atomic(savepoint=False)
def rebuild(*, journey: Journey, document: Document, actor: "User | None") -> None:
    """The same from all that is stored, whatever the rows were: `project` trusts those of what
    is gone."""
    project(journey=journey, document=document, actor=actor)
    tombstones.rebuild(journey=journey)


@transaction.atomic(savepoint=False)
def clear(*, journey: Journey, actor: "User | None") -> None:
    """Remove all rows of a journey that is not live; its own row stays as it is."""
    present = Present.of(journey)
    projection.remove(JourneyTag, present.tags.values(), actor=actor)
    projection.remove(StepTag, present.step_tags.values(), actor=actor)
    projection.remove(SlotBinding, present.slots.values(), actor=actor)
    projection.remove(Transition, present.transitions.values(), actor=actor)
    remove_steps(present.steps.values(), actor)
    projection.remove(Stage, present.stages.values(), actor=actor)
    tombstones.rebuild(journey=journey)


def remove_steps(steps: Iterable[Step], actor: "User | None") -> None:
    """Remove steps, and before them the rights that were granted on them."""
    going = list(steps)
    if going:
        permissions.forget_steps([step.pk for step in going])
    projection.remove(Step, going, actor=actor)


def differences(journey: Journey) -> list[Difference]:
    """Where the rows are not those of the live version; none at all before there is one."""
    present = Present.of(journey)
    live = journey.live_version
    if live is None:
        return [
            Difference(row._meta.object_name or "", str(row), "extra row")
            for rows in present.everything()
            for row in rows.values()
        ] + tombstones.differences(journey)
    try:
        wanted = Wanted.of(journey, live.get_document())
    except DocumentInvalid as error:
        return [Difference("Journey", journey.key, error.message)]
    step_ids = ids(present.steps)
    found = [
        *projection.differences(Stage, present.stages, wanted.stages()),
        *projection.differences(Step, present.steps, wanted.steps(ids(present.stages))),
        *projection.differences(Transition, present.transitions, wanted.transitions(step_ids)),
        *projection.differences(SlotBinding, present.slots, wanted.slots(step_ids)),
        *projection.differences(StepTag, present.step_tags, wanted.step_tags(step_ids)),
        *projection.differences(JourneyTag, present.tags, wanted.tags()),
        *tombstones.differences(journey),
    ]
    return found + [
        Difference("Journey", journey.key, f"{name} is {getattr(journey, name)!r}, not {value!r}")
        for name, value in wanted.header().items()
        if getattr(journey, name) != value
    ]


def ids(rows: Mapping[str, Any]) -> Ids:
    """Primary keys by key."""
    return {key: row.pk for key, row in rows.items()}


def gone(present: Mapping[Any, Any], wanted: Mapping[Any, Any]) -> list[Any]:
    """The rows that nothing stands for any more."""
    return [row for key, row in present.items() if key not in wanted]


def write_header(journey: Journey, header: Values, actor: "User | None") -> set[str]:
    """Write the columns of the journey's own row that differ, and give their names."""
    differing = {name: value for name, value in header.items() if getattr(journey, name) != value}
    if not differing:
        return set()
    for name, value in differing.items():
        setattr(journey, name, value)
    journey._history_user = actor  # type: ignore[attr-defined]
    journey.save(update_fields=[*differing, "updated_at"])
    return set(differing)


@dataclass(frozen=True, slots=True)
class Present:
    """The rows there are. Tags go by the concept's primary key, slots by (step, slot)."""

    stages: dict[str, Stage]
    steps: dict[str, Step]
    transitions: dict[str, Transition]
    slots: dict[SlotKey, SlotBinding]
    step_tags: dict[tuple[str, int], StepTag]
    tags: dict[int, JourneyTag]

    @classmethod
    def of(cls, journey: Journey) -> "Present":
        """The rows of one journey, in six queries."""
        steps = {step.key: step for step in journey.steps.order_by()}
        step_keys = {step.pk: key for key, step in steps.items()}
        slots = SlotBinding.objects.filter(step__journey=journey).order_by()
        step_tags = StepTag.objects.filter(step__journey=journey).order_by()
        return cls(
            stages={stage.key: stage for stage in journey.stages.order_by()},
            steps=steps,
            transitions={row.key: row for row in journey.transitions.order_by()},
            slots={(step_keys[row.step_id], row.slot): row for row in slots},
            step_tags={(step_keys[row.step_id], row.concept_id): row for row in step_tags},
            tags={row.concept_id: row for row in journey.tag_bindings.order_by()},
        )

    def everything(self) -> Iterable[Mapping[Any, models.Model]]:
        """All rows, kind by kind."""
        return (
            self.stages,
            self.steps,
            self.transitions,
            self.slots,
            self.step_tags,
            self.tags,
        )


@dataclass(frozen=True, slots=True)
class Wanted:
    """The rows there should be, by the same keys, with primary keys in place of keys."""

    journey: Journey
    rows: Rows
    outside: Mapping[tuple[str, str], int]

    @classmethod
    def of(cls, journey: Journey, document: Document) -> "Wanted":
        """What the document says about the journey. Raises `DocumentInvalid`, see `project`."""
        rows = rows_of(document)
        return cls(journey, rows, outside(rows))

    def header(self) -> Values:
        return {**self.rows.header, "name": self.rows.header["name"] or self.journey.key}

    def stages(self) -> dict[str, Values]:
        return {
            key: {**values, "journey_id": self.journey.pk}
            for key, values in self.rows.stages.items()
        }

    def steps(self, stage_ids: Ids) -> dict[str, Values]:
        return {
            key: self._pointed(
                values,
                journey_id=self.journey.pk,
                stage_id=stage_ids.get(values["stage"]),
                channel_id=self._outside("channel", values["channel"]),
                team_id=self._outside("team", values["team"]),
            )
            for key, values in self.rows.steps.items()
        }

    def transitions(self, step_ids: Ids) -> dict[str, Values]:
        return {
            key: self._pointed(
                values,
                journey_id=self.journey.pk,
                source_id=step_ids.get(values["source"]),
                target_id=step_ids.get(values["target"]),
            )
            for key, values in self.rows.transitions.items()
        }

    def slots(self, step_ids: Ids) -> dict[SlotKey, Values]:
        return {
            (step, slot): self._pointed(
                values,
                step_id=step_ids.get(step),
                asset_id=self._outside("asset", values["asset"]),
            )
            for (step, slot), values in self.rows.slots.items()
        }

    def step_tags(self, step_ids: Ids) -> dict[tuple[str, int], Values]:
        pairs = [(step, self.outside["concept", tag]) for step, tag in self.rows.step_tags]
        return {
            (step, concept): {"step_id": step_ids.get(step), "concept_id": concept}
            for step, concept in pairs
        }

    def tags(self) -> dict[int, Values]:
        return {
            self.outside["concept", tag]: {
                "journey_id": self.journey.pk,
                "concept_id": self.outside["concept", tag],
            }
            for tag in self.rows.tags
        }

    def _outside(self, kind: str, key: str | None) -> int | None:
        return self.outside[kind, key] if key else None

    @staticmethod
    def _pointed(values: Values, **foreign: int | None) -> Values:
        """The values with primary keys where they named keys."""
        named = {name.removesuffix("_id") for name in foreign}
        return {name: value for name, value in values.items() if name not in named} | foreign


def outside(rows: Rows) -> dict[tuple[str, str], int]:
    """Primary keys of what the rows name outside the journey, by kind and key: one query.

    Raises `DocumentInvalid` where something is not there.
    """
    named = {
        "channel": {step["channel"] for step in rows.steps.values()},
        "team": {step["team"] for step in rows.steps.values()},
        "asset": {slot["asset"] for slot in rows.slots.values()},
        "concept": {tag for _step, tag in rows.step_tags} | set(rows.tags),
    }
    named = {kind: keys - {None} for kind, keys in named.items()}
    wanted = {(kind, key) for kind, keys in named.items() for key in keys}
    parts = [_ids(kind, keys) for kind, keys in named.items() if keys]
    found: dict[tuple[str, str], int] = {}
    if parts:
        rows_found = parts[0].union(*parts[1:], all=True)
        found = {(kind, key): pk for kind, key, pk in rows_found}
    missing = sorted(key for _kind, key in wanted - found.keys())
    missing += sorted(
        {step["stage"] for step in rows.steps.values()} - rows.stages.keys()
    ) + sorted(
        {end for row in rows.transitions.values() for end in (row["source"], row["target"])}
        - rows.steps.keys()
    )
    if missing:
        raise DocumentInvalid(
            _("The journey names “%(key)s”, which is not there.") % {"key": missing[0]},
            findings=[],
        )
    return found


def _ids(kind: str, keys: set[str]) -> models.QuerySet[Any, tuple[str, str, int]]:
    """Kind, key and primary key of the rows of one kind."""
    if kind == "concept":
        concepts = Concept.objects.annotate(
            reference=Concat("taxonomy__key", Value(":"), "key", output_field=models.TextField())
        ).filter(
            taxonomy__key__in={key.partition(":")[0] for key in keys},
            key__in={key.partition(":")[2] for key in keys},
        )
        return _columns(concepts, kind, "reference")
    model: Any = {"channel": Channel, "team": Team, "asset": Asset}[kind]
    return _columns(model.objects.filter(key__in=keys), kind, "key")


def _columns(
    rows: models.QuerySet[Any], kind: str, key: str
) -> models.QuerySet[Any, tuple[str, str, int]]:
    named = rows.order_by().annotate(of_kind=Value(kind, output_field=models.TextField()))
    columns: models.QuerySet[Any, tuple[str, str, int]] = named.values_list("of_kind", key, "pk")
    return columns
