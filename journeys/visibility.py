"""Who sees which journey."""

from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db import models

if TYPE_CHECKING:
    from journeys.models import Journey  # noqa: F401
    from people.models import User


class JourneyQuerySet(models.QuerySet["Journey"]):
    """Journeys, filtered by who asks."""

    def visible_to(self, user: "User") -> Self:
        """Open ones; restricted ones with a grant to the person or one of their teams."""
        if user.has_perm("people.see_everything"):
            return self
        return self.filter(self.seen_by(user))

    @staticmethod
    def seen_by(user: "User", journey: str = "") -> models.Q:
        """The same as a condition on a row from which `journey` leads to the journey."""
        return models.Q(**{f"{journey}is_restricted": False}) | models.Q(
            **{f"{journey}pk__in": granted_to(user, "view_journey")}
        )

    def granting(self, user: "User", codename: str) -> Self:
        """Those on which the person holds a permission, by themselves or through a team."""
        if user.is_superuser:
            return self
        return self.filter(pk__in=granted_to(user, codename))


def granted_to(user: "User", codename: str) -> models.QuerySet[Any, dict[str, Any]]:
    """Ids of the journeys on which grants give the person a permission, as one subquery."""
    by_person = apps.get_model("journeys", "JourneyUserObjectPermission")
    by_group = apps.get_model("journeys", "JourneyGroupObjectPermission")
    wanted = {"permission__codename": codename}
    return (
        by_person.objects.filter(user=user, **wanted)
        .order_by()
        .values("content_object")
        .union(
            by_group.objects.filter(group__user=user, **wanted).order_by().values("content_object")
        )
    )
