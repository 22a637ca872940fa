"""What is written down of signing in, and what follows when a password or a factor changes."""

from dataclasses import dataclass

from django.db import transaction

from cjops.core import auditing
from people import events, notices, sessions
from people.models import User
from people.notices import NOWHERE, Where


@dataclass(frozen=True, slots=True)
class Change:
    """The action in the log, the mail, and what kind of second factor it was."""

    action: str
    notice: str
    type: str = ""


PASSWORD_CHANGED = Change(events.PASSWORD_CHANGED, "password_changed")
PASSWORD_RESET = Change(events.PASSWORD_RESET, "password_reset")
APP_ADDED = Change(events.FACTOR_ADDED, "app_added", "totp")
APP_REMOVED = Change(events.FACTOR_REMOVED, "app_removed", "totp")
PASSKEY_ADDED = Change(events.FACTOR_ADDED, "passkey_added", "webauthn")
PASSKEY_REMOVED = Change(events.FACTOR_REMOVED, "passkey_removed", "webauthn")
CODES_MADE = Change(events.FACTOR_ADDED, "codes_made", "recovery_codes")
ADDRESS_CHANGED = Change(events.ADDRESS_CHANGED, "address_changed")
TAKEN_OFF = Change(events.FACTOR_REMOVED, "taken_off", "all")


@transaction.atomic(savepoint=False)
def signed_in(*, user: User, key: str, where: Where, methods: list[str]) -> None:
    """Write down that the person signed in, and how; list the session of that key."""
    auditing.note(events.SIGNED_IN, actor=user, about=user, data={"methods": methods})
    sessions.begin(user=user, key=key, where=where)


@transaction.atomic(savepoint=False)
def sign_in_failed(*, email: str, method: str, user: User | None = None) -> None:
    """Write down that somebody failed: with whose account if it is one, never with what address."""
    person = user or User.objects.filter(email=email.strip().lower()).first()
    auditing.note(events.SIGN_IN_FAILED, actor=None, about=person, data={"method": method})


@transaction.atomic(savepoint=False)
def signed_out(*, user: User, key: str) -> None:
    """Write down that the person left, and forget the session of that key."""
    auditing.note(events.SIGNED_OUT, actor=user, about=user)
    sessions.forget(key=key)


@transaction.atomic(savepoint=False)
def changed(
    *,
    user: User,
    what: Change,
    actor: User | None,
    where: Where = NOWHERE,
    keep: str | None = None,
) -> None:
    """Write it down, mail the person and end their sign-ins but the one of the key `keep`."""
    data = {"type": what.type} if what.type else {}
    auditing.note(what.action, actor=actor, about=user, data=data)
    notices.tell(person=user, what=what.notice, where=where)
    sessions.end_sessions(user=user, actor=actor, but=keep)
    if keep is not None:
        # With a new password the session has a new key.
        sessions.begin(user=user, key=keep, where=where)
