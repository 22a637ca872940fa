"""Which freezes are in force for what, and whether a day is one of work: reads only."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from cjops.core.models import GovernedSubject
from governance.models import Change, FreezeWindow
from governance.subjects import subject_of
from journeys.models import Journey
from people.calendars import Calendar, default_calendar
from people.models import User

if TYPE_CHECKING:
    from collections.abc import Sequence

Window = FreezeWindow
SATURDAY = 6


def at(moment: datetime) -> "Sequence[FreezeWindow]":
    """The windows that are open then, wherever they hold: one query."""
    return list(
        FreezeWindow.objects.filter(starts_at__lte=moment, ends_at__gt=moment).select_related(
            "channel", "journey"
        )
    )


def holding(
    windows: Iterable[FreezeWindow],
    *,
    kind: str,
    key: str,
    markets: Collection[str],
    channels: Collection[str],
) -> list[FreezeWindow]:
    """Those of them that hold for a subject in these markets, touched on these channels."""
    return [
        window
        for window in windows
        if (window.journey is None or (kind == "journey" and window.journey.key == key))
        and (window.channel is None or window.channel.key in channels)
        and (not window.market or window.market in markets)
    ]


def is_off(moment: datetime, calendar: Calendar | None) -> bool:
    """Whether a calendar has no work on that weekday; without one: in UTC."""
    if calendar is None:
        return moment.astimezone(UTC).isoweekday() >= SATURDAY
    return moment.astimezone(calendar.time_zone).isoweekday() not in calendar.weekdays


def is_weekend(moment: datetime) -> bool:
    """The same for the default working calendar: one query."""
    return is_off(moment, default_calendar())


def in_force(
    *,
    subject: GovernedSubject,
    channels: Collection[str],
    at: datetime,
    markets: Collection[str] = (),
) -> list[FreezeWindow]:
    """The windows that hold then for a subject touched on these channels: one query.

    Its own market counts, and `markets`: those that a proposed document names.
    """
    scope = _scope(subject, channels, markets)
    return list(scope.filter(starts_at__lte=at, ends_at__gt=at).order_by("ends_at", "pk"))


@dataclass(frozen=True, slots=True)
class Wait:
    """What freezes mean for a change at some time: when they are over, and which they are."""

    windows: tuple[FreezeWindow, ...] = ()
    # None: nothing is in the way.
    until: datetime | None = None

    @property
    def refusing(self) -> FreezeWindow | None:
        """A window among them that takes a scheduled change off the calendar."""
        refused = FreezeWindow.Scheduled.REFUSED
        return next((one for one in self.windows if one.scheduled == refused), None)


def wait_of(change: Change, at: datetime) -> Wait:
    """How long a change that is to go live then would have to wait, one window after the other."""
    windows = list(coming_for(change, at))
    held: list[FreezeWindow] = []
    until = at
    while found := [one for one in windows if one.starts_at <= until < one.ends_at]:
        held += found
        until = max(one.ends_at for one in found)
    return Wait(tuple(held), until if held else None)


def coming_for(
    change: Change, at: datetime, markets: Collection[str] | None = None
) -> "QuerySet[FreezeWindow]":
    """The windows that hold for a change and are not over then, by when they begin.

    `markets` are those that the proposed document names; read where nobody has it at hand.
    """
    if markets is None and change.kind == "journey":
        proposed = change.revisions.filter(number=change.revision).order_by()
        markets = [text for text in proposed.values_list("document__market", flat=True) if text]
    scope = _scope(subject_of(change), change.channels, markets or ())
    return scope.filter(ends_at__gt=at).order_by("starts_at", "pk")


def freezes_seen(user: User | None) -> "QuerySet[FreezeWindow]":
    """All windows but those of journeys that the person does not see; for None all."""
    if user is None:
        return FreezeWindow.objects.all()
    seen = Q(journey=None) | Q(journey__in=Journey.objects.visible_to(user).order_by())
    return FreezeWindow.objects.filter(seen)


def listed_for(user: User) -> "QuerySet[FreezeWindow]":
    """Those windows with all that a list shows of them."""
    return freezes_seen(user).select_related("channel", "journey")


def markets_in_use() -> list[str]:
    """The markets of journeys, sorted."""
    named = Journey.objects.exclude(market="").order_by("market")
    return list(named.values_list("market", flat=True).distinct())


def _scope(
    subject: GovernedSubject, channels: Collection[str], markets: Collection[str]
) -> "QuerySet[FreezeWindow]":
    scope = Q(market="", channel=None, journey=None)
    named = {text for text in markets if isinstance(text, str) and text}
    if isinstance(subject, Journey):
        named |= {subject.market} - {""}
        scope |= Q(journey=subject)
    if named:
        scope |= Q(market__in=named)
    if channels:
        scope |= Q(channel__key__in=list(channels))
    return FreezeWindow.objects.filter(scope).select_related("channel", "journey")
