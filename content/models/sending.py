"""Tests that people sent themselves."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from content.models.assets import Asset


class SentTestState(models.TextChoices):
    QUEUED = "queued", _("On its way")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Not sent")


class SentTest(models.Model):
    """A rendition that somebody sent to themselves, to see it where customers do.

    `message` is what is sent, as the rendition stood when it was asked for; it goes once the test
    is sent, or has failed for good.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("person")
    )
    asset = models.ForeignKey(Asset, models.CASCADE, related_name="+", verbose_name=_("asset"))
    number = models.PositiveIntegerField(_("version"))
    rendition = models.CharField(_("rendition"), max_length=100)
    profile = models.CharField(_("sample profile"), max_length=100, blank=True)
    message = models.JSONField(_("message"), null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=SentTestState.choices, default=SentTestState.QUEUED
    )
    reason = models.CharField(_("reason"), max_length=40, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    asked_at = models.DateTimeField(_("asked for"))
    tried_at = models.DateTimeField(_("tried"), null=True, blank=True)

    class Meta:
        verbose_name = _("test that was sent")
        verbose_name_plural = _("tests that were sent")
        ordering = ("-pk",)
        indexes = [
            models.Index(fields=["user", "asked_at"], name="sent_test_by_person"),
            models.Index(
                fields=["asked_at"], condition=models.Q(state="queued"), name="sent_test_queued"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asset_id} {self.rendition} {self.state}"
