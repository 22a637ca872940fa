"""Who must decide about a change, why, and who has; on a draft, who would have to."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q

from cjops.core.errors import Conflict
from governance import queries, rules, wording
from governance.gathering import circumstances_of
from governance.models import Change, Policy, Requirement, RequirementSource, Review
from governance.naming import Labels
from governance.proposals import proposal_of
from governance.smaller import Saving, savings
from governance.transitions import EDITABLE, State
from people.models import Channel, User


@dataclass(frozen=True, slots=True)
class Decision:
    """One requirement: `able` may meet it now, `given_by` approved all its hunks."""

    key: str
    reason: str
    why: str
    hunks: tuple[str, ...]
    quorum: int
    due_at: datetime | None
    met_at: datetime | None
    able: tuple[User, ...]
    given_by: tuple[User, ...] = ()
    label: str = ""
    round: int = 1
    # The policy that asks, and its version.
    policy: str = ""
    version: int = 0
    policy_label: str = ""
    # By id of those who approved on behalf of somebody, whom.
    behalf: dict[int, User] = field(default_factory=dict)
    # Whether its round is there; whether nobody could meet it; since when it is escalated.
    is_open: bool = True
    is_stuck: bool = False
    escalated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Decisions:
    """All that a change needs. `is_preview`: submitting it now would ask for these.

    `blocked` is the reason why submitting would be refused: nobody could decide.
    """

    items: tuple[Decision, ...]
    is_preview: bool = False
    blocked: str = ""
    # What would take fewer decisions, if the change were smaller.
    smaller: tuple[Saving, ...] = ()


def decisions_on(change: Change, reader: User | None) -> Decisions:
    """The requirements of the current revision, or what they would be before it is submitted, as
    one reader may know them; None is the portal itself."""
    stored = list(
        change.requirements.filter(revision=change.revision)
        .select_related("policy__policy")
        .prefetch_related("sources")
    )
    if stored or change.state not in EDITABLE:
        return Decisions(tuple(_stored(change, stored, reader)))
    return _preview(change, reader)


def _stored(
    change: Change, requirements: list[Requirement], reader: User | None
) -> Iterable[Decision]:
    if not requirements:
        return
    reviews, editors = queries.verdicts_on(change), queries.editor_ids(change)
    people = {review.reviewer_id: review.reviewer for review in reviews}
    able = queries.deciders(requirements, change, editors)
    labels, names = channel_labels(requirements), Labels(reader)
    for requirement in requirements:
        given = queries.approvers(requirement, reviews, editors)
        yield Decision(
            key=requirement.key,
            reason=requirement.reason,
            why=wording.reason(
                requirement, labels.get(requirement.params.get("channel", ""), ""), names
            ),
            hunks=tuple(requirement.hunks),
            label=wording.decision_name(
                requirement, labels.get(requirement.params.get("channel", ""), "")
            ),
            policy_label=requirement.policy.policy.label if requirement.policy else "",
            behalf=_behalf(requirement, reviews, given),
            round=requirement.round,
            policy=requirement.policy.policy.key if requirement.policy else "",
            version=requirement.policy.number if requirement.policy else 0,
            is_open=requirement.opened_at is not None,
            is_stuck=is_stuck(requirement, able[requirement.pk]),
            escalated_at=requirement.escalated_at,
            quorum=requirement.quorum,
            due_at=requirement.due_at,
            met_at=requirement.met_at,
            able=tuple(able[requirement.pk]),
            given_by=tuple(people[person] for person in sorted(given)),
        )


def _behalf(
    requirement: Requirement, reviews: list[Review], given: Collection[int]
) -> dict[int, User]:
    """For whom people approved, by their id, where that was somebody else."""
    return {
        review.reviewer_id: review.on_behalf_of
        for review in reviews
        if review.on_behalf_of and review.reviewer_id in given
        if requirement.key in review.covers
    }


def is_stuck(requirement: Requirement, able: Collection[User]) -> bool:
    """Whether nobody is left who could meet it together with those who have."""
    if requirement.met_at is not None:
        return False
    people = {user.pk for user in able}.union(requirement.approved_by)
    return requirement.stuck_at is not None or len(people) < requirement.quorum


def _preview(change: Change, reader: User | None) -> Decisions:
    proposal = proposal_of(change)
    if not proposal.hunks:
        return Decisions((), is_preview=True)
    about, ruling = circumstances_of(change), queries.ruling()
    editors = queries.editor_ids(change)
    found = rules.rulings_on(change, proposal, editors, about=about, ruling=ruling)
    items = tuple(would_be(found, reader))
    names = Labels(reader)
    smaller = savings(proposal, about, ruling, channel_label=lambda key: names("channels", key))
    return Decisions(items, is_preview=True, blocked=_blocked(found), smaller=tuple(smaller))


def _blocked(found: rules.Rulings) -> str:
    try:
        found.require()
    except Conflict as refusal:
        return refusal.message
    return ""


def would_be(found: rules.Rulings, reader: User | None) -> Iterable[Decision]:
    """What would be asked, as if it were stored; the reader is told no key they may not know."""
    ids = {person for draft in found.drafts for person in draft.people}
    people = User.objects.filter(is_active=True).in_bulk(ids)
    # Unsaved rows: only to be put into words the way stored ones are.
    requirements = [
        Requirement(
            key=draft.key, params=draft.params, label=draft.label, matched=list(draft.matched)
        )
        for draft in found.drafts
    ]
    labels, names = channel_labels(requirements), Labels(reader)
    keys = {draft.policy for draft in found.drafts}
    policies = {row.key: row.label for row in Policy.objects.filter(key__in=keys)}
    for draft, requirement in zip(found.drafts, requirements, strict=True):
        channel = labels.get(draft.params.get("channel", ""), "")
        yield Decision(
            key=draft.key,
            reason=requirement.reason,
            why=wording.reason(requirement, channel, names),
            hunks=draft.hunks,
            quorum=draft.need.quorum,
            due_at=None,
            met_at=None,
            able=_by_name(people, draft),
            label=wording.decision_name(requirement, channel),
            policy_label=policies.get(draft.policy, draft.policy),
            round=draft.need.round,
            policy=draft.policy,
            version=draft.number,
            is_stuck=draft.key in found.stuck,
        )


def _by_name(people: dict[int, User], draft: rules.Draft) -> tuple[User, ...]:
    found = [people[person] for person in draft.people if person in people]
    return tuple(sorted(found, key=lambda user: (user.name, user.pk)))


def channel_labels(requirements: Iterable[Requirement]) -> dict[str, str]:
    """The names of the channels that requirements are about, by key, in the reader's language."""
    keys = {str(requirement.params.get("channel", "")) for requirement in requirements} - {""}
    if not keys:
        return {}
    return {channel.key: channel.label for channel in Channel.objects.filter(key__in=keys)}


def roles_asked_for(user: User, numbers: list[int]) -> dict[int, list[RequirementSource]]:
    """By change number, as what the person is asked to decide now: why the change is in their list.

    With the channel, team, role or person of each source, in the order of the requirements.
    """
    edited = queries.edited_by(user, OuterRef("requirement__change"))
    sources = (
        RequirementSource.objects.filter(
            queries.sources_of(user),
            Q(requirement__change__state=State.IN_REVIEW)
            | Q(requirement__change__after_review_due_at__isnull=False),
            ~Exists(edited),
            requirement__change__in=numbers,
            requirement__opened_at__isnull=False,
            requirement__revision=F("requirement__change__revision"),
            requirement__met_at=None,
        )
        .exclude(requirement__change__author=user)
        .select_related("requirement", "channel", "team", "role", "user")
        .order_by("requirement")
    )
    found: dict[int, list[RequirementSource]] = {}
    for source in sources if numbers else ():
        found.setdefault(source.requirement.change_id, []).append(source)
    return found
