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
    # Which decision of which policy, and of which channel: "legal.counsel", "steward:email".
    key = models.CharField(_("key"), max_length=200)
    # "policy"; in what was asked before there were policies, the code of the built-in rule.
    reason = models.CharField(_("reason"), max_length=40, default="policy")
    params = models.JSONField(default=dict)
    # The version of the policy that asks, and the conditions of it that were met.
    policy = models.ForeignKey(
        "governance.PolicyVersion",
        models.PROTECT,
        null=True,
        related_name="requirements",
        verbose_name=_("policy"),
    )
    matched = models.JSONField(_("why"), default=list)
    label = models.JSONField(_("name"), default=dict)
    hunks = ArrayField(models.CharField(max_length=64), default=list)
    quorum = models.PositiveSmallIntegerField(_("quorum"), default=1)
    # Later rounds wait for earlier ones; requirements of one group are met by different people.
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    distinct = models.CharField(_("different people"), max_length=80, blank=True)
    # Whether an approval falls with its giver's place.
    leavers_fall = models.BooleanField(_("leavers do not count"), default=False)
    # Ids of the people whose approvals cover all of it: it waits for them no more.
    approved_by = ArrayField(models.BigIntegerField(), default=list)
    # Others are asked than when somebody approved it: only the word of those asked now counts.
    is_asked_of_others = models.BooleanField(default=False)
    # None while an earlier round is being decided.
    opened_at = models.DateTimeField(_("asked"), null=True)
    remind_at = models.DateTimeField(_("to be reminded"), null=True)
    reminded_at = models.DateTimeField(_("reminded"), null=True)
    escalate_at = models.DateTimeField(_("to be escalated"), null=True)
    escalated_at = models.DateTimeField(_("escalated"), null=True)
    # Since when nobody may meet it, so that this is told once.
    stuck_at = models.DateTimeField(_("nobody may decide since"), null=True)
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
            ),
            models.Index(
                fields=["remind_at"],
                name="requirement_to_remind",
                condition=models.Q(met_at=None, reminded_at=None, remind_at__isnull=False),
            ),
            models.Index(
                fields=["escalate_at"],
                name="requirement_to_escalate",
                condition=models.Q(met_at=None, escalated_at=None, escalate_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.key


class SourceKind(models.TextChoices):
    ASKED = "asked", _("asked")
    # Counts once the requirement is escalated.
    ESCALATION = "escalation", _("asked when it is late")
    APPOINTED = "appointed", _("appointed")


class RequirementSource(models.Model):
    """Where the people come from who may meet a requirement; any one source is enough.

    Exactly one of: leads of teams that steward `channel`; leads of `team`, or all its members;
    holders of `role` on the change's journey; `user`.
    """

    requirement = models.ForeignKey(Requirement, models.CASCADE, related_name="sources")
    kind = models.CharField(max_length=10, choices=SourceKind.choices, default=SourceKind.ASKED)
    with_members = models.BooleanField(default=False)
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
    # Whose word it counts as, where the reviewer acts for somebody else.
    on_behalf_of = models.ForeignKey(
        "people.User",
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("on behalf of"),
    )
    verdict = models.CharField(_("verdict"), max_length=16, choices=Verdict.choices)
    comment = models.TextField(_("comment"), blank=True)
    hunks = ArrayField(models.CharField(max_length=64), default=list)
    # Keys of the requirements this person was eligible for when they decided.
    covers = ArrayField(models.CharField(max_length=200), default=list)
    created_at = models.DateTimeField(_("decided"))

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ("pk",)
        indexes = [models.Index(fields=["change", "verdict"], name="review_by_verdict")]

    def __str__(self) -> str:
        return self.get_verdict_display()


class Appointment(models.Model):
    """Somebody named to decide where nobody could: by a governance lead, with a reason."""

    change = models.ForeignKey(Change, models.CASCADE, related_name="appointments")
    # The key of the requirement.
    key = models.CharField(max_length=200)
    user = models.ForeignKey("people.User", models.PROTECT, related_name="+")
    by = models.ForeignKey("people.User", models.PROTECT, related_name="+")
    reason = models.TextField(_("reason"))
    created_at = models.DateTimeField(_("appointed"))

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["change", "key", "user"], name="appointment_once"),
        ]

    def __str__(self) -> str:
        return f"{self.key} · {self.user}"


class FactSheet(models.Model):
    """What a change was like when people were asked to decide on it, in the words of policies.

    Of each revision the last time of asking. Replays and the test bench read it, so that they
    judge what was known then.
    """

    change = models.ForeignKey(Change, models.CASCADE, related_name="fact_sheets")
    revision = models.PositiveIntegerField(_("revision"))
    taken_at = models.DateTimeField(_("taken"))
    # As `governance.ruling.gathering` writes them: facts of the whole, and digest and facts of
    # each part.
    facts = models.JSONField(_("facts"))
    parts = models.JSONField(_("facts of the parts"), default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["change", "revision"], name="factsheet_once"),
        ]
        indexes = [models.Index(fields=["taken_at"], name="factsheet_by_time")]

    def __str__(self) -> str:
        return f"{self.change_id} r{self.revision}"
