"""Asking anew who decides on changes under way, when policies or people are others now."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone

from governance import queries, rules
from governance.gathering import circumstances_of
from governance.models import (
    Change,
    LedgerEntry,
    NotificationKind,
    Requirement,
    SourceKind,
)
from governance.proposals import proposal_of
from governance.services.asking import asked_of, settle, store, stuck_among
from governance.services.locking import share_policies
from governance.services.recording import record, tell
from governance.services.retaking import tell_approved
from governance.transitions import Action, State

log = structlog.get_logger(__name__)
# Decided on, or waiting to go live on what was decided.
UNDER_WAY = (State.IN_REVIEW, State.APPROVED, State.SCHEDULED)
# Codes of the refusals of a submission on which nobody could decide.
NOBODY = ("nobody_eligible", "no_policy")


@dataclass(frozen=True, slots=True)
class Difference:
    """Keys of the requirements that came, went, or are others than they were."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    altered: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.altered)


@transaction.atomic(durable=True)
def reask(*, number: int, at: datetime | None = None) -> LedgerEntry | None:
    """Ask anew who decides on a change; None where nothing about it is different.

    What is decided already keeps counting towards what is asked as before. Where no policy asks
    anybody any more, what was asked stays, and the change does not go live. The author, those who
    have decided and those who are newly asked are told.

    `at` is when it would go live, by default when it is scheduled for, or when people were asked
    last: weekends and freezes that pass by meanwhile are no news.
    """
    return ask_again(number=number, at=at)


@transaction.atomic(savepoint=False)
def ask_again(*, number: int, at: datetime | None = None) -> LedgerEntry | None:
    """The same inside the caller's transaction."""
    change = _locked(number)
    if change is None:
        return None
    share_policies()
    editors = queries.editor_ids(change)
    about = circumstances_of(change, at or change.scheduled_for or _last_asked(change))
    found = rules.rulings_on(change, proposal_of(change), editors, about=about)
    stored = list(change.requirements.filter(revision=change.revision).prefetch_related("sources"))
    if found.uncovered or not found.drafts:
        return _blocked(change, stored)
    difference = difference_between(stored, found.drafts)
    newly: set[int] = set()
    if difference or late_asks_others(stored, found.drafts):
        told = {one.key for one in stored if one.stuck_at is not None}
        asked = store(change, found, editors, keep=change.revision)
        newly, is_met, stuck = asked.newly, not asked.waiting, set(asked.stuck - told)
        stored = list(change.requirements.filter(revision=change.revision))
    else:
        _same(change, stored, found)
        is_met = settle(change, stored, queries.verdicts_on(change), editors).is_met
        stuck = _mark_stuck(stored, stuck_among(stored, found.drafts))
    before = change.state
    fields = _fields(change, stored, is_met=is_met)
    for name, value in fields.items():
        setattr(change, name, value)
    change.save(update_fields=["policy_stamp", *fields])
    if not difference and not stuck and change.state == before:
        return None
    entry = record(
        change=change,
        action=Action.RETAKE,
        actor=None,
        from_state=before,
        data={
            "added": list(difference.added),
            "removed": list(difference.removed),
            "altered": list(difference.altered),
            "stuck": sorted(stuck),
            "policies": sorted({draft.version for draft in found.drafts if draft.version}),
        },
    )
    _tell(entry, newly, stuck, told=bool(difference) or change.state != before)
    return entry


def _last_asked(change: Change) -> datetime | None:
    sheets = change.fact_sheets.filter(revision=change.revision)
    return sheets.values_list("taken_at", flat=True).first()


def late_asks_others(stored: Collection[Requirement], drafts: Collection[rules.Draft]) -> bool:
    """Whether others are to be asked when a decision is late: no news to anybody yet."""
    before = {one.key: asked_of(one, SourceKind.ESCALATION) for one in stored}
    now = {draft.key: draft.asked_of(SourceKind.ESCALATION) for draft in drafts}
    return before != now


def _locked(number: int) -> Change | None:
    return (
        queries.with_live(Change.objects.select_for_update(of=("self",), no_key=True))
        # Its author can be another when the lock is held: joined, the change would be missing.
        .prefetch_related("author")
        .filter(pk=number, state__in=UNDER_WAY)
        .first()
    )


def difference_between(
    stored: Collection[Requirement], drafts: Collection[rules.Draft]
) -> Difference:
    """What is asked now beside what was asked; `stored` come with their sources prefetched."""
    before = {one.key: signature(one) for one in stored}
    now = {draft.key: draft.signature for draft in drafts}
    return Difference(
        added=tuple(sorted(now.keys() - before.keys())),
        removed=tuple(sorted(before.keys() - now.keys())),
        altered=tuple(sorted(k for k in now.keys() & before.keys() if now[k] != before[k])),
    )


