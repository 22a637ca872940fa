"""Who must decide: the built-in rule, behind the one function `requirements_for`.

Every touched channel needs a lead of a team that stewards it, and every change needs the journey
manager (for an asset or a taxonomy: a lead of its owner team). Nobody decides on a change they
edited; where that leaves no journey manager, a lead of journey operations decides instead.
A roll-back returns to what was reviewed before: one of all these people decides, which is quick
and still takes two.
"""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from cjops.core.errors import Conflict
from governance.models import Change
from governance.proposals import Proposal
from governance.subjects import subject_of
from journeys.models import JourneyGrant
from people.models import Channel, Membership, MembershipRole, Role, Team, TeamKind

MANAGER_ROLE = "journey-manager"


@dataclass(frozen=True, slots=True)
class Source:
    """Where deciders come from; exactly one is set. `people` are the ids found there now."""

    channel: Channel | None = None
    team: Team | None = None
    role: Role | None = None
    people: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Draft:
    """A requirement before it is stored. `reason` is a code that `governance.wording` puts in
    words, `hunks` the digests to decide on."""

    key: str
    reason: str
    hunks: tuple[str, ...]
    sources: tuple[Source, ...]
    params: dict[str, Any] = field(default_factory=dict)


def requirements_for(change: Change, proposal: Proposal, editors: set[int]) -> list[Draft]:
    """The decisions that this proposal needs; never empty.

    Raises `Conflict` where nobody could make one of them, naming what is missing.
    """
    stewards = [
        (facts_channel, source) for facts_channel, source in _stewards(proposal, editors).items()
    ]
    owner = _owner(change, editors)
    if change.reverts_id:
        sources = (*(source for _channel, source in stewards), owner, _operations(editors))
        able = tuple(source for source in sources if source.people)
        if not able:
            raise Conflict(_nobody(_("this roll-back")))
        return [Draft("roll-back", "roll_back", tuple(sorted(proposal.digests)), able)]
    drafts = [
        Draft(
            f"steward:{channel}",
            "steward",
            tuple(sorted(f.hunk.digest for f in proposal.facts if channel in f.channels)),
            (source,),
            {"channel": channel},
        )
        for channel, source in stewards
    ]
    for draft in drafts:
        if not draft.sources[0].people:
            raise Conflict(_nobody(str(draft.sources[0].channel)))
    reason = "owner"
    if not owner.people:
        owner, reason = _operations(editors), "operations"
    if not owner.people:
        raise Conflict(_nobody(subject_of(change).name))
    return [*drafts, Draft("owner", reason, tuple(sorted(proposal.digests)), (owner,))]


def _nobody(what: str) -> str:
    return _(
        "Nobody may decide about “%(what)s”: everyone who could has edited this change, or the "
        "team has no lead. Ask journey operations to name somebody."
    ) % {"what": what}


def _stewards(proposal: Proposal, editors: set[int]) -> dict[str, Source]:
    """For each touched channel the leads of the teams that steward it."""
    channels = {c.key: c for c in Channel.objects.filter(key__in=proposal.channels)}
    leads: dict[str, set[int]] = {key: set() for key in channels}
    rows = Membership.objects.filter(
        role=MembershipRole.LEAD, user__is_active=True, team__channels__key__in=channels
    ).values_list("team__channels__key", "user_id")
    for key, user_id in rows:
        if key in leads:
            leads[key].add(user_id)
    return {
        key: Source(channel=channels[key], people=frozenset(leads[key] - editors))
        for key in sorted(channels)
    }


def _owner(change: Change, editors: set[int]) -> Source:
    """Who answers for the subject: the journey managers, or the owner team's leads."""
    if change.kind == "journey":
        role = Role.objects.get(key=MANAGER_ROLE)
        holders = JourneyGrant.objects.filter(journey=change.journey, role=role).values_list(
            "user_id", "team__memberships__user_id"
        )
        people = {person for pair in holders for person in pair if person}
        return Source(role=role, people=frozenset(people - editors))
    return _leads(Q(pk=subject_of(change).team_id), editors)  # type: ignore[attr-defined]


def _operations(editors: set[int]) -> Source:
    return _leads(Q(kind=TeamKind.JOURNEY_OPERATIONS), editors)


def _leads(which: Q, editors: set[int]) -> Source:
    team = Team.objects.filter(which).order_by("pk").first()
    if team is None:
        return Source()
    leads = team.memberships.filter(role=MembershipRole.LEAD, user__is_active=True)
    people = frozenset(set(leads.values_list("user_id", flat=True)) - editors)
    return Source(team=team, people=people)
