"""What the ledger costs a step of a change: `take()` beside the same without writing the entry.

The portal has no switch for that. The floor alone replaces the one function that writes entries.
"""

import time
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
# Seconds in all calls of `take()`, and of them in writing entries.
spent = {"all": 0.0, "append": 0.0}
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


@contextmanager
def watched() -> Iterator[None]:
    """Within the block it is noted how long steps take, and writing their entries."""
    write = recording.write_entry

    def timed(**columns: Any) -> LedgerEntry:
        begin = time.perf_counter()
        entry = write(**columns)
        spent["append"] += time.perf_counter() - begin
        return entry

    recording.write_entry = timed
    begin = time.perf_counter()
    try:
        yield
    finally:
        spent["all"] += time.perf_counter() - begin
        recording.write_entry = write


def share() -> float:
    """Of all that `take()` took, the share that writing entries did."""
    return spent["append"] / spent["all"] if spent["all"] else 0


def scenario() -> Scenario:
    """Submit and two approvals, each a call of `take()` in a transaction of its own."""
    people = [material.person(name) for name in ("mei", "tom", "ana")]
    changes = material.SmallChanges(material.LOOP)

    def taken(change: Change) -> None:
        for action, actor in zip((Action.SUBMIT, *[Action.APPROVE] * 2), people, strict=True):
            services.take(action=action, number=change.number, actor=actor)

    def ours(pair: Pair) -> None:
        with watched():
            taken(pair[0])

    def without(pair: Pair) -> int:
        with nothing_appended():
            taken(pair[1])
        return 0

    return Scenario(
        NAME,
        ours,
        without,
        lambda: (changes.draft(), changes.draft()),
    )
