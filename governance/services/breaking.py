"""Breaking glass: going live without the approvals, and the review afterwards that it takes."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from cjops.core.errors import Conflict
from governance import queries, rules
from governance.models import (
    Change,
    LedgerEntry,
    Notification,
    NotificationKind,
    Requirement,
    RequirementSource,
    Verdict,
)
from governance.proposals import proposal_of
from governance.services import publishing
from governance.services.asking import settle, store
from governance.services.locking import share_policies
from governance.services.recording import tell
from governance.services.reviewing import give, on_behalf, say
from governance.services.steps import Step, entry_of, move
from governance.subjects import subject_of
from governance.visibility import who_see
from people.models import User

# The decision that is asked for where no policy asks for any.
LOOK_BACK = "after-review"


def break_glass(step: Step) -> LedgerEntry:
    """Publish without the approvals; those who were not heard look at it afterwards.

    Checks, conflicts and what is live are respected as in any publication. Raises `Conflict` where
    nothing is missing, and what publishing raises.
    """
    assert step.actor is not None  # noqa: S101
    change = step.change
    if not proposal_of(change).hunks:
        raise Conflict(_("This change does not change anything yet. Edit it first."))
    missing = _missing(change, step.actor)
    if not missing:
        raise Conflict(
            _("Everybody has decided already, so there is no glass to break. Publish it."),
            code="nothing_missing",
        )
    # From here on the person is one of those whose work it is: they do not look at it themselves.
    change.glass_broken_by = step.actor
    due_at = timezone.now() + timedelta(hours=settings.CJOPS["HOURS_TO_LOOK_BACK"])
    change.after_review_due_at = due_at
    change.save(update_fields=["glass_broken_by", "after_review_due_at", "policy_stamp"])
    entry = publishing.publish(step)
    Requirement.objects.filter(pk__in=[one.pk for one in missing]).update(
        opened_at=entry.at, due_at=due_at, remind_at=None, escalate_at=None
    )
    rows = change.requirements.filter(pk__in=[one.pk for one in missing])
    able = queries.deciders(list(rows.prefetch_related("sources")), change)
    asked = {user.pk for users in able.values() for user in users}
    asked |= {user.pk for user in queries.governance_leads()}
    tell(entry=entry, kind=NotificationKind.AFTER_REVIEW, people=asked, but=step.actor)
    return entry


def _missing(change: Change, breaker: User) -> list[Requirement]:
    """The decisions that nobody made on the newest revision; asked for now where they were not."""
    share_policies()
    editors = queries.editor_ids(change) | {breaker.pk}
    found = rules.rulings_on(change, proposal_of(change), editors)
    store(change, found, editors)
    stored = list(change.requirements.filter(revision=change.revision))
    unmet = [one for one in stored if one.met_at is None and one.key not in found.stuck]
    if found.uncovered or found.stuck or not stored:
        # Nobody was to be asked, or nobody could be: then those who keep the rules look at it.
        unmet.append(_ask_leads(change, editors))
    return unmet


def _ask_leads(change: Change, editors: set[int]) -> Requirement:
    """A decision of the governance leads on the whole change, as far as it can be theirs."""
    requirement = Requirement.objects.create(
        change=change,
        revision=change.revision,
        key=LOOK_BACK,
        hunks=sorted(proposal_of(change).digests),
        params={"timing": {"hours": 72, "remind": None, "escalate": None, "teams": []}},
        opened_at=timezone.now(),
        due_at=change.after_review_due_at,
    )
    _name_leads(change, requirement, editors)
    return requirement


def _name_leads(change: Change, requirement: Requirement, editors: set[int]) -> set[int]:
    """Let those decide who look after the rules now and see the change; their ids."""
    superusers = User.objects.filter(is_superuser=True, is_active=True)
    for able in (queries.governance_leads(), superusers):
        people = {user.pk for user in able} - editors
        if seeing := who_see(subject_of(change), people) if people else set():
            known = set(requirement.sources.values_list("user", flat=True))
            RequirementSource.objects.bulk_create(
                RequirementSource(requirement=requirement, user_id=pk)
                for pk in sorted(seeing - known)
            )
            return seeing
    return set()


@transaction.atomic(durable=True)
def mind_after_review(*, number: int) -> bool:
    """Ask governance leads where nobody is left who could look at it; whether that was so."""
    changes = Change.objects.select_for_update(of=("self",), no_key=True)
    change = (
        changes.select_related("journey", "asset", "taxonomy")
        # Its author can be another when the lock is held: joined, the change would be missing.
        .prefetch_related("author")
        .filter(pk=number, after_review_due_at__isnull=False)
        .first()
    )
    if change is None:
        return False
    waiting = list(
        change.requirements.filter(
            revision=change.revision, met_at=None, stuck_at=None, opened_at__isnull=False
        ).prefetch_related("sources")
    )
    editors = queries.editor_ids(change)
    able = queries.deciders(waiting, change, editors)
    stuck = [one.pk for one in waiting if not able[one.pk]]
    look_back = change.requirements.filter(revision=change.revision, key=LOOK_BACK).first()
    is_lost = look_back and look_back.met_at is None and not able.get(look_back.pk)
    # Where those who were named are gone, their successors look at it.
    if look_back and is_lost and (successors := _name_leads(change, look_back, editors)):
        _tell_once(change, NotificationKind.AFTER_REVIEW, successors)
        Requirement.objects.filter(pk=look_back.pk).update(stuck_at=None)
        stuck = [pk for pk in stuck if pk != look_back.pk]
    if not stuck:
        return False
    Requirement.objects.filter(pk__in=stuck).update(stuck_at=timezone.now())
    if look_back is None:
        _ask_leads(change, editors)
    _tell_once(change, NotificationKind.STUCK, {user.pk for user in queries.governance_leads()})
    return True


def _tell_once(change: Change, kind: NotificationKind, people: set[int]) -> None:
    """Tell those who were not told so of what last happened to the change."""
    entry = change.ledger.order_by("-pk").first()
    if entry is not None:
        known = Notification.objects.filter(entry=entry, kind=kind, change=change)
        tell(entry=entry, kind=kind, people=people - set(known.values_list("user", flat=True)))


def stand_by(step: Step) -> LedgerEntry:
    """Agree afterwards; with the last one who was not heard the review ends."""
    change = step.change
    data, settled = give(step)
    unmet = change.requirements.filter(
        revision=change.revision, met_at=None, opened_at__isnull=False
    )
    # What nobody could look at is looked at by the governance leads, whoever they come to be.
    is_over = settled.is_met or not unmet.filter(Q(stuck_at=None) | Q(key=LOOK_BACK)).exists()
    move(step, **({"after_review_due_at": None} if is_over else {}))
    entry = entry_of(step, **data, over=is_over)
    if is_over and change.glass_broken_by_id:
        told = [change.glass_broken_by_id, change.author_id]
        tell(entry=entry, kind=NotificationKind.APPROVED, people=told, but=step.actor)
    return entry


def object_to(step: Step) -> LedgerEntry:
    """Say afterwards that it should not have gone live: whoever may publish can roll it back.

    The review stays open until it is rolled back, or whoever objects stands by it after all.
    """
    assert step.actor is not None and step.standing is not None  # noqa: S101, PT018
    change = step.change
    reviews = say(step, Verdict.REQUEST_CHANGES, step.standing.requirements)
    verdicts = [*step.standing.verdicts, *reviews]
    settle(change, step.standing.all_requirements, verdicts, step.standing.editors)
    move(step)
    entry = entry_of(step, **on_behalf(reviews))
    told = queries.publisher_ids(change) | {change.author_id, change.glass_broken_by_id or 0}
    tell(entry=entry, kind=NotificationKind.CHANGES_REQUESTED, people=told, but=step.actor)
    return entry
