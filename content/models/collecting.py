"""Collections: assets that somebody put together under a name."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from content.models.assets import Asset

if TYPE_CHECKING:
    from people.models import User


class CollectionQuerySet(models.QuerySet["Collection"]):
    """Collections, filtered by who asks."""

    def visible_to(self, user: "User") -> Self:
        """Shared ones, the person's own, and those of their teams."""
        if user.is_superuser:
            return self
        mine = models.Q(team__in=user.memberships.values("team"))
        return self.filter(models.Q(is_shared=True) | models.Q(owner=user) | mine)


class Collection(models.Model):
    """A named set of assets. Who sees it sees of these what they see anyway."""

    name = models.CharField(_("name"), max_length=120)
    purpose = models.CharField(_("purpose"), max_length=400, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("made by")
    )
    # None: it is the owner's alone.
    team = models.ForeignKey(
        "people.Team",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("team"),
    )
    is_shared = models.BooleanField(_("shared"), default=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    assets = models.ManyToManyField(Asset, through="Collected", related_name="collections")
    objects = CollectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("collection")
        verbose_name_plural = _("collections")
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name


class Collected(models.Model):
    """An asset in a collection."""

    collection = models.ForeignKey(Collection, models.CASCADE, related_name="collected")
    asset = models.ForeignKey(Asset, models.CASCADE, related_name="collected")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("asset in a collection")
        verbose_name_plural = _("assets in collections")
        constraints = [
            models.UniqueConstraint(fields=["collection", "asset"], name="collected_once"),
        ]

    def __str__(self) -> str:
        return f"{self.collection_id}: {self.asset_id}"
