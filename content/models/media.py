"""Files that content shows, stored once for all."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from content.models.assets import Asset


class MediaFile(models.Model):
    """A stored file, once for all who uploaded it; which assets have it, `Picture` says."""

    sha256 = models.CharField(_("SHA-256"), max_length=64, unique=True)
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
