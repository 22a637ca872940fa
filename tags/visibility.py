"""Who sees which taxonomy."""

from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from people.models import User
    from tags.models import Taxonomy  # noqa: F401


class TaxonomyQuerySet(models.QuerySet["Taxonomy"]):
    """Taxonomies, filtered by who asks."""

    def visible_to(self, user: "User") -> Self:
        """Open ones, and restricted ones of the person's own teams."""
        if user.has_perm("people.see_everything"):
            return self
        return self.filter(self.seen_by(user))

    @staticmethod
    def seen_by(user: "User", taxonomy: str = "") -> models.Q:
        """The same as a condition on a row from which `taxonomy` leads to the taxonomy."""
        return models.Q(**{f"{taxonomy}is_restricted": False}) | models.Q(
            **{f"{taxonomy}team__in": user.memberships.values("team_id")}
        )
