"""Assets: what customers receive, as governed documents with immutable versions."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase
from simple_history.models import HistoricalRecords

from cjops.core.models import DocumentVersion, GovernedSubject
from content.visibility import AssetQuerySet


class AssetKind(models.TextChoices):
    EMAIL = "email", _("E-mail")
    SMS = "sms", _("SMS")
    PUSH = "push", _("Push message")


class AssetStatus(models.TextChoices):
    ACTIVE = "active", _("In use")
    RETIRED = "retired", _("Retired")


class Asset(GovernedSubject):
    """A piece of content owned by a team; what is live is `live_version`."""

    kind = models.CharField(_("kind"), max_length=10, choices=AssetKind.choices)
    channel = models.ForeignKey(
        "people.Channel", models.PROTECT, related_name="assets", verbose_name=_("channel")
    )
    team = models.ForeignKey(
        "people.Team", models.PROTECT, related_name="assets", verbose_name=_("owner team")
    )
    purpose = models.TextField(_("purpose"), blank=True)
    languages = models.JSONField(_("languages"), default=list)
    status = models.CharField(
        _("status"), max_length=10, choices=AssetStatus.choices, default=AssetStatus.ACTIVE
    )
    live_version = models.ForeignKey(
        "AssetVersion",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("live version"),
    )
    updated_at = models.DateTimeField(_("updated"), auto_now=True)
    history = HistoricalRecords(excluded_fields=["readers"])
    objects = AssetQuerySet.as_manager()

    class Meta:
        verbose_name = _("asset")
        verbose_name_plural = _("assets")
        ordering = ("name",)
        permissions = [
            ("propose_asset", _("Can propose a change of the asset")),
            ("publish_asset", _("Can publish changes of the asset")),
            ("manage_asset", _("Can reject changes of the asset and answers for it")),
        ]
        indexes = [
            models.Index(fields=["name", "id"], name="asset_by_name"),
            models.Index(fields=["is_restricted", "name", "id"], name="asset_open_by_name"),
            GinIndex(fields=["readers"], name="asset_by_reader"),
        ]


class AssetVersion(DocumentVersion):
    """One immutable document of an asset: written once, bound by steps, made live by governance."""

    subject = models.ForeignKey(
        Asset, models.PROTECT, related_name="versions", verbose_name=_("asset")
    )

    class Meta(DocumentVersion.Meta):
        verbose_name = _("version of an asset")
        verbose_name_plural = _("versions of assets")
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "number"], name="assetversion_numbered_once"
            ),
        ]


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


class AssetUserObjectPermission(UserObjectPermissionBase):
    """A right of one person on one asset."""

    content_object = models.ForeignKey(Asset, models.CASCADE)

    class Meta(UserObjectPermissionBase.Meta):
        abstract = False


class AssetGroupObjectPermission(GroupObjectPermissionBase):
    """A right of one team on one asset."""

    content_object = models.ForeignKey(Asset, models.CASCADE)

    class Meta(GroupObjectPermissionBase.Meta):
        abstract = False
