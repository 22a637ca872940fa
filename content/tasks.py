"""What the worker does for content: pictures drawn, tests sent."""

from typing import Any

from celery import shared_task

from content import sending
from content.media import making


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def draw(*, file: int, **_: Any) -> None:
    """Draw what waits of a stored file; safe to run twice."""
    making.draw_all(file_id=file)


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def send_test(*, test: int, **_: Any) -> None:
    """Send one test, unless that has happened; safe to run twice."""
    sending.send_test(pk=test)
