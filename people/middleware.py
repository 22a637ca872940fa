"""Each page in the language and the time zone of the person who asked for it."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from people import devices, sessions
from people.calendars import zone
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
