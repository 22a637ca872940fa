"""What is measured, and what it may cost at most."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson
import psycopg
from django.db import connection
from django.test import Client

from bench import appending, material, previewing, ruling
from bench.figures import Scenario
from bench.floors import Floor
from bench.material import FLOOR, LOOP, SIXTY
from cjops.documents import Document, diff, merge
from governance.models import Change
from journeys.definition import REFERENCES
from people.models import User

BACKEND = "people.backends.AccountBackend"
OK, SEE_OTHER = 200, (302, 303)
STEP = "message-2"
# Aims: statements and milliseconds.
LIST, PAGE, LARGE_PAGE = (12, 60), (20, None), (20, 1_000)

_floor: list[Floor] = []


@contextmanager
def floor_on(connection: psycopg.Connection[Any]) -> Iterator[None]:
    """Let floors use this connection, for as long as the block runs."""
    _floor.append(Floor(connection))
    try:
        yield
    finally:
        _floor.pop()


def own_connection() -> psycopg.Connection[Any]:
    """A connection beside Django's, to the same database."""
    parameters = connection.get_connection_params()
    names = ("host", "port", "user", "password", "dbname", "passfile")
    known = {name: parameters[name] for name in names if parameters.get(name)}
    return psycopg.connect(autocommit=True, **known)


def floor() -> Floor:
    return _floor[-1]


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def PAGES() -> list[tuple[User, str]]:  # noqa: N802  (a constant that needs the database)
    """The pages that are measured, and who opens them."""
    ana, tom = material.person("ana"), material.person("tom")
    big = material.big_change()
    return [
        (tom, "/"),
        (ana, "/journeys/"),
        (ana, f"/journeys/{SIXTY}/"),
        (ana, f"/changes/{big.number}/"),
        (ana, "/changes/"),
        (ana, "/api/v1/journeys/?limit=50"),
    ]


def everything() -> list[Scenario]:
    """All scenarios, cheapest preparations first."""
    return [
        *_pages(),
        *_decisions(),
        appending.scenario(),
        _difference(),
        _three_way(),
        *previewing.scenarios(),
        *ruling.scenarios(client_of, lambda *asked, **values: floor().ask(*asked, **values)),
    ]


def _pages() -> Iterator[Scenario]:
    ana, tom = material.person("ana"), material.person("tom")
    big = material.big_change()
    addresses = [address for _user, address in PAGES()]
    inbox, journeys, sixty, change, changes, rest = addresses
    yield _get("inbox", tom, inbox, lambda: floor().inbox(tom.pk), LIST)
    yield _get("journeys list", ana, journeys, lambda: floor().journeys(ana.pk), LIST)
    yield _get("changes list", ana, changes, lambda: floor().changes(ana.pk), LIST)
    yield _get("REST list of 50", ana, rest, lambda: floor().journeys_as_json(ana.pk), (12, 25))
    yield _get("journey page, 60 steps", ana, sixty, lambda: floor().journey(ana.pk, SIXTY), PAGE)
    yield _get("change page, 50 hunks", ana, change, lambda: floor().change(big.number), PAGE)
    large = material.large_change()
    yield _get(
        "change page, 200 hunks",
        ana,
        f"/changes/{large.number}/",
        lambda: floor().change(large.number),
        LARGE_PAGE,
    )
    for name, address in (
        ("journey flow, 60 steps", f"{sixty}?tab=flow"),
        ("step page", f"{sixty}steps/{STEP}/"),
    ):
        yield _get(name, ana, address, lambda: floor().journey(ana.pk, SIXTY), PAGE)


def _get(name: str, user: User, address: str, below: Any, aim: tuple[int, Any]) -> Scenario:
    client = client_of(user)

    def run(_prepared: Any) -> None:
        response = client.get(address)
        assert response.status_code == OK, (address, response.status_code)

    return Scenario(name, run, lambda _prepared: below(), aim_queries=aim[0], aim_ms=aim[1])


Pair = tuple[Change, Change]


