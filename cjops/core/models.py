"""Abstract shapes of a governed subject and its versions, and the few rows the platform keeps."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from cjops.core.sealing.sources import Sealed
from cjops.core.wording import in_readers_language

KEY_LENGTH = 80


class GovernedSubject(models.Model):
    """A thing whose document changes only through a published change.

    A concrete subject adds a nullable `live_version` pointing at its own version model.
    """

    key = models.SlugField(_("key"), max_length=KEY_LENGTH, unique=True)
    name = models.CharField(_("name"), max_length=200)
    is_restricted = models.BooleanField(
        _("restricted"),
        default=False,
        help_text=_("Only people with a grant on it see that it exists."),
    )
    # Who sees it while it is restricted, see `cjops.core.visibility`; derived from the grants.
    readers = ArrayField(models.BigIntegerField(), default=list, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class DocumentVersion(models.Model):
    """One immutable, numbered document of a subject; the database refuses to alter it."""

    number = models.PositiveIntegerField(_("number"))
    document = models.JSONField(_("document"))
    digest = models.CharField(_("digest"), max_length=64)
    parent_digest = models.CharField(_("parent digest"), max_length=64, blank=True)
    created_at = models.DateTimeField(_("created"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("created by")
    )
    summary = models.JSONField(_("summary in words"), default=list)

    class Meta:
        abstract = True
        ordering = ("-number",)

    def __str__(self) -> str:
        return f"v{self.number}"

    @property
    def words(self) -> list[str]:
        """What it changed, in whole sentences for the reader."""
        return in_readers_language(self.summary)

    def get_document(self) -> dict[str, Any]:
        """The document as a plain value."""
        document: dict[str, Any] = self.document
        return document


class Heartbeat(models.Model):
    """When a background process was last seen at work."""

    name = models.CharField(max_length=40, primary_key=True)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Leaf(models.Model):
    """One recorded row as it stands in the log (see `cjops.core.sealing`)."""

    # From 0, without gaps.
    position = models.BigIntegerField(primary_key=True)
    source = models.CharField(max_length=20)
    row = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "row"], name="leaf_once")]

    def __str__(self) -> str:
        return f"{self.position}: {self.source} {self.row}"


class Node(models.Model):
    """The root of a complete subtree of the log, kept so that proofs are read quickly.

    Follows from the leaves; see `cjops.core.sealing.proofs`.
    """

    pk = models.CompositePrimaryKey("level", "index")
    # So many levels above the leaves.
    level = models.SmallIntegerField()
    index = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return f"{self.level}/{self.index}"


class AuditEntry(Sealed):
    """What happened beside the decisions; written by `cjops.core.auditing.note` alone.

    Append-only: the database refuses to alter or delete a row, and the log proves it.
    """

    at = models.DateTimeField(_("when"))
    # None: the portal itself, or somebody who did not sign in.
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("who")
    )
    # Such as "grant.given"; `auditing.actions` has the words.
    action = models.CharField(_("action"), max_length=40)
    # The row it was done to, which may be gone: its model, such as "people.team", and its id.
    about = models.CharField(max_length=60, blank=True)
    about_id = models.BigIntegerField(null=True)
    data = models.JSONField(_("details"), default=dict)
    reason = models.TextField(_("reason"), blank=True)
    request_id = models.CharField(_("request"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        ordering = ("-pk",)
        indexes = [
            models.Index(fields=["xid"], name="auditentry_by_xid"),
            models.Index(fields=["about", "about_id"], name="auditentry_by_about"),
            models.Index(fields=["-at", "-id"], name="auditentry_by_time"),
            models.Index(fields=["action", "-id"], name="auditentry_by_action"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.about} {self.about_id or ''}".rstrip()


class TreeHead(models.Model):
    """What the log's first `size` leaves come to, and the signature of it."""

    size = models.BigIntegerField(_("entries"), primary_key=True)
    # In hex.
    root = models.CharField(_("root"), max_length=64)
    at = models.DateTimeField(_("sealed"))
    # The roots of the complete subtrees, to go on from.
    peaks = models.BinaryField()
    # No transaction before this one was open when the leaves were read.
    horizon = models.BigIntegerField()
    # Which key signed it, and the signature in base64; both empty where there was no key.
    key = models.CharField(_("key"), max_length=16, blank=True)
    signature = models.CharField(_("signature"), max_length=88, blank=True)

    class Meta:
        verbose_name = _("sealed head")
        verbose_name_plural = _("sealed heads")
        ordering = ("-size",)

    def __str__(self) -> str:
        return f"{self.size}: {self.root}"
