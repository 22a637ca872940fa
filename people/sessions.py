"""Where people are signed in: seen, and ended.

Rows are allauth's; it would write one on every request, we write when something happens and every
few minutes. Each function joins the caller's transaction where there is one.
"""

import time
from importlib import import_module
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cjops.core import auditing
from cjops.core.errors import NotFound
from people import events
from people.ages import Why
from people.models import User
from people.notices import Where

# How exact "last seen" is, and of how many sessions a process remembers when it wrote that.
SEEN_EVERY = 300.0
MOST_REMEMBERED = 20_000
_seen: dict[str, float] = {}


@transaction.atomic(savepoint=False)
def begin(*, user: User, key: str, where: Where) -> None:
    """Remember that the person is signed in with the session of that key: one query."""
    row = UserSession(session_key=key, user=user, ip=where.ip, user_agent=where.agent)
    UserSession.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["session_key"],
        update_fields=["user", "ip", "user_agent", "last_seen_at"],
    )


@transaction.atomic(savepoint=False)
def forget(*, key: str) -> None:
    """Its person signed out themselves."""
    UserSession.objects.filter(session_key=key).delete()


@transaction.atomic(savepoint=False)
def run_out(*, user: User, key: str, why: Why) -> None:
    """It has come to its end by itself."""
    forget(key=key)
    data = {"count": 1, "why": why.value}
    auditing.note(events.SESSION_ENDED, actor=None, about=user, data=data)


def is_due(key: str) -> bool:
    """Whether it is time to write down that the session was seen.

    Each process counts for itself, from when it first saw the session: no query for that.
    """
    now = time.monotonic()
    if len(_seen) >= MOST_REMEMBERED:
        _seen.clear()
    if now - _seen.setdefault(key, now) < SEEN_EVERY:
        return False
    _seen[key] = now
    return True


def sessions_of(user: User) -> list[UserSession]:
    """Where the person is signed in, last seen first; what has run out is forgotten."""
    rows = UserSession.objects.filter(user=user)
    alive = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    rows.exclude(session_key__in=alive).delete()
    return list(rows.order_by("-last_seen_at"))


@transaction.atomic(savepoint=True)
def end_session(*, user: User, session: int, actor: User) -> None:
    """End one sign-in of the person. Raises `NotFound` for one that is not there."""
    row = UserSession.objects.filter(user=user, pk=session).first()
    if row is None:
        raise NotFound(_("There is nothing at this address that you can see."))
    _end([row], user, actor)


@transaction.atomic(savepoint=False)
def end_sessions(*, user: User, actor: User | None, but: str | None = None) -> int:
    """End all sign-ins of the person but the one of that key; how many that were."""
    rows = list(UserSession.objects.filter(user=user).exclude(session_key=but or ""))
    _end(rows, user, actor)
    return len(rows)


def _end(rows: list[UserSession], user: User, actor: User | None) -> None:
    if not rows:
        return
    store: Any = import_module(settings.SESSION_ENGINE).SessionStore()
    for row in rows:
        store.delete(row.session_key)
        row.delete()
    auditing.note(events.SESSION_ENDED, actor=actor, about=user, data={"count": len(rows)})
