"""guardian's rows, kept equal to what the grants say."""

from collections.abc import Iterable
from typing import NamedTuple

from django.contrib.auth.models import Permission
from django.db.models import QuerySet

from journeys.models import (
    Journey,
    JourneyGrant,
    JourneyGroupObjectPermission,
    JourneyUserObjectPermission,
)

Rows = type[JourneyUserObjectPermission] | type[JourneyGroupObjectPermission]


class Held(NamedTuple):
    """One right: who (a user's id, or a group's) holds which permission on which journey."""

    holder: int
    permission: int
    journey: int


def renew(journey_ids: Iterable[int]) -> None:
    """Make the rows of these journeys the union of all grants on them.

    As sets, in eight queries at most: a role that changes touches thousands of journeys, and
    guardian's shortcuts ask a handful of queries for each row.
    """
    ids = list(journey_ids)
    known = permission_ids()
    people: set[Held] = set()
    groups: set[Held] = set()
    grants = JourneyGrant.objects.filter(journey__in=ids).values_list(
        "journey_id", "user_id", "team__group_id", "role__permissions"
    )
    for journey, user, group, codenames in grants:
        held = people if user else groups
        for codename in codenames:
            if codename in known:
                held.add(Held(user or group, known[codename], journey))
    replace(JourneyUserObjectPermission, "user_id", ids, people)
    replace(JourneyGroupObjectPermission, "group_id", ids, groups)


def permission_ids() -> dict[str, int]:
    """The permissions there are on journeys, by codename."""
    rows = Permission.objects.filter(
        content_type__app_label=Journey._meta.app_label,
        content_type__model=Journey._meta.model_name,
    )
    return dict(rows.values_list("codename", "pk"))


def replace(rows: Rows, holder: str, journey_ids: list[int], wanted: set[Held]) -> None:
    """Add the rows that are missing and delete those that nothing grants any more."""
    present: QuerySet[JourneyUserObjectPermission] | QuerySet[JourneyGroupObjectPermission]
    present = rows.objects.filter(content_object__in=journey_ids)
    there = {
        Held(*row): pk
        for *row, pk in present.values_list(holder, "permission_id", "content_object_id", "pk")
    }
    gone = [pk for held, pk in there.items() if held not in wanted]
    if gone:
        rows.objects.filter(pk__in=gone).delete()
    rows.objects.bulk_create(
        rows(
            permission_id=held.permission,
            content_object_id=held.journey,
            **{holder: held.holder},
        )
        for held in sorted(wanted - there.keys())
    )
