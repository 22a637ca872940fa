"""The record of a step: its ledger entry, and the messages that follow from it."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone

from cjops.core.logs import request_id
from cjops.core.reactions import send_after_commit
from governance import tasks
from governance.entries import entry_body
from governance.models import (
    Change,
    LedgerEntry,
    Notification,
    NotificationKind,
    SubjectKind,
)
from governance.queries.acting import takers_of
from governance.subjects import subject_of
from governance.transitions import Action
from governance.visibility import who_see
from journeys.models import Journey
from people.models import User

log = structlog.get_logger(__name__)
# What these messages ask for, others may do for whom they go to.
ASKING = (
    NotificationKind.DECISION_WANTED,
    NotificationKind.REMINDER,
    NotificationKind.ESCALATED,
)
# Those with a default of the database are not known yet.
FIELDS = [one for one in LedgerEntry._meta.concrete_fields if one.name != "xid"]
_mails = ContextVar("mails", default=True)


@contextmanager
def without_mail() -> Iterator[None]:
    """Within the block messages are stored as mailed already: for history that is played back."""
    token = _mails.set(False)
    try:
        yield
    finally:
        _mails.reset(token)


def write_entry(**columns: Any) -> LedgerEntry:
    """Write a ledger entry of these columns, with what the log proves of it."""
    entry = LedgerEntry(**columns)
    entry.body = entry_body({field.attname: getattr(entry, field.attname) for field in FIELDS})
    entry.save(force_insert=True)
    return entry


def record(
    *,
    change: Change,
    action: Action,
    actor: User | None,
    from_state: str,
    reason: str = "",
    data: dict[str, Any] | None = None,
) -> LedgerEntry:
    """Write the ledger entry of a step that `change` has just taken; `actor` None is the system."""
    return write_entry(
        kind=change.kind,
        journey_id=change.journey_id,
        asset_id=change.asset_id,
        taxonomy_id=change.taxonomy_id,
        at=timezone.now(),
        actor=actor,
        action=action,
        change=change,
        revision=change.revision,
        from_state=from_state,
        to_state=change.state,
        digest=change.digest,
        reason=reason,
        data=data or {},
        request_id=request_id(),
    )


def record_live(
    *,
    journey: Journey,
    action: Action,
    actor: User,
    reason: str = "",
    data: dict[str, Any] | None = None,
) -> LedgerEntry:
    """Write the ledger entry of what was done to a live journey without a change."""
    live = journey.live_version
    return write_entry(
        kind=SubjectKind.JOURNEY,
        journey=journey,
        at=timezone.now(),
        actor=actor,
        action=action,
        revision=live.number if live else 0,
        digest=live.digest if live else "",
        reason=reason,
        data=data or {},
        request_id=request_id(),
    )


def tell(
    *,
    entry: LedgerEntry,
    kind: NotificationKind,
    people: Iterable[int],
    but: User | None = None,
    about: Change | None = None,
) -> None:
    """Put one message for each person in the outbox; the worker mails it after the commit.

    `about` is the change that it concerns, by default the one of the entry if it has one. The rows
    are the truth: what the broker loses, `schedules.deliver_waiting` finds.
    """
    tell_each(entry=entry, told={kind: people}, but=but, about=about)


def tell_each(
    *,
    entry: LedgerEntry,
    told: Mapping[NotificationKind, Iterable[int]],
    but: User | None = None,
    about: Change | None = None,
) -> None:
    """The same for messages of several kinds about one entry, by kind."""
    left_out = {but.pk} if but else set()
    concerned = about or entry.change
    if concerned is not None and (asked := set().union(*(told.get(kind, ()) for kind in ASKING))):
        # Whoever is away has somebody who decides for them.
        takers = takers_of(asked, concerned)
        told = {kind: {*told[kind], *takers} if kind in ASKING else told[kind] for kind in told}
    wanted = [(kind, pk) for kind, people in told.items() for pk in sorted(set(people) - left_out)]
    seeing = who_see(subject_of(about or entry.change or entry), {pk for _kind, pk in wanted})
    mails = _mails.get()
    rows = [
        Notification(
            user_id=person,
            change_id=about.pk if about else entry.change_id,
            kind=kind,
            entry=entry,
            created_at=entry.at,
            mailed_at=None if mails else entry.at,
        )
        for kind, person in wanted
        if person in seeing
    ]
    if rows and mails:
        queue_mail([row.pk for row in Notification.objects.bulk_create(rows)])
    elif rows:
        Notification.objects.bulk_create(rows)


def queue_mail(notifications: list[int]) -> None:
    """Hand the messages to the worker once this transaction is committed.

    `robust`: with the broker away the step itself has still happened, and the mail goes out later.
    """

    def queue() -> None:
        tasks.deliver.apply_async(kwargs={"notifications": notifications}, retry=False)

    transaction.on_commit(queue, robust=True)


def after_commit(name: str, **kwargs: Any) -> None:
    """Run the task of that name in `governance.schedules` once this transaction is committed.

    By name, since what runs there calls services.
    """
    send_after_commit(f"governance.schedules.{name}", **kwargs)
