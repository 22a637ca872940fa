"""Opening a change."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cjops.core.errors import Conflict, DomainError
from cjops.core.forms import take_errors
from governance import policies, services
from governance.forms import OpenForm
from governance.models import Change
from governance.subjects import get_subject_for
from governance.views.repeats import form_token, repeat_of
from people.models import User


@login_required
@require_http_methods(["GET", "POST"])
def change_open(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """Ask what the change is about, and open it."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101  (login_required)
    subject = get_subject_for(user=user, kind=kind, key=key)
    if kind == "taxonomy":
        raise Conflict(_("Taxonomies are changed through the API, not here."))
    verdict = policies.can_open_on(user, kind, subject)
    form = OpenForm(request.POST if "title" in request.POST else None)
    status = 200 if verdict else 403
    if request.method == "POST" and form.is_bound:
        status = 422
        change = _opened(form, user, kind, key, repeat_of(request))
        if change is not None:
            return redirect("change-edit", change.number)
    context = {
        "form": form,
        "form_token": form_token(request),
        "subject": subject,
        "kind": kind,
        "verdict": verdict,
    }
    return render(request, "governance/change_open.html", context, status=status)


def _opened(
    form: OpenForm, user: User, kind: str, key: str, repeat: services.Repeat | None
) -> Change | None:
    """The new change; None where the form is refused, for a reason in it."""
    if not form.is_valid():
        return None
    try:
        return services.open_change(
            kind=kind, key=key, actor=user, repeat=repeat, **form.cleaned_data
        )
    except DomainError as error:
        if error.status in (403, 404):
            raise
        take_errors(form, error)
    return None
