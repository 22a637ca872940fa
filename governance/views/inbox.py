"""The inbox: what waits for me, what is mine and waits for others, what I may publish."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from cjops.core.wording import listing, span_words
from governance import decisions, presenting, queries, services, wording
from governance.models import Change, Notification, RequirementSource
from governance.notifications import path_of
from governance.subjects import subject_of
from governance.transitions import OPEN_STATES, State
from journeys.models import Importance
from people.models import Channel, User

SHOWN = 30
HEAVY = (Importance.CRITICAL, Importance.HIGH)


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
    # As what the reader decides; empty where they do not.
    role: str
    # How much hangs on the subject, where that is more than usual: an `Importance`, and its name.
    weight: str
    weight_label: str
    # How live has moved under it, where it has.
    moved: str
    # Live without its approvals: people look at it afterwards.
    afterwards: bool = False
    # Who says that they look at it, and the button to say so, where the reader decides.
    looking: tuple[str, ...] = ()
    look_url: str = ""
    look: str = ""


def lines(changes: list[Change], reader: User | None = None) -> list[Line]:
    """Changes as rows, in a constant number of reads; with a reader, why they are theirs."""
    progress = queries.requirement_progress(changes)
    channels = {channel.key: channel for channel in Channel.objects.all()}
    asked = [change for change in changes if is_asked(change)]
    numbers = [change.number for change in asked]
    roles = decisions.roles_asked_for(reader, numbers) if reader and numbers else {}
    looking = queries.looked_at_among(asked) if reader else {}
    found = [_line(change, progress, channels, roles.get(change.number, [])) for change in changes]
    if reader is None:
        return found
    return [_looked_at(line, looking.get(line.change.pk, []), reader) for line in found]


def is_asked(change: Change) -> bool:
    """Whether people decide on it now: before it goes live, or afterwards."""
    return change.state == State.IN_REVIEW or change.after_review_due_at is not None


def _looked_at(line: Line, looking: list[queries.Looking], reader: User) -> Line:
    """The row with who looks at it; with a button where the reader is one of those asked."""
    if not is_asked(line.change):
        return line
    is_mine = any(one.person == reader.pk for one in looking)
    route = "change-put-down" if is_mine else "change-pick-up"
    return replace(
        line,
        looking=tuple(presenting.looking_words(one, reader) for one in looking),
        look_url=reverse(route, args=[line.change.pk]) if line.role else "",
        look=_("Stop looking at it") if is_mine else _("I am looking at it"),
    )


@dataclass(frozen=True, slots=True)
class Block:
    """The first rows of a list; `has_more` where there are others."""

    rows: list[Line]
    has_more: bool


def blocks(reader: User, *found: QuerySet[Change]) -> list[Block]:
    """The first of each list as rows; what the rows need is read once for all lists."""
    read = [list(queries.as_rows(changes)[: SHOWN + 1]) for changes in found]
    shown = [changes[:SHOWN] for changes in read]
    rows = iter(lines([change for changes in shown for change in changes], reader))
    return [
        Block([next(rows) for _change in changes], has_more=len(all_read) > SHOWN)
        for changes, all_read in zip(shown, read, strict=True)
    ]


def _line(
    change: Change,
    progress: dict[int, tuple[int, int]],
    channels: dict[str, Channel],
    roles: list[RequirementSource],
) -> Line:
    now = timezone.now()
    met, total = progress.get(change.number, (0, 0))
    waiting, due = is_asked(change), due_of(change)
    overdue = bool(waiting and due and due < now)
    subject = subject_of(change).name
    importance = change.journey.importance if change.journey else ""
    weight = importance if importance in HEAVY else ""
    role = listing(list(dict.fromkeys(wording.source_label(source) for source in roles)))
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
        role=_("you decide as %(role)s") % {"role": role} if role else "",
        weight=weight,
        weight_label=_("%(level)s importance") % {"level": Importance(weight).label}
        if weight
        else "",
        moved=_moved(change),
        afterwards=change.after_review_due_at is not None,
    )


def due_of(change: Change) -> datetime | None:
    """Until when people are to decide on it."""
    return change.after_review_due_at or change.due_at


def _moved(change: Change) -> str:
    if change.live_moved_to is None or change.state not in OPEN_STATES:
        return ""
    versions = {"base": change.base_number, "live": change.live_moved_to}
    if not change.conflict_count:
        return _("live has moved: v%(base)s → v%(live)s") % versions
    return ngettext(
        "live has moved: v%(base)s → v%(live)s, %(count)s conflict",
        "live has moved: v%(base)s → v%(live)s, %(count)s conflicts",
        change.conflict_count,
    ) % {**versions, "count": change.conflict_count}


def _when(change: Change, now: Any, *, overdue: bool) -> str:
    if change.state == State.SCHEDULED and change.scheduled_for is None:
        return _("waits for another change")
    if change.state == State.SCHEDULED and change.scheduled_for:
        at = timezone.localtime(change.scheduled_for)
        return _("goes live %(time)s") % {"time": date_format(at, "SHORT_DATETIME_FORMAT")}
    if is_asked(change) and (due := due_of(change)):
        if overdue:
            return _("overdue for %(time)s") % {"time": span_words(due, now)}
        return _("due in %(time)s") % {"time": span_words(now, due)}
    return _("%(time)s ago") % {"time": span_words(change.updated_at, now)}


@login_required
@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """What waits for the reader, what they may publish, their own open changes, their news."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101  (login_required)
    waiting, ready, mine = blocks(
        user, queries.waiting_for(user), queries.ready_for(user), queries.authored_by(user)
    )
    context = {
        "waiting": waiting.rows,
        "overdue": sum(line.overdue for line in waiting.rows),
        "ready": ready.rows,
        "mine": mine.rows,
        "more": {
            name: block.has_more
            for name, block in (("waiting", waiting), ("ready", ready), ("mine", mine))
        },
        "news": news_lines(list(queries.unread(user)[:20])),
        "greeting": _greeting(user),
    }
    if not waiting.has_more:
        # The frame of the page need not count them again.
        context["waiting_count"] = len(waiting.rows)
    return render(request, "governance/inbox.html", context)


def news_lines(messages: list[Notification]) -> list[Notification]:
    """Messages with where each leads and what that is called."""
    for message in messages:
        subject = queries.concerns(message)
        message.address = path_of(message)  # type: ignore[attr-defined]
        title = message.change.title if message.change else subject and subject.name
        words = presenting.told(message)
        message.words = words  # type: ignore[attr-defined]
        message.title = title or words or message.get_kind_display()  # type: ignore[attr-defined]
    return messages


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
