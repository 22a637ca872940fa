"""The journey document, `journey/1`: its schema, its limits, and how a short one is completed.

`complete` is the door: what it returns may be stored, compared and drawn. Whether the journey
also makes sense (nothing unreachable, every message with its content) `validation` answers.
"""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from cjops.core import schema
from cjops.core.schema import (
    MAX_BYTES,
    Element,
    Key,
    Line,
    OptionalKey,
    Part,
    ShapeError,
    Tags,
    Text,
    fields,
)
from cjops.core.schema.types import MAX_LIST, DateText, Digest
from cjops.documents import Reference

__all__ = [
    "COLLECTIONS",
    "MAX_BYTES",
    "MAX_SLOTS",
    "MAX_STAGES",
    "MAX_STEPS",
    "MAX_TRANSITIONS",
    "SCHEMA",
    "STEP_KINDS",
    "Entry",
    "Exit",
    "JourneyDefinition",
    "ShapeError",
    "Slot",
    "Stage",
    "Step",
    "Transition",
    "blank",
    "complete",
    "json_schema",
]

SCHEMA = "journey/1"
COLLECTIONS = ("entries", "exits", "stages", "steps", "transitions")
# Which fields hold the key of another element of the same document.
REFERENCES = (
    Reference("entries", ("step",), "steps"),
    Reference("steps", ("stage",), "stages"),
    Reference("transitions", ("source",), "steps"),
    Reference("transitions", ("target",), "steps"),
)
# What an element cannot lose and still be what its key named; a stage is a place, whatever it says.
IDENTITY = {
    "entries": ("kind",),
    "exits": ("outcome",),
    "steps": ("kind",),
    "transitions": ("source", "target"),
}
STEP_KINDS = ("message", "wait", "decision", "action", "touchpoint", "hand_off", "exit")
MAX_STAGES, MAX_STEPS, MAX_TRANSITIONS, MAX_SLOTS = 100, 2_000, 5_000, 50
MAX_ENTRIES = MAX_EXITS = 100

KeyOrEmpty = Annotated[
    str,
    AfterValidator(fields.key_or_empty),
    Field(
        json_schema_extra={"pattern": f"^$|{fields.KEY_PATTERN}", "maxLength": fields.KEY_LENGTH}
    ),
]
DurationText = Annotated[
    Annotated[
        str,
        AfterValidator(fields.short),
        Field(json_schema_extra={"format": "duration", "maxLength": fields.SHORT_LENGTH}),
    ]
    | None,
    BeforeValidator(fields.none_if_empty),
]
# Tuples, so that a definition is a value; JSON knows only arrays, hence not strict.
Keys = Annotated[
    tuple[Key, ...],
    AfterValidator(fields.without_repeats),
    Field(strict=False, max_length=MAX_LIST),
]
Lines = Annotated[
    tuple[Line, ...],
    AfterValidator(fields.without_repeats),
    Field(strict=False, max_length=MAX_LIST),
]


class Goal(Part):
    """What the journey is for, so that it can be measured."""

    statement: Text = Field(default="", description="The goal in one sentence.")
    metric: Line = Field(default="", description="The measure that tells whether it is reached.")
    target: Line = Field(default="", description="The value the measure should reach.")


class Lifecycle(Part):
    """From when until when the journey takes customers in."""

    start: DateText = Field(default=None, description="First day, ISO 8601; null when open.")
    end: DateText = Field(default=None, description="Last day, ISO 8601; null when open.")


class Reentry(Part):
    """Whether a customer may go through the journey again."""

    rule: Literal["never", "after_exit", "always"] = Field(
        default="never",
        description="never; after_exit (not while inside); always (also while inside).",
    )
    wait: DurationText = Field(
        default=None, description="Shortest time between two entries, ISO 8601; null for none."
    )


