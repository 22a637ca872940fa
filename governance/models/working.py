"""What stands beside a change while people work on it: it decides nothing by itself."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from governance.models.changes import Change


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
        WITHDRAWN = "withdrawn", _("Taken back")

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
