"""Activating, declining and ending a policy, each on a page that says what follows."""

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cjops.core.errors import DomainError
from cjops.core.forms import take_errors
from cjops.core.verdicts import Verdict
from governance import coverage
from governance.models import Policy, PolicyVersion
from governance.policy_forms import ReasonForm
from governance.queries.policies import get_policy, get_version
from governance.queries.ruling import active_rules
from governance.services import ruling
from governance.stewardship import can_activate, can_decline, can_manage
from people.models import User


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def policy_activate(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Put a version into force."""
    user, policy = cast(User, request.user), get_policy(key)
    version = get_version(policy, number)
    ends = version.definition is None
    verdict = can_activate(user, version, policy.active)
    form = ReasonForm(request.POST or None, is_required=False)

    def act(comment: str) -> None:
        ruling.activate(key=key, number=number, comment=comment, actor=user)
        said = _("The policy has ended.") if ends else _("Version %(number)s is in force.")
        messages.success(request, said % {"number": number})

    lost = coverage.Uncovered()
    if verdict and request.method != "POST":
        lost = coverage.lost_by(version, active_rules(), user)
    effects = [_("Who has to decide on open changes is asked anew.")]
    if ends:
        effects.insert(0, _("It no longer applies to any change."))
    elif policy.active:
        effects.insert(0, _("It replaces version %(number)s.") % {"number": policy.active.number})
    title = _("End “%(policy)s”") if ends else _("Activate version %(number)s of “%(policy)s”")
    return _asked(
        request,
        policy,
        form,
        act,
        {
            "title": title % {"number": number, "policy": policy.label},
            "verdict": verdict,
            "effects": effects,
            "warning": coverage.sentence(lost) if lost else "",
            "submit": _("End it") if ends else _("Activate"),
            "danger": ends,
        },
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def policy_decline(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Take a proposal off the table."""
    user, policy = cast(User, request.user), get_policy(key)
    version = get_version(policy, number)
    is_own = version.author_id == user.pk
    form = ReasonForm(request.POST or None, is_required=not is_own)

    def act(comment: str) -> None:
        ruling.decline(key=key, number=number, comment=comment, actor=user)
        messages.success(request, _("The proposal is off the table."))

    title = _("Withdraw version %(number)s") if is_own else _("Decline version %(number)s")
    return _asked(
        request,
        policy,
        form,
        act,
        {
            "title": title % {"number": number},
            "verdict": can_decline(user, version),
            "effects": [_("What is in force stays as it is.")],
            "submit": _("Withdraw it") if is_own else _("Decline it"),
            "danger": True,
        },
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def policy_end(request: HttpRequest, key: str) -> HttpResponse:
    """Propose that a policy ends."""
    user, policy = cast(User, request.user), get_policy(key)
    form = ReasonForm(request.POST or None, is_required=True)

    def act(comment: str) -> None:
        ruling.propose_end(key=key, comment=comment, actor=user)
        messages.success(request, _("The end is proposed. It counts once it is activated."))

    ending = PolicyVersion(policy=policy, number=0)
    lost = coverage.Uncovered()
    if request.method != "POST" and can_manage(user):
        lost = coverage.lost_by(ending, active_rules(), user)
    return _asked(
        request,
        policy,
        form,
        act,
        {
            "title": _("Propose that “%(policy)s” ends") % {"policy": policy.label},
            "verdict": can_manage(user),
            "effects": [_("Nothing changes before somebody activates the end.")],
            "warning": coverage.sentence(lost) if lost else "",
            "submit": _("Propose the end"),
            "danger": True,
        },
    )


def _asked(
    request: HttpRequest,
    policy: Policy,
    form: forms.Form,
    act: Callable[[str], None],
    context: dict[str, Any],
) -> HttpResponse:
    """The question, or where its answer leads to; a refusal stays on the page."""
    verdict: Verdict = context["verdict"]
    status = 200 if verdict else (409 if verdict.by_state else 403)
    if request.method == "POST":
        verdict.require()
        status = 422
        if form.is_valid():
            try:
                act(form.cleaned_data["comment"])
                return redirect("policy-detail", policy.key)
            except DomainError as error:
                if error.status in (403, 404):
                    raise
                status = error.status
                _show(form, error)
    page = {
        "policy": policy,
        "form": form,
        "fields": list(form),
        "action_url": request.path,
        "cancel_url": reverse("policy-detail", args=[policy.key]),
        **context,
    }
    return render(request, "governance/policies/policy_confirm.html", page, status=status)


def _show(form: forms.Form, error: DomainError) -> None:
    take_errors(form, error)
    for finding in error.extra.get("findings", ()):
        form.add_error(None, finding.message)
