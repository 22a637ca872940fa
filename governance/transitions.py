"""The life of a change, as data: a step that is not in this table does not exist."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    CHANGES_REQUESTED = "changes_requested", _("Changes requested")
    APPROVED = "approved", _("Approved")
    SCHEDULED = "scheduled", _("Scheduled")
    PUBLISHED = "published", _("Published")
    REJECTED = "rejected", _("Rejected")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Action(models.TextChoices):
    OPEN = "open", _("Open")
    EDIT = "edit", _("Edit")
    SUBMIT = "submit", _("Submit for review")
    APPROVE = "approve", _("Approve")
    REQUEST_CHANGES = "request-changes", _("Request changes")
    COMMENT = "comment", _("Comment")
    REJECT = "reject", _("Reject")
    WITHDRAW = "withdraw", _("Withdraw")
    SCHEDULE = "schedule", _("Schedule")
    UNSCHEDULE = "unschedule", _("Cancel the schedule")
    PUBLISH = "publish", _("Publish now")
    ROLL_BACK = "roll-back", _("Roll back")
    REBASE = "rebase", _("Take the new version")
    QUEUE = "queue", _("Publish after another change")
    SUGGEST = "suggest", _("Suggest an edit")
    APPLY = "apply", _("Apply a suggestion")
    # Answers to conflicts that somebody keeps for a later rebase.
    RESOLVE = "resolve", _("Settle conflicts")
    # Taken by the portal itself: an approval was given on what is no longer proposed.
    OUTDATE = "outdate", _("Approval outdated")
    # Who has to decide was asked anew: the policies or the people are others now.
    RETAKE = "retake", _("Asked anew who decides")
    ESCALATE = "escalate", _("Escalated")
    APPOINT = "appoint", _("Name somebody to decide")
    BREAK_GLASS = "break-glass", _("Break glass")
    STAND_BY = "stand-by", _("Stand by it")
    OBJECT = "object", _("Object to it")
    # Its author has left: somebody else goes on with it.
    HAND_OVER = "hand-over", _("Handed over")
    # Of what is live, without a change.
    PAUSE = "pause", _("Pause")
    STOP = "stop", _("Stop")
    RESUME = "resume", _("Resume")
    # Of content, by the portal itself: its rights or a statement of it end soon, or what it was
    # made from is another now.
    RUN_OUT = "run-out", _("Runs out")
    ORIGIN_MOVED = "origin-moved", _("Its origin has changed")
    # Of policies and of those who stand in for others.
    PROPOSE_POLICY = "propose-policy", _("Propose a policy")
    ACTIVATE_POLICY = "activate-policy", _("Activate a policy")
    DECLINE_POLICY = "decline-policy", _("Decline a policy")
    DELEGATE = "delegate", _("Delegate")
    END_DELEGATION = "end-delegation", _("End a delegation")


class Who(models.TextChoices):
    """Whose right an action needs; `governance.policies` answers each."""

    AUTHOR = "author", _("its author")
    EDITOR = "editor", _("its author or somebody who may propose on the subject")
    REVIEWER = "reviewer", _("somebody whose decision counts")
    DECIDER = "decider", _("somebody whose approval is still wanted")
    READER = "reader", _("anybody who sees it")
    MANAGER = "manager", _("the journey manager")
    PUBLISHER = "publisher", _("somebody who may publish on the subject")
    LEAD = "lead", _("a governance lead")
    BREAKER = "breaker", _("somebody who may break glass")
    AFTER_REVIEWER = "after_reviewer", _("somebody whose decision was skipped")


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the table. `target` None: the state stays as it is."""

    sources: frozenset[State]
    target: State | None
    who: Who
    needs_comment: bool = False


OPEN_STATES = frozenset(
    {State.DRAFT, State.IN_REVIEW, State.CHANGES_REQUESTED, State.APPROVED, State.SCHEDULED}
)
EDITABLE = frozenset({State.DRAFT, State.CHANGES_REQUESTED})

TRANSITIONS: dict[Action, Transition] = {
    Action.EDIT: Transition(EDITABLE, None, Who.EDITOR),
    Action.SUBMIT: Transition(EDITABLE, State.IN_REVIEW, Who.AUTHOR),
    # The change becomes approved by the same step once every requirement is met.
    Action.APPROVE: Transition(frozenset({State.IN_REVIEW}), None, Who.DECIDER),
    Action.REQUEST_CHANGES: Transition(
        frozenset({State.IN_REVIEW, State.APPROVED}),
        State.CHANGES_REQUESTED,
        Who.REVIEWER,
        needs_comment=True,
    ),
    Action.COMMENT: Transition(OPEN_STATES, None, Who.READER, needs_comment=True),
    Action.REJECT: Transition(OPEN_STATES, State.REJECTED, Who.MANAGER, needs_comment=True),
    Action.WITHDRAW: Transition(OPEN_STATES, State.WITHDRAWN, Who.AUTHOR),
    Action.SCHEDULE: Transition(
        frozenset({State.APPROVED, State.SCHEDULED}), State.SCHEDULED, Who.PUBLISHER
    ),
    Action.UNSCHEDULE: Transition(frozenset({State.SCHEDULED}), State.APPROVED, Who.PUBLISHER),
    Action.PUBLISH: Transition(
        frozenset({State.APPROVED, State.SCHEDULED}), State.PUBLISHED, Who.PUBLISHER
    ),
    # Opens a new change, the inverse; the published one stays as it is.
    Action.ROLL_BACK: Transition(frozenset({State.PUBLISHED}), None, Who.PUBLISHER),
    # The proposal is carried onto what is live now; it goes back into review by the same step
    # where somebody has to decide on what became of it.
    Action.REBASE: Transition(OPEN_STATES, None, Who.EDITOR),
    Action.QUEUE: Transition(OPEN_STATES, None, Who.EDITOR),
    Action.SUGGEST: Transition(OPEN_STATES, None, Who.READER),
    Action.APPLY: Transition(OPEN_STATES - {State.SCHEDULED}, None, Who.AUTHOR),
    Action.APPOINT: Transition(frozenset({State.IN_REVIEW}), None, Who.LEAD, needs_comment=True),
    # Published without the approvals; those who were not asked look at it afterwards.
    Action.BREAK_GLASS: Transition(OPEN_STATES, State.PUBLISHED, Who.BREAKER, needs_comment=True),
    Action.STAND_BY: Transition(frozenset({State.PUBLISHED}), None, Who.AFTER_REVIEWER),
    Action.OBJECT: Transition(
        frozenset({State.PUBLISHED}), None, Who.AFTER_REVIEWER, needs_comment=True
    ),
}
# These need more than a comment, and have doors of their own.
WITH_OWN_DOORS = frozenset({Action.EDIT, Action.SUGGEST, Action.APPLY})
