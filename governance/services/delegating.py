"""Letting somebody decide in one's place for a time."""

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from cjops.core.errors import Conflict, Invalid, NotFound
from cjops.core.moments import range_errors
from governance import queries
from governance.models import (
    DELEGATION,
    Delegation,
    LedgerEntry,
    Notification,
    NotificationKind,
)
from governance.policies import can_delegate
from governance.services.opening import clean_text
from governance.services.recording import queue_mail, write_entry
from governance.transitions import Action
from governance.visibility import sees
from journeys.models import Journey
from people.models import Channel, Team, User

LONGEST = timedelta(days=366)
# Of the lock under which delegations are made and ended, so that two people never make a circle
# of them, and what is noted of them on a person is of all of them.
DELEGATION_LOCK = 0x43_4A_44_4C


@transaction.atomic(durable=True)
def delegate(
    *,
    giver: User,
    taker: User,
    starts_at: datetime,
    ends_at: datetime,
    actor: User,
    channel: Channel | None = None,
    team: Team | None = None,
    journey: Journey | None = None,
    reason: str = "",
) -> Delegation:
    """Let `taker` decide for `giver` from one moment to another, on all or within one scope.

    Raises `Forbidden` for somebody else's decisions, `Invalid` for times and people that make no
    sense, `Conflict` for a circle or a chain of more than three.
    """
    can_delegate(actor, giver).require()
    _check(giver, taker, starts_at, ends_at, [channel, team, journey])
    if actor == taker:
        raise _refused("taker", _("Somebody else has to hand decisions to you."))
    if journey is not None:
        _check_journey(journey, actor, taker)
    _lock()
    _refuse_chains(giver, taker, starts_at, ends_at)
    delegation = Delegation(
        giver=giver,
        taker=taker,
        starts_at=starts_at,
        ends_at=ends_at,
        channel=channel,
        team=team,
        journey=journey,
        reason=clean_text(reason, "reason"),
        created_by=actor,
    )
    delegation._history_user = actor  # type: ignore[attr-defined]
    delegation.save()
    _hint(taker)
    entry = _record(delegation, Action.DELEGATE, actor)
    _tell(entry, {giver.pk, taker.pk} - {actor.pk})
    return delegation


@transaction.atomic(durable=True)
def end_delegation(*, pk: int, actor: User) -> Delegation:
    """End it now; what was decided under it stands.

    Raises `NotFound`, `Forbidden` for somebody else's, `Conflict` for one that is over.
    """
    _lock()
    rows = Delegation.objects.select_for_update(of=("self",), no_key=True)
    found = rows.select_related("giver", "taker").filter(pk=pk).first()
    if found is None or not may_see(actor, found):
        raise NotFound(_("There is nothing at this address that you can see."))
    if actor != found.taker:
        can_delegate(actor, found.giver).require()
    now = timezone.now()
    if found.ends_at <= now:
        raise Conflict(_("This delegation is over."))
    return _end(found, actor)


@transaction.atomic(savepoint=False)
def end_delegations_of(person: User, actor: User) -> int:
    """End each that somebody who left gave or took; how many that were."""
    _lock()
    rows = Delegation.objects.select_for_update(of=("self",), no_key=True)
    rows = rows.select_related("giver", "taker").filter(Q(giver=person) | Q(taker=person))
    found = list(rows.filter(ends_at__gt=timezone.now()).order_by("pk"))
    for one in found:
        _end(one, actor)
    return len(found)


def _end(found: Delegation, actor: User) -> Delegation:
    now = timezone.now()
    # One that has not begun ends as it begins: it never held.
    found.ends_at = now if found.starts_at < now else found.starts_at + timedelta(microseconds=1)
    found._history_user = actor  # type: ignore[attr-defined]
    found.save(update_fields=["ends_at"])
    _hint(found.taker)
    entry = _record(found, Action.END_DELEGATION, actor)
    _tell(entry, {found.giver_id, found.taker_id} - {actor.pk})
    return found


def may_see(user: User, delegation: Delegation) -> bool:
    """Whether it is the person's own, or they keep the rules."""
    own = user.pk in (delegation.giver_id, delegation.taker_id)
    return own or user.has_perm("governance.manage_policies")


