"""Journeys, their immutable versions, and the live version as rows.

Stage, Step, Transition and the bindings are a projection: only `journeys.projection.project`
writes them, inside the publishing transaction, and they can be rebuilt from the versions.
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase
from simple_history.models import HistoricalRecords

from cjops.core.models import KEY_LENGTH, DocumentVersion, GovernedSubject
from journeys.visibility import JourneyQuerySet


class Importance(models.TextChoices):
    LOW = "low", _("Low")
    NORMAL = "normal", _("Normal")
    HIGH = "high", _("High")
    CRITICAL = "critical", _("Critical")


class Journey(GovernedSubject):
    """A customer journey. All but key, parent and restriction comes from the live version."""

    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("part of"),
    )
    live_version = models.ForeignKey(
        "JourneyVersion",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("live version"),
    )
    # Projected from the live document, so that lists never open one.
    purpose = models.TextField(_("purpose"), blank=True)
    market = models.CharField(_("market"), max_length=200, blank=True)
    product_line = models.CharField(_("product line"), max_length=200, blank=True)
    importance = models.CharField(
        _("importance"), max_length=10, choices=Importance.choices, default=Importance.NORMAL
    )
    personas = ArrayField(
        models.CharField(max_length=200), default=list, blank=True, verbose_name=_("personas")
    )
    channels = ArrayField(
        models.CharField(max_length=40), default=list, blank=True, verbose_name=_("channels")
    )
    step_count = models.PositiveIntegerField(_("steps"), default=0)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    history = HistoricalRecords(excluded_fields=["readers"])
    objects = JourneyQuerySet.as_manager()

    class Meta:
        verbose_name = _("journey")
        verbose_name_plural = _("journeys")
        ordering = ("name", "pk")
        permissions = [
            ("propose_journey", _("Can propose a change of the journey")),
            ("publish_journey", _("Can publish changes of the journey")),
            ("manage_journey", _("Can reject changes of the journey and answers for it")),
        ]
        indexes = [
            models.Index(fields=["name", "id"], name="journey_by_name"),
            models.Index(fields=["is_restricted", "name", "id"], name="journey_open_by_name"),
            GinIndex(fields=["readers"], name="journey_by_reader"),
            # What a grant on a market or a product line reaches.
            models.Index(fields=["market"], name="journey_by_market"),
            models.Index(fields=["product_line"], name="journey_by_product_line"),
        ]


class JourneyVersion(DocumentVersion):
    """One published document of a journey."""

    subject = models.ForeignKey(
        Journey, models.PROTECT, related_name="versions", verbose_name=_("journey")
    )

    class Meta(DocumentVersion.Meta):
        verbose_name = _("version of a journey")
        verbose_name_plural = _("versions of journeys")
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "number"], name="journeyversion_numbered_once"
            ),
        ]


class JourneyRole(models.Model):
    """A role that a person or a team holds on a journey, by whatever grants reach the whole of it.

    Derived from `people.Grant` by `journeys.permissions`: whom policies ask, and who is shown.
    """

    journey = models.ForeignKey(
        Journey, models.CASCADE, related_name="roles", verbose_name=_("journey")
    )
    role = models.ForeignKey(
        "people.Role", models.CASCADE, related_name="journey_roles", verbose_name=_("role")
    )
    user = models.ForeignKey(
        "people.User",
        models.CASCADE,
        null=True,
        related_name="journey_roles",
        verbose_name=_("person"),
    )
    team = models.ForeignKey(
        "people.Team",
        models.CASCADE,
        null=True,
        related_name="journey_roles",
        verbose_name=_("team"),
    )

    class Meta:
        verbose_name = _("role on a journey")
        verbose_name_plural = _("roles on journeys")
        constraints = [
            models.UniqueConstraint(
                fields=["journey", "role", "user", "team"],
                nulls_distinct=False,
                name="journeyrole_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} · {self.user or self.team}"


class JourneyUserObjectPermission(UserObjectPermissionBase):
    """A right of one person on one journey."""

    content_object = models.ForeignKey(Journey, models.CASCADE)

    class Meta(UserObjectPermissionBase.Meta):
        abstract = False


class JourneyGroupObjectPermission(GroupObjectPermissionBase):
    """A right of one team on one journey."""

    content_object = models.ForeignKey(Journey, models.CASCADE)

    class Meta(GroupObjectPermissionBase.Meta):
        abstract = False


class ProjectedElement(models.Model):
    """A row that stands for one element of the live document."""

    key = models.CharField(max_length=KEY_LENGTH)
    rank = models.CharField(max_length=200, db_collation="C")

    class Meta:
        abstract = True
        ordering = ("rank", "key")


class Stage(ProjectedElement):
    """A stage of the journey, from awareness to loyalty or as the journey defines them."""

    journey = models.ForeignKey(Journey, models.CASCADE, related_name="stages")
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    history = HistoricalRecords()

    class Meta(ProjectedElement.Meta):
        constraints = [
            models.UniqueConstraint(fields=["journey", "key"], name="stage_once_per_journey"),
        ]

    def __str__(self) -> str:
        return self.name


class StepKind(models.TextChoices):
    MESSAGE = "message", _("Message")
    WAIT = "wait", _("Wait")
    DECISION = "decision", _("Decision")
    ACTION = "action", _("Action")
    TOUCHPOINT = "touchpoint", _("Touchpoint")
    HAND_OFF = "hand_off", _("Hand-off")
    EXIT = "exit", _("Exit")


class Step(ProjectedElement):
    """One step a customer meets."""

    journey = models.ForeignKey(Journey, models.CASCADE, related_name="steps")
    stage = models.ForeignKey(Stage, models.CASCADE, related_name="steps")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=12, choices=StepKind.choices)
    channel = models.ForeignKey("people.Channel", models.PROTECT, null=True, related_name="steps")
    team = models.ForeignKey("people.Team", models.PROTECT, null=True, related_name="steps")
    purpose = models.TextField(blank=True)
    touchpoint = models.CharField(max_length=200, blank=True)
    frequency_class = models.CharField(max_length=20, blank=True)
    history = HistoricalRecords()

    class Meta(ProjectedElement.Meta):
        constraints = [
            models.UniqueConstraint(fields=["journey", "key"], name="step_once_per_journey"),
        ]
        permissions = [
            ("propose_step", _("Can propose a change of the step")),
            ("manage_step", _("Can halt the step")),
        ]

    def __str__(self) -> str:
        return self.name


class StepUserObjectPermission(UserObjectPermissionBase):
    """A right of one person on one live step."""

    content_object = models.ForeignKey(Step, models.CASCADE)

    class Meta(UserObjectPermissionBase.Meta):
        abstract = False


class StepGroupObjectPermission(GroupObjectPermissionBase):
    """A right of one team on one live step."""

    content_object = models.ForeignKey(Step, models.CASCADE)

    class Meta(GroupObjectPermissionBase.Meta):
        abstract = False


class Transition(ProjectedElement):
    """A way from one step to another."""

    journey = models.ForeignKey(Journey, models.CASCADE, related_name="transitions")
    source = models.ForeignKey(Step, models.CASCADE, related_name="outgoing")
    target = models.ForeignKey(Step, models.CASCADE, related_name="incoming")
    condition = models.TextField(blank=True)
    delay = models.CharField(max_length=40, blank=True)
    share = models.FloatField(null=True)
    history = HistoricalRecords()

    class Meta(ProjectedElement.Meta):
        constraints = [
            models.UniqueConstraint(fields=["journey", "key"], name="transition_once_per_journey"),
        ]

    def __str__(self) -> str:
        return f"{self.source} → {self.target}"


class SlotBinding(models.Model):
    """A content slot of a step and the asset version that fills it."""

    step = models.ForeignKey(Step, models.CASCADE, related_name="slots")
    slot = models.CharField(max_length=KEY_LENGTH)
    purpose = models.TextField(blank=True)
    asset = models.ForeignKey("content.Asset", models.PROTECT, null=True, related_name="bindings")
    version = models.PositiveIntegerField(null=True)
    # What it asks of content, as the document says it; {} while it asks nothing.
    needs = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))
    history = HistoricalRecords()

    class Meta:
        ordering = ("slot",)
        constraints = [
            models.UniqueConstraint(fields=["step", "slot"], name="slotbinding_once_per_step"),
        ]

    def __str__(self) -> str:
        return self.slot


class StepTag(models.Model):
    """A concept a step is tagged with."""

    step = models.ForeignKey(Step, models.CASCADE, related_name="tag_bindings")
    concept = models.ForeignKey("tags.Concept", models.PROTECT, related_name="step_bindings")
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["step", "concept"], name="steptag_once"),
        ]

    def __str__(self) -> str:
        return str(self.concept)


class JourneyTag(models.Model):
    """A concept a whole journey is tagged with."""

    journey = models.ForeignKey(Journey, models.CASCADE, related_name="tag_bindings")
    concept = models.ForeignKey("tags.Concept", models.PROTECT, related_name="journey_bindings")
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["journey", "concept"], name="journeytag_once"),
        ]

    def __str__(self) -> str:
        return str(self.concept)


class Tombstone(models.Model):
    """An element that was live once and is no more; its key names nothing else ever after."""

    journey = models.ForeignKey(Journey, models.CASCADE, related_name="tombstones")
    # The collection of the document, such as steps.
    element = models.CharField(max_length=40)
    key = models.CharField(max_length=KEY_LENGTH)
    # What it was called last; of a path, its two ends.
    name = models.CharField(max_length=420)
    # The number of the first version without it: the one before holds it as it was last.
    removed_in = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        ordering = ("-removed_in", "element", "key")
        constraints = [
            models.UniqueConstraint(
                fields=["journey", "element", "key"], name="tombstone_once_per_journey"
            ),
        ]

    def __str__(self) -> str:
        return self.name
