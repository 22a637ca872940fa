"""The times in which nothing is published."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from governance import freezes
from people.models import User

# Of those that are over.
SHOWN = 30


@login_required
@require_GET
def freeze_list(request: HttpRequest) -> HttpResponse:
    """Freezes in force, those to come and the last that are over."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101  (login_required)
    now, windows = timezone.now(), freezes.listed_for(user)
    ahead = list(windows.filter(ends_at__gt=now).order_by("starts_at", "pk"))
    context = {
        "current": [window for window in ahead if window.starts_at <= now],
        "coming": [window for window in ahead if window.starts_at > now],
        "past": list(windows.filter(ends_at__lte=now).order_by("-ends_at", "-pk")[:SHOWN]),
        "may_edit": user.is_staff and user.has_perm("governance.change_freezewindow"),
    }
    return render(request, "governance/freeze_list.html", context)
