"""What may go after a while: conveniences and copies, never what is decided or proves it."""

from datetime import datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import models, transaction
from django.utils import timezone

from content.models import Draft
from governance.models import Notification
from journeys.models import Stage, Step, Transition
from tags.models import Concept

log = structlog.get_logger(__name__)
# Of each kind and round: the beat comes again tomorrow.
AT_ONCE = 20_000


def rules() -> dict[str, tuple[int, models.QuerySet[Any], str]]:
    """By name: for how many days it is kept (0: for ever), of which rows, by which column.

    The rows of steps and concepts are written anew from each version, and the versions stay; the
    history of what people edit by hand is never in here, and nor is what the log proves.
    """
    kept: dict[str, int] = settings.RETENTION_DAYS
    found: dict[str, tuple[int, models.QuerySet[Any], str]] = {
        "notifications": (
            kept["notifications"],
            Notification.objects.filter(mailed_at__isnull=False, read_at__isnull=False),
            "created_at",
        ),
        # Days after they ended.
        "sessions": (kept["sessions"], Session.objects.all(), "expire_date"),
        "drafts": (kept["drafts"], Draft.objects.all(), "saved_at"),
    }
    for model in (Stage, Step, Transition, Concept):
        history: Any = model.history
        name = f"history of {model._meta.label_lower}"
        found[name] = (kept["history"], history.all(), "history_date")
    return found


def forget(*, now: datetime | None = None) -> dict[str, int]:
    """Delete what is older than its rule says; how many of what."""
    now = now or timezone.now()
    gone = {}
    for name, (days, rows, column) in rules().items():
        if days and (count := _delete(rows, column, now - timedelta(days=days))):
            gone[name] = count
    if gone:
        log.info("forgotten", **{name.replace(" ", "_"): count for name, count in gone.items()})
    return gone


@transaction.atomic(durable=True)
def _delete(rows: models.QuerySet[Any], column: str, before: datetime) -> int:
    old = rows.filter(**{f"{column}__lt": before}).order_by(column)
    keys = list(old.values_list("pk", flat=True)[:AT_ONCE])
    count, _by_model = rows.model._default_manager.filter(pk__in=keys).delete()
    return int(count)
