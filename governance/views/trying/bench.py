"""The page of the test bench."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from governance.trying.bench import try_out
from people.models import User


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def policy_test(request: HttpRequest) -> HttpResponse:
    """The test bench of the portal; a POST changes nothing, it only carries a file."""
    sent = request.POST.dict() if request.method == "POST" else None
    tried = try_out(cast(User, request.user), request.GET.dict(), sent, request.FILES)
    return render(request, "governance/trying/policy_test.html", tried.context, status=tried.status)
