"""How those who decide get on: what waits for them, how long they take, who has no second."""

import bisect
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Q, Window
from django.db.models.functions import Coalesce
from django.utils import timezone

from governance.models import ChangeRevision
from governance.queries.few import few_for
from governance.replaying import MANAGER_ROLE
from journeys.models import Journey, JourneyRole
from people.calendars import Calendar, calendars_of_teams
from people.models import Channel, Membership, MembershipRole, Team, User, label_here

SHOWN = 50
# Nobody waits longer for a decision than this counts.
LONGEST = timedelta(days=400)


@dataclass
class Standing:
    """How one team or one person gets on; hours are working hours."""

    name: str
    key: str
    able: int = 1
    waiting: int = 0
    overdue: int = 0
    hours: list[float] = field(default_factory=list)

    @property
    def decided(self) -> int:
        """Decisions made in the period."""
        return len(self.hours)

    @property
    def median(self) -> float | None:
        """The time in which half of them were made; None where there were none."""
        return _quantile(self.hours, 0.5)

    @property
    def p90(self) -> float | None:
        """The time in which nine of ten were made."""
        return _quantile(self.hours, 0.9)

    @property
    def load(self) -> float | None:
        """Open decisions for each person who could make them; None where nobody could."""
        return self.waiting / self.able if self.able else None


@dataclass(frozen=True, slots=True)
class Fragile:
    """A place at which only one person could decide, or nobody. `kind` is channel, team, journey,
    or need: what a policy asks of somebody wherever it applies; its key is that of the policy."""

    kind: str
    key: str
    name: str
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Health:
    """All of it; `fragile_journeys` is how many there are beyond those that are listed."""

    teams: list[Standing]
    people: list[Standing]
    fragile: list[Fragile]
    fragile_total: int


def _quantile(values: list[float], share: float) -> float | None:
    """The value that so large a share of them does not exceed."""
    if not values:
        return None
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


class Clock:
    """Working hours between many pairs of moments: `working_hours_between`, with the days of the
    calendar laid out once."""

    def __init__(self, calendar: Calendar | None, start: datetime, end: datetime) -> None:
        self.is_plain = calendar is None
        self.begins: list[datetime] = []
        self.ends: list[datetime] = []
        for begin, finish in calendar.workdays(start) if calendar else ():
            if begin >= end:
                break
            self.begins.append(begin)
            self.ends.append(finish)
        spent = (b - a for a, b in zip(self.begins, self.ends, strict=True))
        self.before = [timedelta(), *accumulate(spent)]

    def hours(self, start: datetime, end: datetime) -> float:
        """How many lie between the two."""
        if self.is_plain:
            return max((end - start).total_seconds(), 0.0) / 3600
        return max((self._until(end) - self._until(start)).total_seconds(), 0.0) / 3600

    def _until(self, moment: datetime) -> timedelta:
        at = bisect.bisect_right(self.begins, moment)
        if not at:
            return timedelta()
        return self.before[at - 1] + min(moment, self.ends[at - 1]) - self.begins[at - 1]


class _Staff:
    """Who leads and who belongs to which team, and which channels they steward: three queries."""

    def __init__(self) -> None:
        self.teams = {team.pk: team for team in Team.objects.all()}
        self.leads: dict[int, set[int]] = {pk: set() for pk in self.teams}
        self.members: dict[int, set[int]] = {pk: set() for pk in self.teams}
        rows = Membership.objects.filter(user__is_active=True).order_by()
        for team, user, role in rows.values_list("team_id", "user_id", "role"):
            self.members[team].add(user)
            if role == MembershipRole.LEAD:
                self.leads[team].add(user)
        # By channel its key and name, and the teams.
        self.channels: dict[int, tuple[str, str]] = {}
        self.stewards: dict[int, set[int]] = {}
        named = Channel.objects.annotate(said=label_here()).order_by("pk")
        for channel, key, name, team in named.values_list("pk", "key", "said", "steward_teams"):
            self.channels[channel] = (key, name)
            self.stewards.setdefault(channel, set()).update({team} if team else set())

    def of(self, source: "_Source") -> tuple[set[int], set[int]]:
        """Teams and people of a source; those of roles are known elsewhere."""
        if source.channel:
            teams = self.stewards[source.channel]
            return teams, set().union(*(self.leads[team] for team in teams))
        if source.team:
            people = self.members if source.with_members else self.leads
            return {source.team}, people[source.team]
        return set(), {source.user} if source.user else set()


