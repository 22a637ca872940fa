"""What every task can rely on."""

import pytest
import structlog
from celery.exceptions import Reject
from celery.signals import before_task_publish
from django.db import OperationalError
from django_celery_beat.schedulers import ModelEntry
from django_structlog.celery.steps import DjangoStructLogInitStep

from cjops.celery import Task, app
from cjops.core.models import Heartbeat
from cjops.core.reactions import announce, untold
from cjops.core.tasks import heartbeat


def test_request_id_travels_with_the_task(settings):
    headers: dict[str, object] = {}
    with structlog.contextvars.bound_contextvars(request_id="r-1"):
        before_task_publish.send(sender="any", headers=headers, body={}, properties={})
    assert headers["__django_structlog__"]["request_id"] == "r-1"
    assert DjangoStructLogInitStep in app.steps["worker"]


@pytest.mark.django_db
def test_heartbeat_leaves_one_row_however_often_it_runs():
    heartbeat()
    heartbeat(argument_of_a_newer_version=1)
    assert Heartbeat.objects.count() == 1


@pytest.mark.django_db
def test_what_beat_queues_expires_so_that_no_backlog_piles_up(settings):
    for name, entry in settings.CELERY_BEAT_SCHEDULE.items():
        stored = ModelEntry.from_entry(name, app=app, **entry)
        every = stored.schedule.seconds
        assert every < stored.options["expires"] <= max(300, 2 * every)


@pytest.mark.parametrize(("in_worker", "raised"), [(True, Reject), (False, OperationalError)])
def test_task_goes_back_to_the_queue_when_the_database_goes_away(in_worker: bool, raised: type):
    @app.task(base=Task, name="tests.lost_database", shared=False)
    def lost() -> None:
        raise OperationalError("server closed the connection")

    lost.push_request(called_directly=not in_worker, is_eager=False)
    try:
        with pytest.raises(raised):
            lost()
    finally:
        lost.pop_request()
        app.tasks.unregister("tests.lost_database")


@pytest.mark.django_db
def test_nobody_hears_of_a_history_that_is_played(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as heard:
        with untold():
            announce("places", people=[1])
        announce("places", people=[2])
    assert len(heard) == 1
