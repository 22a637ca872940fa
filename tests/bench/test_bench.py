"""The benchmarks, at a size that fits into a test: every scenario runs, and its floor as well."""

import pytest
from django.db import connection

from bench import figures, material, scenarios, table
from governance.models import Change, LedgerEntry
from governance.transitions import State

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("organisation")]


@pytest.fixture(autouse=True)
def _floor(monkeypatch):
    """The floor works inside the test's transaction."""
    monkeypatch.setattr(figures, "WARM_UP", 0)
    connection.ensure_connection()
    with scenarios.floor_on(connection.connection):
        yield


def test_every_scenario_runs_beside_its_floor():
    found = [figures.measure(scenario, runs=1) for scenario in scenarios.everything()]
    assert len({figure.name for figure in found}) == len(found) == 18
    for figure in found:
        assert figure.median_ms > 0
        assert figure.floor_median_ms > 0
        assert figure.queries > 0 or figure.name.startswith(("diff", "merge", "preview"))
    shown = table.of([figure.as_json() for figure in found])
    assert len(shown.splitlines()) == len(found) + 2


def test_the_material_is_what_it_says():
    change = material.big_change()
    assert (change.state, change.hunk_count) == (State.IN_REVIEW, material.HUNKS)
    assert change.journey.step_count == 60
    assert material.big_change() == change


def test_a_floor_writes_what_the_portal_writes():
    decisions = scenarios.Decisions()
    ours, floors = decisions.decided()
    decisions.publish((ours, floors))
    decisions.publish_below((ours, floors))
    states, entries, requirements = [], [], []
    for change in (ours, floors):
        change = Change.objects.get(pk=change.pk)
        states.append((change.state, change.published_number))
        entries.append(list(LedgerEntry.objects.filter(change=change).values_list("action")))
        requirements.append(
            [(r.key, r.reason, r.met_at is None) for r in change.requirements.all()]
        )
        journey = change.journey
        assert journey.steps.get(key=scenarios.STEP).purpose.endswith(str(change.pk))
        assert journey.live_version.digest == change.digest
    assert states[0] == states[1]
    assert entries[0] == entries[1]
    assert requirements[0] == requirements[1]


def test_an_aim_that_is_missed_is_said():
    figure = figures.Figure("x", 13, 10, 11, 1, 1, 1, 10, 3, aim_queries=12, aim_ms=60)
    assert not figure.holds
    assert table.of([figure.as_json()]).endswith("MISSED")
    assert figures.p95([float(number) for number in range(1, 101)]) == 95