class Kpi(Part):
    """What a step is measured by, and what must not suffer from it."""

    metric: Line = Field(default="", description="The measure.")
    target: Line = Field(default="", description="The value it should reach.")
    guardrail: Line = Field(default="", description="What must not get worse, and by how much.")


class Needs(Part):
    """What content has to be to fill a slot; empty means any."""

    kind: KeyOrEmpty = Field(default="", description="Kind of content, such as email or banner.")
    languages: Annotated[
        tuple[Annotated[str, AfterValidator(fields.language)], ...],
        AfterValidator(fields.without_repeats),
        Field(strict=False, max_length=MAX_LIST),
    ] = Field(default=(), description="Languages it has to be in, such as zh-Hans.")
    size: Line = Field(default="", description="Size it has to come in, such as 300x250.")


NO_NEEDS = Needs().model_dump(mode="json")


class Slot(Part):
    """A place for content in a step, and the version of an asset that fills it."""

    purpose: Text = Field(default="", description="What the content is to achieve.")
    asset: OptionalKey = Field(default=None, description="Key of the asset; null while empty.")
    version: Annotated[int, Field(ge=1, le=1_000_000)] | None = Field(
        default=None, description="Number of the asset's version."
    )
    digest: Digest = Field(
        default=None, description="SHA-256 of that version, so that a review covers its content."
    )
    needs: Needs = Field(
        default=Needs(), description="What it asks of content. Left out while it asks nothing."
    )


class Entry(Element):
    """How customers come in."""

    name: Line = Field(default="", description="The entry in a few words.")
    kind: Literal["event", "segment", "schedule"] = Field(
        default="event",
        description="event (something happened), segment (belongs to a group), schedule (a date).",
    )
    rule: Text = Field(default="", description="Which event or which customers, in words.")
    where: Text = Field(default="", description="Where the customer is met: a system or a place.")
    step: KeyOrEmpty = Field(default="", description="Key of the first step.")


class Exit(Element):
    """A rule that takes customers out wherever they are."""

    name: Line = Field(default="", description="The exit in a few words.")
    rule: Text = Field(default="", description="Who leaves, in words.")
    outcome: Literal["end", "switch"] = Field(
        default="end", description="end, or switch to another journey."
    )
    journey: OptionalKey = Field(default=None, description="Key of the journey switched to.")
    note: Text = Field(default="", description="Anything worth knowing about it.")


class Stage(Element):
    """A column of the map."""

    name: Line = Field(default="", description="The stage in a word or two.")
    description: Text = Field(default="", description="What the stage is about.")


class Step(Element):
    """One thing that happens: a message, a wait, a decision ..."""

    stage: KeyOrEmpty = Field(default="", description="Key of the stage it belongs to.")
    name: Line = Field(default="", description="The step in a few words.")
    kind: Literal["message", "wait", "decision", "action", "touchpoint", "hand_off", "exit"] = (
        Field(description="What kind of step it is.")
    )
    channel: OptionalKey = Field(default=None, description="Key of the channel, if any.")
    team: OptionalKey = Field(default=None, description="Key of the team that owns the step.")
    touchpoint: Line = Field(default="", description="Where the customer meets it.")
    purpose: Text = Field(default="", description="Why the step is there.")
    customer_action: Text = Field(default="", description="What the customer does.")
    mindset: Text = Field(default="", description="What the customer thinks.")
    emotion: Annotated[int, Field(ge=-2, le=2)] | None = Field(
        default=None, description="How the customer feels: -2 very bad to 2 very good."
    )
    pain_points: Text = Field(default="", description="What hurts.")
    support_teams: Keys = Field(default=(), description="Keys of teams working behind the scenes.")
    slots: Annotated[dict[Key, Slot], Field(max_length=MAX_SLOTS)] = Field(
        default_factory=dict, description="Content by slot name."
    )
    tags: Tags = Field(default=(), description="Concepts, each as taxonomy:concept.")
    frequency_class: Literal["none", "service", "transactional", "marketing"] = Field(
        default="none", description="Which contact limit the step counts against."
    )
    kpi: Kpi | None = Field(default=None, description="How the step is measured.")
    wait: DurationText = Field(
        default=None, description="How long a wait step waits, ISO 8601, such as P3D."
    )
    journey: OptionalKey = Field(
        default=None, description="Key of the journey a hand-off passes the customer to."
    )


