"""The list of changes, the page of one, and the steps taken on it."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods
from django.views.decorators.vary import vary_on_headers

from cjops.core.errors import DomainError, NotFound
from governance import policies, presenting, queries, services
from governance.forms import ChangeFilterForm, DecisionForm, ScheduleForm, not_said
from governance.models import Change
from governance.proposals import Proposal, proposal_of
from governance.subjects import subject_of
from governance.transitions import TRANSITIONS, WITH_OWN_DOORS, Action, State
from governance.views.inbox import lines
from people.models import User

PAGE = 50
TABS = ("changes", "conversation", "checks", "revisions")


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab of the page."""

    url: str
    label: str
    count: object
    current: bool


@login_required
@require_GET
@vary_on_headers("HX-Request")
def change_list(request: HttpRequest) -> HttpResponse:
    """Changes the reader sees, newest first, 50 a page, filtered by the address."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101  (login_required)
    form = ChangeFilterForm(request.GET or None)
    wanted = form.cleaned_data if form.is_valid() else {}
    changes = queries.as_rows(queries.list_changes(user=user, **wanted))
    if (before := request.GET.get("before", "")).isdecimal() and len(before) < 19:
        changes = changes.filter(number__lt=int(before))
    found = list(changes[: PAGE + 1])
    more = len(found) > PAGE
    query = request.GET.copy()
    query["before"] = str(found[PAGE - 1].number) if more else ""
    context = {
        "form": form,
        "lines": lines(found[:PAGE]),
        "filtered": any(wanted.values()),
        "next": f"?{query.urlencode()}" if more else "",
    }
    return render(request, "governance/change_list.html", context)


@login_required
@require_GET
def change_detail(request: HttpRequest, number: int) -> HttpResponse:
    """The page of a change."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101  (login_required)
    change = queries.get_change_for(user=user, number=number)
    tab = request.GET.get("tab", "changes")
    if tab not in TABS:
        tab = "changes"
    context = page_of(change, user, tab, request.GET.get("rendition", ""))
    return render(request, "governance/change_detail.html", context)


def page_of(change: Change, user: User, tab: str, rendition: str = "") -> dict[str, Any]:
    """All that the page of a change shows; content in the language `rendition`, if named."""
    proposal = proposal_of(change)
    standing = policies.Standing(user, change)
    actions = policies.actions_of(standing)
    deciders, met = presenting.decider_lines(standing)
    # Checks run for what can still be mended; what has ended keeps its story only.
    checked = policies.is_open(change.state)
    may_edit = bool(actions[Action.EDIT])
    findings = presenting.finding_lines(change, proposal, may_edit) if checked else []
    story = presenting.happenings(change, proposal)
    context = {
        "change": change,
        "subject": subject_of(change),
        "subject_url": subject_url(change),
        "tab": tab,
        "tabs": _tabs(change, proposal, tab, findings, len(story)),
        "proposal": proposal,
        "words": proposal.words,
        "findings": findings,
        "blocking": sum(finding.severity == "error" for finding in findings),
        "story": story,
        "deciders": deciders,
        "met": met,
        "actions": {action.name.lower(): verdict for action, verdict in actions.items()},
        "decision_form": DecisionForm(initial={"digest": change.digest}),
        "schedule_form": ScheduleForm(
            initial={"digest": change.digest, "publish_at": change.scheduled_for}
        ),
        "is_open": checked,
        "next_step": next_step(change, actions),
        "publish_effects": publish_effects(change, proposal),
    }
    if tab == "changes":
        lookup = presenting.lookup_for(proposal, user)
        lookup.rendition, lookup.about = rendition, change
        context["cards"] = presenting.cards(proposal, lookup, standing.reviews)
        context["flow"] = presenting.flow_of(proposal, lookup)
    if tab == "revisions":
        context["revisions"] = change.revisions.select_related("author").defer("document")
    return context


def _tabs(
    change: Change, proposal: Proposal, current: str, findings: list[Any], told: int
) -> list[Tab]:
    errors = sum(finding.severity == "error" for finding in findings)
    counts = {
        "changes": len(proposal.hunks),
        "conversation": told,
        "checks": _("all pass") if not findings else (errors or len(findings)),
        "revisions": change.revision,
    }
    if not policies.is_open(change.state):
        counts["checks"] = ""
    address = reverse("change-detail", args=[change.number])
    return [
        Tab(f"{address}?tab={name}", str(TAB_LABELS[name]), counts[name], name == current)
        for name in TABS
    ]


TAB_LABELS = {
    "changes": gettext_lazy("What changes"),
    "conversation": gettext_lazy("Conversation"),
    "checks": gettext_lazy("Checks"),
    "revisions": gettext_lazy("Revisions"),
}


