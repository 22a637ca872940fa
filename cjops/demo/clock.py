"""A clock that can be set: history has to carry the times at which it is said to have happened."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta

from django.utils import timezone

# Past days are squeezed into office hours (UTC), so that nobody approves at three in the morning.
OPENS, CLOSES = time(7, 30), time(17, 30)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Within the block `django.utils.timezone.now()` is `moment`, for this whole process.

    Services, models and the history all ask that one function, so whatever they write carries the
    time. Only for a process that does nothing else meanwhile, such as a management command.
    """
    real = timezone.now
    timezone.now = lambda: moment
    try:
        yield
    finally:
        timezone.now = real


def days_before(now: datetime, days: float) -> datetime:
    """The moment `days` before `now`; on past days within office hours. Keeps the order."""
    moment = (now - timedelta(days=days)).astimezone(UTC)
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    if midnight.date() >= now.astimezone(UTC).date():
        return moment
    share = (moment - midnight) / timedelta(days=1)
    opens = midnight + timedelta(hours=OPENS.hour, minutes=OPENS.minute)
    closes = midnight + timedelta(hours=CLOSES.hour, minutes=CLOSES.minute)
    return opens + share * (closes - opens)
