"""When somebody leaves: signed out everywhere, programs stopped, and what they owned handed over.

What higher apps know of a person they tell through `HOLDINGS`, and hand over when they hear of
`left` (see `cjops.core.reactions`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from cjops.core import auditing
from cjops.core.errors import Conflict, Invalid, NotFound
from cjops.core.models import AuditEntry
from cjops.core.reactions import announce
from people import events, sessions, tokens
from people.models import ApiToken, User


@dataclass(frozen=True, slots=True)
class Holding:
    """Something a person has: what it is, how many, some names, and what becomes of it."""

    label: str
    count: int
    becomes: str
    names: tuple[str, ...] = ()


# Asked of a person, for a reader: names only of what that one sees.
HOLDINGS: list[Callable[[User, User], list[Holding]]] = []


def holdings_of(person: User, reader: User) -> list[Holding]:
    """All that the person has, what there is none of left out."""
    own = [
        Holding(
            _("Sign-ins"), UserSession.objects.filter(user=person).count(), _("They end at once.")
        ),
        Holding(
            _("API tokens"),
            ApiToken.objects.filter(user=person).count(),
            _("They end for good: switching the account on again does not bring them back."),
        ),
    ]
    told = [one for ask in HOLDINGS for one in ask(person, reader)]
    return [one for one in (*own, *told) if one.count]


@transaction.atomic(savepoint=True)
def deactivate(*, person: int, actor: User, successor: int | None = None) -> User:
    """Switch an account off; what the person owned goes to the successor where one is named.

    Raises `NotFound`, `Conflict` (off already, oneself, the last who may do everything), `Invalid`
    for a successor who cannot take over.
    """
    found = _locked(person)
    if not found.is_active:
        raise Conflict(_("This account is switched off already."))
    if found == actor:
        raise Conflict(_("You cannot switch your own account off. Ask another administrator."))
    if found.is_superuser and not _another_superuser(found):
        raise Conflict(_("Nobody else may do everything. Give that to somebody first."))
    if successor is not None:
        _check_successor(found, successor)
    _switch(found, actor, is_active=False)
    shut_out(person=found, actor=actor, successor=successor)
    return found


@transaction.atomic(savepoint=False)
def shut_out(*, person: User, actor: User | None, successor: int | None = None) -> None:
    """What follows at once when an account was switched off, and what others do afterwards."""
    auditing.note(events.DEACTIVATED, actor=actor, about=person, data={"successor": successor})
    sessions.end_sessions(user=person, actor=actor)
    tokens.end_all_tokens(user=person, actor=actor)
    announce("places", people=[person.pk])
    announce("left", person=person.pk, successor=successor, actor=actor.pk if actor else None)


@dataclass(frozen=True, slots=True)
class Left:
    """Somebody who was switched off, who takes over, and who said so; by id."""

    person: int
    successor: int
    actor: int | None


def left_since(since: datetime) -> list[Left]:
    """Who was switched off since then, still is, and has a successor; each person once."""
    found = AuditEntry.objects.filter(action=events.DEACTIVATED, at__gte=since).order_by("pk")
    inactive = User.objects.filter(is_active=False).values("pk")
    # The last time counts.
    last = {row.about_id: row for row in found.filter(about_id__in=inactive)}
    return [
        Left(person, row.data["successor"], row.actor_id)
        for person, row in last.items()
        if person and row.data["successor"]
    ]


@transaction.atomic(savepoint=True)
def activate(*, person: int, actor: User) -> User:
    """Switch an account on again. Sessions, tokens and what was handed over do not come back.

    Raises `NotFound`, `Conflict` for one that is on.
    """
    found = _locked(person)
    if found.is_active:
        raise Conflict(_("This account is switched on already."))
    _switch(found, actor, is_active=True)
    auditing.note(events.ACTIVATED, actor=actor, about=found)
    announce("places", people=[found.pk])
    return found


def _locked(person: int) -> User:
    # With all who may do everything, and in one order: two who switch each other off at once do
    # not both succeed, nor wait for one another.
    rows = User.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
    those = rows.filter(Q(pk=person) | Q(is_superuser=True))
    found = next((one for one in those if one.pk == person), None)
    if found is None:
        raise NotFound(_("There is nothing at this address that you can see."))
    return found


def _another_superuser(person: User) -> bool:
    others = User.objects.filter(is_superuser=True, is_active=True)
    return others.exclude(pk=person.pk).exists()


def _check_successor(person: User, successor: int) -> None:
    if successor == person.pk or not User.objects.filter(pk=successor, is_active=True).exists():
        sentence = _("Choose somebody else, whose account is switched on.")
        raise Invalid(sentence, errors={"successor": [sentence]})


def _switch(person: User, actor: User, *, is_active: bool) -> None:
    person.is_active = is_active
    person._history_user = actor  # type: ignore[attr-defined]
    person.save(update_fields=["is_active"])
