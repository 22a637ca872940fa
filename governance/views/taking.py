"""Taking the steps of a change: the button pressed, the page that asks first, what was refused."""

from collections.abc import Callable
from functools import partial
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from cjops.core.errors import DomainError, NotFound
from governance import decisions, policies, presenting, queries, services
from governance.forms import (
    AheadField,
    AppointForm,
    BreakGlassForm,
    DecisionForm,
    QueueForm,
    ScheduleForm,
    not_said,
)
from governance.models import Change, LedgerEntry
from governance.proposals import proposal_of
from governance.subjects import subject_of
from governance.transitions import TRANSITIONS, WITH_OWN_DOORS, Action
from governance.views.changes import ahead_of, page_of, publish_effects, waits
from people import proving
from people.models import User

# Of a list to choose from.
MOST_OTHERS = 100


@login_required
@require_http_methods(["GET", "POST"])
def change_take(request: HttpRequest, number: int, action: str) -> HttpResponse:
    """Take a step of a change; a GET asks first, on a page of its own."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101  (login_required)
    if action not in TRANSITIONS or action in WITH_OWN_DOORS:
        raise NotFound
    step = Action(action)
    make = _form_of(step, request, number)
    if request.method == "GET":
        change = queries.get_change_for(user=user, number=number)
        policies.can(user, change, step).require()
        form = make(initial={"digest": change.digest})
        return _confirm(request, change, step, form, status=200)
    form = make(request.POST)
    if not form.is_valid():
        change = queries.get_change_for(user=user, number=number)
        policies.can(user, change, step).require()
        if "digest" in form.errors:
            form = make({**request.POST.dict(), "digest": change.digest})
            form.add_error(None, not_said())
        return _confirm(request, change, step, form, status=422)
    if form.cleaned_data.get("after") == AheadField.KEPT:
        policies.can(user, queries.get_change_for(user=user, number=number), step).require()
        messages.info(request, _("It goes on waiting for the same change."))
        return redirect("change-detail", number=number)
    try:
        entry = services.take(
            action=step,
            number=number,
            actor=user,
            comment=form.cleaned_data.get("comment", ""),
            hunks=request.POST.getlist("hunks") or None,
            publish_at=form.cleaned_data.get("publish_at"),
            after=form.cleaned_data.get("after"),
            requirement=form.cleaned_data.get("requirement", ""),
            person=form.cleaned_data.get("person", ""),
            code=form.cleaned_data.get("code", ""),
            proved=step is Action.BREAK_GLASS and proving.has_proved(request, user),
            expected_digest=form.cleaned_data["digest"],
        )
    except DomainError as error:
        return _refused(request, number, step, make, form, error)
    messages.success(request, _said(step, entry, form))
    return redirect("change-detail", number=entry.data.get("opened") or number)


def _said(step: Action, entry: LedgerEntry, form: DecisionForm) -> str:
    """What somebody reads who has taken a step."""
    if opened := entry.data.get("opened"):
        said = _("The roll-back is change CR-%(number)s. It waits for a second person.")
        if entry.data.get("conflicts"):
            said = _(
                "The roll-back is change CR-%(number)s. Later changes touched the same places: "
                "settle these, then submit it."
            )
        elif entry.data.get("errors"):
            said = _(
                "The roll-back is change CR-%(number)s. Together with later changes some checks "
                "fail: edit it, then submit it."
            )
        elif entry.data.get("refused"):
            said = _(
                "The roll-back is change CR-%(number)s. Nobody could decide on it, so it stays a "
                "draft; governance leads have been told."
            )
        return said % {"number": opened}
    if until := entry.data.get("waits_until"):
        return presenting.waiting_words(until)
    if step is Action.SCHEDULE and form.cleaned_data.get("publish_at") is None:
        return _("It goes live right after the change that it waits for.")
    return str(SAID[step])


SAID = {
    Action.SUBMIT: gettext_lazy("Submitted. The people whose decision counts have been told."),
    Action.APPROVE: gettext_lazy("Your approval is recorded."),
    Action.REQUEST_CHANGES: gettext_lazy("Sent back to the author with your words."),
    Action.COMMENT: gettext_lazy("Your comment is there."),
    Action.REJECT: gettext_lazy("The change is rejected."),
    Action.WITHDRAW: gettext_lazy("The change is withdrawn."),
    Action.SCHEDULE: gettext_lazy("It goes live at the time you set."),
    Action.UNSCHEDULE: gettext_lazy("It is off the calendar. It stays approved."),
    Action.PUBLISH: gettext_lazy("Published. The new version is live."),
    Action.ROLL_BACK: gettext_lazy("The roll-back is open."),
    Action.REBASE: gettext_lazy("It is written on the version that is live now."),
    Action.QUEUE: gettext_lazy("What it waits for is set."),
    Action.APPOINT: gettext_lazy("They may decide now, and have been told."),
    Action.BREAK_GLASS: gettext_lazy(
        "Published without the approvals. Those who were not asked have been told, and look at it "
        "now."
    ),
    Action.STAND_BY: gettext_lazy("You stand by it. That is recorded."),
    Action.OBJECT: gettext_lazy(
        "Your objection is recorded. Whoever may publish here has been told and can roll it back."
    ),
}


def _form_of(step: Action, request: HttpRequest, number: int) -> Callable[..., DecisionForm]:
    """What makes the form of a step, from what was sent or as it is at first."""
    user = cast(User, request.user)
    if step is Action.BREAK_GLASS:
        return partial(BreakGlassForm, code=proving.asked_of(request, user))
    if step not in (Action.SCHEDULE, Action.QUEUE, Action.APPOINT):
        return DecisionForm
    change = queries.get_change_for(user=user, number=number)
    if step is Action.SCHEDULE:
        return partial(ScheduleForm, may_wait=waits(change))
    if step is Action.APPOINT:
        return partial(AppointForm, choices=stuck_choices(policies.Standing(user, change)))
    others = queries.others_open(change, user)[:MOST_OTHERS]
    return partial(QueueForm, others=others, ahead=ahead_of(change, user), waits=waits(change))


# What these lack is asked for on a page of their own.
ASKING_AGAIN = frozenset({Action.QUEUE, Action.PUBLISH, Action.SCHEDULE})


def _refused(
    request: HttpRequest,
    number: int,
    step: Action,
    make: Callable[..., DecisionForm],
    form: DecisionForm,
    error: DomainError,
) -> HttpResponse:
    """The same page again with the reason, and with what the person wrote still in the form."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101  (login_required)
    if error.status in (403, 404):
        raise error
    change = queries.get_change_for(user=user, number=number)
    for name, sentences in error.errors.items():
        if name in form.fields:
            for sentence in sentences:
                form.add_error(name, sentence)
    if error.errors and (TRANSITIONS[step].needs_comment or step in ASKING_AGAIN):
        return _confirm(request, change, step, form, status=error.status)
    context = page_of(change, user, "checks" if "findings" in error.extra else "changes")
    form = make({**request.POST.dict(), "digest": change.digest}, initial={"digest": change.digest})
    context |= {"refusal": error, "decision_form": form}
    return render(request, "governance/change_detail.html", context, status=error.status)


