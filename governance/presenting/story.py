"""The story of a change, from its ledger."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from governance import queries
from governance.models import Change, LedgerEntry
from governance.presenting import asked
from governance.presenting.cards import name_at
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
    Action.SUGGEST: ("chat-left-text", ""),
    Action.APPLY: ("check2-all", "add"),
    Action.RETAKE: ("arrow-clockwise", "call"),
    Action.ESCALATE: ("clock-history", "call"),
    Action.HAND_OVER: ("person-check", ""),
    Action.APPOINT: ("person-check", ""),
    Action.BREAK_GLASS: ("exclamation-octagon", "del"),
    Action.STAND_BY: ("check-lg", "add"),
    Action.OBJECT: ("x-lg", "del"),
}


@dataclass(frozen=True, slots=True)
class _Known:
    """What entries name by number: reviewers, and changes in queues that the reader sees."""

    reviewers: dict[int, str]
    seen: set[int]
    names: asked.Names


def happenings(change: Change, proposal: Proposal, reader: User) -> list[Happening]:
    """The story of a change from its ledger, oldest first; saves in a row are one entry."""
    told: list[Happening] = []
    saves = 0
    entries = queries.conversation(change)
    seen = queries.seen_in_queues(reader, (entry.data for entry in entries))
    known = _Known(_reviewers(entries), seen, asked.names_in(change, entries))
    for entry in entries:
        saves = saves + 1 if entry.action == Action.EDIT and not entry.data else 0
        if saves > 1 and told and told[-1].actor == entry.actor:
            told.pop()
        icon, tone = LOOKS.get(Action(entry.action), ("", ""))
        told.append(
            Happening(
                actor=entry.actor,
                did=_did(entry, proposal, max(saves, 1), known),
                at=entry.at,
                said=asked.details(entry, known.names),
                icon=icon,
                tone=tone,
                outdated=_outdated(entry, proposal),
            )
        )
    return told


def _reviewers(entries: list[LedgerEntry]) -> dict[int, str]:
    """The names of those whose approvals the portal found outdated; no query for none."""
    ids = {one.data.get("reviewer") for one in entries if one.action == Action.OUTDATE}
    return dict(User.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}


def _did(entry: LedgerEntry, proposal: Proposal, saves: int, known: _Known) -> str:
    """What an entry says was done."""
    if said := _about_decisions(entry, known) or _about_emergency(entry):
        return said
    if "suggestion" in entry.data:
        return _about_suggestion(entry, proposal)
    if entry.action == Action.EDIT:
        return ngettext(
            "saved an edit (revision %(number)s)",
            "saved %(count)s edits (revision %(number)s)",
            saves,
        ) % {"count": saves, "number": entry.revision}
    if entry.action in PUBLISHED:
        told: Any = (FROZEN if entry.data.get("frozen") else PUBLISHED)[Action(entry.action)]
        return str(told % {"number": entry.data.get("version", "")})
    if entry.action == Action.APPROVE and entry.to_state == State.APPROVED:
        return _("approved; with that, every decision is there")
    if entry.action == Action.REBASE:
        words = _("carried it from version %(base)s onto version %(onto)s (revision %(number)s)")
        versions = {name: entry.data.get(name, "") for name in ("base", "onto")}
        return words % {**versions, "number": entry.revision}
    if entry.action == Action.QUEUE:
        return _queued(entry, known.seen)
    return str(DONE[Action(entry.action)])


def _about_decisions(entry: LedgerEntry, known: _Known) -> str:
    """What became of approvals, and who was asked; "" for what is about neither."""
    if entry.action == Action.OUTDATE:
        return _("found the approval by %(name)s outdated in part") % {
            "name": known.reviewers.get(entry.data.get("reviewer", 0), "")
        }
    return asked.done(entry, known.names)


def _about_emergency(entry: LedgerEntry) -> str:
    """That it was marked as an emergency, or no longer is one."""
    if "emergency" not in entry.data:
        return ""
    if entry.action == Action.OPEN:
        return _("opened this change as an emergency")
    if entry.data["emergency"]:
        return _("marked it as an emergency")
    return _("said that it is no emergency")


def _queued(entry: LedgerEntry, seen: set[int]) -> str:
    """For which change it waits from then on, by number where the reader sees that one."""
    after, ended = (entry.data.get(name) for name in queries.IN_QUEUES)
    if after:
        if after not in seen:
            return _("let it wait for another change")
        return _("let it wait for CR-%(number)s") % {"number": after}
    if ended in seen:
        return _("let it wait no longer for CR-%(number)s") % {"number": ended}
    return _("let it wait for no other change")


def _about_suggestion(entry: LedgerEntry, proposal: Proposal) -> str:
    """What became of a suggested edit, and of which element."""
    element, key = entry.data.get("element", ""), entry.data.get("key", "")
    sides = (proposal.proposed, proposal.base)
    names = [name_at(proposal.kind, side, element, key) for side in sides]
    # What is gone meanwhile is still called something in what was live.
    name = next((name for name in names if name != key), key)
    if entry.data.get("declined"):
        return _("declined a suggestion for “%(name)s”") % {"name": name}
    if entry.action == Action.APPLY:
        words = _("applied a suggestion for “%(name)s” (revision %(number)s)")
        return words % {"name": name, "number": entry.revision}
    if entry.data.get("withdrawn"):
        return _("took back a suggestion for “%(name)s”") % {"name": name}
    return _("suggested an edit of “%(name)s”") % {"name": name}


def _outdated(entry: LedgerEntry, proposal: Proposal) -> str:
    """Why an approval no longer counts in full: part of what it was given on has changed."""
    if entry.action != Action.APPROVE or set(entry.data.get("hunks", ())) <= proposal.digests:
        return ""
    return _("outdated: what was approved has changed since")


PUBLISHED = {
    Action.SCHEDULE: gettext_lazy("put it on the calendar"),
    Action.PUBLISH: gettext_lazy("published it as version %(number)s"),
}
# The same within a freeze.
FROZEN = {
    Action.SCHEDULE: gettext_lazy("put it on the calendar, to wait for the end of a freeze"),
    Action.PUBLISH: gettext_lazy("published it as version %(number)s within a freeze"),
}
DONE = {
    Action.OPEN: gettext_lazy("opened this change"),
    Action.SUBMIT: gettext_lazy("asked for review"),
    Action.APPROVE: gettext_lazy("approved"),
    Action.REQUEST_CHANGES: gettext_lazy("asked for changes"),
    Action.COMMENT: gettext_lazy("wrote"),
    Action.REJECT: gettext_lazy("rejected this change"),
    Action.WITHDRAW: gettext_lazy("withdrew this change"),
    Action.UNSCHEDULE: gettext_lazy("took it off the calendar"),
    Action.ROLL_BACK: gettext_lazy("opened a roll-back of it"),
    Action.RESOLVE: gettext_lazy("said how to settle conflicts with what is live"),
    Action.SUGGEST: gettext_lazy("suggested an edit"),
    Action.APPLY: gettext_lazy("applied a suggestion"),
    Action.HAND_OVER: gettext_lazy("handed it over, since its author left"),
}
