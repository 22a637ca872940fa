"""Who decides for whom, as the page of stand-ins shows it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from governance import queries
from governance.models import Delegation
from people.models import User


@dataclass(frozen=True, slots=True)
class Handed:
    """One delegation: who decides, for whom, on what, and whether it holds now."""

    delegation: Delegation
    # Of a journey that the reader does not see it is not told: it may say what it is about.
    reason: str
    scope: str
    is_now: bool
    is_over: bool
    warnings: tuple[str, ...] = ()


def handed(
    rows: Iterable[Delegation],
    now: datetime,
    reader: User,
    warnings: dict[int, list[str]] | None = None,
) -> list[Handed]:
    """Delegations as lines for somebody; `warnings` by id."""
    rows = list(rows)
    seen = queries.journeys_seen(rows, reader)
    return [
        Handed(
            delegation=row,
            reason="" if _is_hidden(row, seen) else row.reason,
            scope=scope_words(row, seen),
            is_now=row.starts_at <= now < row.ends_at,
            is_over=row.ends_at <= now,
            warnings=tuple((warnings or {}).get(row.pk, ())),
        )
        for row in rows
    ]


def _is_hidden(row: Delegation, seen: Collection[int]) -> bool:
    return row.journey is not None and row.journey_id not in seen


def scope_words(row: Delegation, seen: Collection[int]) -> str:
    """On what somebody decides; `seen` are ids of journeys that the reader may know of."""
    if row.channel is not None:
        return _("on the channel %(name)s") % {"name": row.channel.label}
    if row.team is not None:
        return _("for the team %(name)s") % {"name": row.team.label}
    if _is_hidden(row, seen):
        return _("on one journey you cannot see")
    if row.journey is not None:
        return _("on the journey %(name)s") % {"name": row.journey.name}
    return _("on everything")


def other_chains(user: User) -> list[str]:
    """For whom else the person decides because somebody they act for acts for them."""
    return [
        _("%(giver)s, through %(names)s")
        % {
            "giver": acting.giver.name,
            "names": " → ".join(link.giver.name for link in reversed(acting.links[:-1])),
        }
        for acting in queries.acts_for(user)
        if len(acting.links) > 1
    ]
