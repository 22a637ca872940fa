"""The proposal as a picture: the part of the flow that changes, with marks on what does."""

from typing import Any

import journeys.flow
from governance.presenting.lookup import Lookup
from governance.proposals import Proposal

Document = dict[str, Any]
# A journey of up to so many steps is drawn whole.
WHOLE = 14
# A little more than there is beside the column of who decides: the page scales it down.
WIDEST = 860


def flow_of(proposal: Proposal, lookup: Lookup) -> journeys.flow.Flow | None:
    """The flow around what changes, with added, edited, moved and removed marks.

    None where nothing in the flow changes.
    """
    if proposal.kind != "journey" or not proposal.proposed.get("steps"):
        return None
    shown = _touched(proposal)
    if not shown:
        return None
    before, after = proposal.base, proposal.proposed
    if len(after["steps"]) > WHOLE:
        shown |= _neighbours(shown, before, after)
        before, after = _part(before, shown), _part(after, shown)
    return journeys.flow.layout(after, before=before or None, names=lookup.names, widest=WIDEST)


def _touched(proposal: Proposal) -> set[str]:
    """Keys of the steps that change, or that a changing path or entry joins."""
    touched = set()
    for hunk in proposal.hunks:
        if hunk.element == "steps":
            touched.add(hunk.key)
        elif hunk.element in ("transitions", "entries"):
            for document in (proposal.base, proposal.proposed):
                for item in document.get(hunk.element, ()):
                    if item["key"] == hunk.key:
                        touched |= {item.get("source"), item.get("target"), item.get("step")}
    return {key for key in touched if key}


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
