"""Starting a journey: its page stands among the journeys, and what it makes is a change."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

import journeys.definition
import journeys.listing
from cjops.core.errors import Conflict, DomainError
from cjops.core.forms import take_errors
from governance import policies, services
from governance.models import Change
from governance.views.repeats import form_token, repeat_of
from journeys.forms import NewJourneyForm
from people.models import User


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def journey_create(request: HttpRequest) -> HttpResponse:
    """Ask what the journey is called, and start it with its first change."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101  (login_required)
    verdict = policies.can_create_journey(user)
    form = NewJourneyForm(request.POST if request.method == "POST" else None)
    status = 200 if verdict else 403
    if verdict and form.is_bound:
        status = 422
        change = _started(form, user, repeat_of(request))
        if change is not None:
            messages.success(
                request, _("The journey is started. Draw it here, then submit it for review.")
            )
            return redirect("change-edit", change.number)
    markets, product_lines = journeys.listing.places(user)
    context = {
        "form": form,
        "form_token": form_token(request),
        "verdict": verdict,
        "markets": markets,
        "product_lines": product_lines,
    }
    return render(request, "journeys/journey_create.html", context, status=status)


def _started(form: NewJourneyForm, user: User, repeat: services.Repeat | None) -> Change | None:
    """The first change of the new journey; None where the form is refused, for a reason in it."""
    if not form.is_valid():
        return None
    wanted = form.cleaned_data
    about = {name: wanted[name] for name in ("purpose", "market", "product_line")}
    try:
        document = journeys.definition.blank(wanted["name"]) | about
        return services.create_journey(
            key=wanted["key"],
            actor=user,
            raw=document,
            rationale=wanted["purpose"],
            is_restricted=wanted["is_restricted"],
            repeat=repeat,
        )
    except Conflict as error:
        form.add_error("key", error.message)
    except DomainError as error:
        take_errors(form, error)
    return None
