"""Where deciders come from, as policies name them, and who is found there now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from django.db.models import Q

from governance.models import Change, SourceKind
from governance.ruling.definitions import Reviewers
from governance.subjects import subject_of
from governance.visibility import who_see
from journeys.models import JourneyGrant
from people.models import Channel, Membership, MembershipRole, Role, Team, User

MANAGER_ROLE = "journey-manager"


@dataclass(frozen=True, slots=True)
class Source:
    """Where deciders come from; exactly one of the first four is set.

    `people` are the ids of those found there now who may decide on the change.
    """

    channel: Channel | None = None
    team: Team | None = None
    role: Role | None = None
    user: User | None = None
    with_members: bool = False
    kind: str = SourceKind.ASKED
    people: frozenset[int] = frozenset()
    # Ids of the teams on whose calendars their time is counted.
    teams: frozenset[int] = frozenset()

    @property
    def identity(self) -> tuple[int | None, int | None, int | None, int | None, bool, str]:
        """What it is told from others by."""
        rows = (self.channel, self.team, self.role, self.user)
        channel, team, role, user = (row.pk if row else None for row in rows)
        return channel, team, role, user, self.with_members, str(self.kind)


@dataclass(frozen=True, slots=True)
class Eligible:
    """Who may decide on a change at all: nobody who edited it, nobody who does not see it."""

    change: Change
    editors: set[int]

    def among(self, people: Iterable[int | None]) -> frozenset[int]:
        """Those of these people (ids) who may."""
        wanted = {person for person in people if person} - self.editors
        return frozenset(who_see(subject_of(self.change), wanted))


@dataclass
class Places:
    """Finds the people of several kinds of reviewers in a constant number of reads."""

    change: Change
    eligible: Eligible
    # All that will be asked for, and the keys of the channels touched.
    wanted: Sequence[Reviewers]
    channels: frozenset[str]
    _stewards: dict[str, Source] = field(default_factory=dict)
    _teams: list[tuple[Team, frozenset[int], frozenset[int]]] = field(default_factory=list)
    _roles: dict[str, Source] = field(default_factory=dict)
    _people: dict[str, User] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._read_teams()
        self._read_roles()
        self._read_people()
        self._rule_out()

    def of(self, reviewers: Iterable[Reviewers], kind: str = SourceKind.ASKED) -> list[Source]:
        """The sources these reviewers stand for, each once; some may have nobody now."""
        found = {
            source.identity: source
            for one in reviewers
            for source in (replace(source, kind=kind) for source in self._of(one))
        }
        return list(found.values())

    def stewards_of(self, channel: str, kind: str = SourceKind.ASKED) -> Source | None:
        """The leads of the teams that steward a channel; None for one that there is not."""
        source = self._stewards.get(channel)
        return replace(source, kind=kind) if source else None

    def _of(self, one: Reviewers) -> Iterable[Source]:
        if one.source == "stewards":
            return [self._stewards[key] for key in sorted(self._stewards)]
        if one.source == "owner":
            return self._owner()
        if one.source == "role":
            return [self._roles[one.key]] if one.key in self._roles else []
        if one.source == "people":
            known = [self._people[email] for email in one.people if email in self._people]
            return [Source(user=user, people=self._able({user.pk})) for user in known]
        return [
            Source(
                team=team,
                teams=frozenset({team.pk}),
                with_members=one.who == "members",
                people=self._able(members if one.who == "members" else leads),
            )
            for team, leads, members in self._teams
            if one.key == (team.key if one.source == "team" else team.kind)
        ]

    def _owner(self) -> Iterable[Source]:
        """Who answers for the subject: the journey managers, or the owner team's leads."""
        if self.change.kind == "journey":
            return [self._roles[MANAGER_ROLE]] if MANAGER_ROLE in self._roles else []
        return [
            Source(team=team, people=self._able(leads), teams=frozenset({team.pk}))
            for team, leads, _members in self._teams
            if team.pk == self._owner_team
        ]

    @property
    def _owner_team(self) -> int | None:
        if self.change.kind == "journey":
            return None
        return subject_of(self.change).team_id  # type: ignore[attr-defined,no-any-return]

    def named(self, user: User) -> Source:
        """Somebody who was appointed to decide, as far as they may."""
        people = self.eligible.among({user.pk}) if user.is_active else frozenset[int]()
        return Source(user=user, kind=SourceKind.APPOINTED, people=people)

    def _able(self, people: Iterable[int]) -> frozenset[int]:
        return self._may & frozenset(people)

    # --- reading -----------------------------------------------------------------------------

    def _names(self, source: str) -> set[str]:
        return {one.key for one in self.wanted if one.source == source}

    def _read_teams(self) -> None:
        """Teams named by key or kind, the owner team, and those that steward touched channels."""
        sources = {one.source for one in self.wanted}
        named = Q(key__in=self._names("team")) | Q(kind__in=self._names("team_kind"))
        if "owner" in sources and self._owner_team:
            named |= Q(pk=self._owner_team)
        channels: dict[str, Channel] = {}
        if "stewards" in sources and self.channels:
            channels = {c.key: c for c in Channel.objects.filter(key__in=self.channels)}
            named |= Q(channels__key__in=channels)
        teams = {team.pk: team for team in Team.objects.filter(named).distinct().order_by("pk")}
        leads: dict[int, set[int]] = {pk: set() for pk in teams}
        members: dict[int, set[int]] = {pk: set() for pk in teams}
        stewards: dict[str, set[int]] = {key: set() for key in channels}
        stewarding: dict[str, set[int]] = {key: set() for key in channels}
        rows = Membership.objects.filter(team__in=teams, user__is_active=True).values_list(
            "team_id", "user_id", "role", "team__channels__key"
        )
        for team, user, role, channel in rows if teams else ():
            members[team].add(user)
            if channel in stewards:
                stewarding[channel].add(team)
            if role == MembershipRole.LEAD:
                leads[team].add(user)
                if channel in stewards:
                    stewards[channel].add(user)
        self._teams = [
            (team, frozenset(leads[pk]), frozenset(members[pk])) for pk, team in teams.items()
        ]
        self._stewards = {
            key: Source(
                channel=channels[key],
                people=frozenset(people),
                teams=frozenset(stewarding[key]),
            )
            for key, people in stewards.items()
        }

    def _read_roles(self) -> None:
        keys = self._names("role")
        if any(one.source == "owner" for one in self.wanted):
            keys.add(MANAGER_ROLE)
        # A role is held on a journey; about anything else nobody decides by one.
        if not keys or self.change.kind != "journey":
            return
        roles = {role.pk: role for role in Role.objects.filter(key__in=keys)}
        held: dict[int, set[int]] = {pk: set() for pk in roles}
        grants = JourneyGrant.objects.filter(journey=self.change.journey_id, role__in=roles)
        for role, user, member in grants.values_list(
            "role_id", "user_id", "team__memberships__user_id"
        ):
            held[role] |= {person for person in (user, member) if person}
        active = set(
            User.objects.filter(pk__in=set().union(*held.values()), is_active=True)
            .order_by()
            .values_list("pk", flat=True)
        )
        self._roles = {
            role.key: Source(role=role, people=frozenset(held[pk] & active))
            for pk, role in roles.items()
        }

    def _read_people(self) -> None:
        emails = {email for one in self.wanted for email in one.people}
        if emails:
            rows = User.objects.filter(email__in=emails, is_active=True)
            self._people = {user.email: user for user in rows}

    def _rule_out(self) -> None:
        """Of everybody found, keep those who may decide on this change: one question for all."""
        found = {user.pk for user in self._people.values()}
        found |= {person for source in self._roles.values() for person in source.people}
        found |= {person for source in self._stewards.values() for person in source.people}
        found |= {person for _team, _leads, members in self._teams for person in members}
        self._may = self.eligible.among(found)
        for known in (self._roles, self._stewards):
            for key, source in known.items():
                known[key] = replace(source, people=self._able(source.people))