def _lock() -> None:
    """Until the end of the transaction nobody else makes or ends one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [DELEGATION_LOCK])


def _check_journey(journey: Journey, actor: User, taker: User) -> None:
    if not sees(actor, journey):
        raise _refused("journey", _("There is no such journey that you can see."))
    if not sees(taker, journey):
        raise _refused(
            "taker",
            _("%(name)s does not see this journey. Choose somebody who does.")
            % {"name": taker.name},
        )


def _check(
    giver: User, taker: User, starts_at: datetime, ends_at: datetime, scopes: list[object]
) -> None:
    now = timezone.now()
    if giver == taker:
        raise _refused("taker", _("Choose somebody else."))
    if not taker.is_active or not giver.is_active:
        raise _refused("taker", _("This account is not active."))
    if errors := range_errors(starts_at=starts_at, ends_at=ends_at):
        raise Invalid(_("Nothing was delegated."), errors=errors)
    if ends_at <= starts_at or ends_at <= now:
        raise _refused("ends_at", _("Choose an end that is after the beginning and not over yet."))
    if ends_at - max(starts_at, now) > LONGEST:
        raise _refused("ends_at", _("Choose at most a year; you can delegate again."))
    if sum(scope is not None for scope in scopes) > 1:
        raise _refused("scope", _("Choose one channel, one team or one journey, or none."))


def _refused(field: str, sentence: str) -> Invalid:
    return Invalid(_("Nothing was delegated."), errors={field: [sentence]})


def _refuse_chains(giver: User, taker: User, starts_at: datetime, ends_at: datetime) -> None:
    """No circles, and no chain of more than three, among delegations of the same time."""
    same_time = Delegation.objects.filter(starts_at__lt=ends_at, ends_at__gt=starts_at)
    onwards: dict[int, set[int]] = {}
    backwards: dict[int, set[int]] = {}
    for one, other in same_time.values_list("giver_id", "taker_id"):
        onwards.setdefault(one, set()).add(other)
        backwards.setdefault(other, set()).add(one)
    after = _reach(taker.pk, onwards)
    if giver.pk in after:
        raise Conflict(
            _("Decisions would go round in a circle in that time. Choose somebody else."),
            code="delegation_circle",
        )
    before = _reach(giver.pk, backwards)
    links = max(after.values(), default=0) + 1 + max(before.values(), default=0)
    if links > queries.MOST_LINKS:
        raise Conflict(
            _("Decisions would pass through more than %(most)s hands. Choose somebody else.")
            % {"most": queries.MOST_LINKS},
            code="delegation_chain",
        )


def _reach(start: int, ways: dict[int, set[int]]) -> dict[int, int]:
    """Who is reached, and over how many links at most four are looked at."""
    found: dict[int, int] = {}
    frontier = {start}
    for distance in range(1, queries.MOST_LINKS + 2):
        frontier = {to for person in frontier for to in ways.get(person, ())}
        found |= dict.fromkeys(frontier, distance)
    return found


def _hint(taker: User) -> None:
    """Note on the person until when they act for anybody, so that others are not asked about."""
    until = Delegation.objects.filter(taker=taker).aggregate(last=Max("ends_at"))["last"]
    taker.acts_for_others_until = until
    taker.skip_history_when_saving = True  # type: ignore[attr-defined]
    taker.save(update_fields=["acts_for_others_until"])
    del taker.skip_history_when_saving  # type: ignore[attr-defined]


def _record(delegation: Delegation, action: Action, actor: User) -> LedgerEntry:
    return write_entry(
        kind=DELEGATION,
        delegation=delegation,
        at=timezone.now(),
        actor=actor,
        action=action,
        revision=0,
        reason=delegation.reason,
        data={
            "giver": delegation.giver_id,
            "taker": delegation.taker_id,
            "starts_at": delegation.starts_at.isoformat(),
            "ends_at": delegation.ends_at.isoformat(),
        },
    )


def _tell(entry: LedgerEntry, people: set[int]) -> None:
    rows = Notification.objects.bulk_create(
        [
            Notification(
                user_id=person,
                kind=NotificationKind.DELEGATED,
                entry=entry,
                created_at=entry.at,
            )
            for person in sorted(people)
        ]
    )
    if rows:
        queue_mail([row.pk for row in rows])
