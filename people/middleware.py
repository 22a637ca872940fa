"""Each page in the language and the time zone of the person who asked for it."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from people.calendars import zone
from people.granting import end_due
from people.models import User


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
            # What the person may do was read before.
            request.user = User.objects.get(pk=request.user.pk or 0)
        return self.get_response(request)
