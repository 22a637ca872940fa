"""Tasks of the platform itself."""

from celery import shared_task
from django.utils import timezone

from cjops.core.models import Heartbeat
from cjops.core.sealing.anchors import anchor
from cjops.core.sealing.log import seal

WORKER = "worker"
# A round takes a second or two; what is left is sealed by the next beat.
ROUNDS = 5


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def heartbeat(**_: object) -> None:
    """Note that a worker takes tasks off the queue and can write; `/health/ready` looks at it."""
    Heartbeat.objects.update_or_create(name=WORKER, defaults={"seen_at": timezone.now()})


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def seal_log(**_: object) -> None:
    """Seal what was recorded since the last round."""
    for _round in range(ROUNDS):
        if seal() is None:
            return


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def anchor_log(**_: object) -> None:
    """Keep the newest tree head where the settings say; what fails is said by the worker's log."""
    anchor()
