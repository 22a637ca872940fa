"""A Celery application whose tasks write a row each: what the kill test counts."""

import os
import time

import psycopg
from celery import Celery
from celery.exceptions import Reject

from cjops.embedded import broker

DATABASE_URL = os.environ["KILL_TEST_DATABASE_URL"]

app = Celery("kill_app", broker=broker.url(DATABASE_URL))
app.conf.update(
    broker_transport_options={**broker.options(app.conf.broker_url), "visibility_timeout": 2},
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    worker_cancel_long_running_tasks_on_connection_loss=False,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    task_ignore_result=True,
    worker_enable_remote_control=False,
)


@app.task(name="note")
def note(*, number: int, seconds: float = 0.02) -> None:
    time.sleep(seconds)
    try:
        with psycopg.connect(DATABASE_URL, connect_timeout=3) as connection:
            connection.execute("INSERT INTO done (number, at) VALUES (%s, now())", [number])
    except psycopg.OperationalError as error:
        # As the portal's own tasks do when the database is away.
        raise Reject(error, requeue=True) from error
