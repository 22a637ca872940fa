"""When things may go live and who stands in for whom: freezes, stops, delegations, pick-ups."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from cjops.core.moments import EARLIEST, LATEST
from governance.models.changes import Change
from people.models import Named


class FreezeWindow(Named):
    """A time in which nothing is published: anywhere, in a market, on a channel or one journey."""

    class Scheduled(models.TextChoices):
        WAITS = "waits", _("waits until the freeze is over")
        REFUSED = "refused", _("is taken off the calendar")

    key = models.SlugField(_("key"), max_length=60, unique=True)
    reason = models.TextField(_("reason"), blank=True)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    market = models.CharField(_("market"), max_length=200, blank=True)
    channel = models.ForeignKey(
        "people.Channel",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("channel"),
    )
    journey = models.ForeignKey(
        "journeys.Journey",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("journey"),
    )
    scheduled = models.CharField(
        _("a scheduled change"), max_length=8, choices=Scheduled.choices, default=Scheduled.WAITS
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("freeze window")
        verbose_name_plural = _("freeze windows")
        ordering = ("starts_at",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")),
                name="freezewindow_ends_after_start",
            ),
            models.CheckConstraint(
                condition=models.Q(market="", channel=None)
                | models.Q(market="", journey=None)
                | models.Q(channel=None, journey=None),
                name="freezewindow_one_scope",
            ),
            models.CheckConstraint(
                condition=models.Q(starts_at__gte=EARLIEST, ends_at__lt=LATEST),
                name="freezewindow_in_range",
            ),
        ]


class Halt(models.Model):
    """A live journey, or one step of it, that is paused or stopped."""

    class Kind(models.TextChoices):
        # Nobody goes on; everybody stays where they are.
        PAUSE = "pause", _("Paused")
        # Nobody goes on, and whoever is inside leaves.
        STOP = "stop", _("Stopped")

    journey = models.ForeignKey("journeys.Journey", models.CASCADE, related_name="halts")
    # The key of the step; empty for the whole journey.
    step = models.CharField(_("step"), max_length=80, blank=True)
    kind = models.CharField(_("kind"), max_length=5, choices=Kind.choices)
    reason = models.TextField(_("reason"), blank=True)
    by = models.ForeignKey(
        "people.User", models.PROTECT, related_name="+", verbose_name=_("halted by")
    )
    at = models.DateTimeField(_("since"))
    ended_by = models.ForeignKey("people.User", models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(_("until"), null=True)

    class Meta:
        verbose_name = _("halt")
        verbose_name_plural = _("halts")
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["journey", "step"],
                condition=models.Q(ended_at=None),
                name="halt_one_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class Delegation(models.Model):
    """Somebody decides for somebody else for a time; found when it is asked for, by no job."""

    giver = models.ForeignKey(
        "people.User", models.CASCADE, related_name="delegations_given", verbose_name=_("for")
    )
    taker = models.ForeignKey(
        "people.User",
        models.CASCADE,
        related_name="delegations_taken",
        verbose_name=_("who decides"),
    )
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    # At most one; none: whatever the giver may decide.
    channel = models.ForeignKey(
        "people.Channel", models.CASCADE, null=True, blank=True, related_name="+"
    )
    team = models.ForeignKey("people.Team", models.CASCADE, null=True, blank=True, related_name="+")
    journey = models.ForeignKey(
        "journeys.Journey", models.CASCADE, null=True, blank=True, related_name="+"
    )
    reason = models.TextField(_("reason"), blank=True)
    created_by = models.ForeignKey("people.User", models.PROTECT, related_name="+")
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("delegation")
        verbose_name_plural = _("delegations")
        ordering = ("-starts_at",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")),
                name="delegation_ends_after_start",
            ),
            models.CheckConstraint(
                condition=~models.Q(giver=models.F("taker")), name="delegation_to_another"
            ),
            models.CheckConstraint(
                condition=models.Q(channel=None, team=None)
                | models.Q(channel=None, journey=None)
                | models.Q(team=None, journey=None),
                name="delegation_one_scope",
            ),
            models.CheckConstraint(
                condition=models.Q(starts_at__gte=EARLIEST, ends_at__lt=LATEST),
                name="delegation_in_range",
            ),
        ]
        indexes = [
            models.Index(fields=["taker", "ends_at"], name="delegation_by_taker"),
            models.Index(fields=["giver", "ends_at"], name="delegation_by_giver"),
        ]

    def __str__(self) -> str:
        return f"{self.giver} → {self.taker}"


class PickUp(models.Model):
    """ "I am looking at it": told to the others until it runs out; it decides nothing."""

    change = models.ForeignKey(Change, models.CASCADE, related_name="pick_ups")
    user = models.ForeignKey("people.User", models.CASCADE, related_name="+")
    until = models.DateTimeField(_("until"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["change", "user"], name="pickup_once")]

    def __str__(self) -> str:
        return f"{self.change_id} · {self.user}"