class Decisions:
    """Submit, two approvals, publish: four POSTs as the buttons send them; the same by hand."""

    def __init__(self) -> None:
        self.mei, self.tom, self.ana = (material.person(name) for name in ("mei", "tom", "ana"))
        self.ours, self.floors = material.SmallChanges(LOOP), material.SmallChanges(FLOOR)
        self.clients = {user.pk: client_of(user) for user in (self.mei, self.tom, self.ana)}

    def drafts(self) -> Pair:
        """One change for the portal, one for the floor."""
        return self.ours.draft(), self.floors.draft()

    def decided(self) -> Pair:
        """The same, approved."""
        drafts = self.drafts()
        self.decide(drafts)
        self.decide_below(drafts)
        return drafts

    def decide(self, drafts: Pair) -> None:
        """Submit, approve, approve."""
        self._post(drafts[0], "submit", self.mei)
        self._post(drafts[0], "approve", self.tom)
        self._post(drafts[0], "approve", self.ana)

    def decide_below(self, drafts: Pair) -> int:
        number, mei, tom, ana = drafts[1].number, self.mei.pk, self.tom.pk, self.ana.pk

        def work() -> None:
            floor().submit(number, mei, [tom, ana])
            floor().approve(number, tom, "steward:email", "in_review", mei)
            floor().approve(number, ana, "owner", "approved", mei)

        return floor().counted(work)

    def publish(self, decided: Pair) -> None:
        """Make it live."""
        self._post(decided[0], "publish", self.ana)

    def publish_below(self, decided: Pair) -> int:
        number = decided[1].number
        return floor().counted(lambda: floor().publish(number, self.ana.pk, self.mei.pk, STEP))

    def _post(self, change: Change, action: str, user: User) -> None:
        address = f"/changes/{change.number}/take/{action}/"
        response = self.clients[user.pk].post(address, {"digest": change.digest})
        assert response.status_code in SEE_OTHER, (action, response.status_code, response.content)


def _decisions() -> Iterator[Scenario]:
    mine = Decisions()
    yield Scenario(
        "submit, 2 approvals (POST)",
        mine.decide,
        mine.decide_below,
        mine.drafts,
        aim_queries=40,
        aim_ms=80,
    )
    yield Scenario("publish (POST)", mine.publish, mine.publish_below, mine.decided)


def _difference() -> Scenario:
    """`diff` of two definitions of 500 steps that differ in 50; the floor compares dicts."""
    before = material.document(500)
    steps = [
        {**step, "purpose": "Changed"} if number % 10 == 0 else step
        for number, step in enumerate(before["steps"])
    ]
    # Through JSON, as from the database: nothing of the two is the same object.
    after = orjson.loads(orjson.dumps({**before, "steps": steps}))

    def plain(_prepared: Any) -> int:
        old = {step["key"]: step for step in before["steps"]}
        found = [
            (step["key"], name)
            for step in after["steps"]
            for name, value in step.items()
            if old[step["key"]][name] != value
        ]
        assert found
        return 0

    def run(_prepared: Any) -> None:
        assert len(diff(before, after)) > 40

    return Scenario("diff, 500 steps", run, plain, aim_ms=10)


def _three_way() -> Scenario:
    """`merge` of three definitions of 500 steps, 100 edits a side; the floor writes into dicts."""
    base = material.document(500)

    def edited(start: int, field: str) -> Document:
        steps = [
            {**step, field: "Changed"} if number % 5 == start else step
            for number, step in enumerate(base["steps"])
        ]
        # Through JSON, as from the database: nothing of the two is the same object.
        document: Document = orjson.loads(orjson.dumps({**base, "steps": steps}))
        return document

    ours, theirs = edited(0, "purpose"), edited(1, "mindset")

    def plain(_prepared: Any) -> int:
        was = {step["key"]: step for step in base["steps"]}
        mine = {step["key"]: step for step in ours["steps"]}
        merged = [
            {
                name: mine[step["key"]][name] if value == was[step["key"]][name] else value
                for name, value in step.items()
            }
            for step in theirs["steps"]
        ]
        assert merged
        return 0

    def run(_prepared: Any) -> None:
        outcome = merge(base, ours, theirs, references=REFERENCES)
        assert len(outcome.conflicts) == 0

    return Scenario("merge, 3 × 500 steps", run, plain, aim_ms=30)
