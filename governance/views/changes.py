"""The list of changes, the page of one, and the steps taken on it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods
from django.views.decorators.vary import vary_on_headers

from cjops.core.errors import DomainError, NotFound
from cjops.documents import Resolution
from governance import policies, presenting, queries, services
from governance.clashes import clashes_of
from governance.forms import (
    AheadField,
    ChangeFilterForm,
    DecisionForm,
    QueueForm,
    ScheduleForm,
    not_said,
)
from governance.integration import Integration, integration_of
from governance.models import Change, LedgerEntry
from governance.proposals import Proposal, proposal_of
from governance.subjects import subject_of
from governance.transitions import TRANSITIONS, WITH_OWN_DOORS, Action, State
from governance.views.inbox import lines
from governance.views.parts import Asked, conflicts_context, parts_context, revisions_context
from governance.visibility import sees
from people.models import User

PAGE = 50
# Of a list to choose from.
MOST_OTHERS = 100
TABS = ("changes", "conflicts", "conversation", "checks", "revisions")


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
    change = queries.get_change_for(user=user, number=number, to_look_at=True)
    tab = request.GET.get("tab", "changes")
    if tab not in TABS:
        tab = "changes"
    context = page_of(change, user, tab, request.GET)
    return render(request, "governance/change_detail.html", context)


def page_of(
    change: Change,
    user: User,
    tab: str,
    query: QueryDict | None = None,
    given: dict[str, Resolution] | None = None,
) -> dict[str, Any]:
    """All that the page of a change shows; `query` is what its address asks beyond the tab, `given`
    are choices about conflicts that somebody just sent."""
    query = QueryDict() if query is None else query
    proposal = proposal_of(change)
    integration = integration_of(change, proposal)
    standing = policies.Standing(user, change)
    actions = policies.actions_of(standing)
    deciders, met = presenting.decider_lines(standing)
    # Checks run for what can still be mended; what has ended keeps its story only.
    checked = policies.is_open(change.state)
    may_edit = bool(actions[Action.EDIT])
    frozen = presenting.frozen(change, proposal, user) if checked else None
    findings = presenting.finding_lines(change, proposal, may_edit) if checked else []
    story = presenting.happenings(change, proposal, user)
    context = {
        "change": change,
        "subject": subject_of(change),
        "subject_url": subject_url(change),
        "tab": tab,
        "tabs": _tabs(change, proposal, tab, findings, len(story), integration),
        "moved": presenting.moved(integration, change.base_number) if integration else None,
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
            initial={"digest": change.digest, "publish_at": change.scheduled_for},
            may_wait=waits(change),
        ),
        "ahead": _ahead(change, user),
        "waits": waits(change),
        "is_open": checked,
        "next_step": next_step(change, actions, integration),
        "publish_effects": publish_effects(change, proposal, frozen),
        "schedule_effects": frozen.scheduling if frozen else [],
        "freezes": frozen.now if frozen else [],
    }
    if tab == "changes":
        parts = parts_context(change, proposal, standing, Asked.of(query))
        found = presenting.neighbours(change, clashes_of(change, user, proposal))
        parts["cards"] = presenting.noted(parts["cards"], found)
        context |= {**parts, "neighbours": found}
    if tab == "revisions":
        context |= revisions_context(change, user, query.get("from", ""))
    if tab == "conflicts":
        context |= conflicts_context(change, integration, user, query.get("page", ""), given)
    return context


def _tabs(
    change: Change,
    proposal: Proposal,
    current: str,
    findings: list[Any],
    told: int,
    integration: Integration | None,
) -> list[Tab]:
    errors = sum(finding.severity == "error" for finding in findings)
    counts = {
        "changes": len(proposal.hunks),
        "conflicts": len(integration.merge.conflicts) if integration else 0,
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
        # Only where there is something to settle, or was.
        if name != "conflicts" or current == name or (integration and integration.conflicts)
    ]


TAB_LABELS = {
    "changes": gettext_lazy("What changes"),
    "conflicts": gettext_lazy("Conflicts"),
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


def next_step(change: Change, actions: dict[Action, Any], integration: Integration | None) -> str:
    """The one thing that should happen next, in words."""
    if integration is not None and integration.merge.conflicts and change.state in SETTLED_FIRST:
        return _("Live has moved on in the same places. Settle the conflicts first.")
    if actions[Action.APPROVE]:
        return _("Your decision is wanted.")
    if actions[Action.PUBLISH] and change.state == State.APPROVED:
        return _("Everybody has decided. You can publish it now, or choose when.")
    if change.state == State.SCHEDULED and change.scheduled_for is None:
        return _("Goes live by itself right after the change that it waits for.")
    return str(NEXT_STEPS[State(change.state)])


# Nobody has to decide on it now; what clashes with live stands in its way.
SETTLED_FIRST = frozenset({State.DRAFT, State.CHANGES_REQUESTED, State.APPROVED, State.SCHEDULED})
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


def _live_number(change: Change) -> int:
    live = subject_of(change).live_version  # type: ignore[attr-defined]
    return live.number if live else 0


def publish_effects(
    change: Change, proposal: Proposal, frozen: presenting.Frozen | None = None
) -> list[str]:
    """What publishing will do, for the dialog that asks."""
    effects = frozen.publishing[:] if frozen else []
    effects.append(
        _("Version %(number)s of “%(name)s” goes live at once.")
        % {"number": _live_number(change) + 1, "name": subject_of(change).name}
        if change.kind != "asset"
        else _("A new version of “%(name)s” goes live at once.") % {"name": subject_of(change).name}
    )
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
    make = _form_of(step, user, number)
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
}


def _ahead(change: Change, user: User) -> Change | None:
    """The change that has to go live before this one, as far as the reader sees it."""
    ahead = change.queued_behind
    return ahead if ahead and waits(change) and sees(user, subject_of(ahead)) else None


def _form_of(step: Action, user: User, number: int) -> Callable[..., DecisionForm]:
    """What makes the form of a step, from what was sent or as it is at first."""
    if step not in (Action.SCHEDULE, Action.QUEUE):
        return DecisionForm
    change = queries.get_change_for(user=user, number=number)
    if step is Action.SCHEDULE:
        return partial(ScheduleForm, may_wait=waits(change))
    others = queries.others_open(change, user)[:MOST_OTHERS]
    return partial(QueueForm, others=others, ahead=_ahead(change, user), waits=waits(change))


def waits(change: Change) -> bool:
    """Whether another change has to go live before this one."""
    return change.queued_behind is not None and policies.is_open(change.queued_behind.state)


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


def _confirm(
    request: HttpRequest, change: Change, step: Action, form: DecisionForm, status: int
) -> HttpResponse:
    effects: list[str] = []
    if step in (Action.PUBLISH, Action.SCHEDULE):
        assert isinstance(request.user, User)  # noqa: S101  (login_required)
        proposal = proposal_of(change)
        frozen = presenting.frozen(change, proposal, request.user)
        publishing = step is Action.PUBLISH
        effects = publish_effects(change, proposal, frozen) if publishing else frozen.scheduling
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
