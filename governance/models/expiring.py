"""What was told of content that ends."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from content.models import Deadline


class ExpiryNotice(models.Model):
    """That so many days before a last day its people were told, or would have been later.

    Once for each day and threshold: a day that moves is another day.
    """

    asset = models.ForeignKey("content.Asset", models.CASCADE, related_name="+")
    what = models.CharField(max_length=10, choices=Deadline.What.choices)
    key = models.CharField(max_length=80, blank=True)
    on = models.DateField(_("last day"))
    days = models.PositiveSmallIntegerField(_("days before"))
    # None: a later threshold was reached before anybody looked.
    entry = models.ForeignKey("governance.LedgerEntry", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("notice of an end")
        verbose_name_plural = _("notices of ends")
        constraints = [
            models.UniqueConstraint(
                fields=["asset", "what", "key", "on", "days"], name="expirynotice_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.on} {self.days}"
