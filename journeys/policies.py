"""Which rights a person holds on a journey."""

from journeys.models import Journey, JourneyGroupObjectPermission, JourneyUserObjectPermission
from people.models import User

VIEW, PROPOSE, PUBLISH, MANAGE = (
    "view_journey",
    "propose_journey",
    "publish_journey",
    "manage_journey",
)
CODENAMES = frozenset({VIEW, PROPOSE, PUBLISH, MANAGE})


def rights_on(user: User, journey: Journey) -> frozenset[str]:
    """The codenames the person holds on the journey, by themselves or through a team: one query."""
    if user.is_superuser and user.is_active:
        return CODENAMES
    by_person = JourneyUserObjectPermission.objects.filter(user=user, content_object=journey)
    by_team = JourneyGroupObjectPermission.objects.filter(group__user=user, content_object=journey)
    held = (
        by_person.order_by()
        .values_list("permission__codename", flat=True)
        .union(by_team.order_by().values_list("permission__codename", flat=True))
    )
    return frozenset(held) & CODENAMES
