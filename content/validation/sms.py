"""Text messages."""

from django.utils.translation import ngettext

from content.segments import segments
from content.validation.checked import Checked, Text

MAX_SEGMENTS = 3


def check(checked: Checked, text: Text) -> None:
    """One text message."""
    count = segments(text["text"])
    if count > MAX_SEGMENTS:
        message = ngettext(
            "%(language)s: the text is sent as %(count)s message.",
            "%(language)s: the text is sent as %(count)s messages.",
            count,
        )
        checked.found("many-segments", message, "text", text=text, count=count)
