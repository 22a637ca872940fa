"""What the beat starts: publishing what is due, finding mail that a broker lost, and cleaning."""

from datetime import timedelta
from typing import Any

import structlog
from celery import shared_task
from django.conf import settings
from django.db.models import F
from django.utils import timezone

from governance import services, tasks
from governance.models import Change, IdempotentRequest, Notification
from governance.transitions import State

log = structlog.get_logger(__name__)
MOST_ATTEMPTS = 12
# A client that repeats a call does so within minutes; a form may stay open over a weekend.
REQUESTS_KEPT = timedelta(days=4)
FORGOTTEN_AT_ONCE = 10_000


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def publish_due(**_: Any) -> None:
    """Publish every scheduled change whose time has come; each in its own transaction."""
    due = Change.objects.filter(state=State.SCHEDULED, scheduled_for__lte=timezone.now())
    for number in list(due.order_by("scheduled_for", "pk").values_list("pk", flat=True)):
        try:
            services.publish_scheduled(number=number)
        except Exception:
            # One that breaks must not hold up the others; it is tried again on the next round.
            log.exception("publish_failed", change=number)


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def deliver_waiting(**_: Any) -> None:
    """Mail what should have gone out long ago: its task was lost, or the mail server was away."""
    now = timezone.now()
    late = now - timedelta(seconds=settings.CJOPS["MAIL_RETRY_AFTER"])
    waiting = Notification.objects.filter(
        mailed_at=None, created_at__lt=late, attempts__lt=MOST_ATTEMPTS
    ).order_by(F("attempted_at").asc(nulls_first=True), "pk")
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


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def forget_requests(**_: Any) -> None:
    """Delete what was kept of calls and forms so old that nobody repeats them."""
    old = IdempotentRequest.objects.filter(created_at__lt=timezone.now() - REQUESTS_KEPT)
    ids = list(old.order_by("created_at").values_list("pk", flat=True)[:FORGOTTEN_AT_ONCE])
    count, _by_model = IdempotentRequest.objects.filter(pk__in=ids).delete()
    if count:
        log.info("requests_forgotten", count=count)
