"""The ledger in words: what was done, to what, and where it stands in the log."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.urls import reverse
from django.utils.translation import gettext as _

from cjops.core import auditing
from governance.entries import SOURCE
from governance.models import LedgerEntry
from governance.queries.ledger import Line
from governance.subjects import subject_of
from governance.transitions import Action

PAGES = {"journey": "journey-detail", "asset": "asset-detail"}


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """An entry as the page shows it; `is_alarm` marks what happened without the approvals."""

    at: datetime
    who: Any
    did: str
    about: str
    url: str
    reason: str
    position: int | None
    is_decision: bool
    is_alarm: bool
    states: str = ""


def ledger_rows(lines: Iterable[Line]) -> list[LedgerRow]:
    """Entries in words."""
    return [_row(line) for line in lines]


def _row(line: Line) -> LedgerRow:
    entry = line.entry
    is_decision = line.source == SOURCE.name
    about, url = _decided_about(entry) if is_decision else _noted_about(line)
    return LedgerRow(
        at=entry.at,
        who=entry.actor,
        did=did_words(line),
        about=about,
        url=url,
        reason=entry.reason,
        position=line.position,
        is_decision=is_decision,
        is_alarm=entry.action in (Action.BREAK_GLASS, Action.OBJECT),
        states=_states(entry) if is_decision else "",
    )


def did_words(line: Line) -> str:
    """What was done."""
    if line.source == SOURCE.name:
        return str(line.entry.get_action_display())
    return str(auditing.actions().get(line.entry.action, line.entry.action))


def _states(entry: LedgerEntry) -> str:
    if not entry.to_state or entry.from_state == entry.to_state:
        return ""
    if not entry.from_state:
        return str(entry.get_to_state_display())
    return f"{entry.get_from_state_display()} → {entry.get_to_state_display()}"


def _decided_about(entry: LedgerEntry) -> tuple[str, str]:
    """What a decision is about, and where that is."""
    if entry.change is not None:
        name = f"CR-{entry.change_id} {entry.change.title}"
        return name, reverse("change-detail", args=[entry.change_id])
    if entry.policy is not None:
        address = reverse("policy-detail", args=[entry.policy.key])
        return entry.policy.label, address
    if entry.delegation_id is not None:
        return _("Delegation %(number)s") % {"number": entry.delegation_id}, ""
    subject = subject_of(entry)
    url = reverse(PAGES[entry.kind], args=[subject.key]) if entry.kind in PAGES else ""
    return subject.name, url


def _noted_about(line: Line) -> tuple[str, str]:
    entry = line.entry
    if line.person or not entry.about:
        return line.person, ""
    if entry.about == "governance.change":
        return f"CR-{entry.about_id}", reverse("change-detail", args=[entry.about_id])
    try:
        name = str(apps.get_model(entry.about)._meta.verbose_name)
    except LookupError:
        name = entry.about
    words = {"what": name, "number": entry.about_id}
    return _("%(what)s %(number)s") % words, ""
