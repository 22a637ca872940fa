"""Reminders and escalation of decisions that take too long, as the portal."""

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from governance import queries
from governance.models import (
    Change,
    LedgerEntry,
    NotificationKind,
    Requirement,
)
from governance.services.recording import record, tell
from governance.transitions import Action, State


def to_remind() -> QuerySet[Requirement]:
    """Open decisions whose people are to be reminded now."""
    return _waiting().filter(remind_at__lte=timezone.now(), reminded_at=None)


def to_escalate() -> QuerySet[Requirement]:
    """Open decisions that are so late that others are asked as well."""
    return _waiting().filter(escalate_at__lte=timezone.now(), escalated_at=None)


def _waiting() -> QuerySet[Requirement]:
    return Requirement.objects.filter(
        met_at=None,
        opened_at__isnull=False,
        revision=F("change__revision"),
        change__state=State.IN_REVIEW,
    )


@transaction.atomic(durable=True)
def remind(*, requirement: int) -> LedgerEntry | None:
    """Remind those who have not decided yet, once; None where that is done."""
    found = _locked(to_remind(), requirement)
    if found is None:
        return None
    change = found.change
    found.reminded_at = timezone.now()
    found.save(update_fields=["reminded_at"])
    entry = change.ledger.order_by("-pk").first()
    people = _people(change, found) - set(found.approved_by)
    if entry is not None:
        # One reminder about a change says enough, however many decisions of theirs it waits for.
        told = entry.notifications.filter(kind=NotificationKind.REMINDER)
        people -= set(told.values_list("user_id", flat=True))
        tell(entry=entry, kind=NotificationKind.REMINDER, people=people)
    return entry


@transaction.atomic(durable=True)
def escalate(*, requirement: int) -> LedgerEntry | None:
    """Ask those as well who decide when it is late, once; the author and they are told."""
    found = _locked(to_escalate(), requirement)
    if found is None:
        return None
    change = found.change
    before = _people(change, found)
    found.escalated_at = timezone.now()
    found.save(update_fields=["escalated_at"])
    people = _people(change, found) - before
    entry = record(
        change=change,
        action=Action.ESCALATE,
        actor=None,
        from_state=change.state,
        data={"requirement": found.key, "people": sorted(people)},
    )
    tell(entry=entry, kind=NotificationKind.ESCALATED, people=people | {change.author_id})
    return entry


def _people(change: Change, requirement: Requirement) -> set[int]:
    return {user.pk for user in queries.deciders([requirement], change)[requirement.pk]}


def _locked(rows: QuerySet[Requirement], pk: int) -> Requirement | None:
    """The requirement, under the lock of its change, if it is still one of these."""
    found = rows.filter(pk=pk).values_list("change", flat=True).first()
    if found is None:
        return None
    # The change is what all steps lock; what is decided meanwhile shows below.
    changes = Change.objects.select_for_update(of=("self",), no_key=True)
    # Its author can be another when the lock is held: joined, the change would be missing.
    changes = changes.select_related("journey", "asset", "taxonomy").prefetch_related("author")
    change = changes.get(pk=found)
    requirement = rows.filter(pk=pk).prefetch_related("sources").first()
    if requirement is not None:
        requirement.change = change
    return requirement
