"""Assets: what customers receive, as governed documents with immutable versions."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Cast, Concat, Left
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase
from simple_history.models import HistoricalRecords

from cjops.core.models import DocumentVersion, GovernedSubject
from content.kinds import CHOICES
from content.visibility import AssetQuerySet


class AssetStatus(models.TextChoices):
    ACTIVE = "active", _("In use")
    RETIRED = "retired", _("Retired")


# So many letters of an asset's languages are counted: some fifty tags or more.
MOST_LANGUAGES = 2_000


class Asset(GovernedSubject):
    """A piece of content owned by a team; what is live is `live_version`."""

    kind = models.CharField(_("kind"), max_length=20, choices=CHOICES)
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
    # What it is counted by, all in one: an index of it counts without reading rows. The database
    # writes it; `content.finding.groups` reads it.
    facets = models.GeneratedField(
        expression=Concat(
            "kind",
            models.Value("|"),
            Cast("channel", models.TextField()),
            models.Value("|"),
            Cast("team", models.TextField()),
            models.Value("|"),
            "status",
            models.Value("|"),
            models.Case(
                models.When(live_version__isnull=False, then=models.Value("live")),
                default=models.Value("not-live"),
            ),
            models.Value("|"),
            # A row of an index has room for 2,700 bytes.
            Left(Cast("languages", models.TextField()), MOST_LANGUAGES),
            output_field=models.TextField(),
        ),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
    )
    history = HistoricalRecords(excluded_fields=["readers", "facets"])
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
            models.Index(fields=["is_restricted", "facets"], name="asset_open_by_facets"),
            # As search lists what it finds.
            models.Index(
                models.ExpressionWrapper(
                    models.Q(live_version__isnull=True), models.BooleanField()
                ),
                models.F("name"),
                models.F("id"),
                name="asset_live_first",
            ),
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
