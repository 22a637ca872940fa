"""Abstract shapes of a governed subject and its versions, and the few rows the platform keeps."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

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
