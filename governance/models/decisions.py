"""Who must decide about a change, and who did."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from governance.models.changes import Change


class Requirement(models.Model):
    """Who must decide on which hunks of one revision, and why; a snapshot taken at submit."""

    change = models.ForeignKey(
        Change, models.PROTECT, related_name="requirements", verbose_name=_("change")
    )
    revision = models.PositiveIntegerField(_("revision"))
    key = models.CharField(_("key"), max_length=80)
    reason = models.CharField(_("reason"), max_length=40)
    params = models.JSONField(default=dict)
    hunks = ArrayField(models.CharField(max_length=64), default=list)
    quorum = models.PositiveSmallIntegerField(_("quorum"), default=1)
    due_at = models.DateTimeField(_("due"), null=True)
    met_at = models.DateTimeField(_("met"), null=True)

    class Meta:
        verbose_name = _("required decision")
        verbose_name_plural = _("required decisions")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["change", "revision", "key"], name="requirement_once_per_revision"
            ),
        ]
        indexes = [
            models.Index(
                # Every page asks what waits for its reader: answered without the rows themselves.
                fields=["change", "revision"],
                include=["id"],
                name="requirement_waiting",
                condition=models.Q(met_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return self.key


class RequirementSource(models.Model):
    """Where the people come from who may meet a requirement; any one source is enough.

    Exactly one of: leads of teams that steward `channel`; leads of `team`; holders of `role` on
    the change's journey; `user`.
    """

    requirement = models.ForeignKey(Requirement, models.CASCADE, related_name="sources")
    channel = models.ForeignKey("people.Channel", models.PROTECT, null=True, related_name="+")
    team = models.ForeignKey("people.Team", models.PROTECT, null=True, related_name="+")
    role = models.ForeignKey("people.Role", models.PROTECT, null=True, related_name="+")
    user = models.ForeignKey("people.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(channel__isnull=False, team=None, role=None, user=None)
                    | models.Q(channel=None, team__isnull=False, role=None, user=None)
                    | models.Q(channel=None, team=None, role__isnull=False, user=None)
                    | models.Q(channel=None, team=None, role=None, user__isnull=False)
                ),
                name="requirementsource_one_kind",
            )
        ]

    def __str__(self) -> str:
        return str(self.channel or self.team or self.role or self.user)


class Verdict(models.TextChoices):
    APPROVE = "approve", _("Approved")
    REQUEST_CHANGES = "request_changes", _("Requested changes")
    COMMENT = "comment", _("Commented")


class Review(models.Model):
    """What one person said about a change, bound to the digests of the hunks they saw."""

    change = models.ForeignKey(
        Change, models.PROTECT, related_name="reviews", verbose_name=_("change")
    )
    revision = models.PositiveIntegerField(_("revision"))
    reviewer = models.ForeignKey(
        "people.User", models.PROTECT, related_name="reviews", verbose_name=_("reviewer")
    )
    verdict = models.CharField(_("verdict"), max_length=16, choices=Verdict.choices)
    comment = models.TextField(_("comment"), blank=True)
    hunks = ArrayField(models.CharField(max_length=64), default=list)
    # Keys of the requirements this person was eligible for when they decided.
    covers = ArrayField(models.CharField(max_length=80), default=list)
    created_at = models.DateTimeField(_("decided"))

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ("pk",)
        indexes = [models.Index(fields=["change", "verdict"], name="review_by_verdict")]

    def __str__(self) -> str:
        return self.get_verdict_display()
