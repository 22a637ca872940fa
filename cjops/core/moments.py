"""The times the portal reckons with; what lies beyond them is a slip of the year."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

FIRST_YEAR, LAST_YEAR = 2000, 2200
# A day more on both sides, so that every day of these years is among them in every time zone.
EARLIEST = dt.datetime(FIRST_YEAR - 1, 12, 31, tzinfo=dt.UTC)
LATEST = dt.datetime(LAST_YEAR + 1, 1, 2, tzinfo=dt.UTC)


def is_in_range(moment: dt.date) -> bool:
    """Whether a day, or a moment with its time zone, lies in the years the portal reckons with."""
    if isinstance(moment, dt.datetime):
        return EARLIEST <= moment < LATEST
    return FIRST_YEAR <= moment.year <= LAST_YEAR


def range_sentence() -> str:
    """What to say about one that does not."""
    return _("Choose a time in the years %(first)s to %(last)s.") % {
        "first": FIRST_YEAR,
        "last": LAST_YEAR,
    }


def check_range(moment: dt.date) -> None:
    """For fields of forms: raises Django's `ValidationError`."""
    if not is_in_range(moment):
        raise ValidationError(range_sentence(), code="out_of_range")


def range_errors(**moments: dt.date | None) -> dict[str, list[str]]:
    """What is wrong with these, by name; one that is not given is left to others."""
    return {
        name: [range_sentence()]
        for name, moment in moments.items()
        if moment is not None and not is_in_range(moment)
    }
