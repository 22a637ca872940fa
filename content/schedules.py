"""What the beat starts: drawings and tests that a lost task, or a server that was away, left."""

from datetime import timedelta
from typing import Any

import structlog
from celery import shared_task
from django.db.models import Q
from django.utils import timezone

from content import sending
from content.media import making
from content.models import Drawing, DrawingState, MediaFile, SentTest, SentTestState

log = structlog.get_logger(__name__)
# Whoever asked has queued a task of their own: this long it has.
PATIENCE = timedelta(seconds=60)
AT_ONCE = 200


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def mind_drawings(**_: Any) -> None:
    """Draw what still waits, and what was uploaded before anything was drawn."""
    before = timezone.now() - PATIENCE
    for file in MediaFile.objects.filter(drawings=None).order_by("pk")[:AT_ONCE]:
        try:
            making.ask_for(file=file)
        except Exception:
            log.exception("asking_to_draw_failed", file=file.pk)
    waiting = Drawing.objects.filter(state=DrawingState.WAITING, asked_at__lt=before)
    files = waiting.order_by("file").values_list("file", flat=True).distinct()[:AT_ONCE]
    for pk in list(files):
        try:
            making.draw_all(file_id=pk)
        except Exception:
            log.exception("drawing_failed_unexpectedly", file=pk)


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def send_waiting(**_: Any) -> None:
    """Send the tests that still wait."""
    before = timezone.now() - PATIENCE
    untried = Q(tried_at=None, asked_at__lt=before) | Q(tried_at__lt=before)
    waiting = SentTest.objects.filter(untried, state=SentTestState.QUEUED)
    for pk in list(waiting.order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        try:
            sending.send_test(pk=pk)
        except Exception:
            log.exception("test_failed_unexpectedly", test=pk)
            sending.count_failure(pk=pk)
