"""The list of changes, and the page of one."""

from dataclasses import dataclass
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from cjops.documents import Resolution
from governance import policies, presenting, queries
from governance.clashes import clashes_of
from governance.forms import AppointForm, ChangeFilterForm, DecisionForm, ScheduleForm
from governance.integration import Integration, integration_of
from governance.models import Change
from governance.proposals import Proposal, proposal_of
from governance.subjects import subject_of
from governance.transitions import EDITABLE, Action, State
from governance.views.inbox import lines
from governance.views.parts import Asked, conflicts_context, parts_context, revisions_context
from governance.visibility import sees
from journeys import reading
from journeys.models import Journey
from journeys.views.journey import step_urls
from journeys.views.story import told
from people.models import User

PAGE = 50
TABS = ("changes", "story", "conflicts", "conversation", "checks", "revisions")


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
    if tab not in TABS or (tab == "story" and change.kind != "journey"):
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
        "languages": presenting.language_lines(standing, proposal, deciders),
        "met": met,
        "actions": {action.name.lower(): verdict for action, verdict in actions.items()},
        "decision_form": DecisionForm(initial={"digest": change.digest}),
        "schedule_form": ScheduleForm(
            initial={"digest": change.digest, "publish_at": change.scheduled_for},
            may_wait=waits(change),
        ),
        "ahead": ahead_of(change, user),
        "waits": waits(change),
        "is_open": checked,
        "next_step": next_step(change, actions, integration),
        "publish_effects": publish_effects(change, proposal, frozen),
        "schedule_effects": frozen.scheduling if frozen else [],
        "freezes": frozen.now if frozen else [],
        **deciding_context(standing, actions, deciders),
    }
    if tab == "changes":
        parts = parts_context(change, proposal, standing, Asked.of(query))
        found = presenting.neighbours(change, clashes_of(change, user, proposal))
        parts["cards"] = presenting.noted(parts["cards"], found)
        context |= {**parts, "neighbours": found}
    if tab == "story":
        context |= story_context(change, proposal, user, query)
    if tab == "revisions":
        context |= revisions_context(change, user, query.get("from", ""))
    if tab == "conflicts":
        context |= conflicts_context(change, integration, user, query.get("page", ""), given)
    return context


def story_context(
    change: Change, proposal: Proposal, user: User, query: QueryDict
) -> dict[str, Any]:
    """What one customer would read on the journey as it is proposed."""
    journey = cast(Journey, change.journey)
    live = journey.live_version
    document = proposal.proposed
    known = reading.known_in(user, document)
    return {
        "told": told(user, query, document, known, proposal.base),
        "step_urls": step_urls(journey, live.get_document()) if live else {},
    }


def deciding_context(
    standing: policies.Standing, actions: dict[Action, Any], deciders: list[presenting.Decider]
) -> dict[str, Any]:
    """What the page says about who decides beyond the list of them."""
    change = standing.change
    stuck = [(line.key, line.label) for line in deciders if line.state == "stuck"]
    may_appoint = bool(stuck and actions[Action.APPOINT])
    first = {"digest": change.digest}
    appoint = AppointForm(initial=first, choices=stuck, auto_id="appoint_%s")
    looking = queries.looked_at_by(change)
    return {
        # Before anybody is asked it is worked out when the page asks for it.
        "is_preview": change.state in EDITABLE and not deciders,
        "appoint_form": appoint if may_appoint else None,
        "afterwards": presenting.afterwards(change, deciders),
        "looking": [presenting.looking_words(one, standing.user) for one in looking],
        "is_looking": any(one.person == standing.user.pk for one in looking),
        "may_look": bool(policies.can_pick_up(standing)),
        "may_break": bool(actions[Action.BREAK_GLASS])
        and change.state not in (State.APPROVED, State.SCHEDULED),
    }


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
        "story": "",
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
        if name != "story" or change.kind == "journey"
    ]


TAB_LABELS = {
    "changes": gettext_lazy("What changes"),
    "story": gettext_lazy("Story"),
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
    if change.after_review_due_at is not None:
        return _("This change is live without its approvals. Those named here look at it now.")
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


def ahead_of(change: Change, user: User) -> Change | None:
    """The change that has to go live before this one, as far as the reader sees it."""
    ahead = change.queued_behind
    return ahead if ahead and waits(change) and sees(user, subject_of(ahead)) else None


def waits(change: Change) -> bool:
    """Whether another change has to go live before this one."""
    return change.queued_behind is not None and policies.is_open(change.queued_behind.state)
