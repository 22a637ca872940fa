"""Steps of a review: asking for it, deciding, and noticing when every decision is there."""

from django.utils import timezone
from django.utils.translation import gettext as _

from cjops.core.errors import Conflict, DocumentInvalid, Invalid
from governance.integration import integration_of
from governance.models import LedgerEntry, NotificationKind, Review, Verdict
from governance.proposals import proposal_of
from governance.services.recording import tell
from governance.services.retaking import ask, due_time, settle, tell_approved
from governance.services.steps import Step, entry_of, move
from governance.transitions import State


def submit(step: Step) -> LedgerEntry:
    """Ask for review: run the checks, name who must decide, carry over decisions that still hold.

    Raises `DocumentInvalid` with the findings that block it, `Conflict` where the change changes
    nothing or nobody could decide.
    """
    change = step.change
    proposal = proposal_of(change)
    if not proposal.hunks:
        raise Conflict(_("This change does not change anything yet. Edit it first."))
    integration = integration_of(change, proposal)
    if integration is not None and (conflicts := integration.merge.conflicts):
        raise Conflict(
            _("Live has moved and clashes with this change. Settle that first, then submit it."),
            code="conflicts_open",
            conflicts=[conflict.fingerprint for conflict in conflicts],
        )
    if proposal.errors:
        raise DocumentInvalid(
            _("Some checks fail. Fix what they name, then submit again."),
            findings=proposal.errors,
        )
    due_at = due_time()
    asked = ask(change, proposal, due_at)
    # Every hunk may have been approved in an earlier revision already, by everybody it needs.
    settled = {} if asked.waiting else {"state": State.APPROVED}
    move(step, submitted_at=timezone.now(), due_at=due_at, **settled)
    entry = entry_of(step, hunks=sorted(proposal.digests), requirements=asked.keys)
    tell(entry=entry, kind=NotificationKind.DECISION_WANTED, people=asked.people, but=step.actor)
    if not asked.waiting:
        tell_approved(entry, but=step.actor)
    return entry


def approve(step: Step) -> LedgerEntry:
    """Approve hunks; the change becomes approved with the last decision it needs.

    Raises `Conflict` for a hunk that is no longer part of the change, or not this person's.
    """
    assert step.standing is not None and step.actor is not None  # noqa: S101, PT018
    change = step.change
    mine = step.standing.requirements
    wanted = {digest for requirement in mine for digest in requirement.hunks}
    chosen = wanted if step.hunks is None else set(step.hunks)
    if not chosen:
        raise Invalid(
            _("Choose what you approve."),
            errors={"hunks": [_("Name at least one hunk, or leave it out to approve all.")]},
        )
    if not chosen <= wanted:
        raise Conflict(
            _("Part of what you approve has changed, or needs nobody's word from you. Reload.")
        )
    if not chosen & step.standing.left:
        raise Conflict(_("You have approved this already."))
    review = Review.objects.create(
        change=change,
        revision=change.revision,
        reviewer=step.actor,
        verdict=Verdict.APPROVE,
        comment=step.comment,
        hunks=sorted(chosen),
        covers=[requirement.key for requirement in mine if chosen & set(requirement.hunks)],
        created_at=timezone.now(),
    )
    requirements = step.standing.all_requirements
    waiting = settle(requirements, [*step.standing.verdicts, review], step.standing.editors)
    # `requirements` is never empty here: the person was eligible for at least one of them.
    move(step, **({} if waiting else {"state": State.APPROVED}))
    entry = entry_of(step, hunks=review.hunks, covers=review.covers)
    if not waiting:
        tell_approved(entry, but=step.actor)
    return entry


def request_changes(step: Step) -> LedgerEntry:
    """Send the change back to its author with a reason."""
    assert step.standing is not None and step.actor is not None  # noqa: S101, PT018
    change = step.change
    Review.objects.create(
        change=change,
        revision=change.revision,
        reviewer=step.actor,
        verdict=Verdict.REQUEST_CHANGES,
        comment=step.comment,
        hunks=[],
        covers=[requirement.key for requirement in step.standing.requirements],
        created_at=timezone.now(),
    )
    move(step)
    entry = entry_of(step)
    tell(
        entry=entry,
        kind=NotificationKind.CHANGES_REQUESTED,
        people=[change.author_id],
        but=step.actor,
    )
    return entry


def comment(step: Step) -> LedgerEntry:
    """Say something; the author and those who spoke before hear of it."""
    assert step.actor is not None  # noqa: S101
    change = step.change
    Review.objects.create(
        change=change,
        revision=change.revision,
        reviewer=step.actor,
        verdict=Verdict.COMMENT,
        comment=step.comment,
        created_at=timezone.now(),
    )
    move(step)
    entry = entry_of(step)
    spoke = set(change.reviews.values_list("reviewer_id", flat=True))
    tell(
        entry=entry,
        kind=NotificationKind.COMMENTED,
        people={change.author_id, *spoke},
        but=step.actor,
    )
    return entry
