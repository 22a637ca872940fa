"""The inbox: what waits for me, what is mine and waits for others, what I may publish."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from cjops.core.wording import span_words
from governance import queries, services
from governance.models import Change
from governance.subjects import subject_of
from governance.transitions import State
from people.models import Channel, User

SHOWN = 100


@dataclass(frozen=True, slots=True)
class Line:
    """One change as a row of a list."""

    change: Change
    subject: str
    channels: list[Channel]
    sub: str
    top: str
    bottom: str
    overdue: bool


def lines(changes: list[Change], *, with_state: bool = False) -> list[Line]:
    """Changes as rows, in a constant number of reads."""
    progress = queries.requirement_progress(changes)
    channels = {channel.key: channel for channel in Channel.objects.all()}
    return [_line(change, progress, channels) for change in changes]


def _line(
    change: Change, progress: dict[int, tuple[int, int]], channels: dict[str, Channel]
) -> Line:
    now = timezone.now()
    met, total = progress.get(change.number, (0, 0))
    waiting = change.state == State.IN_REVIEW
    overdue = bool(waiting and change.due_at and change.due_at < now)
    subject = subject_of(change).name
    return Line(
        change=change,
        subject=subject,
        channels=[channels[key] for key in change.channels if key in channels],
        sub=_("%(subject)s · CR-%(number)s by %(author)s")
        % {"subject": subject, "number": change.number, "author": change.author.name},
        top=_when(change, now, overdue=overdue),
        bottom=_("%(met)s of %(total)s decisions") % {"met": met, "total": total}
        if total and waiting
        else "",
        overdue=overdue,
    )


def _when(change: Change, now: Any, *, overdue: bool) -> str:
    if change.state == State.SCHEDULED and change.scheduled_for:
        at = timezone.localtime(change.scheduled_for)
        return _("goes live %(time)s") % {"time": date_format(at, "SHORT_DATETIME_FORMAT")}
    if change.state == State.IN_REVIEW and change.due_at:
        if overdue:
            return _("overdue for %(time)s") % {"time": span_words(change.due_at, now)}
        return _("due in %(time)s") % {"time": span_words(now, change.due_at)}
    return _("%(time)s ago") % {"time": span_words(change.updated_at, now)}


@login_required
@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """What waits for the reader, what they may publish, their own open changes, their news."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101  (login_required)
    waiting = lines(list(queries.waiting_for(user)[:SHOWN]))
    ready = lines(list(queries.ready_for(user)[:SHOWN]))
    mine = lines(list(queries.authored_by(user)[:SHOWN]))
    context = {
        "waiting": waiting,
        "overdue": sum(line.overdue for line in waiting),
        "ready": ready,
        "mine": mine,
        "news": list(queries.unread(user)[:20]),
        "greeting": _greeting(user),
    }
    return render(request, "governance/inbox.html", context)


def _greeting(user: User) -> str:
    hour = timezone.localtime().hour
    name = {"name": user.get_short_name()}
    if hour < 5 or hour >= 18:
        return _("Good evening, %(name)s") % name
    if hour < 12:
        return _("Good morning, %(name)s") % name
    return _("Good afternoon, %(name)s") % name


@login_required
@require_POST
def notification_read_all(request: HttpRequest) -> HttpResponse:
    """Take the news off the inbox."""
    assert isinstance(request.user, User)  # noqa: S101  (login_required)
    services.mark_all_read(user=request.user)
    return redirect("inbox")
