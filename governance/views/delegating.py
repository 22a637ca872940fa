"""Stand-ins: who decides for me, for whom I decide, and letting somebody."""

from datetime import datetime, timedelta
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cjops.core.errors import DomainError
from cjops.core.forms import take_errors
from cjops.core.wording import listing
from governance import presenting, queries, services
from governance.delegation_forms import DelegateForm
from governance.models import Delegation
from people.models import User

# Of those that are over, and of other people's.
MOST_PAST, MOST_OTHERS = 50, 100
# What a new form suggests.
A_WEEK = timedelta(days=7)
MOST_NAMES = 5
# Who is asked instead of whom cannot be settled by other fields.
ABOUT_PEOPLE = ("delegation_circle", "delegation_chain")


@login_required
@require_http_methods(["GET", "POST"])
def delegation_list(request: HttpRequest) -> HttpResponse:
    """Who decides for the reader and for whom they decide, with the form to add one."""
    user = cast(User, request.user)
    is_lead = user.has_perm("governance.manage_policies")
    now = timezone.now()
    data = request.POST if request.method == "POST" else None
    form = DelegateForm(data, user=user, for_others=is_lead, initial=_suggested(now))
    status = 200
    if form.is_bound:
        status = 422
        made = _made(form, user)
        if made is not None:
            messages.success(request, _("%(name)s decides then.") % {"name": made.taker.name})
            return redirect("delegation-list")
    context = {"form": form, "is_lead": is_lead, **_lists(user, now, is_lead=is_lead)}
    return render(request, "governance/delegation_list.html", context, status=status)


@login_required
@require_POST
def delegation_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End one now."""
    services.end_delegation(pk=pk, actor=cast(User, request.user))
    messages.success(request, _("It is over. What was decided under it stands."))
    return redirect("delegation-list")


def _suggested(now: datetime) -> dict[str, datetime]:
    start = timezone.localtime(now).replace(second=0, microsecond=0)
    return {"starts_at": start, "ends_at": start + A_WEEK}


def _made(form: DelegateForm, user: User) -> Delegation | None:
    """The new delegation; None where the form is refused, for a reason in it."""
    if not form.is_valid():
        return None
    try:
        return services.delegate(actor=user, **form.wanted)
    except DomainError as error:
        if error.status in (403, 404):
            raise
        if error.code in ABOUT_PEOPLE:
            form.add_error("taker", error.message)
        else:
            take_errors(form, error)
    return None


def _lists(user: User, now: datetime, *, is_lead: bool) -> dict[str, Any]:
    rows = list(queries.delegations_of(user).filter(ends_at__gt=now))
    past = queries.delegations_of(user).filter(ends_at__lte=now)[:MOST_PAST]
    given = [row for row in rows if row.giver_id == user.pk]
    unseen = queries.not_seen_by_takers(given, user)
    warnings = {pk: [_unseen(names)] for pk, names in unseen.items()}
    others = queries.delegations_of_others(user).filter(ends_at__gt=now) if is_lead else ()
    return {
        "given": presenting.handed(given, now, user, warnings),
        "taken": presenting.handed([row for row in rows if row.taker_id == user.pk], now, user),
        "chains": presenting.other_chains(user),
        "past": presenting.handed(past, now, user),
        "others": presenting.handed(others[:MOST_OTHERS], now, user) if is_lead else [],
        "colleagues": queries.colleagues(user),
        "journeys": queries.journeys_decided_on(user),
    }


def _unseen(names: list[str]) -> str:
    return _(
        "They do not see: %(names)s. There they decide nothing, until somebody gives them a role."
    ) % {"names": listing(names, MOST_NAMES)}
