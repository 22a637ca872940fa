"""Working time: hours to decide counted while people work. Plain values and arithmetic."""

import zoneinfo
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Q

from people.models import Team, WorkingCalendar

# Where a calendar has nobody work for so long, its hours count on the clock: whoever waits for a
# decision needs a due time all the same.
LONGEST_BREAK = timedelta(days=366)
DAY = timedelta(days=1)
# What `_values` reads; one row for each holiday, or one without any.
_COLUMNS = ("pk", "time_zone", "weekdays", "starts", "ends", "is_default")
_DAYS_OFF = ("holidays__first_day", "holidays__last_day")


@dataclass(frozen=True, slots=True)
class Calendar:
    """When people work: from `starts` to `ends` on `weekdays` (Monday is 1), by the clock of a
    time zone; `holidays` are first and last days off, in any order and maybe overlapping."""

    time_zone: zoneinfo.ZoneInfo
    weekdays: frozenset[int]
    starts: time
    ends: time
    holidays: tuple[tuple[date, date], ...] = ()

    def is_workday(self, day: date) -> bool:
        """Whether anybody works on that day."""
        return day.isoweekday() in self.weekdays and self.last_day_off(day) is None

    def last_day_off(self, day: date) -> date | None:
        """The last day of the holidays that the day lies in; None for no holiday."""
        return max((last for first, last in self.holidays if first <= day <= last), default=None)

    def hours_of(self, day: date) -> tuple[datetime, datetime]:
        """The moments at which work begins and ends on that day, in UTC."""
        begin = datetime.combine(day, self.starts, self.time_zone)
        end = datetime.combine(day, self.ends, self.time_zone)
        return begin.astimezone(UTC), end.astimezone(UTC)

    def workdays(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The hours of each working day from the local day of `start` on.

        Ends where nobody works for `LONGEST_BREAK`.
        """
        day = start.astimezone(self.time_zone).date()
        worked = day
        while day - worked <= LONGEST_BREAK and day < date.max - LONGEST_BREAK:
            if off := self.last_day_off(day):
                day = off
            elif day.isoweekday() in self.weekdays:
                worked = day
                yield self.hours_of(day)
            day += DAY


def zone(name: str) -> zoneinfo.ZoneInfo:
    """The zone of that name, or UTC where the machine's database has no longer got it."""
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return zoneinfo.ZoneInfo("UTC")


def add_working_hours(start: datetime, hours: float, calendar: Calendar | None) -> datetime:
    """When so many working hours after `start` are over, in UTC; without a calendar by the clock.

    The last hour of a day ends with the day, not with the beginning of the next one.
    """
    start = start.astimezone(UTC)
    left = timedelta(hours=hours)
    if calendar is None or left <= timedelta():
        return start + max(left, timedelta())
    reached = start
    for begin, end in calendar.workdays(start):
        begin = max(begin, start)
        if end - begin >= left:
            return begin + left
        if end > begin:
            left -= end - begin
        reached = max(reached, end)
    return reached + left


def working_hours_between(a: datetime, b: datetime, calendar: Calendar | None) -> float:
    """How many working hours lie between two moments; none where the second is the earlier one."""
    if calendar is None:
        return max((b - a).total_seconds(), 0.0) / 3600
    spent = timedelta()
    for begin, end in calendar.workdays(a):
        if begin >= b:
            break
        spent += max(min(end, b) - max(begin, a), timedelta())
    return spent.total_seconds() / 3600


def calendar_value(row: WorkingCalendar) -> Calendar:
    """A stored calendar as a plain value; reads its holidays."""
    return Calendar(
        time_zone=zone(row.time_zone),
        weekdays=frozenset(row.weekdays),
        starts=row.starts,
        ends=row.ends,
        holidays=tuple((day.first_day, day.last_day) for day in row.holidays.all()),
    )


def default_calendar() -> Calendar | None:
    """The calendar of teams without one; None where there is none. One query."""
    values, default = _values(Q(is_default=True))
    return values.get(default) if default else None


@dataclass(frozen=True, slots=True)
class Calendars:
    """All that there are, by id, and the one of teams without a calendar."""

    by_id: dict[int, Calendar]
    default: Calendar | None

    def of(self, calendar_id: int | None) -> Calendar | None:
        """The calendar of a team that names this one, or the default; None: the clock."""
        return self.by_id[calendar_id] if calendar_id is not None else self.default


def all_calendars() -> Calendars:
    """Every calendar there is: few, in one query."""
    values, default = _values(Q())
    return Calendars(values, values.get(default) if default else None)


def calendars_of_teams(team_ids: Iterable[int]) -> dict[int, Calendar | None]:
    """For each team, by id, its calendar or the default one; None: the clock. Two queries."""
    wanted = set(team_ids)
    if not wanted:
        return {}
    teams = Team.objects.filter(pk__in=wanted).order_by().values_list("pk", "calendar_id")
    chosen = dict(teams)
    named = {pk for pk in chosen.values() if pk is not None}
    values, default = _values(Q(pk__in=named) | Q(is_default=True))
    return {team: values.get(chosen.get(team) or default or 0) for team in wanted}


def _values(wanted: Q) -> tuple[dict[int, Calendar], int | None]:
    """The calendars by id, and the id of the default one among them: one query."""
    rows = WorkingCalendar.objects.filter(wanted).order_by()
    about: dict[int, tuple[str, list[int], time, time]] = {}
    days_off: dict[int, list[tuple[date, date]]] = {}
    default = None
    for row in rows.values_list(*_COLUMNS, *_DAYS_OFF):
        pk, place, weekdays, starts, ends, is_default, first, last = row
        about[pk] = (place, weekdays, starts, ends)
        days_off.setdefault(pk, []).extend([(first, last)] if first else [])
        default = pk if is_default else default
    values = {
        pk: Calendar(
            time_zone=zone(place),
            weekdays=frozenset(weekdays),
            starts=starts,
            ends=ends,
            holidays=tuple(days_off[pk]),
        )
        for pk, (place, weekdays, starts, ends) in about.items()
    }
    return values, default
