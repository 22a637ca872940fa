"""Reactions queued by services, and mails that the beat asks for."""

import smtplib
from datetime import datetime
from typing import Any

import structlog
from celery import shared_task
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from governance import queries
from governance.models import Notification, NotificationKind
from governance.notifications import digest_for, mail_for
from people.calendars import zone
from people.models import Mails, User

log = structlog.get_logger(__name__)
# By the clock of its reader.
DIGEST_FROM_HOUR = 8
# A digest names so many of each; the rest is in the inbox.
DIGEST_LINES = 50
# Whose messages wait for the digest.
IN_DIGEST = Q(user__mails=Mails.DAILY, user__is_active=True)


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def deliver(*, notifications: list[int], **_: Any) -> None:
    """Mail each of these notifications unless that has happened; safe to run twice."""
    for pk in notifications:
        try:
            deliver_one(pk)
        except Exception as error:
            # The row stays in the outbox and is tried again; the others must not wait for it.
            expected = isinstance(error, (smtplib.SMTPException, OSError))
            log.warning("mail_failed", notification=pk, reason=str(error), exc_info=not expected)
            Notification.objects.filter(pk=pk).update(
                attempts=F("attempts") + 1, attempted_at=timezone.now()
            )


@transaction.atomic(durable=True)
def deliver_one(pk: int) -> bool:
    """Send one notification's mail under its row lock; False where another worker has or had it.

    What waits for a digest is left alone. Raises `SMTPException` or `OSError` where the mail
    server refuses or is away.
    """
    notification = (
        Notification.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
        .select_related("user", "entry__actor", "change__author")
        .select_related("change__journey", "change__asset", "change__taxonomy")
        .select_related("entry__journey", "entry__asset", "entry__taxonomy")
        .filter(~IN_DIGEST, pk=pk, mailed_at=None)
        .first()
    )
    if notification is None:
        return False
    # Rights may have changed since it was queued.
    if queries.may_read(notification):
        mail_for(notification).send()
    notification.mailed_at = timezone.now()
    notification.save(update_fields=["mailed_at"])
    return True


def digest_is_due(user: User, now: datetime) -> bool:
    """Whether it is late enough where the person is, and they had none today."""
    local = now.astimezone(zone(user.time_zone))
    sent = user.digest_sent_on
    return local.hour >= DIGEST_FROM_HOUR and (sent is None or sent < local.date())


@transaction.atomic(durable=True)
def send_digest(pk: int) -> bool:
    """Send a person's digest under their row lock; False where there is none to send.

    A day on which nothing waits is done without a mail. Raises `SMTPException` or `OSError` where
    the mail server refuses or is away: then nothing has happened.
    """
    user = (
        User.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
        .filter(pk=pk, is_active=True, mails=Mails.DAILY)
        .first()
    )
    now = timezone.now()
    if user is None or not digest_is_due(user, now):
        return False
    unmailed = Notification.objects.filter(user=user, mailed_at=None)
    ids = list(unmailed.values_list("pk", flat=True))
    waiting = list(queries.waiting_for(user)[: DIGEST_LINES + 1])
    # A decision that is wanted stands among what waits, or is not wanted any more.
    news = queries.unread(user).filter(pk__in=ids).exclude(kind=NotificationKind.DECISION_WANTED)
    found = list(news[: DIGEST_LINES + 1])
    day = now.astimezone(zone(user.time_zone)).date()
    if waiting or found:
        digest_for(user, day, waiting, found, DIGEST_LINES).send()
    Notification.objects.filter(pk__in=ids).update(mailed_at=now)
    user.digest_sent_on = day
    # Nothing that anybody changed.
    user.skip_history_when_saving = True  # type: ignore[attr-defined]
    user.save(update_fields=["digest_sent_on"])
    return bool(waiting or found)
