"""Small pieces of sentences that every app needs."""

from collections.abc import Sequence

from django.utils.translation import ngettext, pgettext


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


def cut(text: str, limit: int) -> str:
    """`text` in at most `limit` characters, with an ellipsis where something is left out."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
