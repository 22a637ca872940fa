"""Versions of the cast's journey, each published by a change."""

from typing import Any

from governance.models import Change
from governance.transitions import Action
from tests.cast import Cast, propose, take

CALL = {"op": "remove", "element": "steps", "key": "call"}
# Whoever waits goes to the end instead, once nobody is called any more.
AROUND = {
    "op": "add",
    "element": "transitions",
    "key": "wait-end",
    "fields": {"source": "wait", "target": "end"},
}


def publish(
    cast: Cast, *edits: dict[str, Any], by: str = "mei", decide: tuple[str, ...] = ("tom", "ana")
) -> Change:
    """The next version of the journey, with these edits."""
    return agree(cast, propose(cast, *edits, by=by), decide=decide)


def agree(cast: Cast, change: Change, *, decide: tuple[str, ...] = ("tom", "ana")) -> Change:
    """Submit a draft, let these people approve it, publish it."""
    take(change, Action.SUBMIT, change.author)
    for name in decide:
        take(change, Action.APPROVE, cast.named(name))
    take(change, Action.PUBLISH, cast.ana)
    cast.journey.refresh_from_db()
    return change


def without_call(cast: Cast) -> Change:
    """A version in which nobody is called any more."""
    return publish(cast, CALL, AROUND, decide=("jun", "ana"))
