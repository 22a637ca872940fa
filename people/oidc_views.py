"""Sign-in at the organisation's identity provider: there and back."""

from typing import Any

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from cjops.core.errors import Forbidden, NotFound, TooMany
from people import devices, oidc, security
from people.models import User

# In the session, between leaving and coming back.
FLOW = "oidc_flow"


def _callback() -> str:
    """The address that is registered at the provider."""
    return f"{settings.SITE_URL}{reverse('oidc-callback')}"


def _take_try(request: HttpRequest, what: str, strangers: str) -> Any:
    """Count a try, each of which writes a row; raises `TooMany`."""
    usage = devices.take_nameless(request, what, strangers)
    if not usage:
        raise TooMany(_("You have tried too often. Wait some minutes, then try again."))
    return usage


@require_GET
@never_cache
def start(request: HttpRequest) -> HttpResponse:
    """Send the browser to the provider."""
    if not oidc.is_configured():
        raise NotFound(_("There is nothing at this address that you can see."))
    _take_try(request, "oidc-start", "tries")
    wanted = request.GET.get("next", "")
    address, flow = oidc.begin(_callback())
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    request.session[FLOW] = flow | {"next": wanted if is_ours else ""}
    return HttpResponseRedirect(address)


@require_GET
@never_cache
def callback(request: HttpRequest) -> HttpResponse:
    """Whoever comes back from the provider, signed in if there is an account of theirs."""
    # Taken out: an answer counts once.
    flow: dict[str, Any] = request.session.pop(FLOW, {})
    if not oidc.is_configured() or not flow:
        raise NotFound(_("There is nothing at this address that you can see."))
    usage = _take_try(request, "oidc", "nameless")
    try:
        email = oidc.finish(
            flow=flow,
            state=request.GET.get("state", ""),
            code=request.GET.get("code", ""),
            callback=_callback(),
        )
    except Forbidden:
        security.sign_in_failed(email="", method="oidc")
        raise
    person = User.objects.filter(email=email, is_active=True).first()
    if person is None:
        security.sign_in_failed(email=email, method="oidc")
        raise Forbidden(
            _("There is no account for you here. Ask an administrator of the portal to make one."),
            code="no_account",
        )
    usage.rollback()
    record_authentication(request, person, "oidc")
    answer: HttpResponse = perform_login(
        request, Login(user=person, redirect_url=flow["next"] or None)
    )
    return answer