@dataclass(frozen=True, slots=True)
class _Source:
    channel: int | None
    team: int | None
    role: int | None
    user: int | None
    with_members: bool


# What waits, with each place it could be decided at.
OPEN = """
SELECT r.id, r.change_id, c.journey_id, c.glass_broken_by_id, r.due_at, r.approved_by,
       s.channel_id, s.team_id, s.role_id, s.user_id, s.with_members
FROM governance_change c
JOIN governance_requirement r ON r.change_id = c.number AND r.revision = c.revision
JOIN governance_requirementsource s ON s.requirement_id = r.id
WHERE (c.state = 'in_review' OR c.after_review_due_at IS NOT NULL)
  AND r.met_at IS NULL AND r.opened_at IS NOT NULL
  AND (s.kind <> 'escalation' OR r.escalated_at IS NOT NULL)
"""
# What was approved, by whom, with each place it was asked at.
DECIDED = """
SELECT v.id, r.id, v.reviewer_id, r.opened_at, v.created_at,
       s.channel_id, s.team_id, s.role_id, s.user_id, s.with_members
FROM governance_review v
JOIN governance_requirement r
  ON r.change_id = v.change_id AND r.revision = v.revision AND r.key = ANY (v.covers)
JOIN governance_requirementsource s ON s.requirement_id = r.id AND s.kind <> 'escalation'
WHERE v.verdict = 'approve' AND v.created_at >= %s AND r.opened_at IS NOT NULL
"""


