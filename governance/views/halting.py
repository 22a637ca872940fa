"""Pausing and stopping what is live, and letting it go on: a page that asks, a POST that does."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cjops.core.errors import Conflict, DomainError
from cjops.core.forms import take_errors
from governance import halts, services
from governance.forms import HaltForm, ResumeForm
from governance.models import Halt, LedgerEntry
from governance.subjects import get_subject_for
from governance.transitions import Action
from governance.views.repeats import FIELD, form_token, repeat_of
from journeys.models import Journey
from people.models import User


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def journey_halt(request: HttpRequest, key: str) -> HttpResponse:
    """Ask what to halt and why, and halt it."""
    user, journey = _asked(request, key)
    if journey.live_version_id is None:
        raise Conflict(_("This journey is not live, so there is nothing to halt."))
    brake = halts.Brake(user, journey)
    wanted = request.GET.get("step", "")
    if not brake.holds_any:
        halts.can_halt(brake, wanted).require()
    choices = ([("", _("the whole journey"))] if brake.holds_all else []) + brake.steps
    sent = request.POST if request.method == "POST" else None
    form = HaltForm(sent, choices=choices, initial={"step": wanted})
    context: dict[str, object] = {
        "title": _("Pause or stop"),
        "submit": _("Halt it now"),
        "danger": True,
        "effects": [
            _("It takes effect at once; nobody has to approve it."),
            _("The people who answer for the journey are told, with your words."),
        ],
    }

    def act() -> LedgerEntry:
        return services.halt(
            journey_key=key, actor=user, repeat=repeat_of(request), **form.cleaned_data
        )

    return _answer(request, journey, form, act, context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def journey_resume(request: HttpRequest, key: str) -> HttpResponse:
    """Ask whether to let it go on, and let it."""
    user, journey = _asked(request, key)
    step = (request.POST if request.method == "POST" else request.GET).get("step", "")
    found = next((one for one in halts.open_halts(journey) if one.step == step), None)
    if found is None and request.method != "POST":
        raise Conflict(_("It is not halted."), code="not_halted")
    if found is not None:
        halts.can_resume(halts.Brake(user, journey), found).require()
    form = ResumeForm(request.POST if request.method == "POST" else None)
    stopped = found is not None and found.kind == Halt.Kind.STOP
    context: dict[str, object] = {
        "title": _("Let it go on"),
        "submit": _("Let it go on"),
        "effects": [
            _("Who comes in from now on is taken along; whoever left stays out.")
            if stopped
            else _("Everybody goes on from where they are."),
        ],
        "hidden": {"step": step},
        "halted": found,
        "step_name": found.step_name if found else "",  # type: ignore[attr-defined]
    }

    def act() -> LedgerEntry:
        reason = form.cleaned_data["reason"]
        return services.resume(
            journey_key=key, step=step, actor=user, reason=reason, repeat=repeat_of(request)
        )

    return _answer(request, journey, form, act, context)


def _asked(request: HttpRequest, key: str) -> tuple[User, Journey]:
    user = request.user
    assert isinstance(user, User)  # noqa: S101  (login_required)
    journey = get_subject_for(user=user, kind="journey", key=key)
    assert isinstance(journey, Journey)  # noqa: S101  (by its kind)
    return user, journey


def _answer(
    request: HttpRequest,
    journey: Journey,
    form: HaltForm | ResumeForm,
    act: Callable[[], LedgerEntry],
    context: dict[str, object],
) -> HttpResponse:
    """The page that asks, with what was refused; or on to the journey where it is done."""
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                entry = act()
            except DomainError as error:
                if error.status in (403, 404):
                    raise
                take_errors(form, error)
                status = error.status
            else:
                messages.success(request, _said(entry))
                return redirect("journey-detail", journey.key)
    hidden = context.pop("hidden", {})
    assert isinstance(hidden, dict)  # noqa: S101  (made above)
    context |= {
        "journey": journey,
        "form": form,
        "fields": form,
        "hidden": hidden | {FIELD: form_token(request)},
        "action_url": request.path,
        "cancel_url": reverse("journey-detail", args=[journey.key]),
    }
    return render(request, "governance/journey_halt.html", context, status=status)


def _said(entry: LedgerEntry) -> str:
    if entry.action == Action.RESUME:
        return _("It goes on.")
    return _("It is stopped.") if entry.action == Action.STOP else _("It is paused.")
