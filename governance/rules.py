"""Who must decide: the built-in rule, behind the one function `requirements_for`.

Every touched channel needs a lead of a team that stewards it, and every change needs the journey
manager (for an asset or a taxonomy: a lead of its owner team). Nobody decides on a change they
edited or cannot see; where that leaves no journey manager, a lead of journey operations decides
instead. A roll-back returns to what was reviewed before: one of all these people decides, which is
quick and still takes two. Once somebody edits it, it is a change like any other.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from cjops.core.errors import Conflict
from governance import queries
from governance.models import Change
from governance.proposals import Proposal
from governance.subjects import subject_of
from governance.visibility import who_see
from journeys.models import JourneyGrant
from people.models import Channel, Membership, MembershipRole, Role, Team, TeamKind, User

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
    eligible = Eligible(change, editors)
    stewards = _stewards(proposal, eligible)
    owner = _owner(change, eligible)
    everything = tuple(sorted(proposal.digests))
    if queries.is_plain_roll_back(change):
        able = tuple(s for s in (*stewards.values(), *owner, *_operations(eligible)) if s.people)
        if not able:
            raise Conflict(_nobody(_("this roll-back")))
        return [Draft("roll-back", "roll_back", everything, able)]
    drafts = [
        Draft(
            f"steward:{channel}",
            "steward",
            tuple(sorted(f.hunk.digest for f in proposal.facts if channel in f.channels)),
            (source,),
            {"channel": channel},
        )
        for channel, source in stewards.items()
    ]
    for draft in drafts:
        if not draft.sources[0].people:
            raise Conflict(_nobody(str(draft.sources[0].channel)))
    # A key of its own: what somebody approved as the owner does not count for operations.
    key, who = "owner", _able(owner)
    if not who:
        key, who = "operations", _able(_operations(eligible))
    if not who:
        raise Conflict(_nobody(subject_of(change).name))
    return [*drafts, Draft(key, key, everything, who)]


@dataclass(frozen=True, slots=True)
class Eligible:
    """Who may decide on a change at all: nobody who edited it, nobody who does not see it."""

    change: Change
    editors: set[int]

    def among(self, people: Iterable[int | None]) -> frozenset[int]:
        """Those of these people (ids) who may."""
        wanted = {person for person in people if person} - self.editors
        return frozenset(who_see(subject_of(self.change), wanted))


def _able(sources: Iterable[Source]) -> tuple[Source, ...]:
    return tuple(source for source in sources if source.people)


def _nobody(what: str) -> str:
    return _(
        "Nobody may decide about “%(what)s”: everyone who could has edited this change or does not "
        "see it, or the team has no lead. Ask journey operations to name somebody."
    ) % {"what": what}


def _stewards(proposal: Proposal, eligible: Eligible) -> dict[str, Source]:
    """For each touched channel the leads of the teams that steward it."""
    channels = {c.key: c for c in Channel.objects.filter(key__in=proposal.channels)}
    leads: dict[str, set[int]] = {key: set() for key in channels}
    rows = Membership.objects.filter(
        role=MembershipRole.LEAD, user__is_active=True, team__channels__key__in=channels
    ).values_list("team__channels__key", "user_id")
    for key, user_id in rows:
        if key in leads:
            leads[key].add(user_id)
    able = eligible.among(set().union(*leads.values()))
    return {key: Source(channel=channels[key], people=able & leads[key]) for key in sorted(leads)}


def _owner(change: Change, eligible: Eligible) -> list[Source]:
    """Who answers for the subject: the journey managers, or the owner team's leads."""
    if change.kind != "journey":
        return _leads(Q(pk=subject_of(change).team_id), eligible)  # type: ignore[attr-defined]
    role = Role.objects.get(key=MANAGER_ROLE)
    grants = JourneyGrant.objects.filter(journey=change.journey, role=role)
    holders = User.objects.filter(is_active=True).filter(
        Q(pk__in=grants.values("user")) | Q(memberships__team__in=grants.values("team"))
    )
    people = eligible.among(holders.values_list("pk", flat=True))
    return [Source(role=role, people=people)]


def _operations(eligible: Eligible) -> list[Source]:
    return _leads(Q(kind=TeamKind.JOURNEY_OPERATIONS), eligible)


def _leads(which: Q, eligible: Eligible) -> list[Source]:
    """A source for each of the teams."""
    teams = Team.objects.filter(which).order_by("pk").in_bulk()
    leads = Membership.objects.filter(
        team__in=teams, role=MembershipRole.LEAD, user__is_active=True
    ).values_list("team_id", "user_id")
    able = eligible.among(user for _team, user in leads)
    return [
        Source(team=team, people=frozenset(u for t, u in leads if t == pk and u in able))
        for pk, team in teams.items()
    ]
