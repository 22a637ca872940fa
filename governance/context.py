"""What every page of the portal shows: the badge of waiting decisions, the language."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from governance import queries

HTML_LANGUAGES = {"zh-hans": "zh-Hans", "zh-hant": "zh-Hant"}


def portal(request: HttpRequest) -> dict[str, object]:
    """`waiting_count` (0 when signed out, read when shown) and `html_lang` for `<html lang>`."""
    language = get_language() or "en"
    context: dict[str, object] = {"html_lang": HTML_LANGUAGES.get(language, "en")}
    # A refusal may come before anybody knows who asks.
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        context["waiting_count"] = SimpleLazyObject(lambda: queries.count_waiting(user))
    else:
        context["waiting_count"] = 0
    return context
