"""The small parts screens repeat most: icon, pills, channel, face, mark of a change.

Tags and not includes, because a list of fifty rows shows some three hundred of them and an
include costs ten times a function call. Larger parts are templates/components/*.html.
"""

import json
from functools import cache
from typing import Any

from django import template
from django.core.serializers.json import DjangoJSONEncoder
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

register = template.Library()


@register.filter
def as_json(value: Any) -> str:
    """A value for a script to read from a data attribute: the CSP allows none in the page."""
    return json.dumps(value, cls=DjangoJSONEncoder)


SPRITE = "vendor/bootstrap-icons-1.13.2/icons.svg"
STATE_ICONS = {
    "draft": "pencil",
    "in_review": "hourglass-split",
    "changes_requested": "arrow-counterclockwise",
    "approved": "check-lg",
    "scheduled": "calendar-event",
    "published": "broadcast",
    "rejected": "x-lg",
    "withdrawn": "slash-circle",
}
OP_ICONS = {"add": "plus-lg", "remove": "dash-lg", "move": "arrow-down-up"}
# No icon of the set is the tilde that reads as "edited".
TILDE = mark_safe(
    '<svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path '
    'd="M2 9.6c1.8-3.2 3.9-3.4 6-1.6s4.2 1.6 6-1.6" fill="none" stroke-width="2" '
    'stroke-linecap="round"/></svg>'
)
# Nor is any the winding arrow of the drawings.
DRAWN = {
    "rewire": mark_safe(
        '<svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path '
        'd="M1.5 9.4c1.3-2.9 3-3 4.4-1.4s2.6 1.6 3.9 0H14M11 4.8 14.2 8 11 11.2" fill="none" '
        'stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"/></svg>'
    )
}


@cache
def _sprite() -> str:
    return static(SPRITE)


@cache
def _plain_icon(name: str, css: str) -> SafeString:
    return format_html(
        '<svg class="icon{}" aria-hidden="true"><use href="{}#{}"></use></svg>',
        css,
        _sprite(),
        name,
    )


@register.simple_tag
def icon(name: str, size: str = "", css: str = "", label: str = "") -> SafeString:
    """An icon of the sprite; `label` where it stands alone, else it is decoration."""
    classes = "".join(f" {word}" for word in (size, css) if word)
    if not label:
        return _plain_icon(name, classes)
    return format_html(
        '<svg class="icon{}" role="img" aria-label="{}"><use href="{}#{}"></use></svg>',
        classes,
        label,
        _sprite(),
        name,
    )


def _pill(css: str, icon_name: str, words: str) -> SafeString:
    return format_html('<span class="pill {}">{}{}</span>', css, icon(icon_name), words)


def state_words(state: str) -> str:
    """The state of a change in the reader's language."""
    words = {
        "draft": pgettext("change", "Draft"),
        "in_review": pgettext("change", "In review"),
        "changes_requested": pgettext("change", "Changes requested"),
        "approved": pgettext("change", "Approved"),
        "scheduled": pgettext("change", "Scheduled"),
        "published": pgettext("change", "Published"),
        "rejected": pgettext("change", "Rejected"),
        "withdrawn": pgettext("change", "Withdrawn"),
    }
    return words.get(state, state)


@register.simple_tag
def state_pill(state: str) -> SafeString:
    """The state of a change as icon and word."""
    return _pill(state, STATE_ICONS.get(state, "circle"), state_words(state))


@register.simple_tag
def live_pill(version: int | None, paused: bool = False) -> SafeString:
    """What is live: the number of the version, or that nothing is yet."""
    if paused:
        return _pill("call", "pause-fill", _("Paused at v%(version)s") % {"version": version})
    if version:
        return _pill("live", "record-circle", _("Live v%(version)s") % {"version": version})
    return _pill("none", "circle", _("Not live yet"))


@register.simple_tag
def chan(channel: Any) -> SafeString:
    """A channel by icon, colour and name; `channel` has key, label and icon, or is None."""
    if not channel:
        return SafeString()
    return format_html(
        '<span class="chan {}">{}{}</span>',
        channel.key,
        icon(channel.icon or "broadcast"),
        channel.label,
    )


@register.simple_tag
def face(user: Any, size: str = "", named: bool = False) -> SafeString:
    """A person's initials, None being the system; `named` where no name stands beside it."""
    if not user:
        return format_html(
            '<span class="face system {}" title="CJOps" aria-hidden="true">{}</span>',
            size,
            icon("robot", "sm"),
        )
    spoken = format_html('role="img" aria-label="{}"', user) if named else 'aria-hidden="true"'
    return format_html(
        '<span class="face f{} {}" title="{}" {}>{}</span>',
        user.pk % 10,
        size,
        user,
        mark_safe(spoken),  # noqa: S308 - built by format_html just above
        user.initials,
    )


@register.simple_tag
def op(kind: str, size: str = "") -> SafeString:
    """What happens to an element (add, remove, move, rewire, edit): a mark and a hidden word."""
    words = {
        "add": _("added"),
        "remove": _("removed"),
        "move": _("moved"),
        "rewire": _("rewired"),
    }
    return format_html(
        '<span class="op {} {}">{}<span class="visually-hidden">{}</span></span>',
        kind,
        size,
        icon(OP_ICONS[kind]) if kind in OP_ICONS else DRAWN.get(kind, TILDE),
        words.get(kind) or _("edited"),
    )
