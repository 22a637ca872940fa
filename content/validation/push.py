"""Push messages: what phones cut."""

from django.utils.translation import gettext as _

from content.validation.checked import Checked, Text

MAX_TITLE = 65


def check(checked: Checked, text: Text) -> None:
    """One push message."""
    if len(text["title"]) > MAX_TITLE:
        message = _("%(language)s: phones cut titles of more than %(limit)s characters.")
        checked.found("title-long", message, "title", text=text, limit=MAX_TITLE)
