"""Replays: all of them, a new one, and what came of one."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cjops.core.errors import DomainError, NotFound
from cjops.core.forms import take_errors
from cjops.core.moments import check_range
from cjops.core.spreadsheets import as_csv
from governance.models import Replay
from governance.presenting.replays import FILTERS, KeyWords, desks_of, lines_of, rows_for, sentence
from governance.services import replaying
from governance.services.exporting import note_export
from governance.stewardship import can_try
from governance.trying.candidates import (
    Candidate,
    CandidateForm,
    named_candidate,
    sent_along,
    text_candidate,
)
from people.models import User

SHOWN = 50
UNDER_WAY = replaying.UNDER_WAY


class DayInput(forms.DateInput):
    """A day, as browsers pick one."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class ReplayForm(CandidateForm):
    """Which policies on which changes."""

    title = forms.CharField(
        label=gettext_lazy("Title"), required=False, max_length=replaying.LONGEST_TITLE
    )
    since = forms.DateField(
        label=gettext_lazy("Submitted from"), widget=DayInput(), validators=[check_range]
    )
    until = forms.DateField(
        label=gettext_lazy("Until"),
        widget=DayInput(),
        validators=[check_range],
        help_text=gettext_lazy("This day included."),
    )
    field_order = ("title", "since", "until", "file", "text", "only")


@login_required
@require_safe
def replay_list(request: HttpRequest) -> HttpResponse:
    """All replays, the newest first."""
    can_try(cast(User, request.user)).require()
    replays = Replay.objects.select_related("asked_by").defer("candidate")
    page = Paginator(replays, SHOWN).get_page(request.GET.get("page"))
    context = {
        "rows": [(one, sentence(one) if one.state == Replay.State.DONE else "") for one in page],
        "page": page,
        **_pages(request, page),
    }
    return render(request, "governance/trying/replay_list.html", context)


def _pages(request: HttpRequest, page: Any) -> dict[str, str]:
    """Addresses of the pages around this one, the filters kept."""
    found = {}
    for name, there, number in (
        ("previous", page.has_previous(), page.number - 1),
        ("next", page.has_next(), page.number + 1),
    ):
        query = request.GET.copy()
        query["page"] = str(number)
        found[name] = f"?{query.urlencode()}" if there else ""
    return found


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def replay_create(request: HttpRequest) -> HttpResponse:
    """Which policies are to be tried on which changes; what the editor sends along is kept."""
    user = cast(User, request.user)
    can_try(user).require()
    named, status = sent_along(request.GET.dict(), request.POST.dict()), 200
    is_sent = request.POST.get("do") == "start"
    context: dict[str, Any] = {"named": named, "refusal": None}
    form = ReplayForm(request.POST if is_sent else None, request.FILES or None, initial=_period())
    try:
        candidate = named_candidate(named)
        context["candidate"] = candidate
        if is_sent:
            status = 422
            if form.is_valid() and (candidate := candidate or _from_text(form)):
                replay = _start(form, candidate, user)
                messages.success(request, _("The replay has begun. You can leave this page."))
                return redirect("replay-detail", replay.pk)
    except DomainError as error:
        if error.status in (403, 404):
            raise
        status, context["refusal"] = error.status, error
        if form.is_bound:
            take_errors(form, error)
    context["form"] = form
    return render(request, "governance/trying/replay_create.html", context, status=status)


def _period() -> dict[str, date]:
    today = timezone.localdate()
    return {"since": today - timedelta(days=90), "until": today}


def _from_text(form: ReplayForm) -> Candidate | None:
    text = form.cleaned_data["text"]
    if not text.strip():
        form.add_error("text", _("Choose a file, or paste the text here."))
        return None
    file = form.cleaned_data["file"]
    title = file.name if file else _("Pasted policies")
    return text_candidate(text, title, only=form.cleaned_data["only"])


def _start(form: ReplayForm, candidate: Candidate, user: User) -> Replay:
    said = form.cleaned_data
    return replaying.start_replay(
        candidate=candidate.definitions,
        since=_midnight(said["since"]),
        until=_midnight(said["until"] + timedelta(days=1)),
        title=said["title"] or candidate.title,
        actor=user,
    )


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _replay(request: HttpRequest, pk: int) -> Replay:
    can_try(cast(User, request.user)).require()
    found = Replay.objects.select_related("asked_by").filter(pk=pk).first()
    if found is None:
        raise NotFound(_("There is nothing at this address that you can see."))
    return found


@login_required
@require_safe
def replay_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is, or what came of it."""
    user, replay = cast(User, request.user), _replay(request, pk)
    only = request.GET.get("only", "")
    context: dict[str, Any] = {
        "replay": replay,
        "under_way": replay.state in UNDER_WAY,
        "still": "still" in request.GET,
    }
    if not context["under_way"]:
        rows = rows_for(replay, user, only)
        page = Paginator(rows, SHOWN).get_page(request.GET.get("page"))
        words = KeyWords(replay.candidate)
        context |= {
            "sentence": sentence(replay),
            "summary": replay.summary,
            "only": only if only in FILTERS else "",
            "filters": _filters(replay, only),
            "lines": list(lines_of(page.object_list, words)),
            "hidden": replay.rows.count() - rows_for(replay, user).count(),
            "desks": desks_of(replay),
            "page": page,
            **_pages(request, page),
        }
    return render(request, "governance/trying/replay_detail.html", context)


def _filters(replay: Replay, only: str) -> list[tuple[str, str, bool]]:
    """Name, label and whether it is chosen, of each way to narrow the table."""
    labels = {
        "": _("All that differ"),
        "gaps": _("Gaps"),
        "deadlocks": _("Nobody could decide"),
        "extra": _("More approvals"),
        "saved": _("Fewer approvals"),
    }
    return [(name, label, name == only) for name, label in labels.items()]


@login_required
@require_POST
def replay_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """End one that is under way."""
    replaying.cancel_replay(id=pk, actor=cast(User, request.user))
    messages.success(request, _("The replay is cancelled."))
    return redirect("replay-detail", pk)


@login_required
@require_safe
def replay_export(request: HttpRequest, pk: int) -> HttpResponse | StreamingHttpResponse:
    """What differs as CSV, line by line."""
    user, replay = cast(User, request.user), _replay(request, pk)
    if request.method == "GET":
        note_export(action="replay.exported", actor=user, about=replay)
    rows = rows_for(replay, user, request.GET.get("only", ""))
    words = KeyWords(replay.candidate)
    head = [
        _("Change"), _("Title"), _("Subject"), _("Address"), _("Asked besides"),
        _("No longer asked"), _("Asked otherwise"), _("Gap"), _("Nobody could decide"),
        _("Approvals more"), _("Approvals fewer"),
    ]  # fmt: skip

    def cells() -> Iterator[list[Any]]:
        yield head
        for line in lines_of(rows.iterator(chunk_size=1_000), words):
            address = reverse("change-detail", args=[line.change.pk])
            yield [
                line.change.pk, line.change.title, line.subject,
                request.build_absolute_uri(address), line.added, line.removed, line.altered,
                line.gap, line.deadlock, line.extra, line.saved,
            ]  # fmt: skip

    return as_csv(cells(), f"replay-{replay.pk}.csv")
