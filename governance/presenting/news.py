"""Messages that are about no subject, in words."""

from django.utils import timezone
from django.utils.translation import gettext as _

from governance.models import Notification
from governance.presenting.deciders import time_words
from governance.transitions import Action


def told(message: Notification) -> str:
    """What a message about a delegation says to its reader; "" for any other."""
    delegation = message.entry.delegation
    if delegation is None:
        return ""
    is_taker = delegation.taker_id == message.user_id
    named = {
        "giver": delegation.giver.name,
        "taker": delegation.taker.name,
        "start": time_words(delegation.starts_at),
        "end": time_words(delegation.ends_at),
    }
    if message.entry.action == Action.END_DELEGATION:
        if is_taker:
            return _("You no longer decide for %(giver)s.") % named
        return _("%(taker)s no longer decides for you.") % named
    if delegation.starts_at > timezone.now():
        if is_taker:
            return _("You decide for %(giver)s from %(start)s until %(end)s.") % named
        return _("%(taker)s decides for you from %(start)s until %(end)s.") % named
    if is_taker:
        return _("You decide for %(giver)s until %(end)s.") % named
    return _("%(taker)s decides for you until %(end)s.") % named
