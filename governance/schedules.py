"""What the beat starts: publishing what is due, and finding mail that a broker lost."""

from datetime import timedelta
from typing import Any

import structlog
from celery import shared_task
from django.conf import settings
from django.utils import timezone

from governance import services, tasks
from governance.models import Change, Notification
from governance.transitions import State

log = structlog.get_logger(__name__)
MOST_ATTEMPTS = 12


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def publish_due(**_: Any) -> None:
    """Publish every scheduled change whose time has come; each in its own transaction."""
    due = Change.objects.filter(state=State.SCHEDULED, scheduled_for__lte=timezone.now())
    for number in list(due.order_by("scheduled_for", "pk").values_list("pk", flat=True)):
        services.publish_scheduled(number=number)


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def deliver_waiting(**_: Any) -> None:
    """Mail what should have gone out long ago: its task was lost, or the mail server was away."""
    now = timezone.now()
    late = now - timedelta(seconds=settings.CJOPS["MAIL_RETRY_AFTER"])
    waiting = Notification.objects.filter(
        mailed_at=None, created_at__lt=late, attempts__lt=MOST_ATTEMPTS
    ).order_by("pk")
    ids = [
        pk
        for pk, attempts, attempted_at in waiting.values_list("pk", "attempts", "attempted_at")[
            :500
        ]
        # A failed message waits longer each time: 1, 4, 9 ... minutes.
        if attempted_at is None or attempted_at < now - timedelta(minutes=attempts**2)
    ]
    if ids:
        log.info("mail_redelivered", count=len(ids))
        tasks.deliver(notifications=ids)
