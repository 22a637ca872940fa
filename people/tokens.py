"""API tokens: made, used and ended. Only a digest is kept, so that none can be read again.

Each function joins the caller's transaction where there is one.
"""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cjops.core import auditing
from cjops.core.errors import Forbidden, Invalid, NotFound
from cjops.core.scopes import Scope, every_scope
from people import events, notices
from people.models import ApiToken, User
from people.notices import NOWHERE, Where

# Lets a scanner of leaked secrets recognise one.
TOKEN_PREFIX = "cjops_"  # noqa: S105 - the same for all
# How exact "last used" is; each call would otherwise write a row.
USE_NOTED_EVERY = timedelta(minutes=1)


def longest() -> int:
    """So many days a token may live."""
    return int(settings.CJOPS["TOKEN_DAYS"])


def token_digest(token: str) -> str:
    """What is stored of a token: enough to recognise it, not to use it."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic(savepoint=True)
def issue_token(
    *,
    user: User,
    name: str = "",
    scopes: Iterable[str] | None = None,
    days: int | None = None,
    actor: User | None = None,
    where: Where = NOWHERE,
) -> str:
    """A new API token for that person; shown here and never again.

    `scopes` default to all, and reading is always among them; `days` to the longest a token lives.
    `actor` is who makes it, if not the person. Raises `Forbidden`, `Invalid`.
    """
    # As stored now: a token of somebody who was just switched off would come back with them.
    rows = User.objects.select_for_update(of=("self",), no_key=True).only("is_active")
    if rows.filter(pk=user.pk, is_active=True).first() is None:
        raise Forbidden(_("The account is not active."))
    # The name goes into the subject line of nothing, and into one line of a mail.
    name = " ".join(name.split())[:120]
    token = TOKEN_PREFIX + secrets.token_urlsafe(32)
    row = ApiToken.objects.create(
        user=user,
        name=name,
        digest=token_digest(token),
        scopes=_checked(scopes),
        expires_at=timezone.now() + timedelta(days=_days(days)),
    )
    told = {"person": user.pk, "scopes": row.scopes, "days": _days(days)}
    auditing.note(events.TOKEN_MADE, actor=actor or user, about=row, data=told)
    notices.tell(person=user, what="token_made", where=where, name=str(row))
    return token


def _checked(scopes: Iterable[str] | None) -> list[str]:
    """The scopes in their order, reading among them. Raises `Invalid` for one there is not."""
    wanted = set(every_scope() if scopes is None else scopes) | {Scope.READ.value}
    if unknown := wanted - set(Scope.values):
        sentence = _("There is no such scope: %(scopes)s.") % {
            "scopes": ", ".join(sorted(unknown)),
        }
        raise Invalid(sentence, errors={"scopes": [sentence]})
    return [scope for scope in Scope.values if scope in wanted]


def _days(days: int | None) -> int:
    """How long it lives. Raises `Invalid` where that is longer than the portal allows."""
    most = longest()
    if days is None:
        return most
    if not 1 <= days <= most:
        sentence = ngettext(
            "A token lives at least a day, and at most %(most)s.",
            "A token lives at least a day, and at most %(most)s days.",
            most,
        ) % {"most": most}
        raise Invalid(sentence, errors={"days": [sentence]})
    return days


@transaction.atomic(savepoint=True)
def end_token(*, token: int, owner: User | None, actor: User, where: Where = NOWHERE) -> None:
    """End a token at once: of `owner`, or of anybody where that is None.

    Raises `NotFound` for one that is not there, or somebody else's.
    """
    rows = ApiToken.objects.select_for_update(of=("self",), no_key=True).select_related("user")
    if owner is not None:
        rows = rows.filter(user=owner)
    row = rows.filter(pk=token).first()
    if row is None:
        raise NotFound(_("There is nothing at this address that you can see."))
    _end(row, actor, where)


def _end(row: ApiToken, actor: User | None, where: Where = NOWHERE) -> None:
    told = {"person": row.user_id}
    auditing.note(events.TOKEN_ENDED, actor=actor, about=row, data=told)
    notices.tell(person=row.user, what="token_ended", where=where, name=str(row))
    row.delete()


@transaction.atomic(savepoint=False)
def end_all_tokens(*, user: User, actor: User | None) -> int:
    """End each token of a person; how many that were. Nobody is mailed: the account ends."""
    rows = list(ApiToken.objects.select_for_update(of=("self",), no_key=True).filter(user=user))
    for row in rows:
        told = {"person": user.pk}
        auditing.note(events.TOKEN_ENDED, actor=actor, about=row, data=told)
        row.delete()
    return len(rows)


def note_use(token: ApiToken) -> None:
    """Remember that the token was used, at most once a minute."""
    now = timezone.now()
    if token.last_used_at is not None and token.last_used_at > now - USE_NOTED_EVERY:
        return
    stale = Q(last_used_at=None) | Q(last_used_at__lte=now - USE_NOTED_EVERY)
    ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=now)
