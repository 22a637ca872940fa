"""What somebody is writing and has not saved yet."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from content.kinds import CHOICES
from content.models.assets import Asset


class Draft(models.Model):
    """The form of one person as it was last kept: theirs alone, and a copy that may go.

    `spot` says what of the asset they write: "" its next version, "change:12", or the step it is
    for; of an asset that does not exist yet, a name that the form made. `count` is how often it
    was kept, so that two windows notice each other.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="drafts", verbose_name=_("person")
    )
    asset = models.ForeignKey(
        Asset, models.CASCADE, null=True, related_name="drafts", verbose_name=_("asset")
    )
    spot = models.CharField(max_length=300, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=CHOICES)
    # What it was written from: a version, and of a change its digest.
    base = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)
    # Pairs of name and value, as the form sent them.
    form = models.JSONField(default=list)
    # As far as it can be read: what previews and checks look at.
    document = models.JSONField(null=True)
    # What it was made from, as documents say it: on no field of the form.
    origins = models.JSONField(default=list)
    count = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(_("begun"))
    saved_at = models.DateTimeField(_("kept"), db_index=True)

    class Meta:
        verbose_name = _("unsaved text")
        verbose_name_plural = _("unsaved texts")
        ordering = ("-saved_at",)
        constraints = [
            models.UniqueConstraint(
                fields=["person", "asset", "spot"],
                name="draft_once",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asset or self.kind} {self.spot}".strip()
