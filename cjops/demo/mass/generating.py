"""How much of everything, when, and in which order."""

import random
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from cjops.demo.mass.asking import Asking
from cjops.demo.mass.copying import Copier
from cjops.demo.mass.crowd import gather
from cjops.demo.mass.lives import Lives, Plan
from cjops.demo.mass.subjects import JOURNEY_KEY, Subjects
from cjops.demo.seeding import emptied_models
from content.finding import correcting
from governance.models import Change
from governance.services.founding import add_default_policies
from governance.transitions import State
from journeys.models import Journey, Step
from people import granting
from people.models import Team, User

SEED = 20_000
LENGTHS = (12, 14, 16, 18, 20, 20, 22, 24, 24, 30)
FOUNDED, ASSETS_FROM, JOURNEYS_FROM, JOURNEYS_TO = 1100, 1000, 890, 120
CLOSED_UNTIL, OPEN_FROM = 30, 25
# Days from opening to the last step; less than the days between two changes of one journey.
LASTS = 2.0
# How many of a hundred changes, beyond the first of each subject, are in which state.
STATES = {
    State.PUBLISHED: 72,
    State.WITHDRAWN: 8,
    State.REJECTED: 7,
    State.IN_REVIEW: 4,
    State.DRAFT: 4,
    State.CHANGES_REQUESTED: 2,
    State.APPROVED: 2,
    State.SCHEDULED: 1,
}
CLOSED = (State.PUBLISHED, State.WITHDRAWN, State.REJECTED)
FLUSH_EVERY = 200


@dataclass(frozen=True, slots=True)
class Size:
    """How many there are of each in the end, with whatever is there before."""

    journeys: int
    steps: int
    users: int
    teams: int
    changes: int

    @property
    def assets(self) -> int:
        """Assets to make."""
        return max(10, self.journeys // 2)

    def missing(self) -> "Size":
        """What has to be added to the database as it is."""
        return replace(
            self,
            journeys=self.journeys - Journey.objects.count(),
            steps=self.steps - Step.objects.count(),
            users=self.users - User.objects.count(),
            teams=self.teams - Team.objects.count(),
            changes=self.changes - Change.objects.count(),
        )


LARGE = Size(journeys=10_000, steps=200_000, users=1_000, teams=200, changes=50_000)


def is_there() -> bool:
    """Whether the database has been filled up before."""
    return Journey.objects.filter(key=f"{JOURNEY_KEY}-00001").exists()


@transaction.atomic(savepoint=False)
def generate(size: Size = LARGE) -> None:
    """Fill the database up to `size`, within the caller's transaction.

    Roles and channels are there before; at least 10 journeys, 20 users, 10 teams and changes for
    every subject have to be missing. The same database comes out each time, but for the dates,
    which count from today.
    """
    wanted, now = size.missing(), timezone.now()
    rng, copier = random.Random(SEED), Copier()  # noqa: S311  (nothing secret comes of it)
    founded = now - timedelta(days=FOUNDED)
    crowd = gather(copier, rng, users=wanted.users, teams=wanted.teams, founded=founded)
    add_default_policies()
    asking = Asking(crowd)
    lives = Lives(copier, rng, now, asking)
    subjects = Subjects(copier, rng, lives, crowd, asking)
    first, journeys = _plans(rng, now, wanted, copier.table(Change).next)
    with copier.unchecked():
        for number, plan in enumerate(first):
            subjects.asset(number, plan)
        lengths = _lengths(wanted)
        for number, plans in enumerate(journeys):
            subjects.journey(number, lengths[number], plans)
            if number % FLUSH_EVERY == 0:
                copier.flush()
        lives.finish()
        copier.finish()
    correcting.learn(subjects.words)
    copier.check()
    granting.renew_all()


def analyze() -> None:
    """Tell the planner what is there now."""
    names = sorted({model._meta.db_table for model in emptied_models()})
    quoted = ", ".join(connection.ops.quote_name(name) for name in names)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {quoted}")


def _lengths(size: Size) -> list[int]:
    """The number of steps of each journey, together exactly those wanted."""
    lengths = [LENGTHS[number % len(LENGTHS)] for number in range(size.journeys)]
    at = 0
    while (rest := size.steps - sum(lengths)) != 0:
        share = abs(rest) // len(lengths) + 1
        step = min(share, abs(rest)) * (1 if rest > 0 else -1)
        lengths[at % len(lengths)] = max(5, lengths[at % len(lengths)] + step)
        at += 1
    return lengths


def _plans(
    rng: random.Random, now: datetime, size: Size, number: int
) -> tuple[list[Plan], list[list[Plan]]]:
    """When each asset and each journey is begun and changed; numbers follow the calendar."""

    def days_ago(latest: float, earliest: float) -> datetime:
        return now - timedelta(days=rng.uniform(latest, earliest))

    assets = [
        Plan(days_ago(JOURNEYS_FROM + 10, ASSETS_FROM), State.PUBLISHED, LASTS)
        for _number in range(size.assets)
    ]
    journeys = [
        [Plan(days_ago(JOURNEYS_TO, JOURNEYS_FROM), State.PUBLISHED, LASTS)]
        for _number in range(size.journeys)
    ]
    more = size.changes - size.assets - size.journeys
    states: list[list[State]] = [[] for _journey in journeys]
    for state in rng.choices(list(STATES), list(STATES.values()), k=more):
        states[rng.randrange(size.journeys)].append(state)
    for plans, later in zip(journeys, states, strict=True):
        closed = [state for state in later if state in CLOSED]
        begin = plans[0].opened + timedelta(days=LASTS + 1)
        gap = (now - timedelta(days=CLOSED_UNTIL) - begin) / (len(closed) + 1)
        days = min(LASTS, gap / timedelta(days=1) / 2)
        plans += [
            Plan(begin + gap * (place + rng.random() * 0.4), state, days)
            for place, state in enumerate(closed)
        ]
        plans += sorted(
            (
                Plan(days_ago(LASTS + 0.1, OPEN_FROM), state, LASTS)
                for state in later
                if state not in CLOSED
            ),
            key=lambda plan: plan.opened,
        )
    everything = [*assets, *(plan for plans in journeys for plan in plans)]
    for place, plan in enumerate(sorted(everything, key=lambda plan: plan.opened), start=number):
        plan.number = place
    return assets, journeys
