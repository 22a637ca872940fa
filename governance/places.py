"""Where deciders come from, as policies name them, and who is found there now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import FilteredRelation, Q

from governance.models import Change, SourceKind
from governance.ruling.definitions import Reviewers
from governance.subjects import subject_of
from governance.visibility import who_see
from people.calendars import Calendar, Calendars
from people.models import Channel, MembershipRole, Role, Team, User

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

    def calendars(self, known: Calendars) -> dict[int, Calendar | None]:
        """By id of each team that may be asked the calendar its time is counted on."""
        return {team.pk: known.of(team.calendar_id) for team, _leads, _members in self._teams}

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
        touched = self.channels if "stewards" in sources else frozenset[str]()
        if touched:
            named |= Q(channels__key__in=touched)
        channels: dict[str, Channel] = {}
        teams: dict[int, Team] = {}
        leads: dict[int, set[int]] = {}
        members: dict[int, set[int]] = {}
        stewards: dict[str, set[int]] = {key: set() for key in touched}
        stewarding: dict[str, set[int]] = {key: set() for key in touched}
        # A team without anybody is one row all the same.
        rows = Team.objects.filter(named).order_by("pk")
        for pk, key, kind, calendar, channel, *labelled, user, is_active, role in rows.values_list(
            "pk",
            "key",
            "kind",
            "calendar_id",
            "channels__key",
            "channels__id",
            "channels__name",
            "channels__name_zh_hans",
            "channels__name_zh_hant",
            "memberships__user_id",
            "memberships__user__is_active",
            "memberships__role",
        ):
            teams[pk] = Team(pk=pk, key=key, kind=kind, calendar_id=calendar)
            found = {user} if user and is_active else set()
            leading = found if role == MembershipRole.LEAD else set()
            members.setdefault(pk, set()).update(found)
            leads.setdefault(pk, set()).update(leading)
            if channel in stewards:
                channels[channel] = _channel(channel, *labelled)
                stewarding[channel].add(pk)
                stewards[channel] |= leading
        self._teams = [
            (team, frozenset(leads[pk]), frozenset(members[pk])) for pk, team in teams.items()
        ]
        if alone := touched - channels.keys():
            # Nobody stewards it: that is to be told by its name.
            channels |= {row.key: row for row in Channel.objects.filter(key__in=alone)}
        self._stewards = {
            key: Source(
                channel=channels[key],
                people=frozenset(people),
                teams=frozenset(stewarding[key]),
            )
            for key, people in stewards.items()
            if key in channels
        }

    def _read_roles(self) -> None:
        keys = self._names("role")
        if any(one.source == "owner" for one in self.wanted):
            keys.add(MANAGER_ROLE)
        # A role is held on a journey; about anything else nobody decides by one.
        if not keys or self.change.kind != "journey":
            return
        here = Q(journey_roles__journey=self.change.journey_id)
        roles = Role.objects.filter(key__in=keys).annotate(
            held=FilteredRelation("journey_roles", condition=here)
        )
        rows = roles.order_by("pk").values_list(
            "pk",
            "key",
            "held__user_id",
            "held__user__is_active",
            "held__team__memberships__user_id",
            "held__team__memberships__user__is_active",
        )
        people: dict[tuple[int, str], set[int]] = {}
        for pk, key, user, is_active, member, is_active_member in rows:
            holders = people.setdefault((pk, key), set())
            holders |= {user} if is_active else set()
            holders |= {member} if is_active_member else set()
        self._roles = {
            key: Source(role=Role(pk=pk, key=key), people=frozenset(holders))
            for (pk, key), holders in people.items()
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


def _channel(key: str, pk: Any, name: Any, name_zh_hans: Any, name_zh_hant: Any) -> Channel:
    return Channel(pk=pk, key=key, name=name, name_zh_hans=name_zh_hans, name_zh_hant=name_zh_hant)
