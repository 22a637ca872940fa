"""Policies as YAML: taken away as a file, and taken over after a look at what would change."""

from dataclasses import dataclass
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from cjops.core.errors import DomainError
from governance.admission import admit_text
from governance.drafting import Told, differences, tell
from governance.drafting.telling import Difference
from governance.naming import Labels
from governance.policy_forms import PolicyImportForm
from governance.queries.policies import all_policies, definitions_in_force
from governance.ruling.definitions import Definition, digest
from governance.ruling.texts import dump
from governance.services.exporting import note_export
from governance.services.ruling import UNCHANGED, import_policies
from governance.stewardship import can_manage, can_try
from people.models import User


@dataclass(frozen=True, slots=True)
class Coming:
    """What an import would do with one policy."""

    key: str
    told: Told
    is_new: bool
    changed: list[Difference]


@login_required
@require_safe
def policy_export(request: HttpRequest) -> HttpResponse:
    """All policies in force as one YAML file, for those who read them whole."""
    user = cast(User, request.user)
    can_try(user).require()
    if request.method == "GET":
        note_export(action="policies.exported", actor=user)
    day = timezone.localdate().isoformat()
    return HttpResponse(
        dump(definitions_in_force()),
        content_type="application/yaml; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="policies-{day}.yaml"'},
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def policy_import(request: HttpRequest) -> HttpResponse:
    """Ask for the text, show what it would change, and take it over when that is confirmed."""
    user = cast(User, request.user)
    verdict = can_manage(user)
    is_sent = request.method == "POST"
    if is_sent:
        verdict.require()
    form = PolicyImportForm(request.POST if is_sent else None, request.FILES if is_sent else None)
    context: dict[str, Any] = {"form": form, "verdict": verdict, "findings": []}
    status = 200 if verdict else 403
    if is_sent:
        status = 422
        if form.is_valid():
            try:
                return _taken(request, user, form, context)
            except DomainError as error:
                if error.status == 403:
                    raise
                context["refusal"] = error
                status = error.status
    return render(request, "governance/policies/policy_import.html", context, status=status)


def _taken(
    request: HttpRequest, user: User, form: PolicyImportForm, context: dict[str, Any]
) -> HttpResponse:
    """What would change; with the confirmation, where it has led to."""
    said = form.cleaned_data
    if request.POST.get("do") != "import":
        context["coming"] = _coming(admit_text(said["text"]))
        context["text"] = said["text"]
        return render(request, "governance/policies/policy_import.html", context)
    done = import_policies(
        text=said["text"], comment=said["comment"], actor=user, activate=said["activate"]
    )
    count = len([one for one in done if one.outcome != UNCHANGED])
    if said["activate"]:
        sentence = ngettext(
            "%(count)s policy was taken over and is in force.",
            "%(count)s policies were taken over and are in force.",
            count,
        )
    else:
        sentence = ngettext(
            "%(count)s policy is proposed.", "%(count)s policies are proposed.", count
        )
    messages.success(request, sentence % {"count": count} if count else _("Nothing has changed."))
    return redirect("policy-list")


def _coming(definitions: list[Definition]) -> list[Coming]:
    """What differs from what is in force; what does not is left out."""
    labels = Labels(None)
    known = {policy.key: policy for policy in all_policies()}
    found = []
    for definition in definitions:
        policy = known.get(definition["key"])
        active = policy.active if policy else None
        if active and active.digest == digest(definition):
            continue
        changed = differences(active.definition, definition, labels) if active else []
        told = tell(definition, labels)
        found.append(Coming(definition["key"], told, active is None, changed))
    return found