def subject_url(change: Change) -> str:
    """Where the subject of a change lives in the portal; empty where it has no page yet."""
    names = {"journey": "journey-detail", "asset": "asset-detail"}
    if change.kind not in names:
        return ""
    return reverse(names[change.kind], args=[subject_of(change).key])


def next_step(change: Change, actions: dict[Action, Any]) -> str:
    """The one thing that should happen next, in words."""
    if actions[Action.APPROVE]:
        return _("Your decision is wanted.")
    if actions[Action.PUBLISH] and change.state == State.APPROVED:
        return _("Everybody has decided. You can publish it now, or choose when.")
    return str(NEXT_STEPS[State(change.state)])


NEXT_STEPS = {
    State.DRAFT: gettext_lazy("Still being written. Nobody has been asked yet."),
    State.IN_REVIEW: gettext_lazy("Waits for the people named here."),
    State.CHANGES_REQUESTED: gettext_lazy(
        "Back with its author, to be edited and submitted again."
    ),
    State.APPROVED: gettext_lazy("Everybody has decided. It waits to be published."),
    State.SCHEDULED: gettext_lazy("Goes live by itself at the time that was set."),
    State.PUBLISHED: gettext_lazy("This change is live."),
    State.REJECTED: gettext_lazy("This change was rejected. Nothing went live."),
    State.WITHDRAWN: gettext_lazy("This change was withdrawn. Nothing went live."),
}


def publish_effects(change: Change, proposal: Proposal) -> list[str]:
    """What publishing will do, for the dialog that asks."""
    effects = [
        _("Version %(number)s of “%(name)s” goes live at once.")
        % {"number": change.base_number + 1, "name": subject_of(change).name}
        if change.kind != "asset"
        else _("A new version of “%(name)s” goes live at once.") % {"name": subject_of(change).name}
    ]
    effects += proposal.words[:5]
    return [*effects, _("You can roll it back afterwards.")]


@login_required
@require_http_methods(["GET", "POST"])
def change_take(request: HttpRequest, number: int, action: str) -> HttpResponse:
    """Take a step of a change; a GET asks first, on a page of its own."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101  (login_required)
    if action not in TRANSITIONS or action in WITH_OWN_DOORS:
        raise NotFound
    step = Action(action)
    form_class = ScheduleForm if step is Action.SCHEDULE else DecisionForm
    if request.method == "GET":
        change = queries.get_change_for(user=user, number=number)
        policies.can(user, change, step).require()
        form = form_class(initial={"digest": change.digest})
        return _confirm(request, change, step, form, status=200)
    form = form_class(request.POST)
    if not form.is_valid():
        change = queries.get_change_for(user=user, number=number)
        policies.can(user, change, step).require()
        if "digest" in form.errors:
            form = form_class({**request.POST.dict(), "digest": change.digest})
            form.add_error(None, not_said())
        return _confirm(request, change, step, form, status=422)
    try:
        entry = services.take(
            action=step,
            number=number,
            actor=user,
            comment=form.cleaned_data["comment"],
            hunks=request.POST.getlist("hunks") or None,
            publish_at=form.cleaned_data.get("publish_at"),
            expected_digest=form.cleaned_data["digest"],
        )
    except DomainError as error:
        return _refused(request, number, step, form, error)
    if opened := entry.data.get("opened"):
        messages.success(
            request,
            _("The roll-back is change CR-%(number)s. It waits for a second person.")
            % {"number": opened},
        )
        return redirect("change-detail", number=opened)
    messages.success(request, str(SAID[step]))
    return redirect("change-detail", number=number)


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
}


def _refused(
    request: HttpRequest, number: int, step: Action, form: DecisionForm, error: DomainError
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
    if error.errors and TRANSITIONS[step].needs_comment:
        return _confirm(request, change, step, form, status=error.status)
    context = page_of(change, user, "checks" if "findings" in error.extra else "changes")
    form = type(form)(
        {**request.POST.dict(), "digest": change.digest}, initial={"digest": change.digest}
    )
    context |= {"refusal": error, "decision_form": form}
    return render(request, "governance/change_detail.html", context, status=error.status)


def _confirm(
    request: HttpRequest, change: Change, step: Action, form: DecisionForm, status: int
) -> HttpResponse:
    effects = publish_effects(change, proposal_of(change)) if step is Action.PUBLISH else []
    context = {
        "change": change,
        "subject": subject_of(change),
        "title": step.label,
        "action_url": reverse("change-take", args=[change.number, step.value]),
        "cancel_url": reverse("change-detail", args=[change.number]),
        "submit": step.label,
        "danger": step in (Action.REJECT, Action.WITHDRAW, Action.ROLL_BACK),
        "effects": effects,
        "fields": form,
        "form": form,
    }
    return render(request, "governance/change_confirm.html", context, status=status)
