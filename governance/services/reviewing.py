"""Steps of a review: asking for it, deciding, and noticing when every decision is there."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from cjops.core.errors import Conflict, DocumentInvalid, Invalid
from governance import queries, rules
from governance.models import (
    Change,
    LedgerEntry,
    NotificationKind,
    Requirement,
    RequirementSource,
    Review,
    Verdict,
)
from governance.proposals import proposal_of
from governance.services.recording import tell
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
    if proposal.errors:
        raise DocumentInvalid(
            _("Some checks fail. Fix what they name, then submit again."),
            findings=proposal.errors,
        )
    editors = queries.editor_ids(change)
    due_at = timezone.now() + timedelta(hours=settings.CJOPS["HOURS_TO_DECIDE"])
    drafts = rules.requirements_for(change, proposal, editors)
    requirements = _store(change, drafts, due_at)
    # Nobody has decided on what was never submitted.
    verdicts = queries.verdicts_on(change) if change.submitted_at is not None else []
    waiting = _settle(requirements, verdicts, editors)
    asked = {
        person
        for draft in drafts
        if draft.key in waiting
        for source in draft.sources
        for person in source.people
    }
    # Every hunk may have been approved in an earlier revision already, by everybody it needs.
    settled = {} if waiting else {"state": State.APPROVED}
    move(step, submitted_at=timezone.now(), due_at=due_at, **settled)
    entry = entry_of(
        step, hunks=sorted(proposal.digests), requirements=[draft.key for draft in drafts]
    )
    tell(entry=entry, kind=NotificationKind.DECISION_WANTED, people=asked, but=step.actor)
    if not waiting:
        _tell_approved(step, entry)
    return entry


def _tell_approved(step: Step, entry: LedgerEntry) -> None:
    """Tell the author, and those who may publish it, that everybody has decided."""
    author = step.change.author_id
    publishers = queries.publisher_ids(step.change) - {author}
    tell(entry=entry, kind=NotificationKind.APPROVED, people=[author], but=step.actor)
    tell(entry=entry, kind=NotificationKind.READY, people=publishers, but=step.actor)


def _store(change: Change, drafts: list[rules.Draft], due_at: datetime) -> list[Requirement]:
    """Keep the requirements of this revision; those of an earlier submit of it are replaced."""
    if change.submitted_at is not None:
        change.requirements.filter(revision=change.revision).delete()
    requirements = Requirement.objects.bulk_create(
        [
            Requirement(
                change=change,
                revision=change.revision,
                key=draft.key,
                reason=draft.reason,
                params=draft.params,
                hunks=list(draft.hunks),
                due_at=due_at,
            )
            for draft in drafts
        ]
    )
    RequirementSource.objects.bulk_create(
        [
            RequirementSource(
                requirement=requirement,
                channel=source.channel,
                team=source.team,
                role=source.role,
            )
            for requirement, draft in zip(requirements, drafts, strict=True)
            for source in draft.sources
        ]
    )
    return requirements


def _settle(requirements: list[Requirement], reviews: list[Review], editors: set[int]) -> set[str]:
    """Mark the requirements that the reviews so far meet; the keys of those still waiting."""
    now = timezone.now()
    waiting = set()
    newly_met = []
    for requirement in requirements:
        if len(queries.approvers(requirement, reviews, editors)) < requirement.quorum:
            waiting.add(requirement.key)
        elif requirement.met_at is None:
            requirement.met_at = now
            newly_met.append(requirement)
    if newly_met:
        Requirement.objects.bulk_update(newly_met, ["met_at"])
    return waiting


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
    waiting = _settle(requirements, [*step.standing.verdicts, review], step.standing.editors)
    # `requirements` is never empty here: the person was eligible for at least one of them.
    move(step, **({} if waiting else {"state": State.APPROVED}))
    entry = entry_of(step, hunks=review.hunks, covers=review.covers)
    if not waiting:
        _tell_approved(step, entry)
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
