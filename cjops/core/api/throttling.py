"""How many calls a person may make a minute, counted over all web processes together."""

import threading
import time
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from rest_framework.request import Request
from rest_framework.settings import api_settings
from rest_framework.throttling import BaseThrottle

# A call costs nothing but every twenty-fifth, which tells the shared count of all of them.
SETTLE_EVERY = 25
MOST_KNOWN = 10_000


@dataclass(slots=True)
class _Count:
    window: int
    told: int = 0
    untold: int = 0


_counts: dict[str, _Count] = {}
_lock = threading.Lock()


class SharedRate(BaseThrottle):
    """Refuses a person's calls above the rate `user` of the settings, such as 1200/min.

    Each process counts by itself and settles with the cache now and then, so that the rate may be
    exceeded by at most `SETTLE_EVERY` calls for each process.
    """

    def __init__(self) -> None:
        self.limit, self.duration = parse_rate(str(api_settings.DEFAULT_THROTTLE_RATES["user"]))

    def allow_request(self, request: Request, view: Any) -> bool:
        """Count the call and say whether it is still within the rate."""
        window = int(time.time() // self.duration)
        name = f"api-calls:{request.user.pk}:{window}"
        with _lock:
            count = _counts.get(name)
            if count is None:
                forget_before(window)
                count = _counts[name] = _Count(window)
            if count.told + count.untold >= self.limit:
                return False
            count.untold += 1
            due, share = count.untold >= SETTLE_EVERY, count.untold
            if due:
                count.untold = 0
                count.told += share
        if due:
            # Outside the lock: other people's calls need not wait for the database.
            total = settle(name, share, self.duration)
            with _lock:
                count.told = max(count.told, total)
        return True

    def wait(self) -> float:
        """Seconds until the next window begins."""
        return self.duration - time.time() % self.duration


def parse_rate(rate: str) -> tuple[int, int]:
    """Calls and seconds of a rate such as 1200/min."""
    number, period = rate.split("/")
    return int(number), {"s": 1, "m": 60, "h": 3600, "d": 86400}[period[0]]


def settle(name: str, share: int, duration: int) -> int:
    """Add this process's share to the count of all; what that count now is."""
    cache.add(name, 0, timeout=2 * duration)
    try:
        return cache.incr(name, share)
    except ValueError:
        # Dropped between the two calls: the next settling starts anew.
        return share


def forget_before(window: int) -> None:
    """Drop the counts of windows that have passed, once there are many."""
    if len(_counts) >= MOST_KNOWN:
        for name in [name for name, count in _counts.items() if count.window < window]:
            del _counts[name]
