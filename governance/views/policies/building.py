"""Writing a policy: one form, in the portal and in the administration.

Every button sends the whole form; the page comes back with what was asked for and everything that
was typed. With htmx only the form itself is swapped.
"""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from governance.drafting.building import built, saved_sentence
from governance.models import Policy
from governance.queries.policies import get_policy
from people.models import User

PARTIAL = "governance/policies/_builder_answer.html"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def policy_create(request: HttpRequest) -> HttpResponse:
    """Write a policy that is not there yet."""
    return answered(request, None)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def policy_edit(request: HttpRequest, key: str) -> HttpResponse:
    """Write the next version of a policy."""
    return answered(request, get_policy(key))


def answered(request: HttpRequest, policy: Policy | None) -> HttpResponse:
    """The page of the portal, or where it leads on to."""
    sent = request.POST if request.method == "POST" else None
    done = built(sent, policy, cast(User, request.user))
    if done.version is not None:
        messages.success(request, saved_sentence(done.version))
        return redirect("policy-detail", done.version.policy.key)
    template = "governance/policies/policy_write.html"
    # htmx asks for the form alone.
    if getattr(request, "htmx", False):
        template = PARTIAL
    return render(request, template, done.context, status=done.status)
