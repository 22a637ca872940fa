"""Measures one size, in a process of its own: `bench.__main__` prepares its environment."""

import argparse
import importlib
import json
import logging
import os
import platform
import warnings
from pathlib import Path
from typing import Any

import django


def main() -> None:
    """Take all figures and write them as JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", required=True)
    parser.add_argument("--runs", type=int, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--only", default="")
    parser.add_argument("--sql", action="store_true")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cjops.settings")
    django.setup()
    # As in a web process: without the application Celery would look for another broker.
    importlib.import_module("cjops.celery")
    _as_in_production()
    # Django's apps have to be there first.
    from bench import appending, figures, memory, scenarios  # noqa: PLC0415

    found = []
    with scenarios.own_connection() as own, scenarios.floor_on(own):
        for scenario in scenarios.everything():
            if options.only in scenario.name:
                found.append(figures.measure(scenario, options.runs).as_json())
                if options.sql:
                    _explain(scenario)
        if options.only in memory.NAME:
            found.append(memory.figure(scenarios.PAGES()).as_json())
    if share := appending.share():
        print(f"writing ledger entries takes {share:.1%} of take()")
    report = {
        "size": options.size,
        "contents": _contents(),
        "machine": f"Python {platform.python_version()}, {_cores()} cores",
        "figures": found,
    }
    options.out.write_text(json.dumps(report, indent=2) + "\n")


def _as_in_production() -> None:
    """No record of statements, no debug templates, no log lines between the figures."""
    from django.conf import settings  # noqa: PLC0415

    settings.DEBUG = False
    warnings.filterwarnings("ignore", "No directory at", UserWarning)
    logging.disable(logging.WARNING)


def _explain(scenario: Any) -> None:
    from bench import figures  # noqa: PLC0415

    prepared = scenario.prepare()
    with figures.statements() as seen:
        scenario.run(prepared)
    print(f"\n--- {scenario.name}: {len(seen)} statements, {sum(t for t, _s in seen):.1f} ms")
    for took, statement in seen:
        print(f"{took:7.2f}  {statement[:1_000]}")


def _contents() -> str:
    from governance.models import Change  # noqa: PLC0415
    from journeys.models import Journey, Step  # noqa: PLC0415
    from people.models import User  # noqa: PLC0415

    return (
        f"{Journey.objects.count()} journeys, {Step.objects.count()} steps, "
        f"{Change.objects.count()} changes, {User.objects.count()} people"
    )


def _cores() -> int:

    return len(os.sched_getaffinity(0))


if __name__ == "__main__":
    main()
