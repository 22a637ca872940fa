"""Reactions queued by services."""

import smtplib
from typing import Any

import structlog
from celery import shared_task
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from governance.models import Notification
from governance.notifications import mail_for
from governance.subjects import subject_of
from governance.visibility import sees

log = structlog.get_logger(__name__)


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

    Raises `SMTPException` or `OSError` where the mail server refuses or is away.
    """
    notification = (
        Notification.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
        .select_related("user", "entry__actor", "change__author")
        .select_related("change__journey", "change__asset", "change__taxonomy")
        .filter(pk=pk, mailed_at=None)
        .first()
    )
    if notification is None:
        return False
    # Rights may have changed since it was queued.
    if notification.user.is_active and sees(notification.user, subject_of(notification.change)):
        mail_for(notification).send()
    notification.mailed_at = timezone.now()
    notification.save(update_fields=["mailed_at"])
    return True
