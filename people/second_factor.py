"""The second factor of people who have set one up, asked for before what cannot be taken back."""

import time
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from cjops.core.errors import Conflict, Invalid
from people import encryption
from people.models import Grant, User


@dataclass(frozen=True, slots=True)
class Ways:
    """How a person can show a second factor. Recovery codes alone are none."""

    app: bool
    passkeys: bool

    def __bool__(self) -> bool:
        return self.app or self.passkeys


def ways(user: User) -> Ways:
    """What the person has set up."""
    types = set(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    return Ways(Authenticator.Type.TOTP in types, Authenticator.Type.WEBAUTHN in types)


def is_set_up(user: User) -> bool:
    """Whether the person has an authenticator app or a passkey."""
    return bool(ways(user))


def required_of(person: Any) -> Q:
    """The condition that a person (a reference to one) holds a role that takes a second factor.

    By themselves or by a team. This is the one place that asks; what else gives roles goes here.
    """
    held = Q(user=person) | Q(team__memberships__user=person)
    grants = Grant.objects.filter(held, role__requires_second_factor=True)
    return Q(Exists(grants.in_force().order_by()))


def missing_for(person: Any) -> Q:
    """The same where nothing is set up: a column for the query that reads the person anyway."""
    factors = Authenticator.objects.filter(user=person).order_by()
    own = factors.exclude(type=Authenticator.Type.RECOVERY_CODES)
    return Q(required_of(person), ~Exists(own))


def is_required(user: User) -> bool:
    """Whether the person holds a role that takes a second factor."""
    return User.objects.filter(required_of(OuterRef("pk")), pk=user.pk).exists()


def take_off(*, user: User) -> None:
    """Without app, passkeys and recovery codes the password alone signs in again."""
    Authenticator.objects.filter(user=user).delete()


@transaction.atomic(savepoint=False)
def encrypt_all() -> int:
    """Put each second factor under the first key of the settings; how many were not."""
    rows = Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN).order_by("pk")
    changed = 0
    for row in rows.select_for_update(of=("self",), no_key=True):
        data = encryption.encrypted(row.data)
        if data != row.data:
            row.data = data
            row.save(update_fields=["data"])
            changed += 1
    return changed


def require(*, user: User, code: str, proved: bool = False) -> None:
    """Raise `Invalid` unless the code is right; whoever has no second factor needs none.

    A code of the authenticator app, or one of the recovery codes, which is used up by that. A
    passkey has no code: `proved` says that the person has just confirmed with one in this browser.
    """
    found = {one.type: one for one in Authenticator.objects.filter(user=user)}
    totp = found.get(Authenticator.Type.TOTP)
    has_passkey = Authenticator.Type.WEBAUTHN in found
    if (totp is None and not has_passkey) or (proved and has_passkey):
        return
    _take_try(user)
    if code and _is_right(code, totp, found.get(Authenticator.Type.RECOVERY_CODES)):
        cache.delete_many(_tries(user))
        return
    wanted = _("Enter the current code of your authenticator app.")
    if totp is None:
        wanted = _("Confirm with your passkey in the portal first, or enter a recovery code.")
    raise Invalid(
        _("This takes your second factor."), code="second_factor", errors={"code": [wanted]}
    )


# So many tries in so many seconds: nobody guesses a code of six digits by that.
MOST_TRIES, TRIES_FORGOTTEN = 5, 600


def _is_right(code: str, totp: Authenticator | None, recovery: Authenticator | None) -> bool:
    if totp is not None and TOTP(totp).validate_code(code):
        return True
    return recovery is not None and bool(RecoveryCodes(recovery).validate_code(code))


def _tries(user: User) -> list[str]:
    # Named after the time, so that none is used again when it has run out: that is not one step.
    period = int(time.time()) // TRIES_FORGOTTEN
    return [f"second-factor-try-{user.pk}-{period}-{number}" for number in range(MOST_TRIES)]


def _take_try(user: User) -> None:
    """Raise `Conflict` after too many tries."""
    # Not a counter: to add is one step in every cache, to count up is not, and tries at once would
    # count as one.
    if not any(cache.add(one, 1, TRIES_FORGOTTEN) for one in _tries(user)):
        raise Conflict(
            _("Too many codes were tried. Wait ten minutes, then try again."),
            code="too_many_tries",
        )
