"""Working calendars and their holidays: the only writer of them."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cjops.core.errors import Conflict, Invalid
from cjops.core.moments import range_errors
from people.models import Holiday, User, WorkingCalendar
from people.services import save

MONDAY, SUNDAY = 1, 7
# In days. A longer one is a slip of the year.
LONGEST_HOLIDAY = 366

Errors = dict[str, list[str]]


def calendar_errors(calendar: WorkingCalendar) -> Errors:
    """What is wrong with a calendar, by field; nothing is read."""
    errors: Errors = {}
    days = calendar.weekdays or []
    if not days:
        errors["weekdays"] = [_("Choose at least one working day.")]
    elif any(not isinstance(day, int) or not MONDAY <= day <= SUNDAY for day in days):
        errors["weekdays"] = [_("A day of the week is a number from 1 (Monday) to 7 (Sunday).")]
    elif len(set(days)) != len(days):
        errors["weekdays"] = [_("Name each day of the week once.")]
    if calendar.starts and calendar.ends and calendar.ends <= calendar.starts:
        errors["ends"] = [_("Work has to end later on the day than it begins.")]
    return errors


def holiday_errors(
    name: str, first_day: date, last_day: date, others: Iterable[tuple[str, date, date]]
) -> Errors:
    """What is wrong with a holiday beside others of its calendar (name, first, last day)."""
    if errors := range_errors(first_day=first_day, last_day=last_day):
        return errors
    if last_day < first_day:
        return {"last_day": [_("The last day must not lie before the first.")]}
    if (last_day - first_day).days >= LONGEST_HOLIDAY:
        return {"last_day": [_("Nobody is off for more than a year.")]}
    for other, first, last in others:
        if first <= last_day and first_day <= last:
            said = _("It overlaps with “%(name)s” (%(first)s to %(last)s).") % {
                "name": other,
                "first": date_format(first, "SHORT_DATE_FORMAT"),
                "last": date_format(last, "SHORT_DATE_FORMAT"),
            }
            return {"first_day": [said]}
    return {}


@transaction.atomic(savepoint=True)
def save_calendar(*, calendar: WorkingCalendar, actor: User | None) -> None:
    """Store a calendar, new or known; one that becomes the default takes that from the other.

    Raises `Invalid`, by field; `Conflict` where somebody else just chose another default.
    """
    _refuse(calendar_errors(calendar))
    calendar.weekdays = sorted(calendar.weekdays)
    if calendar.is_default:
        _take_default(calendar, actor)
    try:
        with transaction.atomic(savepoint=True):
            save(calendar, actor=actor)
    except IntegrityError as error:
        raise Conflict(
            _("Somebody else has just saved a calendar with this key or as the default. Try again.")
        ) from error


def _take_default(calendar: WorkingCalendar, actor: User | None) -> None:
    others = WorkingCalendar.objects.select_for_update(of=("self",), no_key=True)
    for other in others.filter(is_default=True).exclude(pk=calendar.pk):
        other.is_default = False
        other._history_user = actor  # type: ignore[attr-defined]
        other.save(update_fields=["is_default"])


@transaction.atomic(savepoint=True)
def save_holidays(
    *,
    calendar: WorkingCalendar,
    actor: User | None,
    saved: Sequence[Holiday] = (),
    removed: Sequence[Holiday] = (),
) -> None:
    """Store these holidays of a calendar and remove those, as one: what stands then is checked.

    Raises `Invalid`, by field, where two of them overlap or one ends before it starts.
    """
    # Of two people who add overlapping holidays the second sees the first one's.
    WorkingCalendar.objects.select_for_update(of=("self",), no_key=True).get(pk=calendar.pk)
    touched = {holiday.pk for holiday in (*saved, *removed)} - {None}
    rest = calendar.holidays.exclude(pk__in=touched)
    beside = list(rest.values_list("name", "first_day", "last_day"))
    for holiday in saved:
        holiday.calendar = calendar
        if holiday.first_day and holiday.last_day:
            _refuse(holiday_errors(holiday.name, holiday.first_day, holiday.last_day, beside))
            beside.append((holiday.name, holiday.first_day, holiday.last_day))
    for holiday in removed:
        holiday._history_user = actor  # type: ignore[attr-defined]
        holiday.delete()
    for holiday in saved:
        save(holiday, actor=actor)


def save_holiday(*, holiday: Holiday, actor: User | None) -> None:
    """Store one holiday, new or known. Raises `Invalid`, by field."""
    save_holidays(calendar=holiday.calendar, saved=[holiday], actor=actor)


def remove_holiday(*, holiday: Holiday, actor: User | None) -> None:
    """Take a holiday out of its calendar."""
    save_holidays(calendar=holiday.calendar, removed=[holiday], actor=actor)


def _refuse(errors: Errors) -> None:
    if errors:
        sentences = [sentence for told in errors.values() for sentence in told]
        raise Invalid(" ".join(sentences), errors=errors)