class Transition(Element):
    """A way from one step to the next."""

    source: Key = Field(description="Key of the step it leaves.")
    target: Key = Field(description="Key of the step it leads to.")
    condition: Text = Field(default="", description="Who takes it, in words.")
    delay: DurationText = Field(
        default=None, description="Time that passes on the way, ISO 8601; null for none."
    )
    share: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] | None = Field(
        default=None, description="Expected share of customers who take it, 0 to 1."
    )


class JourneyDefinition(Part):
    """A customer journey: who enters, what happens in which order, and how it ends."""

    schema_: Literal["journey/1"] = Field(
        default="journey/1", alias="schema", description="Name and version of this schema."
    )
    name: Line = Field(default="", description="The journey in a few words.")
    purpose: Text = Field(default="", description="Why the journey exists.")
    scenario: Text = Field(default="", description="The situation the customer is in.")
    goal: Goal = Field(default=Goal(), description="What it is to achieve.")
    lifecycle: Lifecycle = Field(default=Lifecycle(), description="From when until when it runs.")
    market: Line = Field(default="", description="The market it is for.")
    product_line: Line = Field(default="", description="The product line it belongs to.")
    importance: Literal["low", "normal", "high", "critical"] = Field(
        default="normal", description="How much depends on it."
    )
    personas: Lines = Field(default=(), description="The personas it is made for.")
    reentry: Reentry = Field(default=Reentry(), description="Whether one may come again.")
    tags: Tags = Field(default=(), description="Concepts, each as taxonomy:concept.")
    entries: Annotated[tuple[Entry, ...], Field(strict=False, max_length=MAX_ENTRIES)] = Field(
        default=(), description="How customers come in."
    )
    exits: Annotated[tuple[Exit, ...], Field(strict=False, max_length=MAX_EXITS)] = Field(
        default=(), description="What takes customers out wherever they are."
    )
    stages: Annotated[tuple[Stage, ...], Field(strict=False, max_length=MAX_STAGES)] = Field(
        default=(), description="The columns of the map."
    )
    steps: Annotated[tuple[Step, ...], Field(strict=False, max_length=MAX_STEPS)] = Field(
        default=(), description="Everything that happens."
    )
    transitions: Annotated[
        tuple[Transition, ...], Field(strict=False, max_length=MAX_TRANSITIONS)
    ] = Field(default=(), description="Which step follows which.")


def complete(raw: object) -> dict[str, Any]:
    """The whole normalised document that the possibly short `raw` stands for.

    Missing fields get their defaults, missing ranks the order of the list, text one spelling.
    Raises `ShapeError` with a finding per problem when `raw` is not a journey document or is
    larger than one may be; nothing is guessed.
    """
    document = schema.complete(raw, JourneyDefinition, COLLECTIONS)
    # Slots that ask nothing do not say so: documents from before keep their digest.
    for step in document["steps"]:
        for slot in step["slots"].values():
            if slot["needs"] == NO_NEEDS:
                del slot["needs"]
    return document


def blank(name: str) -> dict[str, Any]:
    """A new journey called `name`: the six stages most journeys have, and nothing else yet."""
    stages = ("Awareness", "Interest", "Consideration", "Purchase", "Use", "Loyalty")
    return complete(
        {"name": name, "stages": [{"key": stage.lower(), "name": stage} for stage in stages]}
    )


def json_schema() -> dict[str, Any]:
    """The JSON Schema of the journey document, as published."""
    return schema.published(JourneyDefinition, SCHEMA)