def signature(requirement: Requirement) -> tuple[object, ...]:
    """As `rules.Draft.signature` of what was stored."""
    return (
        requirement.key,
        frozenset(requirement.hunks),
        requirement.quorum,
        requirement.round,
        requirement.distinct,
        requirement.leavers_fall,
        asked_of(requirement, SourceKind.ASKED, SourceKind.APPOINTED),
    )


def _same(change: Change, stored: list[Requirement], found: rules.Rulings) -> None:
    """The same is asked, by newer versions of the policies perhaps."""
    by_key = {draft.key: draft for draft in found.drafts}
    for one in stored:
        one.policy_id, one.label = by_key[one.key].version, by_key[one.key].label
    Requirement.objects.bulk_update(stored, ["policy", "label"])
    change.policy_stamp = found.stamp


def _mark_stuck(stored: list[Requirement], stuck: frozenset[str]) -> set[str]:
    """Note which decisions nobody may make now; the keys of those that were not stuck before."""
    now, newly = timezone.now(), set()
    for one in stored:
        is_stuck = one.key in stuck and one.met_at is None
        if is_stuck and one.stuck_at is None:
            newly.add(one.key)
        one.stuck_at = (one.stuck_at or now) if is_stuck else None
    Requirement.objects.bulk_update(stored, ["stuck_at"])
    return newly


def _fields(change: Change, stored: list[Requirement], *, is_met: bool) -> dict[str, Any]:
    """The state that follows from what is left to decide."""
    if is_met:
        return {"state": State.APPROVED} if change.state == State.IN_REVIEW else {}
    due = [one.due_at for one in stored if one.due_at and one.met_at is None]
    fields: dict[str, Any] = {"due_at": min(due, default=change.due_at)}
    if change.state != State.IN_REVIEW:
        fields |= {"state": State.IN_REVIEW, "scheduled_for": None}
    return fields


def _blocked(change: Change, stored: list[Requirement]) -> LedgerEntry | None:
    """No policy asks anybody about all of it any more: it waits until one does."""
    before = change.state
    if before == State.IN_REVIEW and all(one.stuck_at for one in stored if one.met_at is None):
        return None
    newly = _mark_stuck(stored, frozenset(one.key for one in stored))
    change.state, change.scheduled_for, change.policy_stamp = State.IN_REVIEW, None, ""
    change.save(update_fields=["state", "scheduled_for", "policy_stamp"])
    entry = record(
        change=change,
        action=Action.RETAKE,
        actor=None,
        from_state=before,
        data={"added": [], "removed": [], "altered": [], "stuck": sorted(newly), "blocked": True},
    )
    _tell(entry, set(), newly or {""}, told=before != State.IN_REVIEW)
    return entry


def _tell(entry: LedgerEntry, newly: set[int], stuck: set[str], *, told: bool) -> None:
    change = entry.of_change
    tell(entry=entry, kind=NotificationKind.DECISION_WANTED, people=newly)
    if stuck:
        leads = {user.pk for user in queries.governance_leads()}
        people = leads | {change.author_id}
        tell(entry=entry, kind=NotificationKind.STUCK, people=people)
    if told:
        spoke = {review.reviewer_id for review in queries.verdicts_on(change)}
        people = (spoke | {change.author_id}) - newly
        tell(entry=entry, kind=NotificationKind.RETAKEN, people=people)
    if change.state == State.APPROVED and entry.from_state == State.IN_REVIEW:
        tell_approved(entry, but=None)


@transaction.atomic(durable=True)
def report_refused(*, number: int, code: str, keys: Collection[str]) -> None:
    """Tell governance leads that a change cannot be submitted since nobody could decide on it.

    Once for a revision; its author has just been told.
    """
    change = (
        queries.with_live(Change.objects.select_for_update(of=("self",), no_key=True))
        .filter(pk=number)
        .first()
    )
    if change is not None:
        tell_refused(change, code, keys)


def tell_refused(change: Change, code: str, keys: Collection[str]) -> None:
    """The same inside the caller's transaction, for a change that it has locked."""
    known = change.ledger.filter(action=Action.RETAKE, revision=change.revision, actor=None)
    if known.filter(data__refused=code).exists():
        return
    data = {"added": [], "removed": [], "altered": [], "stuck": sorted(keys), "refused": code}
    entry = record(
        change=change, action=Action.RETAKE, actor=None, from_state=change.state, data=data
    )
    leads = {user.pk for user in queries.governance_leads()} - {change.author_id}
    tell(entry=entry, kind=NotificationKind.STUCK, people=leads)
