"""Who has to decide, asked when a change is submitted and again when it becomes another one."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from cjops.core.errors import Conflict
from governance import queries
from governance.models import Change, LedgerEntry, NotificationKind, Verdict
from governance.proposals import Proposal, proposal_of
from governance.services.asking import ask
from governance.services.recording import record, tell, tell_each
from governance.transitions import EDITABLE, Action, State
from people.models import User


@dataclass(frozen=True, slots=True)
class Retaken:
    """What became of a change that was edited while people decide on it.

    `fields` are those of the change to be written, among them a new state; `asked` are the people
    who are newly wanted, `outdated` by reviewer the digests they approved that nobody proposes any
    more. `errors` says that the checks fail: then it is back with its author.
    """

    fields: dict[str, Any] = field(default_factory=dict)
    asked: set[int] = field(default_factory=set)
    outdated: dict[int, list[str]] = field(default_factory=dict)
    errors: int = 0


def retake(*, change: Change, proposal: Proposal) -> Retaken:
    """Ask anew who has to decide, after `change`, locked, got a revision while under review.

    Approvals of hunks that are as they were keep counting. What is still being written has nobody
    to ask. The caller writes the fields, records its step, and then calls `tell_retaken`.

    Raises `Conflict` where nobody could decide, or nothing is left to decide on.
    """
    if change.state in EDITABLE:
        return Retaken(outdated=_outdated(change, proposal) if change.submitted_at else {})
    if not proposal.hunks:
        raise Conflict(
            _("Nothing would be left of this change. Withdraw it instead."), code="nothing_left"
        )
    outdated = _outdated(change, proposal)
    off_calendar: dict[str, Any] = {"scheduled_for": None}
    if proposal.errors:
        return Retaken(
            {"state": State.CHANGES_REQUESTED, **off_calendar},
            outdated=outdated,
            errors=len(proposal.errors),
        )
    in_review = change.state == State.IN_REVIEW
    asked = ask(change, proposal, keep=change.revision - 1 if in_review else None)
    stamp = {"policy_stamp": change.policy_stamp}
    if not asked.waiting:
        settled = {"state": State.APPROVED} if in_review else {}
        return Retaken({**stamp, **settled}, outdated=outdated)
    fields = {"state": State.IN_REVIEW, "due_at": asked.due_at, **stamp, **off_calendar}
    return Retaken(fields, asked=asked.newly, outdated=outdated)


def _outdated(change: Change, proposal: Proposal) -> dict[int, list[str]]:
    """By reviewer what they approved of the revision before and this one no longer proposes."""
    before = change.revisions.get(number=change.revision - 1)
    gone = proposal_of(change, before).digests - proposal.digests
    found: dict[int, set[str]] = {}
    for review in queries.verdicts_on(change):
        if review.verdict == Verdict.REQUEST_CHANGES:
            found.pop(review.reviewer_id, None)
        elif review.verdict == Verdict.APPROVE and gone & set(review.hunks):
            found.setdefault(review.reviewer_id, set()).update(gone & set(review.hunks))
    return {person: sorted(hunks) for person, hunks in sorted(found.items())}


def tell_retaken(*, entry: LedgerEntry, retaken: Retaken, but: User | None) -> None:
    """Record what is outdated, as the portal's own finding, and tell whoever has to act now."""
    change = entry.of_change
    for person, digests in retaken.outdated.items():
        finding = record(
            change=change,
            action=Action.OUTDATE,
            actor=None,
            from_state=change.state,
            data={"reviewer": person, "hunks": digests},
        )
        tell(entry=finding, kind=NotificationKind.OUTDATED, people=[person], but=but)
    wanted = retaken.asked - retaken.outdated.keys()
    tell(entry=entry, kind=NotificationKind.DECISION_WANTED, people=wanted, but=but)
    if retaken.errors:
        people = [change.author_id]
        tell(entry=entry, kind=NotificationKind.CHANGES_REQUESTED, people=people, but=but)
    elif entry.from_state == State.IN_REVIEW and change.state == State.APPROVED:
        tell_approved(entry, but=but)


def tell_approved(entry: LedgerEntry, *, but: User | None) -> None:
    """Tell the author, and those who may publish it, that everybody has decided."""
    change = entry.of_change
    publishers = queries.publisher_ids(change) - {change.author_id}
    told = {NotificationKind.APPROVED: [change.author_id], NotificationKind.READY: publishers}
    tell_each(entry=entry, told=told, but=but)
