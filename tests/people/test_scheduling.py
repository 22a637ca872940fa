"""Calendars and holidays: what is stored, what is refused, and the pages an admin does it on."""

from datetime import date, time

import pytest
from django.urls import reverse

from cjops.core.errors import Invalid
from people import scheduling
from people.models import Holiday, Team, WorkingCalendar
from tests.governance.posting import as_posted


def calendar(key="berlin", **fields):
    row = WorkingCalendar(**{"key": key, "name": key.capitalize()} | fields)
    scheduling.save_calendar(calendar=row, actor=None)
    return row


def holiday(row, name, first, last):
    days = {"first_day": date.fromisoformat(first), "last_day": date.fromisoformat(last)}
    one = Holiday(calendar=row, name=name, **days)
    scheduling.save_holiday(holiday=one, actor=None)
    return one


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"weekdays": []}, "weekdays"),
        ({"weekdays": [0, 1]}, "weekdays"),
        ({"weekdays": [8]}, "weekdays"),
        ({"weekdays": [1, 1]}, "weekdays"),
        ({"weekdays": ["x"]}, "weekdays"),
        ({"starts": time(17), "ends": time(9)}, "ends"),
        ({"starts": time(9), "ends": time(9)}, "ends"),
        ({"time_zone": "Mars"}, "time_zone"),
        ({"key": "Not a key"}, "key"),
    ],
)
def test_a_calendar_that_makes_no_sense_is_refused_at_its_field(db, fields, field):
    with pytest.raises(Invalid) as refused:
        calendar(**fields)

    assert field in refused.value.errors
    assert not WorkingCalendar.objects.exists()


def test_another_default_takes_it_from_the_first(cast):
    first = calendar("berlin", is_default=True)

    second = WorkingCalendar(key="paris", name="Paris", is_default=True)
    scheduling.save_calendar(calendar=second, actor=cast.omar)

    first.refresh_from_db()
    assert not first.is_default
    assert first.history.first().history_user == cast.omar
    assert WorkingCalendar.objects.get(is_default=True) == second


def test_a_refused_default_leaves_the_first_one_what_it_was(db):
    first = calendar("berlin", is_default=True)

    with pytest.raises(Invalid):
        calendar("paris", is_default=True, time_zone="Mars")

    first.refresh_from_db()
    assert first.is_default


def test_overlapping_holidays_are_refused_with_the_name_of_the_other(db):
    row = calendar()
    holiday(row, "Christmas", "2026-12-24", "2026-12-26")

    with pytest.raises(Invalid) as refused:
        holiday(row, "Twelve nights", "2026-12-26", "2027-01-06")

    assert "Christmas" in str(refused.value.errors["first_day"])
    assert row.holidays.count() == 1
    # One day later nothing overlaps, and another calendar has its own days.
    holiday(row, "Twelve nights", "2026-12-27", "2027-01-06")
    holiday(calendar("paris"), "Noël", "2026-12-25", "2026-12-25")


def test_a_holiday_ends_after_it_starts(db):
    with pytest.raises(Invalid) as refused:
        holiday(calendar(), "Backwards", "2026-12-26", "2026-12-24")

    assert "last_day" in refused.value.errors


def test_holidays_that_change_places_are_checked_as_they_will_stand(db):
    row = calendar()
    one = holiday(row, "One", "2026-12-01", "2026-12-02")
    two = holiday(row, "Two", "2026-12-05", "2026-12-06")
    one.first_day, one.last_day, two.first_day, two.last_day = (
        two.first_day, two.last_day, one.first_day, one.last_day,
    )  # fmt: skip

    scheduling.save_holidays(calendar=row, saved=[one, two], actor=None)

    assert row.holidays.get(name="One").first_day == date(2026, 12, 5)


def test_a_holiday_is_removed_and_the_history_says_by_whom(cast):
    one = holiday(calendar(), "One", "2026-12-01", "2026-12-02")

    scheduling.remove_holiday(holiday=one, actor=cast.omar)

    assert not Holiday.objects.exists()
    assert Holiday.history.first().history_user == cast.omar


ADD = "admin:people_workingcalendar_add"


def posted(client, **changes):
    page = client.get(reverse(ADD)).content.decode()
    empty = {
        name: value
        for name, value in as_posted(page).items()
        if "__prefix__" not in name and name not in ("q", "theme")
    }
    return {**empty, "key": "berlin", "name": "Berlin", "weekdays": ["1", "2"], **changes}


def with_holidays(*days):
    rows = {"holidays-TOTAL_FORMS": str(len(days))}
    for number, (name, first, last) in enumerate(days):
        about = {"name": name, "first_day": first, "last_day": last}
        rows |= {f"holidays-{number}-{field}": value for field, value in about.items()}
    return rows


def test_an_admin_sets_a_calendar_up(signed_in):
    client = signed_in("omar")
    sent = posted(client, **with_holidays(("Christmas", "2026-12-24", "2026-12-26")))

    answer = client.post(reverse(ADD), sent)

    assert answer.status_code == 302, answer.context["errors"]
    row = WorkingCalendar.objects.get(key="berlin")
    assert (row.weekdays, row.holidays.get().name) == ([1, 2], "Christmas")
    assert row.history.get().history_user.email == "omar@bank.example"
    team = Team.objects.get(key="email")
    change = reverse("admin:people_team_change", args=[team.pk])
    form = {
        k: v for k, v in as_posted(client.get(change).content.decode()).items() if "__" not in k
    }
    assert client.post(change, form | {"calendar": row.pk}).status_code == 302
    team.refresh_from_db()
    assert team.calendar == row


def test_a_second_default_is_no_error_on_the_page(signed_in):
    calendar("first", is_default=True)
    client = signed_in("omar")

    answer = client.post(reverse(ADD), posted(client, is_default="on"))

    assert answer.status_code == 302
    assert WorkingCalendar.objects.get(is_default=True).key == "berlin"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"weekdays": []}, "required"),
        ({"weekdays": ["9"]}, "valid choice"),
        ({"starts": "17:00", "ends": "09:00"}, "end later"),
        ({"time_zone": "Mars"}, "valid choice"),
        (
            with_holidays(("One", "2026-12-24", "2026-12-26"), ("Two", "2026-12-26", "2026-12-27")),
            "overlaps with “One”",
        ),
        (with_holidays(("Back", "2026-12-26", "2026-12-24")), "must not lie before"),
        (with_holidays(("Odd", "never", "2026-12-24")), "valid date"),
    ],
)
def test_the_page_says_what_is_wrong(signed_in, changes, said):
    client = signed_in("omar")

    answer = client.post(reverse(ADD), posted(client, **changes))

    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert not WorkingCalendar.objects.exists()


def test_only_admins_open_the_page(signed_in):
    assert signed_in("ana").get(reverse(ADD)).status_code == 302
