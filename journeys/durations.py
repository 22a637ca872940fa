"""ISO 8601 durations as journeys use them: waits, delays, re-entry."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

_NUMBER = r"(\d{1,6}(?:[.,]\d{1,3})?)"
_DURATION = re.compile(
    rf"P(?=[0-9T])(?:{_NUMBER}Y)?(?:{_NUMBER}M)?(?:{_NUMBER}W)?(?:{_NUMBER}D)?"
    rf"(?:T(?=[0-9])(?:{_NUMBER}H)?(?:{_NUMBER}M)?(?:{_NUMBER}S)?)?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time by its parts, as written: a month is not turned into days."""

    years: float = 0
    months: float = 0
    weeks: float = 0
    days: float = 0
    hours: float = 0
    minutes: float = 0
    seconds: float = 0

    @property
    def parts(self) -> tuple[float, ...]:
        """The parts from years down to seconds."""
        return (
            self.years,
            self.months,
            self.weeks,
            self.days,
            self.hours,
            self.minutes,
            self.seconds,
        )

    @property
    def is_zero(self) -> bool:
        """Whether no time passes at all."""
        return not any(self.parts)


def parse_duration(value: str) -> Duration | None:
    """The duration that `value` spells, such as `P3D` or `PT1H30M`; None when it spells none.

    Only the smallest part may have a fraction, as the standard says; there are no signs.
    """
    match = _DURATION.fullmatch(value)
    if match is None:
        return None
    given = [part for part in match.groups() if part is not None]
    if any("." in part or "," in part for part in given[:-1]):
        return None
    return Duration(*(_number(part) for part in match.groups()))


def _number(part: str | None) -> float:
    if part is None:
        return 0
    return float(part.replace(",", ".")) if "." in part or "," in part else int(part)


# One function per part, because each message must stand in the source with both its forms.
_WORDS: tuple[Callable[[int], str], ...] = (
    lambda n: ngettext("%(count)s year", "%(count)s years", n),
    lambda n: ngettext("%(count)s month", "%(count)s months", n),
    lambda n: ngettext("%(count)s week", "%(count)s weeks", n),
    lambda n: ngettext("%(count)s day", "%(count)s days", n),
    lambda n: ngettext("%(count)s hour", "%(count)s hours", n),
    lambda n: ngettext("%(count)s minute", "%(count)s minutes", n),
    lambda n: ngettext("%(count)s second", "%(count)s seconds", n),
)


def duration_words(value: str) -> str:
    """`P3D` as "3 days" in the active language; text that is no duration comes back as it is."""
    duration = parse_duration(value)
    if duration is None:
        return value
    if duration.is_zero:
        return _("no time")
    words = ""
    for amount, unit in zip(_tidy(duration).parts, _WORDS, strict=True):
        if amount:
            # Fractions take the plural, as in "1.5 hours".
            form = unit(int(amount) if amount == int(amount) else 2)
            part = form % {"count": number_format(amount)}
            words = (
                _("%(larger)s %(smaller)s") % {"larger": words, "smaller": part} if words else part
            )
    return words


def _tidy(duration: Duration) -> Duration:
    """Whole minutes, hours and days where a platform counts in seconds (604800 s is 7 days)."""
    if any(duration.parts[:5]) or duration.seconds != int(duration.seconds):
        return duration
    if duration.minutes != int(duration.minutes):
        return duration
    minutes, seconds = divmod(int(duration.minutes) * 60 + int(duration.seconds), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    return Duration(days=days, hours=hours, minutes=minutes, seconds=seconds)
