"""When an event takes place, as its visitors read it: by the clock of the place where it is."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import formats, translation
from django.utils.translation import check_for_language, get_language

KNOWN = {"zh-cn": "zh-hans", "zh-sg": "zh-hans", "zh": "zh-hans", "zh-tw": "zh-hant"} | {
    "zh-hk": "zh-hant",
    "zh-mo": "zh-hant",
}


@dataclass(frozen=True, slots=True)
class When:
    """The date and the times in words; `offset` is that of the zone on that day."""

    date: str
    month: str
    day: str
    weekday: str
    time: str
    zone: str
    offset: str
    machine: str


def when(starts: str, ends: str, zone: str, language: str) -> When | None:
    """In the words of the content's language; None where the begin cannot be read."""
    begin, end = _moment(starts), _moment(ends)
    if begin is None:
        return None
    here = _zone(zone)
    with translation.override(spoken(language)):
        time = formats.time_format(begin, "H:i")
        if end is not None and end > begin:
            until = formats.time_format(end, "H:i")
            if end.date() != begin.date():
                until = f"{formats.date_format(end, 'DATE_FORMAT')}, {until}"
            time = f"{time} – {until}"
        return When(
            date=formats.date_format(begin, "DATE_FORMAT"),
            month=formats.date_format(begin, "M"),
            day=str(begin.day),
            weekday=formats.date_format(begin, "l"),
            time=time,
            zone=zone,
            offset=_offset(begin.replace(tzinfo=here).utcoffset()) if here else "",
            machine=begin.isoformat(timespec="minutes"),
        )


def spoken(language: str) -> str:
    """A language of the portal's own words for a language of content."""
    wanted = language.lower()
    wanted = KNOWN.get(wanted, wanted)
    for one in (wanted, wanted.partition("-")[0]):
        if one in ("en", "zh-hans", "zh-hant") or check_for_language(one):
            return one
    return get_language() or "en"


def _moment(written: str) -> datetime | None:
    try:
        return datetime.fromisoformat(written).replace(tzinfo=None) if written else None
    except ValueError:
        return None


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (KeyError, ValueError, OSError):
        return None


def _offset(offset: timedelta | None) -> str:
    if offset is None:
        return ""
    minutes = int(offset.total_seconds()) // 60
    sign = "-" if minutes < 0 else "+"
    return f"UTC{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
