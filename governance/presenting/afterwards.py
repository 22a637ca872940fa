"""What went live without its approvals, until people have looked at it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from cjops.core.wording import listing
from governance.decisions import Decisions
from governance.models import Change
from governance.presenting.deciders import Decider, time_words
from governance.queries import Looking
from governance.transitions import Action
from people.models import User

# So many names of those who are asked stand in a sentence.
MOST_NAMES = 6


@dataclass(frozen=True, slots=True)
class Afterwards:
    """That a change is live without approval: by whom, why, and who looks at it until when."""

    change: Change
    said: str
    reason: str
    left: str
    overdue: bool


def afterwards(change: Change, deciders: Iterable[Decider] = ()) -> Afterwards | None:
    """What the banner of such a change says; None for any other. `deciders` are who is asked."""
    due = change.after_review_due_at
    if due is None:
        return None
    entry = change.ledger.filter(action=Action.BREAK_GLASS).order_by("-pk").first()
    by = change.glass_broken_by
    said = _("Published without approval by %(name)s on %(time)s.") % {
        "name": by.name if by else "CJOps",
        "time": time_words(entry.at if entry else change.updated_at),
    }
    waiting = list(
        dict.fromkeys(line.who for line in deciders if line.state in ("you", "waiting", "outdated"))
    )
    overdue = due < timezone.now()
    named = {"names": listing(waiting, MOST_NAMES), "time": time_words(due)}
    if overdue:
        left = _("It was to be looked at until %(time)s.") % named
        if waiting:
            left = _("It was to be looked at by %(names)s until %(time)s.") % named
    else:
        left = _("To be looked at until %(time)s.") % named
        if waiting:
            left = _("To be looked at by %(names)s until %(time)s.") % named
    return Afterwards(change, said, entry.reason if entry else "", left, overdue)


def not_asked(found: Decisions) -> list[str]:
    """Whose decisions are missing, a sentence for each, before somebody publishes without them."""
    if found.blocked:
        return [found.blocked]
    return [
        _("“%(decision)s” is not decided: %(names)s.")
        % {
            "decision": one.label,
            "names": listing([user.name for user in one.able], MOST_NAMES)
            or _("nobody may decide"),
        }
        for one in found.items
        if one.met_at is None
    ]


def looking_words(one: Looking, reader: User) -> str:
    """That somebody looks at a change, for a reader of it."""
    time = {"time": time_words(one.until), "name": one.name}
    if one.person == reader.pk:
        return _("You are looking at it until %(time)s.") % time
    return _("%(name)s is looking at it until %(time)s.") % time
