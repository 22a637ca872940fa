"""Working time: counted on working days, by the clocks of the calendar's place."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from people.calendars import (
    Calendar,
    add_working_hours,
    calendar_value,
    calendars_of_teams,
    default_calendar,
    working_hours_between,
)
from people.models import Holiday, WorkingCalendar
from tests.factories import TeamFactory

WEEK = frozenset({1, 2, 3, 4, 5})
BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")


def office(zone=BERLIN, **fields):
    return Calendar(
        **{"time_zone": zone, "weekdays": WEEK, "starts": time(9), "ends": time(17)} | fields
    )


def at(text, zone=BERLIN):
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2026-11-23 09:00", 8, "2026-11-23 17:00"),
        ("2026-11-23 09:00", 9, "2026-11-24 10:00"),
        ("2026-11-23 13:00", 4, "2026-11-23 17:00"),
        # Before work, after work, and at its last moment.
        ("2026-11-23 06:30", 1, "2026-11-23 10:00"),
        ("2026-11-23 19:00", 1, "2026-11-24 10:00"),
        ("2026-11-23 17:00", 0.5, "2026-11-24 09:30"),
        # Over the weekend, and from within it.
        ("2026-11-20 16:00", 2, "2026-11-23 10:00"),
        ("2026-11-21 12:00", 24, "2026-11-25 17:00"),
        ("2026-11-23 09:00", 0, "2026-11-23 09:00"),
        ("2026-11-23 09:00", -3, "2026-11-23 09:00"),
    ],
)
def test_hours_are_counted_while_people_work(start, hours, due):
    assert add_working_hours(at(start), hours, office()) == at(due)


def test_around_the_clock_without_a_calendar():
    start = at("2026-11-20 16:00")

    assert add_working_hours(start, 72, None) == start + timedelta(hours=72)
    assert working_hours_between(start, start + timedelta(hours=72), None) == 72


@pytest.mark.parametrize(
    ("zone", "friday", "monday"),
    [
        # The clocks change on the Sunday between the two.
        (BERLIN, "2026-03-27", "2026-03-30"),
        (BERLIN, "2026-10-23", "2026-10-26"),
        (NEW_YORK, "2026-03-06", "2026-03-09"),
    ],
)
def test_work_begins_by_the_clock_on_the_wall_when_the_clocks_change(zone, friday, monday):
    due = add_working_hours(at(f"{friday} 16:00", zone), 2, office(zone))

    assert due == at(f"{monday} 10:00", zone)
    assert due.astimezone(zone).hour == 10


def test_an_hour_that_the_clocks_leave_out_is_not_worked():
    nights = office(weekdays=frozenset(range(1, 8)), starts=time(1), ends=time(5))

    assert working_hours_between(at("2026-03-29 00:00"), at("2026-03-29 12:00"), nights) == 3
    assert working_hours_between(at("2026-10-25 00:00"), at("2026-10-25 12:00"), nights) == 5


def test_overlapping_and_adjacent_holidays_are_days_off():
    days_off = (
        (date(2026, 12, 24), date(2026, 12, 26)),
        (date(2026, 12, 25), date(2026, 12, 29)),
        (date(2026, 12, 30), date(2027, 1, 1)),
    )
    calendar = office(holidays=days_off)

    assert add_working_hours(at("2026-12-23 16:00"), 2, calendar) == at("2027-01-04 10:00")
    assert working_hours_between(at("2026-12-23 16:00"), at("2027-01-04 10:00"), calendar) == 2


def test_the_zone_of_the_calendar_counts_and_not_that_of_the_start():
    start = datetime(2026, 11, 23, 20, tzinfo=UTC)

    assert add_working_hours(start, 1, office(NEW_YORK)) == datetime(2026, 11, 23, 21, tzinfo=UTC)
    assert add_working_hours(start, 1, office()) == at("2026-11-24 10:00")


def test_a_calendar_on_which_nobody_works_for_years_falls_back_to_the_clock():
    away = office(holidays=((date(2026, 11, 24), date(2030, 1, 1)),))

    assert add_working_hours(at("2026-11-23 16:00"), 3, away) == at("2026-11-23 19:00")


def test_a_break_within_a_year_is_waited_for():
    away = office(holidays=((date(2026, 11, 24), date(2027, 10, 31)),))

    assert add_working_hours(at("2026-11-23 16:00"), 3, away) == at("2027-11-01 11:00")


def test_nothing_lies_between_a_moment_and_an_earlier_one():
    assert working_hours_between(at("2026-11-24 12:00"), at("2026-11-23 12:00"), office()) == 0
    assert working_hours_between(at("2026-11-24 12:00"), at("2026-11-23 12:00"), None) == 0


moments = st.datetimes(
    min_value=datetime(2026, 1, 1),  # noqa: DTZ001
    max_value=datetime(2028, 1, 1),  # noqa: DTZ001
).map(lambda naive: naive.replace(tzinfo=UTC))


@given(start=moments, hours=st.integers(min_value=1, max_value=400))
def test_as_many_hours_lie_between_as_were_added(start, hours):
    calendar = office(NEW_YORK, holidays=((date(2026, 12, 24), date(2027, 1, 2)),))

    due = add_working_hours(start, hours, calendar)

    assert working_hours_between(start, due, calendar) == pytest.approx(hours)
    assert due > start


@given(start=moments, hours=st.integers(min_value=0, max_value=200), more=st.integers(0, 50))
def test_more_hours_never_end_earlier(start, hours, more):
    one, other = (add_working_hours(start, count, office()) for count in (hours, hours + more))

    assert one <= other


@pytest.fixture
def stored(db):
    row = WorkingCalendar.objects.create(
        key="berlin", name="Berlin", time_zone="Europe/Berlin", is_default=True
    )
    Holiday.objects.create(
        calendar=row, name="Christmas", first_day="2026-12-24", last_day="2026-12-26"
    )
    Holiday.objects.create(
        calendar=row, name="New Year", first_day="2026-12-31", last_day="2027-01-01"
    )
    return row


def test_teams_count_on_their_own_calendar_or_the_default(stored, django_assert_num_queries):
    shop = WorkingCalendar.objects.create(
        key="shop", name="Shop", weekdays=[1, 2, 3, 4, 5, 6], time_zone="Asia/Hong_Kong"
    )
    own, other = TeamFactory(), TeamFactory()
    own.calendar = shop
    own.save()

    with django_assert_num_queries(2):
        found = calendars_of_teams([own.pk, other.pk])

    assert found[own.pk].weekdays == {1, 2, 3, 4, 5, 6}
    assert found[own.pk].holidays == ()
    assert found[other.pk] == calendar_value(WorkingCalendar.objects.get(pk=stored.pk))
    assert len(found[other.pk].holidays) == 2
    with django_assert_num_queries(1):
        assert default_calendar() == found[other.pk]


def test_without_a_default_teams_count_by_the_clock(db):
    team = TeamFactory()

    assert calendars_of_teams([team.pk]) == {team.pk: None}
    assert calendars_of_teams([]) == {}
    assert default_calendar() is None
