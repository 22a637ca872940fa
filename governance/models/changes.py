"""Changes of governed subjects and the documents they propose."""

from collections.abc import Iterable

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from governance.transitions import State
from governance.visibility import ChangeQuerySet


class SubjectKind(models.TextChoices):
    JOURNEY = "journey", _("Journey")
    ASSET = "asset", _("Asset")
    TAXONOMY = "taxonomy", _("Taxonomy")


def one_subject(prefix: str, others: Iterable[str] = ()) -> models.CheckConstraint:
    """Exactly one of the three subject keys, or of `others`, is set: the one `kind` names."""
    condition = models.Q()
    fields = (*SubjectKind.values, *others)
    for kind in fields:
        condition |= models.Q(kind=kind, **{f"{other}__isnull": other != kind for other in fields})
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
    is_emergency = models.BooleanField(_("emergency"), default=False)
    # Published without the approvals it needed: until when people decide on that. None once done.
    after_review_due_at = models.DateTimeField(_("after-review due"), null=True, blank=True)
    glass_broken_by = models.ForeignKey(
        "people.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("glass broken by"),
    )
    # Names the policies in force when people were last asked, so that it shows when others are.
    policy_stamp = models.CharField(max_length=16, blank=True)
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
            models.Index(
                fields=["after_review_due_at"],
                name="change_after_review",
                condition=models.Q(after_review_due_at__isnull=False),
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
    # Ids of others whose work it is too: who wrote content that it binds and that was never live,
    # and who settled conflicts.
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
