"""Steps that end a change or put it on the calendar."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from cjops.core.errors import Invalid
from governance.models import LedgerEntry, NotificationKind
from governance.services.freezing import postponed
from governance.services.recording import after_commit, tell
from governance.services.steps import Step, entry_of, move
from governance.transitions import OPEN_STATES

# Further ahead nobody plans, and the last years of the calendar break arithmetic.
LONGEST = timedelta(days=5 * 365)


def reject(step: Step) -> LedgerEntry:
    """End the change against its author's wish."""
    move(step, scheduled_for=None)
    entry = entry_of(step)
    tell(
        entry=entry,
        kind=NotificationKind.REJECTED,
        people=[step.change.author_id],
        but=step.actor,
    )
    after_commit("mind_queues")
    return entry


def withdraw(step: Step) -> LedgerEntry:
    """End the change by its author's wish; a schedule ends with it."""
    move(step, scheduled_for=None)
    after_commit("mind_queues")
    return entry_of(step)


def schedule(step: Step) -> LedgerEntry:
    """Publish later: the beat takes the step when the time has come.

    Without a time, as soon as the change it is queued behind is live.
    """
    ahead = step.change.queued_behind
    if step.publish_at is None and ahead is not None and ahead.state in OPEN_STATES:
        move(step, scheduled_for=None)
        return entry_of(step, after=ahead.number)
    if step.publish_at is None or timezone.is_naive(step.publish_at):
        raise Invalid(
            _("When should it be published?"),
            errors={"publish_at": [_("Give a date and time with its time zone.")]},
        )
    if step.publish_at <= timezone.now():
        raise Invalid(
            _("This time has passed."), errors={"publish_at": [_("Choose a time in the future.")]}
        )
    if step.publish_at > timezone.now() + LONGEST:
        raise Invalid(
            _("This is too far ahead."),
            errors={"publish_at": [_("Choose a time within the next five years.")]},
        )
    frozen = postponed(step, step.publish_at)
    move(step, scheduled_for=step.publish_at)
    return entry_of(step, publish_at=step.publish_at.isoformat(), **frozen)


def unschedule(step: Step) -> LedgerEntry:
    """Take an approved change off the calendar again."""
    move(step, scheduled_for=None)
    return entry_of(step)
