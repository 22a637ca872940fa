"""What grants give on journeys and their steps, derived from them: guardian's rows, the roles on
each journey, and who reads it while it is restricted."""

from collections.abc import Collection, Iterable

from django.db.models import Exists, OuterRef
from django.utils import timezone

from journeys.models import (
    Journey,
    Step,
    StepGroupObjectPermission,
    StepUserObjectPermission,
)
from people import deriving
from people.models import NAMES_JOURNEY, NAMES_PLACE, Grant, Scope

# Whoever holds anything on a step sees the journey around it, and no more.
HELD = """
    WITH RECURSIVE above AS (
        SELECT j.id AS subject, j.id AS ancestor, j.parent_id
        FROM journeys_journey j WHERE j.id = ANY(%(ids)s)
        UNION
        SELECT a.subject, p.id, p.parent_id
        FROM above a JOIN journeys_journey p ON p.id = a.parent_id
    )
    SELECT j.id AS subject, g.id AS holding FROM journeys_journey j
    JOIN people_grant g ON g.scope = 'market' AND g.place = j.market
    WHERE j.id = ANY(%(ids)s)
    UNION ALL
    SELECT j.id, g.id FROM journeys_journey j
    JOIN people_grant g ON g.scope = 'product_line' AND g.place = j.product_line
    WHERE j.id = ANY(%(ids)s)
    UNION ALL
    SELECT g.journey_id, g.id FROM people_grant g
    WHERE g.scope IN ('journey', 'step') AND g.journey_id = ANY(%(ids)s)
    UNION ALL
    SELECT a.subject, g.id FROM above a
    JOIN people_grant g ON g.scope = 'family' AND g.journey_id = a.ancestor
"""
JOURNEYS = deriving.Rights(
    "journeys.Journey",
    held=HELD,
    codename="CASE WHEN g.scope <> 'step' OR code = 'view_journey' THEN code END",
)
STEPS = deriving.Rights(
    "journeys.Step",
    held="""
        SELECT s.id AS subject, g.id AS holding FROM journeys_step s
        JOIN people_grant g ON g.scope = 'step' AND g.journey_id = s.journey_id AND g.step = s.key
        WHERE s.id = ANY(%(ids)s)
    """,
    codename="replace(code, '_journey', '_step')",
)
# The names of its parts are our own.
ROLES = f"""
    WITH held AS ({HELD}),
    everywhere AS (
        SELECT j.id AS subject, g.id AS holding FROM unnest(%(ids)s::bigint[]) AS j(id)
        CROSS JOIN people_grant g WHERE g.scope = 'everything'
    ),
    wanted AS (
        SELECT DISTINCT found.subject, g.role_id, g.user_id, g.team_id
        FROM (SELECT * FROM held UNION ALL SELECT * FROM everywhere) found
        JOIN people_grant g ON g.id = found.holding AND g.scope <> 'step' AND {deriving.IN_FORCE}
    ),
    gone AS (
        DELETE FROM journeys_journeyrole o WHERE o.journey_id = ANY(%(ids)s) AND NOT EXISTS (
            SELECT 1 FROM wanted w WHERE w.subject = o.journey_id AND w.role_id = o.role_id
                AND coalesce(w.user_id, 0) = coalesce(o.user_id, 0)
                AND coalesce(w.team_id, 0) = coalesce(o.team_id, 0))
        RETURNING o.journey_id
    ),
    added AS (
        INSERT INTO journeys_journeyrole (journey_id, role_id, user_id, team_id)
        SELECT w.subject, w.role_id, w.user_id, w.team_id FROM wanted w WHERE NOT EXISTS (
            SELECT 1 FROM journeys_journeyrole o WHERE w.subject = o.journey_id
                AND w.role_id = o.role_id
                AND coalesce(w.user_id, 0) = coalesce(o.user_id, 0)
                AND coalesce(w.team_id, 0) = coalesce(o.team_id, 0))
        ORDER BY w.subject, w.role_id
        RETURNING journey_id
    )
    SELECT journey_id FROM gone UNION SELECT journey_id FROM added
"""  # noqa: S608


def reached(grants: Iterable[Grant]) -> set[int]:
    """Ids of the journeys that these grants reach."""
    found: set[int] = set()
    for grant in grants:
        if grant.scope == Scope.EVERYTHING:
            return set(Journey.objects.order_by().values_list("pk", flat=True))
        if grant.scope in NAMES_PLACE:
            there = Journey.objects.filter(**{grant.scope: grant.place}).order_by()
            found.update(there.values_list("pk", flat=True))
        elif grant.scope in NAMES_JOURNEY and grant.journey_id:
            found.add(grant.journey_id)
            if grant.scope == Scope.FAMILY:
                found |= parts_of([grant.journey_id])
    return found


def parts_of(ids: Collection[int]) -> set[int]:
    """Ids of all journeys below these."""
    found: set[int] = set()
    below = set(ids)
    while below:
        below = set(
            Journey.objects.filter(parent__in=below).order_by().values_list("pk", flat=True)
        )
        below -= found
        found |= below
    return found


def renew(ids: Collection[int]) -> set[int]:
    """Make all that is derived for these journeys what the grants say; ids of those where not."""
    return (
        deriving.renew_rights(JOURNEYS, ids)
        | deriving.renew_readers(JOURNEYS, ids)
        | renew_roles(ids)
        | renew_steps(ids)
    )


def renew_steps(ids: Collection[int]) -> set[int]:
    """The same for the live steps of these journeys alone."""
    granted = Grant.objects.filter(
        scope=Scope.STEP, journey=OuterRef("journey"), step=OuterRef("key")
    )
    by_person = StepUserObjectPermission.objects.filter(content_object=OuterRef("pk"))
    by_team = StepGroupObjectPermission.objects.filter(content_object=OuterRef("pk"))
    steps = Step.objects.filter(
        Exists(granted) | Exists(by_person) | Exists(by_team), journey__in=list(ids)
    )
    journey_of = dict(steps.order_by().values_list("pk", "journey_id"))
    changed = deriving.renew_rights(STEPS, list(journey_of)) if journey_of else set()
    return {journey_of[step] for step in changed}


def forget_steps(ids: Collection[int]) -> None:
    """Delete all rights on these steps, which are about to go."""
    for rows in (StepUserObjectPermission, StepGroupObjectPermission):
        rows.objects.filter(content_object__in=list(ids)).delete()


def renew_roles(ids: Collection[int]) -> set[int]:
    """The same for the roles on these journeys alone."""
    return deriving.run(ROLES, ids=list(ids), now=timezone.now())


DERIVED = deriving.Derived(model=Journey, rights=JOURNEYS, reached=reached, renew=renew)
