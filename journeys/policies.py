"""Which rights a person holds on a journey."""

from typing import Any

from django.db.models import CharField, QuerySet, Value

from journeys.models import Journey, JourneyGroupObjectPermission, JourneyUserObjectPermission
from people.models import User

VIEW, PROPOSE, PUBLISH, MANAGE = (
    "view_journey",
    "propose_journey",
    "publish_journey",
    "manage_journey",
)
CODENAMES = frozenset({VIEW, PROPOSE, PUBLISH, MANAGE})

Marked = QuerySet[Any, tuple[str, str]]


def rights_on(user: User, journey: Journey) -> frozenset[str]:
    """The codenames the person holds on the journey, by themselves or through a team: one query."""
    if user.is_superuser and user.is_active:
        return CODENAMES
    by_person, by_team = rights_in(user, journey)
    return frozenset(codename for codename, _mark in by_person.union(by_team)) & CODENAMES


def rights_in(user: User, journey: Journey, mark: str = "") -> tuple[Marked, Marked]:
    """The codenames given to the person and to their teams, each beside a mark.

    The mark tells them from what else a union of queries reads.
    """
    by_person = JourneyUserObjectPermission.objects.filter(user=user, content_object=journey)
    by_team = JourneyGroupObjectPermission.objects.filter(group__user=user, content_object=journey)
    beside = Value(mark, output_field=CharField())
    return (
        by_person.order_by().values_list("permission__codename", beside),
        by_team.order_by().values_list("permission__codename", beside),
    )
