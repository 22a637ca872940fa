"""What was told of content whose origin has changed."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OriginNotice(models.Model):
    """That the owners of an asset were told of a newer version of what it was made from."""

    asset = models.ForeignKey("content.Asset", models.CASCADE, related_name="+")
    origin = models.ForeignKey("content.Asset", models.CASCADE, related_name="+")
    number = models.PositiveIntegerField(_("version"))
    entry = models.ForeignKey("governance.LedgerEntry", models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("notice of a changed origin")
        verbose_name_plural = _("notices of changed origins")
        constraints = [
            models.UniqueConstraint(fields=["asset", "origin", "number"], name="originnotice_once"),
        ]

    def __str__(self) -> str:
        return f"{self.origin_id} v{self.number}"
