"""Tasks of the platform itself."""

from celery import shared_task
from django.utils import timezone

from cjops.core.models import Heartbeat

WORKER = "worker"


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def heartbeat(**_: object) -> None:
    """Note that a worker takes tasks off the queue and can write; `/health/ready` looks at it."""
    Heartbeat.objects.update_or_create(name=WORKER, defaults={"seen_at": timezone.now()})
