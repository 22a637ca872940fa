"""Changes, what they propose, who must decide, who did, and the ledger of it all."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from governance.transitions import Action, State
from governance.visibility import ChangeQuerySet, LedgerQuerySet


class SubjectKind(models.TextChoices):
    JOURNEY = "journey", _("Journey")
    ASSET = "asset", _("Asset")
    TAXONOMY = "taxonomy", _("Taxonomy")


def one_subject(prefix: str) -> models.CheckConstraint:
    """Exactly one of the three subject keys is set, and it is the one `kind` names."""
    condition = models.Q()
    for kind in SubjectKind.values:
        condition |= models.Q(
            kind=kind, **{f"{other}__isnull": other != kind for other in SubjectKind.values}
        )
    return models.CheckConstraint(condition=condition, name=f"{prefix}_one_subject")


class AboutSubject(models.Model):
    """Points at one governed subject by one real foreign key of three."""

    kind = models.CharField(_("kind"), max_length=10, choices=SubjectKind.choices)
    journey = models.ForeignKey(
        "journeys.Journey", models.PROTECT, null=True, blank=True, verbose_name=_("journey")
    )
    asset = models.ForeignKey(
        "content.Asset", models.PROTECT, null=True, blank=True, verbose_name=_("asset")
    )
    taxonomy = models.ForeignKey(
        "tags.Taxonomy", models.PROTECT, null=True, blank=True, verbose_name=_("taxonomy")
    )

    class Meta:
        abstract = True


class Change(AboutSubject):
    """A proposal to change one governed subject: what a pull request is to code."""

    number = models.BigAutoField(_("number"), primary_key=True)
    title = models.CharField(_("title"), max_length=200)
    rationale = models.TextField(_("why"), blank=True)
    hypothesis = models.TextField(_("what we expect"), blank=True)
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.DRAFT)
    author = models.ForeignKey(
        "people.User", models.PROTECT, related_name="changes", verbose_name=_("author")
    )
    # The live version the proposal started from; number 0 and no digest for a new subject.
    base_number = models.PositiveIntegerField(_("base version"), default=0)
    base_digest = models.CharField(_("digest of the base version"), max_length=64, blank=True)
    # The newest revision.
    revision = models.PositiveIntegerField(_("revision"), default=0)
    digest = models.CharField(_("digest"), max_length=64)
    # Projected from the newest revision, so that lists never open a document.
    channels = ArrayField(
        models.CharField(max_length=40), default=list, blank=True, verbose_name=_("channels")
    )
    hunk_count = models.PositiveIntegerField(_("hunks"), default=0)
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    scheduled_for = models.DateTimeField(_("publish at"), null=True, blank=True)
    created_at = models.DateTimeField(_("opened"))
    updated_at = models.DateTimeField(_("last activity"))
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    published_number = models.PositiveIntegerField(_("published as version"), null=True, blank=True)
    reverts = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reverted_by",
        verbose_name=_("rolls back"),
    )
    # The earlier version it brings back, in whole or in part.
    restores = models.PositiveIntegerField(_("restores version"), null=True, blank=True)
    # It goes live only after that one.
    queued_behind = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="queue",
        verbose_name=_("publish after"),
    )
    # Where live has moved on: the version it was last compared with, and what clashed with that.
    # Lists show these; the page of a change looks for itself.
    live_moved_to = models.PositiveIntegerField(_("live has moved to"), null=True, blank=True)
    conflict_count = models.PositiveIntegerField(_("conflicts with live"), default=0)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        ordering = ("-number",)
        constraints = [one_subject("change")]
        indexes = [
            models.Index(fields=["state", "-updated_at"], name="change_by_state"),
            models.Index(fields=["author", "state"], name="change_by_author"),
            models.Index(
                fields=["scheduled_for"],
                name="change_due_to_publish",
                condition=models.Q(state=State.SCHEDULED),
            ),
        ]

    def __str__(self) -> str:
        return f"CR-{self.number} {self.title}"


class ChangeRevision(models.Model):
    """One immutable proposed document of a change."""

    change = models.ForeignKey(
        Change, models.PROTECT, related_name="revisions", verbose_name=_("change")
    )
    number = models.PositiveIntegerField(_("revision"))
    document = models.JSONField(_("proposed document"))
    digest = models.CharField(_("digest"), max_length=64)
    # The live version it was written on: a change that took a newer one has several.
    base_number = models.PositiveIntegerField(_("base version"), default=0)
    # None: the portal itself carried an earlier revision onto a newer version.
    author = models.ForeignKey(
        "people.User", models.PROTECT, null=True, related_name="+", verbose_name=_("author")
    )
    # Ids of those who wrote content that it binds and that was never live: it is their work too.
    content_authors = ArrayField(models.BigIntegerField(), default=list, blank=True)
    created_at = models.DateTimeField(_("saved"))

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering = ("-number",)
        constraints = [
            models.UniqueConstraint(
                fields=["change", "number"], name="changerevision_numbered_once"
            ),
        ]

    def __str__(self) -> str:
        return f"r{self.number}"


class ConflictResolution(models.Model):
    """What somebody decided about one conflict of a change with what went live meanwhile.

    It stands for as long as the conflict is the very same: see `Conflict.fingerprint`.
    """

    change = models.ForeignKey(
        Change, models.PROTECT, related_name="resolutions", verbose_name=_("change")
    )
    fingerprint = models.CharField(max_length=64)
    # As `Conflict.to_json` and `Resolution.to_json` write them.
    conflict = models.JSONField(_("conflict"))
    resolution = models.JSONField(_("resolution"))
    author = models.ForeignKey(
        "people.User", models.PROTECT, related_name="+", verbose_name=_("decided by")
    )
    created_at = models.DateTimeField(_("decided"))

    class Meta:
        verbose_name = _("resolution of a conflict")
        verbose_name_plural = _("resolutions of conflicts")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["change", "fingerprint"], name="resolution_once"),
        ]

    def __str__(self) -> str:
        return str(self.resolution.get("choice", ""))


class Claim(models.Model):
    """What the newest revision of a change lays hands on, so that others find it by an index.

    Written with each revision from `SubjectAdapter.claims`; `kind` is a code of
    `cjops.core.subjects.ClaimKind`, `name` says on what, across all subjects.
    """

    change = models.ForeignKey(Change, models.CASCADE, related_name="claims")
    kind = models.CharField(max_length=12)
    name = models.CharField(max_length=600)
    detail = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["change", "kind", "name"], name="claim_once"),
        ]
        indexes = [models.Index(fields=["name", "kind"], name="claim_by_name")]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


class Suggestion(models.Model):
    """Edits of one element that somebody proposes to the author of a change."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        APPLIED = "applied", _("Applied")
        DECLINED = "declined", _("Declined")

    change = models.ForeignKey(
        Change, models.PROTECT, related_name="suggestions", verbose_name=_("change")
    )
    revision = models.PositiveIntegerField(_("revision"))
    author = models.ForeignKey(
        "people.User", models.PROTECT, related_name="+", verbose_name=_("suggested by")
    )
    element = models.CharField(max_length=40)
    key = models.CharField(max_length=80)
    # As `cjops.documents.edit` takes them; `before` is the element they were written on.
    edits = models.JSONField(_("edits"))
    before = models.JSONField(null=True)
    comment = models.TextField(_("comment"), blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    created_at = models.DateTimeField(_("suggested"))
    decided_by = models.ForeignKey("people.User", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("decided"), null=True)

    class Meta:
        verbose_name = _("suggested edit")
        verbose_name_plural = _("suggested edits")
        ordering = ("pk",)
        indexes = [models.Index(fields=["change", "state"], name="suggestion_by_state")]

    def __str__(self) -> str:
        return f"{self.element}/{self.key}"


class ViewedHunk(models.Model):
    """A hunk that a reader has ticked off; another digest is another hunk."""

    change = models.ForeignKey(Change, models.CASCADE, related_name="viewed")
    user = models.ForeignKey("people.User", models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["change", "user", "digest"], name="viewedhunk_once"),
        ]

    def __str__(self) -> str:
        return self.digest[:12]


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


