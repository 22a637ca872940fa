"""What was made from what."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from content.models.assets import Asset


class Descent(models.Model):
    """That an asset was made from another, as its newest version says: written with that version.

    `number` is the version of the origin that it was made from, or was last compared with.
    """

    asset = models.ForeignKey(
        Asset, models.CASCADE, related_name="origins", verbose_name=_("asset")
    )
    origin = models.ForeignKey(
        Asset, models.CASCADE, related_name="descendants", verbose_name=_("made from")
    )
    number = models.PositiveIntegerField(_("version"))

    class Meta:
        verbose_name = _("lineage of content")
        verbose_name_plural = _("lineages of content")
        constraints = [
            models.UniqueConstraint(fields=["asset", "origin"], name="descent_once"),
        ]

    def __str__(self) -> str:
        return f"{self.asset} ← {self.origin} v{self.number}"
