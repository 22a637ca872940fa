"""Live has moved under a change: settling what clashes, and taking the new version."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cjops.core.errors import DomainError
from cjops.documents import Resolution
from governance import presenting, queries, services
from governance.models import Change
from governance.transitions import Action, State
from governance.views.changes import page_of
from governance.views.parts import page_address, page_number
from people.models import User

CHOICES = frozenset({"mine", "theirs", "edited"})


@login_required
@require_POST
def change_rebase(request: HttpRequest, number: int) -> HttpResponse:
    """Take the new version with the choices of the form, or (`keep`) only remember these."""
    user = cast(User, request.user)
    given = _given(request.POST)
    digest = request.POST.get("digest", "")
    try:
        if "keep" in request.POST:
            change = services.resolve(
                number=number, actor=user, resolutions=_listed(given), expected_digest=digest
            )
            messages.success(request, _("Your choices are kept. Nothing else has changed yet."))
            return redirect(request.path.removesuffix("rebase/") + _go_on(request, change))
        entry = services.take(
            action=Action.REBASE,
            number=number,
            actor=user,
            resolutions=_listed(given),
            expected_digest=digest,
        )
    except DomainError as error:
        return _refused(request, number, given, error)
    said = _("It is written on version %(number)s now.") % {"number": entry.data["onto"]}
    if entry.to_state != entry.from_state:
        said = WENT_BACK[State(entry.to_state)]() % {"number": entry.data["onto"]}
    messages.success(request, said)
    return redirect("change-detail", number=number)


def _go_on(request: HttpRequest, change: Change) -> str:
    """The page to go on with: open conflicts come first, so those behind have moved up to it."""
    last = presenting.pages_of(change.conflict_count or 0)
    return page_address(min(page_number(request.POST.get("page", "")), last))


WENT_BACK = {
    State.IN_REVIEW: lambda: _(
        "It is written on version %(number)s now. Part of it has changed by that, so people have "
        "been asked to decide again; all other approvals stay."
    ),
    State.CHANGES_REQUESTED: lambda: _(
        "It is written on version %(number)s now. Together some checks fail: edit it and submit "
        "it again."
    ),
    State.APPROVED: lambda: _(
        "It is written on version %(number)s now, and everybody has decided."
    ),
}


def _given(posted: QueryDict) -> dict[str, Resolution]:
    """The choices of the form by the fingerprint of the conflict each is about."""
    found: dict[str, Resolution] = {}
    for name, choice in posted.items():
        if name.startswith("choice-") and choice in CHOICES:
            fingerprint = name.removeprefix("choice-")
            if choice == "edited":
                # Browsers end lines in their own way.
                text = str(posted.get(f"value-{fingerprint}", "")).replace("\r\n", "\n")
                found[fingerprint] = Resolution("edited", text)
            else:
                found[fingerprint] = Resolution(choice)  # type: ignore[arg-type]
    return found


def _listed(given: dict[str, Resolution]) -> list[dict[str, Any]]:
    return [{"conflict": name, **resolution.to_json()} for name, resolution in given.items()]


def _refused(
    request: HttpRequest, number: int, given: dict[str, Resolution], error: DomainError
) -> HttpResponse:
    """The page again with the reason, and with the choices still made."""
    if error.status in (403, 404):
        raise error
    user = cast(User, request.user)
    change = queries.get_change_for(user=user, number=number)
    context = page_of(change, user, "conflicts", request.POST, given)
    context["refusal"] = error
    return render(request, "governance/change_detail.html", context, status=error.status)
