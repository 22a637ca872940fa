"""Marks on open changes when live moves under them: for lists, and to tell their authors."""

import structlog
from django.db import transaction

from governance import queries
from governance.integration import integration_of
from governance.models import Change, LedgerEntry, NotificationKind
from governance.services.recording import tell
from governance.transitions import OPEN_STATES

log = structlog.get_logger(__name__)


def mark_moved(*, kind: str, subject: int, entry: int | None = None) -> int:
    """Mark every open change of a subject that live has moved under; how many it were.

    `entry` is the ledger entry of what moved it, by default the last publication of the subject.
    The authors are told, each once for a version. Safe to run twice; one change that breaks does
    not hold up the others.
    """
    numbers = list(queries.to_be_marked(kind=kind, subject=subject).values_list("pk", flat=True))
    published = queries.publication(kind=kind, subject=subject, entry=entry) if numbers else None
    count = 0
    for number in numbers:
        try:
            count += _mark(number, published)
        except Exception:
            log.exception("mark_failed", change=number)
    return count


@transaction.atomic(durable=True)
def _mark(number: int, published: LedgerEntry | None) -> bool:
    change = (
        Change.objects.select_for_update(of=("self",), no_key=True)
        .select_related("journey", "asset", "taxonomy")
        # Its author can be another when the lock is held: joined, the change would be missing.
        .prefetch_related("author")
        .filter(pk=number, state__in=OPEN_STATES)
        .first()
    )
    if change is None:
        return False
    integration = integration_of(change)
    before, now = change.live_moved_to, integration.live_number if integration else None
    # Nobody did anything to the change itself, so its last activity stays what it was.
    Change.objects.filter(pk=number).update(
        live_moved_to=now,
        conflict_count=len(integration.merge.conflicts) if integration else 0,
    )
    if now is None or now == before:
        return False
    if published is not None:
        _tell(change, published)
    return True


def _tell(change: Change, published: LedgerEntry) -> None:
    """Tell the author, or, where that one has left, whoever answers for the subject."""
    kind = NotificationKind.LIVE_MOVED
    people = {change.author_id}
    if not change.author.is_active:
        people = queries.publisher_ids(change)
    # A sweep that cannot tell what moved live finds an older publication, told of before.
    told = change.notifications.filter(kind=kind, entry=published)
    people -= set(told.values_list("user_id", flat=True))
    tell(entry=published, kind=kind, people=people, about=change)
