"""Waiting for another change: "publish after CR-12"."""

from django.db import connection, transaction
from django.utils.translation import gettext as _

from cjops.core.errors import Conflict, Invalid
from governance import queries
from governance.models import Change, LedgerEntry, NotificationKind
from governance.services.recording import tell
from governance.services.steps import Step, entry_of, move
from governance.subjects import subject_of
from governance.transitions import OPEN_STATES, Action, State
from governance.visibility import sees

# Of the lock under which queues are made, so that two people never make a circle of one.
QUEUE_LOCK = 0x43_4A_51_55


def queue(step: Step) -> LedgerEntry:
    """Let the change go live only after another one, or (`after` 0) whenever it is published.

    Raises `Invalid` for a change that is not there, `Conflict` for one that has ended or that
    waits for this one itself.
    """
    change = step.change
    if step.after is None or step.after < 0:
        raise _refused(_("Give the number of an open change, or 0 to wait for none."))
    ahead = _ahead(step, step.after) if step.after else None
    if (ahead.pk if ahead else None) == change.queued_behind_id:
        raise Conflict(
            _("It waits for that change already.") if ahead else _("It waits for no other change.")
        )
    fields: dict[str, object] = {"queued_behind": ahead}
    if ahead is None and change.state == State.SCHEDULED and change.scheduled_for is None:
        # It was to go live right after the other one; nothing says when any more.
        fields["state"] = State.APPROVED
    move(step, **fields)
    return entry_of(step, after=step.after)


def _ahead(step: Step, number: int) -> Change:
    assert step.actor is not None  # noqa: S101
    change = step.change
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [QUEUE_LOCK])
    ahead = Change.objects.select_related("journey", "asset", "taxonomy").filter(pk=number).first()
    if ahead is None or not sees(step.actor, subject_of(ahead)):
        raise _refused(_("There is no change with this number that you can see."))
    if ahead.pk == change.pk:
        raise _refused(_("A change cannot wait for itself."))
    if ahead.state not in OPEN_STATES:
        raise Conflict(
            _("CR-%(number)s is “%(state)s”, so there is nothing to wait for.")
            % {"number": ahead.number, "state": ahead.get_state_display()}
        )
    last: Change | None = ahead
    while last is not None and last.state in OPEN_STATES:
        if last.queued_behind_id == change.pk:
            raise Conflict(
                _("CR-%(number)s waits for this change itself, so neither would ever go live.")
                % {"number": ahead.number},
                code="queue_circle",
            )
        last = last.queued_behind
    return ahead


def _refused(sentence: str) -> Invalid:
    return Invalid(_("For which change should it wait?"), errors={"after": [sentence]})


@transaction.atomic(durable=True)
def leave_queue(*, number: int) -> LedgerEntry | None:
    """Take a change out of the queue behind one that ended without going live, as the portal.

    Its author, and whoever put it on the calendar, are told. None where that is done.
    """
    change = (
        queries.waits_in_vain()
        .select_for_update(of=("self",), no_key=True)
        .select_related("journey", "asset", "taxonomy")
        # Both can be another by the time the lock is held; then a joined row would be missing.
        .prefetch_related("author", "queued_behind")
        .filter(pk=number)
        .first()
    )
    if change is None or change.queued_behind is None:
        return None
    ahead, scheduler = change.queued_behind, queries.who_scheduled(change)
    # Whoever reads this may not see that one; its number is in the data, which is shown with care.
    reason = _("The change it waited for ended without going live.")
    step = Step(change, Action.QUEUE, None, None, comment=reason, from_state=change.state)
    fields: dict[str, object] = {"queued_behind": None}
    people = {change.author_id}
    if change.state == State.SCHEDULED and change.scheduled_for is None:
        fields["state"] = State.APPROVED
        people |= {scheduler.pk} if scheduler else set()
    move(step, **fields)
    entry = entry_of(step, after=0, ended=ahead.number)
    tell(entry=entry, kind=NotificationKind.UNQUEUED, people=people)
    return entry
