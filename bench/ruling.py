"""What is measured of policies: asking many of them, replaying the past, a very full inbox."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from bench import material
from bench.figures import Scenario
from governance import gathering
from governance.models import Change
from governance.proposals import proposal_of
from governance.queries.health import health
from governance.ruling.definitions import complete, load
from governance.ruling.evaluating import PolicySet, Rule
from governance.services import replaying
from people.models import User

POLICIES, REPLAYED = 200, 500
# 50,000 changes in two minutes.
REPLAY_MS = 120_000 * REPLAYED / 50_000


def definition(number: int) -> dict[str, Any]:
    """A policy with a condition of four leaves and two decisions."""
    return complete(
        {
            "key": f"bench-{number}",
            "name": f"Bench {number}",
            "when": {
                "any": [
                    {"fact": "kinds", "op": "any_of", "value": ["content", "timing"]},
                    {
                        "all": [
                            {"fact": "step_count", "op": "at_least", "value": number % 60},
                            {"not": {"fact": "emergency", "op": "is", "value": True}},
                        ]
                    },
                    {"fact": "steps", "op": "any_of", "value": [f"message-{number}"]},
                ]
            },
            "require": [
                {"key": "all", "reviewers": [{"owner": True}]},
                {"key": "parts", "reviewers": [{"stewards": True}], "scope": "parts"},
            ],
        }
    )


def scenarios(
    client_of: Callable[[User], Client], ask: Callable[..., list[dict[str, Any]]]
) -> Iterator[Scenario]:
    """All of them; `ask` runs a statement of the floor."""
    yield _evaluating(ask)
    yield _replaying(ask)
    yield _inbox(client_of, ask)


def _evaluating(ask: Callable[..., list[dict[str, Any]]]) -> Scenario:
    """The facts of 50 hunks gathered and asked; what it proposes is computed before."""
    policies = PolicySet(tuple(Rule(load(definition(n)), 1) for n in range(POLICIES)))
    change = material.big_change()
    proposal = proposal_of(change)
    assert len(proposal.facts) == material.HUNKS

    def run(_prepared: Any) -> None:
        fresh = Change.objects.select_related("journey", "author").get(pk=change.pk)
        assert policies.evaluate(gathering.sheet_of(fresh, proposal)).asked

    def below(_prepared: Any) -> int:
        ask("SELECT * FROM governance_factsheet WHERE change_id = %(change)s", change=change.pk)
        return 1

    name = f"evaluate {POLICIES} policies on {material.HUNKS} hunks"
    return Scenario(name, run, below, aim_queries=6, aim_ms=15)


def _replaying(ask: Callable[..., list[dict[str, Any]]]) -> Scenario:
    """The owner's policy with two approvals instead of one, on the last changes."""
    lead, now = material.person("omar"), timezone.now()
    submitted = Change.objects.filter(submitted_at__isnull=False).order_by("-submitted_at")
    times = list(submitted.values_list("submitted_at", flat=True)[:REPLAYED])
    since = times[-1] - timedelta(seconds=1)
    owner = next(one for one in replaying.definitions_in_force() if one["key"] == "owner")
    need = {**owner["require"][0], "quorum": 2}
    candidate = replaying.candidate_with({"owner": {**owner, "require": [need]}})

    def run(_prepared: Any) -> None:
        started = replaying.start_replay(
            candidate=candidate, since=since, until=now, actor=lead, queued=False
        )
        done = replaying.run_replay(id=started.pk)
        assert done is not None
        assert done.summary["changes"] >= len(times)
        done.delete()

    def below(_prepared: Any) -> int:
        ask("SELECT facts, parts FROM governance_factsheet WHERE taken_at >= %(t)s", t=since)
        return 1

    return Scenario(f"replay of {len(times)} changes", run, below, aim_ms=REPLAY_MS)


def _inbox(
    client_of: Callable[[User], Client], ask: Callable[..., list[dict[str, Any]]]
) -> Scenario:
    """Whoever could decide on most."""
    busiest = max(health(material.person("omar"), days=1).people, key=lambda one: one.waiting)
    client = client_of(User.objects.get(email=busiest.key))

    def run(_prepared: Any) -> None:
        assert client.get("/").status_code == 200

    def below(_prepared: Any) -> int:
        ask("SELECT * FROM governance_change WHERE state = 'in_review' ORDER BY due_at LIMIT 100")
        return 1

    name = f"inbox of somebody for whom {busiest.waiting} wait"
    return Scenario(name, run, below, aim_queries=15, aim_ms=300)
