"""The rules of who has to decide: policies, their versions, and what was tried on the past."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cjops.core.moments import EARLIEST, LATEST
from people.models import Named


class Policy(Named):
    """Who has to decide about which changes; what counts is the definition of `active`."""

    key = models.SlugField(_("key"), max_length=60, unique=True)
    active = models.ForeignKey(
        "PolicyVersion",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("active version"),
    )
    created_at = models.DateTimeField(_("created"))
    updated_at = models.DateTimeField(_("updated"))

    class Meta:
        verbose_name = _("policy")
        verbose_name_plural = _("policies")
        ordering = ("key",)
        permissions = [
            ("manage_policies", _("Can write and activate policies, and is told what is stuck")),
            ("break_glass", _("Can publish without the approvals, and within a freeze")),
        ]


class PolicyVersion(models.Model):
    """One definition of a policy; without a definition, that the policy is to end."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        ACTIVE = "active", _("Active")
        SUPERSEDED = "superseded", _("Replaced")
        DECLINED = "declined", _("Declined")

    policy = models.ForeignKey(Policy, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    # As `governance.ruling.definitions.complete` returns it.
    definition = models.JSONField(_("definition"), null=True)
    digest = models.CharField(_("digest"), max_length=64, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.PROPOSED
    )
    comment = models.TextField(_("why"), blank=True)
    author = models.ForeignKey(
        "people.User", models.PROTECT, null=True, related_name="+", verbose_name=_("written by")
    )
    created_at = models.DateTimeField(_("written"))
    decided_by = models.ForeignKey(
        "people.User", models.PROTECT, null=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided"), null=True)

    class Meta:
        verbose_name = _("version of a policy")
        verbose_name_plural = _("versions of policies")
        ordering = ("-number",)
        constraints = [
            models.UniqueConstraint(fields=["policy", "number"], name="policyversion_numbered"),
            models.UniqueConstraint(
                fields=["policy"],
                condition=models.Q(state="proposed"),
                name="policyversion_one_proposed",
            ),
            models.UniqueConstraint(
                fields=["policy"],
                condition=models.Q(state="active"),
                name="policyversion_one_active",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.policy_id} v{self.number}"


class Replay(models.Model):
    """Candidate policies tried on the changes of a period, in the background."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    title = models.CharField(_("title"), max_length=200, blank=True)
    asked_by = models.ForeignKey(
        "people.User", models.PROTECT, related_name="+", verbose_name=_("asked by")
    )
    # Complete definitions of all policies that would be active.
    candidate = models.JSONField(_("candidate policies"))
    since = models.DateTimeField(_("from"))
    until = models.DateTimeField(_("until"))
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.WAITING
    )
    total = models.PositiveIntegerField(_("changes"), default=0)
    done = models.PositiveIntegerField(_("looked at"), default=0)
    # What came of it, as `governance.replaying` sums it up.
    summary = models.JSONField(_("result"), default=dict)
    error = models.TextField(_("error"), blank=True)
    created_at = models.DateTimeField(_("asked"))
    started_at = models.DateTimeField(_("started"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)

    class Meta:
        verbose_name = _("replay")
        verbose_name_plural = _("replays")
        ordering = ("-pk",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(since__gte=EARLIEST, until__lt=LATEST), name="replay_in_range"
            ),
        ]

    def __str__(self) -> str:
        return self.title or f"#{self.pk}"


class ReplayRow(models.Model):
    """One change about which the candidate policies say something else."""

    replay = models.ForeignKey(Replay, models.CASCADE, related_name="rows")
    change = models.ForeignKey("governance.Change", models.CASCADE, related_name="+")
    gap = models.BooleanField(default=False)
    deadlock = models.BooleanField(default=False)
    # Requirements added, removed and changed, by key.
    difference = models.JSONField(default=dict)

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["replay", "change"], name="replayrow_once"),
        ]

    def __str__(self) -> str:
        return f"{self.replay_id} · {self.change_id}"
