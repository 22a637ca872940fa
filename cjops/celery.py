"""The Celery application: workers and beat start here.

What a task may rely on: it runs at least once (acknowledged after the work, and handed out again
when its worker is lost), so it must be able to run twice.
"""

import os
from typing import Any

import celery
from celery.contrib.django.task import DjangoTask
from celery.exceptions import Reject
from celery.signals import setup_logging, worker_ready
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django_structlog.celery.steps import DjangoStructLogInitStep

from cjops.embedded import broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cjops.settings")


class Task(DjangoTask):  # type: ignore[misc]  # Celery is not typed
    """A task that goes back to the queue when the database goes away under it.

    Any other exception ends the task; without this, a restart of the database would lose the tasks
    that ran at that moment.
    """

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run; in a worker, a lost database means "later"."""
        try:
            return super().__call__(*args, **kwargs)
        except (OperationalError, InterfaceError) as error:
            if self.request.called_directly or self.request.is_eager:
                raise
            raise Reject(error, requeue=True) from error


app = celery.Celery("cjops", task_cls=Task)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    # Over PostgreSQL each remote-control queue would be one more to poll.
    worker_enable_remote_control=not broker.is_database(settings.CELERY_BROKER_URL),
    broker_connection_max_retries=None,
    worker_cancel_long_running_tasks_on_connection_loss=False,
    # A child that grew is replaced between two tasks.
    worker_max_tasks_per_child=1000,
)
app.autodiscover_tasks()
app.autodiscover_tasks(related_name="schedules")
# Binds the id of the request that queued a task to the log lines of the task.
app.steps["worker"].add(DjangoStructLogInitStep)


@setup_logging.connect  # type: ignore[untyped-decorator]
def keep_logging(**_: Any) -> None:
    """Leave the logs as Django's settings made them; Celery would otherwise replace them."""


@worker_ready.connect  # type: ignore[untyped-decorator]
def report_at_once(**_: Any) -> None:
    """Show up in the ready check by a task that took the whole way, not only when beat says so."""
    app.send_task("cjops.core.tasks.heartbeat", expires=60)
