"""Who sees which asset."""

from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db import models

if TYPE_CHECKING:
    from content.models import Asset  # noqa: F401
    from people.models import User


class AssetQuerySet(models.QuerySet["Asset"]):
    """Assets, filtered by who asks."""

    def visible_to(self, user: "User") -> Self:
        """Open ones; restricted ones of the person's own teams or with a grant."""
        if user.has_perm("people.see_everything"):
            return self
        by_person = apps.get_model("content", "AssetUserObjectPermission")
        by_group = apps.get_model("content", "AssetGroupObjectPermission")
        view = {"permission__codename": "view_asset"}
        return self.filter(
            models.Q(is_restricted=False)
            | models.Q(team__in=user.memberships.values("team_id"))
            | models.Q(pk__in=by_person.objects.filter(user=user, **view).values("content_object"))
            | models.Q(
                pk__in=by_group.objects.filter(group__user=user, **view).values("content_object")
            )
        )
