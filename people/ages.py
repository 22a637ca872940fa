"""How long a session lasts: so long after signing in, and so long without being used.

Both stand in the session itself, which every request reads anyhow: no query for them.
"""

import time
from collections.abc import MutableMapping
from enum import StrEnum
from typing import Any

from django.conf import settings

BEGAN, USED = "began", "used"
# How exact "used" is: no session is written on every request.
EXACT = 300


class Why(StrEnum):
    """Why a session ends by itself."""

    AGE = "age"
    IDLE = "idle"


Session = MutableMapping[str, Any]


def begin(session: Session) -> None:
    """Count from now: its person has just signed in."""
    session[BEGAN] = session[USED] = int(time.time())


def ended(session: Session) -> Why | None:
    """Why the session is over; None while it lasts, and for one that does not count yet."""
    if BEGAN not in session:
        return None
    now = time.time()
    if now - session[BEGAN] >= settings.SESSION_COOKIE_AGE:
        return Why.AGE
    if now - session[USED] >= settings.SESSION_IDLE_SECONDS:
        return Why.IDLE
    return None


def use(session: Session) -> None:
    """Write down that it is used, now and then."""
    now = int(time.time())
    if now - session.get(USED, now) >= min(EXACT, settings.SESSION_IDLE_SECONDS // 4):
        session[USED] = now
