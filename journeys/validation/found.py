"""What the checks share: the document by key, what is known outside it, and the findings."""

from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from cjops.core.findings import Finding, Severity, pointer
from journeys.fitting import Offer

Element = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Known:
    """Keys of what exists outside the document; None means: do not check.

    `concepts` are written `taxonomy:concept`; `assets` gives for each key the digest of each of
    its versions, `asset_channels` the channel it is made for; `unsendable` says by digest what
    keeps a version from being sent, `advised` what the word rules of the journey's market advise
    against in it, `usable_until` the last day it may be used on, `territories` where, `offers`
    what it is; `retired` are the assets out of use.
    """

    channels: Set[str] | None = None
    channels_with_content: Set[str] | None = None
    teams: Set[str] | None = None
    journeys: Set[str] | None = None
    concepts: Set[str] | None = None
    assets: Mapping[str, Mapping[int, str]] | None = None
    asset_channels: Mapping[str, str] | None = None
    unsendable: Mapping[str, Sequence[str]] | None = None
    advised: Mapping[str, Sequence[str]] | None = None
    territories: Mapping[str, Sequence[str]] | None = None
    usable_until: Mapping[str, str] | None = None
    offers: Mapping[str, Offer] | None = None
    retired: Set[str] | None = None


class Found:
    """A document under examination, and what was found so far."""

    def __init__(self, document: dict[str, Any], before: dict[str, Any] | None = None) -> None:
        self.document = document
        # Slots by step; None where nobody says what the document replaces.
        self._slots_before: dict[str, dict[str, Element]] | None = None
        if before is not None:
            self._slots_before = {one["key"]: one["slots"] for one in before.get("steps", ())}
        self.steps: dict[str, Element] = {step["key"]: step for step in document["steps"]}
        self.stages = {stage["key"] for stage in document["stages"]}
        self._places: dict[tuple[str, str], int] = {}
        self._findings: list[Finding] = []
        for name in ("entries", "exits", "stages", "steps", "transitions"):
            for number, element in enumerate(document[name]):
                self._places.setdefault((name, element["key"]), number)

    def error(self, code: str, message: str, *place: str) -> None:
        """Add an error; `place` is collection, key and field path, or a path in the header."""
        self._add("error", code, message, place)

    def warning(self, code: str, message: str, *place: str) -> None:
        """Add a warning; `place` as for `error`."""
        self._add("warning", code, message, place)

    def is_set_here(self, step_key: str, slot: str, names: Collection[str]) -> bool:
        """Whether one of these of a slot is another than in the document that this one replaces."""
        if self._slots_before is None:
            return False
        now = self.steps[step_key]["slots"][slot]
        then = self._slots_before.get(step_key, {}).get(slot, {})
        return any(now.get(name) != then.get(name) for name in names)

    def place(self, name: str, key: str) -> int:
        """Where in its collection the element stands."""
        return self._places[name, key]

    def name(self, step_key: str) -> str:
        """What the step is called: its name, or its key while it has none."""
        step = self.steps.get(step_key)
        return step["name"] or step_key if step else step_key

    def sorted(self) -> list[Finding]:
        """All findings, errors first."""
        return sorted(self._findings, key=lambda finding: finding.severity)

    def _add(self, severity: Severity, code: str, message: str, place: tuple[str, ...]) -> None:
        if len(place) > 1 and (place[0], place[1]) in self._places:
            element, key, *field = place
            number = self._places[element, key]
            where = pointer(element, number, *field)
        else:
            element = key = ""
            where = pointer(*place)
        self._findings.append(Finding(severity, code, where, message, element, key))


def element_name(element: Element) -> str:
    """What an element is called: its name, or its key while it has none."""
    return str(element.get("name") or element["key"])
