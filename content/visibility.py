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
        return self.filter(self.seen_by(user))

    @staticmethod
    def seen_by(user: "User", asset: str = "") -> models.Q:
        """The same as a condition on a row from which `asset` leads to the asset."""
        by_person = apps.get_model("content", "AssetUserObjectPermission")
        by_group = apps.get_model("content", "AssetGroupObjectPermission")
        view = {"permission__codename": "view_asset"}
        granted = (
            by_person.objects.filter(user=user, **view),
            by_group.objects.filter(group__user=user, **view),
        )
        seen = models.Q(**{f"{asset}is_restricted": False})
        seen |= models.Q(**{f"{asset}team__in": user.memberships.values("team_id")})
        for grants in granted:
            seen |= models.Q(**{f"{asset}pk__in": grants.values("content_object")})
        return seen
