"""Each page in the language and the time zone of the person who asked for it."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from cjops.core.http import refusal
from people import ages, devices, sessions
from people.authentication import factor_missing
from people.backends import AccountBackend
from people.calendars import zone
from people.granting import end_due
from people.models import User
from people.origins import where


class PersonalSettingsMiddleware:
    """Activate the signed-in person's time zone, and their language unless this browser chose one.

    The choice made in a browser wins: somebody may read at work in one language and at home in
    another. The language stays active afterwards, since LocaleMiddleware names it in the answer
    and activates one anew for the next request.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if not user.is_authenticated:
            return self.get_response(request)
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            translation.activate(user.locale)
            request.LANGUAGE_CODE = translation.get_language()
        with timezone.override(zone(user.time_zone)):
            return self.get_response(request)


class EndedGrantsMiddleware:
    """Take away what grants gave that have come to their end, before anybody uses it once more.

    A worker does that every minute; `people.backends` has asked whether it was too late for this
    person, together with who they are: no query for it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if getattr(request.user, "has_overdue", False):
            end_due()
            # What the person may do was read before; read again with all that is asked below.
            request.user = AccountBackend().get_user(request.user.pk) or AnonymousUser()
        return self.get_response(request)


# What somebody reaches who still has to set up a second factor: that, and the way out.
STAY_OPEN = ("/accounts/", "/preferences/", "/language/", "/static/", "/health/")


class SecondFactorMiddleware:
    """Let nobody past the set-up whose role takes a second factor that they have not.

    `people.backends` has asked that together with who it is: no query for it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        misses = getattr(request.user, "misses_second_factor", False)
        if not misses or request.path.startswith(STAY_OPEN):
            return self.get_response(request)
        if request.path.startswith("/api/"):
            return refusal(request, factor_missing())
        messages.warning(
            request, _("Your role takes a second factor. Set up a passkey or an app to go on.")
        )
        return redirect("mfa_index")


class SessionAgeMiddleware:
    """Sign out whoever signed in too long ago or was away too long, and say so where they go on.

    The request goes on as that of somebody who is not signed in: each view knows what to answer
    them, and what was typed is kept where it is kept for them.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if isinstance(request.user, User):
            why = ages.ended(request.session)
            if why is not None:
                sessions.run_out(user=request.user, key=request.session.session_key or "", why=why)
                logout(request)
                messages.warning(request, _said(why))
            elif _counts(request):
                ages.use(request.session)
            elif sessions.is_due(f"{request.session.session_key} counted"):
                # Signed in before sessions were counted, or by something that does not count.
                ages.begin(request.session)
        return self.get_response(request)


def _counts(request: HttpRequest) -> bool:
    return ages.BEGAN in request.session


def _said(why: ages.Why) -> str:
    if why is ages.Why.AGE:
        return _("You were signed out because you had signed in too long ago. Sign in again.")
    return _("You were signed out because you were away for a while. Sign in again.")


class SeenMiddleware:
    """Write down now and then where a person was last seen, and let browsers be known again."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = request.session.session_key
        if key and request.user.is_authenticated and sessions.is_due(key):
            sessions.begin(user=request.user, key=key, where=where(request))
        response = self.get_response(request)
        devices.hand_out(request, response)
        return response
