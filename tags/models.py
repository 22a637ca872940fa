"""Taxonomies as governed documents, and the concepts of their live version as rows."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase
from simple_history.models import HistoricalRecords

from cjops.core.models import KEY_LENGTH, DocumentVersion, GovernedSubject
from tags.visibility import TaxonomyQuerySet


class Taxonomy(GovernedSubject):
    """A vocabulary with a steward team; its concepts are what journeys are tagged with."""

    team = models.ForeignKey(
        "people.Team", models.PROTECT, related_name="taxonomies", verbose_name=_("steward team")
    )
    live_version = models.ForeignKey(
        "TaxonomyVersion",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("live version"),
    )
    history = HistoricalRecords(excluded_fields=["readers"])
    objects = TaxonomyQuerySet.as_manager()

    class Meta:
        verbose_name = _("taxonomy")
        verbose_name_plural = _("taxonomies")
        ordering = ("name",)
        permissions = [
            ("propose_taxonomy", _("Can propose a change of the taxonomy")),
            ("publish_taxonomy", _("Can publish changes of the taxonomy")),
            ("manage_taxonomy", _("Can reject changes of the taxonomy and answers for it")),
        ]
        indexes = [GinIndex(fields=["readers"], name="taxonomy_by_reader")]


class TaxonomyVersion(DocumentVersion):
    """One published document of a taxonomy."""

    subject = models.ForeignKey(
        Taxonomy, models.PROTECT, related_name="versions", verbose_name=_("taxonomy")
    )

    class Meta(DocumentVersion.Meta):
        verbose_name = _("version of a taxonomy")
        verbose_name_plural = _("versions of taxonomies")
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "number"], name="taxonomyversion_numbered_once"
            ),
        ]


class TaxonomyUserObjectPermission(UserObjectPermissionBase):
    """A right of one person on one taxonomy."""

    content_object = models.ForeignKey(Taxonomy, models.CASCADE)

    class Meta(UserObjectPermissionBase.Meta):
        abstract = False


class TaxonomyGroupObjectPermission(GroupObjectPermissionBase):
    """A right of one team on one taxonomy."""

    content_object = models.ForeignKey(Taxonomy, models.CASCADE)

    class Meta(GroupObjectPermissionBase.Meta):
        abstract = False


class Concept(models.Model):
    """A concept of a taxonomy's live version; written only by the projection."""

    taxonomy = models.ForeignKey(Taxonomy, models.CASCADE, related_name="concepts")
    key = models.CharField(max_length=KEY_LENGTH)
    label = models.CharField(max_length=200)
    broader = models.CharField(max_length=KEY_LENGTH, blank=True)
    status = models.CharField(max_length=12)
    rank = models.CharField(max_length=200, db_collation="C")
    history = HistoricalRecords()

    class Meta:
        ordering = ("rank", "key")
        constraints = [
            models.UniqueConstraint(fields=["taxonomy", "key"], name="concept_once_per_taxonomy"),
        ]

    def __str__(self) -> str:
        return self.label
