"""Taking a figure: runs beside the floor's runs, so that both meet the same weather."""

import math
import statistics
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import connection

WARM_UP = 5
MS = 1_000


@dataclass(slots=True)
class Scenario:
    """Something to measure. `run` and `floor` take what `prepare` returns before each of them.

    `aim_queries` and `aim_ms` are what it may cost; None: nothing was set.
    """

    name: str
    run: Callable[[Any], None]
    floor: Callable[[Any], int]
    prepare: Callable[[], Any] = lambda: None
    aim_queries: int | None = None
    aim_ms: float | None = None
    note: str = ""


@dataclass(slots=True)
class Figure:
    """What was measured: statements, milliseconds, and the same of the floor.

    `best_ms` is the fastest run: what is left of the median when nothing else uses the machine.
    """

    name: str
    queries: int
    median_ms: float
    p95_ms: float
    floor_queries: int
    floor_median_ms: float
    floor_p95_ms: float
    ratio: float
    runs: int
    aim_queries: int | None = None
    aim_ms: float | None = None
    note: str = ""
    unit: str = "ms"
    best_ms: float = 0
    holds: bool = field(init=False)

    def __post_init__(self) -> None:
        self.holds = (self.aim_queries is None or self.queries <= self.aim_queries) and (
            self.aim_ms is None or self.median_ms <= self.aim_ms
        )

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


class Statements:
    """Counts and times what goes to the database through Django."""

    def __init__(self) -> None:
        self.seen: list[tuple[float, str]] = []

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        begin = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.seen.append(((time.perf_counter() - begin) * MS, sql))


@contextmanager
def statements():  # type: ignore[no-untyped-def]
    """The statements of the block, each with its milliseconds."""
    counted = Statements()
    with connection.execute_wrapper(counted):
        yield counted.seen


def measure(scenario: Scenario, runs: int) -> Figure:
    """Take the figure, and its floor's in the same breath."""
    queries = _count(scenario)
    times: list[float] = []
    floors: list[float] = []
    floor_queries = 0
    for number in range(WARM_UP + runs):
        took = _timed(scenario.run, scenario.prepare())
        prepared = scenario.prepare()
        begin = time.perf_counter()
        floor_queries = scenario.floor(prepared)
        floor_took = (time.perf_counter() - begin) * MS
        if number >= WARM_UP:
            times.append(took)
            floors.append(floor_took)
    return Figure(
        name=scenario.name,
        queries=queries,
        median_ms=statistics.median(times),
        p95_ms=p95(times),
        best_ms=min(times),
        floor_queries=floor_queries,
        floor_median_ms=statistics.median(floors),
        floor_p95_ms=p95(floors),
        ratio=statistics.median(times) / statistics.median(floors),
        runs=runs,
        aim_queries=scenario.aim_queries,
        aim_ms=scenario.aim_ms,
        note=scenario.note,
    )


def _timed(run: Callable[[Any], None], prepared: Any) -> float:
    begin = time.perf_counter()
    run(prepared)
    return (time.perf_counter() - begin) * MS


def _count(scenario: Scenario) -> int:
    """Statements of a run that is not the first: caches that a process fills once are full."""
    scenario.run(scenario.prepare())
    prepared = scenario.prepare()
    with statements() as seen:
        scenario.run(prepared)
    return len(seen)


def p95(values: list[float]) -> float:
    """The value that 95 of 100 do not exceed."""
    ordered = sorted(values)
    return ordered[math.ceil(len(ordered) * 0.95) - 1]
