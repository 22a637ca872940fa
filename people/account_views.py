"""What people do about signing in: tokens of their own, and where they are signed in."""

from dataclasses import dataclass
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cjops.core.errors import DomainError
from cjops.core.forms import take_errors
from people import agents, proving, second_factor, sessions, tokens
from people.forms import TokenForm
from people.models import ApiToken, User
from people.origins import where


@login_required
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def token_list(request: HttpRequest) -> HttpResponse:
    """One's own API tokens, and a form that makes another; what it makes is shown once."""
    user = cast(User, request.user)
    code = proving.asked_of(request, user)
    if request.method != "POST":
        return _tokens(request, TokenForm(code=code))
    form = TokenForm(request.POST, code=code)
    if not form.is_valid():
        return _tokens(request, form, status=422)
    said = form.cleaned_data
    try:
        # Before the transaction, which would forget how many codes were tried.
        proved = proving.has_proved(request, user)
        second_factor.require(user=user, code=said.get("code", ""), proved=proved)
        with transaction.atomic(durable=True):
            made = tokens.issue_token(
                user=user,
                name=said["name"],
                scopes=said["scopes"],
                days=said["days"],
                where=where(request),
            )
    except DomainError as error:
        take_errors(form, error)
        return _tokens(request, form, status=422)
    # Not after a redirect: it would have to be kept somewhere until the next page.
    return _tokens(request, TokenForm(code=code), made=made)


def _tokens(
    request: HttpRequest, form: TokenForm, *, made: str = "", status: int = 200
) -> HttpResponse:
    rows = ApiToken.objects.filter(user=cast(User, request.user))
    context = {"form": form, "tokens": rows, "made": made}
    return render(request, "people/token_list.html", context, status=status)


@login_required
@require_POST
def token_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of one's own tokens."""
    user = cast(User, request.user)
    with transaction.atomic(durable=True):
        tokens.end_token(token=pk, owner=user, actor=user, where=where(request))
    messages.success(request, _("The token is ended. Whoever has it cannot use it any more."))
    return redirect("token-list")


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere the person is signed in."""

    row: Any
    words: str
    is_here: bool


@login_required
@require_GET
def session_list(request: HttpRequest) -> HttpResponse:
    """Where one is signed in."""
    user, here = cast(User, request.user), request.session.session_key or ""
    sessions.begin(user=user, key=here, where=where(request))
    places = [
        Place(row, agents.described(row.user_agent), row.session_key == here)
        for row in sessions.sessions_of(user)
    ]
    places.sort(key=lambda place: not place.is_here)
    return render(request, "people/session_list.html", {"places": places})


@login_required
@require_POST
def session_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of one's own sign-ins."""
    user = cast(User, request.user)
    with transaction.atomic(durable=True):
        sessions.end_session(user=user, session=pk, actor=user)
    messages.success(request, _("That sign-in is ended."))
    return redirect("session-list")


@login_required
@require_POST
def session_end_others(request: HttpRequest) -> HttpResponse:
    """End all of one's sign-ins but this one."""
    user = cast(User, request.user)
    with transaction.atomic(durable=True):
        sessions.end_sessions(user=user, actor=user, but=request.session.session_key)
    messages.success(request, _("You are signed in here and nowhere else."))
    return redirect("session-list")
