"""The ledger, the messages that follow from it, and requests that may come twice."""

import uuid
from functools import reduce
from operator import or_

from django.db import models
from django.utils.translation import gettext_lazy as _

from cjops.core.sealing.sources import Sealed
from governance.models.changes import AboutSubject, Change, SubjectKind, one_subject
from governance.transitions import Action, State
from governance.visibility import LedgerQuerySet

POLICY, DELEGATION = "policy", "delegation"
OTHERS = {POLICY: _("Policy"), DELEGATION: _("Delegation")}
# What entries are about: a governed subject, a policy or a delegation.
LEDGER_KINDS = [*SubjectKind.choices, *OTHERS.items()]


class LedgerEntry(AboutSubject, Sealed):
    """Who did what to which subject, from state to state, on which digest, and why.

    Append-only: the database refuses to alter or delete a row, and the log proves it. Written by
    `governance.services.recording.write_entry`.
    """

    kind = models.CharField(_("kind"), max_length=10, choices=LEDGER_KINDS)
    at = models.DateTimeField(_("when"))
    actor = models.ForeignKey(
        "people.User", models.PROTECT, null=True, related_name="+", verbose_name=_("who")
    )
    action = models.CharField(_("action"), max_length=20, choices=Action.choices)
    # None: what was done to a policy, or to what is live without a change.
    change = models.ForeignKey(
        Change, models.PROTECT, null=True, related_name="ledger", verbose_name=_("change")
    )
    policy = models.ForeignKey(
        "governance.Policy",
        models.PROTECT,
        null=True,
        related_name="ledger",
        verbose_name=_("policy"),
    )
    delegation = models.ForeignKey(
        "governance.Delegation",
        models.PROTECT,
        null=True,
        related_name="ledger",
        verbose_name=_("delegation"),
    )
    # Of the change, or the version of the policy.
    revision = models.PositiveIntegerField(_("revision"))
    from_state = models.CharField(_("from"), max_length=20, choices=State.choices, blank=True)
    to_state = models.CharField(_("to"), max_length=20, choices=State.choices, blank=True)
    digest = models.CharField(_("digest"), max_length=64)
    reason = models.TextField(_("reason"), blank=True)
    data = models.JSONField(_("details"), default=dict)
    request_id = models.CharField(_("request"), max_length=64, blank=True)

    objects = LedgerQuerySet.as_manager()

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger")
        ordering = ("-pk",)
        constraints = [one_subject("ledgerentry", others=OTHERS)]
        # The sealer asks for the rows of recent transactions.
        indexes = [
            models.Index(fields=["xid"], name="ledgerentry_by_xid"),
            models.Index(fields=["-at", "-id"], name="ledgerentry_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.get_action_display()} · {self.change_id}"

    @property
    def of_change(self) -> Change:
        """The change of an entry that is about one."""
        if self.change is None:
            raise ValueError("This entry is about no change.")
        return self.change


class NotificationKind(models.TextChoices):
    DECISION_WANTED = "decision_wanted", _("Your decision is wanted")
    CHANGES_REQUESTED = "changes_requested", _("Changes were requested")
    APPROVED = "approved", _("Your change was approved")
    PUBLISHED = "published", _("Your change was published")
    REJECTED = "rejected", _("Your change was rejected")
    COMMENTED = "commented", _("There is a new comment")
    READY = "ready", _("A change is ready to publish")
    FAILED = "failed", _("A scheduled change could not be published")
    LIVE_MOVED = "live_moved", _("Live has moved under your change")
    OUTDATED = "outdated", _("What you approved has changed")
    UNQUEUED = "unqueued", _("A change no longer waits for another")
    SUGGESTED = "suggested", _("Somebody suggests an edit")
    RETAKEN = "retaken", _("Who has to decide has changed")
    STUCK = "stuck", _("Nobody may decide")
    APPOINTED = "appointed", _("You were named to decide")
    REMINDER = "reminder", _("Your decision is still wanted")
    ESCALATED = "escalated", _("A decision is late")
    AFTER_REVIEW = "after_review", _("Published without approval: please look at it")
    HALTED = "halted", _("A journey was paused or stopped")
    POLICY_PROPOSED = "policy_proposed", _("A policy waits for a second person")
    DELEGATED = "delegated", _("You decide for somebody else")
    ENDING = "ending", _("Content runs out soon")
    ORIGIN_MOVED = "origin_moved", _("What your content was made from has changed")


class Notification(models.Model):
    """One message to one person: a row in the portal, and the outbox of its e-mail."""

    user = models.ForeignKey("people.User", models.CASCADE, related_name="notifications")
    # None: the entry is about no change.
    change = models.ForeignKey(Change, models.CASCADE, null=True, related_name="notifications")
    kind = models.CharField(max_length=20, choices=NotificationKind.choices)
    entry = models.ForeignKey(LedgerEntry, models.CASCADE, related_name="notifications")
    message_id = models.UUIDField(default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    attempted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["user", "entry", "kind", "change"], name="notification_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["created_at"],
                name="notification_to_mail",
                condition=models.Q(mailed_at__isnull=True),
            ),
            models.Index(
                fields=["user"],
                name="notification_unread",
                condition=models.Q(read_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


def _one_of(*names: str) -> models.Q:
    """That one of these members is there, and no other."""
    cases = [models.Q(**{f"{one}__isnull": one != name for one in names}) for name in names]
    return reduce(or_, cases)


class IdempotentRequest(models.Model):
    """An Idempotency-Key and what it led to: an entry of the ledger, an asset version, a campaign,
    or a comment that is kept back.

    So a repeat does nothing twice, for as long as the beat keeps it.
    """

    user = models.ForeignKey("people.User", models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    entry = models.ForeignKey(LedgerEntry, models.CASCADE, null=True, related_name="+")
    version = models.ForeignKey("content.AssetVersion", models.CASCADE, null=True, related_name="+")
    campaign = models.ForeignKey("governance.Campaign", models.CASCADE, null=True, related_name="+")
    # Whoever discards it has no need of the answer either.
    remark = models.ForeignKey("governance.Remark", models.CASCADE, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="idempotentrequest_once"),
            models.CheckConstraint(
                condition=_one_of("entry", "version", "campaign", "remark"),
                name="idempotentrequest_one_outcome",
            ),
        ]

    def __str__(self) -> str:
        return self.key
