"""What the worker does about people."""

from celery import shared_task

from people import granting


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def end_grants(**_: object) -> None:
    """Take away what grants gave that have come to their end."""
    granting.end_due()
