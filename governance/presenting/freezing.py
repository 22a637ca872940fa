"""What freezes mean for a change or a journey, in words."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from governance import freezes
from governance.models import Change, FreezeWindow
from governance.proposals import Proposal
from people.models import User

# A form names so many freezes to come.
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Frozen:
    """The freezes in force for a change, and what its dialogs say of them and of those to come."""

    now: list[FreezeWindow]
    publishing: list[str]
    scheduling: list[str]


def frozen(change: Change, proposal: Proposal, user: User) -> Frozen:
    """The freezes of an open change, in one query."""
    moment = timezone.now()
    market = proposal.proposed.get("market", "") if change.kind == "journey" else ""
    windows = list(freezes.coming_for(change, moment, [market]))
    holding = [window for window in windows if window.starts_at <= moment]
    may_break = bool(holding) and user.has_perm("governance.break_glass")
    return Frozen(
        now=holding,
        publishing=[_publishing(window, may_break) for window in holding[:SHOWN]],
        scheduling=[_scheduling(window) for window in windows[:SHOWN]],
    )


def _publishing(window: FreezeWindow, may_break: bool) -> str:
    named = {"name": window.label, "time": moment_words(window.ends_at)}
    if may_break:
        return (
            _("The freeze “%(name)s” is in force until %(time)s: say why this cannot wait.") % named
        )
    return _("The freeze “%(name)s” is in force until %(time)s: nothing is published.") % named


def _scheduling(window: FreezeWindow) -> str:
    named = {
        "name": window.label,
        "start": moment_words(window.starts_at),
        "end": moment_words(window.ends_at),
    }
    if window.scheduled == FreezeWindow.Scheduled.REFUSED:
        return _("Nothing can be scheduled from %(start)s to %(end)s: freeze “%(name)s”.") % named
    return (
        _("What is scheduled from %(start)s to %(end)s waits until the freeze “%(name)s” is over.")
        % named
    )


def waiting_words(until: str) -> str:
    """What somebody reads who scheduled into a freeze that lets changes wait."""
    time = {"time": moment_words(datetime.fromisoformat(until))}
    return _("A freeze is in force then. It goes live after it, at %(time)s.") % time


def moment_words(moment: datetime) -> str:
    """A time as its reader writes it."""
    return date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT")
