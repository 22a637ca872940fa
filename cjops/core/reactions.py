"""What happens elsewhere when something has changed: tasks by name, after the commit.

A lower app cannot import a higher one. It says what changed, `settings.REACTIONS` says which tasks
hear of it; nothing happens behind a `save()`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import transaction

_is_untold: ContextVar[bool] = ContextVar("is_untold", default=False)


@contextmanager
def untold() -> Iterator[None]:
    """No task hears of what happens in the block: whoever plays a whole history sees to the rest,
    instead of leaving hundreds of tasks that ask the same."""
    token = _is_untold.set(True)
    try:
        yield
    finally:
        _is_untold.reset(token)


def announce(event: str, **kwargs: Any) -> None:
    """Run the tasks that react to `event` once this transaction is committed.

    `robust`: with the broker away what happened has still happened, and the beat finds what there
    is to do.
    """
    for task in settings.REACTIONS.get(event, ()):
        send_after_commit(task, **kwargs)


def send_after_commit(task: str, **kwargs: Any) -> None:
    """Hand one task to the broker once this transaction is committed."""
    if _is_untold.get():
        return

    def queue() -> None:
        current_app.send_task(task, kwargs=kwargs, retry=False)

    transaction.on_commit(queue, robust=True)
