"""Who holds which role on what. All else about rights is derived from these rows."""

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from cjops.core.models import KEY_LENGTH
from cjops.core.visibility import GovernedQuerySet, sees_all
from people.models.accounts import Role, Team, User

if TYPE_CHECKING:
    from cjops.core.models import GovernedSubject


class Scope(models.TextChoices):
    """How far a grant reaches."""

    EVERYTHING = "everything", _("Everything")
    MARKET = "market", _("All journeys of a market")
    PRODUCT_LINE = "product_line", _("All journeys of a product line")
    FAMILY = "family", _("A journey and all that is part of it")
    JOURNEY = "journey", _("One journey")
    STEP = "step", _("One step")
    ASSET = "asset", _("One asset")
    TAXONOMY = "taxonomy", _("One taxonomy")


# Scopes that a row of their own, or several columns, say more of.
NAMES_PLACE = (Scope.MARKET, Scope.PRODUCT_LINE)
NAMES_JOURNEY = (Scope.FAMILY, Scope.JOURNEY, Scope.STEP)


def _said(**columns: bool) -> Q:
    """That just these of the columns that name what a grant is on are filled."""
    found = Q()
    for name in ("journey", "asset", "taxonomy"):
        found &= Q(**{f"{name}__isnull": not columns.get(name, False)})
    for name in ("place", "step"):
        empty = Q(**{name: ""})
        found &= ~empty if columns.get(name) else empty
    return found


class GrantQuerySet(models.QuerySet["Grant"]):
    """Grants, by what they are worth now."""

    def in_force(self) -> Self:
        """Those that have not come to their end."""
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=timezone.now()))

    def overdue(self) -> Self:
        """Those that have come to their end, and whose rights were not taken away yet."""
        return self.filter(ends_at__lte=timezone.now(), is_over=False)

    def visible_to(self, user: "User") -> Self:
        """Those that name no subject, or one that the person sees."""
        found = Q()
        for name in ("journey", "asset", "taxonomy"):
            related: Any = Grant._meta.get_field(name).related_model
            if not sees_all(user, related):
                seen = GovernedQuerySet.seen_by(user, f"{name}__")
                found &= Q(**{f"{name}__isnull": True}) | seen
        return self.filter(found)

    def held_by(self, user: "User") -> Self:
        """Those of a person and of their teams."""
        return self.filter(Q(user=user) | Q(team__memberships__user=user)).distinct()


class Grant(models.Model):
    """A role for one person or one team on what `scope` says, until it ends.

    Written by `people.granting` alone, which keeps what is derived from it in step.
    """

    role = models.ForeignKey(Role, models.PROTECT, related_name="grants", verbose_name=_("role"))
    user = models.ForeignKey(
        User,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="grants",
        verbose_name=_("person"),
    )
    team = models.ForeignKey(
        Team,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="grants",
        verbose_name=_("team"),
    )
    scope = models.CharField(_("on"), max_length=12, choices=Scope.choices)
    # The market or product line, as journeys have it.
    place = models.CharField(_("market or product line"), max_length=200, blank=True)
    journey = models.ForeignKey(
        "journeys.Journey",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="grants",
        verbose_name=_("journey"),
    )
    # The key of a step of `journey`, live or not.
    step = models.CharField(_("step"), max_length=KEY_LENGTH, blank=True)
    asset = models.ForeignKey(
        "content.Asset",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="grants",
        verbose_name=_("asset"),
    )
    taxonomy = models.ForeignKey(
        "tags.Taxonomy",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="grants",
        verbose_name=_("taxonomy"),
    )
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)
    # The end has come, and what it gave is gone.
    is_over = models.BooleanField(_("over"), default=False, editable=False)
    granted_at = models.DateTimeField(_("granted"), default=timezone.now, editable=False)
    history = HistoricalRecords()

    objects: ClassVar[models.Manager["Grant"]] = GrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("grant of a role")
        verbose_name_plural = _("grants of roles")
        ordering = ("-pk",)
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, team=None) | Q(user=None, team__isnull=False),
                name="grant_person_or_team",
            ),
            models.CheckConstraint(
                condition=Q(scope=Scope.EVERYTHING) & _said()
                | Q(scope__in=NAMES_PLACE) & _said(place=True)
                | Q(scope__in=(Scope.FAMILY, Scope.JOURNEY)) & _said(journey=True)
                | Q(scope=Scope.STEP) & _said(journey=True, step=True)
                | Q(scope=Scope.ASSET) & _said(asset=True)
                | Q(scope=Scope.TAXONOMY) & _said(taxonomy=True),
                name="grant_says_on_what",
            ),
            models.UniqueConstraint(
                fields=[
                    *("role", "user", "team", "scope", "place"),
                    *("journey", "step", "asset", "taxonomy"),
                ],
                nulls_distinct=False,
                name="grant_once",
            ),
        ]
        indexes = [
            models.Index(fields=["scope", "place"], name="grant_by_place"),
            models.Index(fields=["ends_at"], condition=Q(is_over=False), name="grant_by_end"),
        ]

    def __str__(self) -> str:
        return f"{self.role} · {self.holder}"

    @property
    def holder(self) -> User | Team:
        """Who holds it."""
        found = self.user or self.team
        if found is None:
            raise ValueError("The grant has no holder.")
        return found

    @property
    def subject(self) -> "GovernedSubject | None":
        """The one journey, asset or taxonomy that it names."""
        return self.journey or self.asset or self.taxonomy

    @property
    def reach(self) -> str:
        """What it is on, in words: a name where there is one."""
        named = str(self.subject or self.place or self.get_scope_display())
        return f"{named} · {self.step}" if self.step else named

    @property
    def is_in_force(self) -> bool:
        """Whether it gives its role now."""
        return not self.is_over and (self.ends_at is None or self.ends_at > timezone.now())
