"""The part in which two versions differ: no long journey is drawn whole for two steps of it."""

from collections.abc import Iterable

from cjops.documents import Document, Hunk

# A journey of up to so many steps is drawn whole.
WHOLE = 14


def touched_steps(before: Document, after: Document, hunks: Iterable[Hunk]) -> set[str]:
    """Keys of the steps that change, or that a changing path or entry joins."""
    touched = set()
    for hunk in hunks:
        if hunk.element == "steps":
            touched.add(hunk.key)
        elif hunk.element in ("transitions", "entries"):
            for document in (before, after):
                for item in document.get(hunk.element, ()):
                    if item["key"] == hunk.key:
                        touched |= {item.get("source"), item.get("target"), item.get("step")}
    return {key for key in touched if key}


def around(before: Document, after: Document, steps: set[str]) -> tuple[Document, Document]:
    """Both documents, of long ones only these steps and those one path away from them."""
    if max(len(before.get("steps", ())), len(after["steps"])) <= WHOLE:
        return before, after
    shown = steps | _neighbours(steps, before, after)
    return _part(before, shown), _part(after, shown)


def _neighbours(shown: set[str], *documents: Document) -> set[str]:
    """The steps one path away from those."""
    found = set()
    for document in documents:
        for transition in document.get("transitions", ()):
            ends = {transition["source"], transition["target"]}
            if ends & shown:
                found |= ends
    return found


def _part(document: Document, shown: set[str]) -> Document:
    """The document with these steps only, and the paths and entries between them."""
    if not document:
        return document
    return {
        **document,
        "steps": [step for step in document["steps"] if step["key"] in shown],
        "transitions": [
            transition
            for transition in document["transitions"]
            if {transition["source"], transition["target"]} <= shown
        ],
        "entries": [entry for entry in document["entries"] if entry["step"] in shown],
    }
