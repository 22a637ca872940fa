"""What the ledger costs a step of a change: `take()` beside the same without writing the entry.

The portal has no switch for that. The floor alone replaces the one function that writes entries.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bench import material
from bench.figures import Scenario
from governance import services
from governance.models import Change, LedgerEntry
from governance.services import recording
from governance.transitions import Action

NAME = "take(), ledger appended"
Pair = tuple[Change, Change]


@contextmanager
def nothing_appended() -> Iterator[None]:
    """Within the block steps point at an entry that is there already."""
    spare = LedgerEntry.objects.order_by("pk").values_list("pk", flat=True)[0]
    write = recording.write_entry

    def pretend(**columns: Any) -> LedgerEntry:
        return LedgerEntry(pk=spare, **columns)

    recording.write_entry = pretend
    try:
        yield
    finally:
        recording.write_entry = write


def scenario() -> Scenario:
    """Submit and two approvals, each a call of `take()` in a transaction of its own."""
    people = [material.person(name) for name in ("mei", "tom", "ana")]
    changes = material.SmallChanges(material.LOOP)

    def taken(change: Change) -> None:
        for action, actor in zip((Action.SUBMIT, *[Action.APPROVE] * 2), people, strict=True):
            services.take(action=action, number=change.number, actor=actor)

    def without(pair: Pair) -> int:
        with nothing_appended():
            taken(pair[1])
        return 0

    return Scenario(
        NAME,
        lambda pair: taken(pair[0]),
        without,
        lambda: (changes.draft(), changes.draft()),
        note="The share of the ledger is what the ratio is above 1.",
    )
