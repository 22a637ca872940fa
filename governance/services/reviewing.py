"""Steps of a review: asking for it, deciding, and noticing when every decision is there."""

from collections.abc import Collection
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from cjops.core.errors import Conflict, DocumentInvalid, Invalid
from governance import queries
from governance.integration import integration_of
from governance.models import (
    Change,
    LedgerEntry,
    NotificationKind,
    Requirement,
    Review,
    Verdict,
)
from governance.proposals import proposal_of
from governance.services.asking import Settled, ask, evidence, settle
from governance.services.discussing import send_drafts
from governance.services.recording import tell
from governance.services.retaking import tell_approved
from governance.services.steps import Step, entry_of, move
from governance.transitions import State
from people.models import User


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
    asked = ask(change, proposal)
    # Every hunk may have been approved in an earlier revision already, by everybody it needs.
    settled = {} if asked.waiting else {"state": State.APPROVED}
    stamp = {"policy_stamp": change.policy_stamp}
    move(step, submitted_at=timezone.now(), due_at=asked.due_at, **stamp, **settled)
    entry = entry_of(step, hunks=sorted(proposal.digests), **evidence(asked))
    tell(entry=entry, kind=NotificationKind.DECISION_WANTED, people=asked.people, but=step.actor)
    if not asked.waiting:
        tell_approved(entry, but=step.actor)
    return entry


def approve(step: Step) -> LedgerEntry:
    """Approve hunks; the change becomes approved with the last decision it needs.

    Raises `Conflict` for a hunk that is no longer part of the change, or not this person's.
    """
    change = step.change
    entry_data, settled = give(step)
    fields: dict[str, object] = {} if not settled.is_met else {"state": State.APPROVED}
    if settled.opened:
        fields["due_at"] = _first_due(step)
    move(step, **fields)
    entry = entry_of(step, **entry_data)
    if settled.is_met:
        tell_approved(entry, but=step.actor)
    elif settled.opened:
        tell_opened(change, entry, settled.opened, but=step.actor)
    return entry


def give(step: Step) -> tuple[dict[str, object], Settled]:
    """Record the actor's approval of what they chose, and count it: what the ledger is to say of
    it, and what is left to decide."""
    assert step.standing is not None and step.actor is not None  # noqa: S101, PT018
    change, standing = step.change, step.standing
    mine = standing.requirements
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
    if not chosen & standing.left:
        raise Conflict(_("You have approved this already."))
    answered = [one for one in mine if chosen & set(one.hunks)]
    reviews = say(step, Verdict.APPROVE, answered, hunks=sorted(chosen))
    requirements, editors = standing.all_requirements, standing.editors
    settled = settle(change, requirements, [*standing.verdicts, *reviews], editors)
    send_drafts(change=change, actor=step.actor)
    covers = sorted({key for review in reviews for key in review.covers})
    data: dict[str, object] = {"hunks": sorted(chosen), "covers": covers}
    return data | on_behalf(reviews), settled


def say(
    step: Step, verdict: Verdict, requirements: list[Requirement], hunks: list[str] | None = None
) -> list[Review]:
    """Store what the actor says about these requirements: one row for each person they say it
    for, themselves among them."""
    assert step.standing is not None and step.actor is not None  # noqa: S101, PT018
    by_giver: dict[User | None, list[Requirement]] = {}
    for one in requirements:
        by_giver.setdefault(step.standing.mine[one.pk], []).append(one)
    return [
        Review.objects.create(
            change=step.change,
            revision=step.change.revision,
            reviewer=step.actor,
            on_behalf_of=giver,
            verdict=verdict,
            comment=step.comment,
            hunks=hunks or [],
            covers=[one.key for one in covered],
            created_at=timezone.now(),
        )
        for giver, covered in by_giver.items()
    ]


def on_behalf(reviews: list[Review]) -> dict[str, object]:
    """What the ledger says of whom the actor acted for; nothing where they acted for themselves."""
    behalf = {str(one.on_behalf_of_id): one.covers for one in reviews if one.on_behalf_of_id}
    return {"on_behalf_of": behalf} if behalf else {}


def _first_due(step: Step) -> datetime | None:
    """When the first of the decisions that are waited for is due."""
    assert step.standing is not None  # noqa: S101
    open_now = [one for one in step.standing.all_requirements if not one.met_at and one.opened_at]
    return min((one.due_at for one in open_now if one.due_at), default=None)


def tell_opened(
    change: Change, entry: LedgerEntry, keys: Collection[str], *, but: User | None
) -> None:
    """Tell those whose turn it is now that a round before theirs is decided."""
    requirements = change.requirements.filter(revision=change.revision, key__in=keys)
    able = queries.deciders(list(requirements.prefetch_related("sources")), change)
    people = {user.pk for users in able.values() for user in users}
    tell(entry=entry, kind=NotificationKind.DECISION_WANTED, people=people, but=but)


def request_changes(step: Step) -> LedgerEntry:
    """Send the change back to its author with a reason."""
    assert step.standing is not None  # noqa: S101
    change = step.change
    reviews = say(step, Verdict.REQUEST_CHANGES, step.standing.requirements)
    if step.actor is not None:
        send_drafts(change=change, actor=step.actor)
    move(step)
    entry = entry_of(step, **on_behalf(reviews))
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
    send_drafts(change=change, actor=step.actor)
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
