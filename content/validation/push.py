"""Push messages: what phones cut, and what their services do not carry.

Neither Apple nor Google says how many characters are shown: it depends on device, letter size and
what else is there. The figures are those that senders have measured on usual phones; what the
services carry at most is documented (4,096 bytes with APNs and FCM).
"""

from typing import NamedTuple

from django.utils.translation import gettext as _

from cjops.core.wording import listing
from content.measuring import columns
from content.validation.checked import Checked, Text


class Platform(NamedTuple):
    """Columns of the title and of the text that are shown."""

    name: str
    title: int
    text: int


PLATFORMS = (Platform("iOS", 50, 178), Platform("Android", 65, 240))
MAX_PAYLOAD = 4096
# The braces, names and quotes around what is written.
AROUND = 200


def check(checked: Checked, text: Text) -> None:
    """One push message."""
    check_width(checked, text, "title", "title-long")
    check_width(checked, text, "text", "text-long")
    size = sum(len(text.filled(name).encode()) for name in ("title", "text", "link"))
    if size + AROUND > MAX_PAYLOAD:
        message = _(
            "%(language)s: title, text and link have %(size)s bytes together, and no more than "
            "%(limit)s are carried to phones. Shorten the text."
        )
        checked.found(
            "push-too-large", message, "text", text=text, size=size, limit=MAX_PAYLOAD - AROUND
        )


def check_width(checked: Checked, text: Text, name: str, code: str) -> None:
    """How much of a field each kind of phone shows."""
    width = columns(text.filled(name))
    cutting = [one for one in PLATFORMS if width > getattr(one, name)]
    if not cutting:
        return
    limits = [
        _("%(platform)s after about %(limit)s")
        % {"platform": one.name, "limit": getattr(one, name)}
        for one in cutting
    ]
    message = _(
        "%(language)s: “%(field)s” is %(width)s columns wide, and phones cut it: %(limits)s (a "
        "Chinese character takes two). Shorten it, or say what matters first."
    )
    field = text.kind.field(name).label
    checked.found(code, message, name, text=text, width=width, limits=listing(limits), field=field)