def stuck_choices(standing: policies.Standing) -> list[tuple[str, str]]:
    """The decisions that nobody may make: key and name."""
    lines, _met = presenting.decider_lines(standing)
    return [(line.key, line.label) for line in lines if line.state == "stuck"]


def _confirm(
    request: HttpRequest, change: Change, step: Action, form: DecisionForm, status: int
) -> HttpResponse:
    assert isinstance(request.user, User)  # noqa: S101  (login_required)
    context = {
        "change": change,
        "subject": subject_of(change),
        "title": step.label,
        "action_url": reverse("change-take", args=[change.number, step.value]),
        "cancel_url": reverse("change-detail", args=[change.number]),
        "submit": step.label,
        "danger": step in DANGEROUS,
        "effects": _effects(change, step, request.user),
        "warning": str(WARNINGS.get(step, "")),
        "fields": form,
        "form": form,
    }
    return render(request, "governance/change_confirm.html", context, status=status)


DANGEROUS = frozenset({Action.REJECT, Action.WITHDRAW, Action.ROLL_BACK, Action.BREAK_GLASS})
WARNINGS = {
    Action.BREAK_GLASS: gettext_lazy(
        "This goes live without the approvals that it needs. It is recorded under your name with "
        "your reason, governance leads are told, and people look at it afterwards. Use it only "
        "where customers are harmed while it waits."
    ),
    Action.OBJECT: gettext_lazy(
        "It stays live until somebody who may publish here rolls it back. You can still stand by "
        "it later."
    ),
}


def _effects(change: Change, step: Action, user: User) -> list[str]:
    """What the step will do, a sentence each."""
    if step not in (Action.PUBLISH, Action.SCHEDULE, Action.BREAK_GLASS):
        return []
    proposal = proposal_of(change)
    frozen = presenting.frozen(change, proposal, user)
    if step is Action.SCHEDULE:
        return frozen.scheduling
    effects = publish_effects(change, proposal, frozen)
    if step is Action.BREAK_GLASS:
        effects = [*presenting.not_asked(decisions.decisions_on(change, user)), *effects]
    return effects
