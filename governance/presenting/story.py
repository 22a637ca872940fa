"""The story of a change, from its ledger."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from governance import queries
from governance.models import Change, LedgerEntry
from governance.proposals import Proposal
from governance.transitions import Action, State
from people.models import User


@dataclass(frozen=True, slots=True)
class Happening:
    """One entry of the conversation."""

    actor: User | None
    did: str
    at: Any
    said: str = ""
    icon: str = ""
    tone: str = ""
    outdated: str = ""


LOOKS = {
    Action.APPROVE: ("check-lg", "add"),
    Action.REQUEST_CHANGES: ("arrow-counterclockwise", "call"),
    Action.PUBLISH: ("rocket-takeoff", "add"),
    Action.REJECT: ("x-lg", "del"),
    Action.WITHDRAW: ("x-lg", "del"),
    Action.ROLL_BACK: ("arrow-counterclockwise", "call"),
    Action.SCHEDULE: ("calendar-event", ""),
}


def happenings(change: Change, proposal: Proposal) -> list[Happening]:
    """The story of a change from its ledger, oldest first; saves in a row are one entry."""
    told: list[Happening] = []
    saves = 0
    for entry in queries.conversation(change):
        saves = saves + 1 if entry.action == Action.EDIT else 0
        if saves > 1 and told and told[-1].actor == entry.actor:
            told.pop()
        icon, tone = LOOKS.get(Action(entry.action), ("", ""))
        told.append(
            Happening(
                actor=entry.actor,
                did=_did(entry, max(saves, 1)),
                at=entry.at,
                said=entry.reason,
                icon=icon,
                tone=tone,
                outdated=_outdated(entry, proposal),
            )
        )
    return told


def _did(entry: LedgerEntry, saves: int) -> str:
    """What an entry says was done."""
    if entry.action == Action.EDIT:
        return ngettext(
            "saved an edit (revision %(number)s)",
            "saved %(count)s edits (revision %(number)s)",
            saves,
        ) % {"count": saves, "number": entry.revision}
    if entry.action == Action.PUBLISH:
        return _("published it as version %(number)s") % {"number": entry.data.get("version", "")}
    if entry.action == Action.APPROVE and entry.to_state == State.APPROVED:
        return _("approved; with that, every decision is there")
    return str(DONE[Action(entry.action)])


def _outdated(entry: LedgerEntry, proposal: Proposal) -> str:
    """Why an approval no longer counts in full: part of what it was given on has changed."""
    if entry.action != Action.APPROVE or set(entry.data.get("hunks", ())) <= proposal.digests:
        return ""
    return _("outdated: what was approved has changed since")


DONE = {
    Action.OPEN: gettext_lazy("opened this change"),
    Action.SUBMIT: gettext_lazy("asked for review"),
    Action.APPROVE: gettext_lazy("approved"),
    Action.REQUEST_CHANGES: gettext_lazy("asked for changes"),
    Action.COMMENT: gettext_lazy("wrote"),
    Action.REJECT: gettext_lazy("rejected this change"),
    Action.WITHDRAW: gettext_lazy("withdrew this change"),
    Action.SCHEDULE: gettext_lazy("put it on the calendar"),
    Action.UNSCHEDULE: gettext_lazy("took it off the calendar"),
    Action.ROLL_BACK: gettext_lazy("opened a roll-back of it"),
    Action.REBASE: gettext_lazy("carried it onto the new live version"),
    Action.QUEUE: gettext_lazy("changed what it waits for"),
    Action.SUGGEST: gettext_lazy("suggested an edit"),
    Action.APPLY: gettext_lazy("applied a suggestion"),
    Action.OUTDATE: gettext_lazy("found an approval outdated"),
}
