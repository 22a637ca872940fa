"""Small pieces of sentences that every app needs."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.timesince import timesince
from django.utils.translation import ngettext, ngettext_lazy, pgettext

# In place of Django's own, which put a space between number and unit in every language.
_SPANS: dict[str, Any] = {
    "year": ngettext_lazy("%(num)d year", "%(num)d years", "num"),
    "month": ngettext_lazy("%(num)d month", "%(num)d months", "num"),
    "week": ngettext_lazy("%(num)d week", "%(num)d weeks", "num"),
    "day": ngettext_lazy("%(num)d day", "%(num)d days", "num"),
    "hour": ngettext_lazy("%(num)d hour", "%(num)d hours", "num"),
    "minute": ngettext_lazy("%(num)d minute", "%(num)d minutes", "num"),
}


def listing(items: Sequence[str], at_most: int = 0) -> str:
    """The items as a list within a sentence; beyond `at_most` (0: all) only how many more."""
    shown = items[:at_most] if at_most and len(items) > at_most + 1 else items
    text = pgettext("between the items of a list", ", ").join(shown)
    rest = len(items) - len(shown)
    if not rest:
        return text
    return ngettext("%(items)s and %(count)s more", "%(items)s and %(count)s more", rest) % {
        "items": text,
        "count": rest,
    }


def in_every_language(make: Callable[[], list[str]]) -> dict[str, list[str]]:
    """What `make` says in each language of the portal: for text that is stored and read later."""
    told = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            told[language] = make()
    return told


def in_readers_language(told: Mapping[str, list[str]] | list[str]) -> list[str]:
    """What `in_every_language` stored, for the active language; text in one language as it is."""
    if isinstance(told, list):
        return told
    return told.get(translation.get_language() or "") or told.get(settings.LANGUAGE_CODE, [])


def cut(text: str, limit: int) -> str:
    """`text` in at most `limit` characters, with an ellipsis where something is left out."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def span_words(start: datetime, end: datetime) -> str:
    """The time from `start` to `end` in its largest unit, such as “2 days”."""
    return timesince(start, end, time_strings=_SPANS, depth=1)
