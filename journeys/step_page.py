"""One step as its page tells it: what leads in and out, what the customer feels. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cjops.documents import Document
from journeys.durations import duration_words
from journeys.labels import EMOTIONS, choice_label, kind_label
from journeys.portrait import Link, journey_link
from journeys.stage_map import KIND_ICONS
from journeys.values import NO_NAMES, Names, format_value

FREQUENCY: dict[str, Promise] = {
    "none": gettext_lazy("Counts against no contact limit."),
    "service": gettext_lazy("Counts as service contact."),
    "transactional": gettext_lazy("Answers something the customer did; sent whatever the limit."),
    "marketing": gettext_lazy("Counts against the marketing contact limit."),
}


@dataclass(frozen=True, slots=True)
class Way:
    """A path to or from a step."""

    step: Link
    condition: str
    delay: str
    share: str


@dataclass(frozen=True, slots=True)
class StepPage:
    """What the document says of one step, in words."""

    key: str
    name: str
    kind: str
    kind_label: str
    icon: str
    stage: str
    purpose: str
    touchpoint: str
    customer_action: str
    mindset: str
    emotion: int | None
    emotion_words: str
    pain_points: str
    wait: str
    hand_off: Link | None
    frequency: str
    frequency_words: str
    tags: tuple[str, ...]
    supporters: tuple[str, ...]
    kpi: Mapping[str, Any] | None
    incoming: tuple[Way, ...]
    outgoing: tuple[Way, ...]
    entries: tuple[Mapping[str, Any], ...]
    previous: Link | None
    following: Link | None


def find_step(document: Document, key: str) -> Document | None:
    """The step of that key; None where the document has none."""
    return next((step for step in document["steps"] if step["key"] == key), None)


def step_page(document: Document, step: Mapping[str, Any], names: Names = NO_NAMES) -> StepPage:
    """Everything about `step` of the document."""
    key = step["key"]
    order = sorted(document["steps"], key=lambda one: (one["rank"], one["key"]))
    at = next(number for number, one in enumerate(order) if one["key"] == key)
    transitions = sorted(document["transitions"], key=lambda one: (one["rank"], one["key"]))
    concepts, teams = names.get("concepts", {}), names.get("teams", {})
    emotion = step["emotion"]
    return StepPage(
        key=key,
        name=step["name"] or key,
        kind=step["kind"],
        kind_label=kind_label(step["kind"]),
        icon=KIND_ICONS.get(step["kind"], "circle"),
        stage=names.get("stages", {}).get(step["stage"], step["stage"]),
        purpose=step["purpose"],
        touchpoint=step["touchpoint"],
        customer_action=step["customer_action"],
        mindset=step["mindset"],
        emotion=emotion,
        emotion_words=str(EMOTIONS[emotion]) if emotion is not None else "",
        pain_points=step["pain_points"],
        wait=duration_words(step["wait"]) if step["wait"] else "",
        hand_off=journey_link(step["journey"], names.get("journeys", {}))
        if step["journey"]
        else None,
        frequency=choice_label("steps", ("frequency_class",), step["frequency_class"]),
        frequency_words=str(FREQUENCY.get(step["frequency_class"], "")),
        tags=tuple(concepts.get(tag, tag) for tag in step["tags"]),
        supporters=tuple(teams.get(team, team) for team in step["support_teams"]),
        kpi=step["kpi"],
        incoming=tuple(_way(one, "source", names) for one in transitions if one["target"] == key),
        outgoing=tuple(_way(one, "target", names) for one in transitions if one["source"] == key),
        entries=tuple(one for one in document["entries"] if one["step"] == key),
        previous=_neighbour(order, at - 1),
        following=_neighbour(order, at + 1),
    )


def belongings(held: Document, live: Document, key: str) -> list[tuple[str, str]]:
    """What has to come back with a step of `held` that is not in `live`: its stage, and the paths
    and entries that led to and from it, as far as they have two ends then."""
    step = find_step(held, key)
    if step is None:
        return []
    found = [("steps", key)]
    if step["stage"] not in {stage["key"] for stage in live["stages"]}:
        found.insert(0, ("stages", step["stage"]))
    steps = {one["key"] for one in live["steps"]} | {key}
    found += [
        ("transitions", way["key"])
        for way in held["transitions"]
        if key in (way["source"], way["target"]) and {way["source"], way["target"]} <= steps
    ]
    entries = {one["key"]: one["step"] for one in live["entries"]}
    # An entry that starts elsewhere now was put there on purpose: only a lost one comes back.
    found += [
        ("entries", entry["key"])
        for entry in held["entries"]
        if entry["step"] == key and entry["key"] not in entries
    ]
    return found


def _way(transition: Mapping[str, Any], end: str, names: Names) -> Way:
    key = transition[end]
    share = transition["share"]
    return Way(
        step=Link(key, names.get("steps", {}).get(key, key)),
        condition=transition["condition"],
        delay=_("after %(time)s") % {"time": duration_words(transition["delay"])}
        if transition["delay"]
        else "",
        share=format_value("transitions", ("share",), share) if share is not None else "",
    )


def _neighbour(order: list[Any], at: int) -> Link | None:
    if not 0 <= at < len(order):
        return None
    return Link(order[at]["key"], order[at]["name"] or order[at]["key"])
