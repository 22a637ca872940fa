"""Who decides on a change: what would be asked of a draft, and who looks at it now."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers

from governance import decisions, policies, presenting, queries, services
from governance.subjects import subject_of
from people.models import User


@login_required
@require_GET
@vary_on_headers("HX-Request")
def change_deciders(request: HttpRequest, number: int) -> HttpResponse:
    """Who would have to approve and why, as it stands; for htmx the panel alone."""
    user = cast(User, request.user)
    change = queries.get_change_for(user=user, number=number)
    found = decisions.decisions_on(change, user)
    lines = presenting.preview_lines(found.items)
    if not found.is_preview:
        lines, _met = presenting.decider_lines(policies.Standing(user, change))
    context = {
        "change": change,
        "subject": subject_of(change),
        "found": found,
        "lines": lines,
    }
    alone = getattr(request, "htmx", False)
    template = "_would_decide.html" if alone else "change_deciders.html"
    return render(request, f"governance/{template}", context)


@login_required
@require_POST
def change_pick_up(request: HttpRequest, number: int) -> HttpResponse:
    """Tell the others that the reader is looking at it."""
    services.pick_up(number=number, actor=cast(User, request.user))
    messages.success(request, _("The others see that you are looking at it."))
    return _back(request, number)


@login_required
@require_POST
def change_put_down(request: HttpRequest, number: int) -> HttpResponse:
    """Take that back."""
    services.put_down(number=number, actor=cast(User, request.user))
    messages.success(request, _("The others see that you are not looking at it any more."))
    return _back(request, number)


def _back(request: HttpRequest, number: int) -> HttpResponse:
    """To where the button was: a row of the inbox, or the page of the change."""
    if request.POST.get("back") == "inbox":
        return redirect("inbox")
    return redirect(f"{reverse('change-detail', args=[number])}")
