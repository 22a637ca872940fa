"""Taking a step of a change: the one door through which its state moves."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

import people.second_factor
from cjops.core.errors import Conflict, DomainError, Invalid, Stale
from governance import policies, queries
from governance.freezes import Wait
from governance.models import Change, LedgerEntry, NotificationKind
from governance.services import (
    appointing,
    breaking,
    closing,
    freezing,
    publishing,
    queueing,
    reasking,
    rebasing,
    reviewing,
    rolling_back,
)
from governance.services.editing import lock_change
from governance.services.opening import clean_text
from governance.services.recording import tell
from governance.services.repeating import Repeat, answered, remember
from governance.services.steps import Step, entry_of, move
from governance.transitions import Action
from people.models import User


class Said(TypedDict, total=False):
    """What may come with a step.

    `hunks` limits a decision to those digests (default: all that wait for the actor);
    `publish_at` is when to publish, `after` the change to wait for; `resolutions` settle conflicts
    with live (see `rebasing`); `requirement` and `person` are the decision's key and the address of
    whom to appoint; `code` is that of a second factor, `proved` that a passkey took its place.
    """

    comment: str
    hunks: Iterable[str] | None
    publish_at: datetime | None
    resolutions: object
    after: int | None
    requirement: str
    person: str
    code: str
    proved: bool


def take(
    *,
    action: Action,
    number: int,
    actor: User,
    expected_digest: str = "",
    repeat: Repeat | None = None,
    **said: Unpack[Said],
) -> LedgerEntry:
    """Take one step of a change: lock, check, move, record; people are told after the commit.

    `expected_digest` is the document the actor looked at; `repeat` makes a second call with the
    same key return the first one's entry.

    Raises `NotFound` (missing or invisible), `Conflict` (the state does not allow it),
    `Forbidden` (no right), `Stale` (changed since looked at), `Invalid` (bad input),
    `DocumentInvalid` (checks of severity error).
    """
    if action is Action.BREAK_GLASS and actor.has_perm("governance.break_glass"):
        if (done := _done_before(actor, repeat)) is not None:
            # A code serves once; who asks again after it did is told what it led to.
            return done
        # Before the transaction, which would forget how many codes were tried.
        people.second_factor.require(
            user=actor, code=said.get("code", ""), proved=said.get("proved", False)
        )
    step = partial(
        _take,
        action=action,
        number=number,
        actor=actor,
        expected_digest=expected_digest,
        repeat=repeat,
        said=said,
    )
    try:
        return step()
    except Conflict as refusal:
        if refusal.code == "policies_changed":
            # Others may have to decide; where nobody has to, it goes live after all.
            reasking.reask(number=number, at=timezone.now())
            return step()
        if action is Action.SUBMIT and refusal.code in reasking.NOBODY:
            keys = refusal.extra.get("keys", [])
            reasking.report_refused(number=number, code=refusal.code, keys=keys)
        raise


@transaction.atomic(durable=True)
def _done_before(actor: User, repeat: Repeat | None) -> LedgerEntry | None:
    before = answered(actor, repeat)
    return before.entry if before is not None else None


@transaction.atomic(durable=True)
def _take(
    *,
    action: Action,
    number: int,
    actor: User,
    expected_digest: str,
    repeat: Repeat | None,
    said: Said,
) -> LedgerEntry:
    # Lock before any check, so that of two clicks the second sees the state the first left.
    change = lock_change(number=number, actor=actor)
    before = answered(actor, repeat)
    if before is not None and before.entry is not None:
        return before.entry
    if expected_digest and expected_digest != change.digest:
        raise Stale(_("This change was edited after you opened it. Reload and look again."))
    entry = advance(change=change, action=action, actor=actor, **said)
    remember(actor, repeat, entry=entry)
    return entry


@transaction.atomic(savepoint=False)
def advance(*, change: Change, action: Action, actor: User, **said: Unpack[Said]) -> LedgerEntry:
    """The same for a change that the caller has locked."""
    standing = policies.Standing(actor, change)
    if action not in HANDLERS:
        raise Conflict(_("There is no such action on a change."))
    policies.can_take(standing, action).require()
    comment = clean_text(said.get("comment", ""), "comment")
    hunks = said.get("hunks")
    if policies.needs_comment(action) and not comment and not _says_it(action, change, actor):
        raise Invalid(
            _("This needs a few words."),
            errors={"comment": [_("Say what has to change, or why, so that others can act.")]},
        )
    step = Step(
        change=change,
        action=action,
        actor=actor,
        standing=standing,
        comment=comment,
        hunks=None if hunks is None else frozenset(hunks),
        publish_at=said.get("publish_at"),
        resolutions=said.get("resolutions"),
        after=said.get("after"),
        requirement=said.get("requirement", ""),
        person=said.get("person", ""),
        from_state=change.state,
    )
    return HANDLERS[action](step)


def _says_it(action: Action, change: Change, actor: User) -> bool:
    """Whether comments on passages, which are sent along, say what there is to say."""
    may = action in (Action.COMMENT, Action.REQUEST_CHANGES)
    return may and queries.has_draft_remarks(change, actor)


HANDLERS: dict[Action, Callable[[Step], LedgerEntry]] = {
    Action.SUBMIT: reviewing.submit,
    Action.APPROVE: reviewing.approve,
    Action.REQUEST_CHANGES: reviewing.request_changes,
    Action.COMMENT: reviewing.comment,
    Action.REJECT: closing.reject,
    Action.WITHDRAW: closing.withdraw,
    Action.SCHEDULE: closing.schedule,
    Action.UNSCHEDULE: closing.unschedule,
    Action.PUBLISH: publishing.publish,
    Action.ROLL_BACK: rolling_back.roll_back,
    Action.REBASE: rebasing.rebase,
    Action.QUEUE: queueing.queue,
    Action.APPOINT: appointing.appoint,
    Action.BREAK_GLASS: breaking.break_glass,
    Action.STAND_BY: breaking.stand_by,
    Action.OBJECT: breaking.object_to,
}


def publish_scheduled(*, number: int, again: bool = False) -> LedgerEntry | None:
    """Publish a scheduled change whose turn has come, as the system; None where that is done.

    What refuses the publication is recorded: the change goes back to approved, and its author and
    the people who may publish are told why. During a freeze it waits. Where only decisions are
    missing on what it is by now, it goes back into review, and those who have to decide are asked;
    where others decide than were asked, they are asked now, and it is tried once `again`.
    """
    try:
        return _publish_due(number)
    except DomainError as error:
        if error.code == "policies_changed" and not again:
            reasking.reask(number=number, at=timezone.now())
            return publish_scheduled(number=number, again=True)
        wait = error.extra.get("wait")
        if wait is not None and wait.refusing is None:
            return _postpone(number, wait)
        if error.code == "decisions_missing":
            with suppress(DomainError):
                return _carry_over(number)
        return _take_off_schedule(number, error.message)


@transaction.atomic(durable=True)
def _publish_due(number: int) -> LedgerEntry | None:
    change = _lock_due(number)
    if change is None:
        return None
    scheduler = queries.who_scheduled(change)
    if scheduler is None or not scheduler.is_active:
        raise Conflict(_("Whoever scheduled this has left. Somebody else has to publish it."))
    # The right is theirs at the time of publishing, not at that of scheduling.
    policies.can(scheduler, change, Action.PUBLISH).require()
    step = Step(change, Action.PUBLISH, None, None, from_state=change.state)
    return publishing.publish(step, on_behalf_of=scheduler)


@transaction.atomic(durable=True)
def _postpone(number: int, wait: Wait) -> LedgerEntry | None:
    """Let a due change wait for freezes to end; its author and whoever scheduled it are told."""
    change = _lock_due(number)
    if change is None:
        return None
    scheduler = queries.who_scheduled(change)
    step = Step(change, Action.SCHEDULE, None, None, from_state=change.state)
    people = {change.author_id} | ({scheduler.pk} if scheduler else set())
    return freezing.postpone(step, wait, people)


@transaction.atomic(durable=True)
def _carry_over(number: int) -> LedgerEntry | None:
    """Rebase a due change, as the system: whoever has to decide on the outcome is asked."""
    change = _lock_due(number)
    if change is None:
        return None
    scheduler = queries.who_scheduled(change)
    entry = rebasing.rebase(Step(change, Action.REBASE, None, None, from_state=change.state))
    _tell_failed(entry, scheduler)
    return entry


@transaction.atomic(durable=True)
def _take_off_schedule(number: int, reason: str) -> LedgerEntry | None:
    change = _lock_due(number)
    if change is None:
        return None
    scheduler = queries.who_scheduled(change)
    step = Step(change, Action.UNSCHEDULE, None, None, comment=reason, from_state=change.state)
    move(step, scheduled_for=None)
    entry = entry_of(step)
    _tell_failed(entry, scheduler)
    return entry


def _tell_failed(entry: LedgerEntry, scheduler: User | None) -> None:
    """Tell everybody who counted on it that a scheduled change did not go live."""
    change = entry.of_change
    people = {change.author_id, *queries.publisher_ids(change)}
    if scheduler is not None:
        people.add(scheduler.pk)
    tell(entry=entry, kind=NotificationKind.FAILED, people=people)


def _lock_due(number: int) -> Change | None:
    """The change, locked, if it is still scheduled and due: this is what makes it exactly once."""
    return (
        queries.due_to_publish()
        .select_for_update(of=("self",), no_key=True)
        .select_related("journey", "asset", "taxonomy")
        # Its author can be another when the lock is held: joined, the change would be missing.
        .prefetch_related("author")
        .filter(pk=number)
        .first()
    )
