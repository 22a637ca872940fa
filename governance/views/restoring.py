"""Bringing back an earlier version of a journey, or parts of it."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cjops.core.errors import DomainError
from cjops.core.forms import take_errors
from governance import policies, presenting, services
from governance.forms import RestoreForm
from governance.models import Change
from governance.proposals import Proposal
from governance.services.restoring import default_title, versions_to_restore
from governance.subjects import get_subject_for
from governance.views.repeats import form_token, repeat_of
from people.models import User

KIND = "journey"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def version_restore(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Ask how much of the version comes back and why, and open the change.

    `?element=steps/welcome` chooses elements beforehand.
    """
    user = cast(User, request.user)
    subject = get_subject_for(user=user, kind=KIND, key=key)
    live, version = versions_to_restore(subject, KIND, number)
    verdict = policies.can_open_on(user, KIND, subject)
    sent = request.POST if request.method == "POST" else None
    chosen = (request.POST if sent is not None else request.GET).getlist("element")
    form = RestoreForm(sent, initial=_initial(number, is_whole=not chosen))
    status = 200 if verdict else 403
    if form.is_bound:
        status = 422
        change = _restored(request, form, key, number, chosen)
        if change is not None:
            messages.success(request, _("The draft is open. Look at it, then submit it."))
            return redirect("change-detail", change.number)
    proposal = Proposal(KIND, live.get_document(), version.get_document())
    lookup = presenting.lookup_for(proposal, user, digests=())
    context: dict[str, Any] = {
        "journey": subject,
        "version": version,
        "live_number": live.number,
        "form": form,
        "form_token": form_token(request),
        "extent": form["extent"].value(),
        "verdict": verdict,
        "words": proposal.words,
        "cards": presenting.cards(proposal, lookup, [], full=()),
        "chosen": set(chosen),
    }
    return render(request, "governance/version_restore.html", context, status=status)


def _initial(number: int, *, is_whole: bool) -> dict[str, str]:
    return {
        "extent": RestoreForm.WHOLE if is_whole else RestoreForm.PARTS,
        "title": default_title(number, is_whole=is_whole),
    }


def _restored(
    request: HttpRequest, form: RestoreForm, key: str, number: int, chosen: list[str]
) -> Change | None:
    """The new change; None where the form is refused, for a reason in it."""
    if not form.is_valid():
        return None
    said = form.cleaned_data
    elements = [cast(tuple[str, str], tuple(f"{one}/".split("/")[:2])) for one in chosen]
    try:
        return services.restore_version(
            kind=KIND,
            key=key,
            number=number,
            actor=cast(User, request.user),
            elements=elements if said["extent"] == RestoreForm.PARTS else None,
            title=said["title"],
            rationale=said["rationale"],
            repeat=repeat_of(request),
        )
    except DomainError as error:
        if error.status in (403, 404):
            raise
        take_errors(form, error)
    return None