def _rows(statement: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def health(reader: User, *, days: int, team: str = "") -> Health:
    """How those who decide get on, over so many days; of one team where its key is given.

    Journeys are named as far as the reader sees them.
    """
    now, staff = timezone.now(), _Staff()
    teams = {
        pk: Standing(row.label, row.key, able=len(staff.leads[pk]))
        for pk, row in staff.teams.items()
    }
    people: dict[int, Standing] = {}
    _count_waiting(staff, teams, people, now)
    _count_decided(staff, teams, people, now - timedelta(days=days), now)
    chosen = {pk for pk, row in staff.teams.items() if not team or row.key == team}
    needs = [*few_for(staff, chosen, is_all=not team)]
    wanted = {*people, *(one for leads in staff.leads.values() for one in leads)}
    wanted.update(one for _policy, _name, able in needs for one in able)
    known = User.objects.filter(pk__in=wanted, is_active=True).values_list("pk", "name", "email")
    names = {pk: (name, email) for pk, name, email in known}
    for pk, standing in people.items():
        standing.name, standing.key = names.get(pk, ("", ""))
    within = set().union(*(staff.members[pk] for pk in chosen)) if team else people.keys()
    named = [one for pk, one in people.items() if one.key and pk in within]
    fragile = [*_fragile_places(staff, chosen, names, is_all=not team)]
    fragile += [Fragile("need", policy, name, _named(able, names)) for policy, name, able in needs]
    journeys, total = ([], 0) if team else _fragile_journeys(reader)
    return Health(
        teams=sorted(
            (one for pk, one in teams.items() if pk in chosen and staff.members[pk]), key=_worst
        ),
        people=sorted(named, key=_worst),
        fragile=sorted(
            [*fragile, *journeys], key=lambda one: (len(one.people), one.kind, one.name)
        ),
        fragile_total=len(fragile) + total,
    )


def _worst(one: Standing) -> tuple[int, int, int, str]:
    return -one.overdue, -one.waiting, -one.decided, one.name


def _person(people: dict[int, Standing], pk: int) -> Standing:
    return people.setdefault(pk, Standing("", ""))


def _count_waiting(
    staff: _Staff, teams: dict[int, Standing], people: dict[int, Standing], now: datetime
) -> None:
    rows = _rows(OPEN, [])
    editors = _editors({row[1] for row in rows})
    by_role = [row for row in rows if row[8] and row[2]]
    holders = _holders({row[2] for row in by_role}, {row[8] for row in by_role})
    seen: set[tuple[int, str, int]] = set()
    for pk, change, journey, breaker, due, approved, *place in rows:
        source = _Source(*place)
        in_teams, able = staff.of(source)
        if source.role:
            able = holders.get((journey, source.role), set())
        able = able - editors.get(change, set()) - {breaker} - set(approved)
        late = due is not None and due < now
        asked = [("team", one, teams[one]) for one in in_teams]
        asked += [("person", one, _person(people, one)) for one in able]
        for kind, who, standing in asked:
            # Once, by whatever number of places.
            if (pk, kind, who) not in seen:
                seen.add((pk, kind, who))
                standing.waiting += 1
                standing.overdue += late


def _editors(changes: set[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    rows = ChangeRevision.objects.filter(change__in=changes).order_by()
    for change, first, author, writers in rows.values_list(
        "change_id", "change__author_id", "author_id", "content_authors"
    ):
        found.setdefault(change, set()).update(one for one in (first, author, *writers) if one)
    return found


def _holders(journeys: set[int], roles: set[int]) -> dict[tuple[int, int], set[int]]:
    """Who holds which of these roles on these journeys."""
    rows = JourneyRole.objects.filter(journey__in=journeys, role__in=roles).order_by()
    found: dict[tuple[int, int], set[int]] = {}
    for journey, role, user, member in rows.values_list(
        "journey_id", "role_id", "user_id", "team__memberships__user_id"
    ):
        if person := user or member:
            found.setdefault((journey, role), set()).add(person)
    return found


def _count_decided(
    staff: _Staff,
    teams: dict[int, Standing],
    people: dict[int, Standing],
    since: datetime,
    now: datetime,
) -> None:
    # No team has the number 0, so that its calendar is the one of teams without one.
    calendars = calendars_of_teams({0, *staff.teams})
    default = calendars[0]
    clocks: dict[Calendar | None, Clock] = {}

    def clock(calendar: Calendar | None) -> Clock:
        if calendar not in clocks:
            clocks[calendar] = Clock(calendar, since - LONGEST, now)
        return clocks[calendar]

    counted: set[tuple[int, int, int]] = set()
    for review, pk, person, opened, decided, *place in _rows(DECIDED, [since]):
        in_teams, _able = staff.of(_Source(*place))
        mine = [team for team in in_teams if person in staff.members[team]]
        calendar = calendars[mine[0]] if mine else default
        hours = clock(calendar).hours(opened, decided)
        for team in mine:
            if (review, pk, team) not in counted:
                counted.add((review, pk, team))
                teams[team].hours.append(hours)
        if (review, pk, 0) not in counted:
            counted.add((review, pk, 0))
            _person(people, person).hours.append(hours)


def _fragile_places(
    staff: _Staff, chosen: set[int], names: dict[int, tuple[str, str]], *, is_all: bool
) -> Iterator[Fragile]:
    """Channels and teams with one lead or none."""
    thin = {pk: staff.leads[pk] for pk in chosen if len(staff.leads[pk]) < 2}
    by_channel = {
        pk: set().union(*(staff.leads[team] for team in teams))
        for pk, teams in staff.stewards.items()
        if is_all or teams & chosen
    }
    alone = {pk: people for pk, people in by_channel.items() if len(people) < 2}
    for pk, people in alone.items():
        key, name = staff.channels[pk]
        yield Fragile("channel", key, name, _named(people, names))
    for pk, people in thin.items():
        team = staff.teams[pk]
        yield Fragile("team", team.key, team.label, _named(people, names))


def _named(people: Iterable[int], names: dict[int, tuple[str, str]]) -> tuple[str, ...]:
    return tuple(sorted(names[one][0] for one in people if one in names))


def _fragile_journeys(reader: User) -> tuple[list[Fragile], int]:
    """Journeys that one person answers for, or nobody: the first, and how many in all."""
    held = JourneyRole.objects.filter(
        Q(user__is_active=True) | Q(team__memberships__user__is_active=True),
        role__key=MANAGER_ROLE,
    ).order_by()
    holder = Coalesce(F("user"), F("team__memberships__user"))
    several = held.values("journey").annotate(able=Count(holder, distinct=True)).filter(able__gt=1)
    journeys = (
        Journey.objects.visible_to(reader)
        .exclude(pk__in=several.values("journey"))
        .order_by(Exists(held.filter(journey=OuterRef("pk"))), "name", "pk")
    )
    everything = Window(Count("pk"))
    rows = list(journeys.annotate(all=everything).values_list("pk", "key", "name", "all")[:SHOWN])
    total = rows[0][3] if rows else 0
    people: dict[int, set[str]] = {}
    names = held.filter(journey__in=[pk for pk, _key, _name, _all in rows]).values_list(
        "journey_id", Coalesce("user__name", "team__memberships__user__name")
    )
    for journey, name in names:
        people.setdefault(journey, set()).add(name)
    return [
        Fragile("journey", key, name, tuple(sorted(people.get(pk, ()))))
        for pk, key, name, _all in rows
    ], total