class LedgerEntry(AboutSubject):
    """Who did what to which subject, from state to state, on which digest, and why.

    Append-only: the database refuses to alter or delete a row.
    """

    at = models.DateTimeField(_("when"))
    actor = models.ForeignKey(
        "people.User", models.PROTECT, null=True, related_name="+", verbose_name=_("who")
    )
    action = models.CharField(_("action"), max_length=20, choices=Action.choices)
    change = models.ForeignKey(
        Change, models.PROTECT, related_name="ledger", verbose_name=_("change")
    )
    revision = models.PositiveIntegerField(_("revision"))
    from_state = models.CharField(_("from"), max_length=20, choices=State.choices, blank=True)
    to_state = models.CharField(_("to"), max_length=20, choices=State.choices)
    digest = models.CharField(_("digest"), max_length=64)
    reason = models.TextField(_("reason"), blank=True)
    data = models.JSONField(_("details"), default=dict)
    request_id = models.CharField(_("request"), max_length=64, blank=True)

    objects = LedgerQuerySet.as_manager()

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger")
        ordering = ("-pk",)
        constraints = [one_subject("ledgerentry")]

    def __str__(self) -> str:
        return f"{self.get_action_display()} · {self.change_id}"


class NotificationKind(models.TextChoices):
    DECISION_WANTED = "decision_wanted", _("Your decision is wanted")
    CHANGES_REQUESTED = "changes_requested", _("Changes were requested")
    APPROVED = "approved", _("Your change was approved")
    PUBLISHED = "published", _("Your change was published")
    REJECTED = "rejected", _("Your change was rejected")
    COMMENTED = "commented", _("There is a new comment")
    READY = "ready", _("A change is ready to publish")
    FAILED = "failed", _("A scheduled change could not be published")
    LIVE_MOVED = "live_moved", _("Live has moved under your change")
    OUTDATED = "outdated", _("What you approved has changed")
    UNQUEUED = "unqueued", _("A change no longer waits for another")
    SUGGESTED = "suggested", _("Somebody suggests an edit")


