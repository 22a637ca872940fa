"""Files that content shows, stored once for all."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from content.models.assets import Asset


class MediaFile(models.Model):
    """A stored file, once for all who uploaded it; which assets have it, `Picture` says."""

    sha256 = models.CharField(_("SHA-256"), max_length=64, unique=True)
    # Pixels of a picture, points of a PDF's first page; `frames` are its pages.
    media_type = models.CharField(_("type"), max_length=40)
    size = models.PositiveIntegerField(_("bytes"))
    width = models.PositiveIntegerField(_("width"))
    height = models.PositiveIntegerField(_("height"))
    frames = models.PositiveIntegerField(_("frames"), default=1)

    class Meta:
        verbose_name = _("stored file")
        verbose_name_plural = _("stored files")

    def __str__(self) -> str:
        return self.sha256[:12]


class Picture(models.Model):
    """A picture of an asset; who sees the asset sees it. Written once, never altered."""

    asset = models.ForeignKey(
        Asset, models.PROTECT, related_name="pictures", verbose_name=_("asset")
    )
    file = models.ForeignKey(
        MediaFile, models.PROTECT, related_name="pictures", verbose_name=_("stored file")
    )
    name = models.CharField(_("name"), max_length=120)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("uploaded by")
    )
    uploaded_at = models.DateTimeField(_("uploaded"))

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(fields=["asset", "file"], name="picture_once_an_asset"),
        ]

    def __str__(self) -> str:
        return self.name


class DrawingState(models.TextChoices):
    WAITING = "waiting", _("Being drawn")
    DRAWN = "drawn", _("Drawn")
    FAILED = "failed", _("Could not be drawn")


class DrawingSize(models.TextChoices):
    """How large a drawing is; its longer side in pixels is in `content.media.sizes`."""

    THUMB = "thumb", _("Thumbnail")
    THUMB_2X = "thumb-2x", _("Thumbnail for sharp screens")
    PAGE = "page", _("Preview")


class Drawing(models.Model):
    """A picture that the worker makes of a stored file: a smaller one, or a page of a PDF."""

    file = models.ForeignKey(
        MediaFile, models.CASCADE, related_name="drawings", verbose_name=_("stored file")
    )
    size = models.CharField(_("size"), max_length=10, choices=DrawingSize.choices)
    page = models.PositiveSmallIntegerField(_("page"), default=1)
    state = models.CharField(
        _("state"), max_length=10, choices=DrawingState.choices, default=DrawingState.WAITING
    )
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True, db_index=True)
    media_type = models.CharField(_("type"), max_length=40, blank=True)
    bytes = models.PositiveIntegerField(_("bytes"), default=0)
    width = models.PositiveIntegerField(_("width"), default=0)
    height = models.PositiveIntegerField(_("height"), default=0)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    asked_at = models.DateTimeField(_("asked for"))

    class Meta:
        verbose_name = _("drawing of a stored file")
        verbose_name_plural = _("drawings of stored files")
        ordering = ("file", "page", "size")
        constraints = [
            models.UniqueConstraint(fields=["file", "size", "page"], name="drawing_once_a_size"),
        ]
        indexes = [
            models.Index(
                fields=["asked_at"],
                condition=models.Q(state="waiting"),
                name="drawing_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file} {self.size} {self.page}"
