"""What a hunk of a journey touches: pure, from the two documents."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from cjops.core.subjects import HunkFacts
from cjops.documents import Document, Hunk

CONTENT, AUDIENCE, TIMING, STRUCTURE, FREQUENCY, TAGS, METADATA = (
    "content",
    "audience",
    "timing",
    "structure",
    "frequency",
    "tags",
    "metadata",
)
# What a change of a field is about; a field that is not named is metadata.
KIND_OF_FIELD: dict[str, dict[str, str]] = {
    "": {"lifecycle": TIMING, "reentry": AUDIENCE, "tags": TAGS},
    "entries": {"rank": STRUCTURE, "kind": AUDIENCE, "rule": AUDIENCE, "step": STRUCTURE},
    "exits": {
        "rank": STRUCTURE,
        "rule": AUDIENCE,
        "outcome": STRUCTURE,
        "journey": STRUCTURE,
    },
    "stages": {"rank": STRUCTURE},
    "steps": {
        "rank": STRUCTURE,
        "stage": STRUCTURE,
        "kind": STRUCTURE,
        "channel": STRUCTURE,
        "journey": STRUCTURE,
        "slots": CONTENT,
        "tags": TAGS,
        "frequency_class": FREQUENCY,
        "wait": TIMING,
    },
    "transitions": {
        "rank": STRUCTURE,
        "source": STRUCTURE,
        "target": STRUCTURE,
        "share": STRUCTURE,
        "condition": AUDIENCE,
        "delay": TIMING,
    },
}
# What of an entry or a path names a step.
STEP_FIELDS = ("step", "source", "target")
NOTHING: tuple[object, ...] = (None, "", [], {}, "none")


def facts(before: Document, after: Document, hunks: Sequence[Hunk]) -> list[HunkFacts]:
    """Channels, kinds and owning teams each hunk touches, in the order of `hunks`.

    Only steps reach customers: another element touches no channel. The team is the one that owned
    the step before, so that nobody decides on a step by making it their own.
    """
    old, new = steps_by_key(before), steps_by_key(after)
    places = _Places(old, new)
    header = tags_of(before, after)
    return [
        one(hunk, old.get(hunk.key, {}), new.get(hunk.key, {}), places.stages_of(hunk), header)
        for hunk in hunks
    ]


def steps_by_key(document: Document) -> dict[str, Mapping[str, Any]]:
    """The steps of a document by their keys."""
    return {step["key"]: step for step in document.get("steps") or []}


def one(
    hunk: Hunk,
    was: Mapping[str, Any],
    will_be: Mapping[str, Any],
    stages: frozenset[str] = frozenset(),
    header_tags: frozenset[str] = frozenset(),
) -> HunkFacts:
    """The facts of one hunk; `was` and `will_be` are the step of that key, if it is one."""
    kinds = kinds_of(hunk)
    if hunk.element != "steps":
        tags = header_tags if not hunk.element else frozenset[str]()
        return HunkFacts(hunk=hunk, kinds=kinds, stages=stages, tags=tags)
    return HunkFacts(
        hunk=hunk,
        channels=frozenset(step["channel"] for step in (was, will_be) if step.get("channel")),
        kinds=kinds,
        teams=frozenset({was["team"]} if was.get("team") else ()),
        stages=stages,
        steps=frozenset({hunk.key}),
        tags=tags_of(was, will_be),
    )


def tags_of(*elements: Mapping[str, Any]) -> frozenset[str]:
    """All tags that these elements carry."""
    return frozenset(tag for element in elements for tag in element.get("tags") or ())


class _Places:
    """Which stages an element of a journey lies in, before and after."""

    def __init__(self, *sides: dict[str, Mapping[str, Any]]) -> None:
        self.sides = sides

    def stages_of(self, hunk: Hunk) -> frozenset[str]:
        """The stage itself, that of the step, or those of the steps it leads from and to."""
        if hunk.element == "stages":
            return frozenset({hunk.key})
        steps = {hunk.key} if hunk.element == "steps" else _named_steps(hunk)
        return frozenset(
            stage
            for side in self.sides
            for key in steps
            if (stage := side.get(key, {}).get("stage"))
        )


def _named_steps(hunk: Hunk) -> set[str]:
    """Keys of the steps that an added, removed or redirected path or entry names."""
    found = set()
    for change in hunk.changes:
        for value in (change.before, change.after):
            if change.field and change.field[0] in STEP_FIELDS:
                found.add(value)
            elif not change.field and isinstance(value, dict):
                found |= {value.get(name) for name in STEP_FIELDS}
    return {key for key in found if isinstance(key, str) and key}


def whole(before: Document, after: Document, hunks: Sequence[Hunk]) -> dict[str, Any]:
    """Facts of the change as one: market, size, messages that come and go."""
    old, new = steps_by_key(before), steps_by_key(after)
    touched = {hunk.key for hunk in hunks if hunk.element == "steps"}
    added, removed = _messages(new, old), _messages(old, new)
    return {
        "market": _values("market", before, after),
        "product_line": _values("product_line", before, after),
        "importance": _values("importance", before, after),
        "journey_tags": tags_of(before, after),
        "step_count": len(touched),
        # A journey that has no live steps is touched as a whole.
        "step_share": round(100 * len(touched & old.keys()) / len(old), 1) if old else 100,
        "steps_added": len(new.keys() - old.keys()),
        "steps_removed": len(old.keys() - new.keys()),
        "messages_added": added,
        "messages_removed": removed,
    }


def _values(name: str, *documents: Document) -> frozenset[str]:
    return frozenset(document[name] for document in documents if document.get(name))


def _messages(
    these: Mapping[str, Mapping[str, Any]], others: Mapping[str, Mapping[str, Any]]
) -> dict[str, int]:
    """By channel how many message steps of the one side send nothing there on the other."""
    return dict(
        Counter(
            step["channel"]
            for key, step in these.items()
            if step["kind"] == "message" and step.get("channel")
            if (others.get(key, {}).get("kind"), others.get(key, {}).get("channel"))
            != ("message", step["channel"])
        )
    )


def kinds_of(hunk: Hunk) -> frozenset[str]:
    """What the hunk is about; an element that comes or goes is about all that it holds."""
    kind_of = KIND_OF_FIELD.get(hunk.element, {})
    kinds: set[str] = set()
    for change in hunk.changes:
        if change.field:
            kinds.add(kind_of.get(change.field[0], METADATA))
            continue
        element = change.after if change.op == "add" else change.before
        kinds.add(STRUCTURE)
        kinds |= {kind_of.get(name, METADATA) for name in element if element[name] not in NOTHING}
    return frozenset(kinds)