class Notification(models.Model):
    """One message to one person: a row in the portal, and the outbox of its e-mail."""

    user = models.ForeignKey("people.User", models.CASCADE, related_name="notifications")
    change = models.ForeignKey(Change, models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=20, choices=NotificationKind.choices)
    entry = models.ForeignKey(LedgerEntry, models.CASCADE, related_name="notifications")
    message_id = models.UUIDField(default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    attempted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["user", "entry", "kind", "change"], name="notification_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["created_at"],
                name="notification_to_mail",
                condition=models.Q(mailed_at__isnull=True),
            ),
            models.Index(
                fields=["user"],
                name="notification_unread",
                condition=models.Q(read_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class IdempotentRequest(models.Model):
    """An Idempotency-Key and the ledger entry or asset version it led to.

    So a repeat does nothing twice, for as long as the beat keeps it.
    """

    user = models.ForeignKey("people.User", models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    entry = models.ForeignKey(LedgerEntry, models.CASCADE, null=True, related_name="+")
    version = models.ForeignKey("content.AssetVersion", models.CASCADE, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="idempotentrequest_once"),
            models.CheckConstraint(
                condition=models.Q(entry__isnull=False, version=None)
                | models.Q(entry=None, version__isnull=False),
                name="idempotentrequest_one_outcome",
            ),
        ]

    def __str__(self) -> str:
        return self.key
