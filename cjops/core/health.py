"""Whether this process lives, and whether the portal can do its work: for probes, in JSON."""

import functools
from collections.abc import Callable

import structlog
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AnonymousUser
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_prometheus.exports import ExportToDjangoView

from cjops.core.errors import Forbidden
from cjops.core.models import Heartbeat
from cjops.core.tasks import WORKER
from cjops.embedded import broker

logger = structlog.get_logger(__name__)


class NotReady(Exception):
    """One part is not ready; the message is a code for programs and shows nothing internal."""


@require_safe
@never_cache
def live(request: HttpRequest) -> JsonResponse:
    """200 as long as this process answers; asks nothing else."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """200 when every part works, else 503; says of each part `ok` or what is wrong with it."""
    parts = {name: _state(name, check) for name, check in CHECKS.items()}
    is_ready = set(parts.values()) == {"ok"}
    body = {"status": "ok" if is_ready else "unavailable", "parts": parts}
    return JsonResponse(body, status=200 if is_ready else 503)


@require_safe
@never_cache
@login_required
def metrics(request: HttpRequest) -> HttpResponse:
    """Counters for Prometheus; only for superusers, since they tell how the portal is used."""
    assert not isinstance(request.user, AnonymousUser)  # noqa: S101  (login_required)
    if not request.user.is_superuser:
        raise Forbidden(_("Only superusers read the metrics."))
    exported: HttpResponse = ExportToDjangoView(request)
    return exported


def _state(name: str, check: Callable[[], None]) -> str:
    try:
        check()
    except NotReady as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 - whatever a driver raises: the part does not work
        # Only here: the message may hold an address.
        logger.warning("part_not_ready", part=name, error=str(error))
        return "unreachable"
    return "ok"


def check_database() -> None:
    """Raise when the database does not answer."""
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute("SELECT 1")


def check_migrations() -> None:
    """Raise when migrations wait to be applied."""
    if not _all_applied():
        _all_applied.cache_clear()
        raise NotReady("pending")


@functools.cache
def _all_applied() -> bool:
    # Reads every migration file; what was applied stays so for the life of this process.
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def check_broker() -> None:
    """Raise when the broker cannot be reached."""
    broker.check(settings.CELERY_BROKER_URL)


def check_worker() -> None:
    """Raise when no worker has done a task of late."""
    seen_at = Heartbeat.objects.filter(name=WORKER).values_list("seen_at", flat=True).first()
    if seen_at is None:
        raise NotReady("never seen")
    if (timezone.now() - seen_at).total_seconds() > settings.CJOPS["HEARTBEAT_MAX_AGE"]:
        raise NotReady("not seen of late")


CHECKS: dict[str, Callable[[], None]] = {
    "database": check_database,
    "migrations": check_migrations,
    "broker": check_broker,
    "worker": check_worker,
}
