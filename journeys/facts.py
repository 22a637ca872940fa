"""What a hunk of a journey touches: pure, from the two documents."""

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
NOTHING: tuple[object, ...] = (None, "", [], {}, "none")


def facts(before: Document, after: Document, hunks: Sequence[Hunk]) -> list[HunkFacts]:
    """Channels, kinds and owning teams each hunk touches, in the order of `hunks`.

    Only steps reach customers: another element touches no channel. The team is the one that owned
    the step before, so that nobody decides on a step by making it their own.
    """
    old, new = steps_by_key(before), steps_by_key(after)
    return [one(hunk, old.get(hunk.key, {}), new.get(hunk.key, {})) for hunk in hunks]


def steps_by_key(document: Document) -> dict[str, Mapping[str, Any]]:
    """The steps of a document by their keys."""
    return {step["key"]: step for step in document.get("steps") or []}


def one(hunk: Hunk, was: Mapping[str, Any], will_be: Mapping[str, Any]) -> HunkFacts:
    """The facts of one hunk; `was` and `will_be` are the step of that key, if it is one."""
    kinds = kinds_of(hunk)
    if hunk.element != "steps":
        return HunkFacts(hunk=hunk, kinds=kinds)
    return HunkFacts(
        hunk=hunk,
        channels=frozenset(step["channel"] for step in (was, will_be) if step.get("channel")),
        kinds=kinds,
        teams=frozenset({was["team"]} if was.get("team") else ()),
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
