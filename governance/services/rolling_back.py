"""The way back: the inverse of one published change, keeping those that came later."""

from django.db import transaction
from django.utils.translation import gettext as _

from cjops.core.errors import Conflict
from governance import queries
from governance.integration import integration_of
from governance.models import LedgerEntry
from governance.proposals import proposal_of
from governance.services import reasking, rebasing, reviewing
from governance.services.locking import share_policies
from governance.services.opening import start
from governance.services.steps import Step, entry_of, move
from governance.subjects import lock_subject, version_of
from governance.transitions import OPEN_STATES, Action


def roll_back(step: Step) -> LedgerEntry:
    """Open the inverse of a published change: what was live before it, merged onto what is live.

    It goes into review at once. Where later changes touched the same places, or rely on what it
    takes back so that checks fail, it stays a draft: whoever rolls back mends that and submits it.
    So it does where nobody could decide on it, which governance leads are told.

    Raises `Conflict` where nothing was live before it, where nothing of it is left, or where a
    roll-back of it is already under way.
    """
    assert step.actor is not None  # noqa: S101
    change = step.change
    # Before any subject is locked: whoever changes policies waits for none.
    share_policies()
    subject = lock_subject(change)
    if change.reverted_by.filter(state__in=OPEN_STATES).exists():
        raise Conflict(_("A roll-back of this change is already under way."))
    published = version_of(change, change.published_number or 0)
    parent = version_of(change, queries.number_before(change))
    if published is None or parent is None:
        raise Conflict(
            _("This change made the first live version, so there is nothing to go back to.")
        )
    back = start(
        subject=subject,
        kind=change.kind,
        title=(_("Roll back: %(title)s") % {"title": change.title})[:200],
        actor=step.actor,
        rationale=step.comment,
        document=parent.get_document(),
        base=published,
        reverts=change,
    )
    moved = integration_of(back)
    conflicts = moved.merge.conflicts if moved else ()
    errors, refused = 0, ""
    if moved and conflicts:
        back.live_moved_to, back.conflict_count = moved.live_number, len(conflicts)
        back.save(update_fields=["live_moved_to", "conflict_count"])
    else:
        if moved:
            rebasing.rebase(Step(back, Action.REBASE, None, None, from_state=back.state))
        errors = len(proposal_of(back).errors)
        if not errors:
            refused = _submitted(Step(back, Action.SUBMIT, step.actor, None, from_state=back.state))
    move(step)
    data = {"refused": refused} if refused else {}
    return entry_of(step, opened=back.number, conflicts=len(conflicts), errors=errors, **data)


def _submitted(step: Step) -> str:
    """Ask for review; the code of the refusal where nobody could decide, empty where it went."""
    try:
        with transaction.atomic(savepoint=True):
            reviewing.submit(step)
    except Conflict as refusal:
        if refusal.code not in reasking.NOBODY:
            raise
        step.change.refresh_from_db()
        reasking.tell_refused(step.change, refusal.code, refusal.extra.get("keys", ()))
        return refusal.code
    return ""
