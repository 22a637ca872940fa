"""One piece of content for many steps at once: a change for each journey, and how far they are."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cjops.core.wording import in_readers_language
from governance.models.changes import Change


class Campaign(models.Model):
    """Content submitted for many steps, or put everywhere in the place of other content."""

    title = models.CharField(_("title"), max_length=200)
    rationale = models.TextField(_("rationale"), blank=True)
    asset = models.ForeignKey(
        "content.Asset", models.PROTECT, related_name="campaigns", verbose_name=_("asset")
    )
    version = models.PositiveIntegerField(_("version"))
    # What it stands in for; None where slots were chosen one by one.
    replaced = models.ForeignKey(
        "content.Asset", models.PROTECT, null=True, related_name="+", verbose_name=_("in place of")
    )
    author = models.ForeignKey(
        "people.User", models.PROTECT, related_name="campaigns", verbose_name=_("author")
    )
    created_at = models.DateTimeField(_("started"))
    # Of the form that asked for it, so that a second sending starts nothing.
    token = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("campaign of changes")
        verbose_name_plural = _("campaigns of changes")
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["author", "token"],
                name="campaign_once",
                condition=~models.Q(token=""),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class CampaignPart(models.Model):
    """One journey of a campaign: its slots, and the change that fills them."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        OPENED = "opened", _("Submitted")
        REFUSED = "refused", _("Refused")

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="parts")
    journey = models.ForeignKey("journeys.Journey", models.PROTECT, related_name="+")
    # Pairs of step and slot.
    places = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    change = models.ForeignKey(Change, models.PROTECT, null=True, related_name="campaign_parts")
    # Sentences in each language of the portal: not only its author reads them.
    reasons = models.JSONField(
        _("why it was refused"), default=dict, db_default=models.Value({}, models.JSONField())
    )
    # How often it failed unexpectedly.
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0, db_default=0)
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["campaign", "journey"], name="campaignpart_once"),
        ]
        indexes = [
            models.Index(
                fields=["updated_at"],
                name="campaignpart_waiting",
                condition=models.Q(state="waiting"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} · {self.journey_id}"

    @property
    def refusals(self) -> list[str]:
        """Why it was refused, in whole sentences for the reader."""
        return in_readers_language(self.reasons)
