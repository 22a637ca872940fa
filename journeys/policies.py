"""Which steps of a journey a person has rights on."""

from typing import Any

from django.db.models import QuerySet

from journeys.models import StepGroupObjectPermission, StepUserObjectPermission
from people.models import User

VIEW, PROPOSE, PUBLISH, MANAGE = (
    "view_journey",
    "propose_journey",
    "publish_journey",
    "manage_journey",
)
PROPOSE_STEP, MANAGE_STEP = "propose_step", "manage_step"


def steps_held(user: User, codename: str) -> QuerySet[Any, dict[str, Any]]:
    """Ids of the live steps on which grants give the person a right, as one subquery."""
    right = {"permission__codename": codename}
    by_person = StepUserObjectPermission.objects.filter(user=user, **right).order_by()
    by_team = StepGroupObjectPermission.objects.filter(group__user=user, **right).order_by()
    return by_person.values("content_object").union(by_team.values("content_object"))
