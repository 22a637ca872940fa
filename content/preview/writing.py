"""A page of its own for a preview: nothing in it is fetched, and nothing runs."""

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

NONE, HTML = mark_safe(""), mark_safe("<!doctype html>")


class Nothing(Exception):
    """There is nothing to show; `words` says why."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


def page(
    language: str,
    style: str,
    content: SafeString,
    *,
    page: SafeString = NONE,
    body: SafeString = NONE,
    doctype: SafeString = HTML,
) -> SafeString:
    """The whole HTML page; `page` and `body` are attributes of these two tags."""
    return format_html(
        '{}<html lang="{}"{}><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><title>{}</title>'
        "<style>{}</style></head><body{}>{}</body></html>",
        doctype,
        language,
        page,
        _("Preview"),
        mark_safe(style),  # noqa: S308 - styles are our own
        body,
        content,
    )


def note(sentence: str) -> SafeString:
    """A sentence where there is nothing to show."""
    return format_html('<p class="note">{}</p>', sentence)
